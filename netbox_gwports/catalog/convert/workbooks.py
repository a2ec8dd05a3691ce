"""Reads the sheets of an Excel workbook, with openpyxl."""

import zipfile
from io import BytesIO
from typing import Any

from .cells import Cell, Grid, GridRow, lines_of
from .errors import ConversionError

__all__ = ('is_workbook', 'read')

# A workbook is compressed: these limits hold for what is in it
MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 20_000_000, 5000, 100


def is_workbook(data: bytes) -> bool:
    return data.startswith(b'PK\x03\x04')


def read(data: bytes) -> list[Grid]:
    """One grid for each visible sheet. Numbers are as stored: a port has no thousands separators.

    Raises ConversionError without openpyxl, and for a file that is no workbook or too large.
    """
    try:
        import openpyxl
    except ImportError:
        raise ConversionError(
            0, 'is a workbook, and openpyxl is not installed', 'pip install openpyxl, or save the sheet as CSV'
        ) from None
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise ConversionError(0, 'is too large', 'save only the sheet with the table')
        book: Any = openpyxl.load_workbook(BytesIO(data), data_only=True)
        return [_grid(sheet) for sheet in book.worksheets if sheet.sheet_state == 'visible' and sheet.max_row]
    except ConversionError:
        raise
    except Exception as e:
        # openpyxl raises many kinds of errors for broken files
        raise ConversionError(0, f'is not a valid workbook ({type(e).__name__})', 'save it again, or as CSV') from None


def _grid(sheet: Any) -> Grid:
    spanned = {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        if area.size['rows'] * area.size['columns'] < MOST_ROWS
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    rows = []
    width = min(sheet.max_column, MOST_COLUMNS)
    for number in range(1, min(sheet.max_row, MOST_ROWS) + 1):
        if sheet.row_dimensions[number].hidden:
            continue
        cells = tuple(_cell(sheet, number, column, spanned) for column in range(1, width + 1))
        if any(cells):
            filled = {spanned.get((number, i + 1), i) for i, cell in enumerate(cells) if cell}
            rows.append(GridRow(number, cells, spans=len(filled) == 1 and bool(cells[0]) and width > 1))
    return Grid(1, rows, str(sheet.title))


def _cell(sheet: Any, row: int, column: int, spanned: dict[tuple[int, int], tuple[int, int]]) -> Cell:
    cell = sheet.cell(*spanned.get((row, column), (row, column)))
    value = cell.value
    if value is None:
        return ()
    if cell.is_date or cell.data_type == 'e':
        # Excel takes "20-21" for a date: what was typed is lost
        return lines_of(f'{value} (a date in the workbook)', row)
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return lines_of(f'~~{text}~~' if cell.font and cell.font.strike else text, row)
