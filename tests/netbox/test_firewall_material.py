"""What a firewall has to enforce: its tab, its exports, and what it knows of its zones."""

import json
import re

from django.urls import reverse
from utilities.testing import TestCase

from netbox_gwports.models import EnforcementPoint, EnforcementZone, Gateway, RemoteEndpoint, RequiredFlow
from netbox_gwports.requirements.material import firewall_defaults, firewall_material, gateway_defaults

from . import factories
from .rest import RestTests


def site():
    """Two gateways behind one firewall, which separates them from the internal zone only."""
    product = factories.product()
    group = factories.group()
    gateways = [factories.gateway(product, factories.device(f'gw{n}'), group=group) for n in (1, 2)]
    for number, gateway in enumerate(gateways, 10):
        factories.address(gateway, f'192.0.2.{number}/24')
    other = factories.gateway(product, factories.device('elsewhere'))
    factories.address(other, '192.0.2.99/24')
    factories.endpoint(factories.role('dns-servers'), literals=['10.1.0.53'])
    factories.endpoint(factories.role('administrators'), literals=['10.9.0.0/24'])
    point = factories.enforcement_point(format_name='cisco_asa')
    point.groups.add(group)
    EnforcementZone.objects.create(enforcement_point=point, zone='internal', name='inside')
    return point, gateways


class EnforcedTests(RestTests):
    def setUp(self):
        super().setUp()
        self.point, self.gateways = site()

    def export(self, query='', expect=200):
        path = f'/api/plugins/gwports/enforcement-points/{self.point.pk}/export/{query}'
        response = self.client.get(path, **self.header)
        self.assertHttpStatus(response, expect)
        return response.content.decode()

    def reader(self):
        """The user afresh: an instance remembers its permissions."""
        return type(self.user).objects.get(pk=self.user.pk)

    def test_rules_of_its_gateways_and_zones(self):
        found = firewall_material(self.point)
        self.assertEqual(found.gateways, ('gw1', 'gw2'))
        self.assertEqual({rule.zone for rule in found.rules}, {'internal'})
        EnforcementZone.objects.update(separated=False)
        self.assertEqual(firewall_material(self.point).rules, ())

    def test_its_own_format_or_another(self):
        text = self.export()
        prefix = f'access-list GWP-FW{self.point.pk}-OUT-'
        self.assertRegex(text, f'{prefix}[0-9A-F]+ extended permit udp host 192.0.2.10 host 10.1.0.53 eq 53')
        self.assertNotIn('192.0.2.99', text)
        self.assertNotIn('10.9.0.0', text)
        (line,) = json.loads(self.export('?format_name=json'))['lines']
        self.assertEqual([gateway['display'] for gateway in line['gateways']], ['gw1', 'gw2'])
        self.point.format_name = ''
        self.point.save()
        self.export(expect=400)

    def test_its_names_and_networks(self):
        zone = EnforcementZone.objects.get()
        zone.prefixes.add(factories.prefix('10.1.0.0/16'))
        nowhere = EnforcementZone.objects.create(enforcement_point=self.point, zone='dmz', separated=False)
        EnforcementZone.objects.create(enforcement_point=self.point, zone='management')
        known = firewall_defaults(self.point)
        self.assertEqual(known['zone_names'], {'internal': 'inside'})
        # None, said by a zone that is not separated; of management nobody said it
        self.assertEqual(
            {z: [str(n) for n in networks] for z, networks in known['networks'].items()},
            {'internal': ['10.1.0.0/16'], nowhere.zone: []},
        )
        self.assertIn('from-zone dmz to-zone inside', self.export('?format_name=juniper_srx'))
        EnforcementZone.objects.filter(zone='internal').update(gateway_zone='dmz-b', gateway_interface='eth7')
        known = firewall_defaults(self.point)
        self.assertEqual((known['leg_zones'], known['leg_interfaces']), ({'internal': 'dmz-b'}, {'internal': 'eth7'}))
        self.assertIn('from-zone dmz-b to-zone inside', self.export('?format_name=juniper_srx'))

    def test_a_gateway_knows_the_networks_of_its_firewalls(self):
        gateway, zone = self.point.gateways.first() or self.point.served().first(), EnforcementZone.objects.get()
        self.assertEqual(gateway_defaults([gateway]), {'networks': {}})
        zone.prefixes.add(factories.prefix('10.1.0.0/16'))
        second = factories.enforcement_point(factories.device('second-fw'))
        second.gateways.add(gateway)
        more = factories.enforcement_zone(second, 'internal', prefixes=[factories.prefix('10.2.0.0/16')])
        networks = gateway_defaults([gateway])['networks']
        self.assertEqual([str(network) for network in networks['internal']], ['10.1.0.0/16', '10.2.0.0/16'])
        # Only some of them would mean the wrong addresses
        for model in (EnforcementPoint, EnforcementZone):
            self.allow(model, 'view')
        prefix = zone.prefixes.get()
        self.allow(type(prefix), 'view', constraints={'pk': prefix.pk})
        self.assertEqual(gateway_defaults([gateway], self.reader())['networks'], {})
        more.delete()
        self.assertEqual(len(gateway_defaults([gateway], self.reader())['networks']['internal']), 1)

    def test_a_zone_that_one_firewall_does_not_know_is_not_known(self):
        """Whatever another one says: that it holds some networks, or that it does not exist there."""
        gateway = self.gateways[0]
        for facts in ({'separated': False}, {'prefixes': [factories.prefix('10.5.0.0/16')]}):
            with self.subTest(facts=facts):
                other = factories.enforcement_point(groups=[gateway.group])
                factories.enforcement_zone(other, 'internal', **facts)
                self.assertEqual(gateway_defaults([gateway]), {'networks': {}})
                other.delete()

    def test_networks_of_which_some_are_hidden_are_not_known(self):
        zone = EnforcementZone.objects.get()
        shown, hidden = factories.prefix('10.1.0.0/16'), factories.prefix('10.2.0.0/16')
        zone.prefixes.add(shown, hidden)
        self.allow(EnforcementZone, 'view')
        self.allow(type(shown), 'view', constraints={'pk': shown.pk})
        self.assertEqual(firewall_defaults(self.point, self.reader())['networks'], {})
        self.allow(type(shown), 'view')
        self.assertEqual(len(firewall_defaults(self.point, self.reader())['networks']['internal']), 2)

    def test_what_a_user_may_not_see(self):
        needed = RequiredFlow.objects.needed().filter(gateway__in=self.gateways).count()
        self.allow(EnforcementPoint, 'view')
        # Neither a gateway nor a zone: nothing is shown, and everything is counted
        found = firewall_material(self.point, self.reader())
        self.assertEqual((found.gateways, found.rules, found.hidden), ((), (), needed))
        self.allow(Gateway, 'view', constraints={'pk': self.gateways[0].pk})
        self.allow(RequiredFlow, 'view')
        self.allow(RemoteEndpoint, 'view')
        # The zone that it separates is not visible: the one flow of the first gateway into it, and all of the second's
        found = firewall_material(self.point, self.reader())
        self.assertEqual((found.gateways, found.rules, found.hidden), (('gw1',), (), 1 + needed // 2))
        self.allow(EnforcementZone, 'view')
        found = firewall_material(self.point, self.reader())
        self.assertEqual(({rule.zone for rule in found.rules}, found.hidden), ({'internal'}, needed // 2))
        self.assertIn('were not visible', self.export('?format_name=nftables'))
        self.export('?format_name=nftables&strict=true', expect=409)
        self.allow(Gateway, 'view')
        self.assertEqual(firewall_material(self.point, self.reader()).hidden, 0)

    def test_queries_do_not_grow_with_the_gateways(self):
        def grow():
            for number in range(20, 25):
                gateway = factories.gateway(self.gateways[0].profile, group=self.gateways[0].group)
                factories.address(gateway, f'192.0.2.{number}/24')

        self.assertSameQueries(self.export, grow)

    def test_queries_do_not_grow_with_the_zones(self):
        def grow():
            for number, zone in enumerate(('internet', 'dmz', 'management')):
                known = EnforcementZone.objects.create(enforcement_point=self.point, zone=zone, separated=False)
                known.prefixes.add(factories.prefix(f'10.{number}.0.0/16'))

        EnforcementZone.objects.get().prefixes.add(factories.prefix('10.99.0.0/16'))
        self.assertSameQueries(lambda: firewall_defaults(self.point, self.user), grow)


class EnforcedTabTests(TestCase):
    user_permissions = (
        'dcim.view_device',
        'netbox_gwports.view_enforcementpoint',
        'netbox_gwports.view_enforcementzone',
        'netbox_gwports.view_gateway',
        'netbox_gwports.view_requiredflow',
        'netbox_gwports.view_remoteendpoint',
    )

    def test_tab(self):
        point, gateways = site()
        url = reverse('dcim:device_gwports_rules_to_enforce', args=[point.device_id])
        self.assertContains(self.client.get(point.device.get_absolute_url()), url)
        page = self.client.get(url)
        self.assertContains(page, '10.1.0.53')
        for gateway in gateways:
            self.assertContains(page, gateway.get_absolute_url())
        self.assertNotContains(page, '10.9.0.0')
        # A reason shared by both gateways is listed once
        self.assertEqual(len(re.findall(r'Names\s+<small', page.content.decode())), 1)
        self.assertContains(page, '&times;&nbsp;2')
        export = reverse('plugins:netbox_gwports:enforcementpoint_export', args=[point.pk])
        self.assertContains(page, f'{export}?format_name=cisco_asa')
        self.assertIn(b'-OUT-', self.client.get(f'{export}?format_name=cisco_asa').content)
        # The form begins with what the firewall is known to have
        zone = EnforcementZone.objects.get()
        self.add_permissions('ipam.view_prefix')
        zone.prefixes.add(factories.prefix('10.1.0.0/16'), factories.prefix('2001:db8:1::/48'))
        form = self.client.get(export).context['form']
        begun = {name: form[name].initial for name in ('format_name', 'zone_name', 'networks', 'interface')}
        self.assertEqual(
            begun,
            {
                'format_name': 'cisco_asa',
                'zone_name': 'internal:inside',
                'interface': '',
                'networks': 'internal:10.1.0.0/16,2001:db8:1::/48',
            },
        )
        self.assertIn(b'-OUT-', self.client.get(export, begun).content)

    def test_a_host_that_is_no_firewall_or_none_to_this_user(self):
        host = factories.device()
        self.assertNotContains(self.client.get(host.get_absolute_url()), 'rules-to-enforce')
        point, _gateways = site()
        self.remove_permissions('netbox_gwports.view_enforcementpoint')
        self.assertNotContains(self.client.get(point.device.get_absolute_url()), 'rules-to-enforce')
        self.assertFalse(RequiredFlow.objects.filter(gateway__device=host).exists())
