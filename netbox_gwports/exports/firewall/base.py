"""What the formats of firewalls share: which rules they cannot say, which need not be written, and the file's top."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

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

    ``names`` are the kinds of host names that it can say. ``zoned``: its policies are between zones, so *any* is any of
    the zone. ``replaces`` says what a file replaces on the box, for its top. ``mark`` begins a comment.
    """

    kind = 'firewall'
    options = ('zone', 'direction', 'state', 'strict', 'logging', 'final_deny', 'networks', 'nat')
    requires = ('aerleon', 'firewall')
    extension = 'txt'
    protocols = protocols()
    families = (4, 6)
    names: tuple[str, ...] = ()  # of exact, wildcard: host names that the target can say
    zoned = False
    perspectives = ('transit',)
    mark = '!'
    replaces = ''

    def selects(self, rule: Rule, options: Options):
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
        if hosts := [host for host in rule.remote.hosts if self._kind(host) not in self.names]:
            return 'host_names', f'{self.label} cannot say {", ".join(hosts)}: permit addresses, or use a proxy'
        if vrf := next((a.vrf for a in (*rule.local.addresses, *rule.remote.addresses) if a.vrf), None):
            if not self._one_vrf(rule):
                return 'vrf', f'its ends are in different VRFs ({vrf.name}): no one table of a firewall holds both'
        if rule.remote.any and not self.tells_zones(rule.zone, options):
            return self._any(rule, options)
        return None

    @staticmethod
    def _kind(host):
        return 'wildcard' if host.startswith('*.') else 'exact'

    @staticmethod
    def _one_vrf(rule):
        return len({a.vrf for a in (*rule.local.addresses, *rule.remote.addresses)}) == 1

    def tells_zones(self, zone: str, options: Options) -> bool:
        """Whether a policy holds for packets from and to this zone only."""
        return self.zoned

    def _any(self, rule, options):
        needed = other_zones(rule.zone) if rule.zone == INTERNET else (rule.zone,)
        unknown = [zone for zone in needed if zone not in options.networks]
        if unknown:
            return 'any_networks', (
                f'any address of the zone {rule.zone} is meant, {self.label} cannot tell zones apart, and the networks '
                f'of {", ".join(unknown)} were not said'
            )  # fmt: skip
        if rule.zone != INTERNET and not any(n.family == rule.family for n in options.networks[rule.zone]):
            return 'any_networks', f'the zone {rule.zone} has no IPv{rule.family} network'
        return None

    def covered(self, rules: Iterable[Rule], wanted: Iterable[Rule]):
        keys = {rule.key for rule in rules}
        # What covers is covered by nothing: each is permitted by one that is written
        written = {rule.key for rule in rules if not keys & {*rule.covered_by}}
        return {rule.key: min(broader) for rule in wanted if (broader := written & {*rule.covered_by})}

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
        lines = [line for line in (self.replaces, *work.header) if line]
        return ''.join(f'{self.mark} {comment(line, 300)}\n' for line in lines)

    def written(self, work: Work, text: str, found: Iterable[Term]) -> Written:
        """The file; that every term is in it is checked here, since aerleon does not always say what it drops."""
        found = list(found)
        lost = [term.name for term in found if term.name not in text]
        keys = frozenset(key for term in found if term.name not in lost for key in term.keys)
        return Written(text, keys, self.warnings(work))

    def warnings(self, work: Work) -> tuple[str, ...]:
        vrfs = sorted({a.vrf.name for r in work.rules for a in (*r.local.addresses, *r.remote.addresses) if a.vrf})
        return (f'Addresses are in VRF {", ".join(vrfs)}: load it where that table is.',) if vrfs else ()
