"""Twice the input costs at most 2.2 times as much, counted in instructions of Python: the same on every machine."""

import sys
from contextlib import contextmanager
from dataclasses import replace

import pytest

from netbox_gwports.rules.addresses import Address
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.compact import compact

from .build import address, endpoint, flow, gateway, local

GROWTH = 2.2
OWN = (local('192.0.2.10'), local('2001:db8::10'))
TOOL = 4


@contextmanager
def instructions():
    """A list whose length is the number of instructions that were executed."""
    monitoring, executed = sys.monitoring, []
    monitoring.use_tool_id(TOOL, 'instructions')
    try:
        monitoring.register_callback(TOOL, monitoring.events.INSTRUCTION, lambda code, offset: executed.append(offset))
        monitoring.set_events(TOOL, monitoring.events.INSTRUCTION)
        yield executed
    finally:
        monitoring.set_events(TOOL, 0)
        monitoring.free_tool_id(TOOL)


def executed(call, *args):
    with instructions() as found:
        call(*args)
    return len(found)


def one_remote(count):
    """Other ports for each flow, one endpoint for all of them."""
    return gateway([flow(n, specs=[f'tcp/{n}']) for n in range(1, 2 * count, 2)], OWN, [endpoint(members=['10.1.0.1'])])


def one_service(count):
    """Another role with another endpoint for each flow."""
    flows = [flow(n, role=f'role{n}', specs=['tcp/443']) for n in range(1, count + 1)]
    return gateway(flows, OWN, [endpoint(n, f'role{n}', members=[host(n)]) for n in range(1, count + 1)])


def host(number):
    return str(Address(4, address('10.1.0.0').first + number, address('10.1.0.0').first + number))


def published_names(count):
    flows = [flow(n, zone='internet', specs=['tcp/443'], dns_names=[f'n{n}.example']) for n in range(1, count + 1)]
    return gateway(flows, OWN)


def nobody_named(count):
    """Half of the flows name nobody, and any address is permitted for the others."""
    flows = [
        flow(n, role=f'role{n % 2}', kind='any' if n % 2 else 'named', specs=[f'tcp/{n}']) for n in range(1, count)
    ]
    return gateway(flows, OWN)


def through_a_proxy(count):
    flows = [
        flow(n, role=f'role{n}', kind='any', zone='internet', specs=[f'tcp/{n}'], application_protocol='HTTPS')
        for n in range(1, count + 1)
    ]
    return gateway(flows, OWN, [endpoint(role='proxy', proxy=True, members=['10.1.0.80'])])


@pytest.mark.parametrize('make', [one_remote, one_service, published_names, nobody_named, through_a_proxy])
def test_resolving_grows_with_the_flows(make):
    small, large = make(60), make(120)
    assert executed(resolve, large) <= GROWTH * executed(resolve, small)


def state(rule):
    return rule.standing


def rules_of_gateways(count):
    """The rules of gateways with an address each, and an endpoint of their own beside common ones."""
    flows = [flow(1), flow(2, role='ntp', specs=['udp/123']), flow(3, role='own', specs=['tcp/22', 'tcp/443'])]
    shared = [endpoint(1, members=['10.1.0.1']), endpoint(2, 'ntp', members=['10.1.0.1', '10.1.0.2'])]
    first = address('192.0.2.0').first
    for number in range(count):
        own = replace(OWN[0], address=Address(4, first + number, first + number))
        needs = gateway(flows, [own], [*shared, endpoint(9 + number, 'own', members=[host(number)])], number=number + 1)
        yield from resolve(needs).rules


@pytest.mark.parametrize('twins', [False, True])
def test_joining_grows_with_the_gateways(twins):
    small, large = (list(rules_of_gateways(count)) for count in (40, 80))
    assert executed(compact, large, state, twins) <= GROWTH * executed(compact, small, state, twins)
