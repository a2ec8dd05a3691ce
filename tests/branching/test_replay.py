"""What is done in a branch stays there, and merge, sync and revert give exactly the same objects and rules."""

import pytest
from ipam.models import IPAddress

from netbox_gwports.choices import FlowStatusChoices
from netbox_gwports.models import Gateway, GatewayProfile, RemoteEndpoint, RequiredFlow
from netbox_gwports.requirements.upgrade import take_step

from ..netbox import factories as make
from .worlds import World, content, rules

STRATEGIES = ('iterative', 'squash')


def create(world):
    machine = make.device('gw2')
    machine.snapshot()
    first = make.ip('192.0.2.2/24', machine, primary=True)
    gateway = make.gateway(world.product, machine, group=world.group)
    make.address(gateway, first, zones=['internal', 'internet'])


def features(world):
    gateway = Gateway.objects.get(pk=world.gateway.pk)
    gateway.snapshot()
    gateway.features.set(gateway.profile.features.filter(slug__in=('base', 'mode')))


def renumber(world):
    address = IPAddress.objects.get(pk=world.dns.pk)
    address.snapshot()
    address.address = '10.1.9.53/24'
    address.save()


def bind(world):
    make.endpoint(make.role('administrators'), 'Administrators', prefixes=[make.prefix('10.99.0.0/24')])


def name_endpoint(world):
    flow = RequiredFlow.objects.get(gateway=world.gateway.pk, purpose='Names')
    flow.snapshot()
    flow.endpoints.set([make.endpoint(flow.remote_role, 'Own DNS', literals=['10.1.7.7'])])


def narrow(world):
    """An endpoint that is for one gateway takes the place of the one for everybody."""
    make.endpoint(
        make.role('dns-servers'), 'DNS of gw1', scope='gateways', gateways=[world.gateway], literals=['10.1.8.8']
    )


def decide(world):
    flow = RequiredFlow.objects.get(gateway=world.gateway.pk, purpose='Updates')
    flow.snapshot()
    flow.status, flow.justification = FlowStatusChoices.WAIVED, 'Not here'
    flow.ports = ['tcp/8443']
    flow.save()


def by_hand(world):
    gateway = Gateway.objects.get(pk=world.gateway.pk)
    make.flow(gateway, make.role('dns-servers'), 'Own', ports=['tcp/853', 'udp/5000-5010'])


def upgrade(world):
    newer = make.product(name='Mail gateway', version='2.0')
    make.template(newer.services.get(name='DNS'), make.role('dns-servers'), 'Zone transfers', row=1, item=2)
    for step in ('prepare', 'complete'):
        # A request of its own, as in life
        with world.step():
            take_step(world.gateway.pk, step, GatewayProfile.objects.get(pk=newer.pk))


def delete(world):
    Gateway.objects.get(pk=world.gateway.pk).delete()


def unbind(world):
    RemoteEndpoint.objects.get(name='DNS servers').delete()


def move(world):
    """Another device takes over from the server, and the endpoint follows."""
    server = make.device('dns2')
    server.snapshot()
    make.ip('10.1.0.54/24', server, primary=True)
    endpoint = RemoteEndpoint.objects.get(name='DNS servers')
    endpoint.snapshot()
    endpoint.devices.set([server])


# Where administrators are bound first, what their features need gives rules
EDITS = (create, bind, features, renumber, narrow, name_endpoint, decide, by_hand, upgrade, move)
DELETIONS = (unbind, delete)


def run(world: World, edits, branch=None):
    """One request after the other; each changes rules there, and none anywhere else."""
    elsewhere = None if branch else world.branches[0]
    untouched = content(elsewhere), rules(elsewhere)
    for edit in edits:
        before = rules(branch)
        with world.request(branch):
            world.step = lambda: world.request(branch)
            edit(world)
        assert rules(branch) != before, edit.__name__
        assert (content(elsewhere), rules(elsewhere)) == untouched, edit.__name__


@pytest.mark.parametrize('strategy', ('iterative', 'squash'))
@pytest.mark.parametrize('edits', (EDITS, DELETIONS), ids=('edits', 'deletions'))
def test_merged_and_reverted(world, edits, strategy):
    before = content(), rules()
    branch = world.branch()
    run(world, edits, branch)
    done = content(branch), rules(branch)
    world.merge(branch, strategy)
    assert (content(), rules()) == done
    world.revert(branch)
    assert (content(), rules()) == before


@pytest.mark.parametrize('edits', (EDITS, DELETIONS), ids=('edits', 'deletions'))
def test_synchronized(world, edits):
    branch = world.branch()
    run(world, edits)
    world.sync(branch)
    assert (content(branch), rules(branch)) == (content(), rules())
