"""Nothing that changes in IPAM can approve anything, nor put it in place.

Every model that the standing of rules is computed from is edited. After each edit, what is approved or in place is
compared with the lines of the sign-offs, one address and one port at a time and without the arithmetic of the plugin.
"""

import re
from collections import defaultdict
from functools import partial
from ipaddress import ip_address, ip_network
from itertools import product

from dcim.models import Interface, VirtualChassis
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, RestrictedError
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from ipam.models import VRF, FHRPGroup, FHRPGroupAssignment
from users.models import User
from utilities.exceptions import AbortRequest
from virtualization.models import VirtualMachine, VMInterface

from netbox_gwports import changes
from netbox_gwports.changes.sign import Signature, firewalls_of
from netbox_gwports.choices import RemoteRoleKindChoices, ZoneChoices
from netbox_gwports.models import (
    ChangeLine,
    ChangeRequest,
    EnforcementPoint,
    EnforcementZone,
    Gateway,
    GatewayAddress,
    RemoteEndpoint,
    RequiredFlow,
    SignOff,
)
from netbox_gwports.requirements import standings
from netbox_gwports.rules.ports import port_text

from . import factories

REFUSED = (ValidationError, AbortRequest, ProtectedError, RestrictedError, IntegrityError)
# The evidence itself: never edited, see test_changes
EVIDENCE = {ChangeRequest, ChangeLine, SignOff}
TABLE = re.compile(r'(?:FROM|JOIN) "(\w+)"')
# More than was ever approved
MOST = 4096


def atoms(content):
    """Every (direction, zone, family, protocol, port, local end, remote end) that a stored rule permits."""
    place = tuple(content[name] for name in ('direction', 'zone', 'family', 'protocol'))
    ports = [port for text in content['ports'] or ['0'] for port in _ports(text)]
    return {(*place, *atom) for atom in product(ports, _ends(content['local']), _ends(content['remote']))}


def _ports(text):
    first, _dash, last = ('1-65535' if text == 'any' else text).partition('-')
    return range(int(first), int(last or first) + 1)


def _ends(side):
    if side['any']:
        return ['any']
    return [*side['dns_names'], *(end for address in side['addresses'] for end in _addresses(address))]


def _addresses(address):
    vrf = address['vrf'] and address['vrf']['id']
    first, dash, last = address['address'].partition('-')
    if dash:
        first, last = ip_address(first), ip_address(last)
    else:
        network = ip_network(first)
        first, last = network[0], network[-1]
    if int(last) - int(first) > MOST:
        raise AssertionError(f'{address["address"]} is far more than what was approved')
    return [(vrf, type(first)(number)) for number in range(int(first), int(last) + 1)]


def stored(rule):
    """A rule as a change line has it, written once more."""

    def side(end):
        return {
            'any': end.any,
            'dns_names': end.dns_names,
            'addresses': [{'address': str(a), 'vrf': a.vrf and {'id': a.vrf.id}} for a in end.addresses],
        }

    return {
        **{name: getattr(rule, name) for name in ('direction', 'zone', 'family', 'protocol')},
        'ports': [port_text(spec.first, spec.last) for spec in rule.ports if spec.first],
        'local': side(rule.local),
        'remote': side(rule.remote),
    }


def permits(rules):
    return {atom for rule in rules for atom in atoms(stored(rule))}


def change(instance, **values):
    def run():
        found = type(instance).objects.get(pk=instance.pk)
        for name, value in values.items():
            setattr(found, name, value)
        found.full_clean()
        found.save()

    return type(instance), run


def delete(instance):
    return type(instance), lambda: type(instance).objects.get(pk=instance.pk).delete()


def relate(instance, name, *objects):
    through = getattr(type(instance), name).through
    return through, lambda: getattr(type(instance).objects.get(pk=instance.pk), name).set(objects)


def make(model, maker, *args, **values):
    return model, lambda: maker(*args, **values)


class NothingApprovesTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_superuser('user')
        cls.red = VRF.objects.create(name='red')
        cls.machine, cls.second, cls.server, cls.other = (factories.device(n) for n in ('gw', 'gw-2', 'srv', 'other'))
        cls.vm = factories.virtual_machine('vm')
        chassis = VirtualChassis.objects.create(name='chassis')
        for position, member in enumerate((cls.machine, cls.second), 1):
            member.virtual_chassis, member.vc_position = chassis, position
            member.save()
        cls.own = factories.ip('192.0.2.10/24', cls.machine, primary=True)
        cls.shared = FHRPGroup.objects.create(protocol='vrrp3', group_id=1)
        FHRPGroupAssignment.objects.create(group=cls.shared, interface=cls.machine.interfaces.first(), priority=1)
        cls.virtual = factories.ip('192.0.2.100/24', assigned_object=cls.shared)
        cls.spare = factories.ip('192.0.2.11/24', cls.machine)
        cls.server_ip = factories.ip('10.1.0.53/24', cls.server, primary=True)
        cls.server_2 = factories.ip('10.1.0.54/24', cls.server)
        cls.vm_ip = factories.ip('10.1.0.60/24', cls.vm, primary=True)
        cls.member = factories.ip('10.1.0.70/24')
        cls.prefix = factories.prefix('10.1.8.0/29')
        cls.range = factories.ip_range('10.1.9.1/24', '10.1.9.5/24')

        of = factories.profile()
        cls.group = factories.group()
        cls.named = factories.role('named')
        cls.feature = factories.feature(of, 'Feature')
        cls.service = factories.service(of, 'Catalog', ['tcp/3389'])
        cls.template = factories.template(cls.service, cls.named, feature=cls.feature)
        cls.gateway = factories.gateway(of, cls.machine, group=cls.group, features=[cls.feature])
        cls.peer_host = factories.device('peer')
        factories.ip('192.0.2.20/24', cls.peer_host, primary=True)
        cls.peer = factories.gateway(of, cls.peer_host, group=cls.group)
        factories.address(cls.gateway, cls.own, ZoneChoices.values())
        factories.address(cls.gateway, cls.virtual, [ZoneChoices.INTERNET], use='inbound')

        cls.late = factories.role('late')
        anyone = factories.role('anyone', ZoneChoices.INTERNET, RemoteRoleKindChoices.ANY)
        peers = factories.role('peers', ZoneChoices.DMZ, RemoteRoleKindChoices.PEERS)
        proxies = factories.role('proxies', ZoneChoices.INTERNAL, RemoteRoleKindChoices.PROXY)
        cls.endpoint = factories.endpoint(
            cls.named, 'Named', ip_addresses=[cls.member], prefixes=[cls.prefix], ip_ranges=[cls.range],
            devices=[cls.server], virtual_machines=[cls.vm], literals=['10.1.7.7'],
        )  # fmt: skip
        cls.late_endpoint = factories.endpoint(cls.late, 'Late', literals=['10.1.7.0/30'], scope='gateways',
                                               gateways=[cls.gateway])  # fmt: skip
        factories.endpoint(proxies, 'Proxy', literals=['10.1.0.80'], port_map=['tcp/any=tcp/8080'])
        flow = partial(factories.flow, cls.gateway)
        cls.flow = flow(cls.named, 'Named', 'Out', ['tcp/443', 'udp/5000-5003'])
        flow(cls.named, 'Named', 'In', ['tcp/22'], direction='inbound')
        flow(cls.late, 'Late', 'Out', ['tcp/636'])
        flow(anyone, 'Mail', 'In', ['tcp/25'], direction='inbound')
        flow(anyone, 'Web', 'Out', ['tcp/443'], application_protocol='HTTPS')
        flow(peers, 'Peers', 'Out', ['tcp/9000'])
        flow(factories.role('vendor', ZoneChoices.INTERNET), 'Updates', 'Out', ['tcp/80'], dns_names=['a.example.net'])
        cls.outer, cls.inner = (
            factories.enforcement_point(factories.device(name), gateways=[cls.gateway]) for name in ('outer', 'inner')
        )
        for point, zone in (
            (cls.outer, ZoneChoices.INTERNET),
            (cls.outer, ZoneChoices.INTERNAL),
            (cls.inner, ZoneChoices.INTERNAL),
        ):
            factories.enforcement_zone(point, zone)
        cls.sign()

    @classmethod
    def sign(cls):
        """A third of the rules is in place, a third approved and on one firewall only, the rest requested."""
        to_request = sorted(
            standings([cls.gateway])[0].to_request, key=lambda rule: (rule.zone, rule.direction, str(rule.ports))
        )
        keys = [rule.key for rule in to_request]
        for number in range(3):
            chosen = {cls.gateway.pk: keys[number::3]}
            request = changes.draft([cls.gateway], cls.user, chosen, title=f'Request {number}')
            changes.submit(request.pk, Signature(cls.user))
            if number == 2:
                continue
            changes.approve(request.pk, Signature(cls.user))
            concerned = firewalls_of(request.lines.all())
            for point in (cls.outer, cls.inner, None)[: 3 if number == 0 else 1]:
                if (point and point.pk) in concerned:
                    changes.implement(request.pk, Signature(cls.user), point)

    def evidence(self):
        """(what was approved, enforcement point pk -> what was implemented there), from the sign-offs alone."""
        approved, implemented = set(), defaultdict(set)
        lines = {line.pk: line for line in ChangeLine.objects.filter(action='open')}
        for sign_off in SignOff.objects.all():
            if sign_off.kind == 'approved':
                for line in lines.values():
                    if line.change_request_id == sign_off.change_request_id:
                        approved |= atoms(line.content)
            elif sign_off.kind == 'implemented':
                for pk in sign_off.lines:
                    implemented[sign_off.enforcement_point_id] |= atoms(lines[pk].content)
        return approved, implemented

    def stood(self):
        found = Gateway.objects.filter(pk=self.gateway.pk)
        return standings(found)[0] if found else None

    def within(self, rules, signed):
        """Every address and name of a zone is one of *any* of that zone: who signed *any* signed it."""
        beyond = {atom for atom in permits(rules) if atom not in signed and (*atom[:-1], 'any') not in signed}
        self.assertEqual(beyond, set())

    def check(self, standing):
        approved, implemented = self.approved, self.implemented
        self.within(standing.rules('approved', 'in_place'), approved)
        self.within(standing.in_place, set().union(*implemented.values()))
        for firewall in standing.firewalls:
            self.within(firewall.in_place, approved)
            self.within(firewall.in_place, implemented[firewall.ref and firewall.ref.id])
            self.within(firewall.to_open, approved)

    def edits(self):
        """(the model that is edited, what edits it)."""
        yield from self.edits_of_ipam()
        yield from self.edits_of_machines()
        yield from self.edits_of_endpoints()
        yield from self.edits_of_gateways()
        yield from self.edits_of_firewalls()

    def edits_of_ipam(self):
        ips = self.ips = (self.own, self.virtual, self.spare, self.server_ip, self.server_2, self.vm_ip, self.member)
        for ip in ips:
            yield delete(ip)
            for text in ('192.0.2.77/24', '10.1.0.77/24', '10.1.7.1/24', '2001:db8::7/64'):
                yield change(ip, address=text)
            yield change(ip, vrf=self.red)
            yield change(ip, assigned_object=self.other.interfaces.first())
        for text in ('10.1.0.0/16', '10.1.8.0/28', '10.1.8.0/30', '10.1.7.0/29', '0.0.0.0/1'):
            yield change(self.prefix, prefix=text)
        yield change(self.prefix, vrf=self.red)
        yield delete(self.prefix)
        for first, last in (
            ('10.1.9.1/24', '10.1.9.9/24'),
            ('10.1.9.3/24', '10.1.9.4/24'),
            ('10.1.7.1/24', '10.1.7.9/24'),
        ):
            yield change(self.range, start_address=first, end_address=last)
        yield change(self.range, vrf=self.red)
        yield delete(self.range)
        yield change(self.red, name='green')

    def edits_of_machines(self):
        for machine in (self.machine, self.server, self.vm):
            for ip in (*self.ips, None):
                yield change(machine, primary_ip4=ip)
            yield change(machine, status='offline')
            yield change(machine, name='renamed')
        yield change(self.vm.cluster, name='renamed')
        yield change(self.second, virtual_chassis=None, vc_position=None)
        yield change(VirtualChassis.objects.get(), name='renamed')
        yield delete(VirtualChassis.objects.get())
        for model, other, name in (
            (Interface, self.other, 'device'),
            (VMInterface, factories.virtual_machine('vm-2'), 'virtual_machine'),
        ):
            for interface in model.objects.all():
                yield change(interface, **{name: other})
                yield change(interface, vrf=self.red)
                yield delete(interface)
        assignment = FHRPGroupAssignment.objects.get()
        yield change(assignment, interface=self.server.interfaces.first())
        yield delete(assignment)
        yield change(self.shared, group_id=9)
        yield delete(self.shared)

    def edits_of_endpoints(self):
        for endpoint in (self.endpoint, self.late_endpoint):
            yield delete(endpoint)
            yield change(endpoint, literals=['10.1.0.0/20', '10.1.128.1-10.1.128.9'])
            yield change(endpoint, dns_names=['b.example.net', '*.example.net'])
            yield change(endpoint, zone=ZoneChoices.INTERNET)
            yield change(endpoint, port_map=['tcp/443=tcp/22', 'tcp/636=tcp/443'])
            yield change(endpoint, any_address=True, justification='Anyone')
            yield change(endpoint, vrf=self.red)
            yield change(endpoint, role=self.late if endpoint == self.endpoint else self.named)
        for name, objects in (
            ('ip_addresses', self.ips[3:]),
            ('prefixes', [factories.prefix('10.1.8.8/29')]),
            ('ip_ranges', [factories.ip_range('10.1.9.100/24', '10.1.9.110/24')]),
            ('devices', [self.other, self.peer_host]),
            ('virtual_machines', VirtualMachine.objects.all()),
        ):
            yield relate(self.late_endpoint, name, *objects)
            yield relate(self.endpoint, name, *objects)
            yield relate(self.endpoint, name)
        yield relate(self.late_endpoint, 'gateways', self.peer)
        yield relate(self.late_endpoint, 'groups', self.group)
        yield relate(self.late_endpoint, 'sites', self.machine.site)
        yield make(RemoteEndpoint, factories.endpoint, self.named, literals=['10.1.7.8'])
        yield make(RemoteEndpoint, factories.endpoint, self.late, literals=['10.1.0.53'], scope='everywhere')
        for role in (self.named, self.late, *{flow.remote_role for flow in RequiredFlow.objects.all()}):
            for zone in (ZoneChoices.INTERNET, ZoneChoices.MANAGEMENT):
                yield change(role, zone=zone)
            for kind in (RemoteRoleKindChoices.ANY, RemoteRoleKindChoices.PEERS, RemoteRoleKindChoices.PROXY):
                yield change(role, kind=kind)

    def edits_of_gateways(self):
        for flow in RequiredFlow.objects.filter(gateway=self.gateway):
            yield delete(flow)
            yield change(flow, ports=['tcp/1-100', 'udp/5002-5009'])
            yield change(flow, direction='inbound' if flow.direction == 'outbound' else 'outbound')
            yield change(flow, remote_role=self.late)
            yield change(flow, dns_names=['*.example.net'])
            yield change(flow, application_protocol='HTTPS')
            yield change(flow, status='waived', justification='Not here')
            yield relate(flow, 'endpoints', self.endpoint)
        yield make(RequiredFlow, factories.flow, self.gateway, self.named, 'New', 'New', ['tcp/any'])
        for zones in ([], [ZoneChoices.INTERNET], [ZoneChoices.INTERNAL]):
            for address in GatewayAddress.objects.all():
                yield change(address, zones=zones)
                yield change(address, use='outbound')
                yield delete(address)
        yield make(GatewayAddress, factories.address, self.gateway, self.spare, ZoneChoices.values())
        for gateway in (self.gateway, self.peer):
            yield change(gateway, group=None)
            yield change(gateway, status='decommissioning')
            yield change(gateway, device=self.other)
            yield delete(gateway)
        yield change(self.group, name='renamed')
        yield change(self.gateway.profile, version='9')
        yield change(self.feature, name='renamed')
        yield change(self.service, ports=['tcp/1-100'])
        for values in ({'dns_names': ['*.example.net']}, {'remote_role': self.late}, {'direction': 'inbound'}):
            yield change(self.template, **values)
        yield relate(self.gateway, 'features')

    def edits_of_firewalls(self):
        for point in (self.outer, self.inner):
            yield delete(point)
            yield change(point, device=self.other)
            yield relate(point, 'gateways', self.peer)
            yield relate(point, 'groups', self.group)
            yield make(EnforcementZone, factories.enforcement_zone, point, ZoneChoices.DMZ)
        for zone in EnforcementZone.objects.all():
            yield delete(zone)
            yield change(zone, zone=ZoneChoices.MANAGEMENT)
            yield relate(zone, 'prefixes', self.prefix)
        yield make(EnforcementPoint, factories.enforcement_point, self.other, gateways=[self.gateway])

    def read(self):
        """The models, those of relations among them, that the standing of rules is computed from."""
        tables = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
        with CaptureQueriesContext(
            connection,
        ) as queries:
            self.stood()
        return {tables[name] for query in queries for name in TABLE.findall(query['sql']) if name in tables}

    def test_nothing_that_changes_in_ipam_can_approve_anything(self):
        factories.ip('10.1.0.99/24', self.other)
        self.approved, self.implemented = self.evidence()
        before = self.stood()
        self.check(before)
        for standing in ('approved', 'in_place', 'requested'):
            self.assertTrue(before.rules(standing), standing)
        before = permits(before.in_place), permits(before.to_open), permits(before.to_close)
        read = self.read()
        done, moved = defaultdict(int), 0
        for number, (model, run) in enumerate(list(self.edits())):
            with self.subTest(model=model._meta.label, number=number), transaction.atomic():
                try:
                    with transaction.atomic():
                        run()
                except REFUSED:
                    continue
                done[model] += 1
                after = self.stood()
                if after is not None:
                    self.check(after)
                    moved += (permits(after.in_place), permits(after.to_open), permits(after.to_close)) != before
                transaction.set_rollback(True)
        # Not by chance: what rules read was edited, and many edits moved something
        missing = {model._meta.label for model in read - EVIDENCE - done.keys()}
        self.assertEqual(missing, set(), 'models that the standing of rules is computed from, and no edit of them')
        self.assertGreater(moved, 50)
