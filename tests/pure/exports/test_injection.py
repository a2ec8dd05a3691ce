"""Text written by people stays text."""

import csv
import io
import json
import re

import pytest
from openpyxl import load_workbook

from .. import plain_yaml
from .readers import READERS
from .samples import (
    FIREWALLS,
    FORMULAS,
    NASTY,
    cells,
    known,
    nasty,
    plain,
    plain_atoms,
    render,
)

HOSTILE = (NASTY, *FORMULAS, '---', '-->', '*/', '"', '\\', 'x' * 3000, '\u202e\x00\x1b[2J')
# Each text in a third of the flows, in turn: three renderings in place of one for each text
TURNS = tuple(HOSTILE[n:] + HOSTILE[:n] for n in (0, 5, 10))


def check_configuration(name, *texts):
    bad = render(name, nasty(*texts), known(name))
    assert tuple(READERS[name](bad.content)) == plain_atoms(name)
    assert bad.rendered == plain(name).rendered


@pytest.mark.parametrize('name', FIREWALLS)
@pytest.mark.parametrize('texts', TURNS, ids=['first', 'second', 'third'])
def test_no_text_becomes_configuration(name, texts):
    check_configuration(name, *texts)


@pytest.mark.slow
@pytest.mark.parametrize('name', FIREWALLS)
@pytest.mark.parametrize('text', HOSTILE)
def test_no_single_text_becomes_configuration(name, text):
    check_configuration(name, text)


@pytest.mark.parametrize('text', FORMULAS)
def test_no_cell_is_a_formula(text):
    found = nasty(text)
    starts = ('=', '+', '-', '@', '\t', '\r', '\n')
    rows = list(csv.reader(io.StringIO(render('csv', found).content, newline='')))
    assert not [c for row in rows for c in row if c.startswith(starts)]
    sheet = load_workbook(io.BytesIO(render('xlsx', found).content)).active
    filled = [c for row in sheet.iter_rows() for c in row if c.value is not None]
    assert filled and {c.data_type for c in filled} == {'s'}
    assert not [c for c in filled if c.value.startswith(starts)]


@pytest.mark.parametrize('text', [NASTY, '<script>alert(1)</script>', 'a | b | c', '`|`', '\x00\x1b|', '\\|'])
def test_documents_say_the_text_as_it_is(text):
    found = nasty(text)
    loaded = json.loads(render('json', found).content)
    assert loaded == plain_yaml.load(render('yaml', found).content)
    assert {f['purpose'] for line in loaded['lines'] for f in line['flows']} == {text}
    assert [ref['display'] for ref in loaded['gateways']] == [text]
    html = render('html', found).content
    assert '<script' not in html and html.count('<h1>') == 1
    tables = [line for line in render('markdown', found).content.splitlines() if line.startswith('| ')]
    columns = {len(re.findall(r'(?<!\\)(?:\\\\)*\|', line)) for line in tables}
    assert columns == {12} and '<script' not in '\n'.join(tables)
    width = {len(row) for row in cells(render('xlsx', found))}
    assert width == {11}
