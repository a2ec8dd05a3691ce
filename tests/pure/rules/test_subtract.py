"""What one set of rules opens and another does not, against a plain enumeration of both."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbox_gwports.rules.addresses import Address, Ref
from netbox_gwports.rules.ports import PortSpec, merge, subtract
from netbox_gwports.rules.rule import Rule, Side
from netbox_gwports.rules.subtract import uncovered

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
