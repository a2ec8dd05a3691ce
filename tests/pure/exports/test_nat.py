"""Addresses where there is NAT."""

from dataclasses import replace

import pytest

from netbox_gwports.exports import (
    Material,
    Options,
)
from netbox_gwports.rules.build import resolve

from ..rules.build import address, local
from .samples import DUAL, FIREWALLS, FORMATS, material, needs, read, render


@pytest.mark.parametrize('name', FIREWALLS)
def test_nat_writes_the_address_that_the_policy_matches(name):
    wants = (('inbound', 'tcp/443', 'internal', ['10.1.0.1']), ('outbound', 'tcp/53', 'internal', ['10.1.0.2']))
    outside = {address('192.0.2.10'): (address('203.0.113.10'), address('203.0.113.11'))}
    found = replace(material(*wants, addresses=DUAL[:1]), outside=outside)
    rendering = render(name, found, Options(nat=True))
    wanted = {rule.key for rule in found.rules}
    if name == 'ip6tables':
        return
    assert rendering.rendered == wanted
    ends = {(a.source, a.destination) for a in read(name, rendering)}
    translated = name in ('cisco_ios', 'cisco_nxos', 'paloalto_panos', 'ansible_panos')
    assert (FORMATS[name].translates == 'outside') == translated
    inbound = ['203.0.113.10/32', '203.0.113.11/32'] if translated else ['192.0.2.10/32']
    assert ends == {('192.0.2.10/32', '10.1.0.2/32'), *(('10.1.0.1/32', end) for end in inbound)}
    plain = {(a.source, a.destination) for a in read(name, render(name, found))}
    assert plain == {('192.0.2.10/32', '10.1.0.2/32'), ('10.1.0.1/32', '192.0.2.10/32')}


def test_nat_of_two_gateways_with_one_outside_address_keeps_both_keys():
    want = ('inbound', 'tcp/443', 'internal', ['10.1.0.1'])
    two = [resolve(needs(want, addresses=(local(f'192.0.2.{n}'),), number=n)) for n in (1, 2)]
    outside = {address(f'192.0.2.{n}'): (address('203.0.113.10'),) for n in (1, 2)}
    rendering = render('cisco_ios', Material(tuple(two), outside=outside), Options(nat=True))
    assert rendering.rendered == {rule.key for found in two for rule in found.rules}
    assert {a.destination for a in read('cisco_ios', rendering)} == {'203.0.113.10/32'}
