"""What the formats of firewalls share: which rules they cannot say, which need not be written, and the file's top."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from textwrap import wrap

from ...rules.compact import compact
from ...rules.ports import number
from ...rules.rule import Rule
from ..base import Exporter, Work, Written
from ..options import HOST, Options
from ..text import comment
from .policy import Policy, protocols
from .terms import INTERNET, Term, blind_order, other_zones, published, terms

__all__ = ('FirewallExporter',)


class FirewallExporter(Exporter):
    """``protocols`` are the numbers that the target can say, ``families`` its address families.

    ``names`` are the kinds of host names that it can say. ``replaces`` says what a file replaces on the box, for its
    top. ``mark`` begins a comment.
    """

    kind = 'firewall'
    options = ('zone', 'direction', 'state', 'strict', 'logging', 'final_deny', 'networks', 'nat')
    requires = ('aerleon', 'firewall')
    extension = 'txt'
    protocols = protocols()
    families = (4, 6)
    names: tuple[str, ...] = ()  # of exact, wildcard: host names that the target can say
    perspectives = ('transit',)
    mark = '!'
    replaces = ''

    def out_of_scope(self, rule: Rule, options: Options):
        if options.perspective not in self.perspectives:
            return 'perspective', f'{self.label} is not written for the gateway itself'
        if rule.same_segment and options.perspective != HOST:
            return 'same_segment', 'both ends are in one segment: no firewall between them sees it'
        return None

    def refuse(self, rule: Rule, options: Options):
        if rule.family not in self.families:
            return 'family', f'{self.label} writes no IPv{rule.family} here'
        if number(rule.protocol) not in self.protocols:
            return 'protocol', f'{self.label} cannot say {rule.protocol}'
        if dns_names := [dns_name for dns_name in rule.remote.dns_names if self._kind(dns_name) not in self.names]:
            return 'dns_names', f'{self.label} cannot say {", ".join(dns_names)}: permit addresses, or use a proxy'
        if vrf := next((a.vrf for a in (*rule.local.addresses, *rule.remote.addresses) if a.vrf), None):
            if not self._one_vrf(rule):
                return 'vrf', f'its ends are in different VRFs ({vrf.name}): no one table of a firewall holds both'
        if rule.remote.any and not self.tells_zones(rule.zone, options):
            return self._any(rule, options)
        return None

    @staticmethod
    def _kind(dns_name):
        return 'wildcard' if dns_name.startswith('*.') else 'exact'

    @staticmethod
    def _one_vrf(rule):
        return len({a.vrf for a in (*rule.local.addresses, *rule.remote.addresses)}) == 1

    def tells_zones(self, zone: str, options: Options) -> bool:
        """Whether a policy holds for packets from and to this zone only."""
        return False

    def _any(self, rule, options):
        needed = other_zones(rule.zone) if rule.zone == INTERNET else (rule.zone,)
        unknown = [zone for zone in needed if zone not in options.networks]
        if unknown:
            return 'any_networks', (
                f'any address of the zone {rule.zone} is meant, {self.label} cannot tell zones apart, and the networks '
                f'of {", ".join(unknown)} were not said'
            )
        if rule.zone != INTERNET and not any(n.family == rule.family for n in options.networks[rule.zone]):
            return 'any_networks', f'the zone {rule.zone} has no IPv{rule.family} network'
        return None

    def covered(self, rules: Iterable[Rule], wanted: Iterable[Rule], options: Options):
        keys = {rule.key for rule in rules}
        # What covers is covered by nothing: each is permitted by one that is written
        written = {rule.key: rule for rule in rules if not keys & {*rule.covered_by}}
        broader = {
            rule.key: [key for key in rule.covered_by if key in written and self._holds(written[key], rule, options)]
            for rule in wanted
        }
        return {key: min(found) for key, found in broader.items() if found}

    def _holds(self, broad, rule, options):
        """Whether what covers this rule does so here: where zones are not told apart, any is only some networks."""
        if not broad.remote.any or self.tells_zones(broad.zone, options):
            return True
        addresses = [replace(address, vrf=None) for address in rule.remote.addresses]
        if broad.zone == INTERNET:
            others = [network for zone in other_zones(INTERNET) for network in options.networks[zone]]
            return not any(network.meets(address) for network in others for address in addresses)
        return all(any(n.contains(address) for n in options.networks[broad.zone]) for address in addresses)

    def terms(self, work: Work) -> list[Term]:
        """The terms in their order, with the addresses that the target's policy matches."""
        rules, origin = work.rules, defaultdict(set)
        if work.options.nat and self.translates == 'outside':
            rules = [published(work, rule) for rule in rules]
        for rule, before in zip(rules, work.rules, strict=True):
            # Another address makes another key
            origin[rule.key].add(before.key)
        apart = defaultdict(list)
        for term in terms(compact(rules)):
            keys = frozenset(key for found in term.keys for key in origin[found])
            apart[self.tells_zones(term.zone, work.options)].append(replace(term, keys=keys))
        # Where zones are told apart nothing else is meant: no deny may come before
        return apart[True] + blind_order(apart[False], work.options)

    def policy(self, work: Work) -> Policy:
        return Policy(logging=work.options.logging)

    def top(self, work: Work) -> str:
        """The head of the file as comments: what it replaces, what it holds, what it lacks."""
        return ''.join(f'{self.mark} {line}\n' for line in self.head(work))

    def head(self, work: Work) -> list[str]:
        """Its lines, wrapped and not cut: what is left out stands at the end of them."""
        said = (comment(line, len(line)) for line in (self.replaces, *work.header))
        return [part for line in said for part in wrap(line, 120, break_on_hyphens=False)]

    def written(self, work: Work, text: str, found: Iterable[Term]) -> Written:
        """The file; that every term is in it is checked here, since aerleon does not always say what it drops."""
        found = list(found)
        lost = [term.name for term in found if term.name not in text]
        keys = frozenset(key for term in found if term.name not in lost for key in term.keys)
        return Written(text, keys)

    def conflicts(self, rules: Iterable[Rule]):
        # A file has no VRFs: a permit for an address of one would be one for the same address of the other
        tables = defaultdict(set)
        for rule in rules:
            for address in (*rule.local.addresses, *rule.remote.addresses):
                tables[address.vrf].add(replace(address, vrf=None))
        found = {}
        for rule in rules if len(tables) > 1 else ():
            for address in (*rule.local.addresses, *rule.remote.addresses):
                bare = replace(address, vrf=None)
                if any(other.meets(bare) for vrf, known in tables.items() if vrf != address.vrf for other in known):
                    found[rule.key] = 'vrf', f'{bare} is there in several VRFs, which a file cannot tell apart'
        return found

    def warnings(self, rules: Iterable[Rule], options: Options) -> tuple[str, ...]:
        vrfs = sorted({a.vrf.name for r in rules for a in (*r.local.addresses, *r.remote.addresses) if a.vrf})
        return (f'addresses are in VRF {", ".join(vrfs)}: load it where that table is',) if vrfs else ()
