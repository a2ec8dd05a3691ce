"""Which rules a single broader rule of the same gateway contains: marked, not hidden.

No two rules are compared. What contains a port range, an address or a DNS name is found once, however many rules have
it, and a set of rules is an integer with a bit for each rule, so that sets are intersected at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from . import ports
from .addresses import Address
from .dns_names import patterns
from .intervals import containing
from .ports import PortSpec
from .rule import Rule, Side

__all__ = ('contains', 'mark_covered')

# What the ports or one end of a rule consist of; None is any address of the zone
type Piece = PortSpec | Address | str | None


def mark_covered(rules: list[Rule]) -> list[Rule]:
    """The same rules in the same order, each with the keys of the broader rules that contain it."""
    groups = defaultdict(list)
    for rule in rules:
        groups[rule.gateway, rule.direction, rule.zone, rule.protocol, rule.family].append(rule)
    covered = {rule.key: keys for group in groups.values() for rule, keys in _covered(group)}
    return [replace(rule, covered_by=covered[rule.key]) if rule.key in covered else rule for rule in rules]


def contains(broad: Rule, narrow: Rule) -> bool:
    """Whether ``broad`` permits everything that ``narrow`` does; both have one direction, zone, protocol and family."""
    return (
        ports.contains(broad.ports, narrow.ports)
        and broad.local.contains(narrow.local)
        and broad.remote.contains(narrow.remote)
    )


def _covered(group: list[Rule]) -> Iterator[tuple[Rule, tuple[str, ...]]]:
    """The rules that others contain, with the keys of those; all have one direction, zone, protocol and family."""
    holding = _holding(group)
    for number, rule in enumerate(group):
        # Two rules that contain each other (a prefix beside one of its addresses) open the same: one of them has to
        # stay
        keys = [
            group[other].key
            for other in _numbers(holding[number])
            if not holding[other] >> number & 1 or group[other].key < rule.key
        ]
        if keys:
            yield rule, tuple(sorted(keys))


def _holding(group: list[Rule]) -> list[int]:
    """For each rule the set of those that contain it, itself included."""
    found = [-1] * len(group)
    dimensions: list[list[tuple[Piece, ...]]] = [
        [rule.ports for rule in group],
        [_pieces(rule.local) for rule in group],
        [_pieces(rule.remote) for rule in group],
    ]
    for pieces in dimensions:
        holding = _holding_pieces(pieces)
        for number, own in enumerate(pieces):
            for piece in own:
                found[number] &= holding[piece]
    return found


def _pieces(side: Side) -> tuple[Piece, ...]:
    return (None,) if side.any else (*side.addresses, *side.dns_names)


def _holding_pieces(pieces: list[tuple[Piece, ...]]) -> Mapping[Piece, int]:
    """For each piece the set of the rules of which one piece contains it; ``pieces`` are those of each rule."""
    having: dict[Piece, int] = defaultdict(int)
    for number, own in enumerate(pieces):
        for piece in own:
            having[piece] |= 1 << number
    holding = {}
    for piece, outer in _outer(having):
        holding[piece] = having[None] if None in having else 0
        for each in outer:
            holding[piece] |= having.get(each, 0)
    return holding


def _outer(pieces: Iterable[Piece]) -> Iterator[tuple[Piece, Iterable[Piece]]]:
    """Each piece with what would contain it, itself included, *any* aside."""
    yield None, ()
    names = [piece for piece in pieces if isinstance(piece, str)]
    yield from ((name, patterns(name)) for name in names)
    yield from containing(piece for piece in pieces if isinstance(piece, PortSpec))
    yield from containing(piece for piece in pieces if isinstance(piece, Address))


def _numbers(rules: int) -> Iterator[int]:
    """The numbers of the rules of a set."""
    while rules:
        lowest = rules & -rules
        yield lowest.bit_length() - 1
        rules ^= lowest
