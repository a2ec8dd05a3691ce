"""The common form of a table from any kind of input: cells of lines with their line numbers."""

import re
import unicodedata
from dataclasses import dataclass, field

from ..safeyaml import UNPRINTABLE

__all__ = ('NO_TICK', 'SEAM', 'TICK', 'Cell', 'Grid', 'GridRow', 'Line', 'Record', 'clean', 'lines_of', 'text_of')

MARKS = '•·▪◦‣●○■□➢✓'
# In a column for one direction or one protocol
TICK = re.compile(r'(?i)\s*(?:x|y|yes|✓|✔|☑|●|•|true)\s*')
NO_TICK = re.compile(r'(?i)\s*(?:n|no|✗|✘|☐|false|[-–—]|)\s*')
# Between digits: spaces that are no list, as in the number 65 535, and characters without width
SEAM = '¦'
BETWEEN_DIGITS = re.compile(
    r'(?<=\d)[\u00a0\u00ad\u034f\u061c\u180e\u2000-\u200f\u202a-\u202f\u205f-\u206f\u3000\ufeff]+(?=\d)'
)
# A dash or an asterisk is a bullet only before a space: "*.example.net" and "-" are not bullets
BULLET = re.compile(rf'\s*(?:[{MARKS}]\s*|[*–-]\s+(?=\S))')


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a cell, without its bullet. ``number`` is its line in the input, from 1."""

    text: str
    number: int
    bullet: bool = False


type Cell = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class GridRow:
    """``spans``: a single cell spans the whole table, as headings do."""

    line: int
    cells: tuple[Cell, ...]
    spans: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """``title``: the heading above the table, or its caption."""

    line: int
    rows: list[GridRow]
    title: str = ''


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the table: its cells by field, for recognized columns only. ``heading``: the heading above the row.

    ``printed``: (heading of the column, text) of all its cells. ``unclear``: why its cells cannot be told apart.
    """

    line: int
    cells: dict[str, Cell] = field(default_factory=dict)
    heading: str = ''
    printed: tuple[tuple[str, str], ...] = ()
    unclear: str = ''


def clean(text: str) -> str:
    """The text on one line, without control characters and the invisible characters that browsers copy.

    Digits that only such a character separates are kept apart with SEAM: they are not one number, nor surely two.
    """
    text = UNPRINTABLE.sub(' ', BETWEEN_DIGITS.sub(SEAM, text))
    return ' '.join(
        ''.join(
            ' ' if c == '\xad' or unicodedata.category(c) == 'Cf' and c != '\u200b' else c
            for c in text
            if c not in '\u200b\u200c\u200d\ufeff\xad'
        ).split()
    )


def lines_of(text: str, number: int) -> Cell:
    """The lines of a cell that begins at line ``number``. A line with several bullets is split."""
    if TICK.fullmatch(text):
        # A tick, not a bullet without a text
        return (Line(text.strip(), number),)
    found = []
    for offset, line in enumerate(text.split('\n')):
        if len(line) > 1:
            # "• A • B" in one line
            parts = re.split(rf'(?<=\S)\s*(?=[{MARKS}])', line)
        else:
            parts = [line]
        for part in parts:
            mark = BULLET.match(part)
            if kept := clean(part[mark.end() :] if mark else part):
                found.append(Line(kept, number + offset, bool(mark)))
    return tuple(found)


def text_of(cell: Cell) -> str:
    return ' '.join(line.text for line in cell)
