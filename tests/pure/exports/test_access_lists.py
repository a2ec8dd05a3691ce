"""Access lists of Cisco: replaced as a whole, and ended."""

import re

import pytest

from netbox_gwports.exports import (
    Options,
)

from .readers import ANY, READERS
from .samples import CISCO, SAMPLE, material, plain_atoms, render


@pytest.mark.parametrize('name', CISCO)
def test_every_list_that_a_file_replaces_is_in_it_and_ends(name):
    """A list that lost its last rule must not stay on the box as it was, nor be empty, which permits all."""
    for options in (Options(), Options(final_deny=False)):
        for wants in ((), SAMPLE[:1], SAMPLE[1:2]):
            content = render(name, material(*wants), options).content
            atoms = READERS[name](content)
            lists = [('', '')] if name == 'cisco_asa' else [('', ''), ('-V6', 'v6')]
            for suffix, _version in lists:
                for start in ('GWPORTS-IN', 'GWPORTS-OUT'):
                    assert re.search(rf'^(no|clear configure) .*{start}{suffix}$', content, re.MULTILINE)
            denied = [a.where for a in atoms if a.protocol == ANY]
            if options.final_deny:
                assert sorted(denied) == sorted(['inbound', 'outbound'] * len(lists))
            assert {a.where for a in atoms} == {'inbound', 'outbound'}


@pytest.mark.parametrize('name', CISCO[:2])
def test_an_ipv6_list_that_ends_with_a_deny_lets_neighbours_be_found(name):
    atoms = plain_atoms(name)
    for place in ('inbound', 'outbound'):
        there = [a.protocol for a in atoms if a.where == place]
        assert there.count('nd-na') == there.count('nd-ns') == 1
        assert there[there.index('nd-na') :][:3] == ['nd-na', 'nd-ns', ANY]
