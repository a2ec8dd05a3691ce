"""Tables in the shapes that vendors publish: most rows are right after the questions, and none is wrong silently."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from netbox_gwports.catalog.convert import UNDECIDED, WORDING, WRITTEN, Answers, Head, convert

TABLES = Path(__file__).parent / 'tables'
NAMES = sorted(path.stem for path in TABLES.glob('*.expected'))
TARGET = 0.85


@cache
def read_table(name, *, decide=False):
    """(draft, number of a row -> "DIRECTION PORTS" or "undecided")."""
    (path,) = (path for path in TABLES.glob(f'{name}.*') if path.suffix != '.expected')
    case = yaml.safe_load((TABLES / f'{name}.expected').read_text(encoding='utf-8'))
    answers = case['answers'] | ({'rows': case.get('decide', {})} if decide else {})
    return convert(path.read_bytes(), head=Head(*case['head']), answers=Answers.of(answers)), case['rows']


def seen(row):
    if row.state == UNDECIDED:
        return 'undecided'
    directions = 'both' if len(row.directions) == 2 else ''.join(row.directions)
    return f'{directions} {" ".join(row.ports)}'


def is_told(row):
    """Whether a doubt about the ports or the direction of the row says that it may be wrong."""
    return any(doubt.field in ('ports', 'direction') and doubt.weight != WORDING for doubt in row.doubts)


def judge(name):
    """(rows, rows that are right, [what is wrong], [what is wrong silently])."""
    draft, expected = read_table(name)
    wrong, silent = [], []
    for row in draft.table:
        if (found := seen(row)) != (wanted := expected.get(row.number, 'no row')):
            text = f'{name}, row {row.number}: {found} instead of {wanted} {row.why}'
            (wrong if row.state != WRITTEN or is_told(row) else silent).append(text)
    missing = [f'{name}, row {number}: missing' for number in expected if number > len(draft.table)]
    total = max(len(expected), len(draft.table))
    return total, total - len(wrong) - len(silent) - len(missing), [*wrong, *missing], silent


def test_most_rows_are_right_and_none_is_wrong_silently():
    total, right, wrong, silent = 0, 0, [], []
    for name in NAMES:
        rows, good, bad, worse = judge(name)
        total, right, wrong, silent = total + rows, right + good, wrong + bad, silent + worse
    assert silent == []
    assert right / total >= TARGET, '\n'.join([f'{right} of {total}', *wrong])


@pytest.mark.parametrize('name', NAMES)
def test_a_person_who_decides_rows_gets_what_was_decided(name):
    draft, expected = read_table(name, decide=True)
    for number in draft.answers.rows:
        assert seen(draft.table[number - 1]) == expected[number]


@pytest.mark.parametrize('name', NAMES)
def test_at_most_five_questions_are_asked_and_none_twice(name):
    (path,) = (path for path in TABLES.glob(f'{name}.*') if path.suffix != '.expected')
    case = yaml.safe_load((TABLES / f'{name}.expected').read_text(encoding='utf-8'))
    draft = convert(path.read_bytes(), head=Head(*case['head']))
    assert len(draft.questions) <= 5
    answered, _ = read_table(name)
    assert (
        not {question.name for question in answered.questions}
        & {'direction', 'itself', 'zones', 'protocol'}
        & set(case['answers'])
    )
