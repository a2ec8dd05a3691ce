"""Formats of others are held to the same contract."""

import tomllib
from pathlib import Path
from unittest import mock

import pytest

from netbox_gwports import exports
from netbox_gwports.exports import Exporter, ExportError, Unavailable, Written, collect

from .samples import DUAL, FORMATS, material


class Mine(Exporter):
    name, label, extension = 'mine', 'Mine', 'mine'

    def refuse(self, rule, options):
        return ('no_udp', 'it cannot say UDP') if rule.protocol == 'udp' else None

    def write(self, work):
        return Written('\n'.join(work.header), work.keys)


class Forgetful(Mine):
    name = 'forgetful'

    def write(self, work):
        return Written('', frozenset())


class Again(Mine):
    name = 'csv'


class Nameless(Exporter):
    pass


class Needy(Mine):
    name, label, requires = 'needy', 'Needy', ('no_such_module', 'some-package>=2')


def test_an_added_format_is_held_to_the_same_contract():
    formats = collect([Mine, Forgetful, Needy])
    assert [*formats] == [*FORMATS, 'mine', 'forgetful', 'needy']
    found = material(('outbound', 'udp/53 tcp/53', 'internal', ['10.1.0.1']), addresses=DUAL[:1])
    rendering = exports.render(formats['mine'], found, title='a-title')
    assert rendering.filename == 'a-title.mine' and [e.reason for e in rendering.skipped] == ['no_udp']
    with pytest.raises(ExportError, match='neither written nor left out'):
        exports.render(formats['forgetful'], found)
    with pytest.raises(Unavailable, match='Needy needs no_such_module: install some-package>=2.'):
        exports.render(formats['needy'], found)


@pytest.mark.parametrize('added', [Again, Nameless, Exporter, str, 'a path', Mine()])
def test_what_is_not_a_usable_format_is_refused(added):
    with pytest.raises(ValueError, match='two exporters are named "csv"|is not an exporter'):
        collect([added])


def test_formats_name_the_packages_that_the_project_names():
    """Messages must not send people to a version that the project does not allow."""
    project = tomllib.loads((Path(__file__).parents[3] / 'pyproject.toml').read_text(encoding='utf-8'))['project']
    allowed = {*project['optional-dependencies']['xlsx']}
    needed = {exporter.requires for exporter in FORMATS.values() if exporter.requires}
    assert {requirement for _module, requirement in needed} == allowed
    with mock.patch('netbox_gwports.exports.base.find_spec', return_value=None):
        told = {name: exporter.unavailable() for name, exporter in FORMATS.items()}
    assert told['xlsx'] == 'Excel (XLSX) needs openpyxl: install openpyxl>=3.1,<4.'
    assert not told['json'] and not told['nftables']
