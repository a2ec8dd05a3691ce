"""REST and GraphQL of gateways: a gateway with its addresses and features is one request, one change, or nothing."""

from unittest import mock

from core.models import ObjectChange
from dcim.models import Device
from ipam.models import IPAddress
from utilities.testing import APIViewTestCases, GraphQLFilterTest

from netbox_gwports.models import Gateway, GatewayAddress, GatewayGroup, GatewayProfile, ProfileFeature, RequiredFlow

from . import factories
from .base import APITests
from .rest import RestTests, product


class GatewayGroupAPITests(APITests, APIViewTestCases.APIViewTestCase):
    model = GatewayGroup
    graphql_base_name = 'gwports_gateway_group'
    brief_fields = ['description', 'display', 'id', 'name', 'slug', 'url']
    bulk_update_data = {'description': 'New'}
    bulk_update_invalid_data = {'slug': 'not a slug'}

    @classmethod
    def setUpTestData(cls):
        for n in range(3):
            factories.group(f'Group {n}', description='Old')
        cls.create_data = [{'name': f'New {n}', 'slug': f'new-{n}', 'description': 'New'} for n in range(3)]


class GatewayAPITests(APITests, APIViewTestCases.APIViewTestCase):
    model = Gateway
    graphql_base_name = 'gwports_gateway'
    brief_fields = ['description', 'device', 'display', 'id', 'url', 'virtual_machine']
    bulk_update_data = {'status': 'planned', 'description': 'New'}
    bulk_update_invalid_data = {'status': 'lost'}
    graphql_filter_tests = (
        GraphQLFilterTest('host', 'device: {name: {exact: "gw1"}}', {'device__name': 'gw1'}),
        GraphQLFilterTest('status', 'status: {exact: STATUS_DECOMMISSIONING}', {'device__name': 'gw1'}),
        GraphQLFilterTest('feature', 'features: {slug: {exact: "b"}}', {'device__name': 'gw0'}),
    )

    @classmethod
    def setUpTestData(cls):
        made = product()
        for n in range(3):
            status = 'decommissioning' if n == 1 else 'active'
            features = [made.b] if n == 0 else []
            factories.gateway(
                made.profile, factories.device(f'gw{n}'), status=status, features=features, description=f'Gateway {n}'
            )
        group = factories.group()
        devices = [factories.device(f'new{n}') for n in range(2)]
        cls.create_data = [
            {'device': devices[0].pk, 'profile': made.profile.pk, 'features': [made.b.pk], 'group': group.pk},
            {'device': devices[1].pk, 'profile': made.profile.pk, 'status': 'planned'},
            {'virtual_machine': factories.virtual_machine('new2').pk, 'profile': made.profile.pk},
        ]
        cls.update_data = {'profile': made.profile.pk, 'features': [made.b.pk], 'group': group.pk}

    def _build_query_with_filter(self, name, filter_string):
        query = super()._build_query_with_filter(name, filter_string)
        # NetBox asks everything related for its id; what is computed has none
        for field, identity in (('rules', 'key'), ('unresolved', 'reason')):
            self.assertIn(f'{field} {{ id }}', query)
            query = query.replace(f'{field} {{ id }}', f'{field} {{ {identity} }}')
        return query


class GatewayAddressAPITests(APITests, APIViewTestCases.APIViewTestCase):
    model = GatewayAddress
    graphql_base_name = 'gwports_gateway_address'
    brief_fields = ['display', 'id', 'ip_address', 'url', 'zones']
    bulk_update_data = {'zones': ['dmz', 'management'], 'use': 'outbound'}
    bulk_update_invalid_data = {'use': 'never'}

    @classmethod
    def setUpTestData(cls):
        gateway = factories.gateway()
        for n in range(3):
            factories.address(gateway, f'192.0.2.{n + 1}/24', ['internet', 'dmz'])
        cls.create_data = [
            {
                'gateway': gateway.pk,
                'ip_address': factories.ip(f'192.0.2.{n + 10}/24').pk,
                'zones': ['internal'],
                'use': 'inbound',
            }
            for n in range(3)
        ]


class GatewayRestTests(RestTests):
    @classmethod
    def setUpTestData(cls):
        cls.product = product()
        cls.device = factories.device('gw')
        cls.first, cls.second = (factories.ip(f'192.0.2.{n}/24', cls.device) for n in (1, 2))
        cls.other_device = factories.device('other')
        cls.foreign = factories.ip('192.0.2.9/24', cls.other_device)

    def data(self, **values):
        return {'device': self.device.pk, 'profile': self.product.profile.pk, **values}

    def create(self, **values):
        return self.rest('post', 'gateways/', self.data(**values))

    def both(self):
        return [
            {'ip_address': self.first.pk, 'zones': ['management', 'internal', 'internal']},
            {'ip_address': self.second.pk, 'use': 'outbound'},
        ]

    def test_addresses_that_the_caller_may_not_see_stay(self):
        gateway = self.create(addresses=self.both())
        self.allow(Gateway, 'view', 'change')
        self.allow(IPAddress, 'view')
        self.allow(GatewayAddress, 'view', constraints={'ip_address': self.first.pk})
        self.rest('patch', f'gateways/{gateway["id"]}/', {'addresses': []}, expect=403)
        self.allow(GatewayAddress, 'delete')
        self.patch(gateway, addresses=[])
        left = GatewayAddress.objects.filter(gateway=gateway['id'])
        self.assertEqual([address.ip_address for address in left], [self.second])

    def patch(self, gateway, **values):
        return self.rest('patch', f'gateways/{gateway["id"]}/', values)

    def slugs(self, gateway):
        return sorted(feature['slug'] for feature in gateway['features'])

    def purposes(self):
        return sorted(RequiredFlow.objects.values_list('purpose', flat=True))

    # Both together

    def test_one_request_makes_the_gateway_its_addresses_features_and_flows(self):
        made = self.create(features=[self.product.b.pk], addresses=self.both())
        self.assertEqual(made['device']['name'], 'gw')
        self.assertEqual(self.slugs(made), ['b'])
        self.assertEqual(
            [(entry['ip_address']['address'], entry['zones'], entry['use']['value']) for entry in made['addresses']],
            [('192.0.2.1/24', ['internal', 'management'], 'both'), ('192.0.2.2/24', [], 'outbound')],
        )
        self.assertEqual(self.purposes(), ['For B', 'For None'])
        changes = ObjectChange.objects.filter(changed_object_id=made['id'], changed_object_type__model='gateway')
        self.assertEqual([change.postchange_data['features'] for change in changes], [[self.product.b.pk]])
        self.assertEqual(ObjectChange.objects.filter(changed_object_type__model='gatewayaddress').count(), 2)

    def test_a_new_profile_and_its_features_are_one_change(self):
        made = self.create(features=['b'])
        flow = RequiredFlow.objects.get(purpose='For B')
        flow.status, flow.justification = 'rejected', 'By the board'
        flow.save()
        newer = product()
        # Between the two steps the old features are not those of the new profile
        after = self.patch(made, profile=newer.profile.pk, features=[newer.b.pk, 'child'])
        self.assertEqual(self.slugs(after), ['a', 'b', 'child'])
        flow = RequiredFlow.objects.get(purpose='For B')
        self.assertEqual(
            (flow.template.service.profile, flow.status, flow.justification),
            (newer.profile, 'rejected', 'By the board'),
        )

    def test_many_gateways_in_one_request(self):
        other = {**self.data(features=['a']), 'device': self.other_device.pk}
        wrong = {**other, 'addresses': [{'ip_address': self.first.pk}]}
        self.assertIn('addresses', self.refused('post', 'gateways/', [self.data(), wrong]))
        self.assertFalse(Gateway.objects.exists())
        made = self.rest('post', 'gateways/', [self.data(addresses=self.both()), other])
        self.assertEqual([len(gateway['addresses']) for gateway in made], [2, 0])
        changes = [{'id': made[0]['id'], 'addresses': []}, {'id': made[1]['id'], 'features': ['b']}]
        after = self.rest('patch', 'gateways/', changes)
        self.assertEqual([len(gateway['addresses']) for gateway in after], [0, 0])
        self.assertEqual(self.slugs(after[1]), ['b'])

    # Features

    def test_features_that_are_not_sent_are_the_profiles_defaults(self):
        self.assertEqual(self.slugs(self.create()), ['a'])
        self.assertEqual(self.purposes(), ['For A', 'For None'])

    def test_no_features_are_none(self):
        self.assertEqual(self.slugs(self.create(features=[])), [])
        self.assertEqual(self.purposes(), ['For None'])

    def test_parents_come_along(self):
        made = self.create(features=[self.product.child.pk])
        self.assertEqual(self.slugs(made), ['a', 'child'])
        self.assertEqual(self.slugs(self.patch(made, features=['child'])), ['a', 'child'])

    def test_features_go_by_slug_within_the_profile(self):
        product()
        made = self.create(features=['child', self.product.b.pk, str(self.product.b.pk)])
        self.assertEqual(self.slugs(made), ['a', 'b', 'child'])
        self.assertEqual({f.profile for f in Gateway.objects.get().features.all()}, {self.product.profile})

    def test_features_that_are_not_sent_stay(self):
        made = self.create(features=['b'])
        self.assertEqual(self.slugs(self.patch(made, description='New')), ['b'])
        self.assertEqual(self.slugs(self.patch(made, features=[])), [])

    def test_features_of_another_profile_are_refused(self):
        other = product()
        for sent in ([other.b.pk], ['nonsense'], ['a', other.b.pk], [12345], [None], 'a', None):
            with self.subTest(features=sent):
                self.assertEqual(list(self.refused('post', 'gateways/', self.data(features=sent))), ['features'])
        self.assertFalse(Gateway.objects.exists())
        made = self.create()
        self.assertEqual(
            list(self.refused('patch', f'gateways/{made["id"]}/', {'features': [other.b.pk]})), ['features']
        )

    def test_a_slug_does_not_tell_of_features_that_the_user_may_not_see(self):
        self.allow(Gateway, 'add', 'view')
        self.allow_naming(Device, GatewayProfile)
        self.assertEqual(list(self.refused('post', 'gateways/', self.data(features=['b']))), ['features'])
        self.allow(ProfileFeature, 'view')
        self.create(features=['b'])

    # Addresses

    def test_addresses_that_are_sent_replace_those_that_are_stored(self):
        made = self.create(addresses=self.both())
        before = {entry['ip_address']['id']: entry['id'] for entry in made['addresses']}
        third = factories.ip('192.0.2.3/24')
        after = self.patch(made, addresses=[{'ip_address': self.second.pk, 'zones': ['dmz']}, {'ip_address': third.pk}])
        self.assertEqual(
            [(entry['ip_address']['id'], entry['zones'], entry['use']['value']) for entry in after['addresses']],
            # What the entry of a stored address does not name stays
            [(self.second.pk, ['dmz'], 'outbound'), (third.pk, [], 'both')],
        )
        self.assertEqual(after['addresses'][0]['id'], before[self.second.pk])
        self.assertFalse(GatewayAddress.objects.filter(pk=before[self.first.pk]).exists())

    def test_an_entry_may_name_its_address_by_id(self):
        made = self.create(addresses=self.both())
        first, second = (entry['id'] for entry in made['addresses'])
        after = self.patch(made, addresses=[{'id': second, 'zones': ['dmz']}])
        self.assertEqual([(e['id'], e['ip_address']['id']) for e in after['addresses']], [(second, self.second.pk)])
        # It takes over the IP address of one that goes in the same request
        self.patch(made, addresses=[{'id': second}, {'ip_address': self.first.pk}])
        after = self.patch(made, addresses=[{'id': second, 'ip_address': self.first.pk}])
        self.assertEqual([(e['id'], e['ip_address']['id']) for e in after['addresses']], [(second, self.first.pk)])

    def test_addresses_need_permissions_of_their_own(self):
        made = self.create(addresses=self.both())
        path = f'gateways/{made["id"]}/'
        third = {'ip_address': factories.ip('192.0.2.77/24', self.device).pk}
        self.allow(Gateway, 'view', 'change')
        self.allow(IPAddress, 'view')
        self.allow(GatewayAddress, 'view')
        kept = [{'id': entry['id']} for entry in made['addresses']]
        for addresses in ([], [{**kept[0], 'zones': ['dmz']}, kept[1]], [*kept, third]):
            self.rest('patch', path, {'addresses': addresses}, expect=403)
        self.assertEqual(GatewayAddress.objects.filter(gateway=made['id']).count(), 2)
        # One that may only be made as the permission says; those that stay as they are need none
        self.allow(GatewayAddress, 'add', constraints={'use': 'outbound'})
        self.rest('patch', path, {'addresses': [*kept, third]}, expect=403)
        self.rest('patch', path, {'addresses': [*kept, {**third, 'use': 'outbound'}]})
        self.assertEqual(GatewayAddress.objects.filter(gateway=made['id']).count(), 3)

    def test_addresses_that_are_not_sent_stay(self):
        made = self.create(addresses=self.both())
        self.assertEqual(len(self.patch(made, description='New')['addresses']), 2)
        put = self.rest('put', f'gateways/{made["id"]}/', self.data(description='Newer'))
        self.assertEqual(len(put['addresses']), 2)
        self.assertEqual(self.patch(made, addresses=[])['addresses'], [])

    def test_the_error_of_an_address_is_keyed_by_its_place_and_nothing_is_written(self):
        good = {'ip_address': self.first.pk}
        for entry, where in (
            ({'ip_address': self.second.pk, 'zones': ['moon']}, 'zones'),
            ({'ip_address': self.second.pk, 'use': 'never'}, 'use'),
            ({'ip_address': 123456}, 'ip_address'),
            ({'ip_address': None}, 'ip_address'),
            ({'zones': ['dmz']}, 'ip_address'),
            ({'ip_address': self.foreign.pk}, 'ip_address'),
            ({'ip_address': self.first.pk}, '__all__'),
            ({'id': 1, 'ip_address': self.second.pk}, 'id'),
        ):
            with self.subTest(entry=entry):
                answer = self.refused('post', 'gateways/', self.data(addresses=[good, entry]))
                self.assertEqual(list(answer), ['addresses'])
                self.assertEqual([list(errors) for errors in self.entries(answer)], [[where]])
        self.assertFalse(Gateway.objects.exists())
        self.assertFalse(GatewayAddress.objects.exists())
        self.assertFalse(RequiredFlow.objects.exists())
        self.assertFalse(ObjectChange.objects.filter(changed_object_type__app_label='netbox_gwports').exists())

    def entries(self, answer):
        """The errors of each entry that has any, in either of the shapes that DRF gives."""
        errors = answer['addresses']
        return list(filter(None, errors.values() if isinstance(errors, dict) else errors))

    def test_a_failing_change_leaves_everything_as_it_was(self):
        made = self.create(features=['b'], addresses=self.both())
        path = f'gateways/{made["id"]}/'
        for entry in (
            {'ip_address': self.foreign.pk},
            {'zones': ['dmz']},
            {'id': made['addresses'][0]['id'], 'ip_address': self.foreign.pk},
        ):
            with self.subTest(entry=entry):
                answer = self.refused('patch', path, {'features': [], 'description': 'New', 'addresses': [entry]})
                self.assertEqual([list(errors) for errors in self.entries(answer)], [['ip_address']])
                self.assertEqual(self.rest('get', path), made)

    def test_an_address_of_another_device_may_be_used_inbound(self):
        made = self.create(addresses=[{'ip_address': self.foreign.pk, 'use': 'inbound'}])
        self.assertEqual(len(made['addresses']), 1)

    def test_addresses_named_by_attributes_are_those_that_the_user_may_see(self):
        self.allow(Gateway, 'add', 'view')
        self.allow(GatewayAddress, 'add')
        self.allow_naming(Device, GatewayProfile)
        self.allow(IPAddress, 'view', constraints={'pk': self.first.pk})
        data = self.data(addresses=[{'ip_address': {'address': str(self.second.address)}}])
        answer = self.refused('post', 'gateways/', data)
        self.assertEqual([list(errors) for errors in self.entries(answer)], [['ip_address']])
        self.assertFalse(Gateway.objects.exists())
        self.create(addresses=[{'ip_address': {'address': str(self.first.address)}}])

    def test_a_gateway_outside_the_users_constraint_leaves_nothing(self):
        self.allow(Gateway, 'add', 'view', constraints={'device__name': 'other'})
        self.allow_naming(Device, GatewayProfile, IPAddress)
        self.rest('post', 'gateways/', self.data(addresses=self.both()), expect=403)
        self.assertFalse(Gateway.objects.exists() or GatewayAddress.objects.exists() or RequiredFlow.objects.exists())

    # The gateway itself

    def test_a_host_is_one_gateway(self):
        self.create()
        taken = {'__all__': ['This device is already a gateway.']}
        self.assertEqual(self.refused('post', 'gateways/', self.data()), taken)
        vm = factories.virtual_machine('vm')
        data = {'virtual_machine': vm.pk, 'profile': self.product.profile.pk}
        made = self.rest('post', 'gateways/', data)
        taken_vm = {'__all__': ['This virtual machine is already a gateway.']}
        self.assertEqual(self.refused('post', 'gateways/', data), taken_vm)
        move = {'device': self.device.pk, 'virtual_machine': None}
        self.assertEqual(self.refused('patch', f'gateways/{made["id"]}/', move), taken)

    def test_a_gateway_has_exactly_one_host(self):
        profile = self.product.profile.pk
        self.refused('post', 'gateways/', {'profile': profile})
        self.refused('post', 'gateways/', self.data(virtual_machine=factories.virtual_machine('vm').pk))
        made = self.create()
        self.refused('patch', f'gateways/{made["id"]}/', {'device': None})
        moved = self.patch(made, device=None, virtual_machine=factories.virtual_machine('vm2').pk)
        self.assertEqual((moved['device'], moved['virtual_machine']['name']), (None, 'vm2'))

    def test_it_is_neither_retired_nor_deleted_while_something_is_open(self):
        made = self.create()
        path = f'gateways/{made["id"]}/'
        with mock.patch.object(Gateway, 'has_openings', return_value=True):
            for status in ('active', 'decommissioning'):
                self.patch(made, status=status)
                refused = self.refused('patch', path, {'status': 'retired'})
                self.assertEqual(list(refused), ['status'])
                self.assertIn('are still open on a firewall', refused['status'][0])
                self.assertIn('are still open on a firewall', self.rest('delete', path, expect=400)['detail'])
        self.assertEqual(self.patch(made, status='retired')['status'], {'value': 'retired', 'label': 'Retired'})
        self.rest('delete', path, expect=204)

    def test_the_same_address_twice_is_refused(self):
        made = self.create(addresses=self.both())
        data = {'gateway': made['id'], 'ip_address': self.first.pk}
        self.assertEqual(list(self.refused('post', 'gateway-addresses/', data)), ['__all__'])

    def test_zones_are_stored_in_their_order_each_once(self):
        made = self.create()
        data = {'gateway': made['id'], 'ip_address': self.first.pk, 'zones': ['management', 'internet', 'management']}
        entry = self.rest('post', 'gateway-addresses/', data)
        self.assertEqual(entry['zones'], ['internet', 'management'])
        path = f'gateway-addresses/{entry["id"]}/'
        self.assertEqual(self.rest('patch', path, {'zones': ['dmz', 'internal']})['zones'], ['internal', 'dmz'])
        self.assertEqual(list(self.refused('patch', path, {'zones': ['moon']})), ['zones'])
        self.assertEqual(list(self.refused('patch', path, {'ip_address': self.foreign.pk})), ['ip_address'])

    def test_lists_ask_the_database_a_constant_number_of_times(self):
        self.create(addresses=self.both())

        def another():
            gateway = factories.gateway(self.product.profile)
            for m in (1, 2):
                factories.address(gateway, f'10.1.{gateway.pk % 256}.{m}/24')

        for query in (
            'gateways/',
            'gateways/?brief=1',
            'gateways/?fields=id,display',
            'gateway-addresses/',
            'gateway-addresses/?fields=id,display',
        ):
            with self.subTest(query=query):
                self.assertSameQueries(lambda query=query: self.rest('get', query), another)


class GatewayGraphQLTests(RestTests):
    QUERY = """{ gwports_gateway_list {
        display status device { name } profile { display } features { slug }
        addresses { display zones ip_address { address } } flows { display ports status remote_role { slug } }
    } }"""

    @classmethod
    def setUpTestData(cls):
        cls.product = product(version='1.0')
        cls.device = factories.device('gw')
        cls.gateway = factories.gateway(cls.product.profile, cls.device)
        factories.address(cls.gateway, '192.0.2.1/24', ['dmz'])

    def gateways(self):
        return self.graphql(self.QUERY)['gwports_gateway_list']

    def test_a_gateway_with_everything_in_one_query(self):
        (gateway,) = self.gateways()
        self.assertEqual((gateway['display'], gateway['device']), ('gw', {'name': 'gw'}))
        self.assertEqual(
            gateway['addresses'],
            [{'display': '192.0.2.1/24', 'zones': ['dmz'], 'ip_address': {'address': '192.0.2.1/24'}}],
        )
        self.assertEqual([flow['display'] for flow in gateway['flows']], ['DNS: For None', 'DNS: For A'])

    def test_what_the_user_may_not_see_is_not_there(self):
        self.allow(Gateway, 'view')
        (gateway,) = self.gateways()
        self.assertEqual(
            (gateway['device'], gateway['profile'], gateway['features'], gateway['addresses'], gateway['flows']),
            (None, None, [], [], []),
        )
        self.assertEqual(gateway['display'], 'gw')
        self.allow(RequiredFlow, 'view', constraints={'purpose': 'For A'})
        self.allow(GatewayAddress, 'view')
        self.allow(GatewayProfile, 'view')
        (gateway,) = self.gateways()
        self.assertEqual([flow['display'] for flow in gateway['flows']], ['DNS: For A'])
        self.assertEqual([flow['remote_role'] for flow in gateway['flows']], [None])
        self.assertEqual([entry['ip_address'] for entry in gateway['addresses']], [None])
        self.assertEqual(gateway['profile'], {'display': 'Product 1.0'})

    def test_it_asks_the_database_a_constant_number_of_times(self):
        def more():
            for n in range(2, 5):
                factories.address(factories.gateway(self.product.profile), f'192.0.2.{n}/24')

        self.assertSameQueries(self.gateways, more)

    def test_a_filter_by_site(self):
        for site, found in ((self.device.site_id, 1), (self.device.site_id + 1, 0)):
            data = self.graphql(f'{{ gwports_gateway_list(filters: {{site_id: ["{site}"]}}) {{ id }} }}')
            self.assertEqual(len(data['gwports_gateway_list']), found)
            data = self.graphql(
                f'{{ gwports_required_flow_list(filters: {{gateway: {{site_id: ["{site}"]}}}}) {{ id }} }}'
            )
            self.assertEqual(len(data['gwports_required_flow_list']), 2 * found)
