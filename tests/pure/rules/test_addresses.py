"""Addresses, prefixes and ranges: read, written, compared."""

from dataclasses import replace

import pytest

from netbox_gwports.rules.addresses import Address, Ref, Vrf, covered_families, parse

from .build import address

LAST = {4: 2**32 - 1, 6: 2**128 - 1}


@pytest.mark.parametrize(
    'text, family, first, last',
    [
        ('192.0.2.1', 4, 0xC0000201, 0xC0000201),
        ('192.0.2.0/24', 4, 0xC0000200, 0xC00002FF),
        ('192.0.2.1-192.0.2.9', 4, 0xC0000201, 0xC0000209),
        ('0.0.0.0-255.255.255.254', 4, 0, 2**32 - 2),
        ('0.0.0.1-255.255.255.255', 4, 1, 2**32 - 1),
        ('0.0.0.0', 4, 0, 0),
        ('2001:db8::/64', 6, 0x20010DB8 << 96, (0x20010DB8 << 96) + 2**64 - 1),
        ('::1', 6, 1, 1),
        ('::-0:0:0:0:0:0:ffff:ffff', 6, 0, 2**32 - 1),
    ],
)
def test_reading(text, family, first, last):
    assert parse(text) == Address(family, first, last)
    assert parse(f' {text.replace("-", " - ")}\n') == Address(family, first, last)


@pytest.mark.parametrize(
    'text, canonical',
    [
        ('192.0.2.1', '192.0.2.1'),
        ('192.0.2.1/32', '192.0.2.1'),
        ('192.0.2.1-192.0.2.1', '192.0.2.1'),
        ('192.0.2.0/31', '192.0.2.0/31'),
        ('192.0.2.0-192.0.2.255', '192.0.2.0/24'),
        ('0.0.0.0/1', '0.0.0.0/1'),
        ('128.0.0.0/1', '128.0.0.0/1'),
        # As many as a prefix, but not where one begins; begins where one could, but not as many
        ('192.0.2.1-192.0.2.2', '192.0.2.1-192.0.2.2'),
        ('192.0.2.1-192.0.2.4', '192.0.2.1-192.0.2.4'),
        ('192.0.2.0-192.0.2.2', '192.0.2.0-192.0.2.2'),
        ('192.0.2.3-192.0.2.5', '192.0.2.3-192.0.2.5'),
        ('192.0.2.1-192.0.2.9', '192.0.2.1-192.0.2.9'),
        ('192.0.2.0-192.0.2.6', '192.0.2.0-192.0.2.6'),
        ('0.0.0.0-0.0.0.2', '0.0.0.0-0.0.0.2'),
        ('0.0.0.0/31', '0.0.0.0/31'),
        ('2001:DB8::0:1', '2001:db8::1'),
        ('2001:db8::/127', '2001:db8::/127'),
        ('2001:db8::/32', '2001:db8::/32'),
        ('2001:db8::1-2001:db8::2', '2001:db8::1-2001:db8::2'),
    ],
)
def test_writing(text, canonical):
    assert str(parse(text)) == canonical
    assert parse(canonical) == parse(text)


def test_both_ends_as_text():
    assert parse('192.0.2.0/24').ends == ('192.0.2.0', '192.0.2.255')
    assert parse('2001:db8::/126').ends == ('2001:db8::', '2001:db8::3')


@pytest.mark.parametrize(
    'text, reason',
    [
        ('x', 'is not an address, a prefix or a range'),
        ('', 'is not an address, a prefix or a range'),
        ('10.0.0.1/33', 'is not an address, a prefix or a range'),
        ('10.0.0.1-', 'is not an address, a prefix or a range'),
        ('10.0.0.0/24-10.0.1.0/24', 'is not an address, a prefix or a range'),
        ('10.0.0.1-10.0.0.2-10.0.0.3', 'is not an address, a prefix or a range'),
        ('10.0.0.2-10.0.0.1', 'is not a range: both ends of one family, the lower one first'),
        ('10.0.0.1-2001:db8::1', 'is not a range: both ends of one family, the lower one first'),
        ('2001:db8::1-10.0.0.1', 'is not a range: both ends of one family, the lower one first'),
        ('10.0.0.1/24', 'has host bits set: write 10.0.0.0/24 for the network, or 10.0.0.1 for the host.'),
        ('2001:db8::1/64', 'has host bits set: write 2001:db8::/64 for the network, or 2001:db8::1 for the host.'),
        ('fe80::1%eth0', 'names an interface: leave out the part from %'),
        ('0.0.0.0/0', 'is every address'),
        ('::/0', 'is every address'),
        ('0.0.0.0-255.255.255.255', 'is every address'),
    ],
)
def test_anything_else_is_refused_with_the_text_and_the_reason(text, reason):
    with pytest.raises(ValueError) as caught:
        parse(text)
    assert str(caught.value).startswith(f'"{text}" ') and reason in str(caught.value)


def test_an_address_is_the_same_whatever_object_gave_it():
    one = replace(address('192.0.2.1'), refs=(Ref('ipam.ipaddress', 1, 'a'),))
    assert one == address('192.0.2.1') and hash(one) == hash(address('192.0.2.1'))
    assert address('192.0.2.1').refs == ()
    assert address('192.0.2.1') != address('192.0.2.1', vrf=7)


def test_a_renamed_object_is_the_same():
    assert Ref('dcim.device', 1, 'old') == Ref('dcim.device', 1, 'new') != Ref('dcim.device', 2, 'old')
    assert Ref('dcim.device', 1, 'b') < Ref('dcim.device', 2, 'a') < Ref('ipam.ipaddress', 1, '')
    assert Vrf(1, 'old') == Vrf(1, 'new') != Vrf(2, 'old')
    assert Vrf(1, 'b') < Vrf(2, 'a')


def test_addresses_are_sorted_by_family_then_number_then_vrf():
    ordered = [
        address('9.0.0.0'),
        address('10.0.0.0'),
        address('10.0.0.0', vrf=1),
        address('10.0.0.0', vrf=2),
        address('10.0.0.0/24'),
        address('10.0.0.1'),
        address('::1'),
    ]
    assert sorted(reversed(ordered), key=lambda each: each.sort_key) == ordered
    assert address('0.0.0.1').sort_key == (4, 1, 1, 0)
    assert address('0.0.0.1', vrf=3).sort_key == (4, 1, 1, 3)


@pytest.mark.parametrize('family', [4, 6])
def test_every_address_of_a_family(family):
    assert Address(family, 0, LAST[family]).is_all
    assert not Address(family, 1, LAST[family]).is_all
    assert not Address(family, 0, LAST[family] - 1).is_all
    assert not Address(family, 0, 0).is_all
    # All of IPv4 is a small part of IPv6
    assert not Address(6, 0, LAST[4]).is_all


COMPARED = [
    # (one, other, contains, meets)
    ('10.1.0.4-10.1.0.8', '10.1.0.4-10.1.0.8', True, True),
    ('10.1.0.4-10.1.0.8', '10.1.0.4', True, True),
    ('10.1.0.4-10.1.0.8', '10.1.0.8', True, True),
    ('10.1.0.4-10.1.0.8', '10.1.0.3', False, False),
    ('10.1.0.4-10.1.0.8', '10.1.0.9', False, False),
    ('10.1.0.4-10.1.0.8', '10.1.0.1-10.1.0.4', False, True),
    ('10.1.0.4-10.1.0.8', '10.1.0.8-10.1.0.12', False, True),
    ('10.1.0.4-10.1.0.8', '10.1.0.0/24', False, True),
    ('::10.1.0.0/112', '10.1.0.4', False, False),
    ('0.0.0.0/1', '::1', False, False),
    ('::/1', '0.0.0.1', False, False),
]


@pytest.mark.parametrize('one, other, contains, meets', COMPARED)
def test_what_contains_and_meets_what(one, other, contains, meets):
    one, other = address(one), address(other)
    assert one.contains(other) is contains
    assert one.meets(other) is meets
    assert other.meets(one) is meets


def test_vrfs_never_meet():
    network, host = address('10.1.0.0/24', vrf=7), address('10.1.0.1')
    for vrf, met in ((None, False), (7, True), (8, False)):
        assert network.contains(address('10.1.0.1', vrf=vrf)) is met
        assert network.meets(address('10.1.0.1', vrf=vrf)) is met
    assert not host.contains(address('10.1.0.1', vrf=7))


HALVES = ['0.0.0.0/1', '128.0.0.0/1']
HALVES6 = ['::/1', '8000::/1']


@pytest.mark.parametrize(
    'texts, families',
    [
        ([], set()),
        (['10.0.0.0/8'], set()),
        (HALVES, {4}),
        (HALVES[::-1], {4}),
        (HALVES6, {6}),
        (HALVES + HALVES6, {4, 6}),
        (HALVES[:1], set()),
        (HALVES[1:], set()),
        (HALVES + HALVES6[:1], {4}),
        (['0.0.0.0/1', '127.0.0.0/8', '128.0.0.0/1'], {4}),
        (['0.0.0.0/1', '10.0.0.0/8', '128.0.0.0/1'], {4}),
        (['0.0.0.0/1', '10.0.0.0/8', '128.0.0.0-255.255.255.254'], set()),
        (['0.0.0.0/1', '128.0.0.1-255.255.255.255'], set()),
        (['0.0.0.0-127.255.255.254', '128.0.0.0/1'], set()),
        (['0.0.0.1-127.255.255.255', '128.0.0.0/1'], set()),
        (['0.0.0.2-255.255.255.255'], set()),
        (['0.0.0.0-255.255.255.254', '255.255.255.255'], {4}),
        (['0.0.0.0', '0.0.0.1-255.255.255.255'], {4}),
    ],
)
def test_addresses_that_together_are_every_address(texts, families):
    assert covered_families([address(text) for text in texts]) == families


def test_halves_of_two_vrfs_are_no_whole():
    lower, upper = HALVES
    assert covered_families([address(lower, vrf=7), address(upper, vrf=7)]) == {4}
    assert covered_families([address(lower, vrf=7), address(upper, vrf=8)]) == set()
    assert covered_families([address(lower), address(upper, vrf=7)]) == set()
    # Ranges of the global table beside those of a VRF
    mixed = [address(lower, vrf=7), address('10.0.0.0/8'), address(upper, vrf=7)]
    assert covered_families(mixed) == {4}
