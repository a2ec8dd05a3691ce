"""Which flow of one release is which of another: rows of vendors' tables have no natural key.

The catalog loader pairs what is loaded with what is read, and reconcile pairs the flows of a gateway with the
templates of another profile, by this one function. Pure Python: no ORM.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

__all__ = ('Need', 'identity_of', 'pair', 'pair_releases')

# Below this two purposes have too little in common: pairing them would hand an approval to another need
CLOSE = 0.6


type Pair = tuple[Need | None, Need | None]


@dataclass(frozen=True, slots=True)
class Need:
    """What identifies a need. ``of`` is whatever the caller wants back; it takes no part in the pairing.

    ``key`` is what a catalog states where the rest does not say enough.
    """

    service: str
    direction: str
    role: str
    purpose: str
    feature: str = ''
    dns_names: frozenset[str] = frozenset()
    place_in_table: tuple[int, ...] = ()
    key: str = ''
    of: Any = field(default=None, compare=False)

    @property
    def place(self) -> tuple[str, str, str]:
        return self.service.casefold(), self.direction, self.role


def identity_of(template: Any, of: Any) -> Need:
    """The need of a flow template, with its service, role and feature loaded. Where it has no row, it has no place."""
    return Need(
        service=template.service.name,
        direction=template.direction,
        role=template.remote_role.slug,
        purpose=template.purpose,
        feature=template.feature.slug if template.feature else '',
        dns_names=frozenset(template.dns_names),
        place_in_table=(template.row or 0, template.item or 0),
        key=template.key,
        of=of,
    )


def pair(old: Iterable[Need], new: Iterable[Need]) -> list[Pair]:
    """Pair needs of the same key, then those of the same service, direction and role: the closest purposes first.

    Needs of different keys are never paired. Returns every need of both sides exactly once; the order of the input
    does not matter. What has no partner is paired with None.
    """
    pairs, old, new = _by_stated_key(old, new)
    old_at, new_at = _by_place(old), _by_place(new)
    for place in sorted(old_at.keys() | new_at.keys()):
        pairs += _pair_place(old_at[place], new_at[place])
    return pairs


def pair_releases(old: Iterable[Need], new: Iterable[Need]) -> list[Pair]:
    """Pair the needs of two releases: as ``pair`` does and, what is left, by two of service, direction and role.

    A need may have moved to another service, direction or remote. Every need of both sides is returned exactly once.
    """
    pairs: list[Pair] = []
    old, new = list(old), list(new)
    for left_out in ('', 'direction', 'role', 'service'):
        changes: dict[str, Any] = {left_out: ''} if left_out else {}
        paired = pair((replace(o, of=o, **changes) for o in old), (replace(n, of=n, **changes) for n in new))
        pairs += [(o.of, n.of) for o, n in paired if o and n]
        old = [o.of for o, n in paired if o and not n]
        new = [n.of for o, n in paired if n and not o]
    return [*pairs, *((need, None) for need in old), *((None, need) for need in new)]


def _by_stated_key(old: Iterable[Need], new: Iterable[Need]) -> tuple[list[Pair], list[Need], list[Need]]:
    old, new = list(old), list(new)
    keyed = {need.key: need for need in sorted(new, key=_order, reverse=True) if need.key}
    pairs: list[Pair] = []
    for need in sorted(old, key=_order):
        if partner := keyed.pop(need.key, None):
            pairs.append((need, partner))
    paired = {id(need) for both in pairs for need in both}
    return pairs, [need for need in old if id(need) not in paired], [need for need in new if id(need) not in paired]


def _by_place(needs: list[Need]) -> dict[tuple[str, str, str], list[Need]]:
    found = defaultdict(list)
    for need in needs:
        found[need.place].append(need)
    for group in found.values():
        group.sort(key=_order)
    return found


def _order(need: Need) -> tuple[Any, ...]:
    return need.place_in_table, need.purpose, need.feature, sorted(need.dns_names), need.key


def _pair_place(old: list[Need], new: list[Need]) -> list[Pair]:
    # Of equally close ones the first in the tables: sorting keeps their order
    scored = sorted(
        ((_closeness(o, n), i, j) for i, o in enumerate(old) for j, n in enumerate(new)), key=lambda scored: -scored[0]
    )
    pairs: list[Pair] = []
    old_left, new_left = dict(enumerate(old)), dict(enumerate(new))
    for closeness, i, j in scored:
        if closeness >= CLOSE and i in old_left and j in new_left and not (old[i].key and new[j].key):
            pairs.append((old_left.pop(i), new_left.pop(j)))
    return [*pairs, *((o, None) for o in old_left.values()), *((None, n) for n in new_left.values())]


def _closeness(old: Need, new: Need) -> float:
    """Above 1.05 the purposes are the same words, and feature, DNS names and place in the table decide."""
    old_words, new_words = old.purpose.casefold().split(), new.purpose.casefold().split()
    union = old.dns_names | new.dns_names
    dns_names = len(old.dns_names & new.dns_names) / len(union) if union else 0
    # The feature outweighs the rest, so that needs of equal words, feature and place always find each other
    tie = 0.6 * (old.feature == new.feature) + 0.25 * dns_names + 0.15 * (old.place_in_table == new.place_in_table)
    if old_words == new_words:
        # More than any other wording reaches
        return 1.05 + tie
    words = SequenceMatcher(None, old_words, new_words, autojunk=False).ratio()
    # The same published names say more than any wording
    return max(words, 0.95 * dns_names) + 0.04 * tie
