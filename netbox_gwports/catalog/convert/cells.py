"""A table as all kinds of input give it: cells of lines that know where they stood."""

import re
import unicodedata
from dataclasses import dataclass, field

from ..safeyaml import UNPRINTABLE

__all__ = ('Cell', 'Grid', 'GridRow', 'Line', 'Record', 'clean', 'lines_of', 'text_of')

MARKS = '•·▪◦‣●○■□➢✓'
# A dash or an asterisk is a bullet only before a space: "*.example.net" and "-" are none
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
    """``spans``: one cell goes across the whole table, so that it is a heading."""

    line: int
    cells: tuple[Cell, ...]
    spans: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """``title``: the heading or caption over the table."""

    line: int
    rows: list[GridRow]
    title: str = ''


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the table: the cells of the columns that were recognised. ``heading`` is what stands over it."""

    line: int
    cells: dict[str, Cell] = field(default_factory=dict)
    heading: str = ''


def clean(text: str) -> str:
    """One line without what no catalog may hold: control characters, and invisible ones that browsers copy along."""
    text = UNPRINTABLE.sub(' ', text)
    return ' '.join(
        ''.join(
            ' ' if c == '\xad' or unicodedata.category(c) == 'Cf' and c != '\u200b' else c
            for c in text
            if c not in '\u200b\u200c\u200d\ufeff\xad'
        ).split()
    )


def lines_of(text: str, number: int) -> Cell:
    """The lines of a cell that begins at line ``number``; several bullets in one line are several."""
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
