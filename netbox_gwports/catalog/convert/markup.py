"""Reads the tables of an HTML page, including cells that span rows and columns, line breaks and lists."""

from html.parser import HTMLParser

from .cells import SEAM, Cell, Grid, GridRow, Line, clean, lines_of

__all__ = ('cell', 'read')

HEADINGS = {'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'caption'}
BLOCKS = {'p', 'div', 'ul', 'ol', 'dl', 'dt', 'dd', 'br', 'li', 'tr', 'pre', 'section'}
UNSEEN = {'script', 'style', 'template'}
# Text that the vendor struck through is kept between two tildes
STRUCK = {'del', 's', 'strike'}
# Raised or lowered text of so many letters or digits is the mark of a footnote
LONGEST_MARK = 2
# Limits colspan and rowspan; browsers allow 1000 columns and 65534 rows
WIDEST = 200


def read(text: str) -> list[Grid]:
    """The tables of a page in order, including nested ones; empty tables are omitted."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    parser.finish()
    return [Grid(table.line, rows, table.title) for table in parser.tables if (rows := table.rows())]


def cell(text: str, line: int) -> Cell:
    """The lines of one cell with HTML in it, such as a cell of a Markdown table."""
    rows = read(f'<table><tr><td>{text}</table>')[0:1]
    found = rows[0].rows[0].cells[0] if rows else ()
    return tuple(Line(part.text, line, part.bullet) for part in found)


class _Table:
    def __init__(self, line: int, title: str) -> None:
        self.line, self.title = line, title
        # Rows of (cell, rowspan, colspan), each with its line
        self.raw: list[tuple[int, list[tuple[Cell, int, int]]]] = []

    def rows(self) -> list[GridRow]:
        """The rows; each cell is repeated in every row and column that it spans."""
        found: list[GridRow] = []
        hanging: dict[int, tuple[Cell, int]] = {}
        width = max((sum(span for _, _, span in cells) for _, cells in self.raw), default=0)
        for line, cells in self.raw:
            spans = len(cells) == 1 and not hanging and width > 1 and cells[0][2] >= width
            # Column -> (cell, number of further rows): ``above`` reach into this row, ``hanging`` into those below
            above, hanging, waiting = hanging, {}, list(cells)
            row: list[Cell] = []
            while len(row) < WIDEST and (waiting or any(column >= len(row) for column in above)):
                if (column := len(row)) in above:
                    cell, left = above.pop(column)
                    row.append(cell)
                    if left > 1:
                        hanging[column] = (cell, left - 1)
                elif waiting:
                    cell, down, across = waiting.pop(0)
                    for at in range(column, column + across):
                        if at in above:
                            break
                        row.append(cell)
                        if down > 1:
                            hanging[at] = (cell, down - 1)
                else:
                    row.append(())
            if any(row):
                found.append(GridRow(line, tuple(row), spans))
        return found


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.open: list[_Table] = []
        # One for each open cell: (lines, rowspan, colspan), its table
        self.cells: list[tuple[_Table, list[Line], int, int]] = []
        self.words: list[str] = []
        self.word_line, self.bullet, self.unseen = 0, False, 0
        self.heading: list[str] | None = None
        self.title = ''
        # The text of an open <sup> or <sub>, and whether a tag stands between two texts
        self.raised: list[str] | None = None
        self.seam = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, values = self.getpos()[0], dict(attrs)
        self.seam = tag != 'wbr'
        if tag in UNSEEN:
            self.unseen += 1
        elif tag == 'table':
            self._flush()
            table = _Table(line, self.title)
            self.title = ''
            self.tables.append(table)
            self.open.append(table)
        elif tag == 'tr' and self.open:
            self._close_cell()
            self.open[-1].raw.append((line, []))
        elif tag in ('td', 'th') and self.open:
            self._close_cell()
            if not self.open[-1].raw:
                self.open[-1].raw.append((line, []))
            self.cells.append((self.open[-1], [], _span(values.get('rowspan')), _span(values.get('colspan'))))
        elif tag in HEADINGS:
            self._flush()
            self.heading = []
        elif tag in BLOCKS:
            self._flush()
            self.bullet = tag == 'li'
        elif tag in STRUCK:
            self._add('~~')
        elif tag in ('sup', 'sub'):
            self.raised = []

    def handle_endtag(self, tag: str) -> None:
        self.seam = tag != 'wbr'
        if tag in UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif tag == 'table' and self.open:
            self._close_cell()
            self.open.pop()
        elif tag in ('td', 'th', 'tr') and self.open:
            self._close_cell()
        elif tag in HEADINGS and self.heading is not None:
            title, self.heading = clean(' '.join(self.heading)), None
            if tag == 'caption' and self.open:
                self.open[-1].title = title
            else:
                self.title = title
        elif tag in BLOCKS:
            self._flush()
            self.bullet = False
        elif tag in STRUCK:
            self._add('~~')
        elif tag in ('sup', 'sub') and self.raised is not None:
            self._lower()

    def handle_data(self, data: str) -> None:
        if self.unseen:
            return
        if self.heading is not None:
            self.heading.append(data)
        elif self.raised is not None:
            self.raised.append(data)
        else:
            self._add(data)

    def _add(self, data: str) -> None:
        """Add text to the open cell. Digits in two elements without a space are kept apart: nobody knows how."""
        if not self.cells or self.cells[-1][0] is not self._table():
            return
        if not self.words:
            # The line of the first letter, not of the line feeds before it
            self.word_line = self.getpos()[0] + data[: len(data) - len(data.lstrip())].count('\n')
        elif self.seam and self.words[-1][-1:].isdigit() and data[:1].isdigit():
            self.words.append(SEAM)
        if self.words or data.strip():
            self.words.append(data)
        self.seam = False

    def _lower(self) -> None:
        mark, self.raised = clean(''.join(self.raised or ())), None
        self._add(f' [{mark}]' if mark.isalnum() and len(mark) <= LONGEST_MARK else f' {mark}')

    def finish(self) -> None:
        """Close the tables that are still open at the end of the page."""
        while self.open:
            self._close_cell()
            self.open.pop()

    def _table(self) -> _Table | None:
        return self.open[-1] if self.open else None

    def _flush(self) -> None:
        if self.cells and (text := clean(''.join(self.words))):
            self.cells[-1][1].append(Line(text, self.word_line, self.bullet))
        if self.words:
            self.bullet = False
        self.words = []

    def _close_cell(self) -> None:
        if self.raised is not None:
            self._lower()
        self._flush()
        self.bullet = False
        if self.cells and self.cells[-1][0] is self._table():
            table, lines, down, across = self.cells.pop()
            table.raw[-1][1].append((_bulleted(lines), down, across))


def _bulleted(lines: list[Line]) -> Cell:
    """Recognize bullets written as text, too."""
    found = []
    for line in lines:
        found += [Line(part.text, line.number, line.bullet or part.bullet) for part in lines_of(line.text, line.number)]
    return tuple(found)


def _span(value: str | None) -> int:
    # 0 means "to the end" in HTML; vendors do not use it
    return max(1, min(int(value), WIDEST)) if value and value.isdecimal() and len(value) < 6 else 1
