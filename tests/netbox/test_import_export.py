"""What a list exports can be imported again, whatever names its objects."""

import csv
import io
import json

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from extras.models import CustomField
from ipam.models import VRF
from tenancy.models import Tenant
from users.models import Owner, OwnerGroup
from utilities.testing import TestCase, create_tags

from netbox_gwports import models

from . import factories

# Change requests are made from rules, and summaries are computed
NOT_IMPORTED = {'ChangeLine', 'ChangeRequest', 'SignOff', 'StandingSummary'}


class ImportExportTest(TestCase):
    user_permissions = ()

    @classmethod
    def setUpTestData(cls):
        owner = Owner.objects.create(name='Owner 1', group=OwnerGroup.objects.create(name='Owners'))
        tags = create_tags('Alpha', 'Bravo')
        for name, kind in (('text', 'text'), ('yes', 'boolean'), ('data', 'json')):
            field = CustomField.objects.create(name=name, type=kind)
            field.object_types.set([ContentType.objects.get_for_model(models.RemoteEndpoint)])
        cls.product = factories.product(slug='product', owner=owner, comments='One "line",\nand another')
        other = factories.product()
        gateway = factories.gateway(
            cls.product,
            factories.device('gw-1'),
            group=factories.group(),
            features=[*cls.product.features.all()],
            tenant=Tenant.objects.create(name='Tenant 1', slug='tenant-1'),
            owner=owner,
        )
        vm = factories.gateway(other, factories.virtual_machine('gw-2'))
        # One address in two VRFs: only the VRF tells them apart
        blue = VRF.objects.create(name='Blue')
        factories.ip('192.0.2.1/24')
        factories.address(gateway, factories.ip('192.0.2.1/24', gateway.machine, vrf=blue), ['internet', 'dmz'])
        factories.address(vm, '192.0.2.2/24', use='inbound')
        role = factories.role('servers')
        cls.endpoint = factories.endpoint(
            role, 'Everything', ip_addresses=[factories.ip('10.0.0.1/24')], prefixes=[factories.prefix('10.1.0.0/24')],
            ip_ranges=[factories.ip_range('10.2.0.1/24', '10.2.0.9/24')], devices=[factories.device('srv-1')],
            virtual_machines=[factories.virtual_machine('srv-2')], dns_names=['*.example.net', 'b.example.org'],
            literals=['203.0.113.1', '203.0.113.8-203.0.113.9'], port_map=['tcp/22=tcp/2222'], zone='dmz',
            scope='gateways', gateways=[gateway, vm],
            custom_field_data={'text': 'a,b', 'yes': True, 'data': {'a': 1}},
        )  # fmt: skip
        cls.endpoint.tags.set(tags)
        factories.endpoint(role, 'Sites', scope='sites', sites=[factories.site()], any_address=True, justification='x',
                           custom_field_data={'text': None, 'yes': None, 'data': None})  # fmt: skip
        factories.flow(vm, role, endpoints=[cls.endpoint], feature=other.features.get(name='Mode'), status='waived',
                       valid_until='2026-01-31', justification='Line\nbreak')  # fmt: skip
        outer = factories.enforcement_point(
            factories.device('fw-1'),
            gateways=[gateway, vm],
            groups=[gateway.group],
            format_name='markdown',
            gateway_zone='dmz',
            gateway_interface='ge-0/0/1.10',
            owner=owner,
            comments='One "line",\nand another',
        )
        inner = factories.enforcement_point(factories.virtual_machine('fw-2'))
        factories.enforcement_zone(outer, name='untrust', interface='ge-0/0/0')
        networks = [factories.prefix(text) for text in ('10.5.0.0/16', '2001:db8:5::/48')]
        factories.enforcement_zone(inner, 'internal', separated=False, prefixes=networks)

    def setUp(self):
        super().setUp()
        self.user.is_superuser = True
        self.user.save()

    def export(self, model):
        response = self.client.get(reverse(f'plugins:netbox_gwports:{model._meta.model_name}_list'), {'export': ''})
        return b''.join(response.streaming_content).decode()

    def import_(self, model, data, **options):
        url = reverse(f'plugins:netbox_gwports:{model._meta.model_name}_bulk_import')
        response = self.client.post(url, {'data': data, 'format': 'csv', 'csv_delimiter': ',', **options})
        if response.status_code != 302:
            self.fail(f'{model.__name__}: {response.context["form"].errors.as_text()}')

    @staticmethod
    def contents(model):
        exclude = ['last_updated', 'created']
        return [
            json.dumps(obj.serialize_object(exclude=exclude), sort_keys=True) for obj in model.objects.order_by('pk')
        ]

    def test_every_model(self):
        for name in {*models.__all__} - NOT_IMPORTED:
            model = getattr(models, name)
            with self.subTest(model=name):
                before = self.contents(model)
                self.assertTrue(before)
                self.import_(model, self.export(model))
                self.assertEqual(self.contents(model), before)

    def test_as_new_objects(self):
        """Without the column id, into a NetBox that has the related objects."""
        models.RequiredFlow.objects.filter(template=None).delete()
        before = self.contents(models.RemoteEndpoint)
        rows = [row[1:] for row in csv.reader(io.StringIO(self.export(models.RemoteEndpoint)))]
        models.RemoteEndpoint.objects.all().delete()
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        self.import_(models.RemoteEndpoint, text.getvalue())
        self.assertEqual(self.contents(models.RemoteEndpoint), before)

    def test_json_and_yaml(self):
        self.import_(
            models.GatewayService,
            json.dumps([
                {'profile': 'product', 'name': 'As JSON', 'ports': ['tcp/80', 'udp/5000-5010'], 'clear_text': True}
            ]),
            format='json',
            csv_delimiter='auto',
        )
        self.import_(
            models.GatewayService,
            '- profile: product\n  name: As YAML\n  ports: [tcp/80, icmp]\n',
            format='yaml',
            csv_delimiter='auto',
        )
        self.import_(models.RemoteEndpoint, json.dumps([
            {'name': 'As JSON', 'role': 'servers', 'dns_names': ['a.example.net'], 'ip_addresses': ['10.0.0.1'],
             'scope': 'gateways', 'gateways': ['gw-1']}
        ]), format='json', csv_delimiter='auto')  # fmt: skip
        self.assertEqual(models.GatewayService.objects.get(name='As JSON').ports, ['tcp/80', 'udp/5000-5010'])
        self.assertEqual(models.GatewayService.objects.get(name='As YAML').ports, ['icmp', 'tcp/80'])
        endpoint = models.RemoteEndpoint.objects.get(name='As JSON')
        self.assertEqual(str(endpoint.gateways.get()), 'gw-1')

    def test_ambiguous_names_say_so(self):
        url = reverse('plugins:netbox_gwports:gatewayaddress_bulk_import')
        data = {'data': 'virtual_machine,ip_address\ngw-2,192.0.2.1', 'format': 'csv', 'csv_delimiter': ','}
        errors = self.client.post(url, data).context['form'].errors.as_text()
        self.assertIn('is not unique', errors)

    def test_current_view_is_for_people(self):
        url = reverse('plugins:netbox_gwports:remoteendpoint_list')
        content = self.client.get(url, {'export': 'table'}).content.decode()
        self.assertTrue(content.startswith('Name,Role'), content[:80])

    def test_queries_do_not_grow(self):
        url = reverse('plugins:netbox_gwports:remoteendpoint_list')

        def queries():
            with CaptureQueriesContext(connection) as context:
                b''.join(self.client.get(url, {'export': ''}).streaming_content)
            return len(context)

        few = queries()
        for number in range(5):
            factories.endpoint(
                self.endpoint.role,
                scope='gateways',
                gateways=[*models.Gateway.objects.all()],
                devices=[factories.device()],
            )
        self.assertEqual(queries(), few)
