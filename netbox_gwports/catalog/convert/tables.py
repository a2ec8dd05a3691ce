"""Reads the rows of all tables in a text of any kind."""

import re

from ..safeyaml import LONGEST
from . import copied, markup, sheets
from .cells import Cell, Grid, Record, text_of
from .columns import EXPECTED, Column, acceptable, recognize
from .directions import in_prose, of_text
from .errors import ConversionError, Doubts, Reporter, short

__all__ = ('KINDS', 'LONGEST', 'read')

KINDS = ('csv', 'tsv', 'html', 'text')
HTML = re.compile(r'<(?:table|!doctype html|html)\b', re.IGNORECASE)
# Headings are expected in the first rows
TOP = 30


def read(text: str, kind: str | None, doubts: Doubts) -> list[Record]:
    """The rows of all tables of ports in the text. ``kind`` is one of KINDS, or None to detect it.

    Raises ConversionError if the text is too long, the kind is unknown, or there are no headings or rows.
    """
    if kind not in (*KINDS, None):
        raise ConversionError(0, f'unknown kind {short(str(kind))}', f'use one of {", ".join(KINDS)}')
    if len(text) > LONGEST:
        raise ConversionError(
            0, f'is longer than {LONGEST:,} characters', 'more than any table of one release: convert only the table'
        )
    text = text.removeprefix('\ufeff').replace('\r\n', '\n').replace('\r', '\n')
    if not text.strip():
        raise ConversionError(0, 'is empty', f'expected {EXPECTED}')
    kind = kind or _kind(text)
    if kind == 'text':
        return _copied(text, doubts)
    grids = markup.read(text) if kind == 'html' else sheets.read(text, kind)
    return _from_grids(grids, kind, doubts)


def _kind(text: str) -> str:
    """HTML has tags; in CSV and TSV all rows are as wide as the headings; everything else is copied text."""
    if HTML.search(text):
        return 'html'
    for kind in ('csv', 'tsv'):
        try:
            rows = sheets.read(text, kind)[0].rows
        except ConversionError:
            continue
        for index, row in enumerate(rows[:TOP]):
            if acceptable(recognize(map(text_of, row.cells))):
                widths = [len(other.cells) == len(row.cells) for other in rows[index + 1 :]]
                if widths and all(widths):
                    return kind
    return 'text'


def _copied(text: str, doubts: Doubts) -> list[Record]:
    lines = text.split('\n')
    if (found := copied.find_headings(lines)) is None:
        seen = next((line.strip() for line in lines if line.strip()), '')
        raise ConversionError(0, f'has no recognizable columns; it begins with {short(seen)}', f'expected {EXPECTED}')
    columns, start, end = found
    _report_columns(columns, doubts.at(start + 1))
    records = copied.read(lines, columns, end, doubts.at(start + 1))
    if not records:
        raise ConversionError(
            start + 1,
            f'no rows below the headings {_shown(columns)}',
            'expected rows with a cell for each heading, in this order',
        )
    return records


def _from_grids(grids: list[Grid], kind: str, doubts: Doubts) -> list[Record]:
    records: list[Record] = []
    seen: list[tuple[int, list[str]]] = []
    headed: int | None = None
    for grid in grids:
        start = next((i for i, row in enumerate(grid.rows[:TOP]) if acceptable(_columns(grid, i))), None)
        if start is None:
            if grid.rows:
                seen.append((grid.rows[0].line, [text_of(cell) for cell in grid.rows[0].cells][:20]))
            continue
        headed = headed or grid.rows[start].line
        columns = _columns(grid, start)
        _report_columns(columns, doubts.at(grid.rows[start].line))
        records += _rows(grid, start, columns, len(records), doubts)
    if headed is None:
        if not seen:
            raise ConversionError(0, f'has no {kind.upper()} table', f'expected {EXPECTED}')
        line, cells = seen[0]
        raise ConversionError(
            line,
            f'has no recognizable columns; found {short(" | ".join(cells), 200)}',
            f'expected {EXPECTED}',
        )
    if not records:
        raise ConversionError(headed, 'no rows below the headings', 'expected at least one')
    for line, cells in seen:
        doubts.at(line)(
            'rows',
            f'the table that begins with {short(" | ".join(cells))} has no column of ports',
            'left out',
            'check whether it lists ports',
        )
    return records


def _columns(grid: Grid, index: int) -> list[Column]:
    """The columns; of two rows of headings, the lower one is more specific, unless it is empty."""
    columns = recognize(map(text_of, grid.rows[index].cells))
    if index and not grid.rows[index - 1].spans and len(grid.rows[index - 1].cells) == len(columns):
        upper = recognize(map(text_of, grid.rows[index - 1].cells))
        if sum(bool(column.field) for column in upper) > 1:
            both = [low.heading if low.field else up.heading for low, up in zip(columns, upper, strict=True)]
            return recognize(both)
    # This is the upper of two rows of headings: the lower one is checked next
    if index + 1 < len(grid.rows) and len(grid.rows[index + 1].cells) == len(columns):
        lower = recognize(map(text_of, grid.rows[index + 1].cells))
        same = sum(low.heading == up.heading for low, up in zip(lower, columns, strict=True))
        if same and acceptable(lower) and lower != columns:
            return []
    return columns


def _rows(grid: Grid, start: int, columns: list[Column], before: int, doubts: Doubts) -> list[Record]:
    records: list[Record] = []
    heading = grid.title
    headings = [text_of(cell) for cell in grid.rows[start].cells]
    for row in grid.rows[start + 1 :]:
        texts = [text_of(cell) for cell in row.cells]
        if texts == headings:
            continue
        if row.spans:
            # A heading without a direction, such as "Optional", does not replace one with a direction
            heading = texts[0] if of_text(texts[0])[0] or in_prose(texts[0]) else heading
            doubts.at(row.line)(
                'rows',
                f'{short(texts[0])} is a heading within the table',
                'left out',
                'check what it says about the rows below',
            )
            continue
        cells: dict[str, Cell] = {}
        for column, cell in zip(columns, row.cells, strict=False):
            if column.field and cell:
                cells[column.field] = cells.get(column.field, ()) + cell
        if lost := [text for text in texts[len(columns) :] if text]:
            doubts.at(row.line, before + len(records) + 1)(
                'rows', f'{short(" | ".join(lost))} is beyond the last heading', 'left out', 'check the row'
            )
        records.append(Record(row.line, cells, heading))
    return records


def _shown(columns: list[Column]) -> str:
    return short(' | '.join(column.heading for column in columns), 200)


def _report_columns(columns: list[Column], report: Reporter) -> None:
    for column in columns:
        if not column.field and column.heading:
            report('rows', f'unknown column {short(column.heading)}', 'left out', 'check its content')
        elif column.field and not column.certain:
            report('rows', f'column {short(column.heading)} has an unusual name', f'read as {column.field}', 'check it')
