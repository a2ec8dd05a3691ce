"""The resolver: from which addresses of the gateway, in which family, and across which segment."""

from dataclasses import replace

import pytest

from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.needs import Member

from .build import address, endpoint, flow, gateway, local, said
from .resolved import MAIL, reasons, rules, told


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


def test_a_gateway_does_not_meet_itself():
    only_itself = [endpoint(members=['192.0.2.10'])]
    assert reasons([flow()], endpoints=only_itself) == ['no_remote']
    other_vrf = [endpoint(members=[Member('same address, other VRF', (address('192.0.2.10', vrf=7),))])]
    assert len(rules([flow()], endpoints=other_vrf)) == 1


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


def test_a_prefix_that_reaches_beyond_the_segment_is_not_in_it():
    own = [local('192.0.2.10', segment='192.0.2.0/24')]
    bound = [endpoint(members=['192.0.2.128/25', '192.0.0.0/16', '192.0.2.250-192.0.3.5'])]
    found = resolve(gateway([flow()], own, endpoints=bound)).rules
    assert {(said(rule)[1], rule.same_segment) for rule in found} == {
        ('192.0.2.128/25', True),
        ('192.0.0.0/16 192.0.2.250-192.0.3.5', False),
    }


def test_of_two_own_addresses_each_meets_the_other_and_not_itself():
    own = [local('192.0.2.10'), local('192.0.2.11')]
    bound = [endpoint(members=['192.0.2.10', '192.0.2.11'])]
    assert rules([flow()], own, bound) == [
        ('192.0.2.11', '192.0.2.10', 'udp/53'),
        ('192.0.2.10', '192.0.2.11', 'udp/53'),
    ]
    assert reasons([flow()], own, bound) == []
    assert reasons([flow()], own, [endpoint(members=['192.0.2.10'])]) == []


def test_an_outbound_only_address_is_no_family_for_inbound_flows():
    general = flow(direction='inbound', role='web', kind='any', zone='internet', specs=['tcp/25'])
    own = [local('192.0.2.10', 'internet'), local('2001:db8::10', 'management', use='outbound')]
    assert reasons([general], own) == []
    own = [local('192.0.2.10', 'internet'), local('2001:db8::10', 'management')]
    assert reasons([general], own) == ['no_common_family']


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
