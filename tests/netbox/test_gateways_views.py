from core.models import ObjectChange
from django.urls import reverse
from ipam.models import IPAddress
from tenancy.models import Tenant
from users.models import ObjectPermission
from utilities.testing import TestCase, ViewTestCases, create_tags

from netbox_gwports.forms import GatewayForm
from netbox_gwports.models import Gateway, GatewayAddress, GatewayGroup

from . import factories
from .base import PluginURLs

ADD = 'plugins:netbox_gwports:gateway_add'
EDIT = 'plugins:netbox_gwports:gateway_edit'


class GatewayGroupTest(
    PluginURLs, ViewTestCases.OrganizationalObjectViewTestCase, ViewTestCases.BulkRenameObjectsViewTestCase
):
    model = GatewayGroup

    @classmethod
    def setUpTestData(cls):
        groups = [factories.group(f'Group {n}') for n in range(3)]
        cls.form_data = {'name': 'Group X', 'slug': 'group-x', 'description': 'A group'}
        cls.csv_data = ('name,slug', 'Group 4,group-4', 'Group 5,group-5', 'Group 6,group-6')
        cls.csv_update_data = ('id,description', *(f'{group.pk},Changed' for group in groups))
        cls.bulk_edit_data = {'description': 'Edited'}


class GatewayTest(PluginURLs, ViewTestCases.PrimaryObjectViewTestCase):
    model = Gateway

    @classmethod
    def setUpTestData(cls):
        product = factories.product(slug='product')
        dns_names = [factories.device('gw-1'), factories.virtual_machine('gw-2'), factories.device('gw-3')]
        gateways = [factories.gateway(product, host) for host in dns_names]
        factories.device('dev-4')
        factories.virtual_machine('vm-5')
        factories.device('dev-6')
        group = factories.group()
        tenant = Tenant.objects.create(name='Tenant 1', slug='tenant-1')
        features = product.features.order_by('pk')
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'device': factories.device('gw-x').pk,
            'virtual_machine': None,
            'profile': product.pk,
            'features': [feature.pk for feature in features],
            'group': group.pk,
            'tenant': tenant.pk,
            'status': 'planned',
            'description': 'A gateway',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'device,virtual_machine,profile,features,group,tenant,status',
            'dev-4,,product,"mode,base",group-1,Tenant 1,planned',
            ',vm-5,product,,,,',
            'dev-6,,product,full-mode,,,active',
        )
        cls.csv_update_data = ('id,status,features', *(f'{g.pk},planned,full-mode' for g in gateways))
        cls.bulk_edit_data = {'status': 'decommissioning', 'description': 'Edited'}

    def test_bulk_edit_features(self):
        """Features are added with their parents and removed with what builds on them; flows follow once."""
        self.add_permissions(
            'netbox_gwports.change_gateway', 'netbox_gwports.view_gateway', 'netbox_gwports.view_profilefeature'
        )
        gateways = Gateway.objects.order_by('pk')
        full, mode = (gateways[0].profile.features.get(name=name).pk for name in ('Full mode', 'Mode'))
        data = {'pk': [g.pk for g in gateways], '_apply': True}
        self.client.post(self._get_url('bulk_edit'), {**data, 'add_features': [full]})
        for gateway in gateways:
            self.assertEqual({f.name for f in gateway.features.all()}, {'Base', 'Mode', 'Full mode'})
            self.assertEqual(gateway.flows.count(), 5)
        self.client.post(self._get_url('bulk_edit'), {**data, 'remove_features': [mode]})
        for gateway in gateways:
            self.assertEqual({f.name for f in gateway.features.all()}, {'Base'})

    def test_import_needs_one_host(self):
        self.add_permissions(
            'netbox_gwports.add_gateway',
            'dcim.view_device',
            'virtualization.view_virtualmachine',
            'netbox_gwports.view_gatewayprofile',
        )
        for row in ('dev-4,vm-5,product', ',,product', 'gw-1,,product'):
            data = {'data': f'device,virtual_machine,profile\n{row}', 'format': 'csv', 'csv_delimiter': ','}
            response = self.client.post(self._get_url('bulk_import'), data)
            self.assertTrue(response.context['form'].errors, row)


class GatewayAddressTest(
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
    model = GatewayAddress

    @classmethod
    def setUpTestData(cls):
        device, vm = factories.device('gw-1'), factories.virtual_machine('gw-2')
        gateways = [factories.gateway(host=device), factories.gateway(host=vm)]
        addresses = [factories.address(gateways[0], f'192.0.2.{n}/24', ['dmz']) for n in (1, 2, 3)]
        new = [factories.ip(f'192.0.2.{n}/24', device) for n in (4, 5)]
        factories.ip('192.0.2.6/24', vm)
        cls.form_data = {
            'gateway': gateways[0].pk,
            'ip_address': new[0].pk,
            'zones': ['internet', 'dmz'],
            'use': 'both',
        }
        cls.csv_data = (
            'device,virtual_machine,ip_address,zones,use',
            'gw-1,,192.0.2.4,"internet,dmz",inbound',
            'gw-1,,192.0.2.5/24,,',
            ',gw-2,192.0.2.6,management,both',
        )
        cls.csv_update_data = ('id,use', *(f'{address.pk},inbound' for address in addresses))
        cls.bulk_edit_data = {'use': 'inbound', 'zones': ['internet']}

    def test_import_duplicate(self):
        """An address that the gateway has already is an error of the record, not of the database."""
        self.add_permissions('netbox_gwports.add_gatewayaddress', 'netbox_gwports.view_gateway', 'ipam.view_ipaddress')
        data = {'data': 'device,ip_address\ngw-1,192.0.2.1', 'format': 'csv', 'csv_delimiter': ','}
        response = self.client.post(self._get_url('bulk_import'), data)
        self.assertTrue(response.context['form'].errors)

    def test_narrowed(self):
        """With a gateway given, the selector offers the addresses of its host."""
        gateway = Gateway.objects.get(device__name='gw-1')
        self.add_permissions('netbox_gwports.add_gatewayaddress')
        form = self.client.get(self._get_url('add'), {'gateway': gateway.pk}).context['form']
        self.assertIn('device_id', form.fields['ip_address'].widget.attrs['data-static-params'])


class GatewayFormTest(TestCase):
    """Creating a gateway is one form: host, product, features, and addresses with the zones that they face."""

    @classmethod
    def setUpTestData(cls):
        cls.product = factories.product()
        cls.host = factories.device()
        cls.outside, cls.inside, cls.other = (factories.ip(f'192.0.2.{n}/24', cls.host) for n in (1, 2, 3))

    def setUp(self):
        super().setUp()
        self.add_permissions(
            'netbox_gwports.add_gateway',
            'netbox_gwports.change_gateway',
            'netbox_gwports.view_gatewayprofile',
            'netbox_gwports.view_profilefeature',
            'netbox_gwports.add_gatewayaddress',
            'netbox_gwports.change_gatewayaddress',
            'netbox_gwports.delete_gatewayaddress',
            'dcim.view_device',
        )
        self.allow_ips()

    def allow_ips(self, **constraints):
        from core.models import ObjectType

        ObjectPermission.objects.filter(name='IPs').delete()
        permission = ObjectPermission.objects.create(name='IPs', actions=['view'], constraints=constraints or None)
        permission.users.add(self.user)
        permission.object_types.add(ObjectType.objects.get_for_model(IPAddress))

    def post(self, gateway=None, **data):
        url = reverse(EDIT, args=[gateway.pk]) if gateway else reverse(ADD)
        return self.client.post(url, {'device': self.host.pk, 'profile': self.product.pk, 'status': 'active', **data})

    def facing(self):
        return {str(a.ip_address.address.ip): a.zones for a in GatewayAddress.objects.all()}

    def features(self, *names):
        return [self.product.features.get(name=name).pk for name in names]

    def create(self, **data):
        response = self.post(**data)
        self.assertHttpStatus(response, 302)
        return Gateway.objects.get()

    def test_create(self):
        gateway = self.create(
            facing_internet=[self.outside.pk],
            facing_dmz=[self.outside.pk, self.inside.pk],
            facing_others=[self.other.pk],
        )
        self.assertEqual(self.facing(), {'192.0.2.1': ['internet', 'dmz'], '192.0.2.2': ['dmz'], '192.0.2.3': []})
        # No features chosen: the product's defaults, and the flows that they need
        self.assertEqual([f.name for f in gateway.features.all()], ['Base'])
        self.assertEqual(gateway.flows.count(), 3)
        changes = ObjectChange.objects.filter(changed_object_type__model='gatewayaddress', action='create')
        self.assertEqual(changes.count(), 3)
        self.assertEqual(
            {c.request_id for c in changes}, {ObjectChange.objects.filter(action='create').first().request_id}
        )

    def test_parents_come_along(self):
        gateway = self.create(features=self.features('Full mode'))
        self.assertEqual({f.name for f in gateway.features.all()}, {'Mode', 'Full mode'})

    def test_features_of_another_product(self):
        foreign = factories.product().features.first()
        response = self.post(features=[foreign.pk])
        self.assertIn('features', response.context['form'].errors)

    def test_no_features_left(self):
        gateway = self.create()
        self.assertHttpStatus(self.post(gateway, features=[]), 302)
        self.assertFalse(gateway.features.exists())

    def test_another_release(self):
        """Features are carried over by what they are called, whether or not the form still holds the old ones."""
        release = factories.product()
        gateway = self.create(features=self.features('Mode'))
        for features in ([], self.features('Mode')):
            with self.subTest(features=features):
                self.assertHttpStatus(self.post(gateway, profile=release.pk, features=features), 302)
                self.assertEqual([f.name for f in gateway.features.all()], ['Mode'])
                self.assertEqual({f.profile for f in gateway.features.all()}, {release})
                self.assertHttpStatus(self.post(gateway), 302)

    def test_another_release_with_features_of_its_own(self):
        release = factories.product()
        gateway = self.create(features=self.features('Mode'))
        mode, full = (release.features.get(name=name).pk for name in ('Mode', 'Full mode'))
        self.assertHttpStatus(self.post(gateway, profile=release.pk, features=[mode, full]), 302)
        self.assertEqual({f.pk for f in gateway.features.all()}, {mode, full})

    def test_hidden_features_stay(self):
        gateway = self.create(features=self.features('Mode', 'Base'))
        self.remove_permissions('netbox_gwports.view_profilefeature')
        self.assertHttpStatus(self.post(gateway), 302)
        self.assertEqual({f.name for f in gateway.features.all()}, {'Mode', 'Base'})

    def test_edit_addresses(self):
        gateway = self.create(facing_internet=[self.outside.pk], facing_dmz=[self.inside.pk])
        row = gateway.addresses.get(ip_address=self.outside)
        row.use = 'inbound'
        row.save()
        form = self.client.get(reverse(EDIT, args=[gateway.pk])).context['form']
        self.assertEqual(form.initial['facing_internet'], [self.outside.pk])
        self.assertHttpStatus(self.post(gateway, facing_dmz=[self.outside.pk], facing_others=[self.other.pk]), 302)
        self.assertEqual(self.facing(), {'192.0.2.1': ['dmz'], '192.0.2.3': []})
        self.assertEqual(gateway.addresses.get(ip_address=self.outside).use, 'inbound')

    def test_address_of_another_host(self):
        foreign = factories.ip('192.0.2.99/24', factories.device())
        response = self.post(facing_dmz=[foreign.pk])
        self.assertIn('facing_dmz', response.context['form'].errors)
        self.assertFalse(Gateway.objects.exists())

    def test_address_for_a_zone_and_every_other(self):
        response = self.post(facing_dmz=[self.inside.pk], facing_others=[self.inside.pk])
        self.assertIn('facing_others', response.context['form'].errors)

    def test_hidden_addresses_stay(self):
        """What a user may not see is neither shown nor removed."""
        gateway = self.create(facing_internet=[self.outside.pk], facing_dmz=[self.inside.pk])
        self.allow_ips(pk=self.outside.pk)
        form = self.client.get(reverse(EDIT, args=[gateway.pk])).context['form']
        self.assertEqual(form.initial['facing_dmz'], [])
        self.assertHttpStatus(self.post(gateway), 302)
        self.assertEqual(self.facing(), {'192.0.2.2': ['dmz']})

    def test_without_permission_for_addresses(self):
        self.remove_permissions('netbox_gwports.delete_gatewayaddress')
        gateway = self.create(facing_internet=[self.outside.pk])
        form = self.client.get(reverse(EDIT, args=[gateway.pk])).context['form']
        self.assertNotIn('facing_internet', form.fields)
        self.assertHttpStatus(self.post(gateway), 302)
        self.assertEqual(self.facing(), {'192.0.2.1': ['internet']})

    def test_initial_values(self):
        """The button of a device hands over the device."""
        form = self.client.get(reverse(ADD), {'device': self.host.pk}).context['form']
        self.assertEqual(str(form['device'].value()), str(self.host.pk))

    def test_without_user(self):
        """As a script uses it."""
        form = GatewayForm({
            'device': self.host.pk,
            'profile': self.product.pk,
            'status': 'active',
            'facing_dmz': [self.inside.pk],
        })
        self.assertTrue(form.is_valid(), form.errors)
        form.save()
        self.assertEqual(self.facing(), {'192.0.2.2': ['dmz']})
