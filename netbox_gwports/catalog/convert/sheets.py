"""Reads CSV and TSV, as saved by spreadsheets."""

import csv

from .cells import Grid, GridRow, lines_of
from .errors import ConversionError

__all__ = ('read',)


def read(text: str, kind: str) -> list[Grid]:
    """One grid. ``kind`` is csv or tsv. CSV may use semicolons, as spreadsheets do in many locales.

    Raises ConversionError for invalid input, such as an unclosed quotation mark.
    """
    delimiter = '\t' if kind == 'tsv' else _delimiter(text)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    rows, before = [], 0
    try:
        for values in reader:
            if any(value.strip() for value in values):
                cells = tuple(lines_of(value.replace('\r\n', '\n').replace('\r', '\n'), before + 1) for value in values)
                filled = [cell for cell in cells if cell]
                rows.append(GridRow(before + 1, cells, spans=len(filled) == 1 and bool(cells[0]) and len(cells) > 1))
            before = reader.line_num
    except csv.Error as e:
        raise ConversionError(
            before + 1, f'is not valid {kind.upper()} ({e})', 'look for a quotation mark that is not closed or doubled'
        ) from None
    return [Grid(1, rows)]


def _delimiter(text: str) -> str:
    counts = [(line.count(';'), line.count(',')) for line in text.splitlines()[:50]]
    return ';' if sum(s > c for s, c in counts) > len(counts) / 2 else ','
