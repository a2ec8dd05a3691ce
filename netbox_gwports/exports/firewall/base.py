"""What firewall formats share: which rules they cannot express, which need not be written, and the file's header."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from textwrap import wrap

from netaddr import iprange_to_cidrs

from ...rules.addresses import Address, Vrf
from ...rules.constants import INTERNET
from ...rules.ports import number
from ...rules.rule import Rule
from ..base import Exporter, Reason, Work, Written
from ..options import HOST, Options
from ..text import comment
from .terms import Term, blind_order, rest, term_of

__all__ = ('ALL_PORTS', 'FirewallExporter', 'cidrs')

# A range of ports that is every port
ALL_PORTS = (1, 65535)
BASE_OPTIONS = ('zone', 'direction', 'standing', 'strict', 'logging', 'networks', 'nat', 'prefix', 'allow_empty')


class FirewallExporter(Exporter):
    """The contract of all firewall formats, which tests hold them to:

    * loading a file never permits more than before or after, not even for a moment;
    * it touches only what begins with its prefix;
    * loading it twice changes nothing, and loading a smaller one closes what is no longer in it;
    * the name of a term is the key of its rule;
    * the header says what happens to traffic that is not listed.

    ``protocols`` are the numbers that the target can express (None: all), ``families`` its address families.
    ``dns_name_kinds`` are the kinds of DNS names that it can express: exact, wildcard. ``mark`` begins a comment.
    """

    kind = 'firewall'
    options: tuple[str, ...] = BASE_OPTIONS
    extension = 'txt'
    protocols: frozenset[int] | None = None
    families: tuple[int, ...] = (4, 6)
    dns_name_kinds: tuple[str, ...] = ()
    perspectives: tuple[str, ...] = ('transit',)
    mark = '!'
    denied_scope = 'in the directions of this file'

    def out_of_scope(self, rule: Rule, options: Options) -> Reason | None:
        if options.perspective not in self.perspectives:
            return 'perspective', f'{self.label} is not written for the gateway itself'
        if rule.same_segment and options.perspective != HOST:
            return 'same_segment', 'both ends are in one segment: no firewall between them sees it'
        return None

    def refuse(self, rule: Rule, options: Options) -> Reason | None:
        if rule.family not in self.families:
            families = ' and '.join(f'IPv{family}' for family in self.families)
            return 'family', f'{self.label} holds {families} rules only'
        if self.protocols is not None and number(rule.protocol) not in self.protocols:
            return 'protocol', f'{self.label} cannot express {rule.protocol}'
        names = [name for name in rule.remote.dns_names if _dns_name_kind(name) not in self.dns_name_kinds]
        if names:
            return 'dns_names', f'{self.label} cannot express {", ".join(names)}: permit addresses, or use a proxy'
        if len({address.vrf for address in _addresses(rule)}) > 1:
            name = next(address.vrf.name for address in _addresses(rule) if address.vrf)
            return 'vrf', f'its ends are in different VRFs ({name}): no single table of a firewall holds both'
        if rule.remote.any and not self.distinguishes(rule.zone, options):
            return self._refuse_any(rule, options)
        return None

    def distinguishes(self, zone: str, options: Options) -> bool:
        """Whether a policy applies to packets from and to this zone only."""
        return False

    def _refuse_any(self, rule: Rule, options: Options) -> Reason | None:
        needed = options.site.other_zones(INTERNET) if rule.zone == INTERNET else (rule.zone,)
        unknown = [zone for zone in needed if zone not in options.networks]
        if unknown:
            return 'any_networks', (
                f'any address of the zone {rule.zone} is meant, {self.label} cannot distinguish zones, and the '
                f'networks of {", ".join(unknown)} are not known'
            )
        if rule.zone != INTERNET and not any(n.family == rule.family for n in options.networks[rule.zone]):
            return 'any_networks', f'the zone {rule.zone} has no IPv{rule.family} network'
        return None

    def covered(self, rules: Iterable[Rule], wanted: Iterable[Rule], options: Options) -> Mapping[str, str]:
        rules = list(rules)
        keys = {rule.key for rule in rules}
        # A broader rule that is itself covered may not be written; one that is not covered always is
        written = {rule.key: rule for rule in rules if not keys & {*rule.covered_by}}
        broader = {
            rule.key: [key for key in rule.covered_by if key in written and self._holds(written[key], rule, options)]
            for rule in wanted
        }
        return {key: min(covering) for key, covering in broader.items() if covering}

    def _holds(self, broad: Rule, rule: Rule, options: Options) -> bool:
        """Whether the rule is covered in this file, too: without zones, *any* is only some networks."""
        if not broad.remote.any or self.distinguishes(broad.zone, options):
            return True
        addresses = [replace(address, vrf=None) for address in rule.remote.addresses]
        if broad.zone == INTERNET:
            others = [network for zone in options.site.other_zones(INTERNET) for network in options.networks[zone]]
            return not any(network.meets(address) for network in others for address in addresses)
        return all(any(n.contains(address) for n in options.networks[broad.zone]) for address in addresses)

    def terms(self, work: Work) -> list[Term]:
        """The terms in their order, with the addresses that the target's policy matches."""
        outside = self._outside(work)
        found = sorted((term_of(rule, work, outside) for rule in work.rules), key=lambda term: term.order)
        blind = [term for term in found if not self.distinguishes(term.zone, work.options)]
        # Policies of one zone permit nothing else, so no deny has to come before them
        by_zone = [term for term in found if self.distinguishes(term.zone, work.options)]
        return by_zone + blind_order(blind, work.options)

    def rest(self, work: Work) -> list[Term]:
        """The denies of everything else of these gateways, if they were asked for."""
        wanted = work.options.deny_gateways and 'deny_gateways' in self.options
        return rest(work, self._outside(work)) if wanted else []

    def _outside(self, work: Work) -> bool:
        return work.options.nat and self.translates == 'outside'

    def steps(self, work: Work) -> tuple[str, ...]:
        """How a file is applied, and how everything that it created is removed."""
        return (self.apply_hint,)

    def unlisted(self, work: Work) -> str:
        """What happens to traffic that the file does not list."""
        if 'final_deny' in self.options and work.options.final_deny:
            return 'Everything that is not listed is denied, including the traffic of other systems'
        if 'deny_gateways' in self.options and work.options.deny_gateways:
            denied = f'Other traffic of the gateways that have rules in this file is denied, {self.denied_scope}'
            return f'{denied}. The rest of the configuration of the firewall decides about all other traffic'
        return 'The rest of the configuration of the firewall decides about traffic that is not listed'

    def top(self, work: Work) -> str:
        """The header of the file as comments: how it is applied, what it holds, what it lacks."""
        return ''.join(f'{self.mark} {line}\n' for line in self.head(work))

    def head(self, work: Work) -> list[str]:
        """The lines of the header, wrapped and not cut: what is left out is listed at its end.

        Commands are left as they are.
        """
        first, *others = work.header
        steps = list(self.steps(work))
        texts = [first, self.unlisted(work), *others]
        lines = [part for text in texts for part in wrap(comment(text, len(text) * 8), 118, break_on_hyphens=False)]
        return [*steps, *lines]

    def written(self, text: str, terms: Iterable[Term]) -> Written:
        """The file. Only terms whose names are in it count as written."""
        return Written(text, frozenset(term.key for term in terms if term.key and term.key in text))

    def conflicts(self, rules: Iterable[Rule]) -> Mapping[str, Reason]:
        # A file has no VRFs: a permit for an address in one would apply to the same address in the other
        rules = list(rules)
        tables: defaultdict[Vrf | None, set[Address]] = defaultdict(set)
        for rule in rules:
            for address in _addresses(rule):
                tables[address.vrf].add(replace(address, vrf=None))
        conflicts = {}
        for rule in rules if len(tables) > 1 else ():
            for address in _addresses(rule):
                bare = replace(address, vrf=None)
                if any(other.meets(bare) for vrf, known in tables.items() if vrf != address.vrf for other in known):
                    conflicts[rule.key] = 'vrf', f'{bare} exists in several VRFs, which a file cannot distinguish'
        return conflicts

    def warnings(self, rules: Iterable[Rule], options: Options) -> tuple[str, ...]:
        vrfs = sorted({address.vrf.name for rule in rules for address in _addresses(rule) if address.vrf})
        return (f'addresses are in VRF {", ".join(vrfs)}: load it where that table is',) if vrfs else ()


def cidrs(address: Address) -> list[str]:
    """The networks of an address, in CIDR notation also for a host."""
    return [str(network) for network in iprange_to_cidrs(*address.ends)]


def _addresses(rule: Rule) -> tuple[Address, ...]:
    return (*rule.local.addresses, *rule.remote.addresses)


def _dns_name_kind(name: str) -> str:
    return 'wildcard' if name.startswith('*.') else 'exact'
