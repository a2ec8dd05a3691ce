"""Nothing is lost, and what is left out is listed."""

import re
from dataclasses import replace
from functools import cache

import pytest

from netbox_gwports.exports import (
    Incomplete,
    Material,
    Options,
    Site,
)
from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.build import resolve

from ..rules.build import endpoint, gateway
from .readers import READERS
from .samples import (
    CISCO,
    DUAL,
    EVERY,
    FIREWALLS,
    FORMATS,
    LINUX,
    NETWORKS,
    SAMPLE,
    TEXTS,
    known,
    needs,
    render,
    sample,
)


@pytest.mark.parametrize('name', EVERY)
@pytest.mark.parametrize('options', [Options(), Options(networks=NETWORKS), Options(zones=('internal',)),
                                     Options(states=('approved',)), Options(directions=('outbound',)),
                                     Options(perspective='host')])  # fmt: skip
def test_every_rule_is_written_or_left_out_with_a_reason(name, options):
    rendering = render(name, Material((sample(),)), options)
    wanted = {rule.key for rule in sample().rules if options.includes(rule.zone, rule.direction)}
    skipped = [entry.key for entry in rendering.skipped if entry.key]
    assert rendering.rendered | {*skipped} == wanted and not rendering.rendered & {*skipped}
    assert all(entry.reason and entry.detail and entry.flows for entry in rendering.skipped)
    assert [e.reason for e in rendering.skipped if not e.key] == ['no_remote']


@cache
def many_gateways():
    refs = (Ref('netbox_gwports.gateway', i, f'gateway-with-a-long-name-{i}') for i in range(1, 6))
    return Material(tuple(resolve(replace(needs(*SAMPLE), ref=ref)) for ref in refs))


@pytest.mark.parametrize('name', TEXTS)
def test_the_head_names_every_flow_that_is_left_out(name):
    rendering = render(name, many_gateways())
    plain = ' '.join(re.sub(r'^[#! ]+', '', line) for line in rendering.content.splitlines())
    for entry in rendering.skipped:
        for told in entry.flows:
            assert told in plain.replace('&#x27;', "'"), told
    assert f'Left out: {len(rendering.skipped)}' in rendering.content


@pytest.mark.parametrize('name', EVERY)
def test_strict_refuses_what_is_not_complete(name):
    with pytest.raises(Incomplete) as caught:
        render(name, Material((sample(),)), Options(strict=True))
    assert 'service 16: purpose 16' in str(caught.value) and caught.value.skipped
    complete = resolve(needs(('outbound', 'tcp/443', 'internal', ['10.1.0.1']), addresses=DUAL[:1]))
    if name != 'ip6tables':
        assert render(name, Material((complete,)), Options(strict=True)).skipped == ()
    with pytest.raises(Incomplete, match='2 flows are not visible'):
        render(name, Material((replace(complete, hidden=2),)), Options(strict=True))


@pytest.mark.parametrize('name', TEXTS)
def test_what_is_partial_or_hidden_is_told(name):
    found = Material((replace(sample(), hidden=3),), partial={1: 'the table lacks its first page'})
    content = render(name, found).content
    assert '3 flows were not visible' in content and 'Partial: the table lacks its first page' in content


def test_what_else_the_reader_has_to_know_stands_on_top():
    rendering = render('juniper_srx', Material((sample(),)), Options(gateway_zone='dmz'))
    assert 'no name was given for the zone of' in ' '.join(rendering.content.replace('# ', '').splitlines()[:12])
    assert not render('juniper_srx', Material((sample(),)), known('juniper_srx', gateway_zone='dmz', zone_names={
        zone: zone for zone in ('internet', 'internal', 'dmz', 'management')})).warnings  # fmt: skip


def test_a_zone_selects_rules_and_what_is_left_out():
    found = Material((sample(),))
    rendering = render('json', found, Options(zones=('internet',)))
    assert rendering.rendered == {rule.key for rule in sample().rules if rule.zone == 'internet'}
    assert rendering.skipped == ()


@pytest.mark.parametrize('name', EVERY)
def test_a_direction_selects_rules_and_lets_the_other_be(name):
    for direction in ('inbound', 'outbound'):
        for perspective in ('transit', 'host'):
            options = known(name, directions=(direction,), perspective=perspective)
            rendering = render(name, Material((sample(),)), options)
            keys = {rule.key for rule in sample().rules if rule.direction == direction}
            assert rendering.rendered | {e.key for e in rendering.skipped if e.key} == keys
            places = {a.where for a in READERS[name](rendering.content)} if name in FIREWALLS else set()
            if name in CISCO:
                assert places == {direction}
            if name in LINUX and perspective == 'host':
                assert places == {{'inbound': 'input', 'outbound': 'output'}[direction]}


@pytest.mark.parametrize('name', EVERY)
def test_only_the_states_asked_for_and_where_wanted_only_what_is_approved(name):
    flows = [
        replace(f, status=status)
        for f, status in zip(
            needs(*[('outbound', f'tcp/{p}', 'internal', ['10.1.0.1']) for p in (1001, 1002, 1003, 1004)]).flows,
            ('planned', 'requested', 'approved', 'implemented'),
            strict=True,
        )
    ]
    if name == 'ip6tables':
        flows = [replace(f, endpoints=(endpoint(1, members=['2001:db8:1::1']),)) for f in flows]
    is_firewall = FORMATS[name].kind == 'firewall'
    found = Material((resolve(gateway(flows, DUAL)),))
    by_port = {rule.ports[0].first: rule.key for rule in found.rules}

    def ports(**chosen):
        rendering = render(name, found, Options(**chosen))
        assert {e.reason for e in rendering.skipped} <= {'state'}
        return [port for port, key in sorted(by_port.items()) if key in rendering.rendered]

    assert ports(states=('planned', 'approved')) == [1001, 1003]
    assert ports() == [1001, 1002, 1003, 1004]
    site = Site(require_approval=True)
    approved = [1003, 1004] if is_firewall else [1001, 1002, 1003, 1004]
    assert ports(site=site) == approved
    assert ports(site=site, states=('planned',)) == ([] if is_firewall else [1001])
    assert ports(site=site, states=('planned', 'implemented')) == ([1004] if is_firewall else [1001, 1004])
