from django.urls import reverse
from utilities.testing import TestCase, ViewTestCases, create_tags

from netbox_gwports.models import RequiredFlow

from . import factories
from .base import PluginURLs


class RequiredFlowTest(
    PluginURLs, ViewTestCases.PrimaryObjectViewTestCase, ViewTestCases.BulkRenameObjectsViewTestCase
):
    model = RequiredFlow

    @classmethod
    def setUpTestData(cls):
        gateway = factories.gateway(host=factories.device('gw-1'))
        factories.gateway(gateway.profile, factories.virtual_machine('gw-2'))
        # What a gateway's own profile made is in the way of counts and of "the first object"
        RequiredFlow.objects.all().delete()
        role = factories.role('servers')
        flows = [factories.flow(gateway, role, f'By hand {n}') for n in range(3)]
        endpoint = factories.endpoint(role, 'Endpoint 1')
        cls.form_data = {
            'gateway': gateway.pk,
            'name': 'By hand X',
            'purpose': 'Purpose',
            'application_protocol': 'HTTPS',
            'ports': 'tcp/443,tcp/8443',
            'direction': 'outbound',
            'remote_role': role.pk,
            'dns_names': 'a.example.net,b.example.net',
            'replaceable': True,
            'zone': 'internet',
            'feature': gateway.profile.features.get(name='Mode').pk,
            'direct': True,
            'clear_text': False,
            'endpoints': [endpoint.pk],
            'status': 'waived',
            'justification': 'Because',
            'mitigation': 'TLS',
            'valid_until': None,
            'tags': [tag.pk for tag in create_tags('Alpha', 'Bravo')],
        }
        cls.csv_data = (
            'device,virtual_machine,name,purpose,ports,direction,remote_role,feature,endpoints,status,justification',
            'gw-1,,By hand 4,Purpose,"tcp/443,tcp/444",outbound,servers,mode,Endpoint 1,rejected,By the board',
            ',gw-2,By hand 5,Purpose,udp/514,outbound,servers,,,,',
            'gw-1,,By hand 6,Purpose,icmp,inbound,servers,,,required,',
        )
        cls.csv_update_data = ('id,status,justification', *(f'{flow.pk},rejected,By the board' for flow in flows))
        cls.bulk_edit_data = {
            'status': 'rejected',
            'justification': 'Edited',
            'mitigation': 'Edited',
            'endpoints': [endpoint.pk],
        }


class FlowFormTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.gateway = factories.gateway()
        cls.role = factories.role('servers')

    def test_one_error_for_wrong_ports(self):
        self.add_permissions('netbox_gwports.add_requiredflow')
        response = self.client.post(reverse('plugins:netbox_gwports:requiredflow_add'), {'ports': 'tcp'})
        self.assertEqual(len(response.context['form'].errors['ports']), 1)

    def test_gateway_of_the_panel(self):
        """The page of a gateway shows its flows, and the button there hands over the gateway."""
        self.add_permissions(
            'netbox_gwports.view_gateway',
            'netbox_gwports.view_requiredflow',
            'netbox_gwports.add_requiredflow',
            'dcim.view_device',
        )
        page = self.client.get(self.gateway.get_absolute_url()).content.decode()
        self.assertIn(f'gateway_id={self.gateway.pk}', page)
        self.assertIn(f'{reverse("plugins:netbox_gwports:requiredflow_add")}?gateway={self.gateway.pk}', page)
        self.assertIn(f'/dcim/devices/{self.gateway.device_id}/firewall-requirements/', page)
