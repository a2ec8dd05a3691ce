from types import SimpleNamespace

from core.models import ObjectType
from django.test import TestCase
from tenancy.models import Tenant
from users.models import ObjectPermission, User

from netbox_gwports import filtersets
from netbox_gwports.models import Gateway, RemoteEndpoint, RequiredFlow

from . import factories
from .base import FilterSetTests


class RequiredFlowTest(FilterSetTests, TestCase):
    queryset = RequiredFlow.objects.all()
    filterset = filtersets.RequiredFlowFilterSet
    # Found by protocol and port; the last two are the plugin's own memory
    ignore_fields = ('ports', 'port_ranges', 'template_values', 'status_before_withdrawal')
    filter_name_map = {'remote_role': 'role', 'dns_names': 'dns_name', 'remote_endpoint': 'endpoint'}

    @classmethod
    def setUpTestData(cls):
        product = factories.product(slug='product')
        tenant = Tenant.objects.create(name='Tenant 1', slug='tenant-1')
        cls.first = factories.gateway(
            product, factories.device('gw-1', factories.site('North')), group=factories.group(), tenant=tenant
        )
        cls.second = factories.gateway(product, factories.virtual_machine('gw-2', factories.site('South')))
        servers = factories.role('servers')
        cls.endpoint = factories.endpoint(servers, 'Named', zone='dmz')
        factories.flow(cls.first, servers, 'By hand', ports=['tcp/1024-65535', 'udp/53'],
                       status='rejected', justification='CHG-1', application_protocol='X', valid_until='2026-01-31',
                       clear_text=True, endpoints=[cls.endpoint],
                       feature=product.features.get(name='Mode'))  # fmt: skip

    def test_filters(self):
        template = self.first.profile.services.get(name='DNS').flow_templates.get()
        for params, count in (
            ({'q': 'updates'}, 2),
            ({'q': 'gw-1'}, 4),
            ({'q': 'chg-1'}, 1),
            ({'gateway_id': [self.first.pk]}, 4),
            ({'device': ['gw-1']}, 4),
            ({'device_id': [self.first.device_id]}, 4),
            ({'virtual_machine': ['gw-2']}, 3),
            ({'site': ['south']}, 3),
            ({'tenant': ['tenant-1']}, 4),
            ({'group': ['group-1']}, 4),
            ({'profile': ['product']}, 7),
            ({'template_id': [template.pk]}, 2),
            ({'template_id': ['null']}, 1),
            ({'role': ['administrators']}, 2),
            ({'feature': ['mode']}, 1),
            ({'feature_id': ['null']}, 6),
            ({'endpoint': ['Named']}, 1),
            ({'endpoint_id': [self.endpoint.pk]}, 1),
            ({'status': ['rejected', 'waived']}, 1),
            ({'direction': ['inbound']}, 2),
            ({'port': [2000]}, 1),
            ({'port': [53], 'protocol': ['tcp']}, 2),
            ({'port': [53], 'protocol': ['udp']}, 3),
            ({'application_protocol': ['HTTPS']}, 4),
            ({'clear_text': True}, 3),
            ({'valid_until__lt': ['2026-02-01']}, 1),
            ({'zone': ['internet']}, 2),
            ({'zone': ['management']}, 2),
            ({'zone': ['internal']}, 3),
            ({'zone': ['dmz']}, 1),
            ({'dns_name': ['cdn.updates.example.net']}, 2),
        ):
            with self.subTest(**params):
                self.assertEqual(self.filterset(params, self.queryset).qs.count(), count)


class RemoteTest(TestCase):
    """Which flows an address or a name takes part in: as the requirements say it, by SQL."""

    @classmethod
    def setUpTestData(cls):
        cls.role = factories.role('servers')
        group = factories.group()
        cls.gateways = [
            factories.gateway(host=factories.device('a', factories.site('North')), group=group),
            factories.gateway(host=factories.virtual_machine('b', factories.site('North'))),
            factories.gateway(host=factories.device('c', factories.site('South'))),
        ]
        RequiredFlow.objects.all().delete()
        for gateway in cls.gateways:
            factories.flow(gateway, cls.role, f'on {gateway}')

    def endpoint(self, literal, **values):
        return factories.endpoint(self.role, literals=[literal], **values)

    def flows(self, request=None, **params):
        found = filtersets.RequiredFlowFilterSet(params, RequiredFlow.objects.all(), request=request).qs
        return ''.join(sorted(flow.name.removeprefix('on ') for flow in found))

    def test_narrowest_scope_wins(self):
        self.endpoint('10.0.0.1')
        self.assertEqual(self.flows(remote_ip=['10.0.0.1']), 'abc')
        self.endpoint('10.0.0.2', scope='sites', sites=[factories.site('North')])
        self.assertEqual(self.flows(remote_ip=['10.0.0.2']), 'ab')
        self.assertEqual(self.flows(remote_ip=['10.0.0.1']), 'c')
        self.endpoint('10.0.0.3', scope='groups', groups=[self.gateways[0].group])
        self.assertEqual(self.flows(remote_ip=['10.0.0.3']), 'a')
        self.assertEqual(self.flows(remote_ip=['10.0.0.2']), 'b')
        self.endpoint('10.0.0.4', scope='gateways', gateways=[self.gateways[0], self.gateways[2]])
        self.assertEqual(self.flows(remote_ip=['10.0.0.4']), 'ac')
        self.assertEqual(self.flows(remote_ip=['10.0.0.3', '10.0.0.1']), '')

    def test_emptied_scope_applies_nowhere(self):
        endpoint = self.endpoint('10.0.0.1', scope='gateways', gateways=self.gateways[:1])
        endpoint.gateways.clear()
        self.assertEqual(self.flows(remote_ip=['10.0.0.1']), '')

    def test_another_role(self):
        factories.endpoint(factories.role('others'), literals=['10.0.0.1'])
        self.assertEqual(self.flows(remote_ip=['10.0.0.1']), '')

    def test_own_endpoints_take_the_place(self):
        self.endpoint('10.0.0.1')
        own = factories.endpoint(
            factories.role('others'), literals=['10.0.0.9'], scope='gateways', gateways=self.gateways[2:]
        )
        RequiredFlow.objects.get(name='on a').endpoints.add(own)
        self.assertEqual(self.flows(remote_ip=['10.0.0.1']), 'bc')
        self.assertEqual(self.flows(remote_ip=['10.0.0.9']), 'a')

    def test_published_hosts_take_the_place(self):
        self.endpoint('10.0.0.1')
        RequiredFlow.objects.filter(name='on a').update(dns_names=['x.example.net'])
        RequiredFlow.objects.filter(name='on b').update(dns_names=['x.example.net'], replaceable=True)
        self.assertEqual(self.flows(remote_ip=['10.0.0.1']), 'bc')

    def test_host(self):
        RequiredFlow.objects.filter(name='on a').update(dns_names=['*.analysis.example.com'])
        factories.endpoint(self.role, dns_names=['*.example.com'], scope='gateways', gateways=self.gateways[1:2])
        self.assertEqual(self.flows(dns_name=['cdn.analysis.example.com']), 'ab')
        self.assertEqual(self.flows(dns_name=['www.example.com']), 'b')

    def test_hidden_endpoints(self):
        """Permissions hold for the question, too: a hidden endpoint's addresses cannot be guessed."""
        shown, hidden = self.endpoint('10.0.0.1'), self.endpoint('10.0.0.2')
        user = User.objects.create_user(username='somebody')
        permission = ObjectPermission.objects.create(name='E', actions=['view'], constraints={'pk': shown.pk})
        permission.users.add(user)
        permission.object_types.add(ObjectType.objects.get_for_model(RemoteEndpoint))
        request = SimpleNamespace(user=user)
        self.assertEqual(self.flows(request, remote_ip=['10.0.0.1']), 'abc')
        self.assertEqual(self.flows(request, remote_ip=['10.0.0.2']), '')
        self.assertEqual(self.flows(remote_ip=['10.0.0.2']), 'abc')
        self.assertEqual({hidden, shown}, {*RemoteEndpoint.objects.all()})

    def test_as_the_requirements(self):
        """The same answer as resolving: every address that a rule names finds its flow."""
        from netbox_gwports.requirements import requirements

        self.endpoint('10.0.0.1')
        self.endpoint('10.0.0.2', scope='sites', sites=[factories.site('North')])
        self.endpoint('10.0.0.3', scope='groups', groups=[self.gateways[0].group])
        for gateway in self.gateways:
            factories.address(gateway, f'192.0.2.{gateway.pk % 250 + 1}/24')
        for resolution in requirements(Gateway.objects.order_by('pk')):
            named = {str(rule.remote.addresses[0]) for rule in resolution.rules}
            self.assertEqual(len(named), 1)
            for address in ('10.0.0.1', '10.0.0.2', '10.0.0.3'):
                found = resolution.gateway.name in self.flows(remote_ip=[address])
                self.assertEqual(found, address in named, (resolution.gateway.name, address))
