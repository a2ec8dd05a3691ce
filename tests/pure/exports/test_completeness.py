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
from netbox_gwports.exports.text import standing_text
from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.constants import STANDINGS, TO_CLOSE

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
    standing,
)


@pytest.mark.parametrize('name', EVERY)
@pytest.mark.parametrize(
    'options',
    [
        Options(),
        Options(networks=NETWORKS),
        Options(zones=('internal',)),
        Options(standings=('approved',)),
        Options(directions=('outbound',)),
        Options(perspective='host'),
    ],
)
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
    assert not render(
        'juniper_srx',
        Material((sample(),)),
        known(
            'juniper_srx',
            gateway_zone='dmz',
            zone_names={zone: zone for zone in ('internet', 'internal', 'dmz', 'management')},
        ),
    ).warnings


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
def test_only_the_standings_asked_for_and_where_wanted_only_what_is_approved(name):
    numbers = dict(zip((*STANDINGS, TO_CLOSE), range(1001, 1008), strict=True))
    flows = needs(*[('outbound', f'tcp/{port}', 'internal', ['10.1.0.1']) for port in numbers.values()]).flows
    if name == 'ip6tables':
        flows = [replace(f, endpoints=(endpoint(1, members=['2001:db8:1::1']),)) for f in flows]
    found = standing(resolve(gateway(flows, DUAL)), **{f'tcp{port}': each for each, port in numbers.items()})
    found = Material((found,))
    by_key = {rule.key: rule.standing for rule in found.rules}

    def standings(**chosen):
        rendering = render(name, found, Options(**chosen))
        skipped = {by_key[entry.key]: entry for entry in rendering.skipped}
        assert {entry.reason for entry in skipped.values()} <= {'standing'}
        for each, entry in skipped.items():
            assert entry.detail.startswith(f'it is {standing_text(each)}, and this file holds rules that are ')
        return [each for each in by_key.values() if each not in skipped]

    for each in STANDINGS:
        assert standings(standings=(each,)) == [each]
    # What is to be closed is in no file that opens
    assert standings() == [*STANDINGS]
    site = Site(require_approval=True)
    for asked in ((), ('not_requested',), ('unapproved', 'in_place'), ('requested', 'approved', 'rejected')):
        asked = asked or STANDINGS
        approved = [each for each in asked if each in ('approved', 'in_place')]
        expected = approved if FORMATS[name].kind == 'firewall' else asked
        assert {*standings(site=site, standings=asked)} == {*expected}


@pytest.mark.parametrize('name', TEXTS)
def test_a_file_says_which_standings_it_holds(name):
    text = ' '.join(render(name, Material((sample(),)), Options(standings=('requested', 'unapproved'))).content.split())
    assert 'Rules that are requested or open without approval' in text
