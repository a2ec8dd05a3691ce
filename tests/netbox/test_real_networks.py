"""From IPAM to rules where networks are as they are: moved and shared addresses, chassis, zones, several addresses."""

from core.models import ObjectChange
from dcim.models import Device, Interface, VirtualChassis
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from ipam.models import VRF, FHRPGroup, FHRPGroupAssignment, IPAddress, Prefix
from users.models import User
from utilities.exceptions import AbortRequest
from utilities.testing import create_test_user

from netbox_gwports.choices import RemoteRoleKindChoices, ZoneChoices
from netbox_gwports.export_formats import render
from netbox_gwports.exports import Material
from netbox_gwports.models import Gateway, GatewayAddress, RemoteEndpoint
from netbox_gwports.requirements import load, requirements

from . import factories
from .rest import RestTests


def said(resolution):
    def side(s):
        return 'any' if s.any else ' '.join(map(str, (*s.addresses, *s.dns_names)))

    return sorted({(side(rule.source), side(rule.destination)) for rule in resolution.rules})


def of(gateway, user=None):
    [found] = requirements([Gateway.objects.get(pk=gateway.pk)], user)
    return found


def mail_and_dns():
    made = factories.profile('Mail')
    anyone = factories.role('mail', ZoneChoices.INTERNET, RemoteRoleKindChoices.ANY)
    factories.template(factories.service(made, 'SMTP', ['tcp/25']), anyone, 'Mail', 'inbound')
    factories.template(factories.service(made, 'DNS', ['udp/53']), factories.role('dns-servers'), 'Names')
    return made


class World(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.profile = mail_and_dns()
        cls.machine, cls.other = factories.device('gw'), factories.device('other01')
        cls.gateway = factories.gateway(cls.profile, cls.machine)
        cls.role = factories.role('dns-servers')

    def choose(self, text, zones=(), **values):
        return factories.address(self.gateway, text, zones, **values)


class MovedAddressTests(World):
    def setUp(self):
        self.a = self.choose('192.0.2.10/24', ['internet'])
        self.b = self.choose('10.20.0.10/24')
        factories.endpoint(self.role, literals=['10.1.0.53'])

    def move(self, **values):
        ip = IPAddress.objects.get(pk=self.a.ip_address_id)
        ip.snapshot()
        for name, value in values.items():
            setattr(ip, name, value)
        ip.save()
        return ip

    def move_to_other(self):
        interface = Interface.objects.create(device=self.other, name='eth9', type='virtual')
        ip = self.move(assigned_object=interface)
        change = ip.to_objectchange('update')
        change.user, change.user_name = User.objects.create(username='mallory'), 'mallory'
        change.request_id = '00000000-0000-0000-0000-000000000001'
        change.save()
        return ip

    def test_a_moved_address_widens_nothing_and_is_told(self):
        self.assertEqual(said(of(self.gateway)), [('10.20.0.10', '10.1.0.53'), ('any', '192.0.2.10')])
        self.move_to_other()
        found = of(self.gateway)
        self.assertEqual(said(found), [('10.20.0.10', '10.1.0.53')])
        [entry] = found.unresolved
        day = ObjectChange.objects.get(user_name='mallory').time.date().isoformat()
        self.assertEqual(
            (entry.reason, entry.detail), ('no_address', f'192.0.2.10 moved to other01 on {day}, by mallory')
        )

    def test_the_reader_is_told_what_the_reader_may_see(self):
        self.move_to_other()
        user = create_test_user('reader')
        for model in (Gateway, type(self.gateway.flows.first()), RemoteEndpoint, IPAddress):
            factories.allow(user, model, 'view')
        [entry] = of(self.gateway, User.objects.get(pk=user.pk)).unresolved
        self.assertEqual(entry.detail, '192.0.2.10 moved to another machine')
        factories.allow(user, Device, 'view')
        [entry] = of(self.gateway, User.objects.get(pk=user.pk)).unresolved
        self.assertEqual(entry.detail, '192.0.2.10 moved to other01')

    def test_an_address_that_became_out_of_band_or_link_local_is_lost_too(self):
        for change, text in (
            (lambda: Device.objects.filter(pk=self.machine.pk).update(oob_ip=self.a.ip_address), 'out-of-band'),
            (lambda: IPAddress.objects.filter(pk=self.a.ip_address_id).update(address='169.254.0.1/16'), 'link-local'),
        ):
            with self.subTest(text):
                change()
                found = of(self.gateway)
                self.assertEqual(said(found), [('10.20.0.10', '10.1.0.53')])
                self.assertIn(text, found.unresolved[0].detail)
                Device.objects.update(oob_ip=None)

    def test_a_renumbered_address_moves_its_rules(self):
        self.move(address='192.0.2.99/24')
        self.assertEqual(said(of(self.gateway)), [('10.20.0.10', '10.1.0.53'), ('any', '192.0.2.99')])

    def test_what_an_edit_of_a_load_balancer_publishes_stays(self):
        GatewayAddress.objects.filter(pk=self.a.pk).update(use='inbound')
        self.move_to_other()
        self.assertIn(('any', '192.0.2.10'), said(of(self.gateway)))


class SharedAddressTests(World):
    def group(self, *machines, number=1):
        made = FHRPGroup.objects.create(protocol='vrrp3', group_id=number)
        for machine in machines:
            interface = machine.interfaces.first() or Interface.objects.create(device=machine, name='e', type='virtual')
            FHRPGroupAssignment.objects.create(group=made, interface=interface, priority=100)
        return made

    def test_an_address_of_an_fhrp_group_is_for_members_only(self):
        ip = factories.ip('192.0.2.100/24', assigned_object=self.group(self.other))
        for use in ('both', 'inbound', 'outbound'):
            with self.subTest(use), self.assertRaisesMessage(ValidationError, 'FHRP group'):
                self.choose(ip, use=use)
        FHRPGroupAssignment.objects.create(
            group=ip.assigned_object,
            interface=Interface.objects.create(device=self.machine, name='e', type='virtual'),
            priority=1,
        )
        self.choose(ip, ['internet'], use='inbound')
        self.assertEqual(said(of(self.gateway)), [('any', '192.0.2.100')])
        FHRPGroupAssignment.objects.filter(interface_id__in=self.machine.interfaces.values('pk')).delete()
        found = of(self.gateway)
        self.assertEqual(said(found), [])
        self.assertIn('no member', ' '.join(entry.detail for entry in found.unresolved))

    def test_addresses_that_are_never_those_of_a_gateway_are_refused(self):
        oob, local = factories.ip('10.9.9.9/24', self.other), factories.ip('fe80::1/64', self.machine)
        Device.objects.filter(pk=self.other.pk).update(oob_ip=oob)
        for ip, text in (
            (oob, 'out-of-band'),
            (local, 'link-local'),
            (factories.ip('10.8.8.8/24', self.other), 'another'),
        ):
            with self.subTest(text), self.assertRaisesMessage(ValidationError, text):
                self.choose(ip)
        self.choose(IPAddress.objects.get(address='10.8.8.8/24'), use='inbound')

    def test_a_link_local_address_is_no_other_address(self):
        factories.ip('192.0.2.10/24', self.machine, primary=True)
        factories.ip('fe80::1/64', self.machine)
        self.assertEqual(said(of(self.gateway)), [('any', '192.0.2.10')])

    def chassis(self):
        second = factories.device('member2')
        made = VirtualChassis.objects.create(name='chassis')
        for position, member in enumerate((self.machine, second), 1):
            Device.objects.filter(pk=member.pk).update(virtual_chassis=made, vc_position=position)
        self.machine.refresh_from_db()
        return Device.objects.get(pk=second.pk)

    def test_interfaces_of_a_virtual_chassis_are_those_of_all_its_members(self):
        second = self.chassis()
        factories.ip('192.0.2.10/24', self.machine, primary=True)
        self.assertEqual(said(of(self.gateway)), [('any', '192.0.2.10')])
        ip = factories.ip('10.20.0.10/24', second)
        self.assertEqual({e.reason for e in of(self.gateway).unresolved}, {'addresses_not_chosen', 'no_remote'})
        self.choose(ip)
        self.assertEqual(said(of(self.gateway)), [('any', '10.20.0.10')])

    def test_a_virtual_address_stands_in_the_subnet_around_it(self):
        self.choose('192.0.2.11/24', ['dmz'])
        self.choose(factories.ip('192.0.2.100/32', self.other), ['internet'], use='inbound')
        self.choose(factories.ip('198.51.100.7/32', self.other, vrf=None), ['management'], use='inbound')
        local = {str(a.address): a for a in load([self.gateway])[self.gateway.pk].addresses}
        self.assertEqual(
            {text: str(a.segment) if a.segment else None for text, a in local.items()},
            {'192.0.2.11': '192.0.2.0/24', '192.0.2.100': '192.0.2.0/24', '198.51.100.7': None},
        )
        self.assertEqual({text for text, a in local.items() if a.foreign}, {'192.0.2.100', '198.51.100.7'})


class MemberTests(World):
    def setUp(self):
        self.choose('192.0.2.10/24')
        self.server = factories.device('dns01')
        factories.ip('10.99.0.53/24', self.server, primary=True)
        factories.ip('10.1.0.53/16', self.server)

    def notes(self, user=None):
        return sorted({note.text for note in of(self.gateway, user).notes})

    def test_a_device_with_several_addresses_says_which_one_was_taken(self):
        factories.endpoint(self.role, devices=[self.server])
        text = 'dns01: 10.99.0.53 is used; it also has 10.1.0.53'
        self.assertEqual(self.notes(), [text])
        rendering = render('csv', Material((of(self.gateway),), {}, {}))
        self.assertIn(text, rendering.content.decode() if isinstance(rendering.content, bytes) else rendering.content)

    def test_a_device_with_one_address_says_nothing(self):
        IPAddress.objects.get(address='10.1.0.53/16').delete()
        factories.endpoint(self.role, devices=[self.server])
        self.assertEqual(self.notes(), [])

    def test_other_addresses_are_told_to_who_may_see_them(self):
        factories.endpoint(self.role, devices=[self.server])
        user = create_test_user('reader')
        for model in (Gateway, type(self.gateway.flows.first()), RemoteEndpoint):
            factories.allow(user, model, 'view')
        self.assertEqual(self.notes(User.objects.get(pk=user.pk)), [])

    def test_deprecated_addresses_and_offline_devices_are_noted(self):
        IPAddress.objects.filter(address='10.1.0.53/16').delete()
        IPAddress.objects.filter(address__in=('10.99.0.53/24', '192.0.2.10/24')).update(status='deprecated')
        Device.objects.filter(pk=self.server.pk).update(status='offline')
        factories.endpoint(self.role, devices=[self.server])
        self.assertEqual(self.notes(), ['192.0.2.10 is deprecated', 'dns01 is offline; 10.99.0.53 is deprecated'])

    def test_literals_are_in_the_vrf_of_their_endpoint(self):
        red = VRF.objects.create(name='red')
        endpoint = factories.endpoint(self.role, literals=['192.0.2.53'])
        self.assertEqual([r.same_segment for r in of(self.gateway).rules if r.direction == 'outbound'], [True])
        endpoint.vrf = red
        endpoint.full_clean()
        endpoint.save()
        [rule] = (r for r in of(self.gateway).rules if r.direction == 'outbound')
        self.assertEqual((rule.same_segment, rule.remote.addresses[0].vrf.id), (False, red.pk))


class EveryoneTests(World):
    """Members that are every address together are refused, whichever way the last one comes in."""

    HALVES = '0.0.0.0/1', '128.0.0.0/1'

    def test_literals(self):
        with self.assertRaisesMessage(ValidationError, 'Together'):
            factories.endpoint(self.role, literals=list(self.HALVES))
        factories.endpoint(self.role, literals=[self.HALVES[0], '128.0.0.0/2'])

    def test_a_member_that_completes_the_rest(self):
        prefix = factories.prefix(self.HALVES[1])
        ip_range = factories.ip_range('128.0.0.1/1', '255.255.255.255/1')
        lone = factories.ip('128.0.0.0/1')
        endpoint = factories.endpoint(self.role, literals=[self.HALVES[0]])
        ways = {
            'add': lambda: endpoint.prefixes.add(prefix),
            'set': lambda: endpoint.prefixes.set([prefix]),
            'other side': lambda: prefix.gwports_endpoints.add(endpoint),
            'range': lambda: (endpoint.ip_addresses.add(lone), endpoint.ip_ranges.add(ip_range)),
        }
        for name, way in ways.items():
            with self.subTest(name), self.assertRaisesMessage(AbortRequest, 'Together'), transaction.atomic():
                way()

    def test_a_literal_that_completes_a_prefix(self):
        endpoint = factories.endpoint(self.role, prefixes=[factories.prefix(self.HALVES[1])])
        endpoint.literals = [self.HALVES[0]]
        with self.assertRaisesMessage(ValidationError, 'Together'):
            endpoint.full_clean()

    def test_another_vrf_completes_nothing(self):
        prefix = factories.prefix(self.HALVES[1], vrf=VRF.objects.create(name='red'))
        factories.endpoint(self.role, literals=[self.HALVES[0]], prefixes=[prefix])

    def test_a_prefix_that_is_enlarged_later_makes_no_rule(self):
        self.choose('192.0.2.10/24')
        prefix = factories.prefix('128.0.0.0/2')
        factories.endpoint(self.role, literals=[self.HALVES[0]], prefixes=[prefix])
        self.assertEqual(len([r for r in of(self.gateway).rules if r.direction == 'outbound']), 1)
        Prefix.objects.filter(pk=prefix.pk).update(prefix=self.HALVES[1])
        found = of(self.gateway)
        self.assertEqual([r for r in found.rules if r.direction == 'outbound'], [])
        self.assertEqual([e.reason for e in found.unresolved], ['no_remote'])


class ZoneTests(World):
    def setUp(self):
        self.choose('192.0.2.10/24')
        self.point = factories.enforcement_point(gateways=[self.gateway])

    def zone(self, zone, *texts, **values):
        return factories.enforcement_zone(self.point, zone, prefixes=[factories.prefix(t) for t in texts], **values)

    def details(self):
        return [e.detail for e in of(self.gateway).unresolved if e.reason == 'wrong_zone']

    def test_where_nothing_is_known_nothing_is_checked(self):
        factories.endpoint(self.role, literals=['8.8.8.8'])
        self.assertEqual(self.details(), [])
        self.zone('internal')
        self.zone('internet')
        self.assertEqual(self.details(), [])

    def test_an_address_in_another_zone_or_outside_its_own_makes_no_rule(self):
        self.zone('internal', '10.0.0.0/8')
        self.zone('management', '10.99.0.0/16')
        factories.endpoint(self.role, literals=['8.8.8.8', '10.99.0.5', '10.1.0.53'])
        self.assertIn(('192.0.2.10', '10.1.0.53'), said(of(self.gateway)))
        self.assertEqual(
            self.details(),
            [
                '10.99.0.5 belongs to the zone management, not internal',
                '8.8.8.8 is outside the networks of the zone internal',
            ],
        )

    def test_another_firewall_that_does_not_know_all_networks_leaves_the_rest_open(self):
        self.zone('internal', '10.0.0.0/8')
        factories.endpoint(self.role, literals=['8.8.8.8'])
        self.assertEqual(len(self.details()), 1)
        factories.enforcement_zone(factories.enforcement_point(gateways=[self.gateway]), 'internal')
        self.assertEqual(self.details(), [])

    def test_the_own_address_is_in_the_zones_that_it_faces(self):
        self.zone('dmz', '192.0.2.0/24', separated=False)
        factories.endpoint(self.role, literals=['10.1.0.53'])
        self.assertEqual(said(of(self.gateway)), [('192.0.2.10', '10.1.0.53'), ('any', '192.0.2.10')])

    def test_a_subnet_belongs_to_the_zone_that_its_address_names(self):
        GatewayAddress.objects.update(zones=['internet'])
        self.choose('10.20.0.10/24')
        factories.endpoint(self.role, literals=['192.0.2.50'])
        self.assertEqual(self.details(), ['192.0.2.50 belongs to the zone internet, not internal'])

    def test_it_is_told_on_saving_by_the_form(self):
        self.zone('internal', '10.0.0.0/8')
        self.client.force_login(User.objects.create_superuser('writer'))
        data = {'name': 'E', 'role': self.role.pk, 'literals': '8.8.8.8', 'scope': 'everywhere'}
        response = self.client.post(reverse('plugins:netbox_gwports:remoteendpoint_add'), data)
        self.assertEqual(response.status_code, 302)
        told = [str(message) for message in get_messages(response.wsgi_request)]
        self.assertTrue(any('8.8.8.8 is outside the networks of the zone internal' in text for text in told), told)


class ZoneRESTTests(RestTests):
    def test_it_is_told_on_saving_by_rest(self):
        gateway = factories.gateway(mail_and_dns())
        point = factories.enforcement_point(gateways=[gateway])
        factories.enforcement_zone(point, 'internal', prefixes=[factories.prefix('10.0.0.0/8')])
        role = factories.role('dns-servers')
        data = {'name': 'E', 'role': role.pk, 'literals': ['8.8.8.8', '10.1.0.1']}
        made = self.rest('post', 'remote-endpoints/', data)
        self.assertEqual(len(made['zone_conflicts']), 1)
        self.assertIn('8.8.8.8 is outside', made['zone_conflicts'][0])
        self.assertIsNone(self.rest('get', 'remote-endpoints/')['results'][0]['zone_conflicts'])


class CostTests(TestCase):
    def queries(self, gateway):
        with CaptureQueriesContext(connection) as captured:
            needs = load([Gateway.objects.get(pk=gateway.pk)])
        return len(captured), needs[gateway.pk]

    def grow(self, profile):
        group = factories.group()
        first = [factories.gateway(profile, group=group) for _ in range(2)][0]
        self.queries(first)  # fills caches
        before, _needs = self.queries(first)
        for number in range(5):
            factories.address(factories.gateway(profile, group=group), f'192.0.2.{number + 20}/24')
        after, needs = self.queries(first)
        self.assertEqual(before, after)
        return needs

    def test_the_group_is_loaded_only_where_a_flow_has_a_peers_role(self):
        self.assertEqual(self.grow(mail_and_dns()).peers, ())

    def test_with_a_peers_role_it_is_loaded_at_the_same_number_of_queries(self):
        made = mail_and_dns()
        peers = factories.role('peers', ZoneChoices.DMZ, RemoteRoleKindChoices.PEERS)
        factories.template(factories.service(made, 'Sync', ['tcp/8891']), peers, 'Sync')
        self.assertEqual(len(self.grow(made).peers), 6)
