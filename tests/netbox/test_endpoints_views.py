from core.models import ObjectType
from dcim.models import Device
from django.urls import reverse
from ipam.models import Prefix
from users.models import ObjectPermission
from utilities.testing import TestCase, ViewTestCases, create_tags

from netbox_gwports.models import RemoteEndpoint

from . import factories
from .base import PluginURLs


class RemoteEndpointTest(
    PluginURLs, ViewTestCases.PrimaryObjectViewTestCase, ViewTestCases.BulkRenameObjectsViewTestCase
):
    model = RemoteEndpoint

    @classmethod
    def setUpTestData(cls):
        role = factories.role('servers')
        endpoints = [factories.endpoint(role, f'Endpoint {n}') for n in range(3)]
        factories.site('Site 1')
        group = factories.group()
        factories.gateway(host=factories.device('gw-1'))
        factories.gateway(host=factories.virtual_machine('gw-2'))
        address, prefix = factories.ip('10.0.0.1/24'), factories.prefix('10.1.0.0/24')
        ip_range = factories.ip_range('10.2.0.1/24', '10.2.0.9/24')
        device, vm = factories.device('srv-1'), factories.virtual_machine('srv-2')
        cls.form_data = {
            'name': 'Endpoint X',
            'role': role.pk,
            'ip_addresses': [address.pk],
            'prefixes': [prefix.pk],
            'ip_ranges': [ip_range.pk],
            'devices': [device.pk],
            'virtual_machines': [vm.pk],
            'dns_names': '*.example.net,mail.example.org',
            'literals': '203.0.113.0/28,203.0.113.99',
            'any_address': False,
            'justification': 'Because',
            'port_map': 'tcp/514=tcp/6514',
            'zone': 'dmz',
            'scope': 'groups',
            'groups': [group.pk],
            'tags': [tag.pk for tag in create_tags('Alpha', 'Bravo')],
        }
        cls.csv_data = (
            'name,role,ip_addresses,prefixes,ip_ranges,devices,virtual_machines,dns_names,literals,scope,gateways,sites',
            'Endpoint 4,servers,10.0.0.1/24,10.1.0.0/24,10.2.0.1-10.2.0.9,srv-1,srv-2,a.example.net,,'
            'gateways,"gw-1,gw-2",',
            'Endpoint 5,servers,10.0.0.1,,,,,,"192.0.2.1,192.0.2.5-192.0.2.7",sites,,site-1',
            'Endpoint 6,servers,,,,,,,,,,',
        )
        cls.csv_update_data = ('id,description,dns_names', *(f'{e.pk},Changed,*.example.net' for e in endpoints))
        cls.bulk_edit_data = {'zone': 'dmz', 'port_map': 'tcp/514=tcp/6514', 'justification': 'Edited'}


class EndpointFormTest(TestCase):
    user_permissions = (
        'netbox_gwports.add_remoteendpoint',
        'netbox_gwports.change_remoteendpoint',
        'netbox_gwports.view_remoterole',
        'netbox_gwports.view_gatewaygroup',
        'ipam.view_prefix',
    )

    @classmethod
    def setUpTestData(cls):
        cls.role = factories.role('servers')
        cls.group = factories.group()

    def post(self, endpoint=None, **data):
        name = 'edit' if endpoint else 'add'
        url = reverse(f'plugins:netbox_gwports:remoteendpoint_{name}', args=[endpoint.pk] if endpoint else [])
        return self.client.post(url, {'name': 'Endpoint', 'role': self.role.pk, 'scope': 'everywhere', **data})

    def errors(self, **data):
        return self.post(**data).context['form'].errors

    def test_scopes(self):
        self.assertIn('groups', self.errors(scope='groups'))
        self.assertIn('groups', self.errors(scope='everywhere', groups=[self.group.pk]))
        self.assertHttpStatus(self.post(scope='groups', groups=[self.group.pk]), 302)

    def test_another_scope_empties_the_list(self):
        endpoint = factories.endpoint(self.role, scope='groups', groups=[self.group])
        self.assertHttpStatus(self.post(endpoint, scope='everywhere'), 302)
        self.assertFalse(endpoint.groups.exists())

    def test_anyone(self):
        everything = Prefix.objects.create(prefix='0.0.0.0/0')
        self.assertIn('prefixes', self.errors(prefixes=[everything.pk]))
        self.assertIn('literals', self.errors(literals='::/0'))
        self.assertTrue(self.errors(any_address=True))
        self.assertHttpStatus(self.post(any_address=True, justification='Public service'), 302)

    def test_lists_as_people_write_them(self):
        self.post(
            dns_names='Mail.Example.net.\n*.example.org, b.example.net',
            literals='192.0.2.1 - 192.0.2.9',
            port_map='TCP/80 = tcp/8080,\nudp/53=udp/5353',
        )
        endpoint = RemoteEndpoint.objects.get()
        self.assertEqual(endpoint.dns_names, ['*.example.org', 'b.example.net', 'mail.example.net'])
        self.assertEqual(endpoint.literals, ['192.0.2.1-192.0.2.9'])
        self.assertEqual(endpoint.port_map, ['tcp/80=tcp/8080', 'udp/53=udp/5353'])

    def test_errors_name_the_field_and_the_mend(self):
        self.assertIn('write 192.0.2.0/24', str(self.errors(literals='192.0.2.1/24')['literals']))
        self.assertIn('URL', str(self.errors(dns_names='https://example.net')['dns_names']))
        self.assertIn('is not a port mapping', str(self.errors(port_map='tcp')['port_map']))

    def test_initial_values(self):
        """As the buttons of the requirements page hand them over."""
        url = reverse('plugins:netbox_gwports:remoteendpoint_add')
        form = self.client.get(
            url, {'role': self.role.pk, 'scope': 'groups', 'groups': self.group.pk, 'return_url': '/'}
        ).context['form']
        self.assertEqual(form['role'].value(), str(self.role.pk))
        self.assertEqual(form['groups'].value(), str(self.group.pk))
        self.assertNotIn('gateways', form.fields)

    def test_hidden_members_stay(self):
        seen, hidden, gone = (factories.device() for _ in range(3))
        endpoint = factories.endpoint(self.role, devices=[seen, hidden, gone])
        permission = ObjectPermission.objects.create(
            name='Devices', actions=['view'], constraints={'pk__in': [seen.pk, gone.pk]}
        )
        permission.users.add(self.user)
        permission.object_types.add(ObjectType.objects.get_for_model(Device))
        self.assertHttpStatus(self.post(endpoint, devices=[seen.pk]), 302)
        self.assertEqual({*endpoint.devices.all()}, {seen, hidden})

    def test_page_says_what_is_hidden(self):
        seen, hidden = factories.device(), factories.device()
        endpoint = factories.endpoint(self.role, devices=[seen, hidden])
        self.add_permissions('netbox_gwports.view_remoteendpoint')
        permission = ObjectPermission.objects.create(name='Devices', actions=['view'], constraints={'pk': seen.pk})
        permission.users.add(self.user)
        permission.object_types.add(ObjectType.objects.get_for_model(Device))
        for url in (endpoint.get_absolute_url(), reverse('plugins:netbox_gwports:remoteendpoint_list')):
            page = self.client.get(url).content.decode()
            self.assertIn(seen.name, page)
            self.assertNotIn(hidden.name, page)
        self.assertIn('1 not visible to you', self.client.get(endpoint.get_absolute_url()).content.decode())
