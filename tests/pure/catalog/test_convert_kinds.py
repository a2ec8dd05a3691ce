"""The same table in every kind of file gives the same rows."""

import io

import openpyxl
import pytest
from openpyxl.styles import Font

from netbox_gwports.catalog.convert import Answers, ConversionError, Head, convert

from .test_convert import ROWS

HEAD = Head('Example', 'Mail Gateway', '2.1')
CSV = '\n'.join(','.join(row) for row in ROWS)
TSV = '\n'.join('\t'.join(row) for row in ROWS)
MARKDOWN = '\n'.join(['# Ports', '', *('| ' + ' | '.join(row) + ' |' for row in (ROWS[0], ('---',) * 5, *ROWS[1:]))])
ASCIIDOC = '\n'.join(['.Ports', '[cols="5*"]', '|===', *('|' + ' |'.join(row) for row in ROWS), '|==='])
ONE_A_LINE = '\n'.join([
    '|===',
    '|' + ' |'.join(ROWS[0]),
    '',
    *('\n'.join(f'|{cell}' for cell in row) + '\n' for row in ROWS[1:]),
    '|===',
])


def workbook(rows=ROWS, change=lambda sheet: None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def seen(source, **options):
    draft = convert(source, head=HEAD, answers=Answers(zones={'*': 'internal'}), **options)
    return [(row.ports, row.directions, row.application, row.purposes) for row in draft.table]


EXPECTED = seen(CSV, kind='csv')


@pytest.mark.parametrize(
    'source',
    [
        TSV,
        MARKDOWN,
        ASCIIDOC,
        ONE_A_LINE,
        workbook(),
        CSV.encode('utf-8-sig'),
        CSV.encode('utf-16'),
        CSV.encode('utf-16-le'),
        CSV.encode('utf-32'),
        CSV.replace('\n', '\r\n').encode(),
        CSV.replace(',', ';').encode(),
    ],
    ids=[
        'tsv',
        'markdown',
        'asciidoc',
        'one cell a line',
        'xlsx',
        'bom',
        'utf-16',
        'le',
        'utf-32',
        'crlf',
        'semicolons',
    ],
)
def test_every_kind(source):
    assert len(EXPECTED) == 4
    assert seen(source) == EXPECTED


def test_an_encoding_that_is_not_stated_is_told():
    data = CSV.replace('Receives mail', 'Empfängt E-Mail').encode('cp1252')
    draft = convert(data, head=HEAD)
    assert draft.table[0].purposes == ('Empfängt E-Mail',)
    assert any('encoding' in doubt.unsure for doubt in draft.doubts)
    page = f'<meta charset="koi8-r"><table>{"<tr><td>Port<td>Purpose<tr><td>443<td>Почта"}</table>'
    assert convert(page.encode('koi8-r'), head=HEAD).table[0].printed[1][1] == 'Почта'


def test_cells_of_a_workbook():
    rows = [
        ROWS[0],
        (1433, 'TCP', 'SQL', 'Out', 'Stores'),
        (80.0, 'TCP', 'HTTP', 'Out', 'Web'),
        ('x', 'TCP', '', 'Out', ''),
    ]

    def change(sheet):
        sheet['A2'].number_format = '#,##0'
        sheet['A4'].value = '8080'
        sheet['A4'].font = Font(strike=True)
        sheet.append([44, 'TCP', 'Hidden', 'Out', ''])
        sheet.row_dimensions[5].hidden = True
        sheet.append(['25', 'TCP', 'SMTP', 'Out', 'Mail'])
        sheet.merge_cells('A6:A7')
        sheet['B7'], sheet['D7'], sheet['E7'] = 'UDP', 'In', 'Odd'

    found = seen(workbook(rows, change))
    assert [ports for ports, *_ in found] == [('tcp/1433',), ('tcp/80',), (), ('tcp/25',), ('udp/25',)]


def test_a_port_that_excel_took_for_a_date_is_undecided():
    def change(sheet):
        sheet['A2'].value = __import__('datetime').datetime(2026, 12, 20)

    draft = convert(workbook(ROWS, change), head=HEAD)
    assert draft.table[0].state == 'undecided' and not draft.table[0].ports


@pytest.mark.parametrize('data', [b'PK\x03\x04', b'PK\x03\x04 and more', workbook()[:400]])
def test_what_is_no_workbook(data):
    with pytest.raises(ConversionError, match='not a valid workbook'):
        convert(data, head=HEAD)


def test_asciidoc_cells_that_span():
    text = (
        '|===\n|Port |Protocol |Direction |Purpose\n\n4+|Inbound\n.2+|443 |TCP |In |Web\n|UDP |In |QUIC\n'
        '2*|53 |Out |DNS\n|===\n'
    )
    draft = convert(text, head=HEAD)
    assert [(row.ports, row.directions) for row in draft.table[:2]] == [
        (('tcp/443',), ('inbound',)),
        (('udp/443',), ('inbound',)),
    ]
    assert dict(draft.table[2].printed)['Protocol'] == '53'


def test_markdown_cells_with_marks_and_html():
    text = (
        '| Port | Protocol | Direction | Host |\n|---|---|---|---|\n'
        '| `443`<sup>1</sup> | **TCP** | Out | `a.example.net` |\n'
        '| 80 ~~8080~~ | TCP | Out | [b.example.net](https://c.example.net) |\n'
        '| 25<br>465 | TCP | Out | d.example.net |\n'
    )
    draft = convert(text, head=HEAD)
    assert [row.ports for row in draft.table] == [('tcp/443',), ('tcp/80',), ('tcp/25', 'tcp/465')]
    assert [row.dns_names for row in draft.table] == [('a.example.net',), ('b.example.net',), ('d.example.net',)]


def test_one_of_several_tables_is_chosen_by_its_number():
    text = (
        MARKDOWN
        + '\n\n# Other\n\n| Port | Protocol | Direction | Host |\n|---|---|---|---|\n| 1 | TCP | In | a.example.net |\n'
    )
    draft = convert(text, head=HEAD)
    (question,) = (question for question in draft.questions if question.name == 'tables')
    assert question.about == ('1: Ports', '2: Other')
    chosen = convert(text, head=HEAD, answers=Answers(tables=(2,)))
    assert [row.ports for row in chosen.table] == [('tcp/1',)]
    assert not any(question.name == 'tables' for question in chosen.questions)
