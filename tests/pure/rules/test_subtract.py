"""What one set of rules opens and another does not, against a plain enumeration of both."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbox_gwports.rules.addresses import Address, Ref
from netbox_gwports.rules.ports import PortSpec, merge, subtract
from netbox_gwports.rules.rule import Rule, Side
from netbox_gwports.rules.subtract import remove, removed, split, uncovered

from .build import flow, rule, side
from .build import ports as ports_of

GATEWAY = Ref('netbox_gwports.gateway', 1, 'gw')
specs = st.builds(
    lambda p, a, b: PortSpec(p, min(a, b), max(a, b)),
    st.sampled_from(['tcp', 'udp']),
    st.integers(1, 12),
    st.integers(1, 12),
)
dns_names = st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True)


def sides(numbers):
    return Side(addresses=tuple(Address(4, n, n) for n in sorted(numbers)))


remotes = st.one_of(
    dns_names.map(sides),
    st.just(Side(any=True)),
    st.lists(st.sampled_from(['a.example', 'b.example', '*.example']), min_size=1, max_size=2, unique=True).map(
        lambda names: Side(dns_names=tuple(sorted(names)))
    ),
)
rules = st.builds(
    lambda direction, local, remote, ports: Rule(
        GATEWAY, direction, 'internet', 4, 'tcp', merge(p._replace(protocol='tcp') for p in ports), sides(local),
        remote, (),
    ),
    st.sampled_from(['inbound', 'outbound']), dns_names, remotes, st.lists(specs, min_size=1, max_size=3),
)  # fmt: skip


def opened(rules):
    """Every single connection; a wildcard stands for itself and for the names below it that occur."""
    found = set()
    for each in rules:
        names = set(each.remote.dns_names)
        if '*.example' in names or each.remote.any:
            names |= {'a.example', 'b.example', '*.example'}
        remote = {*names, *(a.first for a in each.remote.addresses)}
        if each.remote.any:
            remote |= {0, 1, 2, 3, 'any'}
        found |= {
            (each.direction, address.first, end, port)
            for address in each.local.addresses
            for end in remote
            for spec in each.ports
            for port in range(spec.first, spec.last + 1)
        }
    return found


@given(st.lists(specs, max_size=4), st.lists(specs, max_size=4))
def test_ports_are_subtracted_one_by_one(left, right):
    def numbers(given):
        return {(s.protocol, n) for s in given for n in range(s.first, s.last + 1)}

    assert numbers(subtract(left, right)) == numbers(left) - numbers(right)


@given(st.lists(rules, max_size=4), st.lists(rules, max_size=4))
def test_the_rest_is_what_the_others_do_not_permit(asked, by):
    rest = uncovered(asked, by)
    # Nothing that was not asked, and together with the others everything that was
    assert opened(rest) <= opened(asked)
    assert opened(rest) | opened(by) >= opened(asked)
    # What is permitted to the letter is not told again; any and wildcards are told as a whole
    exact = [rule for rule in asked if rule.remote.addresses]
    assert not opened(uncovered(exact, by)) & opened(by)


@given(st.lists(rules, max_size=4))
def test_nothing_is_left_of_the_same_rules(asked):
    assert uncovered(asked, reversed(asked)) == ()


# -- case by case


def test_a_difference_keeps_flows_and_marks_nothing_as_covered():
    asked = rule(specs=['tcp/80-90'], flows=[flow(1)], covered_by=('x',), via_proxy_to=('a.example',))
    [left] = uncovered([asked], [rule(specs=['tcp/85'])])
    assert left == replace(asked, ports=ports_of('tcp/80-84', 'tcp/86-90'), covered_by=())


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


def test_what_was_cut_and_is_not_separated_after_all_is_one_address():
    asked = rule(remote=['10.1.0.0/24'], specs=['tcp/80', 'tcp/443'])
    inside, outside = split([asked], [rule(remote=['10.1.0.5'], specs=['tcp/80'])])
    assert [(ends(each), each.ports) for each in inside] == [(['10.1.0.5'], ports_of('tcp/80'))]
    assert sorted((ends(each), each.ports) for each in outside) == [
        (['10.1.0.0-10.1.0.4', '10.1.0.6-10.1.0.255'], ports_of('tcp/80', 'tcp/443')),
        (['10.1.0.5'], ports_of('tcp/443')),
    ]
    # Cut for the sake of a port that is permitted nowhere in the end: both halves are the prefix again
    halves = [rule(remote=[half], specs=['tcp/80']) for half in ('10.1.0.0/25', '10.1.0.128/25')]
    inside, outside = split([asked], halves)
    assert [(ends(each), each.ports) for each in inside] == [(['10.1.0.0/24'], ports_of('tcp/80'))]
    assert [(ends(each), each.ports) for each in outside] == [(['10.1.0.0/24'], ports_of('tcp/443'))]


def test_what_is_joined_again_begins_and_ends_where_its_pieces_do():
    asked = rule(remote=['10.1.0.0/24'])
    inside, outside = split([asked], [rule(remote=['10.1.0.64/27']), rule(remote=['10.1.0.96/27'])])
    assert [ends(each) for each in inside] == [['10.1.0.64/26']]
    assert [ends(each) for each in outside] == [['10.1.0.0/26', '10.1.0.128/25']]


def test_addresses_side_by_side_stay_two():
    asked = rule(remote=['10.1.0.1', '10.1.0.2'])
    assert [ends(each) for each in split([asked], [rule(specs=['tcp/80'])])[1]] == [['10.1.0.1', '10.1.0.2']]
    assert [ends(each) for each in split([asked], [rule(remote=['10.1.0.0/24'])])[0]] == [['10.1.0.1', '10.1.0.2']]


@pytest.mark.parametrize(
    ('closed', 'left'),
    [
        (['any'], []),
        (['10.1.0.1'], []),
        (['a.example'], []),
    ],
)
def test_of_any_without_a_part_nothing_is_left(closed, left):
    assert list(remove([rule(remote=['any'])], [rule(remote=closed)])) == left
    assert removed([rule(remote=['any'])], [rule(remote=closed)]) == (rule(remote=['any']),)


@pytest.mark.parametrize(
    ('mine', 'closed', 'stays'),
    [
        ('*.example', 'a.example', False),
        ('a.example', '*.example', False),
        ('a.example', 'b.example', True),
        ('a.example', '10.1.0.1', True),
        ('10.1.0.1', 'any', False),
        ('10.1.0.1', '10.1.0.2', True),
        ('10.1.0.1', '*.example', True),
    ],
)
def test_what_meets_is_removed(mine, closed, stays):
    assert bool(remove([rule(remote=[mine])], [rule(remote=[closed])])) is stays


def ends(rule):
    return [str(address) for address in rule.remote.addresses]
