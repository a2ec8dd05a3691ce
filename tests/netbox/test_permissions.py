"""Who sees what on every way out: each reader of the matrix, each way, each cell asserted."""

from unittest import mock

from dcim.models import Device
from django.test import TestCase, override_settings
from django.urls import reverse
from jinja2.exceptions import TemplateRuntimeError
from netbox.search.backends import search_backend
from users.models import Token, User

from demo import data
from netbox_gwports.jinja_env import firewall_rules
from netbox_gwports.models import FlowTemplate, Gateway, RemoteEndpoint, RequiredFlow
from netbox_gwports.requirements.flows_meeting import flows_meeting

from . import factories

# Reader -> what may be viewed: model and constraints
READERS = {
    'none': (),
    'some': (
        (Device, None),
        (Gateway, {'device__name': 'seg01'}),
        (RequiredFlow, {'gateway__device__name': 'seg01'}),
        (RemoteEndpoint, None),
    ),
    'no flows': ((Device, None), (Gateway, None)),
    'no endpoints': ((Device, None), (Gateway, None), (RequiredFlow, None)),
    'superuser': (),
}
# What each sees of seg01 and of seg02: nothing (None), or whether rules, whether something is said to be hidden
EXPECTED = {
    'anonymous': (None, None),
    'none': (None, None),
    'some': ((True, True), None),
    'no flows': ((False, True), (False, True)),
    'no endpoints': ((True, True), (True, True)),
    'superuser': ((True, False), (True, False)),
}


class PermissionMatrix(TestCase):
    @classmethod
    def setUpTestData(cls):
        data.load(None)
        cls.gateways = [Gateway.objects.get(device__name=name) for name in ('seg01', 'seg02')]
        # Otherwise a background job fills it
        search_backend.cache(RequiredFlow.objects.all())
        for number, (name, rights) in enumerate(READERS.items()):
            user = User.objects.create(username=f'reader{number}', is_superuser=name == 'superuser')
            for model, constraints in rights:
                factories.allow(user, model, 'view', constraints=constraints)

    def readers(self):
        """(name, user or None, headers) of each reader, logged in."""
        for number, name in enumerate(READERS):
            user = User.objects.get(username=f'reader{number}')
            self.client.force_login(user)
            token = Token.objects.create(user=user, version=2)
            yield name, user, {'authorization': f'Bearer nbt_{token.key}.{token.token}'}
        self.client.logout()
        yield 'anonymous', None, {}

    def each(self, check):
        """Call ``check`` with gateway, what is expected, user and headers for each cell."""
        for name, user, headers in self.readers():
            for gateway, expected in zip(self.gateways, EXPECTED[name], strict=True):
                with self.subTest(reader=name, gateway=str(gateway)):
                    check(gateway, expected, user, headers)

    def test_requirements_in_rest(self):
        def check(gateway, expected, user, headers):
            response = self.client.get(
                '/api/plugins/gwports/requirements/', {'gateway_id': gateway.pk}, headers=headers
            )
            if user is None or not user.has_perm('netbox_gwports.view_gateway'):
                self.assertEqual(response.status_code, 403)
                return
            results = response.json()['results']
            if expected is None:
                self.assertEqual(results, [])
            else:
                self.assertEqual((bool(results[0]['rules']), results[0]['hidden'] > 0), expected)

        self.each(check)

    def test_the_plan_in_rest(self):
        def check(gateway, expected, user, headers):
            response = self.client.get(f'/api/plugins/gwports/gateways/{gateway.pk}/reconcile/', headers=headers)
            if user is None or not user.has_perm('netbox_gwports.view_gateway'):
                self.assertEqual(response.status_code, 403)
            else:
                self.assertEqual(response.status_code, 404 if expected is None else 200)
            posted = self.client.post(f'/api/plugins/gwports/gateways/{gateway.pk}/reconcile/', headers=headers)
            self.assertEqual(posted.status_code, 200 if user and user.is_superuser else 403)

        self.each(check)

    def test_graphql(self):
        query = '{gwports_gateway_list{device{name} hidden_flows rules{key}}}'

        def check(gateway, expected, user, headers):
            response = self.client.post(
                reverse('graphql'), {'query': query}, content_type='application/json', headers=headers
            )
            if user is None:
                self.assertEqual(response.status_code, 302)
                return
            found = {
                entry['device']['name']: entry
                for entry in response.json()['data']['gwports_gateway_list']
                if entry['device']
            }.get(str(gateway))
            if expected is None:
                self.assertIsNone(found)
            else:
                self.assertEqual((bool(found['rules']), found['hidden_flows'] > 0), expected)

        self.each(check)

    def test_the_page_of_the_device_its_tab_and_its_panel(self):
        def check(gateway, expected, user, headers):
            device = self.client.get(gateway.device.get_absolute_url())
            tab = self.client.get(f'{gateway.device.get_absolute_url()}firewall-requirements/')
            if user is None:
                self.assertEqual((device.status_code, tab.status_code), (302, 302))
            elif not user.has_perm('dcim.view_device'):
                self.assertEqual(device.status_code, 403)
                self.assertIn(tab.status_code, (403, 404))
            elif expected is None:
                # As for a device without a gateway
                self.assertNotContains(device, 'firewall-requirements/')
                self.assertRedirects(tab, gateway.device.get_absolute_url(), fetch_redirect_response=False)
            else:
                rules, hidden = expected
                self.assertContains(device, 'firewall-requirements/')
                self.assertEqual(b'not visible to you' in tab.content, hidden)
                self.assertEqual(b'Connection initiated by the' in tab.content, rules)

        self.each(check)

    def test_the_pages_of_the_gateway(self):
        def check(gateway, expected, user, headers):
            names = ('gateway', 'gateway_reconcile')
            codes = {
                self.client.get(reverse(f'plugins:netbox_gwports:{n}', args=[gateway.pk])).status_code for n in names
            }
            if user is None:
                self.assertEqual(codes, {302})
            elif not user.has_perm('netbox_gwports.view_gateway'):
                self.assertEqual(codes, {403})
            else:
                self.assertEqual(codes, {404} if expected is None else {200})

        self.each(check)

    def test_the_tab_of_an_address(self):
        def check(gateway, expected, user, headers):
            address = gateway.device.interfaces.first().ip_addresses.first()
            if user is None:
                tab = self.client.get(reverse('ipam:ipaddress_gwports_flows', args=[address.pk]))
                self.assertEqual(tab.status_code, 302)
                return
            found = RequiredFlow.objects.filter(pk__in=flows_meeting(address, user), gateway=gateway)
            self.assertEqual(found.exists(), bool(expected and expected[0]))
            # Nothing else than what the reader may see
            self.assertFalse(found.exclude(pk__in=RequiredFlow.objects.restrict(user, 'view')).exists())

        self.each(check)

    def test_global_search(self):
        def check(gateway, expected, user, headers):
            page = self.client.get(
                reverse('search'), {'q': 'Deliver mail', 'obj_types': ['netbox_gwports.requiredflow']}
            )
            if user is None:
                self.assertEqual(page.status_code, 302)
                return
            flow = gateway.flows.get(purpose='Deliver mail')
            found = f'href="{flow.get_absolute_url()}"'.encode() in page.content
            self.assertEqual(found, RequiredFlow.objects.restrict(user, 'view').filter(pk=flow.pk).exists())

        self.each(check)

    def test_lists(self):
        def check(gateway, expected, user, headers):
            found = self.client.get(reverse('plugins:netbox_gwports:gateway_list'), {'q': str(gateway)})
            if user is None or not user.has_perm('netbox_gwports.view_gateway'):
                self.assertEqual(found.status_code, 302 if user is None else 403)
                return
            self.assertEqual(str(gateway).encode() in _rows(found), expected is not None)

        self.each(check)

    def test_templates(self):
        def check(gateway, expected, user, headers):
            if user is None:
                return
            with mock.patch('netbox_gwports.jinja_env.current_user', return_value=user):
                if expected is None or expected[1]:
                    with self.assertRaises(TemplateRuntimeError):
                        firewall_rules(gateway.device)
                rules = firewall_rules(gateway.device, allow_hidden=True)
            self.assertEqual((bool(len(rules)), rules.hidden > 0), expected or (False, True))

        self.each(check)

    @override_settings(LOGIN_REQUIRED=False)
    def test_anonymous_readers_see_nothing_where_no_login_is_required(self):
        answer = self.client.get('/api/plugins/gwports/requirements/')
        self.assertIn(answer.status_code, (401, 403))
        tab = self.client.get(f'{self.gateways[0].device.get_absolute_url()}firewall-requirements/')
        self.assertIn(tab.status_code, (302, 403, 404))

    def test_a_template_out_of_sight_is_not_told_by_the_plan(self):
        made = self.gateways[0].flows.needed().exclude(template=None).first().template
        FlowTemplate.objects.filter(pk=made.pk).update(purpose='Secret purpose')

        def check(gateway, expected, user, headers):
            if user is None or expected is None or user.is_superuser:
                return
            page = self.client.get(reverse('plugins:netbox_gwports:gateway_reconcile', args=[gateway.pk]))
            sees_flows = user.has_perm('netbox_gwports.view_requiredflow')
            self.assertEqual(b'Secret purpose' in page.content, sees_flows)

        self.each(check)


def _rows(response):
    """The body of the page's table, which also names what was searched for elsewhere."""
    return response.content.split(b'<tbody', 1)[-1].split(b'</tbody', 1)[0] if b'<tbody' in response.content else b''
