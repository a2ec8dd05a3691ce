"""The input of the resolver: who a flow is, what a web proxy takes, and which own addresses face a zone."""

from dataclasses import MISSING, fields, replace

import pytest

from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.needs import Endpoint, Flow, GatewayNeeds, LocalAddress, Member, Peer, claiming, facing

from .build import address, endpoint, flow, gateway, local, ports

REF = Ref('g', 1, 'g')
PLAIN = Flow(1, 'name', 'purpose', 'outbound', Ref('role', 1, 'r'), 'r', 'named', 'internal', ports('tcp/443'))


@pytest.mark.parametrize('fact', [each.name for each in fields(Flow) if each.name != 'id'])
def test_a_flow_is_its_id_whatever_people_say_of_it(fact):
    other = replace(PLAIN, **{fact: (endpoint(),) if fact == 'endpoints' else 'something else'})
    assert other == PLAIN and hash(other) == hash(PLAIN)
    assert replace(other, id=2) != other


def test_what_nobody_stated_of_a_flow():
    assert {each.name: getattr(PLAIN, each.name) for each in fields(Flow) if each.default is not MISSING} == {
        'application_protocol': '', 'dns_names': (), 'replaceable': False, 'zone': '', 'direct': False,
        'clear_text': False, 'endpoints': None, 'status': 'required', 'feature': None, 'row': '', 'printed': '',
        'notes': '', 'justification': '', 'mitigation': '', 'valid_until': '',
    }  # fmt: skip


def test_what_nobody_stated_of_the_rest():
    own = LocalAddress(address('192.0.2.1'))
    assert own == LocalAddress(own.address, frozenset(), 'both', None, '', '', False)
    assert Member('a') == Member('a', (), (), '')
    assert Endpoint(REF, 'dns', 'dmz') == Endpoint(REF, 'dns', 'dmz', (), (), False, (), 0, False, True)
    assert Peer(REF) == Peer(REF, (), True, True, '')
    assert GatewayNeeds(REF) == GatewayNeeds(REF, (), (), True, (), (), ())


@pytest.mark.parametrize(
    'facts, expected',
    [
        ({'application_protocol': 'HTTPS'}, True),
        ({'application_protocol': 'HTTP'}, True),
        ({'application_protocol': 'http'}, True),
        ({'application_protocol': 'https'}, True),
        ({'application_protocol': 'SMTP'}, False),
        ({'application_protocol': ''}, False),
        ({'application_protocol': 'HTTPS', 'direct': True}, False),
        ({'application_protocol': 'HTTPS', 'direction': 'inbound'}, False),
        ({'application_protocol': 'SMTP', 'direction': 'inbound', 'direct': True}, False),
    ],
)
def test_what_a_web_proxy_takes(facts, expected):
    assert flow(**facts).is_web is expected


@pytest.mark.parametrize(
    'use, directions', [('both', {'inbound', 'outbound'}), ('inbound', {'inbound'}), ('outbound', {'outbound'})]
)
def test_the_directions_of_an_address(use, directions):
    own = local('192.0.2.1', use=use)
    assert {direction for direction in ('inbound', 'outbound') if own.fits(direction)} == directions


def test_an_address_without_zones_faces_those_that_no_other_faces_in_the_same_direction():
    rest, dmz = local('192.0.2.1'), local('192.0.2.2', 'dmz', 'internet')
    published = local('192.0.2.3', 'internal', use='inbound')
    own = (rest, dmz, published)
    assert claiming(own, 'dmz', 'outbound') == claiming(own, 'internet', 'inbound') == (dmz,)
    assert claiming(own, 'management', 'outbound') == (rest,)
    assert claiming(own, 'internal', 'inbound') == (published,)
    assert claiming(own, 'internal', 'outbound') == (rest,)
    assert claiming((dmz,), 'management', 'outbound') == ()
    assert claiming((replace(rest, use='inbound'),), 'dmz', 'outbound') == ()


def test_a_lost_address_keeps_its_zones_and_is_not_used():
    rest, gone = local('192.0.2.1'), local('192.0.2.2', 'dmz', lost='moved')
    assert claiming((rest, gone), 'dmz', 'outbound') == (gone,)
    assert facing((rest, gone), 'dmz', 'outbound') == ()
    assert facing((rest, gone), 'internal', 'outbound') == (address('192.0.2.1'),)


def test_the_addresses_that_face_a_zone_are_sorted_and_named_once():
    texts = ['192.0.2.9', '2001:db8::1', '192.0.2.10', '192.0.2.1', '10.0.0.1', '192.0.2.1', '2001:db8::']
    own = tuple(local(text, 'dmz') for text in texts)
    expected = ['10.0.0.1', '192.0.2.1', '192.0.2.9', '192.0.2.10', '2001:db8::', '2001:db8::1']
    assert [str(each) for each in facing(own, 'dmz', 'inbound')] == expected
    vrfs = tuple(local('192.0.2.1', vrf=vrf) for vrf in (8, None, 7))
    assert [each.vrf and each.vrf.id for each in facing(vrfs, 'dmz', 'inbound')] == [None, 7, 8]


def test_the_narrowest_scope_of_a_role():
    endpoints = [
        endpoint(number, role, scope=scope)
        for number, role, scope in [(1, 'dns', 2), (2, 'dns', 1), (3, 'dns', 1), (4, 'ntp', 0), (5, 'dns', 3)]
    ]
    bound = gateway(endpoints=endpoints).bound
    assert {role: [each.ref.id for each in found] for role, found in bound.items()} == {'dns': [2, 3], 'ntp': [4]}
