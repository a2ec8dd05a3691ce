"""The canonical form of a catalog: written, read and written again it is the same, byte by byte."""

import json
from dataclasses import replace
from functools import cache

import pytest

from netbox_gwports.catalog.canonical import canonical
from netbox_gwports.catalog.document import Flow, Role, Service, read
from netbox_gwports.catalog.files import bundled

from .. import plain_yaml

WORDS = ['no', '010', '1e3', '~', '- a', 'a: b', '# c', "it's", '"quoted"', '{x}', '2026-01-01', '=', '*', 'ü…']
# An empty catalog of some product, to be filled
EMPTY = replace(
    read(next(iter(bundled().values())).read_text(encoding='utf-8')), features=(), roles=(), services=(), flows=()
)


@cache
def read_bundled(name):
    return read(bundled()[name].read_text(encoding='utf-8'), name)


def filled(flows, services=('HTTPS',)):
    return replace(
        EMPTY,
        roles=(Role('servers', 'Servers', 'internal'), Role('unused', 'Unused', 'internal')),
        services=tuple(Service(name, ('tcp/443',)) for name in services),
        flows=tuple(flows),
    )


@pytest.mark.parametrize('name', bundled())
def test_bundled_catalogs_come_out_as_they_went_in(name):
    catalog = read_bundled(name)
    text = canonical(catalog)
    again = read(text, name)
    assert canonical(again) == text
    # In another order, and with entries elsewhere in the document, but nothing is lost
    assert {replace(flow, entry='') for flow in again.flows} == {replace(flow, entry='') for flow in catalog.flows}
    assert set(again.features) == set(catalog.features)
    assert set(again.services) == set(catalog.services)
    parts = {'features': (), 'roles': (), 'services': (), 'flows': ()}
    assert replace(again, **parts) == replace(catalog, **parts)


@pytest.mark.parametrize('name', bundled())
def test_json_gives_the_same_catalog(name):
    text = bundled()[name].read_text(encoding='utf-8')
    plain = plain_yaml.load(text)
    if published := plain.get('published'):
        plain['published'] = str(published)
    assert read(json.dumps(plain, indent='\t'), name) == read_bundled(name)


def test_the_order_of_entries_does_not_matter():
    catalog = read_bundled('clearswift-seg-6.3')
    backwards = {name: getattr(catalog, name)[::-1] for name in ('features', 'roles', 'services', 'flows')}
    assert canonical(replace(catalog, **backwards)) == canonical(catalog)


def test_text_that_yaml_might_take_for_something_else():
    flows = [
        Flow('HTTPS', 'outbound', 'servers', word, notes=f'{word}\n\n  {word}', row=number, item=1)
        for number, word in enumerate(WORDS, 1)
    ]
    found = read(canonical(filled(flows))).flows
    assert [(flow.purpose, flow.notes) for flow in found] == [(flow.purpose, flow.notes) for flow in flows]


def test_items_that_appear_twice_get_the_next_number():
    flows = [
        Flow('A', 'outbound', 'servers', 'First', row=1, item=1),
        Flow('B', 'outbound', 'servers', 'First', row=1, item=1),
        Flow('C', 'outbound', 'servers', 'First', row=1),
    ]
    text = canonical(filled(flows, services=('A', 'B', 'C')))
    assert [(flow.service, flow.item) for flow in read(text).flows] == [('A', 1), ('B', 2), ('C', 3)]
    assert canonical(read(text)) == text


def test_roles_without_flows_are_left_out():
    text = canonical(filled([Flow('HTTPS', 'outbound', 'servers', 'First')]))
    assert [role['slug'] for role in plain_yaml.load(text)['roles']] == ['servers']


def test_a_catalog_without_features_has_no_such_section():
    text = canonical(filled([Flow('HTTPS', 'outbound', 'servers', 'First')]))
    assert 'features' not in plain_yaml.load(text)
