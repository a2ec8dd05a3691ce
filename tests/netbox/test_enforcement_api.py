"""REST and GraphQL of enforcement points and their zones, and what their models refuse on every way in."""

from django.core.exceptions import ValidationError
from django.db import transaction
from ipam.models import Prefix
from utilities.exceptions import AbortRequest
from utilities.testing import APIViewTestCases, GraphQLFilterTest

from netbox_gwports.models import EnforcementPoint, EnforcementZone, Gateway, GatewayGroup

from . import factories
from .base import APITests
from .rest import RestTests


class EnforcementPointAPITests(APITests, APIViewTestCases.APIViewTestCase):
    model = EnforcementPoint
    graphql_base_name = 'gwports_enforcement_point'
    brief_fields = ['description', 'device', 'display', 'id', 'url', 'virtual_machine']
    bulk_update_data = {'format_name': 'markdown', 'description': 'New'}
    bulk_update_invalid_data = {'gateway_zone': 'two words'}
    # The filter by zones looks at them
    user_permissions = ('netbox_gwports.view_enforcementzone',)
    graphql_filter_tests = (
        GraphQLFilterTest('host', 'device: {name: {exact: "fw1"}}', {'device__name': 'fw1'}),
        GraphQLFilterTest('format', 'format_name: {exact: "yaml"}', {'device__name': 'fw2'}),
        GraphQLFilterTest('zone', 'zones: {zone: {exact: ZONE_INTERNET}}', {'device__name': 'fw0'}),
    )

    @classmethod
    def setUpTestData(cls):
        gateway, group = factories.gateway(), factories.group()
        for n in range(3):
            point = factories.enforcement_point(
                factories.device(f'fw{n}'),
                format_name=('json', 'yaml', 'csv')[n - 1],
                gateways=[gateway],
                groups=[group],
            )
            factories.enforcement_zone(point, 'internal' if n else 'internet')
        devices = [factories.device(f'new{n}') for n in range(2)]
        cls.create_data = [
            {'device': devices[0].pk, 'gateways': [gateway.pk], 'groups': [group.pk], 'gateway_interface': 'eth0:1'},
            {'device': devices[1].pk, 'format_name': 'markdown', 'gateway_zone': 'DMZ_1'},
            {'virtual_machine': factories.virtual_machine('new2').pk},
        ]
        cls.update_data = {'gateways': [gateway.pk], 'groups': [group.pk], 'gateway_zone': 'dmz'}


class EnforcementZoneAPITests(APITests, APIViewTestCases.APIViewTestCase):
    model = EnforcementZone
    graphql_base_name = 'gwports_enforcement_zone'
    brief_fields = ['display', 'id', 'name', 'url', 'zone']
    bulk_update_data = {'separated': False, 'interface': 'ge-0/0/1.100'}
    bulk_update_invalid_data = {'interface': 'eth0;'}
    graphql_filter_tests = (
        GraphQLFilterTest('zone', 'zone: {exact: ZONE_DMZ}', {'zone': 'dmz'}),
        GraphQLFilterTest('separated', 'separated: {exact: false}', {'zone': 'internal'}),
        GraphQLFilterTest('prefix', 'prefixes: {prefix: {exact: "10.0.0.0/8"}}', {'zone': 'internal'}),
    )

    @classmethod
    def setUpTestData(cls):
        prefix = factories.prefix('10.0.0.0/8')
        point, other = factories.enforcement_point(), factories.enforcement_point()
        factories.enforcement_zone(point, 'internet')
        factories.enforcement_zone(point, 'internal', separated=False, prefixes=[prefix])
        factories.enforcement_zone(point, 'dmz')
        cls.create_data = [
            {'enforcement_point': other.pk, 'zone': 'internet', 'name': 'untrust'},
            {'enforcement_point': other.pk, 'zone': 'internal', 'prefixes': [prefix.pk], 'separated': False},
            {'enforcement_point': other.pk, 'zone': 'dmz', 'interface': 'eth1'},
        ]
        cls.update_data = {'enforcement_point': other.pk, 'zone': 'management', 'name': 'mgmt', 'prefixes': []}


class EnforcementModelTests(RestTests):
    @classmethod
    def setUpTestData(cls):
        cls.product = factories.product()

    def test_served(self):
        """By name or group, each once; a gateway that leaves the group is served no longer."""
        group = factories.group()
        both, grouped = (factories.gateway(self.product, group=group) for _ in range(2))
        named, other = factories.gateway(self.product), factories.gateway(self.product)
        point = factories.enforcement_point(groups=[group, factories.group('Empty')], gateways=[both, named])
        factories.enforcement_point(groups=[group], gateways=[other])
        self.assertEqual(list(point.served()), [both, grouped, named])
        both.group = grouped.group = None
        both.save()
        grouped.save()
        self.assertEqual(list(point.served()), [both, named])
        self.assertEqual(list(factories.enforcement_point().served()), [])

    def test_one_host_which_is_no_other_point(self):
        device, vm = factories.device(), factories.virtual_machine()
        self.assertIn('__all__', self.refused('post', 'enforcement-points/', {}))
        both = {'device': device.pk, 'virtual_machine': vm.pk}
        self.assertIn('__all__', self.refused('post', 'enforcement-points/', both))
        for data, name in (({'device': device.pk}, 'device'), ({'virtual_machine': vm.pk}, 'virtual machine')):
            self.rest('post', 'enforcement-points/', data)
            refused = self.refused('post', 'enforcement-points/', data)
            self.assertEqual(refused, {'__all__': [f'This {name} is already an enforcement point.']})

    def test_a_gateway_may_be_one_too(self):
        gateway = factories.gateway(self.product)
        point = factories.enforcement_point(gateway.machine)
        self.assertEqual((str(point), point.site), (str(gateway), gateway.site))

    def test_a_zone_is_known_once(self):
        zone = factories.enforcement_zone(factories.enforcement_point())
        data = {'enforcement_point': zone.enforcement_point_id, 'zone': zone.zone}
        self.assertTrue(self.refused('post', 'enforcement-zones/', data))
        self.rest('post', 'enforcement-zones/', {**data, 'zone': 'internal'})

    def test_names_are_nothing_that_could_be_configuration(self):
        zone = factories.enforcement_zone(factories.enforcement_point())
        for obj, names in (
            (zone.enforcement_point, ('gateway_zone', 'gateway_interface')),
            (zone, ('name', 'interface', 'gateway_zone', 'gateway_interface')),
        ):
            for name in names:
                for good in ('', 'ge-0/0/1.100', 'eth0:1', 'Port_1', 'x' * 63):
                    setattr(obj, name, good)
                    obj.full_clean()
                for bad in ('two words', 'eth0\n', 'a;b', '"a"', 'a{', 'é', '$x', '#', "it's", 'x' * 64):
                    setattr(obj, name, bad)
                    with self.subTest(name=name, bad=bad), self.assertRaises(ValidationError) as raised:
                        obj.full_clean()
                    self.assertIn(name, raised.exception.error_dict)
                setattr(obj, name, '')

    def test_a_prefix_of_every_address_is_not_behind_a_zone(self):
        zone = factories.enforcement_zone(factories.enforcement_point())
        # Not through NetBox's own validation, which refuses such a prefix; older data may hold one
        for text in ('0.0.0.0/0', '::/0'):
            prefix = Prefix.objects.create(prefix=text)
            refused = self.refused('patch', f'enforcement-zones/{zone.pk}/', {'prefixes': [prefix.pk]})
            self.assertEqual(list(refused), ['prefixes'])
            for add in (lambda: zone.prefixes.add(prefix), lambda: prefix.gwports_enforcement_zones.add(zone)):
                with self.assertRaisesMessage(AbortRequest, 'Select the networks in this zone'), transaction.atomic():
                    add()
        self.assertFalse(zone.prefixes.exists())

    def test_zones_go_with_their_point_gateways_stay(self):
        gateway = factories.gateway(self.product)
        point = factories.enforcement_point(gateways=[gateway])
        factories.enforcement_zone(point)
        self.rest('delete', f'enforcement-points/{point.pk}/')
        self.assertFalse(EnforcementZone.objects.exists())
        self.assertTrue(Gateway.objects.filter(pk=gateway.pk).exists())

    def test_members_that_the_caller_may_not_see_stay(self):
        seen, hidden = (factories.gateway(self.product) for _ in range(2))
        group = factories.group()
        point = factories.enforcement_point(gateways=[seen, hidden], groups=[group])
        networks = [factories.prefix(f'10.{n}.0.0/16') for n in range(2)]
        zone = factories.enforcement_zone(point, prefixes=networks)
        for model in (EnforcementPoint, EnforcementZone):
            self.allow(model, 'view', 'change')
        self.allow(Gateway, 'view', constraints={'pk': seen.pk})
        self.allow(Prefix, 'view', constraints={'pk': networks[0].pk})
        self.rest('patch', f'enforcement-points/{point.pk}/', {'gateways': [], 'groups': []})
        self.rest('patch', f'enforcement-zones/{zone.pk}/', {'prefixes': []})
        self.assertEqual((list(point.gateways.all()), list(point.groups.all())), ([hidden], [group]))
        self.assertEqual(list(zone.prefixes.all()), networks[1:])


class EnforcementGraphQLTests(RestTests):
    QUERY = """{ gwports_enforcement_point_list {
        display device { name } groups { name } gateways { display }
        zones { display zone separated prefixes { prefix } enforcement_point { display } }
    } }"""

    def one_more(self):
        gateway = factories.gateway()
        group = factories.group(f'Group {gateway.pk}')
        point = factories.enforcement_point(gateways=[gateway], groups=[group])
        factories.enforcement_zone(point, prefixes=[factories.prefix(f'10.{gateway.pk % 250}.0.0/16')])
        return point

    def points(self):
        return self.graphql(self.QUERY)['gwports_enforcement_point_list']

    def test_members_are_those_that_the_user_may_see(self):
        made = self.one_more()
        (point,) = self.points()
        self.assertEqual((point['display'], point['device']), (str(made), {'name': str(made)}))
        self.assertEqual(point['gateways'], [{'display': str(made.gateways.get())}])
        (zone,) = point['zones']
        self.assertEqual((zone['display'], zone['enforcement_point']), ('Internet', {'display': str(made)}))
        self.allow(EnforcementPoint, 'view')
        (point,) = self.points()
        self.assertEqual(point['display'], str(made))
        self.assertEqual([point[name] for name in ('device', 'groups', 'gateways', 'zones')], [None, [], [], []])

    def test_whom_it_serves(self):
        point = self.one_more()
        gateway = factories.gateway(group=GatewayGroup.objects.get())
        self.one_more()
        found = self.graphql(f'{{ gwports_enforcement_point_list(filters: {{serves_id: [{gateway.pk}]}}) {{ id }} }}')
        self.assertEqual(found['gwports_enforcement_point_list'], [{'id': str(point.pk)}])
        filters = f'{{enforcement_points: {{device: {{name: {{exact: "{point}"}}}}}}}}'
        found = self.graphql(f'{{ gwports_gateway_list(filters: {filters}) {{ enforcement_points {{ display }} }} }}')
        self.assertEqual(found['gwports_gateway_list'], [{'enforcement_points': [{'display': str(point)}]}])

    def test_it_asks_the_database_a_constant_number_of_times(self):
        self.one_more()
        self.assertSameQueries(self.points, self.one_more)

    def test_rest_lists_ask_the_database_a_constant_number_of_times(self):
        self.one_more()
        for path in (
            'enforcement-points/',
            'enforcement-points/?brief=1',
            'enforcement-points/?fields=id,display',
            'enforcement-zones/',
            'enforcement-zones/?fields=id,display',
        ):
            with self.subTest(path=path):
                self.assertSameQueries(lambda path=path: self.rest('get', path), self.one_more)
