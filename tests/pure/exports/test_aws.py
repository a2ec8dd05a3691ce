"""AWS security groups: permits only, so that *any* of the Internet is what remains without the other networks."""

import json
from ipaddress import ip_address, ip_network

import pytest

from netbox_gwports.exports import Material, Options

from ..rules.build import local
from .readers.atoms import NUMBERS
from .samples import NETWORKS, material, nasty, networks, render, sample

KINDS = {'inbound': 'aws_vpc_security_group_ingress_rule', 'outbound': 'aws_vpc_security_group_egress_rule'}
ADDRESSES = {4: '192.0.2.10', 6: '2001:db8::10'}


def groups(content):
    """(group description, direction, rule) of each rule in the file."""
    found = json.loads(content)
    assert found.keys() == {'//', 'variable', 'resource'}
    resources = found['resource']
    assert resources.keys() <= {'aws_security_group', *KINDS.values()}
    for direction, kind in KINDS.items():
        for name, rule in resources.get(kind, {}).items():
            group = rule['security_group_id'].removeprefix('${aws_security_group.').removesuffix('.id}')
            assert name.startswith('gwp-gw1-') and group.startswith('gwp-gw1-')
            yield resources['aws_security_group'][group]['description'], direction, rule


def permits(content):
    """{(direction, own address, protocol, first, last)} -> networks of the other end."""
    found = {}
    for description, direction, rule in groups(content):
        own = description.removeprefix('netbox-gwports: ')
        (family,) = [version for version in (4, 6) if f'cidr_ipv{version}' in rule]
        network = ip_network(rule[f'cidr_ipv{family}'])
        assert network.version == ip_address(own).version == family
        protocol = rule['ip_protocol']
        protocol = NUMBERS.get(int(protocol), f'ip/{protocol}') if protocol.isdigit() else protocol
        key = (direction, own, protocol, rule.get('from_port'), rule.get('to_port'))
        found.setdefault(key, set()).add(network)
    return found


def test_a_file_permits_what_its_rules_say_and_nothing_more():
    rendering = render('aws_terraform', Material((sample(),)), Options(networks=NETWORKS))
    wanted = {r.key: r for r in sample().rules if not r.remote.dns_names and r.protocol != 'sctp'}
    assert rendering.rendered == {*wanted}
    expected = {}
    for rule in wanted.values():
        if wanted.keys() & {*rule.covered_by}:
            continue
        for spec in rule.ports:
            ports = (spec.first, spec.last) if spec.first else (None, None)
            ports = {(1, 65535): (0, 65535)}.get(ports, ports)
            ports = (-1, -1) if rule.protocol.startswith('icmp') else ports
            key = (rule.direction, ADDRESSES[rule.family], rule.protocol, *ports)
            if not rule.remote.any:
                expected.setdefault(key, set()).update(map(ip_network, networks(rule.remote.addresses)))
            elif rule.zone != 'internet':
                expected.setdefault(key, set()).update(
                    map(ip_network, networks(n for n in NETWORKS[rule.zone] if n.family == rule.family))
                )
            else:
                expected[key] = 'any'
    found = permits(rendering.content)
    assert found.keys() == expected.keys()
    for key, remotes in expected.items():
        if remotes != 'any':
            assert found[key] == remotes
    anys = [key for key, remotes in expected.items() if remotes == 'any']
    assert {(key[0], key[1]) for key in anys} == {(d, a) for d in KINDS for a in ADDRESSES.values()}
    for key in anys:
        version = ip_address(key[1]).version
        others = [ip_network(n) for zone in NETWORKS.values() for n in networks(zone)]
        others = [network for network in others if network.version == version]
        # Disjoint from the others, and all of it together with them
        assert not any(network.overlaps(other) for network in found[key] for other in others)
        assert sum(n.num_addresses for n in [*found[key], *others]) == 2 ** {4: 32, 6: 128}[version]


def test_another_set_of_addresses_is_another_group():
    addresses = (local('192.0.2.10', 'internet'), local('192.0.2.20', 'internal'))
    found = material(
        ('inbound', 'tcp/443', 'internet', ['198.51.100.7']),
        ('inbound', 'tcp/22', 'internal', ['10.1.0.1']),
        addresses=addresses,
    )
    told = {(d, rule['from_port']) for d, _direction, rule in groups(render('aws_terraform', found).content)}
    assert told == {('netbox-gwports: 192.0.2.10', 443), ('netbox-gwports: 192.0.2.20', 22)}


@pytest.mark.parametrize('text', ['${file("/etc/passwd")}', '%{ if true }x', '"}, "x": {"'])
def test_no_text_becomes_an_expression(text):
    content = render('aws_terraform', nasty(text), Options(networks=NETWORKS)).content
    plain = render('aws_terraform', Material((sample(),)), Options(networks=NETWORKS)).content
    assert permits(content) == permits(plain)
    descriptions = [rule['description'] for _group, _direction, rule in groups(content)]
    assert not [d for d in descriptions if '$' in d or '%' in d or '{' in d]
    assert '${' not in ' '.join(json.loads(content)['//']) and '%{' not in ' '.join(json.loads(content)['//'])
