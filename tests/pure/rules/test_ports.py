import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbox_gwports.rules import addresses, dns_names
from netbox_gwports.rules.ports import (
    PortSpec,
    canonical,
    canonical_map,
    contains,
    merge,
    number,
    parse,
    parse_map,
    subtract,
    translate,
)


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


# -- canonical forms, limits and messages


@pytest.mark.parametrize(
    'spec, expected',
    [
        ('tcp/1', ('tcp', 1, 1)),
        ('tcp/65535', ('tcp', 65535, 65535)),
        ('udp/5000-5010', ('udp', 5000, 5010)),
        ('udp/5000-5000', ('udp', 5000, 5000)),
        ('sctp/any', ('sctp', 1, 65535)),
        ('icmp', ('icmp', 0, 0)),
        ('ip/255', ('ip/255', 0, 0)),
        ('ip/099', ('ip/99', 0, 0)),
        ('ip/47', ('gre', 0, 0)),
        ('ip/51', ('ah', 0, 0)),
        ('ip/58', ('icmpv6', 0, 0)),
    ],
)
def test_reading_a_port_spec(spec, expected):
    assert parse(spec) == expected


@pytest.mark.parametrize(
    'spec, reason',
    [
        ('tcp', 'needs ports: write tcp/443, tcp/5000-5010 or tcp/any'),
        ('udp/', 'needs ports'),
        ('sctp', 'needs ports'),
        ('tcp/x', 'write a port'),
        ('tcp/100000', 'write a port'),
        ('tcp/1-', 'write a port'),
        ('tcp/0', 'ports are 1 to 65535, the lower one first'),
        ('tcp/0-5', 'ports are 1 to 65535, the lower one first'),
        ('tcp/65536', 'ports are 1 to 65535, the lower one first'),
        ('tcp/9-8', 'ports are 1 to 65535, the lower one first'),
        ('icmp/8', 'icmp has no ports: write icmp'),
        ('icmp/', 'icmp has no ports: write icmp'),
        ('ip/6', 'is tcp, which needs ports: write tcp/443 or tcp/any'),
        ('ip/17', 'is udp, which needs ports'),
        ('ip/132', 'is sctp, which needs ports'),
        ('ip/256', 'is not a port spec: use tcp/PORT, udp/PORT, sctp/PORT, icmp, gre, esp, ah, icmpv6 or ip/NUMBER'),
        ('ip/0001', 'is not a port spec'),
        ('ip/0', 'is not a port spec'),
        ('ip/000', 'is not a port spec'),
        ('ip/x', 'is not a port spec'),
        ('99', 'is not a port spec'),
        ('x/99', 'is not a port spec'),
    ],
)
def test_why_a_port_spec_is_refused(spec, reason):
    with pytest.raises(ValueError) as caught:
        parse(spec)
    assert str(caught.value).startswith(f'"{spec}"') and reason in str(caught.value)


def test_writing_a_port_spec():
    texts = ['tcp/443', 'udp/5000-5010', 'sctp/any', 'icmp', 'ip/99', 'tcp/1-65534', 'tcp/2-65535', 'tcp/1']
    assert [str(parse(text)) for text in texts] == texts


def test_protocol_numbers():
    names = ['tcp', 'udp', 'sctp', 'icmp', 'gre', 'esp', 'ah', 'icmpv6', 'ip/99']
    assert [number(name) for name in names] == [6, 17, 132, 1, 47, 50, 51, 58, 99]


@pytest.mark.parametrize(
    'specs, expected',
    [
        (['tcp/80', 'tcp/82'], ['tcp/80', 'tcp/82']),
        (['tcp/80', 'udp/81'], ['tcp/80', 'udp/81']),
        (['tcp/80-90', 'tcp/82', 'tcp/91'], ['tcp/80-91']),
        (['tcp/80-90', 'tcp/85-95'], ['tcp/80-95']),
        (['icmp', 'esp', 'icmp'], ['esp', 'icmp']),
        ([], []),
    ],
)
def test_what_is_merged(specs, expected):
    assert canonical(specs) == expected


@pytest.mark.parametrize(
    'specs, others, expected',
    [
        (['tcp/80-90'], ['tcp/80'], ['tcp/81-90']),
        (['tcp/80-90'], ['tcp/90'], ['tcp/80-89']),
        (['tcp/80-90'], ['tcp/85'], ['tcp/80-84', 'tcp/86-90']),
        (['tcp/80-90'], ['tcp/82', 'tcp/84', 'tcp/100'], ['tcp/80-81', 'tcp/83', 'tcp/85-90']),
        (['tcp/80-90'], ['tcp/1-79', 'tcp/91-99'], ['tcp/80-90']),
        (['tcp/80-90'], ['tcp/1-80', 'tcp/90-99'], ['tcp/81-89']),
        (['tcp/80-90'], ['udp/80-90'], ['tcp/80-90']),
        (['tcp/80-90'], ['tcp/any'], []),
        (['tcp/80'], ['tcp/80'], []),
        (['tcp/10', 'tcp/20', 'udp/20'], ['tcp/20'], ['tcp/10', 'udp/20']),
        (['icmp', 'esp'], ['icmp'], ['esp']),
        (['icmp'], ['esp', 'tcp/any'], ['icmp']),
    ],
)
def test_what_is_left(specs, others, expected):
    found = subtract([parse(spec) for spec in specs], [parse(spec) for spec in others])
    assert [str(spec) for spec in found] == expected


@pytest.mark.parametrize(
    'outer, inner, expected',
    [
        (['tcp/80-90'], ['tcp/80', 'tcp/90'], True),
        (['tcp/80-90'], ['tcp/79-80'], False),
        (['tcp/80-90'], ['tcp/90-91'], False),
        (['tcp/80-90'], ['udp/85'], False),
        (['tcp/80-84', 'tcp/85-90'], ['tcp/84-85'], True),
        (['tcp/80', 'udp/53'], ['udp/53'], True),
        (['tcp/80'], ['tcp/80', 'tcp/81'], False),
        (['icmp'], ['icmp'], True),
        (['icmp'], ['esp'], False),
        (['tcp/80'], [], True),
        ([], ['tcp/80'], False),
    ],
)
def test_what_is_contained(outer, inner, expected):
    assert contains(merge(parse(spec) for spec in outer), [parse(spec) for spec in inner]) is expected


# -- port mappings


@pytest.mark.parametrize(
    'text, published, here',
    [
        ('tcp/22=tcp/2222', 'tcp/22', 'tcp/2222'),
        (' TCP/22 = tcp/2222 ', 'tcp/22', 'tcp/2222'),
        ('udp/any=udp/53', 'udp/any', 'udp/53'),
        ('tcp/80-89=tcp/8080-8089', 'tcp/80-89', 'tcp/8080-8089'),
        ('tcp/80=tcp/80-80', 'tcp/80', 'tcp/80'),
    ],
)
def test_reading_a_port_mapping(text, published, here):
    assert parse_map(text) == (parse(published), parse(here))


@pytest.mark.parametrize(
    'text, reason',
    [
        ('tcp/22', 'is not a port mapping: write the published and the local port'),
        ('', 'is not a port mapping'),
        ('tcp/22=udp/22', 'map ports of one protocol'),
        ('udp/22=tcp/22', 'map ports of one protocol'),
        ('icmp=icmp', 'map ports of one protocol'),
        ('tcp/22=icmp', 'map ports of one protocol'),
        ('tcp/22=tcp/2222-2223', 'map to one port or to as many as are published'),
        ('tcp/80-89=tcp/8080-8088', 'map to one port or to as many as are published'),
        ('tcp/80-81=tcp/8080-8082', 'map to one port or to as many as are published'),
        ('tcp/22=', 'is not a port spec'),
    ],
)
def test_what_is_no_port_mapping(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_map(text)


def test_port_mappings_are_sorted_by_what_is_published():
    texts = [
        'udp/53=udp/5353',
        'tcp/443 = tcp/8443',
        'TCP/80=tcp/8080',
        'tcp/81=tcp/9',
        'tcp/80=tcp/8080',
        'tcp/7=tcp/8',
    ]
    assert canonical_map(texts) == [
        'tcp/7=tcp/8',
        'tcp/80=tcp/8080',
        'tcp/81=tcp/9',
        'tcp/443=tcp/8443',
        'udp/53=udp/5353',
    ]
    assert canonical_map([]) == []
    # Equal ports of two protocols do not overlap, neither do adjacent ones
    texts = ['tcp/80-89=tcp/9', 'tcp/90=tcp/9', 'udp/80-89=udp/9']
    assert canonical_map(texts[::-1]) == texts


@pytest.mark.parametrize(
    'texts',
    [
        ['tcp/80=tcp/1', 'tcp/80=tcp/2'],
        ['tcp/80-89=tcp/1', 'tcp/89-95=tcp/2'],
        ['tcp/85=tcp/2', 'tcp/80-89=tcp/1'],
    ],
)
def test_port_mappings_that_overlap_are_refused(texts):
    with pytest.raises(ValueError, match='overlap: map each published port once'):
        canonical_map(texts)


@pytest.mark.parametrize(
    'specs, texts, expected',
    [
        (['tcp/22'], ['tcp/22=tcp/2222'], ['tcp/2222']),
        (['tcp/22', 'udp/22'], ['tcp/22=tcp/2222'], ['tcp/2222', 'udp/22']),
        (['tcp/20-24'], ['tcp/22=tcp/2222'], ['tcp/20-21', 'tcp/23-24', 'tcp/2222']),
        (['tcp/80-84'], ['tcp/any=tcp/8080'], ['tcp/8080']),
        (['tcp/82-83'], ['tcp/80-84=tcp/9080-9084'], ['tcp/9082-9083']),
        (['tcp/84-86'], ['tcp/80-84=tcp/9080-9084'], ['tcp/85-86', 'tcp/9084']),
        (['tcp/80', 'tcp/82'], ['tcp/80=tcp/82', 'tcp/82=tcp/80'], ['tcp/80', 'tcp/82']),
        (['tcp/80'], ['tcp/80=tcp/82', 'tcp/82=tcp/80'], ['tcp/82']),
        (['icmp'], ['tcp/any=tcp/1'], ['icmp']),
        (['tcp/80'], [], ['tcp/80']),
    ],
)
def test_the_ports_under_which_a_remote_is_reached(specs, texts, expected):
    found = translate([parse(spec) for spec in specs], [parse_map(text) for text in texts])
    assert [str(spec) for spec in found] == expected
