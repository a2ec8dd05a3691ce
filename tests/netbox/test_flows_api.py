"""REST and GraphQL of required flows: by hand through REST, from a template only by the profile."""

from utilities.testing import APIViewTestCases, GraphQLFilterTest

from netbox_gwports.models import RequiredFlow

from . import factories
from .base import APITests
from .rest import RestTests, product


class RequiredFlowAPITests(APITests, APIViewTestCases.APIViewTestCase):
    model = RequiredFlow
    graphql_base_name = 'gwports_required_flow'
    brief_fields = ['description', 'display', 'id', 'name', 'purpose', 'status', 'url']
    bulk_update_data = {
        'status': 'rejected',
        'justification': 'Else',
        'ports': ['tcp/8443'],
        'valid_until': '2030-01-31',
    }
    bulk_update_invalid_data = {'ports': ['tcp']}
    # The filter by a gateway's device looks at devices
    user_permissions = ('dcim.view_device',)
    graphql_filter_tests = (
        GraphQLFilterTest('a range meets a port in it', 'meets: {protocol: "udp", port: 5005}', {'name': 'Flow 1'}),
        GraphQLFilterTest('a wildcard stands for a name', 'dns_name: "a.b.example.net"', {'name': 'Flow 2'}),
        GraphQLFilterTest('status', 'status: {exact: STATUS_REJECTED}', {'name': 'Flow 0'}),
        GraphQLFilterTest('gateway', 'gateway: {device: {name: {exact: "gw"}}}', {}),
    )

    @classmethod
    def setUpTestData(cls):
        made = product()
        gateway = factories.gateway(made.profile, factories.device('gw'))
        RequiredFlow.objects.all().delete()
        factories.flow(
            gateway, made.role, 'Flow 0', ports=['tcp/25'], status='rejected', feature=made.b,
            valid_until='2031-01-01', justification='Because', template=made.templates[3], description='Old',
        )  # fmt: skip
        factories.flow(gateway, made.role, 'Flow 1', ports=['udp/5000-5010'], description='Older')
        factories.flow(gateway, made.role, 'Flow 2', ports=['tcp/443'], dns_names=['*.example.net'])
        endpoint = factories.endpoint(made.role)
        cls.create_data = [
            {
                'gateway': gateway.pk, 'name': f'New {n}', 'application_protocol': 'HTTPS', 'ports': ['tcp/443'],
                'direction': 'outbound', 'remote_role': made.role.pk, 'dns_names': ['update.example.net'],
                'replaceable': True, 'zone': 'internet', 'purpose': 'Updates', 'feature': made.b.pk,
                'direct': True, 'clear_text': True, 'endpoints': [endpoint.pk], 'status': 'rejected',
                'justification': 'Because', 'mitigation': 'VPN', 'valid_until': '2030-12-31',
            }
            for n in range(3)
        ]  # fmt: skip


class RequiredFlowRestTests(RestTests):
    @classmethod
    def setUpTestData(cls):
        cls.product = product()
        cls.gateway = factories.gateway(cls.product.profile, factories.device('gw'))
        cls.flow = cls.gateway.flows.get(purpose='For A')

    def data(self, **values):
        return {
            'gateway': self.gateway.pk,
            'name': 'HTTPS',
            'ports': ['tcp/443'],
            'direction': 'outbound',
            'remote_role': self.product.role.pk,
            'purpose': 'By hand',
            **values,
        }

    def patch(self, **values):
        return self.rest('patch', f'required-flows/{self.flow.pk}/', values)

    def wrong(self, **values):
        return self.refused('patch', f'required-flows/{self.flow.pk}/', values)

    def test_what_rest_makes_is_written_by_hand(self):
        made = self.rest('post', 'required-flows/', self.data(template=self.product.templates[3].pk))
        self.assertEqual((made['template'], made['status']['value']), (None, 'required'))
        self.assertEqual(made['gateway']['device']['name'], 'gw')
        self.assertEqual((made['direction']['label'], made['zone']), ('Outbound', None))

    def test_the_template_is_shown_and_not_changed(self):
        after = self.patch(template=None, mitigation='VPN')
        self.assertEqual((after['template']['display'], after['mitigation']), ('DNS: For A', 'VPN'))

    def test_what_reconciling_remembers_is_not_shown(self):
        flow = self.patch(template_values={}, status_before_withdrawal='waived', port_ranges=None)
        self.assertEqual(flow.keys() & {'template_values', 'status_before_withdrawal', 'port_ranges'}, set())
        self.flow.refresh_from_db()
        self.assertEqual((self.flow.status_before_withdrawal, self.flow.template_values['purpose']), ('', 'For A'))

    def test_what_is_stored_is_canonical(self):
        data = self.data(ports=['TCP/443', 'tcp/444'], dns_names=['A.example.net.'])
        made = self.rest('post', 'required-flows/', data)
        self.assertEqual((made['ports'], made['dns_names']), (['tcp/443-444'], ['a.example.net']))
        after = self.patch(ports=['udp/53 ', 'UDP/54'], dns_names=['B.example.net'])
        self.assertEqual((after['ports'], after['dns_names']), (['udp/53-54'], ['b.example.net']))

    def test_what_is_wrong_is_refused_by_its_field(self):
        other = product()
        for values, where in (
            ({'ports': []}, 'ports'),
            ({'ports': ['icmp/8']}, 'ports'),
            ({'dns_names': ['10.0.0.1']}, 'dns_names'),
            ({'status': 'forgotten'}, 'status'),
            ({'status': 'waived'}, 'justification'),
            ({'status': 'rejected'}, 'justification'),
            ({'endpoints': [12345]}, 'endpoints'),
            ({'valid_until': 'soon'}, 'valid_until'),
        ):
            with self.subTest(values=values):
                self.assertEqual(list(self.wrong(**values)), [where])
        self.assertEqual(list(self.refused('post', 'required-flows/', self.data(feature=other.a.pk))), ['feature'])
        self.assertEqual(self.patch(status='waived', justification='Done otherwise')['status']['value'], 'waived')

    def test_a_gateway_has_one_flow_of_a_template(self):
        other = factories.gateway(self.product.profile)
        self.assertEqual(list(self.wrong(gateway=other.pk)), ['__all__'])

    def test_an_endpoint_that_a_flow_names_is_not_deleted(self):
        endpoint = factories.endpoint(self.product.role, 'Endpoint')
        self.assertEqual(self.patch(endpoints=[endpoint.pk])['endpoints'][0]['name'], 'Endpoint')
        self.assertIn('detail', self.rest('delete', f'remote-endpoints/{endpoint.pk}/', expect=400))

    def more(self):
        gateway = factories.gateway(self.product.profile)
        member = factories.ip(f'10.0.0.{gateway.pk % 256}/24')
        for flow in gateway.flows.all():
            flow.endpoints.set([factories.endpoint(self.product.role, ip_addresses=[member])])

    def test_lists_ask_the_database_a_constant_number_of_times(self):
        self.more()
        for path in ('required-flows/', 'required-flows/?brief=1'):
            with self.subTest(path=path):
                self.assertSameQueries(lambda path=path: self.rest('get', path), self.more)

    def test_graphql_asks_the_database_a_constant_number_of_times(self):
        self.more()
        query = """{ gwports_required_flow_list(filters: {meets: {protocol: "UDP", port: 53}}) {
            display name ports status valid_until gateway { display device { name } } remote_role { display zone }
            template { display row_label service { name } } feature { slug } endpoints { display dns_names }
        } }"""
        flows = self.graphql(query)['gwports_required_flow_list']
        self.assertEqual(len({flow['gateway']['display'] for flow in flows}), 2)
        self.assertSameQueries(lambda: self.graphql(query), self.more)

    def test_graphql_shows_the_flows_that_the_user_may_see(self):
        self.allow(RequiredFlow, 'view', constraints={'purpose': 'For A'})
        query = '{ gwports_required_flow_list { display gateway { id } template { id } feature { id } } }'
        self.assertEqual(
            self.graphql(query)['gwports_required_flow_list'],
            [{'display': 'DNS: For A', 'gateway': None, 'template': None, 'feature': None}],
        )
