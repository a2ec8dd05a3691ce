"""Every fact of a flow is in the schema, the reader, the canonical form and the rules: generated from the table."""

from dataclasses import fields, replace

import pytest

from netbox_gwports.catalog.canonical import canonical
from netbox_gwports.catalog.document import Flow, Service, read
from netbox_gwports.catalog.meaning import spread
from netbox_gwports.catalog.structure import schema
from netbox_gwports.rules import needs
from netbox_gwports.rules.facts import FACTS, Kind, StatedBy, of_service, of_template

from .. import plain_yaml
from .samples import catalog, sample

# What a flow of a catalog has beside its facts: where it is stated
PLACE = {'service', 'row', 'item', 'entry'}


def named(facts):
    return pytest.mark.parametrize('fact', facts, ids=lambda fact: fact.name)


def test_names_and_keys_are_unique():
    assert len({fact.name for fact in FACTS}) == len(FACTS)
    for facts in (of_service(), of_template()):
        assert len({fact.catalog_key for fact in facts}) == len(facts)
    assert {*of_service(), *of_template()} == {*FACTS}


def test_a_fact_that_opens_or_identifies_is_copied():
    assert not [fact.name for fact in FACTS if (fact.opens or fact.identifies) and not fact.copied]


def test_the_schema_has_no_other_keys_and_none_less():
    definitions = schema()['$defs']
    assert {*definitions['need']['properties']} == {fact.catalog_key for fact in of_template()}
    assert {*definitions['service']['properties']} == {*(f.catalog_key for f in of_service()), 'description'}


def test_the_reader_has_no_other_fields_and_none_less():
    assert {field.name for field in fields(Flow)} == {*(fact.catalog_key for fact in of_template()), *PLACE}
    assert {field.name for field in fields(Service)} == {*(f.catalog_key for f in of_service()), 'description'}


def test_rules_have_every_fact():
    assert {fact.name for fact in FACTS if fact.in_rules and fact.kind is not Kind.REFERENCE} <= {
        field.name for field in fields(needs.Flow)
    }
    assert {'role', 'feature'} <= {field.name for field in fields(needs.Flow)}


@named(FACTS)
def test_what_is_written_is_read(fact):
    for second in ((), (fact.name,)):
        text = canonical(catalog(second))
        again = read(text, 'x.yaml')
        stated = again.services[0] if fact.stated_by is StatedBy.SERVICE else again.flows[0]
        assert getattr(stated, fact.catalog_key) == sample(fact, bool(second))
        assert replace(again.flows[0], entry='') == catalog(second).flows[0]


@named([fact for fact in FACTS if not fact.required])
def test_an_empty_value_is_left_out(fact):
    found = catalog()
    if fact.stated_by is StatedBy.SERVICE:
        found = replace(found, services=(replace(found.services[0], **{fact.catalog_key: _empty(fact)}),))
    else:
        found = replace(found, flows=(replace(found.flows[0], **{fact.catalog_key: _empty(fact)}),))
    data = plain_yaml.load(canonical(found))
    assert fact.catalog_key not in _keys(data['rows'] if fact.cascades else data['services'])


def _empty(fact):
    return {Kind.FLAG: False, Kind.DNS_NAMES: (), Kind.PORTS: ()}.get(fact.kind, '')


def _keys(part):
    if isinstance(part, list):
        return {key for each in part for key in _keys(each)}
    return {*part, *_keys([*part.values()])} if isinstance(part, dict) else set()


@named(of_template())
def test_the_nearest_wins(fact):
    """Stated by the row, an item and a flow; what they do not state, they inherit."""
    key, first, second = fact.catalog_key, sample(fact), sample(fact, 1)
    items = [{}, {key: second}, {key: second, 'flows': [{}, {key: first}]}]
    rows = [{'row': 1, 'service': 'S', key: first, 'items': items}]
    assert [stated[key] for _entry, _row, _number, stated in spread({'rows': rows})] == [first, second, second, first]
