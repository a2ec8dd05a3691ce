"""Text copied from a web page: cells side by side, one below the other, or both.

A row is recognized by all its cells but the last: each must have the form of its column (ports, protocol, direction) or
be delimited by tabs. The text up to the next row is the cell of the last column.
"""

import re
from collections.abc import Mapping
from itertools import zip_longest

from .cells import BULLET, Cell, Line, Record, clean, lines_of, text_of
from .columns import Column, acceptable, recognize, segment
from .errors import ConversionError, Reporter, short
from .names import only_names
from .words import PORTS_AND_PROTOCOLS, ROW_START, pattern_of

__all__ = ('find_headings', 'read')

# The headings may be on a line each, with blank lines between them
HEADING_LINES = 24
FORMS = {'ports', 'tcp', 'udp', 'source_ports', 'protocol', 'direction'}
# Between two cells: a tab, with line feeds if the next cell is a block; or line feeds; or spaces
TAB = r'[ ]*\t[ \n]*'
GAP = rf'(?:{TAB}|[ ]*\n\s*|[ ]+)'
HARD = rf'(?:{TAB}|[ ]*\n\s*)'
PORTS_ONLY = re.compile(rf'\s*{PORTS_AND_PROTOCOLS}\s*', re.IGNORECASE)
ROW = re.compile(rf'\s*{ROW_START}', re.IGNORECASE)


def find_headings(lines: list[str], answers: Mapping[str, str] | None = None) -> tuple[list[Column], int, int] | None:
    """(columns, index of the first line, index after the last) of the first row of headings."""
    for start, line in enumerate(lines):
        if '\t' in line.strip():
            columns = recognize((clean(part) for part in line.strip('\n').split('\t')), answers=answers)
            if acceptable(columns):
                return columns, start, start + 1
        if not (headings := segment(line)):
            continue
        # (index of the line, its headings)
        found = [(start, headings)]
        for index in range(start + 1, min(start + HEADING_LINES, len(lines))):
            if not lines[index].strip():
                continue
            if not (more := segment(lines[index])):
                break
            found.append((index, more))
        found = _without_title(found, answers)
        columns = recognize([heading for _, headings in found for heading in headings], answers=answers)
        if acceptable(columns):
            return columns, found[0][0], found[-1][0] + 1
    return None


def _without_title(
    found: list[tuple[int, list[str]]], answers: Mapping[str, str] | None
) -> list[tuple[int, list[str]]]:
    """Leave out lines above the headings that are titles, such as "Firewall ports"."""
    for position, (_, headings) in enumerate(found):
        if position and acceptable(recognize(headings, answers=answers)):
            return found[position:]
    below = [heading for _, headings in found[1:] for heading in headings]
    if len(found[0][1]) == 1 and acceptable(recognize(below, answers=answers)):
        fields = [column.field for column in recognize(below, answers=answers)]
        (first,) = recognize(found[0][1], answers=answers)
        if first.field in fields:
            return found[1:]
    return found


def read(lines: list[str], columns: list[Column], start: int, report: Reporter) -> list[Record]:
    """The rows below the headings, which end before the line with index ``start``.

    Raises ConversionError if two adjacent columns of free text are not separated by tabs or lines.
    """
    if (stacked := _stacked(lines, columns, start)) is not None:
        return stacked
    text = '\n'.join(lines)
    begin = sum(len(line) + 1 for line in lines[:start])
    found = list(_row_pattern(columns, '\t' in text[begin:], start).finditer(text, begin))
    line_of = _Counter(text)
    before = text[begin : found[0].start() if found else len(text)]
    lost, others = _split(before, start + 1, whole=True)
    records = [_unclear(number, lines) for number, lines in others]
    if found and (lost := clean(lost)):
        report(
            'rows',
            f'{short(lost)} is between the headings and the first row',
            'left out',
            'check whether it is a row',
            start + 1,
        )
    for match, following in zip_longest(found, found[1:]):
        cells: dict[str, Cell] = {}
        printed = []
        for index, column in enumerate(columns[:-1]):
            cell = lines_of(match[f'c{index}'] or '', line_of(match.start(f'c{index}')))
            _put(cells, column, cell)
            printed.append((column.heading, text_of(cell)))
        rest = text[match.end() : following.start() if following else len(text)]
        number = line_of(match.start())
        # The last cell may begin on a line of its own
        whole = '\n' in text[match.end(f'c{len(columns) - 2}') : match.end()]
        own, others = _split(rest, line_of(match.end()), whole=whole)
        last = _paragraphs(own, line_of(match.end()), Reporter(report.doubts, number, len(records) + 1))
        _put(cells, columns[-1], last)
        records.append(Record(number, cells, printed=(*printed, (columns[-1].heading, text_of(last)))))
        records += [_unclear(line, lines) for line, lines in others]
    return records


def _stacked(lines: list[str], columns: list[Column], start: int) -> list[Record] | None:
    """Rows whose cells stand on a line each, as the headings do; a blank line ends a row. None for other texts."""
    above = [line for line in lines[:start] if line.strip()][-len(columns) :]
    if [clean(line) for line in above] != [column.heading for column in columns] or any('\t' in line for line in lines):
        return None
    groups: list[list[int]] = [[]]
    for index in range(start, len(lines)):
        if lines[index].strip():
            groups[-1].append(index)
        elif groups[-1]:
            groups.append([])
    groups = [group for group in groups if group]
    if sum(len(group) == len(columns) for group in groups) * 2 <= len(groups):
        return None
    records = []
    for group in groups:
        if len(group) != len(columns):
            records.append(_unclear(group[0] + 1, [lines[index] for index in group]))
            continue
        cells: dict[str, Cell] = {}
        for column, index in zip(columns, group, strict=True):
            _put(cells, column, lines_of(lines[index], index + 1))
        printed = tuple((c.heading, clean(lines[i])) for c, i in zip(columns, group, strict=True))
        records.append(Record(group[0] + 1, cells, printed=printed))
    return records


def _split(text: str, number: int, *, whole: bool = False) -> tuple[str, list[tuple[int, list[str]]]]:
    """The text of the last cell, and the rows in it whose cells cannot be told apart: nothing swallows a row.

    ``whole``: the text begins with a line of its own, not with the end of a row.
    """
    own: list[str] = []
    others: list[tuple[int, list[str]]] = []
    for offset, line in enumerate(text.split('\n')):
        # The rest of the row's own line belongs to its last cell
        if (offset or whole) and ROW.match(line):
            others.append((number + offset, []))
        (others[-1][1] if others else own).append(line)
    return '\n'.join(own), others


def _unclear(number: int, lines: list[str]) -> Record:
    text = ' '.join(clean(line) for line in lines if clean(line))
    return Record(number, {}, printed=(('', text),), unclear='its cells cannot be told apart')


def _row_pattern(columns: list[Column], tabs: bool, start: int) -> re.Pattern[str]:
    fields = {column.field for column in columns}
    parts = []
    for index, column in enumerate(columns[:-1]):
        form, name = pattern_of(column.field, fields), f'c{index}'
        next_form = index + 1 < len(columns) - 1 and columns[index + 1].field in FORMS
        if form:
            # Between tabs, a cell may hold any text or be empty
            loose = r'|[^\t\n]{0,300}?(?=[ ]*\t)' if tabs else ''
            parts.append(f'(?P<{name}>{form}{loose})')
            parts.append(GAP)
        elif tabs:
            # Several lines if a tab follows; not in the first column, where they belong to the row above
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
                f'cannot separate the columns {short(column.heading)} and {short(columns[index + 1].heading)}',
                'copy the table with its tabs, or save the page and convert the HTML',
            )
    # If the last cell of the last row is empty, the text ends here
    parts[-1] = f'(?:{parts[-1]}|[ ]*\\Z)'
    return re.compile(rf'^[ ]*{"".join(parts)}', re.IGNORECASE | re.MULTILINE)


class _Counter:
    """The line number at a position; fast if positions increase."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.line = text, 0, 1

    def __call__(self, position: int) -> int:
        if position < self.at:
            self.at, self.line = 0, 1
        self.line += self.text.count('\n', self.at, position)
        self.at = position
        return self.line


def _paragraphs(text: str, number: int, report: Reporter) -> Cell:
    """Joins lines wrapped by a narrow window, and reports lines that look like part of a row."""
    found: list[Line] = []
    joins = False
    for offset, raw in enumerate(text.split('\n')):
        if not (line := clean(raw)):
            joins = False
            continue
        at = number + offset
        if '\t' in raw.strip() or PORTS_ONLY.fullmatch(line):
            report(
                'rows',
                f'{short(line)} looks like a row with cells missing',
                'part of the text of this row',
                'make it a separate row if it is one',
                at,
            )
        alone = bool(BULLET.match(raw)) or line.startswith('(') or bool(only_names(line))
        if joins and not alone:
            last = found[-1]
            found[-1] = Line(f'{last.text} {line}', last.number, last.bullet)
        else:
            found += lines_of(raw, at)
        joins = bool(found) and not only_names(line)
    return tuple(found)


def _put(cells: dict[str, Cell], column: Column, cell: Cell) -> None:
    if column.field and cell:
        cells[column.field] = cells.get(column.field, ()) + cell
