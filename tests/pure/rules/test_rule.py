"""A rule's identity and its sides: what is the same, what contains what, which rules cover which."""

from dataclasses import replace

import pytest

from netbox_gwports.rules.addresses import Address, Ref
from netbox_gwports.rules.compact import compact
from netbox_gwports.rules.cover import contains, mark_covered
from netbox_gwports.rules.rule import Resolution, Rule, Side, Unresolved
from netbox_gwports.rules.subtract import uncovered

from .build import address, flow, ports


def side(*ends, refs=(), endpoints=()):
    if ends == ('any',):
        return Side(any=True, endpoints=endpoints)
    names = tuple(end for end in ends if isinstance(end, str) and end[-1].isalpha())
    found = tuple(end if isinstance(end, Address) else address(end) for end in ends if end not in names)
    return Side(addresses=tuple(replace(a, refs=refs) for a in found), dns_names=names, endpoints=endpoints)


def rule(local=('192.0.2.10',), remote=('10.1.0.1',), specs=('tcp/443',), flows=(), **facts):
    found = {'direction': 'outbound', 'zone': 'internal', 'family': 4, 'protocol': 'tcp', 'gateway': Ref('g', 1, 'gw')}
    remote = remote if isinstance(remote, Side) else side(*remote)
    return Rule(**found | facts, ports=ports(*specs), local=side(*local), remote=remote, flows=tuple(flows))


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
    assert Side.union([side('any')]).any
    assert Side.union([]) == Side()
    endpoints = [Ref('e', number * 37 % 101, '') for number in range(10)]
    many = Side.union(side('10.1.0.1', endpoints=(each,)) for each in endpoints)
    assert many.endpoints == tuple(sorted(endpoints))


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


def test_a_rule_is_as_far_as_its_most_advanced_flow_and_a_line_as_its_least_advanced_rule():
    states = ['planned', 'requested', 'approved', 'implemented']
    for number, state in enumerate(states):
        flows = [flow(1, status=state), *(flow(n + 2, status=s) for n, s in enumerate(states[:number]))]
        assert rule(flows=flows).state == state
        [line] = compact([rule(flows=flows), rule(flows=[flow(9, status='implemented')], remote=['10.1.0.2'])])
        assert line.state == state


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


# -- cover


BROAD = {'remote': ['10.1.0.0/24'], 'specs': ['tcp/1-1024']}


@pytest.mark.parametrize(
    'other',
    [
        {'gateway': Ref('g', 2, 'gw')},
        {'direction': 'inbound'},
        {'zone': 'dmz'},
        {'protocol': 'udp'},
        {'family': 6},
    ],
)
def test_only_a_rule_of_the_same_place_covers(other):
    narrow, broad = rule(), rule(**BROAD)
    assert mark_covered([narrow, broad]) == [replace(narrow, covered_by=(broad.key,)), broad]
    elsewhere = rule(**BROAD, **other)
    assert mark_covered([narrow, elsewhere]) == [narrow, elsewhere]


def test_of_equal_rules_none_covers_the_other():
    both = [rule(flows=[flow(1)]), rule(flows=[flow(2)])]
    assert mark_covered(both) == both


def test_ports_and_both_sides_decide_what_is_contained():
    assert contains(rule(**BROAD), rule())
    assert not contains(rule(**BROAD), rule(specs=['tcp/1025']))
    assert not contains(rule(**BROAD), rule(local=['192.0.2.11']))
    assert not contains(rule(**BROAD), rule(remote=['10.2.0.1']))
    assert not contains(rule(**BROAD), rule(remote=[address('10.1.0.1', vrf=7)]))


def test_all_covering_rules_are_named_in_order():
    narrow = rule()
    broad = [rule(remote=['10.1.0.0/24']), rule(specs=['tcp/any']), rule(remote=['10.1.0.0/16'], specs=['tcp/1-500'])]
    marked = mark_covered([*broad, narrow])[-1]
    assert marked.covered_by == tuple(sorted(each.key for each in broad))


# -- lines and differences


def test_lines_join_one_dimension_only():
    square = [rule(local=[a], remote=[b]) for a in ('192.0.2.10', '192.0.2.11') for b in ('10.1.0.1', '10.1.0.2')]
    [line] = compact(square)
    assert (line.local, line.remote) == (side('192.0.2.10', '192.0.2.11').addresses, side('10.1.0.1', '10.1.0.2'))
    assert {*line.rules} == {*square} and line.families == (4,)
    # Without one corner the product would be too much
    assert len(compact(square[:3])) == 2
    assert len(compact([rule(), rule(specs=['tcp/80'], remote=['10.1.0.2'])])) == 2


@pytest.mark.parametrize(
    'other',
    [{'direction': 'inbound'}, {'zone': 'dmz'}, {'family': 6}, {'same_segment': True}, {'remote': ['x.example.net']}],
)
def test_lines_never_join_what_differs_otherwise(other):
    assert len(compact([rule(), rule(**{'remote': ['10.1.0.2'], **other})])) == 2


def test_what_is_separated_stays_apart():
    rules = [rule(), rule(remote=['10.1.0.2'])]
    assert len(compact(rules)) == 1
    assert len(compact(rules, separate_by=lambda each: each.remote)) == 2


def v6(*ends):
    return rule(local=['2001:db8::10'], remote=ends, family=6)


def test_twins_are_one_line_where_the_same_endpoint_gave_both():
    e1, e2 = Ref('e', 1, 'e1'), Ref('e', 2, 'e2')
    four = rule(remote=side('10.1.0.1', endpoints=(e1,)))
    six = rule(local=['2001:db8::10'], remote=side('2001:db8:1::1', endpoints=(e1,)), family=6)
    assert len(compact([four, six])) == 2
    [line] = compact([four, six], twins=True)
    assert (line.families, len(line.local), len(line.remote.addresses)) == ((4, 6), 2, 2)
    other = replace(six, remote=side('2001:db8:1::1', endpoints=(e2,)))
    assert len(compact([four, other], twins=True)) == 2
    assert len(compact([rule(remote=['any']), v6('any')], twins=True)) == 1
    assert len(compact([rule(remote=['x.example.net']), v6('x.example.net')], twins=True)) == 1
    assert len(compact([rule(remote=['x.example.net']), v6('y.example.net')], twins=True)) == 2
    assert len(compact([rule(remote=['any']), v6('x.example.net')], twins=True)) == 2
    assert len(compact([rule(remote=['any']), replace(v6('any'), zone='dmz')], twins=True)) == 2
    assert len(compact([rule(remote=['any']), replace(v6('any'), direction='inbound')], twins=True)) == 2
    assert len(compact([rule(remote=['any']), replace(v6('any'), same_segment=True)], twins=True)) == 2
    assert len(compact([rule(remote=['any']), replace(v6('any'), gateway=Ref('g', 2, 'x'))], twins=True)) == 2
    assert len(compact([rule(remote=['any']), replace(v6('any'), ports=ports('tcp/80'))], twins=True)) == 2


def test_two_lines_of_one_family_are_no_twins():
    e = Ref('e', 1, 'e')
    one = rule(local=['192.0.2.10'], remote=side('10.1.0.1', endpoints=(e,)))
    two = rule(local=['192.0.2.11'], remote=side('10.1.0.2', endpoints=(e,)))
    assert len(compact([one, two], twins=True)) == 2


def test_a_line_knows_its_flows_gateways_and_what_lies_beyond_the_proxy():
    one = rule(flows=[flow(2), flow(1)], via_proxy_to=('b.example',))
    two = rule(flows=[flow(3), flow(1)], via_proxy_to=('a.example',), gateway=Ref('g', 0, 'gw0'), local=['192.0.2.11'])
    [line] = compact([one, two])
    assert [each.id for each in line.flows] == [1, 2, 3]
    assert line.gateways == (Ref('g', 0, 'gw0'), Ref('g', 1, 'gw'))
    assert line.via_proxy_to == ('a.example', 'b.example')
    assert list(line.rules) == sorted([one, two], key=lambda each: each.key)


def test_the_rules_of_a_line_are_sorted_whatever_was_joined_first():
    ends = range(1, 6)
    [line] = compact(rule(local=[f'192.0.2.{mine}'], remote=[f'10.1.0.{end}']) for mine in ends for end in ends)
    assert [each.key for each in line.rules] == sorted(each.key for each in line.rules)
    assert len(line.rules) == 25


def test_what_a_line_knows_is_sorted():
    names = [f'{letter}.example.net' for letter in 'hcgbfade']
    rules = [
        rule(
            local=[f'192.0.2.{n}'],
            flows=[flow(n * 37 % 101)],
            via_proxy_to=(names[n],),
            gateway=Ref('g', n * 13 % 17, f'gw{n}'),
        )
        for n in range(8)
    ]
    [line] = compact(rules)
    assert [each.id for each in line.flows] == sorted(n * 37 % 101 for n in range(8))
    assert [each.id for each in line.gateways] == sorted(n * 13 % 17 for n in range(8))
    assert line.via_proxy_to == tuple(sorted(names))


def test_lines_are_in_a_fixed_order():
    rules = [
        rule(zone='dmz'),
        rule(direction='inbound'),
        rule(specs=['tcp/22'], remote=['10.1.0.9']),
        rule(remote=['any']),
        rule(remote=['x.example.net'], local=['192.0.2.11']),
        rule(),
    ]
    for given in (rules, rules[::-1]):
        lines = compact(given)
        assert [(e.zone, e.direction, str(e.services[0]), e.remote.kind) for e in lines] == [
            ('dmz', 'outbound', 'tcp/443', 'addresses'),
            ('internal', 'inbound', 'tcp/443', 'addresses'),
            ('internal', 'outbound', 'tcp/22', 'addresses'),
            ('internal', 'outbound', 'tcp/443', 'addresses'),
            ('internal', 'outbound', 'tcp/443', 'any'),
            ('internal', 'outbound', 'tcp/443', 'dns_names'),
        ]


def test_a_difference_keeps_flows_and_marks_nothing_as_covered():
    asked = rule(specs=['tcp/80-90'], flows=[flow(1)], covered_by=('x',), via_proxy_to=('a.example',))
    [left] = uncovered([asked], [rule(specs=['tcp/85'])])
    assert left == replace(asked, ports=ports('tcp/80-84', 'tcp/86-90'), covered_by=())


@pytest.mark.parametrize(
    'other', [{'gateway': Ref('g', 2, 'gw')}, {'direction': 'inbound'}, {'zone': 'dmz'}, {'family': 6}]
)
def test_only_rules_of_the_same_place_permit(other):
    assert uncovered([rule()], [rule()]) == ()
    assert uncovered([rule()], [rule(**other)]) == (rule(),)


def test_a_difference_is_a_product_of_both_ends():
    asked = rule(local=['192.0.2.10', '192.0.2.11'], remote=['10.1.0.1', '10.1.0.2'])
    left = uncovered([asked], [rule()])
    assert {(each.local, each.remote) for each in left} == {
        (side('192.0.2.10'), side('10.1.0.2')),
        (side('192.0.2.11'), side('10.1.0.1', '10.1.0.2')),
    }
