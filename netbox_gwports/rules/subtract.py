"""Set arithmetic on rules: the part of some rules that others permit, and the part that they do not.

Addresses, ranges and ports are exact: a prefix that is permitted in part is split. *Any* and a wildcard cannot be
split: they are permitted as a whole or not at all.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace

from . import dns_names, ports
from .addresses import Address
from .cover import contains
from .ports import PortSpec
from .rule import Rule, Side

__all__ = ('RuleSet', 'permitted', 'remove', 'removed', 'split', 'uncovered')

type Pieces = dict[tuple[Side, Side], tuple[PortSpec, ...]]


class RuleSet:
    """Rules that others are compared with, more than once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: dict[Hashable, list[Rule]] = defaultdict(list)
        for rule in rules:
            self._rules[_place(rule)].append(rule)

    def near(self, rule: Rule) -> Sequence[Rule]:
        """Those of the same gateway, direction, zone, protocol and family."""
        return self._rules.get(_place(rule), ())


type Rules = RuleSet | Iterable[Rule]


def split(rules: Iterable[Rule], by: Rules) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """The parts of ``rules`` that ``by`` permits, and the parts that it does not, each in the same order.

    Several rules together may permit one. The parts are rules with the same flows.
    """
    return _split(rules, by, Side.contains)


def permitted(rules: Iterable[Rule], by: Rules) -> tuple[Rule, ...]:
    """The parts of ``rules`` that ``by`` permits."""
    return split(rules, by)[0]


def uncovered(rules: Iterable[Rule], by: Rules) -> tuple[Rule, ...]:
    """The parts of ``rules`` that ``by`` does not permit."""
    return split(rules, by)[1]


def remove(rules: Iterable[Rule], by: Rules) -> tuple[Rule, ...]:
    """What is left of ``rules`` without anything that ``by`` permits.

    Differs from ``uncovered`` for what cannot be split: *any* without one address is not *any*, so nothing is left.
    """
    return _split(rules, by, _meets)[1]


def removed(rules: Iterable[Rule], by: Rules) -> tuple[Rule, ...]:
    """The parts of ``rules`` that ``remove`` takes away."""
    return _split(rules, by, _meets)[0]


def _meets(side: Side, piece: Side) -> bool:
    """Whether they have anything in common. Addresses of the piece were cut at the ends of those of the side."""
    return (
        piece.any
        or side.contains(piece)
        or any(dns_names.covers(name, mine) for name in piece.dns_names for mine in side.dns_names)
    )


def _split(
    rules: Iterable[Rule], by: Rules, within: Callable[[Side, Side], bool]
) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    others = by if isinstance(by, RuleSet) else RuleSet(by)
    inside: list[Rule] = []
    outside: list[Rule] = []
    for rule in rules:
        candidates = others.near(rule)
        if any(contains(candidate, rule) for candidate in candidates):
            inside.append(_part(rule, rule.ports, rule.local, rule.remote))
            continue
        taken, left = _pieces(rule, candidates, within)
        inside += _products(rule, taken)
        outside += _products(rule, left)
    return tuple(inside), tuple(outside)


def _place(rule: Rule) -> Hashable:
    return rule.gateway, rule.direction, rule.zone, rule.protocol, rule.family


def _pieces(rule: Rule, by: Iterable[Rule], within: Callable[[Side, Side], bool]) -> tuple[Pieces, Pieces]:
    """(local piece, remote piece) -> the ports that are permitted, and those that are not."""
    by = [other for other in by if ports.subtract(rule.ports, other.ports) != rule.ports]
    taken: Pieces = {}
    left: Pieces = {}
    for local in _cut(rule.local, [other.local for other in by]):
        facing = [other for other in by if other.local.contains(local)]
        for remote in _cut(rule.remote, [other.remote for other in facing]):
            found = [spec for other in facing if within(other.remote, remote) for spec in other.ports]
            rest = ports.subtract(rule.ports, found)
            if rest:
                left[local, remote] = rest
            if rest != rule.ports:
                taken[local, remote] = ports.subtract(rule.ports, rest)
    return taken, left


def _cut(side: Side, at: list[Side]) -> Iterator[Side]:
    """The pieces of a side, its addresses cut where an address of the others begins or ends."""
    others = [address for other in at for address in other.addresses]
    for part in side.parts:
        if not part.addresses:
            yield part
            continue
        [address] = part.addresses
        cuts = {address.first}
        for other in others:
            if other.meets(address):
                cuts |= {first for first in (other.first, other.last + 1) if address.first < first <= address.last}
        starts = sorted(cuts)
        for first, following in zip(starts, [*starts[1:], address.last + 1], strict=True):
            yield replace(part, addresses=(replace(address, first=first, last=following - 1),))


def _products(rule: Rule, pieces: Pieces) -> Iterator[Rule]:
    """Pieces as rules: products of both ends, grouped by the ports that they have in common."""
    remotes_of = defaultdict(list)
    for (local, remote), specs in pieces.items():
        remotes_of[local, specs].append(remote)
    locals_of = defaultdict(list)
    for (local, specs), remotes in remotes_of.items():
        locals_of[tuple(remotes), specs].append(local)
    for (remotes_, specs), locals_ in locals_of.items():
        yield _part(rule, specs, _joined(locals_, rule.local), _joined(remotes_, rule.remote))


def _part(rule: Rule, specs: tuple[PortSpec, ...], local: Side, remote: Side) -> Rule:
    return replace(rule, ports=specs, local=local, remote=remote, covered_by=())


def _joined(pieces: Iterable[Side], of: Side) -> Side:
    """The union of pieces of a side, in which what was cut from one address and has no gap is one address again."""
    union = Side.union(pieces)
    joined: set[Address] = set()
    for whole in of.addresses:
        runs: list[Address] = []
        for piece in union.addresses:
            if not whole.contains(piece):
                continue
            if runs and piece.first <= runs[-1].last + 1:
                runs[-1] = replace(whole, first=runs[-1].first, last=max(piece.last, runs[-1].last))
            else:
                runs.append(replace(whole, first=piece.first, last=piece.last))
        joined.update(runs)
    return replace(union, addresses=tuple(sorted(joined, key=lambda address: address.sort_key)))
