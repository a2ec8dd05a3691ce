"""What holds for every gateway: nothing wider than its flows, nothing lost, nothing by chance."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netbox_gwports.rules.addresses import parse
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.compact import compact
from netbox_gwports.rules.needs import Member, facing

from .build import address, endpoint, flow, gateway, local, peer

ZONES = ['internet', 'internal', 'dmz']
REMOTES = '10.1.0.1 10.1.0.2 10.1.0.0/24 10.1.0.0/30 10.1.0.4-10.1.0.9 2001:db8:1::1 2001:db8:1::/64 192.0.2.10'.split()
SPECS = ['tcp/443', 'tcp/80-90', 'tcp/85', 'udp/53', 'icmp', 'icmpv6', 'esp']

vrfs = st.sampled_from([None, None, 7])
members = st.lists(
    st.builds(lambda text, vrf: Member(text, (address(text, vrf),)), st.sampled_from(REMOTES), vrfs)
    | st.just(Member('no address', ())),
    max_size=3,
)
roles = st.sampled_from(['a', 'b', 'c'])
zones = st.sampled_from(ZONES)


@st.composite
def gateways(draw):
    kinds = {'a': 'named', 'b': 'any', 'c': 'peers'}
    flows = [
        flow(
            number,
            draw(st.sampled_from(['inbound', 'outbound'])),
            role,
            kinds[role],
            'dmz' if role == 'c' else 'internet',
            draw(st.lists(st.sampled_from(SPECS), min_size=1, max_size=3)),
            draw(st.lists(st.sampled_from(['x.example.net', '*.example.net']), max_size=1)),
            replaceable=draw(st.booleans()),
            status=draw(st.sampled_from(['planned', 'implemented'])),
            application_protocol=draw(st.sampled_from(['HTTPS', 'DNS'])),
        )
        for number, role in enumerate(draw(st.lists(roles, max_size=6)), 1)
    ]
    endpoints = [
        endpoint(n, draw(roles), draw(zones), draw(members), draw(st.integers(0, 3)), any=draw(st.integers(0, 9)) == 0)
        for n in range(1, draw(st.integers(0, 4)) + 1)
    ]
    if draw(st.integers(0, 4)) == 0:
        endpoints.append(endpoint(9, 'proxy', 'internal', draw(members), port_map=['tcp/any=tcp/8080'], proxy=True))
    own = st.builds(
        lambda text, z, use: local(text, *z, use=use),
        st.sampled_from(['192.0.2.10', '192.0.2.11', '2001:db8::10']),
        st.sets(zones, max_size=2),
        st.sampled_from(['both', 'inbound', 'outbound']),
    )
    unique = {'unique_by': lambda a: a.address}
    peers = [
        peer(n, *draw(st.lists(own, max_size=3, **unique)), chosen=draw(st.booleans()))
        for n in range(2, draw(st.integers(1, 3)))
    ]
    return gateway(
        flows,
        draw(st.lists(own, max_size=3, **unique)),
        endpoints,
        peers,
        chosen=draw(st.integers(0, 5)) > 0,
    )


checked = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def effective_rules(things):
    """Every (direction, zone, same segment, port, local, remote) that is permitted, families kept apart."""
    found = set()
    for thing in things:
        local_side = thing.local if isinstance(thing.local, tuple) else thing.local.addresses
        specs = thing.services if hasattr(thing, 'services') else thing.ports
        remote = thing.remote
        for spec in specs:
            for port in {spec.first, spec.last, *range(spec.first, min(spec.last, spec.first + 20) + 1)}:
                for own in local_side:
                    ends = (
                        ['any']
                        if remote.any
                        else [*remote.dns_names, *(a for a in remote.addresses if a.family == own.family)]
                    )
                    found |= {
                        (thing.direction, thing.zone, thing.same_segment, spec.protocol, port, own, end) for end in ends
                    }
    return found


@checked
@given(gateways())
def test_no_rule_is_wider_than_its_flows(needs):
    allowed = {member_address for e in needs.endpoints for m in e.members for member_address in m.addresses}
    allowed |= {own.address for p in needs.peers for own in p.addresses}
    for rule in resolve(needs).rules:
        assert rule.flows and rule.local.addresses
        assert set(rule.local.addresses) <= set(facing(needs.addresses, rule.zone, rule.direction))
        assert set(rule.remote.addresses) <= allowed
        for f in rule.flows:
            assert f.direction == rule.direction
            assert set(rule.ports) <= set(f.ports) or rule.via_proxy_to or str(rule.ports[0]) == 'tcp/8080'
            assert not rule.remote.dns_names or set(rule.remote.dns_names) <= set(f.dns_names)


@checked
@given(gateways())
def test_nothing_unresolved_becomes_any(needs):
    says_any = {e.ref.id for e in needs.endpoints if e.any}
    for rule in resolve(needs).rules:
        if rule.remote.any:
            assert all(f.role_kind == 'any' for f in rule.flows) or {ref.id for ref in rule.remote.endpoints} & says_any


@checked
@given(gateways())
def test_every_flow_is_a_rule_or_is_told(needs):
    resolution = resolve(needs)
    told = {f.id for rule in resolution.rules for f in rule.flows}
    told |= {entry.flow.id for entry in resolution.unresolved} | {f.id for f in resolution.not_applicable}
    assert told == {f.id for f in needs.flows}


@checked
@given(gateways())
def test_families_and_vrfs_never_mix_and_no_address_meets_itself(needs):
    for rule in resolve(needs).rules:
        assert {a.family for a in (*rule.local.addresses, *rule.remote.addresses)} == {rule.family}
        assert not set(rule.local.addresses) & set(rule.remote.addresses)
        assert rule.protocol != 'icmp' or rule.family == 4
        assert rule.protocol != 'icmpv6' or rule.family == 6


@checked
@given(gateways(), st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(needs, shuffler: random.Random):
    from dataclasses import replace

    def shuffled(things):
        things = list(things)
        shuffler.shuffle(things)
        return tuple(things)

    other = replace(
        needs,
        flows=shuffled(needs.flows),
        addresses=shuffled(needs.addresses),
        endpoints=shuffled(needs.endpoints),
        peers=shuffled(needs.peers),
    )
    assert resolve(other) == resolve(needs)
    assert compact(shuffled(resolve(other).rules)) == compact(resolve(needs).rules)


@checked
@given(gateways(), st.booleans())
def test_lines_open_the_same_and_lose_no_flow(needs, twins):
    rules = resolve(needs).rules
    lines = compact(rules, separate_by=lambda rule: rule.state, twins=twins)
    assert effective_rules(lines) == effective_rules(rules)
    assert {f for line in lines for f in line.flows} == {f for rule in rules for f in rule.flows}
    assert sorted(rule.key for line in lines for rule in line.rules) == sorted(rule.key for rule in rules)
    assert all(line.state == rule.state for line in lines for rule in line.rules)


@checked
@given(gateways())
def test_covering_rules_open_everything_that_is_covered(needs):
    rules = resolve(needs).rules
    by_key = {rule.key: rule for rule in rules}
    assert len(by_key) == len(rules)
    for rule in rules:
        for key in rule.covered_by:
            broad = by_key[key]
            assert (broad.direction, broad.zone, broad.protocol, broad.family) == (
                rule.direction,
                rule.zone,
                rule.protocol,
                rule.family,
            )
    # Whatever is covered is covered by something that stays
    assert not rules or any(not rule.covered_by for rule in rules)


def test_the_literal_parser_is_the_one_that_rules_use():
    assert str(parse('10.1.0.4-10.1.0.7')) == '10.1.0.4/30'
