"""Lines: rules joined for people and firewalls where the product is exact. They permit the same in fewer words."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from .addresses import Address, Ref
from .constants import STANDINGS, TO_CLOSE
from .needs import Flow
from .ports import PortSpec, merge
from .rule import Rule, Side

__all__ = ('Line', 'compact')

ORDER = (*STANDINGS, TO_CLOSE)


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
    def standing(self) -> str:
        """The least advanced standing of its rules; to close where all of them are."""
        return min((rule.standing for rule in self.rules), key=ORDER.index)

    @property
    def tickets(self) -> tuple[str, ...]:
        return tuple(sorted({ticket for rule in self.rules for ticket in rule.tickets}))

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

    ``separate_by`` gives what must not be joined (rules of different standings, for a page). ``twins`` joins the IPv4
    and the IPv6 half of one need, which is exact because the families never meet. The order of the input does not
    matter.
    """
    groups = defaultdict(list)
    for rule in rules:
        groups[separate_by(rule)].append(_line(rule))
    lines = []
    for group in groups.values():
        before = None
        while before != len(group):
            before = len(group)
            for same in (_same_ends, _same_but_remote, _same_but_local):
                group = [_join(together) for together in _grouped(group, same)]
        lines += _with_twins(group) if twins else group
    return sorted(lines, key=_order)


def _line(rule: Rule) -> Line:
    return Line(
        direction=rule.direction,
        zone=rule.zone,
        families=(rule.family,),
        same_segment=rule.same_segment,
        services=rule.ports,
        local=rule.local.addresses,
        remote=rule.remote,
        rules=(rule,),
    )


def _grouped(lines: list[Line], same: Callable[[Line], Hashable]) -> list[list[Line]]:
    groups = defaultdict(list)
    for line in lines:
        groups[same(line)].append(line)
    return list(groups.values())


def _place(line: Line) -> tuple[Any, ...]:
    return line.direction, line.zone, line.families, line.same_segment, line.remote.kind


def _ends(side: Side) -> Hashable:
    return side.any, side.addresses, side.dns_names


def _same_ends(line: Line) -> Hashable:
    return *_place(line), line.local, _ends(line.remote)


def _same_but_remote(line: Line) -> Hashable:
    return *_place(line), line.services, line.local


def _same_but_local(line: Line) -> Hashable:
    return *_place(line), line.services, _ends(line.remote)


def _same_but_family(line: Line) -> Hashable:
    # Addresses are twins when the same endpoints or peers gave them
    remote = line.remote.endpoints if line.remote.kind == 'addresses' else line.remote.dns_names
    return line.direction, line.zone, line.same_segment, line.remote.kind, line.services, line.gateways, remote


def _join(lines: list[Line]) -> Line:
    """Lines that differ in one dimension as one: in the others the union changes nothing."""
    if len(lines) == 1:
        return lines[0]
    rules = {rule.key: rule for line in lines for rule in line.rules}
    return replace(
        lines[0],
        families=tuple(sorted({family for line in lines for family in line.families})),
        services=merge(spec for line in lines for spec in line.services),
        local=Side.union(Side(addresses=line.local) for line in lines).addresses,
        remote=Side.union(line.remote for line in lines),
        rules=tuple(rules[key] for key in sorted(rules)),
    )


def _with_twins(lines: list[Line]) -> list[Line]:
    """One line of each family is joined; two of one family would permit what neither of them does."""
    joined = []
    for group in _grouped(lines, _same_but_family):
        exact = len({line.families for line in group}) == len(group)
        joined += [_join(group)] if exact else group
    return joined


def _order(line: Line) -> tuple[Any, ...]:
    remote = line.remote
    return (
        line.zone,
        line.direction,
        line.services,
        line.families,
        remote.kind,
        tuple(a.sort_key for a in remote.addresses),
        remote.dns_names,
        tuple(a.sort_key for a in line.local),
        line.rules[0].key,
    )
