"""What holds for every gateway: no chance, no flow lost, lines and marks that change nothing of what is open."""

from dataclasses import replace
from random import Random

import pytest

from netbox_gwports.rules.addresses import Address, Ref
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.compact import compact
from netbox_gwports.rules.constants import STANDINGS
from netbox_gwports.rules.subtract import remove, removed, split

from .examples import CHUNKS, examples
from .reference import holds as permits
from .reference import meets, name_within, permitted, points, ports_of, within

FEW = CHUNKS[:3]


def shuffled(random, things):
    return tuple(random.sample(things, len(things)))


@pytest.mark.parametrize('chunk', FEW)
def test_the_order_of_input_does_not_matter(chunk):
    for seed, needs, resolution in examples(chunk):
        random = Random(f'order {seed}')
        other = replace(
            needs,
            flows=shuffled(random, needs.flows),
            addresses=shuffled(random, needs.addresses),
            endpoints=tuple(replace(e, members=shuffled(random, e.members)) for e in shuffled(random, needs.endpoints)),
            peers=shuffled(random, needs.peers),
            zone_networks=shuffled(random, needs.zone_networks),
        )
        assert resolve(other) == resolution, seed
        assert compact(shuffled(random, resolution.rules)) == compact(resolution.rules), seed


@pytest.mark.parametrize('chunk', FEW)
def test_every_flow_is_a_rule_or_is_told(chunk):
    for seed, needs, resolution in examples(chunk):
        told = {flow for rule in resolution.rules for flow in rule.flows}
        told |= {entry.flow for entry in resolution.unresolved} | {*resolution.not_applicable}
        assert len(told) + resolution.hidden == len(needs.flows), seed


@pytest.mark.parametrize('chunk', FEW)
def test_every_rule_has_a_key_of_its_own(chunk):
    for seed, _needs, resolution in examples(chunk):
        assert len({rule.key for rule in resolution.rules}) == len(resolution.rules), seed


def two_gateways(chunk):
    """The rules of two gateways at a time, as a page of a group or of a firewall shows them."""
    found = examples(chunk)
    for (seed, needs, resolution), (_seed, other, _resolution) in zip(found, found[1:], strict=False):
        yield seed, (*resolution.rules, *resolve(replace(other, ref=Ref(needs.ref.type, 2, 'gateway 2'))).rules)


@pytest.mark.parametrize('chunk', FEW)
@pytest.mark.parametrize('twins', [False, True])
def test_lines_open_the_same_as_their_rules(twins, chunk):
    joined = 0
    for seed, rules in two_gateways(chunk):
        rules = [replace(rule, standing=STANDINGS[int(rule.key, 16) % 3]) for rule in rules]
        lines = compact(rules, separate_by=lambda rule: rule.standing, twins=twins)
        assert sorted(rule.key for line in lines for rule in line.rules) == sorted(rule.key for rule in rules), seed
        assert all(line.standing == rule.standing for line in lines for rule in line.rules), seed
        for line in lines:
            assert permitted([line]).keys() == permitted(line.rules).keys(), seed
            assert {*line.flows} == {flow for rule in line.rules for flow in rule.flows}
            assert {*line.gateways} == {rule.gateway for rule in line.rules}
        joined += len(rules) - len(lines)
    assert joined > 25


# -- covered rules and differences, by the pieces that rules are made of


def pieces(rule):
    """(own address, remote: an address, a DNS name or any) of a rule."""
    remote = ['any'] if rule.remote.any else [*rule.remote.dns_names, *rule.remote.addresses]
    return [(local, end) for local in rule.local.addresses for end in remote]


def holds(outer, inner):
    """Whether one remote is the other, or part of it."""
    if 'any' in (outer, inner):
        return outer == 'any'
    if isinstance(outer, Address) != isinstance(inner, Address):
        return False
    return within(inner, outer) if isinstance(outer, Address) else name_within(inner, outer)


def place(rule):
    return rule.gateway, rule.direction, rule.zone, rule.protocol, rule.family


def is_within(narrow, broad):
    return (
        place(narrow) == place(broad)
        and ports_of(narrow.ports) <= ports_of(broad.ports)
        and all(any(within(i, o) and holds(b, n) for o, b in pieces(broad)) for i, n in pieces(narrow))
    )


@pytest.mark.parametrize('chunk', FEW)
def test_a_rule_is_covered_by_every_broader_one(chunk):
    covered = 0
    for seed, _needs, resolution in examples(chunk):
        for rule in resolution.rules:
            broader = [other for other in resolution.rules if other is not rule and is_within(rule, other)]
            # Of two that contain each other one has to stay
            keys = {other.key for other in broader if not is_within(other, rule) or other.key < rule.key}
            assert {*rule.covered_by} == keys, (seed, rule)
            covered += bool(keys)
        effective = {rule.key for rule in resolution.rules if not rule.covered_by and not rule.same_segment}
        assert {rule.key for rule in resolution.effective_rules} == effective
    assert covered > 10


def changed(random, needs):
    """The gateway as it was before somebody edited it."""
    flows = tuple(flow for flow in needs.flows if random.random() < 0.8)
    endpoints = tuple(
        replace(e, members=e.members[: random.choice((1, 9))], port_map=random.choice((e.port_map, ())))
        for e in needs.endpoints
        if random.random() < 0.9
    )
    return replace(needs, flows=flows, endpoints=endpoints, addresses=needs.addresses[random.choice((0, 0, 1)) :])


@pytest.mark.parametrize('chunk', FEW)
def test_the_difference_of_two_sets_is_what_the_other_does_not_permit(chunk):
    left_over = gone = 0
    for seed, needs, resolution in examples(chunk):
        before = resolve(changed(Random(f'change {seed}'), needs)).rules
        by, asked = points(before), points(resolution.rules)
        inside, outside = split(resolution.rules, before)
        assert points(outside) == {point for point in asked if not permits(point, by)}, seed
        assert points(inside) == {point for point in asked if permits(point, by)}, seed
        assert points(remove(resolution.rules, before)) == {point for point in asked if not meets(point, by)}, seed
        assert points(removed(resolution.rules, before)) == {point for point in asked if meets(point, by)}, seed
        assert not any(rule.covered_by for rule in (*inside, *outside))
        left_over += bool(outside)
        gone += points(outside) != asked
    assert left_over > 20 and gone > 30
