"""Reads the rows of all tables in a text or a workbook of any kind."""

import re

from ..safeyaml import LONGEST
from . import asciidoc, copied, decoding, markdown, markup, sheets, workbooks
from .answers import Answers
from .cells import Cell, Grid, Record, text_of
from .columns import EXPECTED, OPENINGS, Column, acceptable, recognize
from .directions import in_prose, of_text
from .errors import MEANING, WORDING, ConversionError, Doubts, short
from .portcells import EMPTY

__all__ = ('KINDS', 'LONGEST', 'Tables', 'read')

KINDS = ('csv', 'tsv', 'html', 'markdown', 'asciidoc', 'xlsx', 'text')
HTML = re.compile(r'<(?:table|!doctype html|html)\b', re.IGNORECASE)
# Headings are expected in the first rows
TOP = 30
# Columns that only a table of connections has
CONNECTION = {'source', 'destination', 'direction', 'protocol'}
# Rows that tell what a column contains
SAMPLE = 200


class Tables:
    """The rows of the tables of ports in a text, and what was found around them.

    ``names``: number of each table of ports, from 1 -> its title or headings. ``unknown``: headings of columns with
    text that are not read, or read by what they contain, each with a field or ''.
    """

    def __init__(self, answers: Answers, doubts: Doubts) -> None:
        self.answers, self.doubts = answers, doubts
        self.records: list[Record] = []
        self.names: dict[int, str] = {}
        self.unknown: dict[str, str] = {}

    def add_grids(self, grids: list[Grid], kind: str) -> None:
        """Raises ConversionError if no grid has recognizable columns, or none has rows."""
        seen: list[tuple[int, list[str]]] = []
        headed: int | None = None
        for grid in grids:
            if (start := _start(grid, self.answers)) is None:
                if grid.rows:
                    seen.append((grid.rows[0].line, [text_of(cell) for cell in grid.rows[0].cells][:20]))
                continue
            headed = headed or grid.rows[start].line
            columns = _columns(grid, start, self.answers)
            number = len(self.names) + 1
            self.names[number] = _title(grid, start) or _shown(columns)
            if self.answers.tables and number not in self.answers.tables:
                continue
            self._report_columns(columns, grid, start)
            self._add_rows(grid, start, columns)
        if headed is None:
            if not seen:
                raise ConversionError(0, f'has no {kind.upper()} table', f'expected {EXPECTED}')
            line, cells = seen[0]
            found = short(' | '.join(cells), 200)
            raise ConversionError(line, f'has no recognizable columns; found {found}', f'expected {EXPECTED}')
        if not self.records:
            raise ConversionError(headed, 'no rows below the headings', 'expected at least one')
        for line, cells in seen:
            self.doubts.at(line)(
                'rows',
                f'the table that begins with {short(" | ".join(cells))} has no column of ports',
                'left out',
                'check whether it lists ports',
            )

    def add_copied(self, text: str) -> None:
        """Raises ConversionError if there are no headings, or no rows below them."""
        lines = text.split('\n')
        if (found := copied.find_headings(lines, self.answers.columns)) is None:
            seen = next((line.strip() for line in lines if line.strip()), '')
            raise ConversionError(
                0, f'has no recognizable columns; it begins with {short(seen)}', f'expected {EXPECTED}'
            )
        columns, start, end = found
        self.names[1] = _shown(columns)
        self._report_columns(columns, None, start)
        self.records += copied.read(lines, columns, end, self.doubts.at(start + 1))
        if not self.records:
            raise ConversionError(
                start + 1,
                f'no rows below the headings {_shown(columns)}',
                'expected rows with a cell for each heading, in this order',
            )

    def _report_columns(self, columns: list[Column], grid: Grid | None, start: int) -> None:
        report = self.doubts.at(grid.rows[start].line if grid else start + 1)
        for index, column in enumerate(columns):
            below = grid.rows[start + 1 :] if grid else []
            texts = [text_of(row.cells[index]) for row in below if index < len(row.cells)]
            if grid and all(map(EMPTY.fullmatch, texts)):
                continue
            if not column.field and column.heading:
                self.unknown.setdefault(column.heading, '')
                report(
                    'rows', f'unknown column {short(column.heading)}', 'left out', 'check its content', weight=MEANING
                )
            elif column.field and not column.certain:
                self.unknown.setdefault(column.heading, column.field)
                opens = column.field in OPENINGS
                report(
                    'ports' if opens else 'rows',
                    f'column {short(column.heading)} has an unusual name',
                    f'read as {column.field}',
                    'check it',
                    weight=MEANING if opens or column.field == 'direction' else WORDING,
                )

    def _add_rows(self, grid: Grid, start: int, columns: list[Column]) -> None:
        heading = _heading_above(grid, start)
        headings = [text_of(cell) for cell in grid.rows[start].cells]
        for row in grid.rows[start + 1 :]:
            texts = [text_of(cell) for cell in row.cells]
            if texts == headings:
                continue
            if row.spans:
                # A heading without a direction, such as "Optional", does not replace one with a direction
                heading = texts[0] if of_text(texts[0])[0] or in_prose(texts[0]) else heading
                self.doubts.at(row.line)(
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
            number = len(self.records) + 1
            lost = [text for text in texts[len(columns) :] if text]
            if lost:
                self.doubts.at(row.line, number)(
                    'rows', f'{short(" | ".join(lost))} is beyond the last heading', 'left out', 'check the row'
                )
            names = [column.heading for column in columns] + [''] * len(lost)
            printed = tuple(zip(names, texts, strict=False))
            self.records.append(Record(row.line, cells, heading, printed))


def read(source: str | bytes, kind: str | None, answers: Answers, doubts: Doubts) -> Tables:
    """The rows of all tables of ports in the source. ``kind`` is one of KINDS, or None to detect it.

    Raises ConversionError if the source is too long, the kind is unknown, or there are no headings or rows.
    """
    if kind not in (*KINDS, None):
        raise ConversionError(0, f'unknown kind {short(str(kind))}', f'use one of {", ".join(KINDS)}')
    tables = Tables(answers, doubts)
    if isinstance(source, bytes) and (kind == 'xlsx' or kind is None and workbooks.is_workbook(source)):
        tables.add_grids(workbooks.read(source), 'xlsx')
        return tables
    text = decoding.decode(source, doubts.at()) if isinstance(source, bytes) else source
    if len(text) > LONGEST:
        raise ConversionError(
            0, f'is longer than {LONGEST:,} characters', 'more than any table of one release: convert only the table'
        )
    text = text.removeprefix('\ufeff').replace('\r\n', '\n').replace('\r', '\n')
    if not text.strip():
        raise ConversionError(0, 'is empty', f'expected {EXPECTED}')
    if kind == 'xlsx':
        raise ConversionError(0, 'is text, not a workbook', 'choose another kind')
    kind = kind or _kind(text, answers)
    if kind == 'text':
        tables.add_copied(text)
    else:
        tables.add_grids(_grids(text, kind), kind)
    return tables


def _grids(text: str, kind: str) -> list[Grid]:
    if kind == 'html':
        return markup.read(text)
    if kind == 'markdown':
        return markdown.read(text)
    return asciidoc.read(text) if kind == 'asciidoc' else sheets.read(text, kind)


def _kind(text: str, answers: Answers) -> str:
    """Tags, delimiters and rulers tell kinds apart; in CSV and TSV all rows are as wide as the headings."""
    if HTML.search(text):
        return 'html'
    for kind, pattern in (('asciidoc', asciidoc.FENCE), ('markdown', markdown.RULER)):
        if pattern.search(text):
            return kind
    for kind in ('csv', 'tsv'):
        try:
            grid = sheets.read(text, kind)[0]
        except ConversionError:
            continue
        if (start := _start(grid, answers)) is not None:
            widths = [len(other.cells) == len(grid.rows[start].cells) for other in grid.rows[start + 1 :]]
            if widths and all(widths):
                return kind
    return 'text'


def _start(grid: Grid, answers: Answers) -> int | None:
    """The row of headings: by the names of columns or, failing that, the first row if much else tells a table of ports.

    That is either a column whose cells are ports, or two known columns of a connection beside an unknown one: then a
    question asks what that is.
    """
    top = range(min(TOP, len(grid.rows)))
    start = next((index for index in top if acceptable(_columns(grid, index, answers))), None)
    if start is not None:
        return start
    first = next((index for index in top if sum(map(bool, grid.rows[index].cells)) > 1), None)
    if first is None or len(grid.rows) - first < 2:
        return None
    columns = _columns(grid, first, answers)
    fields = {column.field for column in columns}
    ends = {column.field for column in columns if column.certain} & CONNECTION
    by_contents = fields & OPENINGS and len(fields - {''}) > 1 and len(grid.rows) - first > 2
    # "Port" beside "How it is used"
    alone = any(column.certain and column.field in OPENINGS for column in columns) and len(fields - {''}) > 1
    return first if by_contents or alone or len(ends) > 1 and '' in fields else None


def _recognize(grid: Grid, index: int, headings: list[str], answers: Answers) -> list[Column]:
    rows = [[text_of(cell) for cell in row.cells] for row in grid.rows[index + 1 : index + 1 + SAMPLE] if not row.spans]
    return recognize(headings, rows, answers.columns)


def _columns(grid: Grid, index: int, answers: Answers) -> list[Column]:
    """The columns; of two rows of headings, the lower one is more specific, unless it is empty."""
    headings = [text_of(cell) for cell in grid.rows[index].cells]
    columns = recognize(headings, (), answers.columns)
    if index and not grid.rows[index - 1].spans and len(grid.rows[index - 1].cells) == len(columns):
        upper = recognize(map(text_of, grid.rows[index - 1].cells))
        if sum(bool(column.field) for column in upper) > 1:
            both = [low.heading if low.field else up.heading for low, up in zip(columns, upper, strict=True)]
            return _recognize(grid, index, both, answers)
    # This is the upper of two rows of headings: the lower one is checked next
    if index + 1 < len(grid.rows) and len(grid.rows[index + 1].cells) == len(columns):
        lower = recognize(map(text_of, grid.rows[index + 1].cells))
        same = sum(low.heading == up.heading for low, up in zip(lower, columns, strict=True))
        if same and acceptable(lower) and lower != columns:
            return []
    return _recognize(grid, index, headings, answers)


def _title(grid: Grid, start: int) -> str:
    above = next((text_of(row.cells[0]) for row in reversed(grid.rows[:start]) if row.spans), '')
    return above or grid.title


def _heading_above(grid: Grid, start: int) -> str:
    """The nearest heading above the table that states a direction, or else its title."""
    above = _title(grid, start)
    return above if of_text(above)[0] or in_prose(above) else grid.title or above


def _shown(columns: list[Column]) -> str:
    return short(' | '.join(column.heading for column in columns), 200)
