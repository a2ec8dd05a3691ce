"""Lines: what is joined, what never is, and what a line knows of its rules."""

from dataclasses import replace

import pytest

from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.compact import compact

from .build import flow, ports, rule, side


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


def test_a_line_has_the_tickets_of_all_its_rules_in_order():
    rules = [rule(remote=[f'10.1.0.{n}'], tickets=(f'CHG-{n}',)) for n in (9, 3, 7, 1, 5)]
    [line] = compact(rules)
    assert line.tickets == ('CHG-1', 'CHG-3', 'CHG-5', 'CHG-7', 'CHG-9')
