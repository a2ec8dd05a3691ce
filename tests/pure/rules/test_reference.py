"""The resolver against the reference: the same connections for the same reasons, and the same open items."""

from collections import Counter
from functools import cache

import pytest

from .examples import CHUNKS, COUNT, examples
from .reference import expected, permitted

# At least this share of the examples, in percent, reaches each case: else the comparison says little about it
SHARES = {
    'remote addresses': 60,
    'several own addresses': 30,
    'several own addresses of a zone': 25,
    'any': 10,
    'DNS names': 25,
    'wildcards': 10,
    'ranges': 15,
    'both directions': 15,
    'both families': 15,
    'VRFs': 20,
    'same segment': 15,
    'both sides of a segment': 12,
    'through a proxy': 10,
    'allow-list of a proxy': 3,
    'the gateway is the proxy': 2,
    'peers': 6,
    'not applicable': 5,
    'endpoints of the flow itself': 20,
    'several scopes': 40,
    'replaced names': 8,
    'port map': 12,
    'use': 40,
    'lost address': 10,
    'shared connections': 10,
    'hidden': 4,
    'no_remote': 30,
    'addresses_not_chosen': 3,
    'no_address': 12,
    'wrong_zone': 8,
    'no_common_family': 25,
    'permitted_by_any': 0.5,
}


@cache
def references(chunk):
    return [expected(example.needs) for example in examples(chunk)]


def differences(chunk, compare):
    """The seeds of the examples in which the resolver and the reference differ, with what differs."""
    pairs = zip(examples(chunk), references(chunk), strict=True)
    return {e.seed: found for e, reference in pairs if (found := compare(e.resolution, reference))}


@pytest.mark.parametrize('chunk', CHUNKS)
def test_the_same_connections_are_permitted_for_the_same_reasons(chunk):
    def compare(resolution, reference):
        found, wanted = permitted(resolution.rules), reference.permits
        # Few are enough to see what it is
        return [
            (c, found.get(c), wanted.get(c)) for c in found.keys() | wanted.keys() if found.get(c) != wanted.get(c)
        ][:3]

    assert differences(chunk, compare) == {}


@pytest.mark.parametrize('chunk', CHUNKS)
def test_the_same_is_left_open(chunk):
    def compare(resolution, reference):
        return {(entry.flow.id, entry.reason) for entry in resolution.unresolved} ^ reference.open_items

    assert differences(chunk, compare) == {}


@pytest.mark.parametrize('chunk', CHUNKS)
def test_the_same_is_hidden_or_not_applicable(chunk):
    def compare(resolution, reference):
        found = {flow.id for flow in resolution.not_applicable}, resolution.hidden
        return found != (reference.not_applicable, reference.hidden) and found

    assert differences(chunk, compare) == {}


@pytest.mark.slow
def test_the_examples_reach_every_case():
    assert COUNT >= 2000
    reached = Counter(case for chunk in CHUNKS for reference in references(chunk) for case in reference.reached)
    assert reached.keys() == SHARES.keys()
    shares = {case: 100 * reached[case] / COUNT for case in SHARES}
    assert {case: share for case, share in shares.items() if share < SHARES[case]} == {}
