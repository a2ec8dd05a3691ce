"""Which rules cover which."""

from dataclasses import replace

import pytest

from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.cover import contains, mark_covered

from .build import address, flow, rule, side

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


def covers(broad, narrow):
    """Whether the second of two rules is marked as covered by the first, and not the other way round."""
    found = [each.covered_by for each in mark_covered([broad, narrow])] == [(), (broad.key,)]
    assert found == (contains(broad, narrow) and not contains(narrow, broad))
    return found


def test_ports_and_both_sides_decide_what_is_contained():
    assert covers(rule(**BROAD), rule())
    assert not covers(rule(**BROAD), rule(specs=['tcp/1025']))
    assert not covers(rule(**BROAD), rule(local=['192.0.2.11']))
    assert not covers(rule(**BROAD), rule(remote=['10.2.0.1']))
    assert not covers(rule(**BROAD), rule(remote=[address('10.1.0.1', vrf=7)]))


@pytest.mark.parametrize(
    'broad, narrow',
    [
        ({'specs': ['tcp/22', 'tcp/80-90']}, {'specs': ['tcp/22', 'tcp/81', 'tcp/90']}),
        ({'local': ['192.0.2.10', '192.0.2.11']}, {'local': ['192.0.2.11']}),
        ({'remote': ['10.1.0.0/24', '10.2.0.7']}, {'remote': ['10.1.0.9', '10.2.0.7']}),
        ({'remote': ['*.example.net', 'a.example']}, {'remote': ['a.b.example.net', '*.b.example.net', 'a.example']}),
        ({'remote': ['any']}, {'remote': ['10.1.0.0/24', '10.2.0.7']}),
        ({'remote': ['any']}, {'remote': ['*.example.net']}),
        ({'remote': ['any'], 'specs': ['tcp/440-443']}, {'remote': ['any']}),
    ],
)
def test_every_piece_has_to_be_contained(broad, narrow):
    assert covers(rule(**broad), rule(**narrow))
    assert not covers(rule(**narrow), rule(**broad))
    for dimension, other in {'specs': ['tcp/23'], 'local': ['192.0.2.99'], 'remote': ['10.9.0.9']}.items():
        if broad.get(dimension) != ['any']:
            given = {'specs': ['tcp/443'], 'local': ['192.0.2.10'], 'remote': ['10.1.0.1']} | narrow
            more = given | {dimension: [*(given[dimension] if given[dimension] != ['any'] else ()), *other]}
            assert not covers(rule(**broad), rule(**more)), dimension


def test_a_single_address_is_not_any():
    assert not covers(rule(remote=['0.0.0.1-255.255.255.255']), rule(remote=side('any')))


def test_of_two_rules_that_contain_each_other_one_stays():
    wide, twice = rule(remote=['10.1.0.0/24']), rule(remote=['10.1.0.0/24', '10.1.0.7'])
    first, second = sorted((wide, twice), key=lambda each: each.key)
    for both in ([wide, twice], [twice, wide]):
        assert {each.key: each.covered_by for each in mark_covered(both)} == {
            first.key: (),
            second.key: (first.key,),
        }


def test_all_covering_rules_are_named_in_order():
    narrow = rule()
    broad = [rule(remote=['10.1.0.0/24']), rule(specs=['tcp/any']), rule(remote=['10.1.0.0/16'], specs=['tcp/1-500'])]
    marked = mark_covered([*broad, narrow])[-1]
    assert marked.covered_by == tuple(sorted(each.key for each in broad))
