"""JSON, YAML, and tables for spreadsheets."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import yaml

from ..base import Exporter, Work, Written
from ..text import cell
from .content import COLUMNS, as_data, rows

__all__ = ('CSVExporter', 'JSONExporter', 'XLSXExporter', 'YAMLExporter')

_json = json.JSONEncoder(ensure_ascii=False).encode


class JSONExporter(Exporter):
    name, label, extension, media_type = 'json', 'JSON', 'json', 'application/json'

    def write(self, work: Work) -> Written:
        entries = (f'  {_json(key)}: {self._value(value)}' for key, value in as_data(work).items())
        return Written('{\n' + ',\n'.join(entries) + '\n}\n', work.keys)

    @staticmethod
    def _value(value: object) -> str:
        """Lists with one entry per line: for comparisons, and because indenting all of it takes three times as long."""
        if not isinstance(value, list) or not value:
            return _json(value)
        return '[\n' + ',\n'.join(f'    {_json(entry)}' for entry in value) + '\n  ]'


class YAMLExporter(Exporter):
    name, label, extension, media_type = 'yaml', 'YAML', 'yaml', 'application/yaml; charset=utf-8'

    def write(self, work: Work) -> Written:
        return Written(_yaml(as_data(work)), work.keys)


def _yaml(data: object) -> str:
    """The same text with libyaml, which is three times as fast, and without it."""
    options: dict[str, Any] = {'sort_keys': False, 'allow_unicode': True, 'width': 100}
    if fast := getattr(yaml, 'CSafeDumper', None):
        text = str(yaml.dump(data, Dumper=fast, **options))
        # It escapes more characters, and breaks lines with escapes elsewhere
        if '\\' not in text:
            return text
    return str(yaml.dump(data, Dumper=yaml.SafeDumper, **options))


def _table(work: Work) -> Iterator[tuple[str, ...]]:
    """The header in the first column, an empty row, the names of the columns, and the rows."""
    yield from ((line,) for line in work.header)
    yield ()
    yield COLUMNS
    yield from (row.cells() for row in rows(work))


class CSVExporter(Exporter):
    name, label, extension, media_type = 'csv', 'CSV', 'csv', 'text/csv; charset=utf-8'

    def write(self, work: Work) -> Written:
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        writer.writerows([cell(value) for value in row] for row in _table(work))
        return Written(buffer.getvalue(), work.keys)


class XLSXExporter(Exporter):
    name, label, extension = 'xlsx', 'Excel (XLSX)', 'xlsx'
    media_type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    requires = ('openpyxl', 'openpyxl>=3.1,<4')

    def write(self, work: Work) -> Written:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell

        book = Workbook(write_only=True)
        sheet = book.create_sheet('Rules')
        for row in _table(work):
            cells = []
            for value in row:
                written = WriteOnlyCell(sheet, value=cell(value))
                # Text, whatever it looks like
                written.data_type = 's'
                cells.append(written)
            sheet.append(cells)
        buffer = io.BytesIO()
        book.save(buffer)
        return Written(buffer.getvalue(), work.keys)
