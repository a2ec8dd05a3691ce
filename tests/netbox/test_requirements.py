"""From the demo's DMZ to rules: queries, permissions, REST and the pages."""

import re

from core.models import ObjectType
from dcim.models import Device
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from ipam.models import IPAddress
from users.models import ObjectPermission, Token, User

from demo import data
from netbox_gwports import changes
from netbox_gwports.changes.sign import Signature
from netbox_gwports.changes.summary import refresh
from netbox_gwports.models import FlowTemplate, Gateway, GatewayProfile, RemoteEndpoint, RequiredFlow
from netbox_gwports.requirements import flows_of_endpoint, requirements, stream

from ..standings import standings

REQUIREMENTS = '/api/plugins/gwports/requirements/'


class DemoTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.admin = User.objects.create(username='boss', is_superuser=True)
        data.load(cls.admin)
        cls.seg02 = Gateway.objects.get(device__name='seg02')

    def allow(self, user, model, constraints=None, action='view'):
        permission = ObjectPermission.objects.create(
            name=f'{user} {model} {action}', actions=[action], constraints=constraints
        )
        permission.object_types.add(ObjectType.objects.get_for_model(model))
        permission.users.add(user)

    def get(self, user, **parameters):
        token = Token(user=user, version=2)
        token.save()
        header = f'Bearer nbt_{token.key}.{token.token}'
        return self.client.get(REQUIREMENTS, parameters, headers={'authorization': header})


class ResolvingTests(DemoTestCase):
    def test_the_multi_homed_gateway_uses_the_address_that_faces_each_zone(self):
        rules = requirements([self.seg02])[0].rules
        local = {(rule.zone, str(address)) for rule in rules for address in rule.local.addresses}
        self.assertEqual(
            local,
            {
                ('internet', '192.0.2.11'),
                ('dmz', '192.0.2.11'),
                ('internal', '10.20.0.11'),
                ('management', '10.99.0.11'),
            },
        )

    def test_peers_are_never_met_at_their_management_address(self):
        seg01 = Gateway.objects.get(device__name='seg01')
        peers = {str(a) for rule in requirements([seg01])[0].rules if rule.zone == 'dmz' for a in rule.remote.addresses}
        self.assertEqual(peers, {'192.0.2.11', '192.0.2.12', '2001:db8:d::12'})

    def queries(self):
        with CaptureQueriesContext(
            connection,
        ) as context:
            requirements(list(Gateway.objects.all()))
        return len(context)

    def test_the_number_of_queries_does_not_depend_on_flows_or_addresses(self):
        few = self.queries()
        role = self.seg02.flows.first().remote_role
        RequiredFlow.objects.bulk_create(
            RequiredFlow(
                gateway=self.seg02,
                name='N',
                purpose=f'p{n}',
                ports=[f'tcp/{n + 1}'],
                direction='outbound',
                remote_role=role,
            )
            for n in range(500)
        )
        interface = self.seg02.device.interfaces.first()
        IPAddress.objects.bulk_create(
            IPAddress(address=f'192.0.2.{n}/24', assigned_object=interface) for n in range(100, 150)
        )
        self.assertEqual(self.queries(), few)
        self.assertLessEqual(few, 20)

    def test_streaming_gives_the_same(self):
        self.assertEqual(list(stream(Gateway.objects.all())), requirements(Gateway.objects.order_by('pk')))

    def test_addresses_are_not_guessed_where_a_device_has_several(self):
        self.seg02.addresses.all().delete()
        resolution = requirements([self.seg02])[0]
        self.assertEqual(resolution.rules, ())
        self.assertEqual(
            {e.reason for e in resolution.unresolved if e.is_open_item} - {'no_remote'}, {'addresses_not_chosen'}
        )

    def test_a_scope_whose_list_became_empty_applies_nowhere(self):
        endpoint = RemoteEndpoint.objects.get(name='DNS servers')
        endpoint.scope = 'gateways'
        endpoint.save()
        reasons = {e.flow.name: e.reason for e in requirements([self.seg02])[0].unresolved}
        self.assertEqual(reasons['DNS'], 'no_remote')

    def test_an_address_that_moved_to_another_host_is_not_used(self):
        other = Device.objects.get(name='dns01').interfaces.first()
        ip = IPAddress.objects.get(address='10.20.0.11/24')
        ip.assigned_object = other
        IPAddress.objects.filter(pk=ip.pk).update(assigned_object_id=other.pk)
        resolution = requirements([self.seg02])[0]
        self.assertNotIn('10.20.0.11', {str(a) for rule in resolution.rules for a in rule.local.addresses})
        self.assertIn('no_address', {entry.reason for entry in resolution.unresolved})

    def test_the_out_of_band_address_is_never_used(self):
        Device.objects.filter(name='seg02').update(oob_ip=IPAddress.objects.get(address='10.99.0.11/24'))
        resolution = requirements([self.seg02])[0]
        self.assertNotIn('10.99.0.11', {str(a) for rule in resolution.rules for a in rule.local.addresses})

    def test_a_date_that_passed_needs_nothing(self):
        self.seg02.flows.filter(name='SSH').update(valid_until='2020-01-01')
        self.assertNotIn('SSH', {f.name for rule in requirements([self.seg02])[0].rules for f in rule.flows})


class PermissionTests(DemoTestCase):
    def setUp(self):
        self.user = User.objects.create(username='guest')

    def test_nobody_and_nothing(self):
        self.assertEqual(self.client.get(REQUIREMENTS).status_code, 403)
        self.assertEqual(self.get(self.user).status_code, 403)

    def test_a_gateway_outside_the_constraint_does_not_exist(self):
        self.allow(self.user, Gateway, {'device__name': 'seg01'})
        names = [result['device']['name'] for result in self.get(self.user).json()['results']]
        self.assertEqual(names, ['seg01'])

    def test_a_result_says_that_the_vendors_table_is_only_partly_known(self):
        def partial():
            return self.get(self.admin, gateway_id=self.seg02.pk).json()['results'][0]['partial']

        self.assertFalse(partial())
        GatewayProfile.objects.update(partial='Seen up to port 161')
        self.assertTrue(partial())

    def test_hidden_flows_are_counted_and_nothing_more(self):
        self.allow(self.user, Gateway)
        result = self.get(self.user, gateway_id=self.seg02.pk).json()['results'][0]
        self.assertEqual((result['rules'], result['unresolved']), ([], []))
        self.assertEqual(result['hidden'], RequiredFlow.objects.needed().filter(gateway=self.seg02).count())

    def test_hidden_endpoints_hide_their_flows(self):
        self.allow(self.user, Gateway)
        self.allow(self.user, RequiredFlow)
        result = self.get(self.user, gateway_id=self.seg02.pk).json()['results'][0]
        shown = {f['row'] for rule in result['rules'] for f in rule['flows']}
        self.assertNotIn('7.2', shown | {entry['flow']['row'] for entry in result['unresolved']})
        self.assertIn('8.3', shown)
        self.assertNotIn('10.1.0.53', str(result['rules']))
        self.assertGreater(result['hidden'], 0)

    def test_a_peer_that_may_not_be_seen_hides_its_flows(self):
        self.allow(self.user, Gateway, {'device__name': 'seg01'})
        self.allow(self.user, RequiredFlow)
        self.allow(self.user, RemoteEndpoint)
        result = self.get(self.user).json()['results'][0]
        self.assertNotIn('192.0.2.11', str(result['rules']))
        self.assertGreater(result['hidden'], 0)


class APITests(DemoTestCase):
    def test_a_rule_says_everything(self):
        result = self.get(self.admin, device='seg02').json()['results'][0]
        dns = next(r for r in result['rules'] if r['protocol'] == 'udp' and r['ports'] == ['53'])
        self.assertEqual(dns['direction'], 'outbound')
        self.assertEqual([a['address'] for a in dns['source']['addresses']], ['10.20.0.11'])
        self.assertEqual([a['address'] for a in dns['destination']['addresses']], ['10.1.0.53', '10.1.1.53'])
        self.assertEqual(dns['destination']['endpoints'][0]['display'], 'DNS servers')
        self.assertEqual(dns['destination']['addresses'][0]['object']['object_type'], 'ipam.ipaddress')
        self.assertEqual((dns['standing'], dns['tickets']), ('not_requested', []))
        self.assertEqual((dns['same_segment'], dns['covered_by']), (False, []))
        self.assertEqual(dns['flows'][0]['row'], '7.2')

    def test_keys_are_stable_and_unique(self):
        first, second = (
            [rule['key'] for result in self.get(self.admin).json()['results'] for rule in result['rules']]
            for _ in range(2)
        )
        self.assertEqual(first, second)
        self.assertEqual(len(first), len(set(first)))

    def test_zone_and_direction_choose_among_the_rules(self):
        result = self.get(self.admin, device='seg02', zone='management', direction='inbound').json()['results'][0]
        self.assertEqual({(r['zone'], r['direction']) for r in result['rules']}, {('management', 'inbound')})
        self.assertEqual(self.get(self.admin, zone='moon').status_code, 400)

    def test_an_open_need_is_in_the_zone_that_its_rule_would_have(self):
        # Published hosts are on the Internet, whatever the zone of the role
        self.seg02.flows.filter(name='NTP').update(dns_names=['time.example.net'], replaceable=False, zone='')
        self.seg02.addresses.filter(zones__contains=['internet']).delete()
        for zone, found in (('internet', True), ('internal', False)):
            result = self.get(self.admin, device='seg02', zone=zone).json()['results'][0]
            self.assertEqual('NTP' in {entry['flow']['name'] for entry in result['unresolved']}, found)

    def test_filters_and_pages_count_gateways(self):
        self.assertEqual(self.get(self.admin, virtual_machine='seg03').json()['count'], 1)
        self.assertEqual(self.get(self.admin, site='data-centre').json()['count'], 5)
        page = self.get(self.admin, limit=1).json()
        self.assertEqual((page['count'], len(page['results'])), (5, 1))


class PageTests(DemoTestCase):
    def setUp(self):
        self.client.force_login(self.admin)

    def page(self, name, **parameters):
        device = Device.objects.get(name=name)
        url = reverse('dcim:device_gwports_requirements', args=[device.pk])
        self.assertEqual(url, f'/dcim/devices/{device.pk}/firewall-requirements/')
        return self.client.get(url, parameters)

    def test_the_tab_shows_rules_and_open_items(self):
        page = self.page('seg02')
        for text in (
            'Incomplete',
            '4 open items',
            'Key servers',
            '10.20.0.11',
            'Not requested',
            'vendor&#x27;s table (&quot;Out',
            'Unencrypted; no mitigation documented',
        ):
            self.assertContains(page, text)
        self.assertRegex(page.content.decode(), r'any</strong>\s+\(Internet')

    def test_quick_search_and_zone_are_applied_to_the_lines(self):
        self.assertNotContains(self.page('seg02', zone='internet'), 'Administrators</a>')
        cockpit = self.seg02.flows.get(name='Cockpit').get_absolute_url()
        mail = self.seg02.flows.filter(name='SMTP', status='required').first().get_absolute_url()
        found = self.page('seg02', q='tcp/9090')
        self.assertContains(found, f'"{cockpit}"')
        self.assertNotContains(found, f'"{mail}"')
        with standings(SMTP='in_place'):
            done = self.page('seg02', standing='in_place')
        self.assertContains(done, f'"{mail}"')
        self.assertNotContains(done, f'"{cockpit}"')

    def test_filters_do_not_change_the_summary(self):
        with standings(SMTP='in_place', DNS='approved'):
            whole, filtered = self.page('seg02'), self.page('seg02', standing='in_place')
        (summary,) = re.findall(r'<strong>(.* rules in place)</strong>', whole.content.decode())
        self.assertRegex(
            summary, r'^[1-9]\d* to request, [1-9]\d* to open, 4 open items, [1-9]\d* of 19 rules in place$'
        )
        self.assertContains(filtered, summary)
        self.assertContains(filtered, 'Incomplete')

    def test_columns_sort(self):
        self.assertEqual(self.page('seg02', sort='-destination').status_code, 200)

    def test_a_device_without_a_gateway_shows_only_a_way_in(self):
        self.assertEqual(self.page('dns01').status_code, 302)
        page = self.client.get(Device.objects.get(name='dns01').get_absolute_url())
        self.assertContains(page, 'Add Gateway')
        self.assertNotContains(page, 'rules in place')

    def test_the_main_page_has_a_panel(self):
        url = Device.objects.get(name='seg01').get_absolute_url()
        page = self.client.get(url)
        self.assertContains(page, 'Show rules')
        self.assertNotContains(page, 'rules in place')
        self.assertNotContains(page, 'Add Gateway')
        refresh(Gateway.objects.values_list('pk', flat=True))
        (summary,) = re.findall(r'<strong>(.* rules in place)</strong>', self.page('seg01').content.decode())
        self.assertContains(self.client.get(url), summary)

    def test_the_virtual_machine_has_the_tab_too(self):
        machine = Gateway.objects.get(virtual_machine__name='seg03').virtual_machine
        page = self.client.get(f'/virtualization/virtual-machines/{machine.pk}/firewall-requirements/')
        self.assertContains(page, 'rules in place')

    def test_a_partial_catalog_is_told_above_everything(self):
        self.assertNotContains(self.page('seg01'), 'This catalog is partial')
        GatewayProfile.objects.update(partial='Seen up to port 161')
        self.assertContains(self.page('seg01'), 'This catalog is partial: Seen up to port 161')
        device = Device.objects.get(name='seg01')
        self.assertContains(self.client.get(device.get_absolute_url()), 'Partial catalog')
        # Users who may not view the profile are told that it is partial, but not what is missing
        guest = User.objects.create(username='guest')
        for model in (Device, Gateway):
            self.allow(guest, model)
        self.client.force_login(guest)
        page = self.page('seg01')
        self.assertContains(page, 'This catalog is partial')
        self.assertNotContains(page, 'Seen up to port 161')

    def test_who_may_not_see_the_gateway_sees_neither_tab_nor_panel(self):
        guest = User.objects.create(username='guest')
        self.allow(guest, Device)
        self.allow(guest, Gateway, {'device__name': 'seg01'})
        self.client.force_login(guest)
        self.assertEqual(self.page('seg02').status_code, 302)
        page = self.client.get(Device.objects.get(name='seg02').get_absolute_url())
        self.assertNotContains(page, 'Firewall Requirements')
        FlowTemplate.objects.update(withdrawn=True)
        page = self.page('seg01')
        self.assertContains(page, 'not visible to you')
        # Pending changes are only counted, and buttons without permission are not shown
        self.assertNotContains(page, 'to delete')
        self.assertNotContains(page, 'Assign endpoint')
        self.client.force_login(self.admin)
        self.assertContains(self.page('seg01'), 'to delete')

    def test_every_list_and_detail_page_opens(self):
        request = changes.draft([self.seg02], self.admin, title='Rules')
        changes.submit(request.pk, Signature(self.admin))
        # A summary is shown where its gateway is, a line where its change request is
        shown_elsewhere = ('standingsummary', 'changeline')
        for content_type in ContentType.objects.filter(app_label='netbox_gwports').exclude(model__in=shown_elsewhere):
            model = content_type.model
            # Nobody writes a sign-off
            names = ('',) if model == 'signoff' else ('', '_edit')
            with self.subTest(model):
                self.assertEqual(self.client.get(reverse(f'plugins:netbox_gwports:{model}_list')).status_code, 200)
                if '_edit' in names:
                    self.assertEqual(self.client.get(reverse(f'plugins:netbox_gwports:{model}_add')).status_code, 200)
                instance = content_type.model_class().objects.first()
                for name in names:
                    url = reverse(f'plugins:netbox_gwports:{model}{name}', args=[instance.pk])
                    self.assertEqual(self.client.get(url).status_code, 200)


class EndpointTests(DemoTestCase):
    def setUp(self):
        self.client.force_login(self.admin)
        self.endpoint = RemoteEndpoint.objects.get(name='DNS servers')

    def test_its_page_lists_the_flows_that_use_it(self):
        page = self.client.get(self.endpoint.get_absolute_url())
        flows = RequiredFlow.objects.filter(remote_role=self.endpoint.role)
        self.assertEqual(flows.count(), 5)
        for flow in flows:
            self.assertContains(page, f'{flow.get_absolute_url()}"')

    def test_an_endpoint_with_a_narrower_scope_takes_over_its_flows(self):
        narrow = RemoteEndpoint.objects.create(name='Own', role=self.endpoint.role, scope='gateways')
        narrow.gateways.add(self.seg02)
        self.assertEqual([gateway.id for gateway, _ in flows_of_endpoint(narrow, self.admin)], [self.seg02.pk])
        self.assertNotIn(self.seg02.pk, [gateway.id for gateway, _ in flows_of_endpoint(self.endpoint, self.admin)])

    def test_deleting_it_lists_the_affected_flows(self):
        url = reverse('plugins:netbox_gwports:remoteendpoint_delete', args=[self.endpoint.pk])
        page = self.client.post(url, {'confirm': True}, follow=True)
        self.assertContains(page, '5 flows are affected')
        self.assertFalse(RemoteEndpoint.objects.filter(pk=self.endpoint.pk).exists())
