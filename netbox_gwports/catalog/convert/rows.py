"""Writes what was read from a row as an entry of the catalog."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..writing import InlineList
from .conditions import Condition, words_of
from .ends import Ends
from .errors import Reporter, short
from .openings import Opening
from .purposes import Item
from .registry import Registry
from .remotes import derive

__all__ = ('Reading', 'Rows')

# Truncated purposes do not end with these words
SMALL = {'a', 'an', 'and', 'at', 'by', 'for', 'from', 'in', 'of', 'on', 'or', 'the', 'to', 'using', 'with'}
# Number of words of a purpose; more are used only to make it unique
WORDS, MORE_WORDS = 6, 12
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """A row of the table: ``dns_names`` and ``condition`` apply to all of it."""

    number: int
    opening: Opening
    ends: Ends
    items: list[Item]
    dns_names: list[str]
    condition: Condition | None
    report: Reporter


class Rows:
    """Writes the rows in order, and keeps their flows unique."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.needs: set[tuple[Any, ...]] = set()
        # (row, role, reason) already reported: items that share them give one doubt
        self.reported: set[tuple[Any, ...]] = set()

    def write(self, reading: Reading) -> dict[str, Any]:
        """The entry. Keys that all items share are set on the row."""
        service, directions = self.registry.service(reading.opening), reading.ends.directions
        row: dict[str, Any] = {'row': reading.number, 'service': service}
        if len(directions) == 1:
            row['direction'] = directions[0]
        # For each item: direction -> role
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
            if (reading.number, found[way], remote.why) not in self.reported:
                reading.report('role', remote.why, found[way], 'check the role', item.line)
                self.reported.add((reading.number, found[way], remote.why))
        return found

    def _feature(self, reading: Reading, condition: Condition | None, item: Item) -> str:
        if condition is None:
            return ''
        feature = self.registry.feature(condition, words_of(item.text))
        reading.report(
            'feature',
            f'{short(condition.text)} is a condition',
            f'the feature {feature}',
            'rename it, or remove it if the flow is always required',
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
        """Optional DNS names become separate flows with a feature, which is off by default."""
        option = Item(f'{item.text} (optional)', item.line)
        words = (*words_of(item.text, 3), 'option')
        feature = self._feature(reading, Condition('optional', words), option)
        needs = [(row['service'], way, by_way[way], feature) for way in by_way]
        purpose = self._purpose(reading, option, needs, place)
        for way in by_way:
            flow = {'direction': way} if len(by_way) > 1 else {}
            if len(set(by_way.values())) > 1:
                flow['role'] = by_way[way]
            yield {
                **flow,
                'feature': feature,
                'dns_names': InlineList(dict.fromkeys(item.optional)),
                'purpose': purpose,
            }

    def _purpose(self, reading: Reading, item: Item, needs: Sequence[tuple[str, ...]], place: str) -> str:
        """The first words of the description. If they are not unique, more words or the place are added."""
        words = item.text.split()
        for count in range(WORDS, MORE_WORDS + 1):
            text = ' '.join(words[:count])
            cut = len(words) > count or len(text) > LONGEST
            purpose = (_ended(text[:LONGEST]) if cut else text.rstrip(' .,;:-')) or 'Describe the purpose'
            if self._fresh(needs, purpose):
                return purpose
        reading.report(
            'purpose',
            f'{short(purpose)} appears twice for the same flow',
            f'with the suffix ({place})',
            'make the purposes distinct, or remove one',
            item.line,
        )
        number, base = 1, f'{purpose} ({place})'
        purpose = base
        while not self._fresh(needs, purpose):
            number += 1
            purpose = f'{base} {number}'
        return purpose

    def _fresh(self, needs: Sequence[tuple[str, ...]], purpose: str) -> bool:
        wanted = {(*need, purpose.casefold()) for need in needs}
        if wanted & self.needs:
            return False
        self.needs |= wanted
        return True


def _ended(text: str) -> str:
    words = text.rstrip(' .,;:-').split()
    while len(words) > 2 and words[-1].casefold() in SMALL:
        words.pop()
    return f'{" ".join(words)}…' if words else ''
