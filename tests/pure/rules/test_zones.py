"""Whether an address can be in a zone: what is known of the networks of all zones decides."""

import pytest

from netbox_gwports.rules.addresses import Address
from netbox_gwports.rules.zones import misplaced

from .build import address

EVERYTHING = Address(4, 0, 2**32 - 1)


def why(text, zone, **networks):
    """``networks``: zone -> texts; ``...`` stands for every IPv4 address."""
    known = [
        (name, tuple(EVERYTHING if text is ... else address(text) for text in texts))
        for name, texts in networks.items()
    ]
    return misplaced(address(text), zone, known)


def test_an_address_can_be_anywhere_where_nothing_is_known():
    assert why('10.1.0.1', 'internal') == ''
    assert why('10.1.0.1', 'internal', dmz=['192.0.2.0/24']) == ''
    # A network that holds it in part says nothing
    assert why('10.1.0.0/24', 'internal', dmz=['10.1.0.0/25']) == ''


def test_the_network_of_another_zone_that_holds_it():
    assert why('10.1.0.1', 'internal', dmz=['10.1.0.0/24']) == '10.1.0.1 belongs to the zone dmz, not internal'
    assert why('10.1.0.1', 'dmz', dmz=['10.1.0.0/24']) == ''


@pytest.mark.parametrize('narrow', ['10.1.0.0/24', '10.250.0.0/24'])
def test_the_most_specific_network_decides(narrow):
    host = narrow.replace('0/24', '7')
    for networks in (
        {'internal': ['10.0.0.0/8'], 'dmz': [narrow]},
        {'dmz': [narrow], 'internal': ['10.0.0.0/8']},
    ):
        assert why(host, 'internal', **networks) == f'{host} belongs to the zone dmz, not internal'
        assert why(host, 'dmz', **networks) == ''


def test_of_equally_specific_networks_that_of_the_zone_itself_decides():
    networks = {'dmz': ['10.1.0.0/24'], 'internal': ['10.1.0.0/24'], 'extranet': ['10.1.0.0/16']}
    assert why('10.1.0.1', 'dmz', **networks) == ''
    assert why('10.1.0.1', 'internal', **networks) == ''
    # All of them are named, in order; a less specific one is not
    for given in (networks, dict(reversed(networks.items()))):
        assert why('10.1.0.1', 'internet', **given) == '10.1.0.1 belongs to the zone dmz and internal, not internet'
    many = {name: ['10.1.0.0/24'] for name in 'hcgbfade'}
    assert 'a and b and c and d and e and f and g and h,' in why('10.1.0.1', 'internet', **many)


def test_a_network_of_every_address_stands_for_the_rest():
    networks = {'internet': [...], 'internal': ['10.0.0.0/8', '172.16.0.0/12'], 'dmz': ['192.0.2.0/24']}
    outside = '198.51.100.1 is outside the networks of the zone internal'
    assert why('198.51.100.1', 'internal', **networks) == outside
    assert why('198.51.100.1', 'internet', **networks) == ''
    assert why('198.51.100.1', 'management', **networks).endswith('outside the networks of the zone management')
    # The networks of the zone hold part of it: one is enough, wherever it is listed
    assert why('172.0.0.0/11', 'internal', **networks) == ''
    assert why('192.0.2.1', 'internet', **networks) == '192.0.2.1 belongs to the zone dmz, not internet'


def test_a_specific_network_decides_although_one_of_every_address_is_listed_first():
    networks = {'internet': [...], 'dmz': ['10.1.0.0/24'], 'internal': ['10.1.0.0/25']}
    assert why('10.1.0.128/26', 'internal', **networks) == '10.1.0.128/26 belongs to the zone dmz, not internal'
    # Part of it is in the zone, but the whole is in a network of another one
    assert why('10.1.0.0/24', 'internal', **networks) == '10.1.0.0/24 belongs to the zone dmz, not internal'
