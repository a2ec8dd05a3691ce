"""Lines: rules joined for people and firewalls where the product is exact. The same opening, fewer words."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace

from .addresses import Address, Ref
from .constants import STATES
from .needs import Flow
from .ports import PortSpec, merge
from .rule import Rule, Side

__all__ = ('Line', 'compact')


@dataclass(frozen=True, slots=True)
class Line:
    """Every service, from every source to every destination, where both are of one family.

    ``families`` has two entries only for twins that are joined for display.
    """

    direction: str
    zone: str
    families: tuple[int, ...]
    same_segment: bool
    services: tuple[PortSpec, ...]
    local: tuple[Address, ...]
    remote: Side
    rules: tuple[Rule, ...]

    @property
    def gateways(self) -> tuple[Ref, ...]:
        return tuple(sorted({rule.gateway for rule in self.rules}))

    @property
    def flows(self) -> tuple[Flow, ...]:
        return tuple(sorted({flow for rule in self.rules for flow in rule.flows}, key=lambda f: f.id))

    @property
    def state(self) -> str:
        """The state of the rule that is least far: a line is done when all of it is."""
        return min((rule.state for rule in self.rules), key=STATES.index)

    @property
    def via_proxy_to(self) -> tuple[str, ...]:
        return tuple(sorted({text for rule in self.rules for text in rule.via_proxy_to}))

    @property
    def source(self) -> Side:
        return self.remote if self.direction == 'inbound' else Side(addresses=self.local)

    @property
    def destination(self) -> Side:
        return Side(addresses=self.local) if self.direction == 'inbound' else self.remote


def compact(
    rules: Iterable[Rule], separate_by: Callable[[Rule], Hashable] = lambda rule: None, twins: bool = False
) -> list[Line]:
    """Join rules that differ in one dimension only: services, remotes, or the gateways' end.

    ``separate_by`` gives what must not be joined (rules of different states, for a page). ``twins`` joins the IPv4 and
    the IPv6 half of one need, which is exact because the families never meet. The order of the input does not
    matter.
    """
    groups = defaultdict(list)
    for rule in sorted(rules, key=lambda r: r.key):
        groups[separate_by(rule)].append(_line(rule))
    lines = []
    for group in groups.values():
        before = None
        while before != len(group):
            before = len(group)
            for same, join in (
                (_same_ends, _join_services),
                (_same_but_remote, _join_remotes),
                (_same_but_local, _join_locals),
            ):
                group = _joined(group, same, join)
        lines += _joined(group, _same_but_family, _join_twins) if twins else group
    return sorted(lines, key=_order)


def _line(rule):
    return Line(rule.direction, rule.zone, (rule.family,), rule.same_segment, rule.ports, rule.local.addresses,
                rule.remote, (rule,))  # fmt: skip


def _joined(lines, same, join):
    groups = defaultdict(list)
    for line in lines:
        groups[same(line)].append(line)
    return [group[0] if len(group) == 1 else join(group) for group in groups.values()]


def _place(line):
    return line.direction, line.zone, line.families, line.same_segment, line.remote.kind


def _ends(side):
    return side.any, side.addresses, side.dns_names


def _same_ends(line):
    return *_place(line), line.local, _ends(line.remote)


def _same_but_remote(line):
    return *_place(line), line.services, line.local


def _same_but_local(line):
    return *_place(line), line.services, _ends(line.remote)


def _same_but_family(line):
    # Addresses are twins when the same endpoints or peers gave them
    remote = line.remote.endpoints if line.remote.kind == 'addresses' else line.remote.dns_names
    return line.direction, line.zone, line.same_segment, line.remote.kind, line.services, line.gateways, remote


def _join_services(lines):
    return _with_rules(lines, services=merge(spec for line in lines for spec in line.services))


def _join_remotes(lines):
    return _with_rules(lines, remote=_union([line.remote for line in lines]))


def _join_locals(lines):
    return _with_rules(lines, local=_addresses(line.local for line in lines))


def _join_twins(lines):
    families = tuple(sorted({family for line in lines for family in line.families}))
    return _with_rules(
        lines,
        families=families,
        local=_addresses(line.local for line in lines),
        remote=_union([line.remote for line in lines]),
    )


def _with_rules(lines, **changes):
    rules = sorted({rule.key: rule for line in lines for rule in line.rules}.values(), key=lambda rule: rule.key)
    remote = changes.pop('remote', None) or _union([line.remote for line in lines])
    return replace(lines[0], rules=tuple(rules), remote=remote, **changes)


def _union(sides):
    return Side(
        any=any(side.any for side in sides),
        addresses=_addresses(side.addresses for side in sides),
        dns_names=tuple(sorted({dns_name for side in sides for dns_name in side.dns_names})),
        endpoints=tuple(sorted({ref for side in sides for ref in side.endpoints})),
    )


def _addresses(groups):
    found = {}
    for address in (address for group in groups for address in group):
        refs = {*found[address].refs, *address.refs} if address in found else address.refs
        found[address] = replace(address, refs=tuple(sorted(refs)))
    return tuple(sorted(found.values(), key=lambda address: address.sort_key))


def _order(line):
    remote = line.remote
    return (line.zone, line.direction, line.services, line.families, remote.kind,
            tuple(a.sort_key for a in remote.addresses), remote.dns_names, tuple(a.sort_key for a in line.local),
            line.rules[0].key)  # fmt: skip
