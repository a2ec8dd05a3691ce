from django.test import TestCase

from netbox_gwports import filtersets
from netbox_gwports.models import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole

from . import factories
from .base import FilterSetTests


class GatewayProfileTest(FilterSetTests, TestCase):
    queryset = GatewayProfile.objects.all()
    filterset = filtersets.GatewayProfileFilterSet

    @classmethod
    def setUpTestData(cls):
        factories.profile('Mail', '1.0')
        factories.profile('Mail', '2.0', published='2026-01-31', partial='Only the first page')
        factories.profile('Web', '1.0', manufacturer=factories.manufacturer('Maker 2'))

    def test_filters(self):
        for params, count in (
            ({'q': 'mail'}, 2),
            ({'q': 'maker 2'}, 1),
            ({'manufacturer': ['maker-1']}, 2),
            ({'version': ['1.0']}, 2),
            ({'published__gt': ['2026-01-01']}, 1),
            ({'partial__empty': 'false'}, 1),
        ):
            with self.subTest(**params):
                self.assertEqual(self.filterset(params, self.queryset).qs.count(), count)


class ProfileFeatureTest(FilterSetTests, TestCase):
    queryset = ProfileFeature.objects.all()
    filterset = filtersets.ProfileFeatureFilterSet
    filter_name_map = {'gateway': 'gateway'}

    @classmethod
    def setUpTestData(cls):
        cls.product = factories.product()
        cls.gateway = factories.gateway(cls.product)
        factories.feature(factories.profile(slug='other'), 'Mode', group='Modes')

    def test_filters(self):
        for params, count in (
            ({'profile_id': [self.product.pk]}, 3),
            ({'profile': ['other']}, 1),
            ({'slug': ['mode']}, 2),
            ({'parent': ['mode']}, 1),
            ({'parent_id': ['null']}, 3),
            ({'enabled_by_default': True}, 1),
            ({'gateway_id': [self.gateway.pk]}, 1),
            ({'group': ['Modes']}, 1),
        ):
            with self.subTest(**params):
                self.assertEqual(self.filterset(params, self.queryset).qs.count(), count)


class GatewayServiceTest(FilterSetTests, TestCase):
    queryset = GatewayService.objects.all()
    filterset = filtersets.GatewayServiceFilterSet
    # Found by protocol and port
    ignore_fields = ('ports', 'port_ranges')

    @classmethod
    def setUpTestData(cls):
        profile = factories.profile(slug='product')
        factories.service(profile, 'DNS', ['tcp/53', 'udp/53'])
        factories.service(profile, 'High', ['tcp/1024-65535'])
        factories.service(profile, 'Mixed', ['tcp/80', 'udp/2000'])
        factories.service(profile, 'Ping', ['icmp'])
        factories.service(factories.profile(), 'Any', ['sctp/any'])

    def names(self, **params):
        filterset = self.filterset(params, self.queryset)
        self.assertTrue(filterset.is_valid(), filterset.errors)
        return {service.name for service in filterset.qs}

    def test_one_spec_meets_protocol_and_port(self):
        self.assertEqual(self.names(port=[2000]), {'High', 'Mixed', 'Any'})
        self.assertEqual(self.names(port=[2000], protocol=['tcp']), {'High'})
        self.assertEqual(self.names(port=[80], protocol=['udp']), set())
        self.assertEqual(self.names(protocol=['UDP', 'ip/6']), {'DNS', 'High', 'Mixed'})
        self.assertEqual(self.names(protocol=['icmp']), {'Ping'})
        self.assertEqual(self.names(port=[53, 80]), {'DNS', 'Mixed', 'Any'})

    def test_wrong_values_are_errors(self):
        for params in ({'port': ['0']}, {'port': [65536]}, {'port': [10**12]}, {'protocol': ['tcpp']}):
            with self.subTest(**params):
                self.assertFalse(self.filterset(params, self.queryset).is_valid())

    def test_profile(self):
        self.assertEqual(len(self.names(profile=['product'])), 4)


class RemoteRoleTest(FilterSetTests, TestCase):
    queryset = RemoteRole.objects.all()
    filterset = filtersets.RemoteRoleFilterSet

    @classmethod
    def setUpTestData(cls):
        factories.role('dns')
        factories.role('anyone', 'internet', 'any')
        factories.role('peers', 'dmz', 'peers')

    def test_filters(self):
        self.assertEqual(self.filterset({'zone': ['internet', 'dmz']}, self.queryset).qs.count(), 2)
        self.assertEqual(self.filterset({'kind': ['any']}, self.queryset).qs.count(), 1)
        self.assertEqual(self.filterset({'q': 'dns'}, self.queryset).qs.count(), 1)


class FlowTemplateTest(FilterSetTests, TestCase):
    queryset = FlowTemplate.objects.all()
    filterset = filtersets.FlowTemplateFilterSet
    filter_name_map = {'remote_role': 'role', 'dns_names': 'dns_name'}

    @classmethod
    def setUpTestData(cls):
        cls.product = factories.product(slug='product')
        factories.template(factories.service(factories.profile()), factories.role('anyone'))

    def test_filters(self):
        for params, count in (
            ({'q': 'web interface'}, 1),
            ({'profile': ['product']}, 5),
            ({'service': ['DNS']}, 1),
            ({'port': [53], 'protocol': ['udp']}, 1),
            ({'direction': ['inbound']}, 2),
            ({'role': ['administrators', 'dns-servers']}, 3),
            ({'feature': ['full-mode']}, 1),
            ({'feature_id': ['null']}, 4),
            ({'row': [2]}, 4),
            ({'row__lt': [2]}, 1),
            ({'not_opened': True}, 1),
            ({'not_opened': False}, 5),
            ({'withdrawn': True}, 0),
            ({'dns_name': ['cdn.updates.example.net']}, 1),
            ({'dns_name': ['updates.example.net']}, 0),
            ({'dns_name': ['*.eu.updates.example.net']}, 1),
        ):
            with self.subTest(**params):
                self.assertEqual(self.filterset(params, self.queryset).qs.count(), count)
