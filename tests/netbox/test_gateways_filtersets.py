from django.test import TestCase
from tenancy.models import Tenant

from netbox_gwports import filtersets
from netbox_gwports.models import Gateway, GatewayAddress, GatewayGroup

from . import factories
from .base import FilterSetTests


class GatewayGroupTest(FilterSetTests, TestCase):
    queryset = GatewayGroup.objects.all()
    filterset = filtersets.GatewayGroupFilterSet

    @classmethod
    def setUpTestData(cls):
        cls.groups = [factories.group(f'Group {n}') for n in range(3)]
        cls.endpoint = factories.endpoint(factories.role(), scope='groups', groups=cls.groups[:2])

    def test_filters(self):
        for params, count in (
            ({'q': 'group 1'}, 1),
            ({'slug': ['group-0']}, 1),
            ({'remote_endpoint_id': [self.endpoint.pk]}, 2),
        ):
            with self.subTest(**params):
                self.assertEqual(self.filterset(params, self.queryset).qs.count(), count)


class GatewayTest(FilterSetTests, TestCase):
    queryset = Gateway.objects.all()
    filterset = filtersets.GatewayFilterSet
    filter_name_map = {'profile_feature': 'feature'}
    # Its numbers have filters of their own: see test_summary
    ignore_fields = ('standing',)

    @classmethod
    def setUpTestData(cls):
        product, other = factories.product(slug='product'), factories.product()
        north, south = factories.site('North'), factories.site('South')
        tenant = Tenant.objects.create(name='Tenant 1', slug='tenant-1')
        dns_names = (
            factories.device('gw-1', north),
            factories.virtual_machine('gw-2', north),
            factories.device('gw-3', south),
        )
        mode = product.features.get(name='Mode')
        cls.gateways = (
            factories.gateway(product, dns_names[0], group=factories.group(), tenant=tenant, features=[mode]),
            factories.gateway(product, dns_names[1], status='planned'),
            factories.gateway(other, dns_names[2]),
        )
        factories.address(cls.gateways[0], '192.0.2.1/24', ['internet'])
        factories.address(cls.gateways[1], '192.0.2.2/24')
        cls.endpoint = factories.endpoint(factories.role(), scope='gateways', gateways=cls.gateways[:2])

    def test_filters(self):
        for params, count in (
            ({'q': 'gw-'}, 3),
            ({'q': 'gw-2'}, 1),
            ({'device': ['gw-1', 'gw-3']}, 2),
            ({'device_id': [self.gateways[0].device_id]}, 1),
            ({'virtual_machine': ['gw-2']}, 1),
            ({'virtual_machine_id': ['null']}, 2),
            ({'site': ['north']}, 2),
            ({'site': ['north', 'south']}, 3),
            ({'tenant': ['tenant-1']}, 1),
            ({'profile': ['product']}, 2),
            ({'feature': ['base']}, 2),
            ({'feature': ['mode', 'base']}, 3),
            ({'group': ['group-1']}, 1),
            ({'group_id': ['null']}, 2),
            ({'status': ['planned']}, 1),
            ({'zone': ['internet']}, 2),
            ({'zone': ['dmz']}, 1),
            ({'remote_endpoint_id': [self.endpoint.pk]}, 2),
            ({'ip_address_id': [self.gateways[0].addresses.get().ip_address_id]}, 1),
        ):
            with self.subTest(**params):
                self.assertEqual(self.filterset(params, self.queryset).qs.count(), count)


class GatewayAddressTest(FilterSetTests, TestCase):
    queryset = GatewayAddress.objects.all()
    filterset = filtersets.GatewayAddressFilterSet
    filter_name_map = {'zones': 'zone'}

    @classmethod
    def setUpTestData(cls):
        cls.gateway = factories.gateway(host=factories.device('gw-1'))
        factories.address(cls.gateway, '192.0.2.1/24', ['internet', 'dmz'])
        factories.address(cls.gateway, '192.0.2.2/24', use='inbound')
        factories.address(factories.gateway(), '192.0.2.3/24', ['dmz'])

    def test_filters(self):
        for params, count in (
            ({'q': 'gw-1'}, 2),
            ({'q': '192.0.2.3'}, 1),
            ({'gateway_id': [self.gateway.pk]}, 2),
            ({'device_id': [self.gateway.device_id]}, 2),
            ({'ip_address': ['192.0.2.2/24']}, 1),
            ({'zone': ['dmz']}, 2),
            ({'zone': ['internet', 'management']}, 1),
            ({'use': ['inbound']}, 1),
        ):
            with self.subTest(**params):
                self.assertEqual(self.filterset(params, self.queryset).qs.count(), count)
