"""Access lists of Cisco: new ones, bound in place of the old ones, and ended."""

import re

import pytest

from netbox_gwports.exports import (
    Options,
)

from .readers import ANY, READERS
from .samples import CISCO, SAMPLE, material, plain_atoms, render

NAMES = re.compile(r'GWP-GW1-(?:IN|OUT)6?-[0-9A-F]{8}')
INTERFACES = {'gateway_interface': 'Gi2', 'interfaces': {'internal': 'Gi1', 'internet': 'Gi0'}}


@pytest.mark.parametrize('name', CISCO)
def test_every_list_is_written_even_without_permits_and_ends(name):
    """A list that lost its last rule must not stay on the box as it was, nor be empty, which permits all."""
    for wants in ((), SAMPLE[:1], SAMPLE[1:2]):
        content = render(name, material(*wants), Options()).content
        atoms = READERS[name](content)
        families = 1 if name == 'cisco_asa' else 2
        denied = [a.where for a in atoms if a.protocol == ANY]
        assert sorted(denied) == sorted(['inbound', 'outbound'] * families)
        assert {a.where for a in atoms} == {'inbound', 'outbound'}
        assert len({*NAMES.findall(content)}) == 2 * families


@pytest.mark.parametrize('name', CISCO)
def test_no_list_is_deleted_or_changed_and_each_is_bound_after_it_is_complete(name):
    """An absent list passes everything, and a half written one locks out."""
    found = material(*SAMPLE[:2])
    content = render(name, found, Options(**INTERFACES)).content
    assert not re.search(r'^ *(no|clear) ', content, re.MULTILINE)
    lines = [line for line in content.splitlines() if not line.startswith('!')]
    bound = [n for n, line in enumerate(lines) if re.search('access-group|traffic-filter', line)]
    written = [n for n, line in enumerate(lines) if n not in bound and NAMES.search(line)]
    assert bound and max(written) < min(bound)
    # Each list is bound, and nothing else is
    assert {NAMES.search(lines[n])[0] for n in bound} == {*NAMES.findall('\n'.join(lines[n] for n in written))}
    # Another set has another name, the same set has the same
    other = render(name, material(*SAMPLE[:1]), Options(**INTERFACES)).content
    again = render(name, found, Options(**INTERFACES)).content
    assert again == content
    inbound = [{n for n in NAMES.findall(text) if '-IN-' in n} for text in (content, other)]
    assert not inbound[0] & inbound[1]


@pytest.mark.parametrize('name', CISCO)
def test_without_interfaces_the_binding_is_left_to_the_reader(name):
    content = render(name, material(*SAMPLE[:2]), Options()).content
    assert re.search(r'^! .*GWP-GW1-IN', content, re.MULTILINE) and 'INTERFACE-OF-REMOTES' in content
    assert not re.search(r'^ ?(interface|access-group|ip access-group)', content, re.MULTILINE)


def test_nxos_applies_a_file_as_one_session():
    lines = [line for line in render('cisco_nxos', material(*SAMPLE)).content.splitlines() if not line.startswith('!')]
    assert lines[0] == 'configure session gwp-gw1' and lines[-2:] == ['verify', 'commit']


@pytest.mark.parametrize('name', CISCO[:2])
def test_an_ipv6_list_that_ends_with_a_deny_lets_neighbours_be_found(name):
    atoms = plain_atoms(name)
    for place in ('inbound', 'outbound'):
        there = [a.protocol for a in atoms if a.where == place]
        assert there.count('nd-na') == there.count('nd-ns') == 1
        assert there[there.index('nd-na') :][:3] == ['nd-na', 'nd-ns', ANY]
