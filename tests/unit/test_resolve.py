"""The resolver, case by case: who is met, from which address, and what is left open."""

from dataclasses import replace

import pytest

from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.needs import Member

from .build import address, endpoint, flow, gateway, local, peer, said


def rules(*args, **kwargs):
    return [said(rule) for rule in resolve(gateway(*args, **kwargs)).rules]


def reasons(*args, **kwargs):
    return [entry.reason for entry in resolve(gateway(*args, **kwargs)).unresolved]


def test_ports_are_always_the_destination_ports():
    bound = [endpoint(members=['10.1.0.53'])]
    assert rules([flow()], endpoints=bound) == [('192.0.2.10', '10.1.0.53', 'udp/53')]
    assert rules([flow(direction='inbound')], endpoints=bound) == [('10.1.0.53', '192.0.2.10', 'udp/53')]


def test_nobody_named_is_unresolved_and_never_any():
    resolution = resolve(gateway([flow()]))
    assert resolution.rules == ()
    assert [entry.reason for entry in resolution.unresolved] == ['no_remote']


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


def test_a_local_address_must_face_the_zone():
    addresses = [local('192.0.2.11', 'internet', 'dmz'), local('10.20.0.11', 'internal')]
    bound = [endpoint(members=['10.1.0.53'])]
    assert rules([flow()], addresses, bound) == [('10.20.0.11', '10.1.0.53', 'udp/53')]
    assert reasons([flow()], addresses[:1], bound) == ['no_address']


def test_an_address_without_zones_faces_what_no_other_faces_whatever_the_family():
    addresses = [local('2001:db8::1'), local('10.20.0.11', 'internal')]
    assert rules([flow()], addresses, [endpoint(members=['10.1.0.53'])]) == [('10.20.0.11', '10.1.0.53', 'udp/53')]
    v6 = [endpoint(members=['2001:db8:1::53'])]
    assert reasons([flow()], addresses, v6) == ['no_common_family']


def test_use_decides_the_direction():
    addresses = [local('192.0.2.1', use='inbound'), local('192.0.2.2', use='outbound')]
    bound = [endpoint(members=['10.1.0.53'])]
    assert rules([flow()], addresses, bound)[0][0] == '192.0.2.2'
    assert rules([flow(direction='inbound')], addresses, bound)[0][1] == '192.0.2.1'


def test_addresses_that_nobody_chose_are_not_guessed():
    assert reasons([flow()], chosen=False, addresses=(), endpoints=[endpoint(members=['10.1.0.53'])]) == [
        'addresses_not_chosen'
    ]


def test_families_never_mix():
    addresses = [local('192.0.2.10'), local('2001:db8::10')]
    bound = [endpoint(members=['10.1.0.53', '2001:db8:1::53'])]
    assert rules([flow()], addresses, bound) == [
        ('192.0.2.10', '10.1.0.53', 'udp/53'),
        ('2001:db8::10', '2001:db8:1::53', 'udp/53'),
    ]
    v4_only = [endpoint(members=['10.1.0.53'])]
    assert rules([flow()], addresses, v4_only) == [('192.0.2.10', '10.1.0.53', 'udp/53')]


def test_icmp_exists_in_one_family_only():
    addresses = [local('192.0.2.10'), local('2001:db8::10')]
    bound = [endpoint(members=['10.1.0.53', '2001:db8:1::53'])]
    assert rules([flow(specs=['icmp'])], addresses, bound) == [('192.0.2.10', '10.1.0.53', 'icmp')]
    resolution = resolve(gateway([flow(specs=['icmp', 'icmpv6'])], endpoints=[endpoint(members=['10.1.0.53'])]))
    assert [said(rule)[2] for rule in resolution.rules] == ['icmp']
    assert [(entry.reason, entry.detail.split()[0]) for entry in resolution.unresolved] == [
        ('no_common_family', 'icmpv6')
    ]


def test_each_member_that_yields_nothing_is_told():
    bound = [endpoint(members=['10.1.0.53', Member('dns02', ())])]
    resolution = resolve(gateway([flow()], endpoints=bound))
    assert len(resolution.rules) == 1
    assert [(e.reason, e.detail) for e in resolution.unresolved] == [('no_remote', 'dns02 has no address')]


def test_a_gateway_does_not_meet_itself():
    only_itself = [endpoint(members=['192.0.2.10'])]
    assert reasons([flow()], endpoints=only_itself) == ['no_remote']
    other_vrf = [endpoint(members=[Member('same address, other VRF', (address('192.0.2.10', vrf=7),))])]
    assert len(rules([flow()], endpoints=other_vrf)) == 1


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


def test_same_segment_is_by_the_masks_of_the_own_interfaces():
    bound = [endpoint(members=['192.0.2.50', '10.1.0.53'])]
    found = resolve(gateway([flow()], endpoints=bound, segments=['192.0.2.0/24'])).rules
    assert {(said(rule)[1], rule.same_segment) for rule in found} == {('192.0.2.50', True), ('10.1.0.53', False)}


WEB = {'role': 'vendor', 'zone': 'internet', 'specs': ['tcp/443'], 'application_protocol': 'HTTPS'}


def test_the_web_proxy_takes_what_goes_to_the_internet():
    proxy = endpoint(9, role='proxy', members=['10.1.0.80'], specs=['tcp/8080'], proxy=True)
    web, direct = flow(1, dns_names=['*.example.net'], **WEB), flow(2, dns_names=['*.example.net'], direct=True, **WEB)
    found = resolve(gateway([web, direct], endpoints=[proxy])).rules
    assert {said(rule) for rule in found} == {
        ('192.0.2.10', '10.1.0.80', 'tcp/8080'),
        ('192.0.2.10', '*.example.net', 'tcp/443'),
    }
    through = next(rule for rule in found if rule.zone == 'internal')
    assert through.via_proxy_to == ('*.example.net',)


def test_a_proxy_that_lost_its_members_is_not_bypassed():
    proxy = endpoint(9, role='proxy', specs=['tcp/8080'], proxy=True)
    assert rules([flow(dns_names=['*.example.net'], **WEB)], endpoints=[proxy]) == []
    assert reasons([flow(dns_names=['*.example.net'], **WEB)], endpoints=[proxy]) == ['no_remote']


def test_a_need_without_a_remote_that_any_permits_already_needs_nobody():
    general = flow(1, role='web', kind='any', zone='internet', specs=['tcp/443'])
    unnamed = flow(2, **WEB)
    assert reasons([general, unnamed]) == ['permitted_by_any']
    assert reasons([flow(1, role='web', kind='any', zone='internet', specs=['tcp/80']), unnamed]) == ['no_remote']


def test_ports_of_an_endpoint_are_for_what_the_gateway_opens():
    bound = [endpoint(members=['10.1.0.14'], specs=['udp/6514'])]
    assert rules([flow()], endpoints=bound)[0][2] == 'udp/6514'
    assert rules([flow(direction='inbound')], endpoints=bound)[0][2] == 'udp/53'


def test_covered_rules_are_marked_and_only_one_of_two_equal_ones():
    general = flow(1, role='web', kind='any', zone='internet', specs=['tcp/443'])
    named = flow(2, dns_names=['*.example.net'], **WEB)
    broad, narrow = sorted(resolve(gateway([general, named])).rules, key=lambda rule: not rule.remote.any)
    assert (broad.covered_by, narrow.covered_by) == ((), (broad.key,))
    mutual = [endpoint(1, members=['10.1.0.0/24']), endpoint(2, members=['10.1.0.0/24', '10.1.0.5'])]
    found = resolve(gateway([flow()], endpoints=mutual)).rules
    assert sorted(len(rule.covered_by) for rule in found) == [0, 1]


def test_one_rule_lists_all_its_flows_and_keeps_its_key():
    bound = [endpoint(members=['10.1.0.53'])]
    one = resolve(gateway([flow(1)], endpoints=bound)).rules
    two = resolve(gateway([flow(1), flow(2, status='implemented')], endpoints=bound)).rules
    assert [f.id for f in two[0].flows] == [1, 2]
    assert (one[0].key, two[0].state) == (two[0].key, 'implemented')


def test_what_the_reader_may_not_see_is_counted_and_nothing_else():
    resolution = resolve(gateway([flow()], endpoints=[endpoint(members=['10.1.0.53'], visible=False)]))
    assert (resolution.rules, resolution.unresolved, resolution.hidden) == ((), (), 1)


@pytest.mark.parametrize('direction', ['inbound', 'outbound'])
def test_an_endpoint_says_any_openly(direction):
    bound = [endpoint(any=True)]
    assert 'any' in rules([flow(direction=direction)], endpoints=bound)[0]


def test_equal_gaps_are_told_once_a_zone():
    gap = Member('dns02', ())
    bound = [
        endpoint(n, zone=zone, members=['10.1.0.53', gap]) for n, zone in enumerate(('dmz', 'internal', 'internal'))
    ]
    told = resolve(gateway([flow()], endpoints=bound)).unresolved
    assert [entry.zone for entry in told] == ['dmz', 'internal']
    assert resolve(gateway([flow()], endpoints=bound[::-1])).unresolved == told
