from django.test import TestCase

from netbox_gwports import filtersets
from netbox_gwports.models import EnforcementPoint, EnforcementZone, Gateway, GatewayGroup

from . import factories
from .base import FilterSetTests


class EnforcementPointTest(FilterSetTests, TestCase):
    queryset = EnforcementPoint.objects.all()
    filterset = filtersets.EnforcementPointFilterSet
    filter_name_map = {'gateway_group': 'group'}

    @classmethod
    def setUpTestData(cls):
        north, south = factories.site('North'), factories.site('South')
        cls.group = factories.group()
        product = factories.product()
        cls.grouped, cls.other = factories.gateway(product, group=cls.group), factories.gateway(product)
        cls.outer = factories.enforcement_point(
            factories.device('fw-1', north),
            groups=[cls.group],
            gateways=[cls.grouped],
            format_name='markdown',
            gateway_zone='dmz',
            gateway_interface='ge-0/0/1',
        )
        cls.inner = factories.enforcement_point(
            factories.virtual_machine('fw-2', north), gateways=[cls.grouped, cls.other], description='Inside'
        )
        factories.enforcement_point(factories.device('fw-3', south), format_name='csv')
        factories.enforcement_zone(cls.outer, 'internet')
        for zone in ('internal', 'management'):
            factories.enforcement_zone(cls.inner, zone)

    def test_filters(self):
        for params, names in (
            ({'q': 'fw-'}, ['fw-1', 'fw-2', 'fw-3']),
            ({'q': 'fw-2'}, ['fw-2']),
            ({'q': 'inside'}, ['fw-2']),
            ({'device': ['fw-1', 'fw-3']}, ['fw-1', 'fw-3']),
            ({'device_id': [self.outer.device_id]}, ['fw-1']),
            ({'virtual_machine': ['fw-2']}, ['fw-2']),
            ({'virtual_machine_id': ['null']}, ['fw-1', 'fw-3']),
            ({'site': ['north']}, ['fw-1', 'fw-2']),
            ({'gateway_id': [self.grouped.pk]}, ['fw-1', 'fw-2']),
            ({'gateway_id': [self.other.pk]}, ['fw-2']),
            ({'group_id': [self.group.pk]}, ['fw-1']),
            ({'group': ['group-1']}, ['fw-1']),
            ({'zone': ['internal', 'management']}, ['fw-2']),
            ({'zone': ['internet', 'internal']}, ['fw-1', 'fw-2']),
            ({'format_name': ['csv']}, ['fw-3']),
            ({'gateway_zone': ['dmz']}, ['fw-1']),
            ({'gateway_interface': ['ge-0/0/1']}, ['fw-1']),
        ):
            with self.subTest(**params):
                self.assertEqual([str(point) for point in self.filterset(params, self.queryset).qs], names)

    def test_whom_it_serves(self):
        """A gateway that is named by itself and with its group is there once."""
        for point in (self.outer, self.inner):
            gateways = filtersets.GatewayFilterSet({'enforcement_point_id': [point.pk]}, Gateway.objects.all()).qs
            self.assertEqual(list(gateways), list(point.served()))
        self.assertEqual(list(self.outer.served()), [self.grouped])
        self.assertEqual(list(self.inner.served()), [self.grouped, self.other])
        points = [self.outer.pk, self.inner.pk]
        groups = filtersets.GatewayGroupFilterSet({'enforcement_point_id': points}, GatewayGroup.objects.all()).qs
        self.assertEqual(list(groups), [self.group])


class EnforcementZoneTest(FilterSetTests, TestCase):
    queryset = EnforcementZone.objects.all()
    filterset = filtersets.EnforcementZoneFilterSet

    @classmethod
    def setUpTestData(cls):
        cls.outer = factories.enforcement_point(factories.device('fw-1'))
        cls.inner = factories.enforcement_point(factories.virtual_machine('fw-2'))
        cls.prefix = factories.prefix('10.0.0.0/8')
        factories.enforcement_zone(
            cls.outer, 'internet', name='untrust', interface='eth0', gateway_zone='dmz1', gateway_interface='eth1'
        )
        factories.enforcement_zone(cls.inner, 'internal', name='lan', prefixes=[cls.prefix])
        factories.enforcement_zone(cls.inner, 'internet', separated=False)

    def test_filters(self):
        for params, count in (
            ({'q': 'fw-2'}, 2),
            ({'q': 'untrust'}, 1),
            ({'q': 'internal'}, 1),
            ({'enforcement_point_id': [self.inner.pk]}, 2),
            ({'device_id': [self.outer.device_id]}, 1),
            ({'virtual_machine_id': [self.inner.virtual_machine_id]}, 2),
            ({'zone': ['internet']}, 2),
            ({'separated': False}, 1),
            ({'prefix_id': [self.prefix.pk]}, 1),
            ({'name': ['lan', 'untrust']}, 2),
            ({'interface': ['eth0']}, 1),
            ({'gateway_zone': ['dmz1']}, 1),
            ({'gateway_interface': ['eth1']}, 1),
        ):
            with self.subTest(**params):
                self.assertEqual(self.filterset(params, self.queryset).qs.count(), count)
