"""The resolver, case by case: who is met, from which address, and what is left open."""

from dataclasses import replace

import pytest

from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.needs import Member
from netbox_gwports.rules.ports import canonical_map, parse_map, translate

from .build import address, endpoint, flow, gateway, local, peer, ports, said


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


def segments(own, remotes):
    """(local, remote, same segment) of every rule of one outbound flow."""
    found = resolve(gateway([flow()], own, [endpoint(members=remotes)])).rules
    return {(said(rule)[0], said(rule)[1], rule.same_segment) for rule in found}


def test_same_segment_is_asked_of_the_local_address_of_the_rule():
    one = [local('192.0.2.10', segment='192.0.2.0/24')]
    assert segments(one, ['192.0.2.50', '10.1.0.53']) == {
        ('192.0.2.10', '192.0.2.50', True),
        ('192.0.2.10', '10.1.0.53', False),
    }
    two = [local('192.0.2.10', segment='192.0.2.0/24'), local('10.20.0.10', segment='10.20.0.0/24')]
    assert segments(two, ['192.0.2.50']) == {
        ('192.0.2.10', '192.0.2.50', True),
        ('10.20.0.10', '192.0.2.50', False),
    }


def test_a_remote_lies_in_a_segment_only_as_a_whole():
    assert segments([local('192.0.2.10', segment='192.0.2.0/24')], ['192.0.2.0/23']) == {
        ('192.0.2.10', '192.0.2.0/23', False)
    }


def test_where_an_address_stands_may_be_unknown_and_is_a_matter_of_its_vrf():
    assert segments([local('192.0.2.10')], ['192.0.2.50']) == {('192.0.2.10', '192.0.2.50', False)}
    assert segments([local('192.0.2.10', segment='192.0.2.0/24', vrf=7)], ['192.0.2.50']) == {
        ('192.0.2.10', '192.0.2.50', False)
    }


def told(*args, **kwargs):
    """(rules, (reason, detail) of what is unresolved) of one gateway."""
    resolution = resolve(gateway(*args, **kwargs))
    return [said(rule) for rule in resolution.rules], [(e.reason, e.detail) for e in resolution.unresolved]


MAIL = {'role': 'mail', 'kind': 'any', 'zone': 'internet', 'specs': ['tcp/25'], 'direction': 'inbound'}


@pytest.mark.parametrize('zones', [['internet'], []])
def test_a_lost_address_keeps_its_zones_and_what_it_would_serve_is_told(zones):
    gone = local('192.0.2.10', *zones, lost='192.0.2.10 moved to other01')
    other = local('10.20.0.10')
    if zones:
        assert told([flow(**MAIL)], [gone, other]) == ([], [('no_address', '192.0.2.10 moved to other01')])
    assert told([flow(**MAIL)], [gone, local('192.0.2.11', *zones)]) == (
        [('any', '192.0.2.11', 'tcp/25')],
        [('no_address', '192.0.2.10 moved to other01')],
    )


def test_a_lost_address_is_told_only_where_it_would_have_served():
    gone = local('192.0.2.10', 'internet', lost='192.0.2.10 moved to other01')
    bound = [endpoint(members=['10.1.0.53'])]
    assert told([flow()], [gone, local('10.20.0.10', 'internal')], bound)[1] == []
    own = [local('192.0.2.10', lost='192.0.2.10 moved to other01'), local('2001:db8::10')]
    assert told([flow()], own, [endpoint(members=['2001:db8:1::53'])])[1] == []
    assert told([flow()], own, bound) == ([], [('no_address', '192.0.2.10 moved to other01')])


def test_a_peer_is_not_met_at_a_lost_address():
    moved = peer(2, local('192.0.2.11', 'dmz', lost='moved'), local('10.20.0.11'))
    assert told([flow(**PEERS)], peers=[moved]) == ([], [('no_remote', 'peer 2 has no address')])


def test_each_family_that_the_gateway_has_and_a_flow_does_not_reach_is_told():
    own = [local('192.0.2.100', 'internet', use='inbound'), local('2001:db8::10')]
    missing = [('no_common_family', 'gateway 1 has no IPv6 address that faces the zone internet')]
    assert told([flow(**MAIL)], own) == ([('any', '192.0.2.100', 'tcp/25')], missing)
    named = [
        endpoint(
            role='mail', zone='internet', members=[Member('mx', (address('198.51.100.1'), address('2001:db8:1::1')))]
        )
    ]
    assert told([flow(**MAIL)], own, named) == ([('198.51.100.1', '192.0.2.100', 'tcp/25')], missing)


def test_a_family_that_the_remote_or_the_protocol_does_not_have_is_not_missed():
    own = [local('192.0.2.100', 'internet', use='inbound'), local('2001:db8::10')]
    v4_only = [endpoint(role='mail', zone='internet', members=['198.51.100.1'])]
    assert told([flow(**MAIL)], own, v4_only)[1] == []
    assert told([flow(**MAIL | {'specs': ['icmp']})], own)[1] == []
    assert told([flow(**MAIL)], [local('192.0.2.10')])[1] == []


NETWORKS = {'internal': ['10.0.0.0/8'], 'dmz': ['10.20.0.0/24', '192.0.2.0/24']}


def test_a_remote_in_the_networks_of_another_zone_makes_no_rule():
    def asked(*members, zone='internal', networks=NETWORKS):
        return told([flow()], [local('203.0.113.1')], [endpoint(members=members, zone=zone)], networks=networks)

    wrong = [('wrong_zone', '10.20.0.5 belongs to the zone dmz, not internal')]
    assert asked('10.20.0.5') == ([], wrong)
    assert asked('10.20.0.5', '10.1.0.53') == ([('203.0.113.1', '10.1.0.53', 'udp/53')], wrong)
    # The most specific network decides; an equally specific one of the zone itself wins; unknown zones hold nothing
    assert asked('10.20.0.5', zone='dmz')[1] == []
    assert asked('10.20.0.5', networks={'internal': ['10.20.0.0/24'], 'dmz': ['10.20.0.0/24']})[1] == []
    assert asked('10.20.0.5', networks={})[1] == []
    assert asked('198.51.100.1')[1] == []
    assert asked('10.20.0.0/23')[1] == []


def test_of_a_remote_in_another_zone_only_that_is_told():
    own = [local('203.0.113.1'), local('2001:db8::10', 'management')]
    bound = [endpoint(members=['10.20.0.5', '10.1.0.53'])]
    assert told([flow()], own, bound, networks=NETWORKS) == (
        [('203.0.113.1', '10.1.0.53', 'udp/53')],
        [('wrong_zone', '10.20.0.5 belongs to the zone dmz, not internal')],
    )


def test_where_a_member_is_the_gateway_itself_in_one_family_nothing_is_missed_there():
    met, missed = [('192.0.2.10', '10.1.0.53', 'udp/53')], ('no_common_family',)
    own = [local('192.0.2.10'), local('2001:db8::10')]
    itself = Member('m', (address('10.1.0.53'), address('2001:db8::10')))
    assert told([flow()], own, [endpoint(members=[itself])]) == (met, [])
    # In the other family something is
    own = [local('192.0.2.10', 'internal'), local('2001:db8::10', 'management')]
    itself = Member('m', (address('10.1.0.53'), address('192.0.2.10'), address('2001:db8:1::53')))
    found, open_items = told([flow()], own, [endpoint(members=[itself])])
    assert found == met and [entry[:1] for entry in open_items] == [missed]


def test_a_local_address_in_the_networks_of_another_zone_makes_no_rule():
    own = [local('10.1.0.1', 'internet', 'internal')]
    assert told([flow(**MAIL)], own, networks=NETWORKS) == (
        [],
        [('wrong_zone', '10.1.0.1 belongs to the zone internal, not internet')],
    )
    assert told([flow()], own, [endpoint(members=['10.1.0.53'])], networks=NETWORKS)[1] == []


def test_what_is_outside_the_networks_of_its_zone_is_told_where_the_rest_belongs_to_another():
    networks = {'internal': ['10.0.0.0/8']}
    needs = gateway([flow()], [local('203.0.113.1')], [endpoint(members=['8.8.8.8'])], networks=networks)
    assert len(resolve(needs).rules) == 1
    rest = replace(address('0.0.0.1'), first=0, last=2**32 - 1)
    known = (*needs.zone_networks, ('internet', (rest,)))
    assert [(e.reason, e.detail) for e in resolve(replace(needs, zone_networks=known)).unresolved] == [
        ('wrong_zone', '8.8.8.8 is outside the networks of the zone internal')
    ]
    wider = replace(needs, zone_networks=known, endpoints=(endpoint(members=['8.0.0.0/5']),))
    assert resolve(wider).unresolved == ()


WEB = {'role': 'vendor', 'zone': 'internet', 'specs': ['tcp/443'], 'application_protocol': 'HTTPS'}


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


def test_a_need_without_a_remote_that_any_permits_already_needs_nobody():
    general = flow(1, role='web', kind='any', zone='internet', specs=['tcp/443'])
    unnamed = flow(2, **WEB)
    assert reasons([general, unnamed]) == ['permitted_by_any']
    assert reasons([flow(1, role='web', kind='any', zone='internet', specs=['tcp/80']), unnamed]) == ['no_remote']


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
    [many] = resolve(gateway([flow(number) for number in range(30, 0, -1)], endpoints=bound)).rules
    assert [f.id for f in many.flows] == [*range(1, 31)]


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


def test_a_prefix_that_reaches_beyond_the_segment_is_not_in_it():
    own = [local('192.0.2.10', segment='192.0.2.0/24')]
    bound = [endpoint(members=['192.0.2.128/25', '192.0.0.0/16', '192.0.2.250-192.0.3.5'])]
    found = resolve(gateway([flow()], own, endpoints=bound)).rules
    assert {(said(rule)[1], rule.same_segment) for rule in found} == {
        ('192.0.2.128/25', True),
        ('192.0.0.0/16 192.0.2.250-192.0.3.5', False),
    }


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


def test_one_rule_knows_every_endpoint_and_object_that_gave_it():
    one = endpoint(1, members=[Member('a', (replace(address('10.1.0.1'), refs=(Ref('ipam.ipaddress', 1, 'a'),)),))])
    two = endpoint(2, members=[Member('b', (replace(address('10.1.0.1'), refs=(Ref('dcim.device', 2, 'b'),)),))])
    [rule] = resolve(gateway([flow()], endpoints=[one, two])).rules
    assert [ref.id for ref in rule.remote.endpoints] == [1, 2]
    assert [ref.type for ref in rule.remote.addresses[0].refs] == ['dcim.device', 'ipam.ipaddress']
    both = endpoint(3, members=[*one.members, *two.members])
    [rule] = resolve(gateway([flow()], endpoints=[both])).rules
    assert [ref.type for ref in rule.remote.addresses[0].refs] == ['dcim.device', 'ipam.ipaddress']


def test_of_two_own_addresses_each_meets_the_other_and_not_itself():
    own = [local('192.0.2.10'), local('192.0.2.11')]
    bound = [endpoint(members=['192.0.2.10', '192.0.2.11'])]
    assert rules([flow()], own, bound) == [
        ('192.0.2.11', '192.0.2.10', 'udp/53'),
        ('192.0.2.10', '192.0.2.11', 'udp/53'),
    ]
    assert reasons([flow()], own, bound) == []
    assert reasons([flow()], own, [endpoint(members=['192.0.2.10'])]) == []


@pytest.mark.parametrize('other', [{'zone': 'internal'}, {'direction': 'inbound'}])
def test_an_any_of_another_zone_or_direction_permits_nothing_else(other):
    general = flow(1, **{'role': 'web', 'kind': 'any', 'zone': 'internet', 'specs': ['tcp/443'], **other})
    assert reasons([general, flow(2, **WEB)]) == ['no_remote']


def test_an_outbound_only_address_is_no_family_for_inbound_flows():
    general = flow(direction='inbound', role='web', kind='any', zone='internet', specs=['tcp/25'])
    own = [local('192.0.2.10', 'internet'), local('2001:db8::10', 'management', use='outbound')]
    assert reasons([general], own) == []
    own = [local('192.0.2.10', 'internet'), local('2001:db8::10', 'management')]
    assert reasons([general], own) == ['no_common_family']


def test_a_flow_that_yields_nothing_is_one_open_item_with_every_detail_of_its_first_reason():
    emptied = [endpoint(number, zone='management' if number == 5 else 'internal') for number in range(9, 0, -1)]
    no_address = endpoint(10, zone='dmz', members=['10.1.0.53'])
    own = [local('192.0.2.10', 'internal', 'management')]
    [entry] = resolve(gateway([flow()], own, [*emptied, no_address])).unresolved
    assert (entry.reason, entry.zone) == ('no_remote', 'internal')
    assert entry.detail == '; '.join(f'endpoint {number} has no members' for number in range(1, 10))


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


def test_what_is_to_be_known_of_an_own_address_is_told_where_it_is_used():
    own = [
        replace(local('192.0.2.10', 'internal'), note='192.0.2.10 is deprecated'),
        replace(local('192.0.2.11', 'dmz'), note='192.0.2.11 is deprecated'),
        replace(local('192.0.2.12', 'internal', lost='moved'), note='192.0.2.12 is deprecated'),
    ]
    notes = resolve(gateway([flow()], own, [endpoint(members=['10.1.0.53'])])).notes
    assert [(note.zone, note.text) for note in notes] == [('internal', '192.0.2.10 is deprecated')]
    assert resolve(gateway([flow()], own, [endpoint()])).notes == ()


def test_what_shares_no_family_is_named():
    general = flow(role='web', kind='any', zone='internet', specs=['icmpv6'])
    assert told([general]) == ([], [('no_common_family', 'any and gateway 1 share no address family')])
    named = flow(dns_names=['a.example', 'b.example'], specs=['icmpv6'])
    assert told([named]) == ([], [('no_common_family', 'a.example, b.example and gateway 1 share no address family')])
    assert told([flow()], [local('192.0.2.10')], [endpoint(members=['2001:db8::53'])]) == (
        [],
        [('no_common_family', '2001:db8::53 and gateway 1 share no address family')],
    )


def test_why_nothing_is_met_is_told_in_words():
    bound = [endpoint(members=['10.1.0.53'])]
    assert told([flow()])[1] == [('no_remote', 'No endpoint for dns')]
    assert told([flow()], endpoints=[endpoint()])[1] == [('no_remote', 'endpoint 1 has no members')]
    assert told([flow()], endpoints=bound, chosen=False)[1] == [
        ('addresses_not_chosen', 'No addresses selected for gateway 1')
    ]
    assert told([flow()], [local('192.0.2.10', 'dmz')], bound)[1] == [
        ('no_address', 'gateway 1 has no address that faces the zone internal')
    ]
    assert told([flow()], endpoints=[endpoint(members=['192.0.2.10'])])[1] == [
        ('no_remote', '192.0.2.10 is the gateway itself')
    ]
    general = flow(1, role='web', kind='any', zone='internet', specs=['tcp/443'])
    assert told([general, flow(2, **WEB)])[1] == [
        ('permitted_by_any', 'vendor: any address of its zone is permitted already')
    ]


def test_open_items_are_sorted_by_flow_then_reason_then_words():
    emptied = [Member(f'm{number}', ()) for number in (3, 1, 2)]
    v6 = Member('v6', (address('2001:db8::53'),))
    flows = [flow(number) for number in (3, 1, 2)]
    found = resolve(gateway(flows, endpoints=[endpoint(members=[*emptied, v6, '10.1.0.53'])])).unresolved
    assert [(entry.flow.id, entry.reason, entry.detail[:2]) for entry in found] == [
        (number, reason, detail)
        for number in (1, 2, 3)
        for reason, detail in [('no_remote', f'm{n}') for n in (1, 2, 3)] + [('no_common_family', 'v6')]
    ]


def test_the_names_of_a_rule_are_sorted():
    [rule] = resolve(gateway([flow(dns_names=['b.example', 'c.example', 'a.example'])])).rules
    assert rule.remote.dns_names == ('a.example', 'b.example', 'c.example')
