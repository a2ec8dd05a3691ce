"""The same rules on every way out: pages of addresses, templates and GraphQL."""

from dcim.models import Device
from django.urls import reverse
from extras.models import ConfigTemplate
from ipam.models import VRF, IPAddress, Prefix
from users.models import User

from demo import data
from netbox_gwports.jinja_env import firewall_rules
from netbox_gwports.models import Gateway, RemoteEndpoint, RequiredFlow
from netbox_gwports.requirements import requirements
from netbox_gwports.requirements.flows_meeting import LOCAL, REMOTE, flows_meeting

from . import factories
from .rest import RestTests

GRAPHQL = """{
  device_list(filters: {name: {starts_with: "seg"}}) {
    name
    gateway { profile { name } hidden_flows rules { key zone source { addresses { address } } flows { purpose } } }
  }
}"""


class DemoTests(RestTests):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        data.load(None)
        cls.seg01 = Gateway.objects.get(device__name='seg01')


class AddressTests(DemoTests):
    def met(self, instance):
        # Another instance of the user, since permissions are remembered on it
        flows = RequiredFlow.objects.in_bulk(flows_meeting(instance, User.objects.get(pk=self.user.pk)))
        return {(str(flow.gateway), flow.name) for flow in flows.values()}

    def test_an_address_of_a_gateway_meets_the_needs_of_its_gateway_and_of_its_peers(self):
        address = IPAddress.objects.get(address='192.0.2.10/24')
        found = flows_meeting(address, self.user)
        own = {pk for pk, met in found.items() if LOCAL in met}
        resolved = requirements([self.seg01])[0]
        self.assertEqual(own, {f.id for rule in resolved.rules for f in rule.flows})
        others = RequiredFlow.objects.filter(pk__in=[pk for pk, met in found.items() if REMOTE in met])
        self.assertEqual({str(f.gateway) for f in others}, {'seg02', 'seg03'})
        self.assertEqual({f.remote_role.kind for f in others}, {'peers'})

    def test_a_server_is_met_as_the_other_end_by_every_gateway(self):
        found = self.met(IPAddress.objects.get(address='10.1.0.53/24'))
        self.assertEqual(found, {(gateway, 'DNS') for gateway in ('seg01', 'seg02', 'seg03', 'seg04', 'seg05')})

    def test_a_prefix_meets_what_is_in_it_and_what_it_is_in(self):
        self.assertIn(('seg01', 'DNS'), self.met(Prefix.objects.get(prefix='10.1.0.0/24')))
        inner = factories.prefix('10.99.1.64/26')
        self.assertEqual(self.met(inner), self.met(Prefix.objects.get(prefix='10.99.1.0/24')))
        self.assertTrue(self.met(inner))

    def test_a_range_meets_its_addresses_only(self):
        self.assertEqual(self.met(factories.ip_range('10.1.0.50/24', '10.1.0.52/24')), set())
        self.assertTrue(self.met(factories.ip_range('10.1.0.53/24', '10.1.0.54/24')))

    def test_the_same_address_in_another_vrf_is_another_address(self):
        self.assertEqual(self.met(factories.ip('10.1.0.53/24', vrf=VRF.objects.create(name='Other'))), set())

    def test_pages(self):
        self.client.force_login(self.user)
        for instance in (
            IPAddress.objects.get(address='10.1.0.53/24'),
            Prefix.objects.get(prefix='10.1.0.0/24'),
            factories.ip_range('10.1.0.53/24', '10.1.0.54/24'),
        ):
            name = instance._meta.model_name
            with self.subTest(name):
                response = self.client.get(reverse(f'ipam:{name}_gwports_flows', args=[instance.pk]))
                self.assertContains(response, '>Remote<')
                self.assertContains(response, 'seg01')

    def test_the_page_says_how_many_are_hidden(self):
        address = IPAddress.objects.get(address='10.1.0.53/24')
        url = reverse('ipam:ipaddress_gwports_flows', args=[address.pk])
        self.client.force_login(self.user)
        self.assertNotContains(self.client.get(url), 'not visible to you')
        self.allow(IPAddress, 'view')
        self.allow(RemoteEndpoint, 'view')
        self.allow(RequiredFlow, 'view')
        self.allow(Gateway, 'view', constraints={'device__name': 'seg01'})
        hidden = len(flows_meeting(address)) - len(flows_meeting(address, User.objects.get(pk=self.user.pk)))
        page = self.client.get(url)
        self.assertContains(page, f'{hidden} flows are not visible to you')
        self.assertNotContains(page, 'seg02')

    def test_only_what_the_reader_may_see(self):
        address = IPAddress.objects.get(address='10.1.0.53/24')
        self.allow(Gateway, 'view', constraints={'device__name': 'seg01'})
        self.allow(RequiredFlow, 'view')
        self.assertEqual(flows_meeting(address, self.user), {})  # the endpoint is not to be seen
        self.allow(RemoteEndpoint, 'view')
        self.assertEqual(self.met(address), {('seg01', 'DNS')})


class TemplateTests(DemoTests):
    TEMPLATE = '{% for rule in device|firewall_rules %}{{ rule.key }}\n{% endfor %}'

    def render(self, code, expect=200):
        device = self.seg01.device
        device.config_template = ConfigTemplate.objects.create(name=code[:40], template_code=code)
        device.save()
        response = self.client.post(reverse('dcim-api:device-render-config', args=[device.pk]), **self.header)
        self.assertHttpStatus(response, expect)
        return response.json()

    def test_the_filter_gives_the_rules_in_a_rendered_configuration(self):
        content = self.render(self.TEMPLATE)['content']
        self.assertEqual(content.split(), [rule.key for rule in requirements([self.seg01])[0].rules])

    def test_the_namespace_gives_the_same(self):
        content = self.render('{% for r in gwports.firewall_rules(device) %}{{ r.key }} {% endfor %}')['content']
        self.assertEqual(content.split(), [rule.key for rule in requirements([self.seg01])[0].rules])

    def test_lines_unresolved_and_a_host_without_a_gateway(self):
        rules = firewall_rules(self.seg01.device)
        self.assertLess(len(rules.lines), len(rules))
        self.assertEqual(rules.unresolved, requirements([self.seg01])[0].unresolved)
        self.assertEqual(list(firewall_rules(Device.objects.get(name='dns01'))), [])
        vm = Gateway.objects.get(virtual_machine__name='seg03')
        self.assertEqual([r.key for r in firewall_rules(vm)], [r.key for r in firewall_rules(vm.virtual_machine)])

    def test_it_refuses_a_reader_from_whom_something_is_hidden(self):
        self.allow(Device, 'view', 'render_config')
        self.assertIn('not visible', str(self.render(self.TEMPLATE, expect=500)))
        self.allow(Gateway, 'view')
        self.allow(RequiredFlow, 'view', constraints={'direction': 'inbound'})
        self.assertIn('not visible to this user', str(self.render(self.TEMPLATE, expect=500)))
        code = '{% set rules = device|firewall_rules(allow_hidden=True) %}{{ rules.hidden }}'
        hidden = int(self.render(code)['content'])
        self.assertEqual(hidden, requirements([self.seg01], self.user)[0].hidden)
        self.assertGreater(hidden, 0)


class GraphQLTests(DemoTests):
    def gateways(self):
        return {device['name']: device['gateway'] for device in self.graphql(GRAPHQL)['device_list']}

    def test_devices_know_their_gateway_and_its_rules(self):
        found = self.gateways()
        self.assertEqual(found['seg01']['profile']['name'], 'Secure Email Gateway')
        expected = {rule.key for rule in requirements([self.seg01])[0].rules}
        self.assertEqual({rule['key'] for rule in found['seg01']['rules']}, expected)
        machines = self.graphql('{virtual_machine_list{gateway{rules{key}}}}')['virtual_machine_list']
        self.assertTrue(machines[0]['gateway']['rules'])

    def test_the_number_of_queries_does_not_grow_with_the_devices(self):
        def grow():
            for _ in range(5):
                factories.gateway(self.seg01.profile, factories.device(f'seg-{_}'))

        self.assertSameQueries(self.gateways, grow)

    def test_restricted(self):
        self.allow(Device, 'view')
        self.assertEqual(set(self.gateways().values()), {None})
        self.allow(Gateway, 'view', constraints={'device__name': 'seg01'})
        found = self.gateways()
        self.assertIsNone(found['seg02'])
        needed = self.seg01.flows.needed().count()
        self.assertEqual((found['seg01']['rules'], found['seg01']['hidden_flows']), ([], needed))
