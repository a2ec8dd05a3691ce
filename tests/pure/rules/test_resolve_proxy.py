"""The resolver: web proxies, and other ports than the published ones."""

import pytest

from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.ports import canonical_map, parse_map, translate

from .build import endpoint, flow, gateway, local, ports, said
from .resolved import WEB, reasons, rules, told


def test_the_web_proxy_takes_what_goes_to_the_internet():
    proxy = endpoint(9, role='proxy', members=['10.1.0.80'], port_map=['tcp/any=tcp/8080'], proxy=True)
    web, direct = flow(1, dns_names=['*.example.net'], **WEB), flow(2, dns_names=['*.example.net'], direct=True, **WEB)
    found = resolve(gateway([web, direct], endpoints=[proxy])).rules
    assert {said(rule) for rule in found} == {
        ('192.0.2.10', '10.1.0.80', 'tcp/8080'),
        ('192.0.2.10', '*.example.net', 'tcp/443'),
    }
    through = next(rule for rule in found if rule.zone == 'internal')
    assert through.via_proxy_to == ('*.example.net',)


def test_a_proxy_that_lost_its_members_is_not_bypassed():
    proxy = endpoint(9, role='proxy', port_map=['tcp/any=tcp/8080'], proxy=True)
    assert rules([flow(dns_names=['*.example.net'], **WEB)], endpoints=[proxy]) == []
    assert reasons([flow(dns_names=['*.example.net'], **WEB)], endpoints=[proxy]) == ['no_remote']


def test_an_emptied_endpoint_does_not_become_a_way_through_the_proxy():
    proxy = endpoint(9, role='proxy', members=['10.1.0.80'], port_map=['tcp/any=tcp/8080'], proxy=True)
    emptied, other = endpoint(1, 'vendor', 'internet'), endpoint(2, 'vendor', 'internet', ['198.51.100.1'])
    assert told([flow(**WEB)], endpoints=[proxy, emptied]) == ([], [('no_remote', 'endpoint 1 has no members')])
    assert told([flow(**WEB)], endpoints=[proxy, emptied, other]) == (
        [('192.0.2.10', '10.1.0.80', 'tcp/8080')],
        [('no_remote', 'endpoint 1 has no members')],
    )


def test_a_gateway_that_is_the_proxy_goes_direct():
    proxy = endpoint(9, role='proxy', members=['10.1.0.80'], port_map=['tcp/any=tcp/8080'], proxy=True)
    web = flow(dns_names=['*.example.net'], **WEB)
    direct = [('10.1.0.80', '*.example.net', 'tcp/443')]
    assert told([web], [local('10.1.0.80')], [proxy]) == (direct, [])
    # A prefix around the gateway, or an address that is no longer its own, makes no proxy of it
    around = endpoint(9, role='proxy', members=['10.1.0.0/24'], port_map=['tcp/any=tcp/8080'], proxy=True)
    assert told([web], [local('10.1.0.80')], [around])[0] == [('10.1.0.80', '10.1.0.0/24', 'tcp/8080')]
    own = [local('10.1.0.80', 'dmz', lost='moved'), local('10.1.0.81')]
    assert told([web], own, [proxy])[0] == [('10.1.0.81', '10.1.0.80', 'tcp/8080')]


def test_a_port_map_changes_what_it_names_and_only_outbound():
    bound = [endpoint(members=['10.1.0.14'], port_map=['tcp/22=tcp/2222'])]
    assert rules([flow(specs=['tcp/21-22', 'udp/22'])], endpoints=bound) == [
        ('192.0.2.10', '10.1.0.14', 'tcp/21 tcp/2222'),
        ('192.0.2.10', '10.1.0.14', 'udp/22'),
    ]
    assert rules([flow(direction='inbound', specs=['tcp/22'])], endpoints=bound)[0][2] == 'tcp/22'


@pytest.mark.parametrize(
    ('port_map', 'specs', 'here'),
    [
        (['tcp/any=tcp/8080'], ['tcp/80', 'tcp/443', 'udp/443'], ['tcp/8080', 'udp/443']),
        (['tcp/5000-5010=tcp/6000-6010'], ['tcp/5005-5012'], ['tcp/5011-5012', 'tcp/6005-6010']),
        (['tcp/80=tcp/443', 'tcp/443=tcp/80'], ['tcp/80'], ['tcp/443']),
        ([], ['icmp', 'esp'], ['icmp', 'esp']),
    ],
)
def test_ports_are_translated_one_by_one(port_map, specs, here):
    assert [str(s) for s in translate(ports(*specs), map(parse_map, port_map))] == [str(s) for s in ports(*here)]


@pytest.mark.parametrize(
    ('texts', 'message'),
    [
        (['tcp/22'], 'is not a port mapping'),
        (['tcp/22=udp/22'], 'ports of one protocol'),
        (['icmp=icmp'], 'ports of one protocol'),
        (['tcp/22=tcp/2222-2223'], 'to one port or to as many'),
        (['tcp/1-100=tcp/5', 'tcp/50=tcp/6'], 'overlap'),
    ],
)
def test_a_port_map_that_is_none_is_refused(texts, message):
    with pytest.raises(ValueError, match=message):
        canonical_map(texts)


def test_the_allow_list_of_the_proxy_holds_the_names_of_every_flow():
    proxy = endpoint(9, role='proxy', members=['10.1.0.80'], port_map=['tcp/443=tcp/8080'], proxy=True)
    flows = [flow(1, dns_names=['b.example.net'], **WEB), flow(2, dns_names=['a.example.net'], **WEB)]
    [rule] = resolve(gateway(flows, endpoints=[proxy])).rules
    assert rule.via_proxy_to == ('a.example.net', 'b.example.net')
    assert [each.id for each in rule.flows] == [1, 2]
    letters = 'hcgbfade'
    flows = [flow(number, dns_names=[f'{letter}.example'], **WEB) for number, letter in enumerate(letters)]
    [rule] = resolve(gateway(flows, endpoints=[proxy])).rules
    assert rule.via_proxy_to == tuple(f'{letter}.example' for letter in sorted(letters))
