from django.urls import reverse
from ipam.models import Prefix
from utilities.testing import TestCase, ViewTestCases, create_tags

from netbox_gwports.models import EnforcementPoint, EnforcementZone, Gateway

from . import factories
from .base import PluginURLs


class EnforcementPointTest(PluginURLs, ViewTestCases.PrimaryObjectViewTestCase):
    model = EnforcementPoint

    @classmethod
    def setUpTestData(cls):
        dns_names = [factories.device('fw-1'), factories.virtual_machine('fw-2'), factories.device('fw-3')]
        points = [factories.enforcement_point(host) for host in dns_names]
        factories.device('dev-4')
        factories.virtual_machine('vm-5')
        factories.device('dev-6')
        group = factories.group()
        gateway = factories.gateway(host=factories.device('gw-1'))
        cls.form_data = {
            'device': factories.device('fw-x').pk,
            'virtual_machine': None,
            'groups': [group.pk],
            'gateways': [gateway.pk],
            'format_name': 'markdown',
            'gateway_zone': 'dmz',
            'gateway_interface': 'ge-0/0/1.10',
            'description': 'A firewall',
            'tags': [tag.pk for tag in create_tags('Alpha', 'Bravo')],
        }
        cls.csv_data = (
            'device,virtual_machine,groups,gateways,format_name,gateway_zone,gateway_interface',
            'dev-4,,group-1,gw-1,markdown,dmz,eth0',
            ',vm-5,,,,,',
            'dev-6,,,,csv,,',
        )
        cls.csv_update_data = ('id,format_name,gateways', *(f'{point.pk},markdown,gw-1' for point in points))
        cls.bulk_edit_data = {'format_name': 'csv', 'gateway_zone': 'dmz', 'description': 'Edited'}

    def test_import_needs_one_host(self):
        self.add_permissions(
            'netbox_gwports.add_enforcementpoint', 'dcim.view_device', 'virtualization.view_virtualmachine'
        )
        for row in ('dev-4,vm-5', ',', 'fw-1,'):
            data = {'data': f'device,virtual_machine\n{row}', 'format': 'csv', 'csv_delimiter': ','}
            response = self.client.post(self._get_url('bulk_import'), data)
            self.assertTrue(response.context['form'].errors, row)


class EnforcementZoneTest(
    PluginURLs,
    ViewTestCases.GetObjectViewTestCase,
    ViewTestCases.GetObjectChangelogViewTestCase,
    ViewTestCases.CreateObjectViewTestCase,
    ViewTestCases.EditObjectViewTestCase,
    ViewTestCases.DeleteObjectViewTestCase,
    ViewTestCases.ListObjectsViewTestCase,
    ViewTestCases.BulkImportObjectsViewTestCase,
    ViewTestCases.BulkEditObjectsViewTestCase,
    ViewTestCases.BulkDeleteObjectsViewTestCase,
):
    model = EnforcementZone

    @classmethod
    def setUpTestData(cls):
        point = factories.enforcement_point(factories.device('fw-1'))
        factories.enforcement_point(factories.virtual_machine('fw-2'))
        zones = [factories.enforcement_zone(point, zone) for zone in ('internet', 'internal', 'dmz')]
        prefix = factories.prefix('10.0.0.0/8')
        cls.form_data = {
            'enforcement_point': point.pk,
            'zone': 'management',
            'separated': False,
            'name': 'mgmt',
            'interface': 'eth0:1',
            'gateway_zone': 'dmz1',
            'gateway_interface': 'eth1',
            'prefixes': [prefix.pk],
        }
        cls.csv_data = (
            'device,virtual_machine,zone,separated,name,interface,gateway_zone,gateway_interface,prefixes',
            'fw-1,,management,false,mgmt,eth0,dmz1,eth1,10.0.0.0/8',
            ',fw-2,internet,true,,,,,',
            ',fw-2,internal,true,lan,,,,',
        )
        cls.csv_update_data = ('id,name,separated', *(f'{zone.pk},changed,false' for zone in zones))
        cls.bulk_edit_data = {'separated': False, 'name': 'edited', 'interface': 'eth9', 'gateway_zone': 'dmz9'}

    def import_errors(self, text):
        data = {'data': text, 'format': 'csv', 'csv_delimiter': ','}
        return self.client.post(self._get_url('bulk_import'), data).context['form'].errors.as_text()

    def test_import_errors(self):
        """A zone that the firewall knows already is an error of the record, not of the database."""
        self.add_permissions('netbox_gwports.add_enforcementzone', 'netbox_gwports.view_enforcementpoint')
        self.assertTrue(self.import_errors('device,zone\nfw-1,internet'))
        self.assertIn('Specify either', self.import_errors('device,virtual_machine,zone\nfw-1,fw-2,management'))
        self.assertIn('letters, digits', self.import_errors('device,zone,name\nfw-1,management,a b'))


class EnforcementFormTest(TestCase):
    user_permissions = (
        'netbox_gwports.view_enforcementpoint',
        'netbox_gwports.change_enforcementpoint',
        'netbox_gwports.view_enforcementzone',
        'netbox_gwports.change_enforcementzone',
        'ipam.view_prefix',
    )

    @classmethod
    def setUpTestData(cls):
        cls.gateways = [factories.gateway() for _ in range(2)]
        cls.point = factories.enforcement_point(gateways=cls.gateways, format_name='markdown')
        cls.zone = factories.enforcement_zone(cls.point, name='untrust')

    def edit(self, obj, **data):
        url = reverse(f'plugins:netbox_gwports:{obj._meta.model_name}_edit', args=[obj.pk])
        return self.client.post(url, data)

    def test_what_is_refused_is_said_by_its_field(self):
        everything = Prefix.objects.create(prefix='::/0')
        data = {'enforcement_point': self.point.pk, 'zone': 'internet'}
        for name, wrong in (
            ('name', 'a b'),
            ('interface', 'eth0;'),
            ('gateway_zone', 'a b'),
            ('prefixes', [everything.pk]),
        ):
            response = self.edit(self.zone, **data, **{name: wrong})
            self.assertEqual(list(response.context['form'].errors), [name])
        for name in ('gateway_zone', 'gateway_interface'):
            response = self.edit(self.point, **{'device': self.point.device_id, name: '{'})
            self.assertIn(name, response.context['form'].errors)

    def test_hidden_members_stay(self):
        seen, hidden = self.gateways
        self.add_permissions('dcim.view_device')
        factories.allow(self.user, Gateway, 'view', constraints={'pk': seen.pk})
        self.assertHttpStatus(self.edit(self.point, device=self.point.device_id), 302)
        self.assertEqual(list(self.point.gateways.all()), [hidden])

    def test_the_page_says_what_is_hidden(self):
        factories.allow(self.user, Gateway, 'view', constraints={'pk': self.gateways[0].pk})
        for url in (self.point.get_absolute_url(), reverse('plugins:netbox_gwports:enforcementpoint_list')):
            page = self.client.get(url).content.decode()
            self.assertIn(str(self.gateways[0]), page)
            self.assertNotIn(str(self.gateways[1]), page)
        self.assertIn('1 not visible to you', self.client.get(self.point.get_absolute_url()).content.decode())

    def test_the_page_leads_to_its_zones(self):
        self.add_permissions('netbox_gwports.add_enforcementzone')
        page = self.client.get(self.point.get_absolute_url()).content.decode()
        self.assertIn(f'enforcement-zones/add/?enforcement_point={self.point.pk}', page)
        self.assertIn(f'enforcement_point_id={self.point.pk}', page)
        page = self.client.get(self.zone.get_absolute_url()).content.decode()
        self.assertIn(f'href="{self.point.get_absolute_url()}"', page)

    def test_the_gateway_counts_those_that_serve_it(self):
        """Also those that name only its group."""
        gateway = self.gateways[0]
        gateway.group = factories.group()
        gateway.save()
        factories.enforcement_point(groups=[gateway.group])
        self.add_permissions('netbox_gwports.view_gateway', 'netbox_gwports.view_gatewaygroup')
        page = self.client.get(gateway.get_absolute_url())
        counts = {related.queryset.model: related.queryset.count() for related in page.context['related_models']}
        self.assertEqual(counts[EnforcementPoint], 2)
        page = self.client.get(gateway.group.get_absolute_url())
        self.assertEqual(
            [
                related.queryset.count()
                for related in page.context['related_models']
                if related.queryset.model is EnforcementPoint
            ],
            [1],
        )
