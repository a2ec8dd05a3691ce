"""The command ``gwports-catalog``: what it writes where, its exit codes, and that it needs no NetBox."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from netbox_gwports.catalog.cli import converting, main
from netbox_gwports.catalog.document import read

from .samples import catalog
from .test_convert import CSV
from .test_imports import BLOCKED, BLOCKER, ROOT

HEAD = ['--manufacturer', 'Example', '--name', 'Mail Gateway', '--release', '2.1']
SMALL = """\
format: 1
manufacturer: {name: Example, slug: example}
name: Mail Gateway
version: '2.1'
slug: example-2-1
roles: [{slug: dns-servers, name: DNS servers, zone: internal}]
services: [{name: DNS, ports: [udp/53]}]
rows: [{row: 1, service: DNS, direction: outbound, role: dns-servers, items: [{purpose: Resolve names}]}]
"""


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def command(*arguments):
        code = main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return command


def write(name, text):
    Path(name).write_text(text, encoding='utf-8')
    return name


def test_valid_catalogs(run):
    code, out, err = run('validate', write('a.yaml', SMALL))
    assert (code, out, err) == (0, 'a.yaml: Example Mail Gateway 2.1: 1 flows\n', '')


def test_errors_name_their_file_and_place_and_other_files_are_still_checked(run):
    write('bad.yaml', SMALL.replace('udp/53', 'udp/0'))
    write('good.yaml', SMALL)
    code, out, err = run('validate', 'bad.yaml', 'good.yaml')
    assert code == 1 and 'good.yaml' in out and 'bad.yaml: services[0]: ports: ' in err
    assert run('validate', 'missing.yaml', 'good.yaml')[0] == 2


def test_a_partial_catalog_is_said_and_refused_where_complete_ones_are_needed(run):
    write('a.yaml', SMALL.replace("version: '2.1'", "version: '2.1'\npartial: two rows"))
    assert run('validate', 'a.yaml')[:2] == (
        0,
        'a.yaml: Example Mail Gateway 2.1: 1 flows\na.yaml: partial: two rows\n',
    )
    assert run('validate', '--complete', 'a.yaml')[0] == 1


def test_canonical_form(run):
    write('a.yaml', SMALL)
    assert run('canonicalize', '--check', 'a.yaml')[0] == 1
    code, out, _err = run('canonicalise', 'a.yaml')
    assert code == 0 and read(out) == read(SMALL, 'catalog')
    assert run('canonicalize', '--write', 'a.yaml')[:2] == (0, '')
    assert Path('a.yaml').read_text(encoding='utf-8') == out
    assert run('canonicalize', '--check', 'a.yaml') == (0, '', '')


def test_the_difference_of_two_releases(run):
    old = write('old.yaml', SMALL)
    assert run('diff', old, old) == (0, '', '')
    new = write('new.yaml', SMALL.replace('[udp/53]', '[tcp/53, udp/53]').replace("'2.1'", "'2.2'"))
    code, out, _err = run('diff', old, new)
    assert (code, out) == (
        1,
        'moved: row 1: outbound tcp/53 udp/53 dns-servers: Resolve names (ports: udp/53 -> tcp/53 udp/53)\n',
    )
    (entry,) = json.loads(run('diff', '--json', old, new)[1])
    assert entry['kind'] == 'moved' and entry['facts'] == [['ports', ['udp/53'], ['tcp/53', 'udp/53']]]
    words = write('words.yaml', SMALL.replace('Resolve names', 'Resolve the names'))
    assert run('diff', old, words)[0] == 1
    assert run('diff', '--ignore-words', old, words) == (0, '', '')
    assert run('diff', old, 'missing.yaml')[0] == 2


def test_a_conversion_tells_by_its_code_whether_rows_are_undecided(run):
    table = write('table.csv', CSV)
    code, out, err = run('convert', table, *HEAD)
    assert code == 1 and 'undecided:' in out and 'question zones (rows 1)' in err
    code, out, err = run('convert', table, *HEAD, '--zone', 'internal')
    assert code == 0 and len(read(out).flows) == 5 and 'question' not in err
    assert run('convert', write('none.csv', 'no table'), *HEAD)[0] == 2
    assert run('convert', table, *HEAD, '--output', table)[0] == 2


def test_a_draft_remembers_its_answers(run):
    table = write('table.csv', CSV.replace('TCP/UDP', ''))
    run('convert', table, *HEAD, '--zone', 'internal', '--protocol', 'tcp', '--output', 'draft.yaml')
    code, out, _err = run('convert', table, *HEAD, '--answers', 'draft.yaml')
    assert code == 0 and read(out) == read(Path('draft.yaml').read_text(encoding='utf-8'), 'catalog')
    assert run('convert', table, *HEAD, '--answers', table)[0] == 2


def test_questions_on_a_terminal_are_asked_once():
    asked = []

    def answer(prompt):
        asked.append(prompt)
        return 'internal' if 'unnamed-remotes' in prompt else ''

    table = CSV + '\n"25,465",TCP,SMTP,In,Receives mail'
    options = {'file': write_temporary(table), 'manufacturer': 'E', 'name': 'G', 'release': '1'}
    draft = converting.run(options, io.StringIO(), io.StringIO(), answer)
    assert asked == ['  unnamed-remotes: ', '  ']
    assert [row.number for row in draft.undecided] == [5]


def write_temporary(text):
    from tempfile import NamedTemporaryFile

    with NamedTemporaryFile('w', suffix='.csv', delete=False, encoding='utf-8') as file:
        file.write(text)
    return file.name


def run_without(blocked, *commands):
    """(exit code, standard error) of commands in one process where some packages cannot be imported."""
    run = f'from netbox_gwports.catalog.cli import main\nsys.exit(max(main(command) for command in {commands!r}))'
    command = [sys.executable, '-c', (BLOCKER + run).replace('{BLOCKED}', repr(blocked))]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, env={'PYTHONPATH': '.'})
    return result.returncode, result.stderr


def test_where_there_is_neither_django_nor_netbox(tmp_path):
    catalog, table = str(tmp_path / 'a.yaml'), str(tmp_path / 'table.csv')
    write(catalog, SMALL)
    write(table, CSV)
    code, err = run_without(
        BLOCKED,
        ['validate', catalog],
        ['canonicalize', catalog],
        ['diff', catalog, catalog],
        ['convert', table, *HEAD, '--zone', 'internal'],
    )
    assert code == 0, err


def test_what_is_not_installed_is_said():
    code, err = run_without(BLOCKED | {'yaml'}, [])
    assert code == 2 and 'yaml is not installed: pip install PyYAML' in err


def test_every_fact_of_a_flow_is_in_the_difference():
    from netbox_gwports.catalog.releases import compare
    from netbox_gwports.rules.facts import FACTS

    for fact in FACTS:
        entries = compare(catalog(), catalog(second=(fact.name,)))
        stated = {name for entry in entries for name, _, _ in entry.facts}
        # A flow with another key is another flow
        assert fact.catalog_key in stated if fact.change else not stated, fact.name
