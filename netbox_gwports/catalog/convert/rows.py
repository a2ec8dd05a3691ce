"""Writes what was read from a row as an entry of the catalog."""

from collections.abc import Iterator, Sequence
from typing import Any

from ..writing import InlineList
from .conditions import Condition, words_of
from .errors import MEANING, OPENS, short
from .purposes import Item
from .reading import Reading
from .registry import Registry
from .remotes import is_any

__all__ = ('Rows',)

# Truncated purposes do not end with these words
SMALL = {'a', 'an', 'and', 'at', 'by', 'for', 'from', 'in', 'of', 'on', 'or', 'the', 'to', 'using', 'with'}
# Number of words of a purpose; more are used only to make it unique
WORDS, MORE_WORDS = 6, 12
LONGEST = 100


class Rows:
    """Writes the rows in order, and keeps their flows unique."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.needs: set[tuple[Any, ...]] = set()
        # (row, role, reason) already reported: items that share them give one doubt
        self.reported: set[tuple[Any, ...]] = set()

    def write(self, reading: Reading) -> dict[str, Any]:
        """The entry. Keys that all items share are set on the row."""
        assert reading.opening is not None and reading.ends is not None
        service, directions = self.registry.service(reading.opening), reading.ends.directions
        row: dict[str, Any] = {'row': reading.number, 'service': service}
        if len(directions) == 1:
            row['direction'] = directions[0]
        # For each item: direction -> role
        roles = [self._roles(reading, number) for number in range(len(reading.items))]
        common = {role for role_of in roles for role in role_of.values()}
        if len(common) == 1:
            row['role'] = common.pop()
        feature = self._feature(reading, reading.condition, reading.items[0])
        if feature:
            row['feature'] = feature
        if reading.dns_names:
            row['dns_names'] = InlineList(reading.dns_names)
        row['items'] = [
            self._item(reading, number, item, role_of, row)
            for number, (item, role_of) in enumerate(zip(reading.items, roles, strict=True), 1)
        ]
        return row

    def _roles(self, reading: Reading, index: int) -> dict[str, str]:
        found = {}
        for direction, remote in reading.remotes[index].items():
            slug = found[direction] = self.registry.role(remote)
            if (reading.number, slug, remote.why) not in self.reported:
                self.reported.add((reading.number, slug, remote.why))
                weight = OPENS if is_any(remote) else MEANING
                reading.report('role', remote.why, slug, 'check the role', reading.items[index].line, weight=weight)
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
        self, reading: Reading, number: int, item: Item, role_of: dict[str, str], row: dict[str, Any]
    ) -> dict[str, Any]:
        directions = list(role_of)
        feature = self._feature(reading, item.condition, item) or row.get('feature', '')
        place = f'row {reading.number}' if len(reading.items) == 1 else f'row {reading.number}, item {number}'
        needs = [(row['service'], direction, role_of[direction], feature) for direction in directions]
        purpose = self._purpose(reading, item, needs, place)
        entry: dict[str, Any] = {'purpose': purpose}
        if 'role' not in row and len(set(role_of.values())) == 1:
            entry['role'] = role_of[directions[0]]
        if feature != row.get('feature', ''):
            entry['feature'] = feature
        if item.dns_names:
            entry['dns_names'] = InlineList(dict.fromkeys((*reading.dns_names, *item.dns_names)))
        flows = []
        for direction in directions:
            flow = {'direction': direction} if len(directions) > 1 else {}
            if len(set(role_of.values())) > 1:
                flow['role'] = role_of[direction]
            flows.append(flow)
        if item.optional:
            flows += self._optional(reading, item, role_of, row, place)
        if len(flows) > 1:
            entry['flows'] = flows
        return entry

    def _optional(
        self, reading: Reading, item: Item, role_of: dict[str, str], row: dict[str, Any], place: str
    ) -> Iterator[dict[str, Any]]:
        """Optional DNS names become separate flows with a feature, which is off by default."""
        option = Item(f'{item.text} (optional)', item.line)
        words = (*words_of(item.text, 3), 'option')
        feature = self._feature(reading, Condition('optional', words), option)
        needs = [(row['service'], direction, role_of[direction], feature) for direction in role_of]
        purpose = self._purpose(reading, option, needs, place)
        for direction in role_of:
            flow = {'direction': direction} if len(role_of) > 1 else {}
            if len(set(role_of.values())) > 1:
                flow['role'] = role_of[direction]
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
