"""What was read from a row -> the entry of the catalog."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..writing import InlineList
from .conditions import Condition, words_of
from .ends import Ends
from .errors import Teller, short
from .openings import Opening
from .purposes import Item
from .registry import Registry
from .remotes import derive

__all__ = ('Reading', 'Rows')

# "Back up to the…" ends better without its last word
SMALL = {'a', 'an', 'and', 'at', 'by', 'for', 'from', 'in', 'of', 'on', 'or', 'the', 'to', 'using', 'with'}
# Words of a placeholder; more only where two would be the same
WORDS, MORE_WORDS = 6, 12
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """A row of the table, read: ``hosts`` and ``condition`` are those of the whole row."""

    number: int
    opening: Opening
    ends: Ends
    items: list[Item]
    dns_names: list[str]
    condition: Condition | None
    tell: Teller


class Rows:
    """Writes them one after the other: no two may say the same need."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.needs: set[tuple[Any, ...]] = set()
        # Roles that were told for a row and a reason: items that share both are one doubt
        self.told: set[tuple[Any, ...]] = set()

    def write(self, reading: Reading) -> dict[str, Any]:
        """The entry, with each key where it is said once."""
        service, directions = self.registry.service(reading.opening), reading.ends.directions
        row: dict[str, Any] = {'row': reading.number, 'service': service}
        if len(directions) == 1:
            row['direction'] = directions[0]
        # Of every item: direction -> role
        roles = [self._roles(reading, item) for item in reading.items]
        common = {role for by_way in roles for role in by_way.values()}
        if len(common) == 1:
            row['role'] = common.pop()
        feature = self._feature(reading, reading.condition, reading.items[0])
        if feature:
            row['feature'] = feature
        if reading.dns_names:
            row['dns_names'] = InlineList(reading.dns_names)
        row['items'] = [
            self._item(reading, number, item, by_way, row)
            for number, (item, by_way) in enumerate(zip(reading.items, roles, strict=True), 1)
        ]
        return row

    def _roles(self, reading: Reading, item: Item) -> dict[str, str]:
        found = {}
        for way in reading.ends.directions:
            named = bool(item.dns_names or reading.dns_names)
            remote = derive(reading.ends.remotes[way], named, item.text, reading.opening.application, way)
            found[way] = self.registry.role(remote)
            if (reading.number, found[way], remote.why) not in self.told:
                reading.tell('role', remote.why, found[way], 'check who is at the other end', item.line)
                self.told.add((reading.number, found[way], remote.why))
        return found

    def _feature(self, reading: Reading, condition: Condition | None, item: Item) -> str:
        if condition is None:
            return ''
        feature = self.registry.feature(condition, words_of(item.text))
        reading.tell(
            'feature',
            f'{short(condition.text)} is a condition',
            f'the feature {feature}',
            'name it, or leave it out where it is always needed',
            item.line,
        )
        return feature

    def _item(
        self, reading: Reading, number: int, item: Item, by_way: dict[str, str], row: dict[str, Any]
    ) -> dict[str, Any]:
        ways = reading.ends.directions
        feature = self._feature(reading, item.condition, item) or row.get('feature', '')
        place = f'row {reading.number}' if len(reading.items) == 1 else f'row {reading.number}, item {number}'
        needs = [(row['service'], way, by_way[way], feature) for way in ways]
        purpose = self._purpose(reading, item, needs, place)
        entry: dict[str, Any] = {'purpose': purpose}
        if 'role' not in row and len(set(by_way.values())) == 1:
            entry['role'] = by_way[ways[0]]
        if feature != row.get('feature', ''):
            entry['feature'] = feature
        if item.dns_names:
            entry['dns_names'] = InlineList(dict.fromkeys((*reading.dns_names, *item.dns_names)))
        flows = []
        for way in ways:
            flow = {'direction': way} if len(ways) > 1 else {}
            if len(set(by_way.values())) > 1:
                flow['role'] = by_way[way]
            flows.append(flow)
        if item.optional:
            flows += self._optional(reading, item, by_way, row, place)
        if len(flows) > 1:
            entry['flows'] = flows
        return entry

    def _optional(
        self, reading: Reading, item: Item, by_way: dict[str, str], row: dict[str, Any], place: str
    ) -> Iterator[dict[str, Any]]:
        """Hosts that may be allowed are flows of their own, off unless somebody takes them."""
        option = Item(f'{item.text} (optional)', item.line)
        words = (*words_of(item.text, 3), 'option')
        feature = self._feature(reading, Condition('optional', words), option)
        needs = [(row['service'], way, by_way[way], feature) for way in by_way]
        purpose = self._purpose(reading, option, needs, place)
        for way in by_way:
            said = {'direction': way} if len(by_way) > 1 else {}
            if len(set(by_way.values())) > 1:
                said['role'] = by_way[way]
            yield {
                **said,
                'feature': feature,
                'dns_names': InlineList(dict.fromkeys(item.optional)),
                'purpose': purpose,
            }

    def _purpose(self, reading: Reading, item: Item, needs: Sequence[tuple[str, ...]], place: str) -> str:
        """The first words, more of them or the place where others say the same already."""
        words = item.text.split()
        for count in range(WORDS, MORE_WORDS + 1):
            text = ' '.join(words[:count])
            cut = len(words) > count or len(text) > LONGEST
            purpose = (_ended(text[:LONGEST]) if cut else text.rstrip(' .,;:-')) or 'Say what for'
            if self._fresh(needs, purpose):
                return purpose
        reading.tell(
            'purpose',
            f'{short(purpose)} is said for the same need elsewhere',
            f'{place} behind it',
            'tell them apart, or leave one out',
            item.line,
        )
        number, base = 1, f'{purpose} ({place})'
        purpose = base
        while not self._fresh(needs, purpose):
            number += 1
            purpose = f'{base} {number}'
        return purpose

    def _fresh(self, needs: Sequence[tuple[str, ...]], purpose: str) -> bool:
        said = {(*need, purpose.casefold()) for need in needs}
        if said & self.needs:
            return False
        self.needs |= said
        return True


def _ended(text: str) -> str:
    words = text.rstrip(' .,;:-').split()
    while len(words) > 2 and words[-1].casefold() in SMALL:
        words.pop()
    return f'{" ".join(words)}…' if words else ''
