"""The facts of a flow: which of them are copied, open something, identify a flow, and what another value means."""

from types import SimpleNamespace

import pytest

from netbox_gwports.rules.facts import FACTS, Change, Kind, StatedBy, copied, of_service, of_template
from netbox_gwports.rules.needs import Flow

BY_NAME = {fact.name: fact for fact in FACTS}


def names(facts):
    return [fact.name for fact in facts]


def test_what_a_service_states_and_what_a_template_states_in_the_order_of_a_catalog():
    assert names(of_service()) == ['name', 'application_protocol', 'ports', 'clear_text']
    assert names(of_template()) == [
        'direction', 'remote_role', 'feature', 'dns_names', 'replaceable', 'zone', 'direct', 'purpose', 'notes',
        'not_opened', 'printed', 'key',
    ]  # fmt: skip
    assert of_service() + of_template() == FACTS
    assert {fact.cascades for fact in of_template()} == {True} and {fact.cascades for fact in of_service()} == {False}


def test_what_a_required_flow_copies():
    assert names(copied()) == [
        'name', 'application_protocol', 'ports', 'clear_text', 'direction', 'remote_role', 'feature', 'dns_names',
        'replaceable', 'zone', 'direct', 'purpose',
    ]  # fmt: skip


def test_what_is_shown_beside_the_rules():
    assert {name for name, fact in BY_NAME.items() if fact.documented} == {'notes', 'printed'}
    assert {name for name, fact in BY_NAME.items() if not fact.in_rules} == {'not_opened', 'key'}
    # The resolver is given the role as an object of its own name
    given = {field.replace('role', 'remote_role') for field in Flow.__dataclass_fields__}
    assert {fact.name for fact in FACTS if fact.in_rules} <= given


def test_what_a_catalog_never_leaves_out():
    assert {name for name, fact in BY_NAME.items() if fact.required} == {
        'name', 'ports', 'direction', 'remote_role', 'purpose',
    }  # fmt: skip


def test_what_decides_about_an_opening():
    assert {name for name, fact in BY_NAME.items() if fact.opens} == {
        'application_protocol', 'ports', 'direction', 'remote_role', 'dns_names', 'replaceable', 'zone', 'direct',
    }  # fmt: skip


def test_what_makes_another_flow_template():
    assert {name for name, fact in BY_NAME.items() if fact.identifies} == {
        'name', 'direction', 'remote_role', 'feature', 'purpose',
    }  # fmt: skip


@pytest.mark.parametrize(
    'change, expected',
    [
        (Change.MOVED, {'ports', 'direction', 'remote_role', 'dns_names', 'zone'}),
        (
            Change.CHANGED,
            {'application_protocol', 'clear_text', 'feature', 'replaceable', 'direct', 'not_opened'},
        ),
        (Change.REWORDED, {'name', 'purpose', 'notes', 'printed'}),
        (None, {'key'}),
    ],
)
def test_what_another_value_means_between_two_releases(change, expected):
    assert {name for name, fact in BY_NAME.items() if fact.change == change} == expected


@pytest.mark.parametrize(
    'kind, expected',
    [
        (Kind.PORTS, {'ports'}),
        (Kind.DNS_NAMES, {'dns_names'}),
        (Kind.REFERENCE, {'remote_role', 'feature'}),
        (Kind.CHOICE, {'direction', 'zone'}),
        (Kind.FLAG, {'clear_text', 'replaceable', 'direct'}),
        (Kind.TEXT, {'name', 'application_protocol', 'purpose', 'notes', 'not_opened', 'printed', 'key'}),
    ],
)
def test_the_kinds_of_values(kind, expected):
    assert {name for name, fact in BY_NAME.items() if fact.kind is kind} == expected
    assert {fact.is_list for fact in FACTS if fact.kind is kind} == {kind in (Kind.PORTS, Kind.DNS_NAMES)}


def test_the_words_for_kinds_origins_and_changes():
    assert [*Kind] == ['text', 'choice', 'flag', 'DNS names', 'ports', 'reference']
    assert [*StatedBy] == ['service', 'template']
    assert [*Change] == ['moved', 'changed', 'reworded']


def test_only_the_role_is_another_word_in_a_catalog():
    assert {name: fact.catalog_key for name, fact in BY_NAME.items() if fact.catalog_key != name} == {
        'remote_role': 'role'
    }
    assert {name: fact.attribute for name, fact in BY_NAME.items() if fact.attribute != name} == {
        'remote_role': 'remote_role_id',
        'feature': 'feature_id',
    }


SERVICE = SimpleNamespace(name='HTTPS', ports=['tcp/443'], clear_text=False)
TEMPLATE = SimpleNamespace(
    service=SERVICE,
    purpose='updates',
    dns_names=['a.example'],
    remote_role=SimpleNamespace(slug='vendor'),
    remote_role_id=7,
    feature=None,
    feature_id=None,
)


@pytest.mark.parametrize(
    'name, value, stated',
    [
        ('name', 'HTTPS', 'HTTPS'),
        ('ports', ['tcp/443'], ('tcp/443',)),
        ('clear_text', False, False),
        ('purpose', 'updates', 'updates'),
        ('dns_names', ['a.example'], ('a.example',)),
        ('remote_role', 7, 'vendor'),
        ('feature', None, ''),
    ],
)
def test_a_value_in_the_database_and_in_a_catalog(name, value, stated):
    fact = BY_NAME[name]
    stating = fact.source(TEMPLATE)
    assert stating is (SERVICE if fact in of_service() else TEMPLATE)
    assert (fact.value(stating), fact.stated(stating)) == (value, stated)


def test_a_list_is_a_copy():
    BY_NAME['ports'].value(SERVICE).append('tcp/80')
    assert SERVICE.ports == ['tcp/443']
