"""The conformance suite says what our own reader, writer and comparison do."""

from pathlib import Path

import pytest

from netbox_gwports.catalog.canonical import canonical
from netbox_gwports.catalog.document import read
from netbox_gwports.catalog.errors import CatalogError
from netbox_gwports.catalog.releases import compare

SUITE = Path(__file__).parents[2] / 'conformance'
VALID = sorted(path for path in (SUITE / 'valid').glob('*.yaml') if not path.name.endswith('.canonical.yaml'))
INVALID = sorted((SUITE / 'invalid').glob('*.yaml'))
PAIRS = sorted((SUITE / 'diff').glob('*.txt'))


def text(path):
    return path.read_text(encoding='utf-8')


@pytest.mark.parametrize('path', VALID, ids=lambda path: path.stem)
def test_valid_catalogs_have_one_canonical_form(path):
    expected = text(path.with_suffix('.canonical.yaml'))
    assert canonical(read(text(path))) == expected
    assert canonical(read(expected)) == expected


@pytest.mark.parametrize('path', INVALID, ids=lambda path: path.stem)
def test_invalid_catalogs_are_refused_for_the_expected_reasons(path):
    with pytest.raises(CatalogError) as refused:
        read(text(path))
    errors = path.with_suffix('.errors')
    if errors.exists():
        assert [f'{p.entry}|{p.field}' for p in refused.value.problems] == text(errors).splitlines()


@pytest.mark.parametrize('path', PAIRS, ids=lambda path: path.stem)
def test_the_difference_of_two_releases(path):
    old, new = (read(text(path.with_suffix(f'.{which}.yaml'))) for which in ('old', 'new'))
    assert [str(entry) for entry in compare(old, new) if entry.kind != 'same'] == text(path).splitlines()


def test_the_suite_is_whole():
    assert len(VALID) >= 10 and len(INVALID) >= 20 and len(PAIRS) >= 5
    assert {path.with_suffix('.yaml') for path in (SUITE / 'invalid').glob('*.errors')} <= set(INVALID)
