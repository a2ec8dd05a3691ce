"""Who is at the other end of a flow, before anything is made of it."""

from dataclasses import replace

import pytest

from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.needs import Member
from netbox_gwports.rules.remotes import Remote, remotes_of

from .build import address, endpoint, flow, gateway, local, peer, ports

WEB = {'role': 'vendor', 'zone': 'internet', 'specs': ['tcp/443'], 'application_protocol': 'HTTPS'}
PEERS = {'role': 'peers', 'kind': 'peers', 'zone': 'dmz', 'specs': ['tcp/443']}


def proxy(number=9, **facts):
    given = {'role': 'proxy', 'members': ['10.1.0.80'], 'port_map': ['tcp/any=tcp/8080'], 'proxy': True, **facts}
    return endpoint(number, **given)


def ids(flow, *args, **kwargs):
    """The endpoints that give the remotes of a flow, by id; None for what no endpoint gives."""
    found = remotes_of(flow, gateway([flow], *args, **kwargs))
    return found if found is None else [remote.endpoint and remote.endpoint.id for remote in found]


def test_a_remote_that_nobody_said_anything_of():
    plain = Remote('dmz')
    assert plain == Remote('dmz', False, (), (), None, (), True, ())
    assert plain.is_empty
    for facts in ({'any': True}, {'dns_names': ('a.example',)}, {'members': (Member('a'),)}):
        assert not Remote('dmz', **facts).is_empty


def test_an_endpoint_gives_everything_it_has():
    found = endpoint(
        3, zone='dmz', members=['10.1.0.1'], dns_names=('a.example',), any=True, port_map=['tcp/22=tcp/2222']
    )
    [remote] = remotes_of(flow(), gateway(endpoints=[found]))
    assert remote == Remote('dmz', True, ('a.example',), found.members, found.ref, found.port_map, True, ())
    [remote] = remotes_of(flow(), gateway(endpoints=[replace(found, visible=False)]))
    assert not remote.visible


def test_ports_are_mapped_outbound_only():
    remote = Remote('dmz', port_map=endpoint(port_map=['tcp/22=tcp/2222']).port_map)
    assert remote.ports_of(flow(specs=['tcp/22', 'tcp/80'])) == ports('tcp/80', 'tcp/2222')
    assert remote.ports_of(flow(direction='inbound', specs=['tcp/22'])) == ports('tcp/22')


def test_own_endpoints_come_first_even_if_there_are_none():
    assert ids(flow(endpoints=(endpoint(7, scope=3),)), endpoints=[endpoint(1, scope=0)]) == [7]
    # They were deleted: nothing wider takes their place
    assert ids(flow(endpoints=(), kind='any', dns_names=['a.example']), endpoints=[endpoint(1)]) == []


def test_published_names_give_way_only_where_they_are_replaceable_and_the_role_is_bound():
    named = flow(dns_names=['a.example'])
    assert ids(named, endpoints=[endpoint(1)]) == [None]
    assert ids(replace(named, replaceable=True), endpoints=[endpoint(1)]) == [1]
    assert ids(replace(named, replaceable=True), endpoints=[endpoint(1, role='ntp')]) == [None]
    [remote] = remotes_of(named, gateway())
    assert remote == Remote('internet', dns_names=('a.example',))
    [remote] = remotes_of(replace(named, zone='dmz'), gateway())
    assert remote.zone == 'dmz'


def test_the_kind_of_the_role_decides_where_nothing_is_bound():
    assert remotes_of(flow(), gateway()) == []
    assert remotes_of(flow(kind='proxy'), gateway()) == []
    assert remotes_of(flow(kind='any', zone='dmz'), gateway()) == [Remote('dmz', any=True)]
    assert remotes_of(flow(**PEERS), gateway()) is None
    assert ids(flow(**PEERS), peers=[peer(2, local('192.0.2.11'))], endpoints=[endpoint(1, role='peers')]) == [1]


def test_a_peer_is_met_at_what_it_uses_in_the_opposite_direction():
    other = peer(2, local('192.0.2.11', 'dmz', use='inbound'), local('192.0.2.12', 'dmz', use='outbound'))
    for direction, text in (('outbound', '192.0.2.11'), ('inbound', '192.0.2.12')):
        [remote] = remotes_of(flow(direction=direction, **PEERS), gateway(peers=[replace(other, note='is offline')]))
        assert remote == Remote(
            'dmz', members=(Member('peer 2', (address(text),), note='is offline'),), endpoint=other.ref
        )
    [remote] = remotes_of(flow(**PEERS), gateway(peers=[replace(other, chosen=False, visible=False)]))
    assert (remote.members, remote.visible) == ((Member('peer 2'),), False)


# -- the web proxy


def test_the_proxy_takes_the_place_of_everything_on_the_internet():
    named = flow(dns_names=['b.example', 'a.example'], **WEB)
    [remote] = remotes_of(named, gateway(endpoints=[proxy()]))
    assert (remote.endpoint, remote.zone, remote.via_proxy_to) == (proxy().ref, 'internal', ('a.example', 'b.example'))
    assert remote.ports_of(named) == ports('tcp/8080')
    far = endpoint(1, 'vendor', 'internet', ['203.0.113.9', '203.0.113.1'], dns_names=('a.example',))
    near = endpoint(2, 'vendor', 'dmz', ['192.0.2.99'])
    found = remotes_of(flow(**WEB), gateway(endpoints=[far, near, proxy()]))
    assert [(each.endpoint.id, each.via_proxy_to) for each in found] == [
        (2, ()),
        (9, ('203.0.113.1', '203.0.113.9', 'a.example')),
    ]


@pytest.mark.parametrize(
    'facts', [{'application_protocol': 'SMTP'}, {'direct': True}, {'direction': 'inbound'}, {'zone': 'dmz'}]
)
def test_what_the_proxy_does_not_take(facts):
    assert ids(replace(flow(dns_names=['a.example'], **WEB), **facts), endpoints=[proxy()]) == [None]


def test_a_flow_without_a_remote_goes_to_the_proxy_only_where_its_role_is_on_the_internet():
    assert ids(flow(**WEB), endpoints=[proxy()]) == [9]
    assert ids(flow(**WEB | {'zone': 'dmz'}), endpoints=[proxy()]) == []
    assert ids(flow(**WEB), endpoints=[endpoint(1, 'vendor', 'dmz', ['192.0.2.99']), proxy()]) == [1]


def test_a_remote_that_the_reader_may_not_see_hides_the_way_through_the_proxy():
    far = [endpoint(1, 'vendor', 'internet', ['203.0.113.9']), endpoint(2, 'vendor', 'internet', ['203.0.113.8'])]
    for visible, expected in ((True, True), (False, False)):
        bound_here = [replace(far[0], visible=visible), far[1], proxy()]
        [remote] = remotes_of(flow(**WEB), gateway(endpoints=bound_here))
        assert remote.visible is expected
    [remote] = remotes_of(flow(**WEB), gateway(endpoints=[far[0], replace(proxy(), visible=False)]))
    assert not remote.visible


def test_proxies_of_every_role_in_the_narrowest_scope_of_each():
    proxies = [proxy(9, scope=2), proxy(8, scope=1), *(proxy(n, role=f'proxy {n}') for n in (7, 6, 5, 4, 3))]
    # In the order of roles, whatever the order of endpoints
    for given in (proxies, proxies[::-1]):
        assert ids(flow(**WEB), endpoints=given) == [8, 3, 4, 5, 6, 7]


def at(text, *objects):
    return replace(address(text), refs=tuple(objects))


IPAM, OTHER, DEVICE = Ref('ipam.ipaddress', 1, 'a'), Ref('ipam.ipaddress', 2, 'b'), Ref('dcim.device', 1, 'd')


@pytest.mark.parametrize(
    'own, met, is_proxy',
    [
        (at('10.1.0.80'), at('10.1.0.80'), True),
        (at('10.1.0.80', IPAM), at('10.1.0.80', IPAM, DEVICE), True),
        (at('10.1.0.80', IPAM), at('10.1.0.80'), True),
        (at('10.1.0.80'), at('10.1.0.80', OTHER), True),
        (at('10.1.0.80', DEVICE), at('10.1.0.80', OTHER), True),
        # Two objects of IPAM with the same address, as behind NAT
        (at('10.1.0.80', IPAM), at('10.1.0.80', OTHER), False),
        (at('10.1.0.80', IPAM, DEVICE), at('10.1.0.80', OTHER, DEVICE), False),
        (at('10.1.0.81', IPAM), at('10.1.0.80', IPAM), False),
        (at('10.1.0.80'), at('10.1.0.0/24'), False),
    ],
)
def test_a_gateway_that_is_the_proxy_does_not_use_it(own, met, is_proxy):
    here = proxy(members=[Member('proxy', (address('10.9.9.9'), met))])
    mine = replace(local('10.1.0.1'), address=own)
    named = flow(dns_names=['a.example'], **WEB)
    assert ids(named, [local('10.1.0.2'), mine], endpoints=[here]) == ([None] if is_proxy else [9])
    # What is lost no longer is its own, what another machine publishes never was
    assert ids(named, [replace(mine, lost='moved')], endpoints=[here]) == [9]
    assert ids(named, [replace(mine, foreign=True)], endpoints=[here]) == [9]
