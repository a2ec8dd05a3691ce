"""The stored summaries: what they say, who may see it, and what they raise."""

import re
from datetime import timedelta
from unittest import mock

from core.choices import JobStatusChoices
from core.models import Job, ObjectType
from dcim.models import Device
from django.db import connection
from django.db.models import Q
from django.test import RequestFactory, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from extras.forms import EventRuleForm
from extras.models import EventRule, Notification, NotificationGroup, Webhook
from netbox.registry import registry
from users.models import Token, User

from netbox_gwports import changes, filtersets
from netbox_gwports import event_types as events
from netbox_gwports.changes.events import raise_events
from netbox_gwports.changes.sign import Signature
from netbox_gwports.changes.summary import refresh, summarize
from netbox_gwports.dashboard import StandingWidget
from netbox_gwports.filtersets.gateways import STANDING_FILTERS
from netbox_gwports.jobs import DailySummariesJob, RefreshSummariesJob
from netbox_gwports.models import (
    ChangeLine,
    Gateway,
    RemoteEndpoint,
    RequiredFlow,
    StandingSummary,
)
from netbox_gwports.refresh import mark_stale
from netbox_gwports.requirements import standings
from netbox_gwports.rules.standing import counts
from netbox_gwports.viewer import may_view_standing, visible_summaries

from . import factories
from .test_changes import Site

COMPUTED = (Device, Gateway, RequiredFlow, RemoteEndpoint, ChangeLine)


class SummaryTestCase(Site, TestCase):
    def setUp(self):
        self.make()

    def refreshed(self) -> StandingSummary:
        refresh([self.gateway.pk])
        return StandingSummary.objects.get(gateway=self.gateway)

    def numbers(self, **expected):
        """Those that are not 0 or False are the ones expected."""
        summary = self.refreshed()
        named = summary.counts | {'behind': summary.behind, 'no_firewall': summary.no_firewall}
        self.assertEqual({name: value for name, value in named.items() if value}, expected)
        return summary


class NumberTests(SummaryTestCase):
    def test_from_request_to_in_place_and_back(self):
        self.numbers(rules=1, to_request=1)
        request = self.submitted()
        self.numbers(rules=1, requested=1)
        changes.approve(request.pk, Signature(self.approving))
        self.numbers(rules=1, to_open=1)
        for point in (self.outer, self.inner):
            changes.implement(request.pk, Signature(self.asking), point)
        self.numbers(rules=1, in_place=1)
        self.server.address = '10.1.0.54/24'
        self.server.save()
        self.numbers(rules=1, to_request=1, to_close=1)

    def test_an_emergency_is_open_without_approval(self):
        request = self.submitted(emergency=True)
        for point in (self.outer, self.inner):
            changes.implement(request.pk, Signature(self.asking), point)
        self.numbers(rules=1, to_request=1, unapproved=1)
        changes.approve(request.pk, Signature(self.approving))
        self.numbers(rules=1, in_place=1)

    def test_open_items_clear_text_and_rules_that_cover_others(self):
        factories.flow(self.gateway, factories.role('nobody'), 'Nobody')
        factories.flow(self.gateway, self.role, 'Plain', ports=['tcp/20-22'], clear_text=True)
        documented = factories.flow(self.gateway, self.role, 'Told', ports=['tcp/23'], clear_text=True, mitigation='x')
        # Contained in the rule of another flow: not counted
        factories.flow(self.gateway, self.role, 'Narrow', ports=['tcp/21'])
        self.numbers(rules=3, to_request=3, open_items=1, clear_text=1)
        documented.mitigation = ''
        documented.save()
        self.assertEqual(self.refreshed().clear_text, 2)
        # Neither does a broader rule encrypt anything
        factories.flow(self.gateway, self.role, 'Broad', ports=['tcp/any'])
        self.numbers(rules=2, to_request=2, open_items=1, clear_text=2)

    def test_behind(self):
        servers = factories.role('new-servers')
        factories.template(factories.service(self.profile), servers)
        self.numbers(rules=1, to_request=1, behind=True)

    def test_nobody_serves_it(self):
        self.outer.delete()
        self.numbers(rules=1, to_request=1)
        self.inner.delete()
        self.numbers(rules=1, to_request=1, no_firewall=True)
        # Where nothing crosses a firewall, none is missing
        self.server.address = '192.0.2.53/24'
        self.server.save()
        self.numbers()

    def test_the_day_of_the_next_review(self):
        created = timezone.localdate(self.gateway.created)
        with mock.patch('netbox_gwports.changes.summary.get_plugin_config', return_value=30):
            self.assertEqual(self.refreshed().review_due, created + timedelta(days=30))
            Gateway.objects.update(created=timezone.now() - timedelta(days=100))
            self.assertEqual(self.refreshed().review_due, created - timedelta(days=70))
            changes.review(self.gateway.pk, Signature(self.asking))
            self.assertEqual(self.refreshed().review_due, timezone.localdate() + timedelta(days=30))
            Gateway.objects.update(status='retired')
            self.assertIsNone(self.refreshed().review_due)
        with mock.patch('netbox_gwports.changes.summary.get_plugin_config', return_value=0):
            Gateway.objects.update(status='active')
            self.assertIsNone(self.refreshed().review_due)

    def test_they_are_those_of_the_standing(self):
        """One function counts, whoever shows it; it counts what the standing lists, under the same names."""
        self.done()
        factories.endpoint(self.role, literals=['10.1.0.99'])
        summary, [standing] = self.refreshed(), standings([self.gateway])
        self.assertEqual(summary.counts, counts(standing))
        for name in ('to_request', 'to_open', 'in_place', 'to_close', 'unapproved'):
            self.assertEqual(summary.counts[name], len(getattr(standing, name)), name)
        self.assertEqual({*summary.counts}, {*StandingSummary.COUNTS})

    def test_the_number_of_queries_is_fixed(self):
        self.done()
        self.refreshed()
        with CaptureQueriesContext(
            connection,
        ) as one:
            refresh([self.gateway.pk])
        for n in range(5):
            host = factories.device(f'more-{n}')
            factories.ip(f'192.0.2.{20 + n}/24', host, primary=True)
            more = factories.gateway(self.profile, host)
            factories.flow(more, self.role, 'DNS', 'Names', ['udp/53'])
            self.inner.gateways.add(more)
        changes.submit(changes.draft(list(Gateway.objects.all()), self.asking, title='x').pk, Signature(self.asking))
        pks = list(Gateway.objects.values_list('pk', flat=True))
        self.assertEqual(len(refresh(pks)), 6)
        with CaptureQueriesContext(connection) as six:
            refresh(pks)
        self.assertEqual(len(six), len(one))

    def test_one_marked_while_it_was_computed_stays_stale(self):
        self.refreshed()
        self.submitted()

        def meanwhile(gateways):
            found = summarize(gateways)
            mark_stale_quietly(pk=self.gateway.pk)
            return found

        mark_stale_quietly(pk=self.gateway.pk)
        with mock.patch('netbox_gwports.changes.summary.summarize', meanwhile):
            self.assertEqual(refresh([self.gateway.pk]), [])
        summary = StandingSummary.objects.get()
        self.assertEqual((summary.stale, summary.requested), (True, 0))
        self.assertEqual(self.refreshed().requested, 1)
        self.assertFalse(StandingSummary.objects.get().stale)


def mark_stale_quietly(**condition):
    with mock.patch.object(RefreshSummariesJob, 'enqueue_unless_waiting'):
        mark_stale(Q(**condition))


class JobTests(SummaryTestCase):
    def test_it_computes_what_is_missing_or_stale(self):
        other = factories.gateway(self.profile)
        job = RefreshSummariesJob.enqueue(immediate=True)
        self.assertEqual(job.status, JobStatusChoices.STATUS_COMPLETED)
        self.assertEqual(StandingSummary.objects.filter(stale=False).count(), 2)
        mark_stale_quietly(pk=other.pk)
        StandingSummary.objects.update(rules=99)
        RefreshSummariesJob.enqueue(immediate=True)
        found = StandingSummary.objects.values_list('gateway', 'rules', 'stale')
        self.assertEqual({*found}, {(self.gateway.pk, 99, False), (other.pk, 0, False)})
        DailySummariesJob.enqueue(immediate=True)
        self.assertEqual(StandingSummary.objects.get(gateway=self.gateway).rules, 1)

    def test_the_daily_one_is_a_system_job_of_its_own(self):
        self.assertEqual(registry['system_jobs'][DailySummariesJob], {'interval': 1440})
        scheduled = DailySummariesJob.enqueue_once(interval=1440)
        RefreshSummariesJob.enqueue_unless_waiting()
        RefreshSummariesJob.enqueue_unless_waiting()
        self.assertTrue(Job.objects.filter(pk=scheduled.pk).exists())
        waiting = Job.objects.filter(name=RefreshSummariesJob.name)
        self.assertEqual(waiting.count(), 1)
        # One that is running may have passed the gateway that changed
        waiting.update(status='running')
        RefreshSummariesJob.enqueue_unless_waiting()
        self.assertEqual(waiting.count(), 2)


class EventTests(SummaryTestCase):
    def raised(self, days=0):
        """The names of the events of a refresh so many days from now."""
        now = timezone.now() + timedelta(days=days)
        with mock.patch('django.utils.timezone.now', return_value=now):
            return [name for name, _gateway in raise_events(refresh([self.gateway.pk]))]

    def test_they_are_registered(self):
        names = {event_type.name for event_type in events.EVENT_TYPES}
        self.assertEqual(len(names), 4)
        for name in names:
            # As on the page of a notification
            self.assertTrue(str(registry['event_types'][name]))
        self.assertLessEqual(names, {*dict(EventRuleForm().fields['event_types'].choices)})

    def test_requirements_changed(self):
        self.assertEqual(self.raised(), [])
        self.assertEqual(self.raised(), [])
        self.server.address = '10.1.0.54/24'
        self.server.save()
        self.assertEqual(self.raised(), [events.REQUIREMENTS_CHANGED])
        self.assertEqual(self.raised(), [])

    def test_review_due_once(self):
        self.assertEqual(self.raised(), [])
        self.assertEqual(self.raised(179), [])
        self.assertEqual(self.raised(180), [events.REVIEW_DUE])
        self.assertEqual(self.raised(181), [])
        with mock.patch('django.utils.timezone.now', return_value=timezone.now() + timedelta(days=182)):
            changes.review(self.gateway.pk, Signature(self.asking))
        self.assertEqual(self.raised(183), [])
        self.assertEqual(self.raised(362), [events.REVIEW_DUE])

    def test_an_expired_flow(self):
        self.flow.valid_until = timezone.localdate() + timedelta(days=3)
        self.flow.save()
        self.assertEqual(self.raised(), [])
        self.assertEqual(self.raised(3), [])
        self.assertEqual(self.raised(4), [events.REQUIREMENTS_CHANGED, events.EXPIRED])
        self.assertEqual(self.raised(5), [])

    def test_an_expired_approval(self):
        self.done(valid_until=timezone.localdate() + timedelta(days=3))
        self.assertEqual(self.raised(), [])
        self.assertEqual(self.raised(3), [])
        found = self.raised(4)
        self.assertEqual(found, [events.REQUIREMENTS_CHANGED, events.EXPIRED, events.OPEN_WITHOUT_APPROVAL])
        self.assertEqual(self.raised(5), [])

    def test_an_approval_that_somebody_took_back_does_not_expire(self):
        request = self.approved(valid_until=timezone.localdate() + timedelta(days=3))
        changes.withdraw(request.pk, Signature(self.asking))
        self.raised()
        self.assertEqual(self.raised(4), [])

    def test_open_without_approval(self):
        self.raised()
        request = self.submitted(emergency=True)
        self.raised()
        changes.implement(request.pk, Signature(self.asking), self.outer)
        self.assertEqual(self.raised(), [events.REQUIREMENTS_CHANGED, events.OPEN_WITHOUT_APPROVAL])
        self.assertEqual(self.raised(), [])

    def rule(self, action_type, action, *names):
        rule = EventRule(name='Rule', event_types=[*names], action_type=action_type, action_object=action, enabled=True)
        rule.save()
        rule.object_types.set([ObjectType.objects.get_for_model(Gateway)])
        return rule

    def test_a_notification_group_is_told(self):
        group = NotificationGroup.objects.create(name='Firewall team')
        group.users.add(self.asking)
        self.rule('notification', group, events.REQUIREMENTS_CHANGED)
        RefreshSummariesJob.enqueue(immediate=True)
        self.assertFalse(Notification.objects.filter(event_type=events.REQUIREMENTS_CHANGED).exists())
        self.flow.ports = ['udp/54']
        self.flow.save()
        mark_stale_quietly(pk=self.gateway.pk)
        RefreshSummariesJob.enqueue(immediate=True)
        notification = Notification.objects.get(event_type=events.REQUIREMENTS_CHANGED)
        self.assertEqual((notification.user, notification.object), (self.asking, self.gateway))
        self.assertEqual(str(notification.event), 'Firewall requirements changed')

    def test_a_webhook_gets_the_numbers_and_its_conditions_may_ask_for_them(self):
        webhook = Webhook.objects.create(name='Hook', payload_url='http://localhost/')
        rule = self.rule('webhook', webhook, events.OPEN_WITHOUT_APPROVAL)
        rule.conditions = {'attr': 'snapshots.postchange.unapproved', 'value': 0, 'op': 'gt'}
        rule.save()
        self.raised()
        request = self.submitted(emergency=True)
        changes.implement(request.pk, Signature(self.asking), self.outer)
        with mock.patch('extras.event_rules.get_queue') as queue:
            self.raised()
        [call] = queue.return_value.enqueue.call_args_list
        self.assertEqual(call.kwargs['event_type'], events.OPEN_WITHOUT_APPROVAL)
        self.assertEqual(call.kwargs['data']['id'], self.gateway.pk)
        self.assertEqual(call.kwargs['snapshots']['prechange']['unapproved'], 0)
        self.assertEqual(call.kwargs['snapshots']['postchange']['unapproved'], 1)


class VisibleTests(SummaryTestCase):
    """Numbers are for those who may view everything that they are computed from."""

    def setUp(self):
        super().setUp()
        self.refreshed()
        self.user = User.objects.create(username='user')

    def again(self):
        # Permissions are cached on the user
        return User.objects.get(pk=self.user.pk)

    def page(self):
        self.client.force_login(self.user)
        return self.client.get(self.gateway.machine.get_absolute_url())

    def widget(self, user=None):
        request = RequestFactory().get('/')
        request.user = user or self.again()
        return StandingWidget().render(request)

    def filtered(self, **parameters):
        request = RequestFactory().get('/')
        request.user = self.again()
        return filtersets.GatewayFilterSet(parameters, Gateway.objects.all(), request=request).qs.count()

    def assert_shown(self, shown):
        self.assertEqual(visible_summaries(self.again()).count(), int(shown))
        (self.assertContains if shown else self.assertNotContains)(self.page(), '1 to request')
        self.assertEqual(bool(re.search(r'To request\s*<span>\s*<strong>1</strong>', self.widget())), shown)
        self.assertEqual(self.filtered(to_request=True), int(shown))
        # Neither does the opposite tell anything
        self.assertEqual(self.filtered(to_close=False), int(shown))

    def test_every_permission_is_needed_without_constraints(self):
        for model in COMPUTED:
            factories.allow(self.user, model, 'view')
        self.assertTrue(may_view_standing(self.again()))
        self.assert_shown(True)
        for model in COMPUTED[2:]:
            with self.subTest(model):
                permission = self.user.object_permissions.get(name=model.__name__)
                permission.constraints = [{'pk__gt': 0}]
                permission.save()
                self.assertFalse(may_view_standing(self.again()))
                self.assert_shown(False)
                # Another permission without any counts
                factories.allow(self.user, model, 'view', constraints=[{'pk': 0}, {}])
                self.assert_shown(True)
                self.user.object_permissions.filter(name=model.__name__).delete()
                self.assert_shown(False)
                factories.allow(self.user, model, 'view')
        self.assert_shown(True)

    def test_others_see_the_number_of_gateways_and_the_tab(self):
        for model in COMPUTED[:2]:
            factories.allow(self.user, model, 'view')
        page = self.page()
        self.assertContains(page, 'Show rules')
        self.assertContains(page, 'firewall-requirements')
        self.assertNotContains(page, 'in place')
        widget = self.widget()
        self.assertIn('<strong>1</strong>', widget)
        self.assertIn('permission', widget)

    def test_a_gateway_that_the_user_may_not_view_is_not_counted(self):
        for model in COMPUTED:
            constraints = [{'device__name': 'other'}] if model is Gateway else None
            factories.allow(self.user, model, 'view', constraints=constraints)
        self.assertTrue(may_view_standing(self.again()))
        self.assertEqual(visible_summaries(self.again()).count(), 0)
        self.assertEqual(self.filtered(to_request=True), 0)
        self.assertIn('<strong>0</strong>', self.widget())

    def test_a_peer_that_the_user_may_not_view_does_not_show_through(self):
        for model in COMPUTED:
            constraints = [{'device__name': 'gw1'}] if model is Gateway else None
            factories.allow(self.user, model, 'view', constraints=constraints)
        self.assert_shown(True)
        group = factories.group()
        for gateway in (self.gateway, factories.gateway(self.profile, factories.device('gw2'))):
            Gateway.objects.filter(pk=gateway.pk).update(group=group)
        self.assert_shown(False)
        self.assertIn('1 gateway is not included', self.widget())

    def test_what_is_stale_has_no_number(self):
        for model in COMPUTED:
            factories.allow(self.user, model, 'view')
        self.assertContains(self.page(), '1 to request')
        mark_stale_quietly(pk=self.gateway.pk)
        page = self.page()
        self.assertNotContains(page, '1 to request')
        self.assertContains(page, 'Being updated')
        self.assertIn('is being updated', self.widget())

    def test_within_a_branch_there_are_no_numbers(self):
        with (
            mock.patch('netbox_gwports.viewer.in_branch', return_value=True),
            mock.patch('netbox_gwports.dashboard.in_branch', return_value=True),
        ):
            self.assertEqual(visible_summaries().count(), 0)
            self.user = self.asking
            self.assertNotContains(self.page(), '1 to request')
            self.assertIn('within a branch', self.widget())
            self.assertNotIn('?to_request', self.widget())


class DevicePageTests(SummaryTestCase):
    def ours(self, url, user):
        self.client.force_login(user)
        # What NetBox caches is not ours
        self.client.get(url)
        with CaptureQueriesContext(connection) as queries:
            page = self.client.get(url)
        self.assertEqual(page.status_code, 200)
        return page, [query['sql'] for query in queries if 'netbox_gwports_' in query['sql']]

    def test_at_most_three_queries_and_nothing_is_computed(self):
        self.refreshed()
        member = User.objects.create(username='member')
        for model in COMPUTED:
            factories.allow(member, model, 'view', constraints=[{'device__name': 'gw1'}] if model is Gateway else None)
        url = self.gateway.machine.get_absolute_url()
        with mock.patch('netbox_gwports.requirements.standing.load', side_effect=AssertionError):
            for user in (self.asking, member):
                page, ours = self.ours(url, user)
                self.assertContains(page, '1 to request, 0 of 1 rule in place')
                self.assertLessEqual(len(ours), 3, ours)
                self.assertEqual(sum('netbox_gwports_standingsummary' in sql for sql in ours), 1)
            for host in (self.server, factories.device('other')):
                _page, ours = self.ours(host.get_absolute_url(), self.asking)
                self.assertLessEqual(len(ours), 3, ours)

    def test_the_badge_is_the_number_of_rules(self):
        factories.endpoint(self.role, literals=['10.1.0.99'])
        factories.flow(self.gateway, self.role, 'Other', ports=['tcp/1'])
        summary = self.refreshed()
        [standing] = standings([self.gateway])
        self.assertEqual(summary.rules, len(standing.resolution.effective_rules))
        page, _ours = self.ours(self.gateway.machine.get_absolute_url(), self.asking)
        tab = page.content.decode().partition('firewall-requirements/')[2][:300]
        self.assertRegex(tab, rf'Firewall Requirements\s*<span[^>]*>{summary.rules}</span>')


class FilterTests(SummaryTestCase):
    """Each filter, in every layer, generated."""

    # What a summary that the filter finds says, and one that it does not find
    SAYS = {
        'to_request': ({'to_request': 1}, {'to_request': 0}),
        'to_open': ({'to_open': 1}, {'to_open': 0}),
        'to_close': ({'to_close': 1}, {'to_close': 0}),
        'unapproved': ({'unapproved': 2}, {'unapproved': 0}),
        'open_items': ({'open_items': 1}, {'open_items': 0}),
        'unmitigated': ({'clear_text': 1}, {'clear_text': 0}),
        'review_overdue': ({'review_due': '2020-01-01'}, {'review_due': None}),
        'behind': ({'behind': True}, {'behind': False}),
        'no_firewall': ({'no_firewall': True}, {'no_firewall': False}),
    }

    def setUp(self):
        super().setUp()
        self.others = [factories.gateway(self.profile) for _n in range(2)]
        refresh([self.gateway.pk, self.others[0].pk])

    def graphql(self, name, value):
        token = Token(user=self.asking, version=2)
        token.save()
        text = f'{{gwports_gateway_list(filters: {{{name}: {str(value).lower()}}}) {{id}}}}'
        response = self.client.post(
            reverse('graphql'),
            {'query': text},
            content_type='application/json',
            headers={'authorization': f'Bearer nbt_{token.key}.{token.token}'},
        )
        return {int(each['id']) for each in response.json()['data']['gwports_gateway_list']}

    def test_every_filter(self):
        self.assertEqual({*self.SAYS}, {*STANDING_FILTERS})
        blank = {name: value for _yes, no in self.SAYS.values() for name, value in no.items()}
        self.client.force_login(self.asking)
        for name, (yes, no) in self.SAYS.items():
            StandingSummary.objects.update(**blank)
            StandingSummary.objects.filter(gateway=self.gateway).update(**yes)
            StandingSummary.objects.filter(gateway=self.others[0]).update(**no)
            for value, expected in ((True, {self.gateway.pk}), (False, {self.others[0].pk})):
                with self.subTest(name, value=value):
                    # The third has no summary yet, and so no answer
                    found = filtersets.GatewayFilterSet({name: value}, Gateway.objects.all()).qs
                    self.assertEqual({*found.values_list('pk', flat=True)}, expected)
                    url = reverse('plugins-api:netbox_gwports-api:gateway-list')
                    results = self.client.get(url, {name: value}).json()['results']
                    self.assertEqual({each['id'] for each in results}, expected)
                    self.assertEqual(self.graphql(name, value), expected)
                    page = self.client.get(reverse('plugins:netbox_gwports:gateway_list'), {name: value})
                    [pk] = expected
                    self.assertContains(page, f'/gateways/{pk}/')
                    # It is a field of the form, which says so above the table
                    self.assertIn(name, page.context['filter_form'].fields)

    def test_a_review_is_due_on_the_day(self):
        for days, expected in ((-1, 1), (0, 1), (1, 0)):
            StandingSummary.objects.update(review_due=None)
            due = timezone.localdate() + timedelta(days=days)
            StandingSummary.objects.filter(gateway=self.gateway).update(review_due=due)
            found = filtersets.GatewayFilterSet({'review_overdue': True}, Gateway.objects.all()).qs
            self.assertEqual(found.count(), expected)
            self.assertIs(
                StandingSummary.objects.get(gateway=self.gateway).is_review_due(timezone.localdate()), expected == 1
            )

    def test_flows_in_clear_text_without_mitigation(self):
        plain = factories.flow(self.gateway, self.role, 'Plain', clear_text=True)
        factories.flow(self.gateway, self.role, 'Told', ports=['tcp/1'], clear_text=True, mitigation='x')
        found = filtersets.RequiredFlowFilterSet({'unmitigated': True}, RequiredFlow.objects.all()).qs
        self.assertEqual([*found], [plain])
        others = filtersets.RequiredFlowFilterSet({'unmitigated': False}, RequiredFlow.objects.all()).qs
        self.assertEqual(others.count(), RequiredFlow.objects.count() - 1)

    def test_the_widget_links_to_what_it_counts(self):
        request = RequestFactory().get('/')
        request.user = self.asking
        StandingSummary.objects.update(to_request=0)
        StandingSummary.objects.filter(gateway=self.gateway).update(to_request=7)
        with CaptureQueriesContext(connection) as queries:
            text = StandingWidget().render(request)
        self.assertEqual(len(queries), 2)
        self.assertIn('<strong>7</strong>', text)
        self.assertIn('1 gateway', text)
        self.client.force_login(self.asking)
        for line in StandingWidget.numbers(self.asking)['lines']:
            self.assertIn(line['url'], text)
            page = self.client.get(line['url'])
            self.assertEqual(page.context['table'].page.paginator.count, line['gateways'])

    def test_the_widget_is_registered(self):
        self.assertIs(registry['widgets']['netbox_gwports.StandingWidget'], StandingWidget)
