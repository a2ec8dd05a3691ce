"""What a row is for: its purposes, with the hosts and conditions that each of them names."""

import re
from dataclasses import dataclass, field

from . import names
from .cells import Cell, Line, Record
from .conditions import Condition, find, words_of
from .errors import Teller, short

__all__ = ('Item', 'beside', 'read', 'unsaid')

# What is in brackets, and the sentences after the first, say how and when, not what for
BRACKETS = re.compile(r'\s*\(([^()]*)\)')
SENTENCE = re.compile(r'(?<=[a-z0-9)][.!?])\s+(?=[A-Z(])')
OPTIONAL = re.compile(r'(?i)\b(?:may|optional(?:ly)?|can also)\b')
DEFAULT = re.compile(r'(?i)\bdefault\b')
# What a column of conditions says of rows that have none
NEVER = re.compile(r'(?i)\s*(?:-|–|—|n/a|none|yes|always|required|mandatory|y|x|✓)\s*')
# Of a list of purposes in one cell, as many as a catalog holds
MOST = 200


@dataclass(slots=True)
class Item:
    """``text`` is the purpose in the vendor's words, ``optional`` are hosts that may be allowed and need not be."""

    text: str
    line: int
    dns_names: list[str] = field(default_factory=list)
    optional: list[str] = field(default_factory=list)
    condition: Condition | None = None


def read(cell: Cell, tell: Teller) -> tuple[list[Item], list[str]]:
    """(purposes, hosts of the whole row): hosts before the first bullet are the row's, those after one are its own."""
    items: list[Item] = []
    row_hosts: list[str] = []
    bullets = any(line.bullet for line in cell)
    for line in cell if bullets else _split(cell, tell):
        if line.bullet or not bullets and not names.only_hosts(line.text) and not _remark(line.text):
            items.append(_item(line, tell))
        elif names.only_hosts(line.text):
            found = names.from_cell(line.text, tell, line.number)
            (items[-1].dns_names if items and bullets else row_hosts).extend(found)
        elif items:
            if bullets and not _remark(line.text):
                tell(
                    'purpose',
                    f'{short(line.text)} follows a purpose',
                    'it as a remark about that purpose',
                    'make it a purpose of its own if it is one',
                    line.number,
                )
            _take(items[-1], line.text, line.number, tell)
        else:
            tell(
                'notes',
                f'{short(line.text)} stands before the purposes',
                'nothing of it',
                'write a note of your own where it matters',
                line.number,
            )
    if len(items) > MOST:
        tell('items', f'{len(items)} purposes', f'the first {MOST}', 'a row holds no more')
    return items[:MOST], list(dict.fromkeys(row_hosts))


def _remark(text: str) -> bool:
    return text.startswith('(')


def _split(cell: Cell, tell: Teller) -> Cell:
    """Purposes without bullets: one a line, or set apart by semicolons; that is a doubt."""
    lines = [Line(part.strip(), line.number) for line in cell for part in line.text.split(';') if part.strip(' .')]
    if len(several := [line for line in lines if not names.only_hosts(line.text) and not _remark(line.text)]) > 1:
        tell(
            'purpose',
            f'{len(several)} lines or parts in one cell',
            f'{len(several)} purposes',
            'join what is one purpose',
            several[0].number,
        )
    return tuple(lines)


def _item(line: Line, tell: Teller) -> Item:
    sentences = SENTENCE.split(BRACKETS.sub('', line.text).strip())
    rest = [*(found[1] for found in BRACKETS.finditer(line.text)), *sentences[1:]]
    item = Item(sentences[0].strip() or line.text.strip('() '), line.number)
    item.dns_names = names.in_prose(item.text, tell, line.number)
    if condition := find(item.text):
        item.condition = condition
        # The feature says it
        kept = item.text.replace(condition.text, '').strip(' ,;:.-')
        item.text = kept or item.text
    for text in rest:
        _take(item, text, line.number, tell)
    return item


def _take(item: Item, text: str, number: int, tell: Teller) -> None:
    """A remark about a purpose: its hosts and its condition count, its words are the vendor's."""
    dns_names, condition = names.in_prose(text, tell, number), None
    if dns_names and OPTIONAL.search(text):
        item.optional += dns_names
    else:
        item.dns_names += dns_names
        # "(PMM only)": the brackets are part of the form
        item.condition = item.condition or (condition := find(f'({text.strip("() ")})'))
    if dns_names and DEFAULT.search(f'{item.text} {text}'):
        tell('replaceable', f'{short(text)} speaks of a default', 'nothing', 'say true where sites replace it', number)
    # What the feature says needs no note
    if not (condition and condition.text == text.strip('() .')):
        tell(
            'notes', f'{short(text)} is a remark', 'nothing of it', 'write a note of your own where it matters', number
        )


def unsaid(record: Record, application: str, tell: Teller) -> list[Item]:
    """The purpose of a row that says none: its application, or at least that somebody has to say it."""
    text = f'Use {application}' if application else 'Say what for'
    tell('purpose', 'the row says none', f'"{text}"', 'say what it is for')
    return [Item(text, record.line)]


def beside(record: Record, tell: Teller) -> Condition | None:
    """The condition of the whole row, in its column or among the notes, whose words are not taken over."""
    condition = None
    for column in ('condition', 'notes'):
        for line in record.cells.get(column, ()):
            if NEVER.fullmatch(line.text):
                continue
            found = find(line.text) or find(f'({line.text})')
            if not found and column == 'condition':
                found = Condition(line.text, words_of(line.text))
            condition = condition or found
            tell(
                'notes',
                f'{short(line.text)} is a remark',
                'nothing of it',
                'write a note of your own where it matters',
                line.number,
            )
    return condition
