"""Which intervals contain which, against comparing all of them."""

from random import Random

import pytest

from netbox_gwports.rules.addresses import Address, Vrf
from netbox_gwports.rules.intervals import containing
from netbox_gwports.rules.ports import PortSpec

from .build import address, ports


def test_an_interval_contains_itself_and_those_within():
    wide, narrow, beside = (address(text) for text in ('10.0.0.0/8', '10.1.0.0/16', '11.0.0.0/8'))
    assert dict(containing([narrow, beside, wide])) == {wide: [wide], narrow: [wide, narrow], beside: [beside]}


def test_only_those_of_one_space_contain_each_other():
    wide, narrow = address('10.0.0.0/8', vrf=7), address('10.1.0.0/16')
    assert dict(containing([wide, narrow])) == {wide: [wide], narrow: [narrow]}
    tcp, udp = ports('tcp/any', 'udp/53')
    assert dict(containing([tcp, udp])) == {tcp: [tcp], udp: [udp]}


@pytest.mark.parametrize('seed', range(20))
def test_every_containing_interval_is_found(seed):
    random = Random(seed)
    # In a small space, so that many of them touch, overlap or are equal on one side
    ends = [sorted(random.choices(range(12), k=2)) for _ in range(30)]
    addresses = {Address(4, first, last, random.choice((None, Vrf(1, 'a')))) for first, last in ends}
    expected = {each: {other for other in addresses if other.contains(each)} for each in addresses}
    assert {each: {*outer} for each, outer in containing(addresses)} == expected
    specs = {PortSpec(random.choice(('tcp', 'udp')), first + 1, last + 1) for first, last in ends}
    assert {spec: len(outer) for spec, outer in containing(specs)} == {
        spec: sum(o.protocol == spec.protocol and o.first <= spec.first and spec.last <= o.last for o in specs)
        for spec in specs
    }
