"""No edit leaves a summary that is neither stale nor true: tried for every model that rules are computed from."""

from collections import Counter
from unittest import mock

from core.models import Job
from dcim.models import Device, Interface, Location, VirtualChassis
from django.core.exceptions import ValidationError
from django.db import connection, router, transaction
from django.db.models import ProtectedError, RestrictedError
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from ipam.models import VRF, FHRPGroup, FHRPGroupAssignment, IPAddress
from users.models import User
from utilities.exceptions import AbortRequest
from virtualization.models import Cluster, VirtualMachine, VMInterface

from netbox_gwports import changes
from netbox_gwports.changes.affected import AFFECTED
from netbox_gwports.changes.sign import Signature
from netbox_gwports.changes.summary import COMPUTED, refresh, summarize
from netbox_gwports.jobs import RefreshSummariesJob
from netbox_gwports.models import (
    EnforcementZone,
    Gateway,
    GatewayAddress,
    RemoteEndpoint,
    RequiredFlow,
    SignOff,
    StandingSummary,
)

from . import factories

REFUSED = (ValidationError, AbortRequest, ProtectedError, RestrictedError)


def interface(machine, name):
    if isinstance(machine, Device):
        return Interface.objects.create(device=machine, name=name, type='1000base-t')
    return VMInterface.objects.create(virtual_machine=machine, name=name)


class World:
    """Three gateways: two peers, one of them in a virtual chassis, and a virtual machine; an endpoint of each kind."""

    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_superuser('user')
        cls.north, cls.south = factories.site('North'), factories.site('South')
        cls.of = factories.profile('Product')
        cls.later = factories.profile('Product')
        cls.feature = factories.feature(cls.of, 'Mode', enabled_by_default=True)
        cls.unused = factories.feature(cls.of, 'Not used')
        cls.red = VRF.objects.create(name='red')
        cls.hall = Location.objects.create(name='Hall', slug='hall', site=cls.north)
        cls.first, cls.member, cls.second, cls.other, cls.server = (
            factories.device(name, cls.north, location=cls.hall if name == 'gw2' else None)
            for name in ('gw1', 'gw1-b', 'gw2', 'other', 'server')
        )
        chassis = VirtualChassis.objects.create(name='chassis')
        for position, device in enumerate((cls.first, cls.member), 1):
            device.virtual_chassis, device.vc_position = chassis, position
            device.save()
        cls.machine, cls.vm_server = (factories.virtual_machine(name) for name in ('gw3', 'vm-server'))
        cls.cluster = Cluster.objects.get()
        cls.cluster.scope = cls.north
        cls.cluster.save()
        VirtualMachine.objects.filter(pk=cls.machine.pk).update(site=None)
        cls.machine.refresh_from_db()
        cls.shared = FHRPGroup.objects.create(protocol='vrrp3', group_id=1)

        def on(machine, name, text, primary=False):
            found = factories.ip(text, assigned_object=interface(machine, name), vrf=None)
            if primary:
                setattr(machine, f'primary_ip{found.family}', found)
                machine.save()
            return found

        cls.own = on(cls.first, 'eth0', '192.0.2.10/24', primary=True)
        cls.inside = on(cls.member, 'eth1', '10.20.0.10/24')
        on(cls.second, 'eth0', '192.0.2.20/24', primary=True)
        on(cls.machine, 'eth0', '192.0.2.30/24', primary=True)
        cls.of_server = on(cls.server, 'eth0', '10.1.0.53/16', primary=True)
        cls.of_vm = on(cls.vm_server, 'eth9', '10.1.0.54/16', primary=True)
        cls.spare = on(cls.server, 'eth1', '10.1.0.55/16')
        cls.virtual = factories.ip('192.0.2.100/24', assigned_object=cls.shared)
        FHRPGroupAssignment.objects.create(group=cls.shared, interface=cls.first.interfaces.first(), priority=1)

        group = factories.group()
        cls.gateways = [
            factories.gateway(cls.of, cls.first, group=group),
            factories.gateway(cls.later, cls.second, group=group),
            factories.gateway(cls.of, cls.machine),
        ]
        factories.address(cls.gateways[0], cls.own, ['internet'])
        factories.address(cls.gateways[0], cls.virtual, ['dmz'], use='inbound')
        factories.address(cls.gateways[0], cls.inside)

        cls.ip, cls.prefix = factories.ip('10.1.1.1/16', vrf=cls.red), factories.prefix('10.2.0.0/16')
        cls.range = factories.ip_range('10.3.7.1/16', '10.3.7.9/16')
        members = {
            'ip_addresses': [cls.ip],
            'prefixes': [cls.prefix],
            'ip_ranges': [cls.range],
            'devices': [cls.server],
            'virtual_machines': [cls.vm_server],
        }
        cls.role = factories.role('servers')
        cls.endpoint = factories.endpoint(cls.role, 'All kinds', **members)
        of_site = factories.role('administrators', 'management')
        factories.endpoint(of_site, 'At the site', scope='sites', sites=[cls.north], literals=['172.16.9.1'])
        peers, dmz = factories.role('peers', kind='peers'), factories.role('web', 'dmz', 'any')
        internet = factories.role('hosts', 'internet')
        proxies = factories.role('proxies', kind='proxy')
        cls.proxy = factories.endpoint(proxies, 'Proxy', literals=['10.8.0.1'], port_map=['tcp/any=tcp/8080'])
        for gateway in cls.gateways:
            factories.flow(gateway, cls.role, 'Servers')
            factories.flow(gateway, of_site, 'Administrators', direction='inbound')
            factories.flow(gateway, peers, 'Peers')
            factories.flow(gateway, dmz, 'Web', direction='inbound')
            factories.flow(
                gateway, internet, 'Updates', application_protocol='HTTPS', dns_names=['updates.example.net']
            )
        service = factories.service(cls.of)
        cls.template = factories.template(service, cls.role, feature=cls.feature)
        cls.named = factories.flow(cls.gateways[2], factories.role('one'), 'Named', endpoints=[cls.endpoint])
        cls.point = factories.enforcement_point(groups=[group], gateways=[cls.gateways[2]])
        cls.networks = factories.prefix('10.0.0.0/8')
        factories.enforcement_zone(cls.point, 'internal', prefixes=[cls.networks])
        factories.enforcement_zone(cls.point, 'internet')
        cls.idle = factories.enforcement_point()
        cls.request = changes.draft(cls.gateways, cls.user, title='x')

    def edits(self):
        """(model, what is done, function) for every model, in several ways."""
        yield from self.saved()
        yield from self.deleted()
        yield from self.listed()
        yield from self.created()
        for name in ('submit', 'review'):
            yield SignOff, name, getattr(self, name)

    def submit(self):
        changes.submit(self.request.pk, Signature(self.user))

    def review(self):
        changes.review(self.gateways[0].pk, Signature(self.user))

    def saved(self):
        eth0, eth1 = self.first.interfaces.first(), self.member.interfaces.first()
        vm_eth0, proxy = self.machine.interfaces.first(), RemoteEndpoint.objects.get(name='Proxy')
        zone = EnforcementZone.objects.get(zone='internal')
        for instance, name, value in (
            (self.own, 'address', '192.0.2.11/24'),
            (self.own, 'address', '192.0.2.10/27'),
            (self.inside, 'assigned_object', self.other.interfaces.first() or interface(self.other, 'x')),
            (self.inside, 'assigned_object', None),
            (self.ip, 'address', '10.1.1.2/16'),
            (self.ip, 'vrf', None),
            (self.of_server, 'address', '10.1.0.99/16'),
            (self.of_vm, 'address', '10.1.0.98/16'),
            (self.prefix, 'prefix', '10.2.0.0/17'),
            (self.prefix, 'vrf', self.red),
            (self.networks, 'prefix', '10.0.0.0/14'),
            (self.range, 'end_address', '10.3.9.9/16'),
            (self.red, 'name', 'blue'),
            (FHRPGroupAssignment.objects.get(), 'interface', self.other.interfaces.first()),
            (self.server, 'primary_ip4', self.spare),
            (self.server, 'primary_ip4', None),
            (self.server, 'name', 'renamed'),
            (self.second, 'site', self.south),
            (self.member, 'virtual_chassis', None),
            (self.first, 'oob_ip', self.own),
            (self.vm_server, 'primary_ip4', None),
            (self.machine, 'site', self.south),
            (self.machine, 'cluster', None),
            (eth0, 'device', self.other),
            (eth1, 'device', self.other),
            (vm_eth0, 'virtual_machine', self.vm_server),
            (self.cluster, 'scope', self.south),
            (self.hall, 'site', self.south),
            (self.of, 'name', 'Another product'),
            (self.feature, 'parent', self.unused),
            (self.template.service, 'ports', ['tcp/1']),
            (self.template, 'direction', 'inbound'),
            (self.template, 'withdrawn', True),
            (self.role, 'zone', 'dmz'),
            (self.role, 'name', 'Renamed'),
            (proxy.role, 'kind', 'named'),
            (self.endpoint, 'zone', 'dmz'),
            (self.endpoint, 'literals', ['10.1.0.77']),
            (self.endpoint, 'scope', 'sites'),
            (self.endpoint, 'role', proxy.role),
            (self.proxy, 'port_map', ['tcp/any=tcp/3128']),
            (self.gateways[0], 'status', 'decommissioning'),
            (self.gateways[0], 'status', 'retired'),
            (self.gateways[0], 'group', None),
            (self.gateways[2], 'group', self.gateways[0].group),
            (GatewayAddress.objects.get(ip_address=self.own), 'zones', []),
            (GatewayAddress.objects.get(ip_address=self.own), 'use', 'inbound'),
            (self.named, 'ports', ['tcp/1']),
            (self.named, 'gateway', self.gateways[0]),
            (self.named, 'valid_until', '2020-01-01'),
            (self.named, 'clear_text', True),
            (zone, 'zone', 'management'),
            (zone, 'separated', False),
            (zone, 'enforcement_point', self.idle),
        ):
            yield type(instance), f'{name}={value}', lambda i=instance, n=name, v=value: edit(i, n, v)
        yield SignOff, 'twice', lambda: (self.submit(), self.review())

    def deleted(self):
        leaving = [self.ip, self.inside, self.virtual, self.of_server, self.prefix, self.networks, self.range]
        leaving += [self.shared, FHRPGroupAssignment.objects.get(), VirtualChassis.objects.get()]
        leaving += [*Interface.objects.all(), *VMInterface.objects.all(), self.template, self.template.service]
        leaving += [self.server, self.vm_server, self.other, self.cluster, self.feature, self.red, self.own]
        leaving += [*RemoteEndpoint.objects.all(), *GatewayAddress.objects.all(), self.named, *self.gateways]
        leaving += [self.point, *EnforcementZone.objects.all(), self.request]
        for instance in leaving:
            yield type(instance), 'delete', lambda i=instance: type(i).objects.get(pk=i.pk).delete()

    def listed(self):
        """Lists of related objects, from both sides."""
        for owner in (self.endpoint, self.point, self.named, self.gateways[0], EnforcementZone.objects.first()):
            for field in owner._meta.local_many_to_many:
                manager = getattr(owner, field.name)
                yield type(owner), f'{field.name}.clear', manager.clear
                for related in manager.all():
                    back = getattr(related, field.remote_field.get_accessor_name())
                    yield type(owner), f'{field.name}.remove', lambda m=manager, r=related: m.remove(r)
                    yield type(owner), f'{field.name} back clear', back.clear
                    yield type(owner), f'{field.name} back remove', lambda m=back, o=owner: m.remove(o)
        more = factories.prefix('10.77.0.0/16')
        zone = EnforcementZone.objects.get(zone='internet')
        for manager, added in (
            (self.endpoint.prefixes, more),
            (more.gwports_endpoints, self.endpoint),
            (self.endpoint.ip_addresses, self.spare),
            (zone.prefixes, more),
            (more.gwports_enforcement_zones, zone),
            (self.idle.gateways, self.gateways[0]),
            (self.gateways[0].enforcement_points, self.idle),
            (self.idle.groups, self.gateways[0].group),
            (RequiredFlow.objects.filter(name='Servers').first().endpoints, self.proxy),
        ):
            yield type(manager.instance), 'add', lambda m=manager, a=added: m.add(a)
        yield Gateway, 'features.set', lambda: self.gateways[0].features.set([])

    def created(self):
        yield IPAddress, 'create', lambda: factories.ip('10.66.0.1/24', assigned_object=self.second.interfaces.first())
        yield GatewayAddress, 'create', lambda: factories.address(self.gateways[1], '192.0.2.21/24', ['dmz'])
        yield RemoteEndpoint, 'create', lambda: factories.endpoint(self.role, literals=['10.1.0.99'])
        yield RequiredFlow, 'create', lambda: factories.flow(self.gateways[1], self.role, 'New', ports=['tcp/9'])
        yield type(self.template), 'create', lambda: factories.template(self.template.service, self.role, 'New')
        yield EnforcementZone, 'create', lambda: factories.enforcement_zone(self.point, 'dmz')
        yield Gateway, 'create', lambda: factories.gateway(self.of, self.other, group=self.gateways[0].group)


def edit(instance, name, value):
    instance = type(instance).objects.get(pk=instance.pk)
    setattr(instance, name, value)
    if name == 'status' and value == 'retired':
        # Whatever validation says
        instance.save()
        return
    instance.full_clean()
    instance.save()


def truth(gateways):
    """Gateway pk -> everything that its summary should say."""
    return {pk: tuple(getattr(summary, name) for name in COMPUTED) for pk, summary in summarize(gateways).items()}


class RefreshTests(World, TestCase):
    def test_no_edit_leaves_a_summary_that_is_neither_stale_nor_true(self):
        self.assertEqual(len(refresh([gateway.pk for gateway in self.gateways])), 3)
        before = truth(Gateway.objects.order_by('pk'))
        self.assertTrue(all(rules >= 3 for rules, *_rest in before.values()), before)
        done, moved, marked = Counter(), Counter(), Counter()
        for model, what, change in list(self.edits()):
            with self.subTest(model.__name__, edit=what), transaction.atomic():
                try:
                    with (
                        mock.patch.object(RefreshSummariesJob, 'enqueue_unless_waiting') as enqueued,
                        self.captureOnCommitCallbacks(execute=True),
                        transaction.atomic(),
                    ):
                        change()
                except REFUSED:
                    transaction.set_rollback(True)
                    continue
                after = truth(Gateway.objects.order_by('pk'))
                done[model] += 1
                moved[model] += after != before
                stale = set(StandingSummary.objects.filter(stale=True).values_list('gateway', flat=True))
                marked[model] += bool(stale)
                for pk, says in after.items():
                    # A new gateway has no summary yet
                    self.assertTrue(says == before.get(pk) or pk in stale or pk not in before, pk)
                if after != before and set(after) <= set(before):
                    enqueued.assert_called()
                transaction.set_rollback(True)
        # Not by chance: of every model an edit moved a summary
        self.assertEqual({model.__name__ for model in AFFECTED if not moved[model]}, set())
        self.assertGreater(sum(done.values()), 120)

    def test_a_gateway_that_is_not_affected_is_not_marked(self):
        refresh([gateway.pk for gateway in self.gateways])
        named = self.gateways[2].pk
        for instance, name, value, expected in (
            (self.named, 'ports', ['tcp/1'], {named}),
            (self.own, 'address', '192.0.2.11/24', {gateway.pk for gateway in self.gateways[:2]}),
            (self.spare, 'dns_name', 'x.example', {gateway.pk for gateway in self.gateways}),
            (self.other, 'serial', 'x', set()),
        ):
            with self.subTest(str(instance)), transaction.atomic():
                with (
                    mock.patch.object(RefreshSummariesJob, 'enqueue_unless_waiting') as enqueued,
                    self.captureOnCommitCallbacks(execute=True),
                ):
                    edit(instance, name, value)
                stale = StandingSummary.objects.filter(stale=True).values_list('gateway', flat=True)
                self.assertEqual({*stale}, expected)
                self.assertEqual(enqueued.called, bool(expected))
                transaction.set_rollback(True)

    def test_what_a_savepoint_took_back_is_forgotten(self):
        refresh([gateway.pk for gateway in self.gateways])
        with (
            mock.patch.object(RefreshSummariesJob, 'enqueue_unless_waiting'),
            self.captureOnCommitCallbacks(execute=True),
        ):
            edit(self.other, 'serial', 'x')
            try:
                with transaction.atomic():
                    edit(self.named, 'ports', ['tcp/1'])
                    raise AbortRequest('x')
            except AbortRequest:
                pass
            edit(self.other, 'serial', 'y')
        self.assertFalse(StandingSummary.objects.filter(stale=True).exists())
        with (
            mock.patch.object(RefreshSummariesJob, 'enqueue_unless_waiting'),
            self.captureOnCommitCallbacks(execute=True),
        ):
            try:
                with transaction.atomic():
                    edit(self.other, 'serial', 'x')
                    raise AbortRequest('x')
            except AbortRequest:
                pass
            edit(self.named, 'ports', ['tcp/1'])
        self.assertTrue(StandingSummary.objects.filter(stale=True).exists())

    def test_importing_unrelated_objects_costs_one_query(self):
        refresh([gateway.pk for gateway in self.gateways])
        for make in (
            lambda n: factories.ip(f'10.200.{n}.1/24'),
            lambda n: factories.ip(f'10.201.{n}.1/24', self.other),
            lambda n: factories.prefix(f'10.202.{n}.0/24'),
            lambda n: interface(self.other, f'port{n}'),
        ):
            with (
                mock.patch.object(RefreshSummariesJob, 'enqueue_unless_waiting') as enqueued,
                CaptureQueriesContext(connection) as queries,
                self.captureOnCommitCallbacks(execute=True),
            ):
                for n in range(30):
                    make(n)
            ours = [query['sql'] for query in queries if 'netbox_gwports_gateway"' in query['sql']]
            self.assertLessEqual(len(ours), 2, len(ours))
            enqueued.assert_not_called()

    def test_within_a_branch_nothing_is_marked(self):
        refresh([gateway.pk for gateway in self.gateways])
        with (
            mock.patch('netbox_gwports.refresh.in_branch', return_value=True),
            self.captureOnCommitCallbacks(execute=True),
        ):
            edit(self.named, 'ports', ['tcp/1'])
            self.endpoint.prefixes.clear()
            self.range.delete()
        self.assertFalse(StandingSummary.objects.filter(stale=True).exists())


class CommitTests(World, TransactionTestCase):
    """With real transactions: the job is enqueued once, and a failure of ours fails no request."""

    def setUp(self):
        type(self).setUpTestData()
        refresh([gateway.pk for gateway in self.gateways])
        Job.objects.all().delete()

    def test_one_job_for_many_changes(self):
        for n in range(3):
            with transaction.atomic():
                edit(self.named, 'ports', [f'tcp/{n + 1}'])
                edit(self.own, 'description', f'{n}')
        edit(self.endpoint, 'literals', ['10.1.0.77'])
        self.assertEqual(Job.objects.filter(name=RefreshSummariesJob.name).count(), 1)
        self.assertEqual(StandingSummary.objects.filter(stale=True).count(), 3)
        RefreshSummariesJob.enqueue(immediate=True)
        self.assertFalse(StandingSummary.objects.filter(stale=True).exists())

    def test_a_failure_fails_no_request(self):
        with (
            mock.patch('netbox_gwports.refresh.affected', side_effect=RuntimeError),
            self.assertLogs('django.db.backends.base', 'ERROR'),
            transaction.atomic(),
        ):
            factories.ip('10.66.0.1/24')
        self.assertTrue(IPAddress.objects.filter(address='10.66.0.1/24').exists())
        self.assertEqual(router.db_for_write(Gateway), 'default')
