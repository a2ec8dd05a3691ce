"""The purposes of a row, with the DNS names and conditions in each of them."""

import re
from dataclasses import dataclass, field

from . import names
from .cells import TICK, Cell, Line, Record
from .conditions import Condition, find, words_of
from .errors import Reporter, short

__all__ = ('Item', 'condition_of', 'default_purpose', 'read')

# Parentheses and further sentences explain details, not the purpose
BRACKETS = re.compile(r'\s*\(([^()]*)\)')
SENTENCE = re.compile(r'(?<=[a-z0-9)][.!?])\s+(?=[A-Z(])')
OPTIONAL = re.compile(r'(?i)\b(?:may|optional(?:ly)?|can also)\b')
DEFAULT = re.compile(r'(?i)\bdefault\b')
# In a column of conditions: no condition
NEVER = re.compile(r'(?i)\s*(?:-|–|—|n/a|none|yes|always|required|mandatory|y|x|✓)\s*')
# Maximum number of items in a row of a catalog
MOST = 200


@dataclass(slots=True)
class Item:
    """``text``: the purpose in the vendor's words; ``optional``: DNS names that need not be allowed."""

    text: str
    line: int
    dns_names: list[str] = field(default_factory=list)
    optional: list[str] = field(default_factory=list)
    condition: Condition | None = None


def read(cell: Cell, report: Reporter) -> tuple[list[Item], list[str]]:
    """(purposes, DNS names of the row): names before the first bullet apply to the row, later ones to their bullet."""
    items: list[Item] = []
    row_names: list[str] = []
    cell = tuple(line for line in cell if not TICK.fullmatch(line.text))
    bullets = any(line.bullet for line in cell)
    for line in cell if bullets else _split(cell, report):
        if line.bullet or not bullets and not names.only_names(line.text) and not _remark(line.text):
            items.append(_item(line, report))
        elif names.only_names(line.text):
            found = names.from_cell(line.text, report, line.number)
            (items[-1].dns_names if items and bullets else row_names).extend(found)
        elif items:
            if bullets and not _remark(line.text):
                report(
                    'purpose',
                    f'{short(line.text)} follows a purpose',
                    'a remark on that purpose',
                    'make it a separate item if it is a purpose',
                    line.number,
                )
            _take(items[-1], line.text, line.number, report)
        else:
            report(
                'notes',
                f'{short(line.text)} precedes the purposes',
                'left out',
                'add a note in your own words if needed',
                line.number,
            )
    if len(items) > MOST:
        report('items', f'{len(items)} purposes', f'the first {MOST}', 'split the row: a row has at most that many')
    return items[:MOST], list(dict.fromkeys(row_names))


def _remark(text: str) -> bool:
    return text.startswith('(')


def _split(cell: Cell, report: Reporter) -> Cell:
    """Purposes without bullets: one per line, or separated by semicolons. Several are reported as a doubt."""
    lines = [Line(part.strip(), line.number) for line in cell for part in line.text.split(';') if part.strip(' .')]
    if len(several := [line for line in lines if not names.only_names(line.text) and not _remark(line.text)]) > 1:
        report(
            'purpose',
            f'{len(several)} lines or parts in one cell',
            f'{len(several)} purposes',
            'join those that are one purpose',
            several[0].number,
        )
    return tuple(lines)


def _item(line: Line, report: Reporter) -> Item:
    sentences = SENTENCE.split(BRACKETS.sub('', line.text).strip())
    rest = [*(found[1] for found in BRACKETS.finditer(line.text)), *sentences[1:]]
    item = Item(sentences[0].strip() or line.text.strip('() '), line.number)
    item.dns_names = names.in_prose(item.text, report, line.number)
    if condition := find(item.text):
        item.condition = condition
        # The feature replaces the words of the condition
        kept = item.text.replace(condition.text, '').strip(' ,;:.-')
        item.text = kept or item.text
    for text in rest:
        _take(item, text, line.number, report)
    return item


def _take(item: Item, text: str, number: int, report: Reporter) -> None:
    """Take the DNS names and the condition from a remark, but not its text, which is the vendor's."""
    dns_names, condition = names.in_prose(text, report, number), None
    if dns_names and OPTIONAL.search(text):
        item.optional += dns_names
    else:
        item.dns_names += dns_names
        # Some patterns need the parentheses: "(PMM only)"
        item.condition = item.condition or (condition := find(f'({text.strip("() ")})'))
    if dns_names and DEFAULT.search(f'{item.text} {text}'):
        report(
            'replaceable',
            f'{short(text)} mentions a default',
            'not set',
            'set to true if sites may replace the names',
            number,
        )
    # A remark that is only a condition is represented by the feature
    if not (condition and condition.text == text.strip('() .')):
        report('notes', f'{short(text)} is a remark', 'left out', 'add a note in your own words if needed', number)


def default_purpose(record: Record, application: str, report: Reporter) -> list[Item]:
    """A purpose for a row without one: its application, or a placeholder."""
    text = f'Use {application}' if application else 'Describe the purpose'
    report('purpose', 'the row has none', f'"{text}"', 'enter the purpose')
    return [Item(text, record.line)]


def condition_of(record: Record, report: Reporter) -> Condition | None:
    """The condition of the row, from its column or the notes. The text itself is not copied."""
    condition = None
    for column in ('condition', 'notes'):
        for line in record.cells.get(column, ()):
            if NEVER.fullmatch(line.text):
                continue
            found = find(line.text) or find(f'({line.text})')
            if not found and column == 'condition':
                found = Condition(line.text, words_of(line.text))
            condition = condition or found
            report(
                'notes',
                f'{short(line.text)} is a remark',
                'left out',
                'add a note in your own words if needed',
                line.number,
            )
    return condition
