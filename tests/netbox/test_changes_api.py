"""REST and GraphQL of change control: the models, the steps, and where rules stand."""

from unittest import mock

from ipam.models import IPAddress
from utilities.testing import APIViewTestCases, GraphQLFilterTest

from netbox_gwports import changes
from netbox_gwports.changes.sign import Signature
from netbox_gwports.models import (
    ChangeLine,
    ChangeRequest,
    EnforcementPoint,
    EnforcementZone,
    Gateway,
    GatewayAddress,
    RemoteEndpoint,
    RequiredFlow,
    SignOff,
)

from . import factories
from .base import APITests
from .rest import RestTests
from .test_changes import Site
from .test_changes_filtersets import World


class ChangeRequestAPITests(APITests, APIViewTestCases.APIViewTestCase):
    model = ChangeRequest
    graphql_base_name = 'gwports_change_request'
    brief_fields = ['description', 'display', 'id', 'status', 'ticket', 'title', 'url']
    bulk_update_data = {'title': 'New', 'emergency': True}
    bulk_update_invalid_data = {'title': ''}
    graphql_filter_tests = (
        GraphQLFilterTest('ticket', 'ticket: {exact: "CHG1"}', {'ticket': 'CHG1'}),
        GraphQLFilterTest('status', 'status: {exact: STATUS_DRAFT}', {'status': 'draft'}),
        GraphQLFilterTest('emergency', 'emergency: {exact: true}', {'emergency': True}),
    )

    @classmethod
    def setUpTestData(cls):
        for n in range(3):
            ChangeRequest.objects.create(title=f'Change {n}', ticket=f'CHG{n}', emergency=n == 2)
        cls.create_data = [
            {'title': 'One'},
            {'title': 'Two', 'ticket': 'CHG7', 'valid_until': '2030-01-01', 'reason': 'Needed', 'risk': 'Low'},
            {'title': 'Three', 'emergency': True, 'test_plan': 'Ping', 'back_out': 'Undo'},
        ]
        cls.update_data = {'title': 'Updated', 'ticket': 'CHG8', 'reason': 'Because'}


class ReadOnly(APITests):
    def test_nothing_writes(self):
        obj = self.model.objects.first()
        self.add_permissions(
            *(
                f'netbox_gwports.{action}_{self.model._meta.model_name}'
                for action in ('view', 'add', 'change', 'delete')
            )
        )
        for method, url in (
            ('post', self._get_list_url()),
            ('put', self._get_list_url()),
            ('patch', self._get_list_url()),
            ('delete', self._get_list_url()),
            ('put', self._get_detail_url(obj)),
            ('patch', self._get_detail_url(obj)),
            ('delete', self._get_detail_url(obj)),
        ):
            with self.subTest(method=method, url=url):
                response = getattr(self.client, method)(url, {}, format='json', **self.header)
                self.assertHttpStatus(response, 405)


class ChangeLineAPITests(
    ReadOnly,
    World,
    APIViewTestCases.GetObjectViewTestCase,
    APIViewTestCases.ListObjectsViewTestCase,
    APIViewTestCases.GraphQLTestCase,
):
    model = ChangeLine
    graphql_base_name = 'gwports_change_line'
    brief_fields = ['action', 'display', 'gateway_name', 'id', 'rule_key', 'url']

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        # NetBox's tests want three
        changes.draft([cls.other], cls.asking, title='Again')

    def test_the_rule_has_the_shape_of_rules(self):
        self.add_permissions('netbox_gwports.view_changeline')
        line = self.client.get(self._get_detail_url(self.line), **self.header).json()
        [reason] = line['reasons']
        self.assertEqual((line['rule']['key'], reason['name']), (line['rule_key'], 'DNS'))
        self.assertEqual([a['address'] for a in line['rule']['destination']['addresses']], ['10.1.0.53'])
        self.assertNotIn('standing', line['rule'])
        # What is stored does not follow NetBox
        self.server.address = '10.1.0.54/24'
        self.server.save()
        self.assertEqual(self.client.get(self._get_detail_url(self.line), **self.header).json()['rule'], line['rule'])


class SignOffAPITests(
    ReadOnly,
    World,
    APIViewTestCases.GetObjectViewTestCase,
    APIViewTestCases.ListObjectsViewTestCase,
    APIViewTestCases.GraphQLTestCase,
):
    model = SignOff
    graphql_base_name = 'gwports_sign_off'
    brief_fields = ['display', 'id', 'kind', 'time', 'url', 'user_name']


class ChangeAPITests(Site, RestTests):
    def setUp(self):
        super().setUp()
        self.make()

    def allow_remotes(self):
        """What the rules of the gateway are made of."""
        for model in (IPAddress, GatewayAddress, RemoteEndpoint, RequiredFlow):
            self.allow(model, 'view')

    def post(self, path, data=None, expect=200):
        return self.rest('post', path, data or {}, expect=expect)

    def request(self, expect=200, **data):
        return self.post('change-requests/request/', {'gateways': [self.gateway.pk], 'title': 'DNS', **data}, expect)

    def step(self, request, name, expect=200, **data):
        return self.post(f'change-requests/{request["id"]}/{name}/', data, expect)

    def standing_of(self, gateway=None):
        return self.rest('get', f'gateways/{(gateway or self.gateway).pk}/standing/')

    def counts(self):
        return {name: n for name, n in self.standing_of()['counts'].items() if n}

    def renumber(self):
        self.server.address = '10.1.0.54/24'
        self.server.save()


class StepTests(ChangeAPITests):
    """Each step as a client takes it."""

    def test_from_request_to_in_place_and_back(self):
        self.assertEqual(self.counts(), {'rules': 1, 'to_request': 1})
        request = self.request(201, ticket='CHG1', reason='Names')
        self.assertEqual((request['status']['value'], request['reason']), ('requested', 'Names'))
        self.assertEqual(self.counts(), {'rules': 1, 'requested': 1})
        sign_off = self.step(request, 'approve', digest=request['digest'], note='Fine')
        self.assertEqual(
            [sign_off[name] for name in ('note', 'user_name', 'digest')],
            ['Fine', self.user.username, request['digest']],
        )
        self.assertEqual((sign_off['kind']['value'], sign_off['origin']['value']), ('approved', 'automation'))
        self.assertEqual(self.counts(), {'rules': 1, 'to_open': 1})
        for point in (self.outer, self.inner):
            done = self.step(request, 'implement', enforcement_point=point.pk)
            self.assertEqual(done['lines'], [ChangeLine.objects.get().pk])
        self.assertEqual(self.counts(), {'rules': 1, 'in_place': 1})
        self.step(request, 'roll-back', enforcement_point=self.inner.pk)
        self.assertEqual(self.counts(), {'rules': 1, 'to_open': 1})
        self.step(request, 'withdraw')
        self.assertEqual(self.counts(), {'rules': 1, 'to_request': 1, 'unapproved': 1})
        kinds = ['requested', 'approved', 'implemented', 'implemented', 'rolled_back', 'withdrawn']
        self.assertEqual([s['kind']['value'] for s in self.rest('get', 'sign-offs/')['results']], kinds)

    def test_the_same_again_changes_nothing(self):
        first = self.request(201, ticket='CHG1')
        self.assertEqual(self.request(ticket='CHG1'), first)
        for name in ('submit', 'approve'):
            signed = [self.step(first, name)['id'] for _ in range(2)]
            self.assertEqual(*signed)
            self.assertEqual(self.request(ticket='CHG1')['id'], first['id'])
        for name in ('implement', 'roll-back', 'implement'):
            signed = [self.step(first, name, enforcement_point=self.outer.pk)['id'] for _ in range(2)]
            self.assertEqual(*signed)
        self.step(first, 'implement', enforcement_point=self.inner.pk)
        self.assertEqual(self.request(ticket='CHG1')['id'], first['id'])
        self.assertEqual((ChangeRequest.objects.count(), ChangeLine.objects.count()), (1, 1))
        # Requested by somebody else under another ticket
        self.request(409, ticket='CHG2')

    def test_what_is_to_be_closed_is_requested_once(self):
        request = self.request(201, ticket='CHG1')
        self.step(request, 'approve')
        for point in (self.outer, self.inner):
            self.step(request, 'implement', enforcement_point=point.pk)
        self.renumber()
        second = self.request(201, ticket='CHG2')
        self.assertEqual(
            sorted(ChangeLine.objects.filter(change_request=second['id']).values_list('action', flat=True)),
            ['close', 'open'],
        )
        for name in (None, 'approve'):
            if name:
                self.step(second, name)
            self.assertEqual(self.request(ticket='CHG2')['id'], second['id'])
        self.step(second, 'implement', enforcement_point=self.outer.pk)
        self.assertEqual(self.request(ticket='CHG2')['id'], second['id'])
        self.step(second, 'implement', enforcement_point=self.inner.pk)
        self.assertEqual(self.counts(), {'rules': 1, 'in_place': 1})
        # Back again: what was closed once is closed again
        self.server.address = '10.1.0.53/24'
        self.server.save()
        third = self.request(201, ticket='CHG3')
        self.step(third, 'approve')
        for point in (self.outer, self.inner):
            self.step(third, 'implement', enforcement_point=point.pk)
        self.renumber()
        fourth = self.request(201, ticket='CHG4')
        self.assertEqual(ChangeLine.objects.filter(change_request=fourth['id'], action='close').count(), 1)

    def test_what_was_rejected_is_requested_again_only_by_name(self):
        first = self.request(201)
        self.step(first, 'reject')
        self.assertEqual(self.request()['status']['value'], 'rejected')
        [rule] = self.standing_of()['to_request']
        self.assertEqual(rule['standing'], 'rejected')
        again = self.request(201, rules=[rule['key']])
        self.assertNotEqual(again['id'], first['id'])
        self.assertEqual(self.request(rules=[rule['key']])['id'], again['id'])

    def test_emergency(self):
        request = self.request(201, emergency=True)
        for point in (self.outer, self.inner):
            self.step(request, 'implement', enforcement_point=point.pk)
        self.assertEqual(self.counts(), {'rules': 1, 'to_request': 1, 'unapproved': 1})
        # It is requested already
        self.assertEqual(self.request()['id'], request['id'])

    def test_a_draft_is_extended(self):
        first = self.request(201, draft=True)
        self.assertEqual((first['status']['value'], self.request(draft=True)['id']), ('draft', first['id']))
        self.assertEqual(self.counts(), {'rules': 1, 'to_request': 1})
        factories.flow(self.gateway, self.role, 'NTP', 'Time', ['udp/123'])
        second = self.request(change_request=first['id'])
        self.assertEqual((second['id'], second['status']['value']), (first['id'], 'requested'))
        self.assertEqual(ChangeLine.objects.filter(change_request=first['id']).count(), 2)
        factories.flow(self.gateway, self.role, 'LDAP', 'Names', ['tcp/389'])
        refused = self.request(409, change_request=first['id'])
        self.assertIn('submitted already', refused['detail'])

    def test_only_the_named_rules(self):
        factories.flow(self.gateway, self.role, 'NTP', 'Time', ['udp/123'])
        keys = {rule['ports'][0]: rule['key'] for rule in self.standing_of()['to_request']}
        request = self.request(201, rules=[keys['123']])
        self.assertEqual([line.rule_key for line in ChangeLine.objects.all()], [keys['123']])
        self.assertEqual(self.request(rules=[keys['123']])['id'], request['id'])
        self.request(409, rules=[keys['53'], 'f' * 16])
        self.assertEqual(ChangeLine.objects.count(), 1)

    def test_all_or_nothing(self):
        """One gateway whose rules may not be closed, or that is unknown, and nothing is requested."""
        self.assertIn(
            'gateways', self.refused('post', 'change-requests/request/', {'gateways': [987654], 'title': 'x'})
        )
        self.assertIn('gateways', self.refused('post', 'change-requests/request/', {'gateways': [], 'title': 'x'}))
        self.assertIn('title', self.refused('post', 'change-requests/request/', {'gateways': [self.gateway.pk]}))
        with mock.patch('netbox_gwports.changes.requesting.submit', side_effect=changes.sign.StepRefused('No')):
            self.request(409)
        self.assertFalse(ChangeRequest.objects.exists())

    def test_another_content_than_was_seen(self):
        request = self.request(201, draft=True)
        factories.flow(self.gateway, self.role, 'NTP', 'Time', ['udp/123'])
        self.request(draft=True)
        self.step(request, 'submit', 409, digest=request['digest'])
        response = self.client.post(
            f'/api/plugins/gwports/change-requests/{request["id"]}/submit/',
            {},
            format='json',
            HTTP_IF_MATCH=f'"{request["digest"]}"',
            **self.header,
        )
        self.assertHttpStatus(response, 412)
        now = self.rest('get', f'change-requests/{request["id"]}/')
        self.assertEqual((now['status']['value'], SignOff.objects.count()), ('draft', 0))
        self.step(request, 'submit', digest=now['digest'])

    def test_what_was_signed_stays(self):
        draft = self.request(201, draft=True)
        self.rest('patch', f'change-requests/{draft["id"]}/', {'reason': 'Better'})
        self.step(draft, 'submit')
        path = f'change-requests/{draft["id"]}/'
        for name, value in {
            'reason': 'x',
            'risk': 'x',
            'test_plan': 'x',
            'back_out': 'x',
            'emergency': True,
            'valid_until': '2031-01-01',
        }.items():
            with self.subTest(name=name):
                self.assertEqual(list(self.refused('patch', path, {name: value})), [name])
        self.rest('patch', path, {'ticket': 'CHG9', 'status': 'approved'})
        self.assertEqual(self.rest('get', path)['status']['value'], 'requested')
        self.rest('delete', path, expect=409)
        self.rest('delete', f'change-requests/{self.draft_of_nothing().pk}/')

    def draft_of_nothing(self):
        return ChangeRequest.objects.create(title='Nothing')

    def test_steps_out_of_order_and_wrong_lines(self):
        draft = self.request(201, draft=True)
        for name in ('approve', 'reject', 'withdraw'):
            self.step(draft, name, 409)
        self.step(draft, 'implement', 409, enforcement_point=self.outer.pk)
        self.step(draft, 'submit')
        self.step(draft, 'approve')
        self.assertIn('enforcement_point', self.step(draft, 'implement', 400))
        self.assertIn('lines', self.step(draft, 'implement', 400, enforcement_point=self.outer.pk, lines=[987654]))
        self.step(draft, 'implement', 409, enforcement_point=None)
        self.step({'id': 987654}, 'approve', 404)

    def test_each_step_has_its_permission(self):
        request = changes.draft([self.gateway], self.asking, title='DNS')
        path = f'change-requests/{request.pk}'
        for model in (Gateway, RequiredFlow, EnforcementPoint, ChangeRequest, ChangeLine):
            self.allow(model, 'view', 'add', 'change', 'delete')
        at = {'enforcement_point': self.outer.pk}
        steps = (('submit', 'request', {}), ('approve', 'approve', {}), ('implement', 'implement', at))
        for step, permission, body in steps:
            with self.subTest(step=step):
                self.post(f'{path}/{step}/', body, 403)
                self.allow(ChangeRequest, permission)
                self.post(f'{path}/{step}/', body)
        self.allow_remotes()
        self.post(f'gateways/{self.gateway.pk}/review/', expect=403)
        self.allow(Gateway, 'review')
        self.post(f'gateways/{self.gateway.pk}/review/')

    def test_the_way_back_has_the_same_permissions(self):
        request = self.done()
        for model in (Gateway, EnforcementPoint, ChangeLine):
            self.allow(model, 'view')
        path, at = f'change-requests/{request.pk}', {'enforcement_point': self.outer.pk}
        for step, permission, body in (('roll-back', 'implement', at), ('withdraw', 'request', {})):
            with self.subTest(step=step):
                self.post(f'{path}/{step}/', body, 403)
                self.allow(ChangeRequest, permission)
                self.post(f'{path}/{step}/', body)
        self.post(f'{path}/submit/')
        self.post(f'{path}/reject/', expect=403)
        self.allow(ChangeRequest, 'approve')
        self.post(f'{path}/reject/')

    def test_constraints_of_permissions(self):
        mine, other = (changes.draft([self.gateway], self.asking, title=title) for title in ('Mine', 'Other'))
        for model in (Gateway, RequiredFlow, ChangeRequest, ChangeLine):
            self.allow(model, 'view')
        self.allow_remotes()
        self.allow(ChangeRequest, 'request', constraints={'title': 'Mine'})
        self.post(f'change-requests/{other.pk}/submit/', expect=404)
        self.request(403, title='Other', draft=True)
        self.request(403, change_request=other.pk)
        # Not by renaming it, either
        self.request(403, change_request=other.pk, title='Mine')
        other.refresh_from_db()
        self.assertEqual(other.title, 'Other')
        self.assertEqual(self.request(title='Mine')['id'], mine.pk)
        self.assertEqual(ChangeRequest.objects.count(), 2)

    def test_a_gateway_that_the_user_may_not_view(self):
        hidden = factories.gateway(self.profile)
        request = changes.draft([self.gateway], self.asking, title='DNS')
        for model in (RequiredFlow, ChangeRequest):
            self.allow(model, 'view', 'request')
        self.allow(Gateway, 'view', 'review', constraints={'pk': hidden.pk})
        self.post(f'change-requests/{request.pk}/submit/', expect=409)
        self.assertIn('gateways', self.request(400))
        self.rest('get', f'gateways/{self.gateway.pk}/standing/', expect=404)
        self.post(f'gateways/{self.gateway.pk}/review/', expect=404)
        self.assertEqual([r['gateway']['id'] for r in self.rest('get', 'standing/')['results']], [hidden.pk])

    def test_review(self):
        path = f'gateways/{self.gateway.pk}/review/'
        seen = self.standing_of()['digest']
        factories.flow(self.gateway, self.role, 'NTP', 'Time', ['udp/123'])
        self.post(path, {'digest': seen}, 409)
        sign_off = self.post(path, {'digest': self.standing_of()['digest'], 'note': 'Seen', 'origin': 'person'})
        self.assertEqual((sign_off['kind']['value'], sign_off['origin']['value']), ('reviewed', 'person'))
        self.assertEqual(SignOff.objects.count(), 1)
        # Who does not see all of it does not review it
        self.allow(Gateway, 'view', 'review')
        self.assertIsNone(self.standing_of()['digest'])
        self.assertGreater(self.standing_of()['hidden'], 0)
        self.post(path, expect=409)


class StandingTests(ChangeAPITests):
    """Where rules stand, on a gateway, on a firewall, and for all."""

    def at(self, point):
        return self.rest('get', f'enforcement-points/{point.pk}/standing/')

    def test_a_gateway(self):
        request = self.approved(ticket='CHG1')
        changes.implement(request.pk, Signature(self.asking), self.outer)
        found = self.standing_of()
        [rule] = found['to_open']
        self.assertEqual((rule['standing'], rule['tickets']), ('approved', ['CHG1']))
        self.assertEqual([a['address'] for a in rule['destination']['addresses']], ['10.1.0.53'])
        at = {each['enforcement_point']['display']: each for each in found['firewalls']}
        self.assertEqual([at['fw-outer'][name] for name in ('to_open', 'to_close')], [[], []])
        self.assertEqual([r['key'] for r in at['fw-outer']['in_place']], [rule['key']])
        self.assertEqual([r['key'] for r in at['fw-inner']['to_open']], [rule['key']])
        self.assertEqual((found['hidden'], found['unseen']), (0, 0))
        # The needs are those of requirements/
        [needs] = self.rest('get', f'requirements/?gateway_id={self.gateway.pk}')['results']
        self.assertEqual(needs['rules'], [rule])

    def test_open_items_are_counted(self):
        factories.flow(self.gateway, factories.role('nobody'), 'X', 'X', ['tcp/1'])
        self.assertEqual(self.counts(), {'rules': 1, 'to_request': 1, 'open_items': 1})

    def test_a_firewall(self):
        request = self.done()
        self.assertEqual(self.at(self.outer)['counts'], {'to_open': 0, 'in_place': 1, 'to_close': 0, 'unapproved': 0})
        self.renumber()
        self.assertEqual(self.at(self.outer)['counts'], {'to_open': 0, 'in_place': 0, 'to_close': 1, 'unapproved': 0})
        changes.withdraw(request.pk, Signature(self.asking))
        self.assertEqual(self.at(self.outer)['counts']['unapproved'], 1)

    def test_a_gateway_that_left_the_firewall(self):
        self.done()
        self.outer.gateways.clear()
        found = self.at(self.outer)
        self.assertEqual([rule['gateway']['id'] for rule in found['to_close']], [self.gateway.pk])

    def test_what_a_firewall_hides(self):
        self.done()
        for model in (RequiredFlow, EnforcementPoint, ChangeLine, EnforcementZone):
            self.allow(model, 'view')
        found = self.at(self.outer)
        # The gateway cannot be viewed
        self.assertEqual((found['in_place'], found['hidden'], found['unseen']), ([], 1, 1))
        self.allow(Gateway, 'view')
        self.allow_remotes()
        self.assertEqual(len(self.at(self.outer)['in_place']), 1)

    def test_a_zone_that_the_user_may_not_view(self):
        self.approved()
        for model in (Gateway, RequiredFlow, EnforcementPoint, ChangeLine):
            self.allow(model, 'view')
        self.allow(EnforcementZone, 'view', constraints={'zone': 'internet'})
        self.allow_remotes()
        found = self.at(self.outer)
        self.assertEqual((found['to_open'], found['hidden']), ([], 1))

    def test_a_firewall_that_the_user_may_not_view(self):
        self.done()
        for model in (Gateway, ChangeLine):
            self.allow(model, 'view')
        self.allow_remotes()
        firewalls = self.standing_of()['firewalls']
        self.assertEqual([(each['enforcement_point'], each['hidden']) for each in firewalls], [(None, True)] * 2)
        self.assertNotIn('fw-', str(firewalls))

    def test_filters_and_pages(self):
        south = factories.device('gw2', factories.site('South'))
        other = factories.gateway(self.profile, south, group=factories.group())
        for query, gateways in (
            ('', [self.gateway.pk, other.pk]),
            (f'?site_id={other.site.pk}', [other.pk]),
            (f'?group_id={other.group_id}', [other.pk]),
            (f'?enforcement_point_id={self.outer.pk}', [self.gateway.pk]),
            (f'?id={other.pk}', [other.pk]),
            ('?limit=1&offset=1', [other.pk]),
        ):
            with self.subTest(query=query):
                found = self.rest('get', f'standing/{query}')
                self.assertEqual([result['gateway']['id'] for result in found['results']], gateways)
        self.assertIn('device_ip', self.refused('get', 'standing/?device_ip=1'))
        self.assertEqual(self.rest('get', f'standing/?id={self.gateway.pk}')['results'], [self.standing_of()])

    def grow(self):
        other = factories.gateway(self.profile)
        factories.ip(f'192.0.2.{100 + Gateway.objects.count()}/24', other.machine, primary=True)
        for n in range(3):
            factories.flow(other, self.role, f'More {n}', 'More', [f'udp/{60 + n}'])
        self.outer.gateways.add(other)
        request = changes.draft([other], self.asking, title='More')
        changes.submit(request.pk, Signature(self.asking))
        changes.approve(request.pk, Signature(self.approving))
        changes.implement(request.pk, Signature(self.asking), self.outer)

    def test_it_asks_the_database_a_constant_number_of_times(self):
        self.done()
        for path in (
            'standing/',
            f'enforcement-points/{self.outer.pk}/standing/',
            'change-requests/',
            'change-lines/',
            'sign-offs/',
        ):
            with self.subTest(path=path):
                self.assertSameQueries(lambda path=path: self.rest('get', path), self.grow)


class GraphQLTests(ChangeAPITests):
    QUERY = """{ gwports_change_request_list {
        ticket title status
        lines { action rule_key gateway { display } content reasons }
        sign_offs { kind user_name lines enforcement_point { display } gateway { display } }
    } }"""

    def test_a_request_with_its_evidence(self):
        self.done(ticket='CHG1')
        [request] = self.graphql(self.QUERY)['gwports_change_request_list']
        [line] = request['lines']
        self.assertEqual((request['ticket'], line['gateway']['display']), ('CHG1', 'gw1'))
        self.assertEqual(line['content']['remote']['addresses'][0]['address'], '10.1.0.53')
        self.assertEqual(
            [s['kind'] for s in request['sign_offs']], ['requested', 'approved', 'implemented', 'implemented']
        )
        self.allow(ChangeRequest, 'view')
        [request] = self.graphql(self.QUERY)['gwports_change_request_list']
        self.assertEqual((request['lines'], request['sign_offs']), ([], []))
