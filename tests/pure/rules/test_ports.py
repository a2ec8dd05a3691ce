import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbox_gwports.rules import addresses, dns_names
from netbox_gwports.rules.ports import PortSpec, canonical, contains, merge, parse


@pytest.mark.parametrize(
    'specs, expected',
    [
        ([' UDP/53', 'tcp/443'], ['tcp/443', 'udp/53']),
        (['tcp/80', 'tcp/81', 'tcp/82-90'], ['tcp/80-90']),
        (['tcp/1-65535'], ['tcp/any']),
        (['tcp/1-100', 'tcp/101-65535'], ['tcp/any']),
        (['tcp/080'], ['tcp/80']),
        (['ip/50', 'ip/1', 'ip/99', 'ICMPv6'], ['esp', 'icmp', 'icmpv6', 'ip/99']),
        (['sctp/3868', 'sctp/3868'], ['sctp/3868']),
    ],
)
def test_canonical_form(specs, expected):
    assert canonical(specs) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize(
    'spec',
    [
        'tcp',
        'tcp/',
        'tcp/0',
        'tcp/65536',
        'tcp/9-8',
        'icmp/8',
        'ip/6',
        'ip/256',
        'ip/',
        'http/80',
        '',
        '443',
        'tcp/1-2-3',
        'tcp/4 43',
    ],
)
def test_anything_else_is_refused_with_a_sentence_that_names_it(spec):
    with pytest.raises(ValueError, match=f'"{spec}"'):
        parse(spec)


ports = st.integers(1, 65535)
specs = st.builds(
    lambda protocol, a, b: PortSpec(protocol, min(a, b), max(a, b)), st.sampled_from(['tcp', 'udp']), ports, ports
)


@given(st.lists(specs, max_size=8))
def test_merging_keeps_exactly_the_same_ports(given_specs):
    merged = merge(given_specs)
    assert contains(merged, given_specs)
    for spec in merged:
        # Every port of a merged spec belongs to a given one: walk its pieces
        edge = spec.first
        while edge <= spec.last:
            reaching = [g for g in given_specs if g.protocol == spec.protocol and g.first <= edge <= g.last]
            assert reaching
            edge = max(g.last for g in reaching) + 1


@pytest.mark.parametrize(
    'name, expected',
    [
        ('Example.NET.', 'example.net'),
        ('*.Bücher.de', '*.xn--bcher-kva.de'),
        ('_v2-origintunneld._tcp.argotunnel.com', '_v2-origintunneld._tcp.argotunnel.com'),
    ],
)
def test_host_names_have_one_form(name, expected):
    assert dns_names.normalize(name) == expected


@pytest.mark.parametrize(
    'name', ['http://x.de', '*', 'a..b', '192.0.2.1', '*.*.x', '', 'a.*.c', '-a.de', 'x.de:443', 'x.de/y']
)
def test_what_is_no_host_name_is_refused(name):
    with pytest.raises(ValueError):
        dns_names.normalize(name)


def test_a_wildcard_covers_the_names_under_it_and_not_itself():
    assert dns_names.covers('*.example.net', 'cdn.a.example.net')
    assert dns_names.covers('*.example.net', '*.a.example.net')
    assert not dns_names.covers('*.example.net', 'example.net')
    assert not dns_names.covers('*.example.net', 'badexample.net')


@pytest.mark.parametrize(
    'text, expected',
    [('10.0.0.1/32', '10.0.0.1'), ('10.0.0.0-10.0.0.255', '10.0.0.0/24'), ('2001:DB8::/64', '2001:db8::/64')],
)
def test_addresses_have_one_form(text, expected):
    assert str(addresses.parse(text)) == expected


@pytest.mark.parametrize(
    'text',
    [
        '10.0.0.1/24',
        '0.0.0.0/0',
        '::/0',
        '0.0.0.0-255.255.255.255',
        'x',
        '10.0.0.9-10.0.0.1',
        '10.0.0.1-2001:db8::1',
        'fe80::1%eth0',
    ],
)
def test_no_literal_means_everybody_or_hides_its_mask(text):
    with pytest.raises(ValueError, match=text.split('-')[0].split('%')[0]):
        addresses.parse(text)


def test_host_bits_are_told_with_both_corrections():
    with pytest.raises(ValueError, match='host bits set: write 10.0.0.0/24 for the network, or 10.0.0.1 for the host'):
        addresses.parse('10.0.0.1/24')
    with pytest.raises(ValueError, match='is not an address, a prefix or a range'):
        addresses.parse('10.0.0.1/33')
