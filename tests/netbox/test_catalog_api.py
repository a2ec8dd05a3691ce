"""REST and GraphQL of the catalog: what is stored is canonical, what is refused says where and why."""

from utilities.testing import APIViewTestCases, GraphQLFilterTest

from netbox_gwports.models import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole

from . import factories
from .base import APITests
from .rest import RestTests, product


class GatewayProfileAPITests(APITests, APIViewTestCases.APIViewTestCase):
    model = GatewayProfile
    graphql_base_name = 'gwports_gateway_profile'
    brief_fields = ['description', 'display', 'id', 'name', 'slug', 'url', 'version']
    bulk_update_data = {'description': 'New', 'source_url': 'https://vendor.example/ports'}
    bulk_update_invalid_data = {'source_url': 'nowhere'}

    @classmethod
    def setUpTestData(cls):
        manufacturer = factories.manufacturer()
        for n in range(3):
            factories.profile(
                f'Product {n}',
                published='2026-01-01',
                source_url=f'https://vendor.example/{n}',
                description=f'Text {n}',
            )
        cls.create_data = [
            {
                'manufacturer': manufacturer.pk,
                'name': 'New',
                'version': str(n),
                'slug': f'new-{n}',
                'source_url': 'https://vendor.example/new',
                'published': '2026-02-03',
                'description': 'New',
                'partial': 'The second page is missing',
            }
            for n in range(3)
        ]


class ProfileFeatureAPITests(APITests, APIViewTestCases.APIViewTestCase):
    model = ProfileFeature
    graphql_base_name = 'gwports_profile_feature'
    brief_fields = ['description', 'display', 'id', 'name', 'slug', 'url']
    bulk_update_data = {'group': 'Directory', 'enabled_by_default': True}
    bulk_update_invalid_data = {'slug': 'not a slug'}

    @classmethod
    def setUpTestData(cls):
        made = product()
        ProfileFeature.objects.all().update(group='Group', description='Description')
        FlowTemplate.objects.all().delete()
        # A feature that others build on cannot be deleted
        ProfileFeature.objects.filter(parent=made.a).update(parent=None)
        cls.create_data = [
            {'profile': made.profile.pk, 'name': 'New 0', 'slug': 'new-0', 'group': 'Group'},
            {'profile': made.profile.pk, 'name': 'New 1', 'slug': 'new-1', 'parent': made.a.pk},
            {'profile': made.profile.pk, 'name': 'New 2', 'slug': 'new-2', 'enabled_by_default': True},
        ]
        cls.update_data = {'name': 'Other', 'slug': 'other'}

    def test_bulk_create_objects(self):
        # One of them names its parent
        self.add_permissions('netbox_gwports.view_profilefeature')
        super().test_bulk_create_objects()


class GatewayServiceAPITests(APITests, APIViewTestCases.APIViewTestCase):
    model = GatewayService
    graphql_base_name = 'gwports_gateway_service'
    brief_fields = ['description', 'display', 'id', 'name', 'ports', 'url']
    bulk_update_data = {'application_protocol': 'SMTP', 'ports': ['tcp/25']}
    bulk_update_invalid_data = {'ports': ['tcp']}
    graphql_filter_tests = (
        GraphQLFilterTest('a range meets a port in it', 'meets: {protocol: "TCP", port: 2000}', {'name': 'Service 0'}),
        GraphQLFilterTest('any protocol', 'meets: {port: 53}', {'name__in': ['Service 1', 'Service 2']}),
        GraphQLFilterTest('portless', 'meets: {protocol: "icmp"}', {'name': 'Service 2'}),
    )

    @classmethod
    def setUpTestData(cls):
        profile = product().profile
        GatewayService.objects.all().delete()
        for n, ports in enumerate((['tcp/1024-65535'], ['udp/53'], ['icmp', 'tcp/53'])):
            factories.service(profile, f'Service {n}', ports, application_protocol='HTTP', description='Old')
        cls.create_data = [
            {'profile': profile.pk, 'name': 'DNS', 'ports': ['tcp/53', 'udp/53'], 'application_protocol': 'DNS'},
            {'profile': profile.pk, 'name': 'FTP', 'ports': ['tcp/21'], 'clear_text': True},
            {'profile': profile.pk, 'name': 'VPN', 'ports': ['esp', 'udp/500']},
        ]


class RemoteRoleAPITests(APITests, APIViewTestCases.APIViewTestCase):
    model = RemoteRole
    graphql_base_name = 'gwports_remote_role'
    brief_fields = ['description', 'display', 'id', 'name', 'slug', 'url']
    bulk_update_data = {'zone': 'management', 'kind': 'any'}
    bulk_update_invalid_data = {'zone': 'moon'}
    graphql_filter_tests = (GraphQLFilterTest('zone', 'zone: {exact: ZONE_DMZ}', {'slug': 'role-1'}),)

    @classmethod
    def setUpTestData(cls):
        for n, zone in enumerate(('internal', 'dmz', 'internet')):
            factories.role(f'role-{n}', zone, description='Old')
        cls.create_data = [
            {'name': f'New {kind}', 'slug': f'new-{kind}', 'zone': 'internal', 'kind': kind}
            for kind in ('named', 'peers', 'proxy')
        ]


class FlowTemplateAPITests(APITests, APIViewTestCases.APIViewTestCase):
    model = FlowTemplate
    graphql_base_name = 'gwports_flow_template'
    brief_fields = ['description', 'direction', 'display', 'id', 'purpose', 'service', 'url']
    bulk_update_data = {'notes': 'Must not be blocked', 'direct': True}
    bulk_update_invalid_data = {'direction': 'sideways'}
    graphql_filter_tests = (
        GraphQLFilterTest('a wildcard stands for a name', 'dns_name: "a.b.example.net"', {'purpose': 'For A'}),
        GraphQLFilterTest('ports of the service', 'meets: {protocol: "udp", port: 53}', {}),
    )

    @classmethod
    def setUpTestData(cls):
        made = product()
        FlowTemplate.objects.filter(feature=made.a).update(dns_names=['*.example.net'], row=18, item=2)
        FlowTemplate.objects.filter(feature=made.b).update(dns_names=['cdn.example.org'], zone='dmz')
        cls.create_data = [
            {
                'service': made.service.pk, 'direction': 'inbound', 'remote_role': made.role.pk, 'purpose': f'New {n}',
                'feature': made.b.pk, 'dns_names': ['update.example.net'], 'replaceable': True,
                'zone': 'internet', 'direct': True, 'notes': 'Notes', 'not_opened': 'No listener', 'row': 3,
                'item': n + 1, 'printed': 'Out',
            }
            for n in range(3)
        ]  # fmt: skip


class CatalogRestTests(RestTests):
    @classmethod
    def setUpTestData(cls):
        cls.product = product(version='1.0')

    def service(self, **values):
        return {'profile': self.product.profile.pk, 'name': 'New', 'ports': ['tcp/1'], **values}

    def template(self, **values):
        made = self.product
        return {
            'service': made.service.pk,
            'direction': 'inbound',
            'remote_role': made.role.pk,
            'purpose': 'New',
            **values,
        }

    def test_ports_are_stored_in_canonical_form(self):
        made = self.rest('post', 'gateway-services/', self.service(ports=[' UDP/53', 'tcp/80-80', 'tcp/81', 'tcp/81']))
        self.assertEqual(made['ports'], ['tcp/80-81', 'udp/53'])
        path = f'gateway-services/{made["id"]}/'
        self.assertEqual(self.rest('patch', path, {'ports': ['tcp/1-65535']})['ports'], ['tcp/any'])
        self.assertEqual(GatewayService.objects.get(pk=made['id']).ports, ['tcp/any'])

    def test_wrong_ports_are_refused_by_their_field(self):
        for ports in ([], ['tcp'], ['tcp/0'], ['tcp/70000'], ['icmp/1'], ['nonsense'], 'tcp/1', None):
            with self.subTest(ports=ports):
                self.assertEqual(list(self.refused('post', 'gateway-services/', self.service(ports=ports))), ['ports'])
        self.assertEqual(
            list(self.refused('patch', f'gateway-services/{self.product.service.pk}/', {'ports': ['tcp/0']})), ['ports']
        )

    def test_host_names_are_stored_in_canonical_form(self):
        dns_names = ['B.Example.NET.', '*.bücher.example', 'b.example.net']
        made = self.rest('post', 'flow-templates/', self.template(dns_names=dns_names))
        self.assertEqual(made['dns_names'], ['*.xn--bcher-kva.example', 'b.example.net'])
        answer = self.refused('patch', f'flow-templates/{made["id"]}/', {'dns_names': ['a.*.example.net']})
        self.assertEqual(list(answer), ['dns_names'])

    def test_what_is_there_already_is_refused(self):
        made = self.product
        profile = {
            'manufacturer': made.profile.manufacturer.pk,
            'name': 'Product',
            'version': '1.0',
            'slug': 'product-1-0',
        }
        feature = {'profile': made.profile.pk, 'name': 'New', 'slug': 'new'}
        role = {'name': 'New', 'slug': 'new', 'zone': 'dmz'}
        for path, data, where in (
            ('gateway-profiles', {**profile, 'version': '2.0'}, 'slug'),
            ('gateway-profiles', {**profile, 'slug': 'new'}, '__all__'),
            ('profile-features', {**feature, 'slug': 'a'}, '__all__'),
            ('profile-features', {**feature, 'name': 'A'}, '__all__'),
            ('gateway-services', self.service(name='DNS'), '__all__'),
            ('remote-roles', {**role, 'slug': 'dns-servers'}, 'slug'),
            ('remote-roles', {**role, 'name': 'Dns servers'}, 'name'),
            ('flow-templates', self.template(direction='outbound', purpose='For None'), '__all__'),
        ):
            with self.subTest(path=path, where=where):
                self.assertEqual(list(self.refused('post', f'{path}/', data)), [where])

    def test_what_belongs_to_another_profile_is_refused(self):
        other = product()
        answer = self.refused('patch', f'profile-features/{self.product.b.pk}/', {'parent': other.a.pk})
        self.assertEqual(list(answer), ['parent'])
        self.assertEqual(list(self.refused('post', 'flow-templates/', self.template(feature=other.a.pk))), ['feature'])

    def test_a_feature_is_not_its_own_ancestor(self):
        answer = self.refused('patch', f'profile-features/{self.product.a.pk}/', {'parent': self.product.child.pk})
        self.assertEqual(list(answer), ['parent'])

    def test_the_source_is_shown_and_withdrawing_is_the_catalogs(self):
        data = self.template(row=18, item=2, withdrawn=True, row_label='1.1')
        made = self.rest('post', 'flow-templates/', data)
        self.assertEqual((made['row_label'], made['withdrawn']), ('18.2', False))
        self.assertEqual(made['zone'], None)
        self.assertEqual(made['direction'], {'value': 'inbound', 'label': 'Inbound'})

    def test_lists_ask_the_database_a_constant_number_of_times(self):
        for path in ('gateway-services/', 'flow-templates/', 'flow-templates/?fields=id,display', 'profile-features/'):
            with self.subTest(path=path):
                self.assertSameQueries(lambda path=path: self.rest('get', path), product)


class CatalogGraphQLTests(RestTests):
    @classmethod
    def setUpTestData(cls):
        cls.product = product(version='1.0')

    def test_a_vendors_table(self):
        data = self.graphql("""{
            gwports_gateway_profile_list(filters: {slug: {exact: "product-1-0"}}) {
                display features { slug parent { slug } } services { ports flow_templates { display row_label } }
            }
        }""")
        (profile,) = data['gwports_gateway_profile_list']
        self.assertEqual(profile['display'], 'Product 1.0')
        self.assertIn({'slug': 'child', 'parent': {'slug': 'a'}}, profile['features'])
        (service,) = profile['services']
        self.assertEqual(service['ports'], ['udp/53'])
        self.assertIn({'display': 'DNS: For A', 'row_label': ''}, service['flow_templates'])

    def test_names_do_not_cost_a_query_each(self):
        query = '{ gwports_flow_template_list { display service { display } feature { display } } }'
        self.assertSameQueries(lambda: self.graphql(query), product)
