from django.test import TestCase

from netbox_gwports import filtersets
from netbox_gwports.models import RemoteEndpoint

from . import factories
from .base import FilterSetTests


class RemoteEndpointTest(FilterSetTests, TestCase):
    queryset = RemoteEndpoint.objects.all()
    filterset = filtersets.RemoteEndpointFilterSet
    # Ports and literals are found by what they mean: remote_ip; the scope lists by their models
    ignore_fields = ('port_map',)
    filter_name_map = {
        'dns_names': 'dns_name',
        'literals': 'remote_ip',
        'gateway_group': 'group',
        'required_flow': 'flow',
    }

    @classmethod
    def setUpTestData(cls):
        servers, internet = factories.role('servers'), factories.role('internet-hosts', 'internet')
        gateway = factories.gateway(group=factories.group())
        cls.gateway = gateway
        host, vm = factories.device('srv-1'), factories.virtual_machine('srv-2')
        factories.ip('10.5.0.1/24', host, primary=True)
        factories.ip('10.5.0.9/24', host)
        factories.ip('2001:db8::5/64', vm, primary=True)
        cls.address, cls.prefix = factories.ip('10.1.0.1/24'), factories.prefix('10.2.0.0/24')
        cls.range = factories.ip_range('10.3.0.250/24', '10.3.0.254/24')
        factories.endpoint(servers, 'address', ip_addresses=[cls.address])
        factories.endpoint(servers, 'prefix', prefixes=[cls.prefix], zone='dmz')
        factories.endpoint(servers, 'range', ip_ranges=[cls.range])
        factories.endpoint(servers, 'device', devices=[host], scope='gateways', gateways=[gateway])
        factories.endpoint(servers, 'vm', virtual_machines=[vm], scope='groups', groups=[gateway.group])
        factories.endpoint(
            servers,
            'literals',
            scope='sites',
            sites=[factories.site()],
            literals=['10.4.0.1', '10.4.1.0/24', '10.4.2.9-10.4.2.11', '2001:db8:4::/48'],
        )
        factories.endpoint(internet, 'dns_names', dns_names=['*.example.net', 'mail.example.org'])
        factories.endpoint(internet, 'any', any_address=True, justification='Public')
        cls.flow = factories.flow(gateway, servers, endpoints=[RemoteEndpoint.objects.get(name='prefix')])

    def names(self, **params):
        filterset = self.filterset(params, self.queryset)
        self.assertTrue(filterset.is_valid(), filterset.errors)
        return {endpoint.name for endpoint in filterset.qs}

    def test_remote_ip(self):
        """By the host part of a member, or inside a prefix, a range or a literal."""
        for address, name in (
            ('10.1.0.1', 'address'), ('10.1.0.2', None),
            ('10.2.0.77', 'prefix'), ('10.2.1.0', None),
            ('10.3.0.250', 'range'), ('10.3.0.254', 'range'), ('10.3.0.255', None), ('10.3.0.9', None),
            ('10.5.0.1', 'device'), ('10.5.0.9', None),
            ('2001:db8::5', 'vm'), ('2001:DB8:0::5', 'vm'),
            ('10.4.0.1', 'literals'), ('10.4.1.200', 'literals'), ('10.4.2.10', 'literals'), ('10.4.2.100', None),
            ('2001:db8:4::1', 'literals'), ('2001:db8:5::1', None), ('203.0.113.1', None),
        ):  # fmt: skip
            with self.subTest(address=address):
                self.assertEqual(self.names(remote_ip=[address]), {name} if name else set())
        self.assertEqual(self.names(remote_ip=['10.1.0.1', '10.2.0.1']), {'address', 'prefix'})
        self.assertFalse(self.filterset({'remote_ip': ['10.1.0.1/24']}, self.queryset).is_valid())

    def test_host(self):
        for host, found in (
            ('cdn.example.net', True),
            ('a.b.example.net', True),
            ('*.b.example.net', True),
            ('example.net', False),
            ('CDN.Example.NET.', True),
            ('mail.example.org', True),
            ('x.mail.example.org', False),
        ):
            with self.subTest(host=host):
                self.assertEqual(self.names(dns_name=[host]), {'dns_names'} if found else set())
        self.assertFalse(self.filterset({'dns_name': ['https://example.net']}, self.queryset).is_valid())

    def test_filters(self):
        gateway = self.gateway
        for params, names in (
            ({'q': 'mail.example'}, {'dns_names'}),
            ({'q': '10.4'}, {'literals'}),
            ({'role': ['internet-hosts']}, {'dns_names', 'any'}),
            ({'zone': ['dmz']}, {'prefix'}),
            ({'zone': ['internet']}, {'dns_names', 'any'}),
            ({'scope': ['sites', 'groups']}, {'literals', 'vm'}),
            ({'gateway_id': [gateway.pk]}, {'device'}),
            ({'group': ['group-1']}, {'vm'}),
            ({'site': ['site-1']}, {'literals'}),
            ({'ip_address_id': [self.address.pk]}, {'address'}),
            ({'prefix_id': [self.prefix.pk]}, {'prefix'}),
            ({'ip_range_id': [self.range.pk]}, {'range'}),
            ({'device': ['srv-1']}, {'device'}),
            ({'virtual_machine': ['srv-2']}, {'vm'}),
            ({'any_address': True}, {'any'}),
            ({'flow_id': [self.flow.pk]}, {'prefix'}),
        ):
            with self.subTest(**params):
                self.assertEqual(self.names(**params), names)
