"""The ways out of exports: REST, pages, background jobs, and who may see what in them."""

import io
import json
import zipfile
from itertools import islice
from unittest import mock

from core.models import Job
from django.urls import reverse
from utilities.testing import TestCase
from utilities.testing.mixins import RQQueueTestMixin

from netbox_gwports.models import Gateway, RemoteEndpoint, RequiredFlow
from netbox_gwports.views.exports import GatewayBulkExportView

from ..standings import standings
from . import factories
from .rest import RestTests


def site():
    """Two gateways with an address each, whose DNS servers and administrators are known."""
    product = factories.product()
    gateways = [factories.gateway(product, factories.device(f'gw{n}')) for n in (1, 2)]
    for number, gateway in enumerate(gateways, 10):
        factories.address(gateway, f'192.0.2.{number}/24')
    factories.endpoint(factories.role('dns-servers'), literals=['10.1.0.53'])
    factories.endpoint(factories.role('administrators'), literals=['10.9.0.0/24'])
    return gateways


class ExportRestTests(RestTests):
    def setUp(self):
        super().setUp()
        self.first, self.second = site()
        self.path = f'gateways/{self.first.pk}/export/'

    def get(self, path, expect=200):
        response = self.client.get(f'/api/plugins/gwports/{path}', **self.header)
        self.assertHttpStatus(response, expect)
        return response

    def test_formats(self):
        found = {each['name']: each for each in self.rest('get', 'export-formats/')}
        self.assertLessEqual({'json', 'csv', 'nftables', 'cisco_asa', 'paloalto_panos'}, found.keys())
        self.assertEqual((found['json']['kind'], found['nftables']['kind']), ('document', 'firewall'))
        self.assertEqual(found['nftables']['unavailable'], '')
        with mock.patch('netbox_gwports.exports.base.find_spec', return_value=None):
            found = {each['name']: each for each in self.rest('get', 'export-formats/')}
            self.assertIn('openpyxl>=3.1', found['xlsx']['unavailable'])
            answer = self.refused('get', f'{self.path}?format_name=xlsx')
        self.assertIn('openpyxl>=3.1,<4', answer['format_name'][0])

    def test_a_gateway_in_every_format(self):
        for name in [each['name'] for each in self.rest('get', 'export-formats/')]:
            with self.subTest(name):
                response = self.get(f'{self.path}?format_name={name}&allow_empty=true')
                self.assertIn('filename="gw1.', response['Content-Disposition'])
                self.assertTrue(response.content)
        response = self.get(f'{self.path}?format_name=nftables')
        self.assertIn(b'192.0.2.10', response.content)
        self.assertNotIn(b'192.0.2.11', response.content)
        # The updates are reached by name
        self.assertEqual((response['X-Gwports-Rendered'], response['X-Gwports-Skipped']), ('3', '1'))
        self.assertIn(b'updates.example.net', response.content)

    def test_options(self):
        answer = json.loads(self.get(f'{self.path}?format_name=json&zone=management').content)
        self.assertEqual([line['zone'] for line in answer['lines']], ['management'])
        answer = json.loads(self.get(f'{self.path}?format_name=json&standing=approved').content)
        self.assertEqual((answer['lines'], {s['reason'] for s in answer['skipped']}), ([], {'standing'}))
        with standings(DNS='approved'):
            answer = json.loads(self.get(f'{self.path}?format_name=json&standing=approved').content)
        services = [{'protocol': 'tcp', 'ports': ['53']}, {'protocol': 'udp', 'ports': ['53']}]
        self.assertEqual([line['services'] for line in answer['lines']], [services])
        response = self.get(f'{self.path}?format_name=nftables&perspective=host&logging=true')
        self.assertIn(b'hook input', response.content)
        self.assertIn(b'log prefix', response.content)

    def test_mistakes_name_the_field(self):
        for query, field in (
            ('', 'format_name'),
            ('format_name=nothing', 'format_name'),
            ('format_name=json&zone=moon', 'zone'),
            ('format_name=json&networks=internal:10.0.0.1/8', 'networks'),
            ('format_name=json&strict=perhaps', 'strict'),
            ('format_name=json&stict=true', 'stict'),
            ('format_name=srx', 'format_name'),
            ('format_name=juniper_srx&gateway_zone=a%20b', 'gateway_zone'),
        ):
            with self.subTest(query):
                self.assertEqual(list(self.refused('get', f'{self.path}?{query}')), [field])

    def test_strict_refuses_with_what_would_be_left_out(self):
        answer = self.rest('get', f'{self.path}?format_name=nftables&strict=true', expect=409)
        self.assertEqual([s['reason'] for s in answer['skipped']], ['dns_names'])
        self.get(f'{self.path}?format_name=fortinet_fortios&strict=true')

    def test_many_gateways_in_one_file_or_in_one_each(self):
        answer = json.loads(self.get('requirements/export/?format_name=json').content)
        self.assertEqual([ref['display'] for ref in answer['gateways']], ['gw1', 'gw2'])
        answer = json.loads(self.get(f'requirements/export/?format_name=json&gateway_id={self.second.pk}').content)
        self.assertEqual([ref['display'] for ref in answer['gateways']], ['gw2'])
        answer = json.loads(self.get('requirements/export/?format_name=json&direction=inbound').content)
        self.assertEqual({line['direction'] for line in answer['lines']}, {'inbound'})
        with mock.patch('netbox_gwports.api.exports.MOST_TOGETHER', 1):
            self.assertEqual(list(self.refused('get', 'requirements/export/?format_name=json')), ['apart'])
            response = self.get('requirements/export/?format_name=nftables&apart=true')
        with zipfile.ZipFile(io.BytesIO(b''.join(response.streaming_content))) as archive:
            names = archive.namelist()
            self.assertEqual(names, [f'{self.first.pk}-gw1.nft', f'{self.second.pk}-gw2.nft'])
            self.assertIn(b'192.0.2.11', archive.read(names[1]))
        self.assertEqual((response['X-Gwports-Rendered'], response['X-Gwports-Skipped']), ('6', '2'))
        self.get('requirements/export/?format_name=nftables&apart=true&strict=true', expect=409)

    def test_what_a_user_may_not_see(self):
        self.allow(Gateway, 'view', constraints={'pk': self.first.pk})
        self.get(f'gateways/{self.second.pk}/export/?format_name=json', expect=404)
        response = self.get(f'{self.path}?format_name=json')
        answer = json.loads(response.content)
        self.assertEqual((answer['lines'], answer['hidden'], response['X-Gwports-Hidden']), ([], 3, '3'))
        self.rest('get', f'{self.path}?format_name=json&strict=true', expect=409)
        self.allow(RequiredFlow, 'view')
        self.allow(RemoteEndpoint, 'view', constraints={'role__slug': 'administrators'})
        response = self.get('requirements/export/?format_name=nftables')
        self.assertNotIn(b'10.1.0.53', response.content)
        self.assertIn(b'10.9.0.0/24', response.content)
        self.assertIn(b'1 flows were not visible', response.content)

    def test_nat(self):
        inside = self.first.addresses.get().ip_address
        outside = factories.ip('203.0.113.10/32', nat_inside=inside)
        administrators = '10.9.0.0 0.0.0.255'
        before = self.get(f'{self.path}?format_name=cisco_ios').content.decode()
        self.assertIn(f'permit tcp {administrators} host 192.0.2.10', before)
        after = self.get(f'{self.path}?format_name=cisco_ios&nat=true').content.decode()
        self.assertIn(f'permit tcp {administrators} host 203.0.113.10', after)
        # What it opens itself is not translated yet where it is matched
        self.assertIn('permit udp host 192.0.2.10', after)
        self.assertIn('host 192.0.2.10', self.get(f'{self.path}?format_name=cisco_asa&nat=true').content.decode())
        (nat,) = json.loads(self.get(f'{self.path}?format_name=json').content)['nat']
        self.assertEqual((nat['address'], nat['object']['id']), ('192.0.2.10', inside.pk))
        self.assertEqual([each['address'] for each in nat['outside']], [str(outside.address.ip)])

    def test_queries_do_not_grow_with_the_gateways(self):
        product = self.first.profile

        numbers = iter(range(20, 30))

        def grow():
            for number in islice(numbers, 5):
                factories.address(factories.gateway(product), f'192.0.2.{number}/24')

        for query in ('', '&apart=true'):
            self.assertSameQueries(lambda: self.get(f'requirements/export/?format_name=csv{query}'), grow)  # noqa: B023


class ExportViewTests(RQQueueTestMixin, TestCase):
    user_permissions = tuple(f'netbox_gwports.view_{model}' for model in ('gateway', 'requiredflow', 'remoteendpoint'))

    @classmethod
    def setUpTestData(cls):
        cls.gateways = site()

    def setUp(self):
        super().setUp()
        self.url = reverse('plugins:netbox_gwports:gateway_export', args=[self.gateways[0].pk])
        self.many = reverse('plugins:netbox_gwports:gateway_bulk_export_rules')

    def test_menus(self):
        self.add_permissions('dcim.view_device')
        for page in (
            self.gateways[0].get_absolute_url(),
            reverse('dcim:device_gwports_requirements', args=[self.gateways[0].device_id]),
        ):
            self.assertContains(self.client.get(page), f'{self.url}?format_name=nftables')
        self.assertContains(self.client.get(reverse('plugins:netbox_gwports:gateway_list')), self.many)

    def test_file_and_form(self):
        self.assertContains(self.client.get(self.url), 'format_name')
        response = self.client.get(f'{self.url}?format_name=nftables')
        self.assertIn(b'192.0.2.10', response.content)
        response = self.client.get(
            self.url,
            {
                'format_name': 'nftables',
                'perspective': 'host',
                'networks': 'internal:10.0.0.0/8\ndmz:\n',
                'logging': 'on',
            },
        )
        self.assertIn(b'hook output', response.content)
        page = self.client.get(self.url, {'format_name': 'nftables', 'networks': 'internal:10.0.0.1/8'})
        self.assertContains(page, 'host bits')
        page = self.client.get(self.url, {'format_name': 'nftables', 'strict': 'on'})
        self.assertContains(page, 'updates.example.net')

    def test_without_permission(self):
        self.remove_permissions('netbox_gwports.view_gateway')
        self.assertHttpStatus(self.client.get(f'{self.url}?format_name=json'), 403)
        self.assertHttpStatus(self.client.post(self.many, {'pk': [g.pk for g in self.gateways]}), 403)

    def test_many(self):
        data = {'pk': [gateway.pk for gateway in self.gateways]}
        self.assertContains(self.client.post(self.many, data), '2 gateways')
        response = self.client.post(self.many, {**data, 'format_name': 'csv'})
        self.assertIn(b'192.0.2.11', response.content)
        self.assertHttpStatus(self.client.post(self.many, {}), 302)

    def test_many_in_the_background(self):
        data = {'pk': [gateway.pk for gateway in self.gateways], 'format_name': 'csv'}
        with mock.patch.object(GatewayBulkExportView, 'together', 1), self.captureOnCommitCallbacks(execute=True):
            self.assertHttpStatus(self.client.post(self.many, data), 302)
        self.run_rq_jobs()
        job = Job.objects.get()
        self.assertEqual(job.status, 'completed')
        url = reverse('plugins:netbox_gwports:export_result', args=[job.pk])
        self.assertEqual(job.data['download'], url)
        self.assertIn(b'192.0.2.11', self.client.get(url).content)
        # Not for others: it holds what its user may see
        self.client.force_login(self.create_other())
        self.assertHttpStatus(self.client.get(url), 403)

    @staticmethod
    def create_other():
        from users.models import User

        return User.objects.create_superuser('other')
