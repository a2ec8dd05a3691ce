"""Zones that a firewall distinguishes, and those that it does not."""

from dataclasses import replace

import pytest

from netbox_gwports.exports import (
    Material,
    Options,
)

from .readers import ANY, joined
from .samples import FORMATS, LINUX, NETWORKS, ZONED, fits, material, read, render, sample


@pytest.mark.parametrize('name', ZONED)
def test_zones_of_one_name_are_not_told_apart(name):
    """Any of the Internet would be any of the inner zone too, where both are one zone of the firewall."""
    found = material(('inbound', 'tcp/25', 'internet', 'any'), ('inbound', 'tcp/26', 'management', 'any'))
    one = Options(gateway_zone='DMZ', zone_names={'internet': 'OUT', 'internal': 'OUT', 'management': 'MGMT'})
    assert {entry.reason for entry in render(name, found, one).skipped} == {'any_networks'}
    atoms = read(name, render(name, found, replace(one, networks=NETWORKS)))
    denied = [a.source for a in atoms if not a.permit]
    assert {a.where for a in atoms} == {'OUT>DMZ', 'MGMT>DMZ'}
    assert sorted(denied) == ['10.0.0.0/8', '192.0.2.0/25', '2001:db8:1::/48']
    assert [a.permit for a in atoms if a.where == 'OUT>DMZ'] == [False] * 3 + [True] * 2
    assert 'networks' in FORMATS[name].options


@pytest.mark.parametrize('name', LINUX)
def test_interfaces_make_any_exact_without_networks(name):
    interfaces = {'internet': 'wan0', 'internal': 'lan0', 'management': 'oob0'}
    options = Options(gateway_interface='dmz0', interfaces=interfaces)
    found = Material((sample(),))
    rendering = render(name, found, options)
    wanted = {rule.key for rule in sample().rules if fits(name, rule)}
    assert rendering.rendered == wanted
    atoms = joined(read(name, rendering))
    anys = {(a.where, a.ports) for a in atoms if ANY in (a.source, a.destination)}
    internet = {('forward wan0>dmz0', (25, 25)), ('forward dmz0>wan0', (25, 25))}
    assert anys == {*internet, ('forward lan0>dmz0', (8080, 8080))}
    assert all(a.permit for a in atoms)
    # A zone that is known to be empty is behind no interface
    empty = Options(gateway_interface='dmz0', interfaces={**interfaces, 'management': ''}, networks={'management': ()})
    assert render(name, found, empty).rendered == wanted
    # Two zones behind one interface are one for it, a zone may be behind any while it is not said, and without the
    # gateways' own side, or with the same one, nothing is said of transit
    for other in (
        Options(gateway_interface='dmz0', interfaces={**interfaces, 'internal': 'wan0', 'management': 'wan0'}),
        Options(gateway_interface='dmz0', interfaces={'internet': 'wan0', 'internal': 'lan0'}),
        Options(gateway_interface='dmz0', interfaces=dict.fromkeys(interfaces, 'dmz0')),
        Options(interfaces=interfaces),
    ):
        reasons = {e.key: e.reason for e in render(name, found, other).skipped}
        assert {reasons[r.key] for r in sample().rules if r.remote.any and fits(name, r)} == {'any_networks'}


def test_a_zone_that_the_gateways_are_in_themselves_is_not_told_apart():
    found = material(('outbound', 'tcp/443', 'internet', 'any'))
    for zone, rendered in (('dmz', True), ('untrust', False)):
        options = Options(gateway_zone=zone, zone_names={'internet': 'untrust'})
        assert bool(render('juniper_srx', found, options).rendered) == rendered
