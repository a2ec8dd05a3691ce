"""No edit in IPAM widens what one of a gateway's own addresses faces: generated over the models and fields that rules
read. An edit may move a rule with its address, or make it an open item; no other address of the gateway takes over.
"""

from collections import defaultdict

from dcim.models import Device, Interface, Site, VirtualChassis
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError
from django.test import TestCase
from ipam.models import VRF, FHRPGroup, FHRPGroupAssignment, IPAddress
from utilities.exceptions import AbortRequest
from virtualization.models import Cluster, VirtualMachine, VMInterface

from netbox_gwports.choices import DirectionChoices, RemoteRoleKindChoices, ZoneChoices
from netbox_gwports.models import Gateway
from netbox_gwports.requirements import requirements

from . import factories

REFUSED = (ValidationError, AbortRequest, ProtectedError, RestrictedError, IntegrityError)
HOSTS = ('192.0.2.77/24', '10.20.0.77/24', '10.1.0.77/16', '198.51.100.77/32', '2001:db8:d::77/64', '169.254.0.7/16',
         'fe80::7/64')  # fmt: skip


def interface(machine, name):
    model, field = (Interface, 'device') if isinstance(machine, Device) else (VMInterface, 'virtual_machine')
    made = model(name=name, **{field: machine}, **({'type': '1000base-t'} if model is Interface else {}))
    made.full_clean()
    made.save()
    return made


def product():
    """Flows in both directions with any address of every zone, with named endpoints, and through the web proxy."""
    of = factories.profile('Everything')
    for number, zone in enumerate(ZoneChoices.values()):
        for direction in DirectionChoices.values():
            anyone = factories.role(f'any-{zone}', zone, RemoteRoleKindChoices.ANY)
            named = factories.role(f'named-{zone}', zone)
            service = factories.service(of, f'{zone} {direction}', [f'tcp/{1000 + number}'])
            factories.template(service, anyone, 'Any', direction)
            factories.template(service, named, 'Named', direction)
    web = factories.service(of, 'Web', ['tcp/443'], application_protocol='HTTPS')
    factories.template(web, factories.role('updates', ZoneChoices.INTERNET), 'Web', dns_names=['u.example.net'])
    return of


def faced(gateways):
    """(gateway, IP address) -> (flow, direction, zone) in which that own address has a rule."""
    found = defaultdict(set)
    for resolution in requirements(gateways):
        for rule in resolution.rules:
            for address in rule.local.addresses:
                for ref in address.refs:
                    found[resolution.gateway.id, ref.id] |= {
                        (flow.id, rule.direction, rule.zone) for flow in rule.flows
                    }
    return found


class NoEditWidensTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        of = product()
        cls.red = VRF.objects.create(name='red')
        cls.other_site = factories.site('Site 2')
        cls.other, cls.balancer, cls.server = (factories.device(n) for n in ('other', 'lb', 'server'))
        cls.machine, cls.second, cls.single = (factories.device(n) for n in ('gw', 'gw-member', 'single'))
        cls.vm = factories.virtual_machine('vm')
        chassis = VirtualChassis.objects.create(name='chassis')
        for position, member in enumerate((cls.machine, cls.second), 1):
            member.virtual_chassis, member.vc_position = chassis, position
            member.save()
        cls.spare = interface(cls.other, 'spare')
        cls.shared = FHRPGroup.objects.create(protocol='vrrp3', group_id=1)
        cls.foreign_group = FHRPGroup.objects.create(protocol='vrrp3', group_id=2)

        def on(machine, name, *texts):
            stands = machine.interfaces.filter(name=name).first() or interface(machine, name)
            return [factories.ip(text, assigned_object=stands) for text in texts]

        [a, c] = on(cls.machine, 'eth0', '192.0.2.10/24', '2001:db8:d::10/64')
        [b] = on(cls.machine, 'eth1', '10.20.0.10/24')
        [d] = on(cls.second, 'eth2', '10.99.0.10/24')
        [v] = on(cls.balancer, 'vip', '198.51.100.25/32')
        [proxy] = on(cls.balancer, 'eth0', '10.1.0.80/16')
        [s4, s6, s2] = on(cls.server, 'eth0', '10.1.0.53/16', '2001:db8:1::53/64', '10.1.0.54/16')
        [single] = on(cls.single, 'eth0', '192.0.2.20/24')
        [va, vb] = on(cls.vm, 'eth0', '192.0.2.30/24', '10.20.0.30/24')
        f = factories.ip('192.0.2.100/24', assigned_object=cls.shared)
        FHRPGroupAssignment.objects.create(group=cls.shared, interface=cls.machine.interfaces.first(), priority=1)
        for machine, *primary in (
            (cls.machine, a, c), (cls.balancer, proxy), (cls.server, s4, s6), (cls.single, single), (cls.vm, va)
        ):  # fmt: skip
            for ip in primary:
                setattr(machine, f'primary_ip{ip.family}', ip)
            machine.save()
        cls.ips = [a, b, c, d, f, v, va, vb, single, proxy, s4, s6, s2]

        chosen = factories.gateway(of, cls.machine)
        for ip, zones, use in (
            (a, ['internet'], 'both'), (f, ['internet'], 'inbound'), (v, ['dmz'], 'inbound'),
            (d, ['management'], 'outbound'), (c, ['internet'], 'outbound'), (b, [], 'both'),
        ):  # fmt: skip
            factories.address(chosen, ip, zones, use=use)
        on_vm = factories.gateway(of, cls.vm)
        factories.address(on_vm, va, ['internet'])
        factories.address(on_vm, vb)
        cls.pks = [chosen.pk, on_vm.pk, factories.gateway(of, cls.single).pk]

        cls.prefix = factories.prefix('10.1.0.0/16')
        cls.range = factories.ip_range('10.1.7.1/16', '10.1.7.9/16')
        for zone in ZoneChoices.values():
            factories.endpoint(
                factories.role(f'named-{zone}'),
                f'E {zone}',
                devices=[cls.server],
                ip_ranges=[cls.range],
                prefixes=[cls.prefix],
                ip_addresses=[s2],
            )
        factories.endpoint(
            factories.role('proxies', kind=RemoteRoleKindChoices.PROXY), 'Proxy', devices=[cls.balancer],
            port_map=['tcp/any=tcp/8080'],
        )  # fmt: skip
        cls.before = faced(cls.gateways())

    @classmethod
    def gateways(cls):
        return list(Gateway.objects.filter(pk__in=cls.pks).order_by('pk'))

    def edits(self):
        """(object, attribute, new value); the attribute None deletes it."""
        holders = [self.spare, *Interface.objects.filter(name='eth1'), *VMInterface.objects.all()[:1]]
        holders += [self.shared, self.foreign_group, None]
        machines = [self.machine, self.second, self.single, self.balancer, self.server, self.other]
        for ip in self.ips:
            yield ip, None, None
            yield from ((ip, 'address', text) for text in HOSTS)
            yield from ((ip, 'assigned_object', holder) for holder in holders)
            yield from ((ip, 'status', status) for status in ('deprecated', 'slaac'))
            yield from ((ip, 'role', role) for role in ('vip', 'secondary'))
            yield ip, 'vrf', self.red
        for machine in machines:
            yield machine, None, None
            yield from ((machine, name, ip) for name in ('primary_ip4', 'oob_ip') for ip in (*self.ips, None))
            yield from ((machine, 'primary_ip6', ip) for ip in (*self.ips, None) if ip is None or ip.family == 6)
            yield from ((machine, 'status', status) for status in ('offline', 'decommissioning'))
            yield machine, 'site', self.other_site
            yield machine, 'virtual_chassis', None
        for ip in (*self.ips, None):
            yield self.vm, 'primary_ip4', ip
        yield self.vm, 'status', 'offline'
        yield self.vm, 'cluster', None
        yield from (
            (i, 'device', machine) for i in Interface.objects.all() for machine in machines if i.device != machine
        )
        yield from ((i, 'vrf', self.red) for i in Interface.objects.all())
        yield from ((i, 'enabled', False) for i in Interface.objects.all())
        other_vm = VirtualMachine.objects.create(name='vm-2', cluster=Cluster.objects.first())
        yield from ((i, 'virtual_machine', other_vm) for i in VMInterface.objects.all())
        for group in (self.shared, self.foreign_group):
            yield group, None, None
        assignment = FHRPGroupAssignment.objects.get()
        yield assignment, None, None
        yield assignment, 'interface', self.spare
        yield assignment, 'group', self.foreign_group
        for text in ('10.0.0.0/8', '10.1.0.0/24', '192.0.2.0/24', '2001:db8::/32'):
            yield self.prefix, 'prefix', text
        yield from ((self.prefix, 'status', status) for status in ('container', 'deprecated'))
        yield from ((o, 'vrf', self.red) for o in (self.prefix, self.range))
        yield self.range, 'end_address', '10.1.9.9/16'
        chassis = VirtualChassis.objects.get()
        yield chassis, 'master', self.second
        leaving = [self.prefix, self.range, self.red, chassis, self.vm]
        for model in (Interface, VMInterface, Site, Cluster):
            leaving += model.objects.all()
        yield from ((instance, None, None) for instance in leaving)

    def test_no_edit_widens(self):
        self.assertGreater(len(self.before), 8, 'most own addresses have rules to begin with')
        done, changed = defaultdict(int), 0
        for instance, name, value in list(self.edits()):
            kind = f'{instance._meta.model_name}.{name or "delete"}'
            with self.subTest(kind, instance=str(instance), value=str(value)), transaction.atomic():
                try:
                    with transaction.atomic():
                        edit(instance, name, value)
                except REFUSED:
                    continue
                after = faced(self.gateways())
                done[kind] += 1
                changed += after != self.before
                for key, faces in after.items():
                    self.assertEqual(faces - self.before.get(key, set()), set(), key)
                transaction.set_rollback(True)
        # Not by chance: edits of every model went through, and many of them did change what is faced
        models = {kind.split('.')[0] for kind in done}
        self.assertLessEqual(
            {'ipaddress', 'interface', 'device', 'fhrpgroupassignment', 'prefix', 'iprange', 'virtualmachine',
             'vminterface', 'virtualchassis', 'vrf'}, models,
        )  # fmt: skip
        self.assertGreater(changed, 20)

    def test_only_a_gateway_without_selected_addresses_follows_its_primary_address(self):
        """What no edit may do to selected addresses is what the default means: one address, the primary one."""
        gateway = Gateway.objects.get(pk=self.pks[2])
        self.assertFalse(gateway.addresses.exists())
        second = factories.ip('10.20.0.20/24', assigned_object=self.single.interfaces.first())
        self.assertEqual(faced([gateway]), {})
        self.single.refresh_from_db()
        self.single.primary_ip4 = second
        self.single.save()
        IPAddress.objects.get(address='192.0.2.20/24').delete()
        self.assertEqual({ip for _gateway, ip in faced([Gateway.objects.get(pk=gateway.pk)])}, {second.pk})


def edit(instance, name, value):
    instance = type(instance).objects.get(pk=instance.pk)
    if name is None:
        instance.delete()
        return
    setattr(instance, name, value)
    instance.full_clean()
    instance.save()
