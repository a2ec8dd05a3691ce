"""REST and GraphQL of remote endpoints: members, scope and ports, checked on every write."""

from ipam.models import IPAddress, Prefix
from netaddr import IPNetwork
from utilities.testing import APIViewTestCases, GraphQLFilterTest

from netbox_gwports.models import GatewayGroup, RemoteEndpoint

from . import factories
from .base import APITests
from .rest import RestTests


def one_more(role):
    """An endpoint with members, for a gateway."""
    device = factories.device()
    gateway = factories.gateway(host=device)
    address = factories.ip(f'10.0.0.{gateway.pk % 256}/24')
    factories.endpoint(role, ip_addresses=[address], devices=[device], scope='gateways', gateways=[gateway])


class RemoteEndpointAPITests(APITests, APIViewTestCases.APIViewTestCase):
    model = RemoteEndpoint
    graphql_base_name = 'gwports_remote_endpoint'
    brief_fields = ['description', 'display', 'id', 'name', 'url']
    bulk_update_data = {'zone': 'dmz', 'port_map': ['tcp/443=tcp/8443'], 'dns_names': ['new.example.net']}
    bulk_update_invalid_data = {'dns_names': ['192.0.2.1']}
    graphql_filter_tests = (
        GraphQLFilterTest('a wildcard stands for a name', 'dns_name: "a.b.example.net"', {'name': 'Endpoint 1'}),
        GraphQLFilterTest('a literal contains an address', 'remote_ip: "10.0.2.77"', {'name': 'Endpoint 2'}),
        GraphQLFilterTest('a member is an address', 'remote_ip: "192.0.2.1"', {'name': 'Endpoint 0'}),
        GraphQLFilterTest('scope', 'scope: {exact: SCOPE_SITES}', {'name': 'Endpoint 2'}),
    )

    @classmethod
    def setUpTestData(cls):
        role = factories.role('dns-servers')
        site = factories.site('Site')
        ip = factories.ip('192.0.2.1/24')
        prefix = factories.prefix('198.51.100.0/24')
        factories.endpoint(
            role,
            'Endpoint 0',
            ip_addresses=[ip],
            port_map=['udp/53=udp/5353'],
            justification='Because',
            description='Old',
        )
        factories.endpoint(role, 'Endpoint 1', dns_names=['*.example.net'], description='Older')
        factories.endpoint(role, 'Endpoint 2', literals=['10.0.2.0/24'], scope='sites', sites=[site])
        cls.create_data = [
            {
                'name': 'New 0',
                'role': role.pk,
                'ip_addresses': [ip.pk],
                'prefixes': [prefix.pk],
                'port_map': ['tcp/53=tcp/5353'],
            },
            {'name': 'New 1', 'role': role.pk, 'any_address': True, 'justification': 'Public', 'zone': 'internet'},
            {'name': 'New 2', 'role': role.pk, 'dns_names': ['a.example.net'], 'scope': 'sites', 'sites': [site.pk]},
        ]
        cls.update_data = {'name': 'Other', 'literals': ['10.1.0.0/16', '10.2.0.1'], 'zone': 'dmz'}


class RemoteEndpointRestTests(RestTests):
    @classmethod
    def setUpTestData(cls):
        cls.role = factories.role('dns-servers')
        cls.site = factories.site('Site')
        cls.group = factories.group('Group')

    def create(self, **values):
        return self.rest('post', 'remote-endpoints/', {'name': 'New', 'role': self.role.pk, **values})

    def patch(self, endpoint, **values):
        return self.rest('patch', f'remote-endpoints/{endpoint["id"]}/', values)

    def wrong(self, *where, endpoint=None, **values):
        """It is refused, by these fields."""
        if endpoint:
            answer = self.refused('patch', f'remote-endpoints/{endpoint["id"]}/', values)
        else:
            answer = self.refused('post', 'remote-endpoints/', {'name': 'New', 'role': self.role.pk, **values})
        self.assertEqual(sorted(answer), sorted(where))

    def test_what_is_stored_is_canonical(self):
        made = self.create(
            dns_names=['B.example.NET.', '*.a.example.net'],
            literals=['2001:DB8::0001', '10.0.0.1', '10.0.0.1/32', '10.0.0.0 - 10.0.0.9'],
            port_map=['TCP/80=tcp/8080', 'tcp/25=tcp/2525'],
        )
        self.assertEqual(made['dns_names'], ['*.a.example.net', 'b.example.net'])
        self.assertEqual(made['port_map'], ['tcp/25=tcp/2525', 'tcp/80=tcp/8080'])
        self.assertIn('2001:db8::1', made['literals'])
        self.assertIn('10.0.0.0-10.0.0.9', made['literals'])
        after = self.patch(made, port_map=['udp/0053=udp/5353'], literals=['10.9.8.0/24'], dns_names=['C.example.net'])
        self.assertEqual(
            (after['port_map'], after['literals'], after['dns_names']),
            (['udp/53=udp/5353'], ['10.9.8.0/24'], ['c.example.net']),
        )
        self.assertEqual(RemoteEndpoint.objects.get().literals, ['10.9.8.0/24'])

    def test_ports_may_be_those_of_the_service(self):
        made = self.create(port_map=['tcp/1=tcp/2'])
        self.assertEqual(self.patch(made, port_map=[])['port_map'], [])
        self.assertEqual(self.create(name='Other')['port_map'], [])

    def test_what_is_wrong_is_refused_by_its_field(self):
        for make in (lambda: None, self.create):
            endpoint = make()
            with self.subTest(endpoint=endpoint):
                self.wrong('dns_names', dns_names=['192.0.2.1'], endpoint=endpoint)
                self.wrong('literals', literals=['10.0.0.1/24'], endpoint=endpoint)
                self.wrong('literals', literals=['0.0.0.0/0'], endpoint=endpoint)
                self.wrong('port_map', port_map=['tcp'], endpoint=endpoint)
                self.wrong('__all__', any_address=True, endpoint=endpoint)
                self.wrong(
                    'dns_names',
                    'literals',
                    'port_map',
                    dns_names=['a b'],
                    literals=['x'],
                    port_map=['y'],
                    endpoint=endpoint,
                )

    def test_a_name_is_taken_once(self):
        made = self.create()
        self.wrong('name')
        other = self.create(name='Other')
        self.wrong('name', endpoint=other, name=made['name'])

    def test_a_prefix_of_every_address_is_no_member(self):
        # Not through NetBox's own validation, which refuses such a prefix; older data may hold one
        prefix = Prefix.objects.create(prefix='::/0')
        self.wrong('prefixes', prefixes=[prefix.pk])
        self.wrong('prefixes', endpoint=self.create(), prefixes=[prefix.pk])

    def test_only_the_list_of_the_scope_is_filled(self):
        self.wrong('sites', scope='sites')
        self.wrong('sites', sites=[self.site.pk])
        self.wrong('groups', scope='sites', sites=[self.site.pk], groups=[self.group.pk])
        made = self.create(scope='sites', sites=[self.site.pk])
        self.assertEqual(made['scope'], {'value': 'sites', 'label': 'Sites'})
        self.assertEqual([site['slug'] for site in made['sites']], ['site'])
        # What is not sent is what is stored
        self.wrong('groups', 'sites', endpoint=made, scope='groups')
        self.wrong('sites', endpoint=made, scope='groups', groups=[self.group.pk])
        self.wrong('sites', endpoint=made, sites=[])
        self.wrong('groups', endpoint=made, groups=[self.group.pk])
        after = self.patch(made, scope='groups', groups=[self.group.pk], sites=[])
        self.assertEqual(([group['slug'] for group in after['groups']], after['sites']), (['group'], []))
        self.assertEqual(self.patch(after, scope='everywhere', groups=[])['groups'], [])

    def test_an_endpoint_whose_list_was_emptied_by_a_deletion_can_be_changed(self):
        made = self.create(scope='sites', sites=[self.site.pk])
        self.site.delete()
        self.assertEqual(self.patch(made, name='Renamed')['name'], 'Renamed')
        self.wrong('sites', endpoint=made, scope='sites')

    def test_nested_members(self):
        ip = factories.ip('192.0.2.1/24')
        ip_range = factories.ip_range(IPNetwork('10.0.0.1/24'), IPNetwork('10.0.0.9/24'))
        device = factories.device('dns')
        made = self.create(ip_addresses=[ip.pk], ip_ranges=[ip_range.pk], devices=[device.pk])
        self.assertEqual([member['address'] for member in made['ip_addresses']], ['192.0.2.1/24'])
        self.assertEqual([member['name'] for member in made['devices']], ['dns'])
        self.assertEqual([member['id'] for member in made['ip_ranges']], [ip_range.pk])
        self.assertEqual(made['role']['slug'], 'dns-servers')
        self.wrong('devices', name='Other', devices=[123456])

    def test_lists_ask_the_database_a_constant_number_of_times(self):
        one_more(self.role)
        self.assertSameQueries(lambda: self.rest('get', 'remote-endpoints/'), lambda: one_more(self.role))


class RemoteEndpointGraphQLTests(RestTests):
    QUERY = """{ gwports_remote_endpoint_list {
        display scope port_map dns_names role { display } ip_addresses { address } prefixes { prefix } devices { name }
        gateways { display device { name } }
    } }"""

    @classmethod
    def setUpTestData(cls):
        cls.role = factories.role('dns-servers')
        one_more(cls.role)

    def endpoints(self):
        return self.graphql(self.QUERY)['gwports_remote_endpoint_list']

    def test_members_are_those_that_the_user_may_see(self):
        (endpoint,) = self.endpoints()
        name = endpoint['devices'][0]['name']
        self.assertEqual((endpoint['role'], endpoint['port_map']), ({'display': 'Dns servers'}, []))
        self.assertEqual(endpoint['gateways'], [{'display': name, 'device': {'name': name}}])
        self.allow(RemoteEndpoint, 'view')
        (endpoint,) = self.endpoints()
        self.assertEqual(
            [endpoint[name] for name in ('role', 'ip_addresses', 'devices', 'gateways')], [None, [], [], []]
        )

    def test_it_asks_the_database_a_constant_number_of_times(self):
        self.assertSameQueries(self.endpoints, lambda: one_more(self.role))


class HiddenMembersTests(RestTests):
    def test_members_that_the_caller_may_not_see_stay(self):
        seen, hidden = factories.ip('10.1.0.1/24'), factories.ip('10.1.0.2/24')
        endpoint = factories.endpoint(factories.role(), ip_addresses=[seen, hidden])
        self.allow(RemoteEndpoint, 'view', 'change')
        self.allow(IPAddress, 'view', constraints={'pk': seen.pk})
        self.rest('patch', f'remote-endpoints/{endpoint.pk}/', {'ip_addresses': []})
        self.assertEqual(list(endpoint.ip_addresses.all()), [hidden])

    def test_a_scope_is_checked_against_what_will_be_stored(self):
        gateway, group = factories.gateway(), factories.group()
        endpoint = factories.endpoint(factories.role(), scope='gateways', gateways=[gateway])
        self.allow(RemoteEndpoint, 'view', 'change')
        self.allow(GatewayGroup, 'view')
        path = f'remote-endpoints/{endpoint.pk}/'
        # The hidden gateway stays, so the endpoint still has the list that its scope names
        self.rest('patch', path, {'gateways': []})
        # And would be a list of another scope here
        refused = self.refused('patch', path, {'scope': 'groups', 'groups': [group.pk], 'gateways': []})
        self.assertIn('gateways', refused)
        endpoint.refresh_from_db()
        self.assertEqual((endpoint.scope, list(endpoint.gateways.all())), ('gateways', [gateway]))
