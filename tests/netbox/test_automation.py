"""The examples for pynetbox, GraphQL and Jinja in the documentation, as readers run them: against a served NetBox."""

import contextlib
import io
import re
from pathlib import Path

from core.models import ObjectChange
from django.test import LiveServerTestCase
from extras.models import ConfigTemplate
from users.models import Token, User

from netbox_gwports.catalog.files import bundled
from netbox_gwports.changes import approve
from netbox_gwports.changes.sign import Signature
from netbox_gwports.loading.loader import load, parse
from netbox_gwports.models import ChangeRequest, Gateway, RemoteEndpoint, RequiredFlow, SignOff

from . import factories

DOCS = Path(__file__).parents[2] / 'docs'
# Language of a block -> the page that it is on
PAGES = {'python': 'guides/automation.md', 'graphql': 'graphql.md', 'jinja': 'jinja.md'}


def blocks(language):
    page = (DOCS / PAGES[language]).read_text(encoding='utf-8')
    return re.findall(rf'^```{language}\n(.*?)^```$', page, re.MULTILINE | re.DOTALL)


class AutomationTests(LiveServerTestCase):
    def setUp(self):
        load(parse(bundled()['clearswift-seg-6.3'].read_text(encoding='utf-8')))
        self.device = factories.device('mx1')
        factories.ip('192.0.2.25/24', self.device)
        user = User.objects.create(username='robot', is_superuser=True)
        token = Token.objects.create(user=user, version=2)
        self.names = {'url': self.live_server_url, 'token': f'nbt_{token.key}.{token.token}'}

    def tearDown(self):
        # The server's thread keeps its database connection while the client's stays open
        self.names['nb'].http_session.close()
        super().tearDown()

    def run_block(self, code):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, PAGES['python'], 'exec'), self.names)  # noqa: S102
        return out.getvalue()

    def test_the_session_of_the_page(self):
        create, answer, change, plan, delete = blocks('python')[:5]

        out = self.run_block(create)
        gateway = Gateway.objects.get(device=self.device)
        self.assertEqual([feature.slug for feature in gateway.features.all()], ['ntp'])
        self.assertEqual([address.zones for address in gateway.addresses.all()], [['internet', 'internal']])
        self.assertIn('DNS no_remote No endpoint for DNS servers', out)

        out = self.run_block(answer)
        self.assertRegex(out, r"udp \['123'\] internal \['10.1.0.123'\]")

        self.run_block(change)
        features = {feature.slug for feature in gateway.features.all()}
        self.assertEqual(features, {'ntp', 'snmp-alerts'})
        self.assertTrue(gateway.flows.filter(feature__slug='snmp-alerts').exists())
        self.assertEqual({str(flow.valid_until) for flow in gateway.flows.filter(status='required')}, {'2099-12-31'})
        self.assertTrue(ObjectChange.objects.filter(user_name='robot', changed_object_type__model='gateway').exists())

        self.assertIn("'create': 0", self.run_block(plan))

        self.run_block(delete)
        self.assertFalse(RequiredFlow.objects.exists())

    def test_desired_state(self):
        create, answer, *_session, helper, ask, read, record = blocks('python')
        for code in (create, answer, helper):
            self.run_block(code)
        gateway = Gateway.objects.get(device=self.device)
        point = factories.enforcement_point(factories.device('fw1'), gateways=[gateway])
        factories.enforcement_zone(point, 'internal')
        self.assertRegex(self.run_block(ask), r'\d+ requested')
        self.assertEqual(self.run_block(read), '')
        request = ChangeRequest.objects.get()
        approve(request.pk, Signature(User.objects.create_superuser('approver')))
        self.assertEqual(self.run_block(ask), f'{request.pk} approved\n')
        self.assertRegex(self.run_block(read), r"approved \w+ udp \['123'\] \[\]")
        self.assertEqual(self.run_block(record), 'implemented 1\n')
        self.assertEqual(self.run_block(read), '')
        # All of it again
        self.assertEqual(self.run_block(ask), f'{request.pk} approved\n')
        self.assertEqual(self.run_block(record), 'implemented 1\n')
        self.assertEqual([s.kind for s in SignOff.objects.all()], ['requested', 'approved', 'implemented'])
        # Renumbered: another change request
        RemoteEndpoint.objects.update(literals=['10.1.0.124'])
        self.assertRegex(self.run_block(ask), r'\d+ requested')
        self.assertEqual(ChangeRequest.objects.count(), 2)
        self.assertRegex(self.run_block(read), r"^to_close \w+ udp \['123'\]")

    def test_the_query_and_the_template_of_the_page(self):
        self.run_block(blocks('python')[0])
        self.run_block(blocks('python')[1])
        response = self.client.post(
            '/graphql/',
            {'query': blocks('graphql')[0]},
            content_type='application/json',
            headers={'authorization': f'Bearer {self.names["token"]}'},
        )
        [device] = response.json()['data']['device_list']
        ntp = [rule for rule in device['gateway']['rules'] if rule['ports'] == ['123']]
        self.assertEqual([rule['destination']['addresses'] for rule in ntp], [[{'address': '10.1.0.123', 'vrf': None}]])

        template = ConfigTemplate(name='Lines', template_code=blocks('jinja')[0])
        lines = template.render({'device': self.device})
        self.assertIn('outbound internal: udp/123 #', lines)
