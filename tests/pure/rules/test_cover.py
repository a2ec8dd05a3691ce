"""Which rules cover which."""

from dataclasses import replace

import pytest

from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.cover import contains, mark_covered

from .build import address, flow, rule

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
