"""Standing against single connections, along histories of requests, approvals, implementations and edits."""

from collections import Counter
from dataclasses import replace
from itertools import groupby
from random import Random

import pytest

from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.constants import INTERNET, STANDINGS, ZONES
from netbox_gwports.rules.rule import Resolution, Side
from netbox_gwports.rules.standing import Change, History, approved, closing, counts, opened, stand
from netbox_gwports.rules.stored import content, digest, reasons, restore

from .build import flow, rule
from .examples import CHUNKS, examples
from .reference import holds, meets, points
from .test_properties import changed

FIREWALLS = (Ref('firewall', 1, 'outer'), Ref('firewall', 2, 'inner'))
CROSSING = {INTERNET: FIREWALLS[:1], 'internal': FIREWALLS, 'management': FIREWALLS[1:]}
FEW = CHUNKS[:4]


# -- the reference: sets of single connections


def fold(changes, drop):
    found = set()
    for change in changes:
        closes = points(change.closes)
        found = {point for point in found if not drop(point, closes)}
        found |= points(change.opens) if change.holds else set()
    return found


def expected(rules, history):
    """Standing -> its connections, and firewall -> (to close, open without approval)."""
    allowed = fold(history.approved, meets)
    at = {ref: fold(changes, holds) for ref, changes in history.implemented.items()}
    asked, refused = (
        {point for change in changes for point in points(change.opens)}
        for changes in (history.requested, history.rejected)
    )
    found = {standing: set() for standing in STANDINGS}
    for point in points(rules):
        crossed = [at.get(ref, set()) for ref in CROSSING.get(point.zone, (None,))]
        if holds(point, allowed):
            standing = 'in_place' if all(holds(point, there) for there in crossed) else 'approved'
        elif any(holds(point, there) for there in crossed):
            standing = 'unapproved'
        elif holds(point, asked):
            standing = 'requested'
        else:
            standing = 'rejected' if holds(point, refused) else 'not_requested'
        found[standing].add(point)
    firewalls = {}
    for ref in {*FIREWALLS, None, *at}:
        needed = points(r for r in rules if ref is None or ref in CROSSING.get(r.zone, ()))
        there = at.get(ref, set())
        firewalls[ref] = (
            {point for point in there if not holds(point, needed)},
            {point for point in there if not holds(point, allowed)},
        )
    return found, firewalls


# -- histories


def some(random, rules, share=0.6):
    return tuple(replace(rule, covered_by=(), tickets=('T',)) for rule in rules if random.random() < share)


def history_of(random, needs):
    """Changes of a gateway that was edited between them, with the resolutions in between."""
    lists = {'requested': (), 'rejected': (), 'approved': ()}
    implemented = {ref: () for ref in (*FIREWALLS, None)}
    for _step in range(random.choice((1, 2, 4))):
        history = History(**lists, implemented=dict(implemented))
        standing = stand(resolve(changed(random, needs)), history, CROSSING)
        required = standing.resolution.effective_rules
        close = closing(some(random, standing.to_close, 0.8), required)
        change = Change((*some(random, standing.to_request), *close.opens), close.closes)
        decision = random.choice(('requested', 'rejected', 'approved', 'approved', 'approved'))
        if decision == 'approved':
            change = replace(change, holds=random.random() < 0.9)
        lists[decision] += (change,)
        if decision == 'approved' or random.random() < 0.2:
            for ref in implemented:
                if random.random() < 0.7:
                    implemented[ref] += (Change(some(random, change.opens, 0.8), some(random, change.closes, 0.8)),)
    return History(**lists, implemented=implemented)


def test_standing_is_that_of_every_connection():
    reached = Counter()
    for chunk in FEW:
        for seed, needs, resolution in examples(chunk):
            history = history_of(Random(f'history {seed}'), needs)
            standing = stand(resolution, history, CROSSING)
            crossing = [r for r in standing.resolution.rules if not r.same_segment]
            found, firewalls = expected([r for r in resolution.rules if not r.same_segment], history)
            assert {s: points(r for r in crossing if r.standing == s) for s in STANDINGS} == found, seed
            effective = standing.resolution.effective_rules
            assert points(effective) == points(resolution.effective_rules), seed
            told = {firewall.ref: firewall for firewall in standing.firewalls}
            for ref, (to_close, unapproved) in firewalls.items():
                assert points(told[ref].to_close if ref in told else ()) == to_close, (seed, ref)
                assert points(told[ref].unapproved if ref in told else ()) == unapproved, (seed, ref)
            assert points(standing.to_close) == set().union(*(close for close, _ in firewalls.values())), seed
            reached.update(s for s in found if found[s])
            reached['to_close'] += any(close for close, _ in firewalls.values())
            reached['split'] += len(effective) > len(resolution.effective_rules)
    count = 100 * len(FEW)
    assert all(reached[name] > count * 0.05 for name in (*STANDINGS, 'to_close', 'split')), reached


@pytest.mark.parametrize('chunk', FEW)
def test_what_is_left_to_do_on_each_firewall_makes_it_in_place(chunk):
    for seed, needs, resolution in examples(chunk):
        random = Random(f'history {seed}')
        before = history_of(random, needs)
        standing = stand(resolution, before, CROSSING)
        required = standing.resolution.effective_rules
        change = closing(standing.to_close, required)
        change = replace(change, opens=(*standing.to_request, *standing.rules('requested'), *change.opens))
        history = replace(before, approved=(*before.approved, change))
        for ref in (*FIREWALLS, None):
            firewall = {f.ref: f for f in stand(resolution, history, CROSSING).firewalls}.get(ref)
            if firewall:
                done = closing(firewall.to_close, [r for r in required if ref in CROSSING.get(r.zone, (None,))])
                done = replace(done, opens=(*firewall.to_open, *done.opens))
                implemented = {**history.implemented, ref: (*history.implemented.get(ref, ()), done)}
                history = replace(history, implemented=implemented)
        after = stand(resolution, history, CROSSING)
        assert {r.standing for r in after.resolution.effective_rules} <= {'in_place'}, seed
        assert not after.to_close and not after.to_request, seed


@pytest.mark.parametrize('chunk', FEW)
def test_no_edit_approves_anything(chunk):
    """Whatever changes about a gateway, what counts as approved and as open is what was signed."""
    for seed, needs, _resolution in examples(chunk):
        random = Random(f'edit {seed}')
        history = history_of(random, needs)
        allowed = fold(history.approved, meets)
        for _edit in range(3):
            edited = stand(resolve(changed(random, needs)), history, CROSSING)
            for standing in ('approved', 'in_place'):
                assert all(holds(point, allowed) for point in points(edited.rules(standing))), seed


@pytest.mark.parametrize('chunk', FEW)
def test_stored_rules_are_read_back(chunk):
    for _seed, _needs, resolution in examples(chunk):
        for each in resolution.rules:
            stored = content(each)
            read = restore(each.gateway, stored, reasons(each))
            assert read.key == each.key and read.content == each.content
            assert [f.id for f in read.flows] == [f.id for f in each.flows]
            assert content(read) == stored
            assert digest([stored]) == digest([content(read)])
        stored = [content(each) for each in resolution.rules]
        assert digest(stored) == digest(stored[::-1])
        if len(stored) > 1:
            assert digest(stored) != digest(stored[1:])


# -- case by case


def resolution(*rules):
    return Resolution(rule().gateway, tuple(rules))


def standings(found):
    return {
        standing: sorted(f'{address}' for each in group for address in each.remote.addresses)
        for standing, group in groupby(
            sorted(found.resolution.rules, key=lambda each: each.standing), key=lambda each: each.standing
        )
    }


def in_place(*rules, **others):
    change = Change(rules)
    return History(approved=(change,), implemented={ref: (change,) for ref in FIREWALLS}, **others)


def test_a_renumbered_server_is_told_as_what_it_opens_and_closes():
    history = in_place(rule(remote=['10.1.0.1', '10.1.0.2']))
    standing = stand(resolution(rule(remote=['10.1.0.2', '10.1.0.9'])), history, CROSSING)
    assert standings(standing) == {'in_place': ['10.1.0.2'], 'not_requested': ['10.1.0.9']}
    assert [str(r.remote.addresses[0]) for r in standing.to_close] == ['10.1.0.1']


def test_a_smaller_prefix_closes_what_left_it():
    standing = stand(resolution(rule(remote=['10.1.0.0/25'])), in_place(rule(remote=['10.1.0.0/24'])), CROSSING)
    assert standings(standing) == {'in_place': ['10.1.0.0/25']}
    assert [str(r.remote.addresses[0]) for r in standing.to_close] == ['10.1.0.128/25']


def test_a_larger_prefix_requests_the_rest_only():
    standing = stand(resolution(rule(remote=['10.1.0.0/24'])), in_place(rule(remote=['10.1.0.5'])), CROSSING)
    assert standings(standing) == {
        'in_place': ['10.1.0.5'],
        'not_requested': ['10.1.0.0-10.1.0.4', '10.1.0.6-10.1.0.255'],
    }


def test_a_rule_is_in_place_when_every_firewall_confirmed_it():
    change = Change((rule(),))
    history = History(approved=(change,), implemented={FIREWALLS[0]: (change,)})
    standing = stand(resolution(rule()), history, CROSSING)
    assert standings(standing) == {'approved': ['10.1.0.1']}
    outer, inner = standing.firewalls
    assert (outer.ref, bool(outer.in_place), bool(outer.to_open)) == (FIREWALLS[0], True, False)
    assert (inner.ref, bool(inner.in_place), bool(inner.to_open)) == (FIREWALLS[1], False, True)


def test_without_a_firewall_somebody_has_to_confirm_it():
    change = Change((rule(zone='dmz'),))
    for implemented, expected_standing in (({}, 'approved'), ({None: (change,)}, 'in_place')):
        history = History(approved=(change,), implemented=implemented)
        assert standings(stand(resolution(rule(zone='dmz')), history, CROSSING)) == {expected_standing: ['10.1.0.1']}


def test_a_firewall_that_is_recorded_later_has_to_be_opened():
    change = Change((rule(),))
    history = History(approved=(change,), implemented={None: (change,)})
    standing = stand(resolution(rule()), history, CROSSING)
    assert standings(standing) == {'approved': ['10.1.0.1']}
    assert not standing.to_close


def test_an_expired_approval_leaves_it_open_without_approval():
    change = Change((rule(),), holds=False)
    history = History(approved=(change,), implemented={ref: (change,) for ref in FIREWALLS})
    standing = stand(resolution(rule()), history, CROSSING)
    assert standings(standing) == {'unapproved': ['10.1.0.1']}
    assert standing.unapproved and not standing.to_close


def test_what_an_expired_request_closed_stays_closed():
    history = History(approved=(Change((rule(),)), Change(closes=(rule(),), holds=False)))
    assert approved(history.approved) == ()


def test_any_is_closed_as_a_whole_and_what_is_still_required_is_opened_with_it():
    any_, one = rule(remote=Side(any=True)), rule()
    standing = stand(resolution(one), in_place(any_), CROSSING)
    assert standings(standing) == {'in_place': ['10.1.0.1']}
    change = closing(standing.to_close, standing.resolution.effective_rules)
    assert [r.remote.any for r in change.closes] == [True]
    assert [str(r.remote.addresses[0]) for r in change.opens] == ['10.1.0.1']
    assert opened([Change((any_,)), change]) == change.opens
    assert approved([Change((any_,)), change]) == change.opens


def test_any_without_a_part_is_not_approved_but_still_open():
    changes = [Change((rule(remote=Side(any=True)),)), Change(closes=(rule(),))]
    assert approved(changes) == ()
    assert [r.remote.any for r in opened(changes)] == [True]


def test_equal_parts_of_two_rules_are_one_with_the_flows_of_both():
    broad = rule(remote=['10.1.0.0/24'], flows=[flow(1)])
    narrow = rule(remote=['10.1.0.5'], flows=[flow(2)], covered_by=(broad.key,))
    standing = stand(resolution(broad, narrow), in_place(rule(remote=['10.1.0.5'])), CROSSING)
    [placed] = [r for r in standing.resolution.rules if r.standing == 'in_place']
    assert [f.id for f in placed.flows] == [1, 2] and not placed.covered_by


def test_tickets_are_those_of_the_requests_behind_each_part():
    history = in_place(rule(remote=['10.1.0.1', '10.1.0.2'], tickets=('CHG-1',)))
    asked = Change((rule(remote=['10.1.0.3'], tickets=('CHG-2',)),))
    standing = stand(
        resolution(rule(remote=['10.1.0.1', '10.1.0.3', '10.1.0.4'])), replace(history, requested=(asked,)), CROSSING
    )
    assert {r.standing: r.tickets for r in standing.resolution.rules} == {
        'in_place': ('CHG-1',),
        'requested': ('CHG-2',),
        'not_requested': (),
    }


def test_a_standing_in_numbers():
    clear = flow(1, clear_text=True)
    told = flow(2, clear_text=True, mitigation='VPN')
    history = in_place(rule(remote=['10.1.0.1']), rule(remote=['10.1.0.8']))
    found = stand(
        resolution(
            rule(remote=['10.1.0.1'], flows=[told]),
            rule(remote=['10.1.0.2'], flows=[clear, told]),
            rule(remote=['10.1.0.3'], flows=[flow(3)]),
        ),
        replace(history, requested=(Change((rule(remote=['10.1.0.3']),)),)),
        CROSSING,
    )
    assert counts(found) == {
        'rules': 3,
        'to_request': 1,
        'requested': 1,
        'to_open': 0,
        'in_place': 1,
        'to_close': 1,
        'unapproved': 0,
        'open_items': 0,
        'clear_text': 1,
    }


def test_what_is_to_be_closed_says_so_on_every_firewall():
    standing = stand(resolution(), in_place(rule()), CROSSING)
    assert [r.standing for r in standing.to_close] == ['to_close']
    assert [[r.standing for r in firewall.to_close] for firewall in standing.firewalls] == [['to_close'], ['to_close']]


def test_firewalls_are_told_in_order_also_where_nothing_is_left_to_do():
    change = Change((rule(zone='dmz'),))
    history = History(approved=(change,), implemented={None: (change,), FIREWALLS[1]: (), FIREWALLS[0]: ()})
    standing = stand(resolution(rule(zone='dmz')), history, {'internal': FIREWALLS[::-1], 'dmz': ()})
    assert [firewall.ref for firewall in standing.firewalls] == [*FIREWALLS, None]
    assert standings(standing) == {'in_place': ['10.1.0.1']}
    # Separated by nobody: somebody has to confirm it
    assert standings(stand(resolution(rule(zone='dmz')), replace(history, implemented={}), {'dmz': ()})) == {
        'approved': ['10.1.0.1']
    }
    many = tuple(Ref('firewall', number, f'fw{number}') for number in range(12))
    found = stand(resolution(), History(), {'internal': many[::-1]}).firewalls
    assert tuple(firewall.ref for firewall in found) == many


def test_parts_name_flows_tickets_and_broader_parts_in_order():
    broad = rule(remote=['10.1.0.0/24'], flows=[flow(9), flow(2)])
    narrow = rule(remote=['10.1.0.5', '10.1.0.6'], flows=[flow(1)], covered_by=(broad.key,))
    split_at = rule(remote=['10.1.0.5'])
    history = in_place(replace(split_at, tickets=('CHG-2',)), replace(split_at, tickets=('CHG-1',)))
    parts = stand(resolution(broad, narrow), history, CROSSING).resolution.rules
    shared = next(part for part in parts if part.standing == 'in_place')
    assert [f.id for f in shared.flows] == [1, 2, 9] and shared.tickets == ('CHG-1', 'CHG-2')
    keys = [part.key for part in parts if not part.covered_by]
    [covered] = [part for part in parts if part.covered_by]
    assert covered.covered_by == tuple(sorted(keys))
    pending = tuple(Change((rule(remote=[f'10.1.0.{n}']),)) for n in (20, 40, 60))
    parts = stand(resolution(broad, narrow), replace(history, requested=pending), CROSSING).resolution.rules
    assert all(part.covered_by == tuple(sorted(part.covered_by)) for part in parts)
    assert max(len(part.covered_by) for part in parts) > 2


def test_zones_of_the_tests_are_those_of_rules():
    assert set(CROSSING) < set(ZONES)
