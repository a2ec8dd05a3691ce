"""Reads the tables of an AsciiDoc text: cells on a line each or side by side, spans, and the number of columns."""

import re
from dataclasses import dataclass, field

from .cells import Cell, Grid, GridRow, lines_of

__all__ = ('FENCE', 'read')

FENCE = re.compile(r'^\|={3,}\s*$', re.MULTILINE)
COLUMNS = re.compile(r'cols\s*=\s*(?:"([^"]*)"|(\d+\*?))')
TITLE = re.compile(r'^(?:\.(?=[^\s.])|=+\s+)(.*)$')
# "2+|", ".3+a|", "h|": spans and style stand before the bar
CELL = re.compile(r'(?:(?<=\s)|^)(?:(\d+)?(?:\.(\d+))?(\+|\*))?[<^>.]*[adehlmsv]?\|', re.MULTILINE)
MARKUP = re.compile(r'(?<!\w)(\*\*|__|``|\*|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)')
MOST_COLUMNS = 100


@dataclass(slots=True)
class _Table:
    line: int
    title: str
    columns: int = 0
    # (text, line, columns, rows) of each cell
    cells: list[tuple[str, int, int, int]] = field(default_factory=list)
    # Cells on the line with the headings
    first: int = 0


def read(text: str) -> list[Grid]:
    """The tables of the text, each with its title or the heading above it."""
    grids: list[Grid] = []
    title, options, table = '', '', None
    for number, line in enumerate(text.split('\n'), 1):
        if FENCE.fullmatch(line):
            if table is None:
                table = _Table(number, title, _columns(options))
            else:
                grids.append(_grid(table))
                table, title, options = None, '', ''
        elif table is not None:
            _add(table, line, number)
        elif line.startswith('['):
            options = line
        elif match := TITLE.match(line):
            title = match[1].strip()
    return [grid for grid in grids if grid.rows]


def _columns(options: str) -> int:
    if not (match := COLUMNS.search(options)):
        return 0
    if match[2]:
        return int(match[2].rstrip('*'))
    count = 0
    for part in match[1].split(','):
        times, star, _ = part.strip().partition('*')
        count += int(times) if star and times.isdecimal() else 1
    return min(count, MOST_COLUMNS)


def _add(table: _Table, line: str, number: int) -> None:
    marks = list(CELL.finditer(line))
    if not marks:
        if table.cells:
            text, first, across, down = table.cells[-1]
            table.cells[-1] = (f'{text}\n{line}', first, across, down)
        return
    if table.cells and (before := line[: marks[0].start()].strip()):
        text, first, across, down = table.cells[-1]
        table.cells[-1] = (f'{text}\n{before}', first, across, down)
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        text = line[mark.end() : following.start() if following else len(line)]
        times = int(mark[1]) if mark[1] and mark[3] == '*' else 1
        across = int(mark[1]) if mark[1] and mark[3] == '+' else 1
        down = int(mark[2]) if mark[2] and mark[3] == '+' else 1
        table.cells += [(text, number, min(across, MOST_COLUMNS), min(down, 2000))] * min(times, MOST_COLUMNS)
    table.first = table.first or len(table.cells)


def _grid(table: _Table) -> Grid:
    width = table.columns or table.first
    rows: list[GridRow] = []
    # Column -> (cell, further rows): from above into this row, and from this row into those below
    above: dict[int, tuple[Cell, int]] = {}
    below: dict[int, tuple[Cell, int]] = {}
    row: list[Cell] = []
    line, spans = table.line, False
    for text, number, across, down in table.cells:
        _fill(row, above, width)
        line = line if row else number
        cell = lines_of(_plain(text), number)
        spans = not row and across >= width > 1
        for column in range(len(row), min(len(row) + across, width)):
            row.append(cell)
            if down > 1:
                below[column] = (cell, down - 1)
        _fill(row, above, width)
        if len(row) >= width:
            if any(row):
                rows.append(GridRow(line, tuple(row), spans))
            above = {column: (cell, left - 1) for column, (cell, left) in above.items() if left > 1} | below
            row, below = [], {}
    if any(row):
        rows.append(GridRow(line, tuple(row)))
    return Grid(table.line, rows, table.title)


def _fill(row: list[Cell], above: dict[int, tuple[Cell, int]], width: int) -> None:
    """Repeat the cells that reach into this row from above."""
    while len(row) < width and len(row) in above:
        row.append(above[len(row)][0])


def _plain(text: str) -> str:
    text = re.sub(r'(?:https?|link|mailto):[^\s\[]+\[([^\]]*)\]', r'\1', text)
    return MARKUP.sub(r'\2', re.sub(r' \+$', '', text, flags=re.MULTILINE))
