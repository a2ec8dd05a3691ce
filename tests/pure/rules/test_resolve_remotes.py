"""The resolver: who is met."""

from dataclasses import replace

import pytest

from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.needs import Member

from .build import address, endpoint, flow, gateway, local, peer
from .resolved import reasons, rules, told


def test_an_endpoint_that_lost_its_members_does_not_fall_through_to_any():
    any_flow = flow(role='web', kind='any', zone='internet', specs=['tcp/443'])
    emptied = endpoint(role='web', zone='internet')
    assert rules([any_flow], endpoints=[emptied]) == []
    assert reasons([any_flow], endpoints=[emptied]) == ['no_remote']


def test_binding_a_role_of_kind_any_narrows_it():
    any_flow = flow(role='web', kind='any', zone='internet', specs=['tcp/443'])
    assert rules([any_flow]) == [('192.0.2.10', 'any', 'tcp/443')]
    narrowed = endpoint(role='web', zone='internet', members=['203.0.113.7'])
    assert rules([any_flow], endpoints=[narrowed]) == [('192.0.2.10', '203.0.113.7', 'tcp/443')]


def test_the_order_of_sources():
    own, bound = endpoint(1, members=['10.1.0.1']), endpoint(2, members=['10.1.0.2'])
    hosted = flow(dns_names=['time.example.net'])
    assert rules([replace(hosted, endpoints=(own,))], endpoints=[bound])[0][1] == '10.1.0.1'
    assert rules([hosted], endpoints=[bound])[0][1] == 'time.example.net'
    assert rules([replace(hosted, replaceable=True)], endpoints=[bound])[0][1] == '10.1.0.2'
    assert rules([replace(hosted, replaceable=True)])[0][1] == 'time.example.net'


def test_published_hosts_are_on_the_internet_whatever_the_zone_of_the_role():
    assert resolve(gateway([flow(dns_names=['time.example.net'])])).rules[0].zone == 'internet'
    assert resolve(gateway([flow(dns_names=['time.example.net'], **{'zone': 'internal'})])).rules[0].zone == 'internet'


def test_the_narrowest_scope_wins_and_scopes_are_not_mixed():
    everywhere, here = endpoint(1, members=['10.1.0.1'], scope=3), endpoint(2, members=['10.1.0.2'], scope=0)
    assert rules([flow()], endpoints=[everywhere, here]) == [('192.0.2.10', '10.1.0.2', 'udp/53')]


def test_each_member_that_yields_nothing_is_told():
    bound = [endpoint(members=['10.1.0.53', Member('dns02', ())])]
    resolution = resolve(gateway([flow()], endpoints=bound))
    assert len(resolution.rules) == 1
    assert [(e.reason, e.detail) for e in resolution.unresolved] == [('no_remote', 'dns02 has no address')]


def test_a_prefix_of_every_address_is_no_member():
    everybody = Member('0.0.0.0/0', (replace(address('10.0.0.1'), first=0, last=2**32 - 1),))
    assert rules([flow()], endpoints=[endpoint(members=[everybody])]) == []
    assert reasons([flow()], endpoints=[endpoint(members=[everybody])]) == ['no_remote']


PEERS = {'role': 'peers', 'kind': 'peers', 'zone': 'dmz', 'specs': ['tcp/443']}


def test_a_peer_is_met_only_at_the_addresses_that_face_the_zone_in_the_opposite_direction():
    other = peer(2, local('192.0.2.11', 'internet', 'dmz'), local('10.99.0.11', 'management'))
    assert rules([flow(**PEERS)], peers=[other]) == [('192.0.2.10', '192.0.2.11', 'tcp/443')]
    published = peer(2, local('192.0.2.100', 'dmz', use='inbound'), local('192.0.2.11', 'dmz', use='outbound'))
    assert rules([flow(**PEERS)], peers=[published])[0][1] == '192.0.2.100'
    assert rules([flow(direction='inbound', **PEERS)], peers=[published])[0][0] == '192.0.2.11'


def test_a_gateway_without_peers_does_not_need_them():
    resolution = resolve(gateway([flow(**PEERS)]))
    assert (resolution.rules, resolution.unresolved, len(resolution.not_applicable)) == ((), (), 1)
    assert reasons([flow(**PEERS)], peers=[peer(2, chosen=False)]) == ['no_remote']


def test_a_peer_is_not_met_at_a_lost_address():
    moved = peer(2, local('192.0.2.11', 'dmz', lost='moved'), local('10.20.0.11'))
    assert told([flow(**PEERS)], peers=[moved]) == ([], [('no_remote', 'peer 2 has no address')])


@pytest.mark.parametrize('direction', ['inbound', 'outbound'])
def test_an_endpoint_says_any_openly(direction):
    bound = [endpoint(any=True)]
    assert 'any' in rules([flow(direction=direction)], endpoints=bound)[0]


def test_one_rule_knows_every_endpoint_and_object_that_gave_it():
    one = endpoint(1, members=[Member('a', (replace(address('10.1.0.1'), refs=(Ref('ipam.ipaddress', 1, 'a'),)),))])
    two = endpoint(2, members=[Member('b', (replace(address('10.1.0.1'), refs=(Ref('dcim.device', 2, 'b'),)),))])
    [rule] = resolve(gateway([flow()], endpoints=[one, two])).rules
    assert [ref.id for ref in rule.remote.endpoints] == [1, 2]
    assert [ref.type for ref in rule.remote.addresses[0].refs] == ['dcim.device', 'ipam.ipaddress']
    both = endpoint(3, members=[*one.members, *two.members])
    [rule] = resolve(gateway([flow()], endpoints=[both])).rules
    assert [ref.type for ref in rule.remote.addresses[0].refs] == ['dcim.device', 'ipam.ipaddress']


def test_which_address_of_a_machine_is_used_is_told_in_the_zone_of_its_rule():
    two = Member(
        'dns01', (address('10.1.0.53'),), others=(address('10.2.0.53'), address('10.3.0.53')), note='dns01 is offline'
    )
    one = Member('dns02', (address('10.1.0.54'),))
    notes = resolve(gateway([flow()], endpoints=[endpoint(members=[two, one])])).notes
    assert [(note.zone, note.text) for note in notes] == [
        ('internal', 'dns01 is offline'),
        ('internal', 'dns01: 10.1.0.53 is used; it also has 10.2.0.53, 10.3.0.53'),
    ]
    many = [Member(name, (address('10.1.0.53'),), note=f'{name} is offline') for name in 'hcgbfade']
    notes = resolve(gateway([flow()], endpoints=[endpoint(members=many)])).notes
    assert [note.text[0] for note in notes] == sorted('hcgbfade')
    # Nothing of it is used, nothing is told
    unused = Member('dns03', (), others=(address('10.2.0.53'),))
    assert resolve(gateway([flow()], endpoints=[endpoint(members=[unused, one])])).notes == ()
