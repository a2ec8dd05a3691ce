"""The resolver: what becomes of the flows, as rules and as open items."""

import pytest

from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.needs import Member

from .build import address, endpoint, flow, gateway, local
from .resolved import WEB, reasons, rules, told


def test_ports_are_always_the_destination_ports():
    bound = [endpoint(members=['10.1.0.53'])]
    assert rules([flow()], endpoints=bound) == [('192.0.2.10', '10.1.0.53', 'udp/53')]
    assert rules([flow(direction='inbound')], endpoints=bound) == [('10.1.0.53', '192.0.2.10', 'udp/53')]


def test_nobody_named_is_unresolved_and_never_any():
    resolution = resolve(gateway([flow()]))
    assert resolution.rules == ()
    assert [entry.reason for entry in resolution.unresolved] == ['no_remote']


def test_a_need_without_a_remote_that_any_permits_already_needs_nobody():
    general = flow(1, role='web', kind='any', zone='internet', specs=['tcp/443'])
    unnamed = flow(2, **WEB)
    assert reasons([general, unnamed]) == ['permitted_by_any']
    assert reasons([flow(1, role='web', kind='any', zone='internet', specs=['tcp/80']), unnamed]) == ['no_remote']


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
    two = resolve(gateway([flow(1), flow(2, feature=Ref('feature', 1, 'NTP'))], endpoints=bound)).rules
    assert [f.id for f in two[0].flows] == [1, 2]
    assert one[0].key == two[0].key
    # Change requests decide it, not the flows
    assert (two[0].standing, two[0].tickets) == ('not_requested', ())
    [many] = resolve(gateway([flow(number) for number in range(30, 0, -1)], endpoints=bound)).rules
    assert [f.id for f in many.flows] == [*range(1, 31)]


def test_what_the_reader_may_not_see_is_counted_and_nothing_else():
    resolution = resolve(gateway([flow()], endpoints=[endpoint(members=['10.1.0.53'], visible=False)]))
    assert (resolution.rules, resolution.unresolved, resolution.hidden) == ((), (), 1)


def test_equal_gaps_are_told_once_a_zone():
    gap = Member('dns02', ())
    bound = [
        endpoint(n, zone=zone, members=['10.1.0.53', gap]) for n, zone in enumerate(('dmz', 'internal', 'internal'))
    ]
    told = resolve(gateway([flow()], endpoints=bound)).unresolved
    assert [entry.zone for entry in told] == ['dmz', 'internal']
    assert resolve(gateway([flow()], endpoints=bound[::-1])).unresolved == told


@pytest.mark.parametrize('other', [{'zone': 'internal'}, {'direction': 'inbound'}])
def test_an_any_of_another_zone_or_direction_permits_nothing_else(other):
    general = flow(1, **{'role': 'web', 'kind': 'any', 'zone': 'internet', 'specs': ['tcp/443'], **other})
    assert reasons([general, flow(2, **WEB)]) == ['no_remote']


def test_a_flow_that_yields_nothing_is_one_open_item_with_every_detail_of_its_first_reason():
    emptied = [endpoint(number, zone='management' if number == 5 else 'internal') for number in range(9, 0, -1)]
    no_address = endpoint(10, zone='dmz', members=['10.1.0.53'])
    own = [local('192.0.2.10', 'internal', 'management')]
    [entry] = resolve(gateway([flow()], own, [*emptied, no_address])).unresolved
    assert (entry.reason, entry.zone) == ('no_remote', 'internal')
    assert entry.detail == '; '.join(f'endpoint {number} has no members' for number in range(1, 10))


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
