"""A rule's identity and its sides: what is the same, and what contains what."""

import pytest

from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.compact import compact
from netbox_gwports.rules.constants import IN_PLACE, STANDINGS, TO_CLOSE
from netbox_gwports.rules.rule import Resolution, Side, Unresolved

from .build import address, flow, rule, side

# It names terms in files that are loaded already: another one here is another one there
KEY = 'a0d6fa4492aeb62f'


def test_the_key_is_stable():
    assert rule().key == KEY
    assert rule(remote=('any',)).key == 'bd7a1db415991131'
    assert rule(remote=['x.example.net']).key == 'c922ffb6e834cf7b'
    assert rule(remote=[address('10.1.0.1', vrf=7)], specs=['tcp/80-90', 'tcp/443']).key == 'b53dc22b4cafcb65'
    assert rule(flows=[flow()], covered_by=('x',), same_segment=True).key == KEY


@pytest.mark.parametrize(
    'other',
    [
        {'direction': 'inbound'},
        {'zone': 'dmz'},
        {'protocol': 'udp'},
        {'specs': ['tcp/444']},
        {'local': ['192.0.2.11']},
        {'remote': ['10.1.0.2']},
        {'remote': ['x.example.net']},
        {'remote': ['any']},
        {'gateway': Ref('g', 2, 'gw')},
        {'local': [address('192.0.2.10', vrf=7)]},
        {'remote': [address('10.1.0.1', vrf=7)]},
        {'remote': [address('10.1.0.1', vrf=8)]},
    ],
)
def test_what_makes_another_rule_another_key(other):
    assert rule(**other).key != rule().key
    assert rule(**other).key == rule(**other).key


def test_equal_addresses_of_two_vrfs_are_two():
    keys = {rule(remote=[address('10.1.0.1', vrf=vrf)]).key for vrf in (None, 7, 8)}
    assert len(keys) == 3
    assert not address('10.1.0.0/24', vrf=7).contains(address('10.1.0.1'))
    assert not address('10.1.0.0/24').contains(address('10.1.0.1', vrf=7))
    assert not address('10.1.0.1').meets(address('10.1.0.1', vrf=7))


def test_an_interval_contains_what_lies_in_it_and_meets_what_it_shares():
    middle = address('10.1.0.4-10.1.0.8')
    for text, contained, met in [
        ('10.1.0.4', True, True),
        ('10.1.0.8', True, True),
        ('10.1.0.3', False, False),
        ('10.1.0.9', False, False),
        ('10.1.0.3-10.1.0.4', False, True),
        ('10.1.0.8-10.1.0.9', False, True),
        ('10.1.0.0/24', False, True),
        ('10.1.0.4-10.1.0.8', True, True),
        ('::10.1.0.5', False, False),
    ]:
        assert (middle.contains(address(text)), middle.meets(address(text))) == (contained, met), text


@pytest.mark.parametrize(
    'outer, inner, expected',
    [
        (['any'], ['any'], True),
        (['any'], ['10.1.0.1'], True),
        (['any'], ['x.example.net'], True),
        (['10.1.0.1'], ['any'], False),
        (['x.example.net'], ['any'], False),
        (['10.1.0.0/24'], ['10.1.0.1', '10.1.0.2'], True),
        (['10.1.0.0/24'], ['10.1.0.1', '10.2.0.2'], False),
        (['10.1.0.1', '10.1.0.2'], ['10.1.0.2'], True),
        # The union of both contains it, no single one does
        (['10.1.0.0/25', '10.1.0.128/25'], ['10.1.0.0/24'], False),
        (['*.example.net'], ['x.example.net', 'y.example.net'], True),
        (['*.example.net'], ['x.example.net', 'example.net'], False),
        (['x.example.net', 'y.example.net'], ['y.example.net'], True),
        (['10.1.0.1'], ['x.example.net'], False),
        (['x.example.net'], ['10.1.0.1'], False),
    ],
)
def test_a_side_contains_another(outer, inner, expected):
    assert side(*outer).contains(side(*inner)) is expected


def test_the_union_of_sides_is_sorted_and_keeps_every_object():
    a, b, e1, e2 = Ref('a', 1, 'a'), Ref('b', 2, 'b'), Ref('e', 1, 'e1'), Ref('e', 2, 'e2')
    found = Side.union([
        side('10.1.0.2', '10.1.0.1', refs=(b,), endpoints=(e2,)),
        side('10.1.0.1', refs=(a,), endpoints=(e1, e2)),
    ])
    assert [str(each) for each in found.addresses] == ['10.1.0.1', '10.1.0.2']
    assert [each.refs for each in found.addresses] == [(a, b), (b,)]
    assert (found.endpoints, found.any, found.dns_names) == ((e1, e2), False, ())
    names = Side.union([side('y.example.net'), side('x.example.net', 'y.example.net')])
    assert names.dns_names == ('x.example.net', 'y.example.net')
    many = [f'{letter}.example.net' for letter in 'hcgbfade']
    assert Side.union(side(name) for name in many).dns_names == tuple(sorted(many))
    assert Side.union([side('any')]).any
    assert Side.union([]) == Side()
    endpoints = [Ref('e', number * 37 % 101, '') for number in range(10)]
    many = Side.union(side('10.1.0.1', endpoints=(each,)) for each in endpoints)
    assert many.endpoints == tuple(sorted(endpoints))
    many = Side.union(side('10.1.0.1', refs=(each,)) for each in endpoints)
    assert many.addresses[0].refs == tuple(sorted(endpoints))


def test_the_parts_of_a_side():
    e = Ref('e', 1, 'e')
    assert side('any', endpoints=(e,)).parts == (side('any', endpoints=(e,)),)
    ends = ('10.1.0.1', '10.1.0.2', 'x.example.net', 'y.example.net')
    assert side(*ends, endpoints=(e,)).parts == tuple(side(end, endpoints=(e,)) for end in ends)


def test_source_and_destination():
    for thing in (rule(), compact([rule()])[0]):
        assert (thing.source, thing.destination) == (side('192.0.2.10'), side('10.1.0.1'))
    for thing in (rule(direction='inbound'), compact([rule(direction='inbound')])[0]):
        assert (thing.source, thing.destination) == (side('10.1.0.1'), side('192.0.2.10'))


def test_the_kind_of_a_side():
    assert [side(end).kind for end in ('any', 'x.example.net', '10.1.0.1')] == ['any', 'dns_names', 'addresses']


def test_ports_as_text():
    assert rule(specs=['tcp/443', 'tcp/80-90']).port_list == ('80-90', '443')
    assert rule(specs=['tcp/any']).port_list == ('any',)
    assert rule(specs=['esp'], protocol='esp').port_list == ()


@pytest.mark.parametrize('number', range(len(STANDINGS)))
def test_a_line_is_as_far_as_its_least_advanced_rule(number):
    standing = STANDINGS[number]
    assert rule().standing == STANDINGS[0]
    for other in (*STANDINGS[number:], TO_CLOSE):
        [line] = compact([rule(standing=other), rule(standing=standing, remote=['10.1.0.2'])])
        assert line.standing == standing
    [line] = compact([rule(standing=TO_CLOSE), rule(standing=TO_CLOSE, remote=['10.1.0.2'])])
    assert line.standing == TO_CLOSE


def test_a_line_has_the_tickets_of_its_rules_in_order_and_each_once():
    rules = [rule(tickets=('CHG-2',)), rule(tickets=('CHG-3', 'CHG-2', 'CHG-1'), remote=['10.1.0.2'])]
    [line] = compact(rules)
    assert line.tickets == ('CHG-1', 'CHG-2', 'CHG-3')
    [line] = compact([rule()])
    assert line.tickets == ()


def test_standing_and_tickets_are_no_part_of_what_a_rule_is():
    advanced = rule(standing=IN_PLACE, tickets=('CHG-1',))
    assert advanced == rule() and hash(advanced) == hash(rule())
    assert (advanced.key, advanced.content) == (rule().key, rule().content)


def test_clear_text():
    assert rule(flows=[flow(1), flow(2, clear_text=True)]).clear_text
    assert not rule(flows=[flow(1), flow(2)]).clear_text


def test_open_items_and_effective_rules():
    assert Unresolved(flow(), 'no_remote', '', '').is_open_item
    assert not Unresolved(flow(), 'permitted_by_any', '', '').is_open_item
    kept = rule()
    rules = (kept, rule(remote=['10.1.0.2'], covered_by=('x',)), rule(remote=['10.1.0.3'], same_segment=True))
    assert Resolution(Ref('g', 1, 'gw'), rules).effective_rules == (kept,)
    assert (Resolution(Ref('g', 1, 'gw')).hidden, rule().same_segment) == (0, False)
