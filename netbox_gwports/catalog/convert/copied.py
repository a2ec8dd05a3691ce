"""The text that a browser copies from a page: cells beside each other, below each other, or both.

A row is found by its leading cells: everything before the last column has to be there, each in its form (ports,
protocol, direction) or set apart by tabs. What follows, up to the next row, is the last column.
"""

import re
from itertools import zip_longest

from .cells import BULLET, Cell, Line, Record, clean, lines_of
from .columns import Column, acceptable, recognise, segment
from .errors import ConversionError, Teller, short
from .names import only_hosts
from .words import PORTS_AND_PROTOCOLS, pattern_of

__all__ = ('find_headings', 'read')

# A heading stands on as many lines as there are columns, and a blank one between each
HEADING_LINES = 24
FORMS = {'ports', 'tcp', 'udp', 'source_ports', 'protocol', 'direction'}
# Between two cells: a tab, with line feeds where the next cell is a block; or line feeds; or blanks
TAB = r'[ ]*\t[ \n]*'
GAP = rf'(?:{TAB}|[ ]*\n\s*|[ ]+)'
HARD = rf'(?:{TAB}|[ ]*\n\s*)'
LOOKS_LIKE_ROW = re.compile(rf'\s*{PORTS_AND_PROTOCOLS}\s*', re.IGNORECASE)


def find_headings(lines: list[str]) -> tuple[list[Column], int, int] | None:
    """(columns, index of the first line, index after the last) of the first row of headings."""
    for start, line in enumerate(lines):
        if '\t' in line.strip():
            columns = recognise(clean(part) for part in line.strip('\n').split('\t'))
            if acceptable(columns):
                return columns, start, start + 1
        if not (headings := segment(line)):
            continue
        end = start + 1
        for index in range(start + 1, min(start + HEADING_LINES, len(lines))):
            if not lines[index].strip():
                continue
            if not (more := segment(lines[index])):
                break
            headings, end = headings + more, index + 1
        columns = recognise(headings)
        if acceptable(columns):
            return columns, start, end
    return None


def read(lines: list[str], columns: list[Column], start: int, tell: Teller) -> list[Record]:
    """The rows below the headings, which end before the line with index ``start``.

    Raises ConversionError where two columns of words stand side by side and no tab tells them apart.
    """
    text = '\n'.join(lines)
    begin = sum(len(line) + 1 for line in lines[:start])
    found = list(_row_pattern(columns, '\t' in text[begin:], start).finditer(text, begin))
    line_of = _Counter(text)
    if found and (lost := clean(text[begin : found[0].start()])):
        tell(
            'rows',
            f'{short(lost)} stands between the headings and the first row',
            'nothing',
            'look whether it is a row',
            line_of(begin),
        )
    records: list[Record] = []
    for match, following in zip_longest(found, found[1:]):
        cells: dict[str, Cell] = {}
        for index, column in enumerate(columns[:-1]):
            _put(cells, column, lines_of(match[f'c{index}'] or '', line_of(match.start(f'c{index}'))))
        rest = text[match.end() : following.start() if following else len(text)]
        number = line_of(match.start())
        _put(cells, columns[-1], _paragraphs(rest, line_of(match.end()), Teller(tell.doubts, number, len(records) + 1)))
        records.append(Record(number, cells))
    return records


def _row_pattern(columns: list[Column], tabs: bool, start: int) -> re.Pattern[str]:
    with_protocol = any(column.field == 'protocol' for column in columns)
    parts = []
    for index, column in enumerate(columns[:-1]):
        form, name = pattern_of(column.field, with_protocol), f'c{index}'
        next_form = index + 1 < len(columns) - 1 and columns[index + 1].field in FORMS
        if form:
            # Between tabs anything may stand, and nothing
            loose = r'|[^\t\n]{0,300}?(?=[ ]*\t)' if tabs else ''
            parts.append(f'(?P<{name}>{form}{loose})')
            parts.append(GAP)
        elif tabs:
            # Several lines, if a tab ends them; never in the first column, where they are the text of the row above
            long = r'|[^\t]{0,2000}?(?=[ ]*\t)' if index else ''
            parts.append(f'(?P<{name}>[^\\t\\n]{{0,300}}?{long})')
            parts.append(GAP if next_form else HARD)
        elif next_form or index == len(columns) - 2:
            word = r'[^\s•][^\n]{0,200}?' if next_form else r'[^\s•]\S{0,60}(?:[ ]?/[ ]?\S{1,60})?'
            parts.append(f'(?P<{name}>{word})')
            parts.append(GAP)
        else:
            raise ConversionError(
                start,
                f'columns {short(column.heading)} and {short(columns[index + 1].heading)} are not told apart',
                'copy the table with its tabs, or save the page and convert the HTML',
            )
    # The last gap may be the end of the text: a row whose last cell is empty
    parts[-1] = f'(?:{parts[-1]}|[ ]*\\Z)'
    return re.compile(rf'^[ ]*{"".join(parts)}', re.IGNORECASE | re.MULTILINE)


class _Counter:
    """Number of the line at a position, for positions that mostly grow."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.line = text, 0, 1

    def __call__(self, position: int) -> int:
        if position < self.at:
            self.at, self.line = 0, 1
        self.line += self.text.count('\n', self.at, position)
        self.at = position
        return self.line


def _paragraphs(text: str, number: int, tell: Teller) -> Cell:
    """Lines that a narrow window has wrapped are one again; what looks like half a row is told."""
    found: list[Line] = []
    joins = False
    for offset, raw in enumerate(text.split('\n')):
        if not (line := clean(raw)):
            joins = False
            continue
        at = number + offset
        if '\t' in raw.strip() or LOOKS_LIKE_ROW.fullmatch(line):
            tell(
                'rows',
                f'{short(line)} looks like a row with cells missing',
                'it as text of this row',
                'write it as a row of its own if it is one',
                at,
            )
        alone = bool(BULLET.match(raw)) or line.startswith('(') or bool(only_hosts(line))
        if joins and not alone:
            last = found[-1]
            found[-1] = Line(f'{last.text} {line}', last.number, last.bullet)
        else:
            found += lines_of(raw, at)
        joins = bool(found) and not only_hosts(line)
    return tuple(found)


def _put(cells: dict[str, Cell], column: Column, cell: Cell) -> None:
    if column.field and cell:
        cells[column.field] = cells.get(column.field, ()) + cell
