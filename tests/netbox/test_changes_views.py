"""Pages of change requests and sign-offs, and what is done with selected rules where people work."""

import re
from datetime import date

from dcim.models import Site as DcimSite
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from utilities.testing import TestCase, ViewTestCases, create_tags

from netbox_gwports import changes
from netbox_gwports.changes.sign import Signature
from netbox_gwports.choices import ZoneChoices
from netbox_gwports.forms import ChangeRequestBulkEditForm
from netbox_gwports.models import ChangeLine, ChangeRequest, RequiredFlow, SignOff
from netbox_gwports.ui.rules import RulesReport

from . import factories
from .base import PluginURLs
from .test_changes import Site

APP = 'netbox_gwports'


def url(name, *args):
    return reverse(f'plugins:{APP}:{name}', args=args)


class ChangeRequestTest(
    PluginURLs,
    ViewTestCases.GetObjectViewTestCase,
    ViewTestCases.GetObjectChangelogViewTestCase,
    ViewTestCases.CreateObjectViewTestCase,
    ViewTestCases.EditObjectViewTestCase,
    ViewTestCases.DeleteObjectViewTestCase,
    ViewTestCases.ListObjectsViewTestCase,
    ViewTestCases.BulkEditObjectsViewTestCase,
):
    model = ChangeRequest

    @classmethod
    def setUpTestData(cls):
        for number in range(3):
            ChangeRequest.objects.create(title=f'Change {number}')
        cls.form_data = {
            'title': 'DNS',
            'ticket': 'CHG-1',
            'emergency': True,
            'valid_until': date(2030, 1, 31),
            'reason': 'Names',
            'risk': 'Low',
            'test_plan': 'dig',
            'back_out': 'Close it',
            'description': 'A change',
            'tags': [tag.pk for tag in create_tags('Alpha', 'Bravo')],
        }
        cls.bulk_edit_data = {'ticket': 'CHG-2', 'description': 'Edited'}

    def test_nothing_that_is_signed_is_edited_in_bulk(self):
        self.assertFalse({*ChangeRequest.SIGNED} & {*ChangeRequestBulkEditForm.base_fields})


class SignOffTest(PluginURLs, ViewTestCases.GetObjectViewTestCase, ViewTestCases.ListObjectsViewTestCase):
    model = SignOff

    @classmethod
    def setUpTestData(cls):
        site = Site()
        site.make()
        site.done()


class Pages(Site, TestCase):
    """A gateway of a group at a site, behind two firewalls, and a user who may view all of it."""

    user_permissions = (
        'dcim.view_device',
        'dcim.view_site',
        *(
            f'netbox_gwports.view_{name}'
            for name in (
                'changeline', 'changerequest', 'enforcementpoint', 'enforcementzone', 'gateway', 'gatewaygroup',
                'remoteendpoint', 'requiredflow', 'signoff',
            )
        ),
    )  # fmt: skip

    def setUp(self):
        super().setUp()
        self.make()
        self.gateway.group = factories.group()
        self.gateway.save()
        self.add_permissions(*(f'ipam.view_{name}' for name in ('ipaddress', 'prefix', 'iprange')))

    @property
    def pages(self):
        """Name -> the URL of every page that shows rules with their standing."""
        device, point = self.gateway.device, self.outer
        return {
            'device': reverse('dcim:device_gwports_requirements', args=[device.pk]),
            'gateway': url('gateway_requirements', self.gateway.pk),
            'group': url('gatewaygroup_requirements', self.gateway.group_id),
            'site': reverse('dcim:site_gwports_requirements', args=[DcimSite.objects.get().pk]),
            'firewall': reverse('dcim:device_gwports_rules_to_enforce', args=[point.device_id]),
            'enforcement point': url('enforcementpoint_rules', point.pk),
        }

    def page(self, address):
        response = self.client.get(address)
        self.assertHttpStatus(response, 200)
        return response.content.decode()

    def selected(self, *standings):
        """The values of tick boxes of the rules with these standings."""
        standing = self.standing()
        rules = (*standing.resolution.effective_rules, *standing.to_close)
        return [f'{self.gateway.pk}:{rule.key}' for rule in rules if not standings or rule.standing in standings]

    def post(self, name, pks, expect=200, **data):
        response = self.client.post(url(name), {'pk': pks, 'return_url': self.pages['gateway'], **data})
        self.assertHttpStatus(response, expect)
        return response

    def confirm(self, name, pks, **data):
        """Both steps: the page, then its form with the digest that it shows."""
        context = self.post(name, pks).context
        return self.post(name, context['pks'], 302, _confirm='', digest=context['digest'], **data)

    def told_to_user(self, response):
        return [str(message) for message in self.client.get(response.url).context['messages']]


class StepTest(Pages):
    # Step -> its permission, the status before, and the kind that is signed
    STEPS = {
        'submit': ('request', 'draft', 'requested'),
        'approve': ('approve', 'submitted', 'approved'),
        'reject': ('approve', 'submitted', 'rejected'),
        'withdraw': ('request', 'submitted', 'withdrawn'),
        'implement': ('implement', 'approved', 'implemented'),
        'roll_back': ('implement', 'done', 'rolled_back'),
    }
    NEXT = {
        'draft': {'submit'},
        'submitted': {'approve', 'reject', 'withdraw'},
        'approved': {'withdraw', 'implement'},
        'done': {'withdraw', 'roll_back'},
    }

    def at(self, before, **fields):
        """A change request that has got so far, of a rule of its own."""
        factories.endpoint(
            self.role, literals=[f'10.1.1.{RequiredFlow.objects.count() + ChangeRequest.objects.count()}']
        )
        return getattr(self, before)(**fields)

    def digest(self, request):
        return changes.request_digest(request, request.lines.order_by('pk'))

    def test_a_step_needs_its_permission(self):
        for step, (permission, before, kind) in self.STEPS.items():
            with self.subTest(step):
                request = self.at(before)
                address = url(f'changerequest_{step}', request.pk)
                signed = request.sign_offs.count()
                data = {'digest': self.digest(request), 'note': 'Seen', 'firewall': 'all'}
                self.assertHttpStatus(self.client.get(address), 403)
                self.assertHttpStatus(self.client.post(address, data), 403)
                self.assertEqual(request.sign_offs.count(), signed)
                self.add_permissions(f'netbox_gwports.{permission}_changerequest')
                page = self.client.get(address)
                self.assertEqual(page.context['digest'], data['digest'])
                # Not what was seen: nothing is signed
                self.client.post(address, {**data, 'digest': '0' * 32})
                self.assertEqual(request.sign_offs.count(), signed)
                self.assertHttpStatus(self.client.post(address, data), 302)
                last = request.sign_offs.last()
                self.assertEqual((last.kind, last.user, last.note), (kind, self.user, 'Seen'))
                self.remove_permissions(f'netbox_gwports.{permission}_changerequest')
                ChangeRequest.objects.filter(pk=request.pk).update(title='Old')

    def test_the_page_offers_the_next_steps_and_no_others(self):
        permissions = {f'netbox_gwports.{permission}_changerequest' for permission, *_ in self.STEPS.values()}
        for before, expected in self.NEXT.items():
            with self.subTest(before):
                request = self.at(before)
                self.assertEqual(self.offered(request), set())
                self.add_permissions(*permissions)
                self.assertEqual(self.offered(request), expected)
                for step in self.STEPS.keys() - expected:
                    response = self.client.get(url(f'changerequest_{step}', request.pk))
                    self.assertRedirects(response, request.get_absolute_url(), fetch_redirect_response=False)
                self.remove_permissions(*permissions)

    def test_four_eyes(self):
        """Who submitted a request is not offered to approve it, and may not."""
        self.add_permissions('netbox_gwports.approve_changerequest')
        own, other = self.at('draft'), self.at('submitted')
        changes.submit(own.pk, Signature(self.user))
        config = {**settings.PLUGINS_CONFIG['netbox_gwports'], 'four_eyes': True}
        with self.settings(PLUGINS_CONFIG={**settings.PLUGINS_CONFIG, 'netbox_gwports': config}):
            self.assertEqual([self.offered(own), self.offered(other)], [{'reject'}, {'approve', 'reject'}])
            self.client.post(url('changerequest_approve', own.pk), {'digest': self.digest(own)})
        self.assertFalse(own.sign_offs.filter(kind='approved').exists())

    def test_what_was_signed_is_not_offered_for_deletion(self):
        self.add_permissions('netbox_gwports.delete_changerequest')
        for before, offered in (('draft', True), ('submitted', False)):
            request = self.at(before)
            page = self.page(request.get_absolute_url())
            self.assertEqual(url('changerequest_delete', request.pk) in page, offered)

    def offered(self, request):
        page = self.page(request.get_absolute_url())
        return {step for step in self.STEPS if f'href="{url(f"changerequest_{step}", request.pk)}"' in page}

    def test_constraints_of_a_permission_hold(self):
        request, other = self.at('submitted', ticket='CHG-1'), self.at('submitted', ticket='CHG-2')
        factories.allow(self.user, ChangeRequest, 'approve', constraints={'ticket': 'CHG-1'})
        for each, status in ((request, 302), (other, 403)):
            address = url('changerequest_approve', each.pk)
            self.assertHttpStatus(self.client.post(address, {'digest': self.digest(each)}), status)

    def test_one_firewall_and_some_lines(self):
        factories.flow(self.gateway, factories.role('any', ZoneChoices.INTERNET, 'any'), 'Mail', 'Out', ['tcp/25'])
        request = self.approved()
        self.add_permissions('netbox_gwports.implement_changerequest')
        address, internet = url('changerequest_implement', request.pk), request.lines.get(zone='internet')
        data = {'digest': self.digest(request), 'firewall': str(self.inner.pk), 'pk': [internet.pk]}
        self.client.post(address, data)
        self.assertFalse(request.sign_offs.filter(kind='implemented').exists())
        self.client.post(address, {**data, 'firewall': 'all'})
        [sign_off] = request.sign_offs.filter(kind='implemented')
        self.assertEqual((sign_off.enforcement_point, sign_off.lines), (self.outer, [internet.pk]))
        progress = self.client.get(request.get_absolute_url()).context['progress']
        self.assertEqual({pk: len(progress.left(pk)) for pk in progress.points}, {self.outer.pk: 1, self.inner.pk: 1})

    def test_a_firewall_that_is_not_visible_is_not_named(self):
        request = self.done()
        self.remove_permissions('netbox_gwports.view_enforcementpoint', 'netbox_gwports.view_signoff')
        page = self.page(request.get_absolute_url())
        self.assertNotIn('fw-outer', page)
        self.assertIn('not visible to you', page)

    def test_lines_that_are_not_visible_are_counted(self):
        request = self.draft()
        self.remove_permissions('netbox_gwports.view_changeline')
        page = self.page(request.get_absolute_url())
        self.assertIn('1 rule is not visible to you', page)
        self.assertNotIn('10.1.0.53', page)

    def test_what_was_signed_is_not_edited_by_the_form(self):
        request = self.submitted(reason='Names')
        self.add_permissions('netbox_gwports.change_changerequest')
        address = url('changerequest_edit', request.pk)
        self.client.post(address, {'title': 'Other', 'reason': 'Something else', 'ticket': 'CHG-9'})
        request = ChangeRequest.objects.get(pk=request.pk)
        self.assertEqual((request.title, request.reason, request.ticket), ('Other', 'Names', 'CHG-9'))


class RuleActionTest(Pages):
    # View -> the permissions that it needs, and whether the page has its button before anything was requested
    ACTIONS = {
        'changerequest_request_rules': ('add_changerequest',),
        'changerequest_approve_rules': ('approve_changerequest',),
        'changerequest_record_rules': ('implement_changerequest',),
        'gateway_review_rules': ('review_gateway',),
    }

    def test_an_action_needs_its_permission(self):
        pks = self.selected()
        self.submitted()
        for name, permissions in self.ACTIONS.items():
            with self.subTest(name):
                self.post(name, pks, 403)
                self.post(name, pks, 403, _confirm='', digest='x', title='x', firewall='all')
                self.add_permissions(*(f'netbox_gwports.{permission}' for permission in permissions))
                self.assertNotEqual(self.client.post(url(name), {'pk': pks}).status_code, 403)

    def test_every_page_has_the_buttons_of_the_user_and_tick_boxes(self):
        self.submitted()
        # Something to request beside what is requested
        factories.endpoint(self.role, literals=['10.1.0.99'])
        for name, address in self.pages.items():
            with self.subTest(name):
                page = self.page(address)
                self.assertNotIn('name="pk"', page)
                self.assertFalse([action for action in self.ACTIONS if url(action) in page])
        for action, permissions in self.ACTIONS.items():
            self.add_permissions(*(f'netbox_gwports.{permission}' for permission in permissions))
            for name, address in self.pages.items():
                with self.subTest(name, action=action):
                    page = self.page(address)
                    self.assertIn(f'formaction="{url(action)}"', page)
                    boxes = re.findall(r'<input[^>]*name="pk"[^>]*>', page)
                    values = {pk for box in boxes for pk in re.search('value="([^"]*)"', box)[1].split(',')}
                    self.assertEqual(values, {*self.selected()})

    def test_request_creates_a_draft(self):
        self.add_permissions('netbox_gwports.add_changerequest')
        response = self.confirm('changerequest_request_rules', self.selected(), title='DNS', ticket='CHG-1')
        [request] = ChangeRequest.objects.all()
        self.assertRedirects(response, request.get_absolute_url(), fetch_redirect_response=False)
        self.assertEqual((request.title, request.ticket, request.status), ('DNS', 'CHG-1', 'draft'))
        self.assertEqual(request.lines.get().content['remote']['addresses'][0]['address'], '10.1.0.53')

    def test_request_extends_a_draft_that_the_user_may_change(self):
        mine, other = ChangeRequest.objects.create(title='Mine'), ChangeRequest.objects.create(title='Other')
        factories.allow(self.user, ChangeRequest, 'change', constraints={'title': 'Mine'})
        context = self.post('changerequest_request_rules', self.selected()).context
        data = {'_confirm': '', 'digest': context['digest']}
        for draft, title in ((other.pk, ''), ('', 'New')):
            self.post('changerequest_request_rules', self.selected(), draft=draft, title=title, **data)
            self.assertFalse(ChangeLine.objects.exists())
        self.post('changerequest_request_rules', self.selected(), 302, draft=mine.pk, **data)
        self.assertEqual([mine.lines.count(), other.lines.count()], [1, 0])

    def test_a_request_outside_the_constraints_is_not_made(self):
        factories.allow(self.user, ChangeRequest, 'add', constraints={'ticket': 'CHG-1'})
        context = self.post('changerequest_request_rules', self.selected()).context
        data = {'_confirm': '', 'digest': context['digest'], 'title': 'DNS'}
        self.post('changerequest_request_rules', self.selected(), 403, ticket='CHG-2', **data)
        self.assertFalse(ChangeRequest.objects.exists())
        self.post('changerequest_request_rules', self.selected(), 302, ticket='CHG-1', **data)

    def test_nothing_is_done_that_was_not_seen(self):
        self.add_permissions(*(f'netbox_gwports.{p}' for each in self.ACTIONS.values() for p in each))
        self.add_permissions('netbox_gwports.request_changerequest')
        pks = self.selected()
        # (what the form needs) of each view that confirms
        forms = {
            'changerequest_request_rules': {'title': 'DNS'},
            'changerequest_record_rules': {'title': 'DNS', 'firewall': 'all'},
            'gateway_review_rules': {},
        }
        for name, data in forms.items():
            with self.subTest(name):
                response = self.post(name, pks, 302, _confirm='', digest='0' * 32, **data)
                self.assertIn('Data has changed', ' '.join(self.told_to_user(response)))
        self.server.address = '10.1.0.54/24'
        self.server.save()
        for name in ('changerequest_request_rules', 'changerequest_record_rules', 'changerequest_approve_rules'):
            with self.subTest(name, stale=True):
                self.assertIn('Data has changed', ' '.join(self.told_to_user(self.post(name, pks, 302))))
        self.assertEqual((ChangeRequest.objects.count(), SignOff.objects.count()), (0, 0))

    def test_approve_leads_to_the_request_that_waits(self):
        self.add_permissions('netbox_gwports.approve_changerequest')
        pks = self.selected()
        response = self.post('changerequest_approve_rules', pks, 302)
        self.assertIn('None of the selected rules', ' '.join(self.told_to_user(response)))
        request = self.submitted()
        response = self.post('changerequest_approve_rules', pks, 302)
        self.assertEqual(response.url, url('changerequest_approve', request.pk))
        factories.endpoint(self.role, literals=['10.1.0.99'])
        other = self.submitted()
        response = self.post('changerequest_approve_rules', self.selected(), 302)
        self.assertEqual(response.url, f'{url("changerequest_list")}?id={request.pk}&id={other.pk}')

    def test_approved_rules_are_recorded_on_one_firewall_and_then_on_the_other(self):
        self.approved()
        self.add_permissions('netbox_gwports.implement_changerequest')
        for point, expected in ((self.inner, 'approved'), (self.outer, 'in_place')):
            self.confirm('changerequest_record_rules', self.selected(), firewall=str(point.pk))
            self.assertEqual(self.told(), {expected: ['10.1.0.53']})
        response = self.post('changerequest_record_rules', self.selected(), 302)
        self.assertIn('nothing to record', ' '.join(self.told_to_user(response)))

    def test_where_a_rule_that_is_to_be_opened_is_open_already(self):
        request = self.approved()
        report = self.client.get(self.pages['gateway']).context['report']
        self.assertEqual([line.firewalls for line in report.lines], [()])
        changes.implement(request.pk, Signature(self.asking), self.inner)
        for address in (self.pages['gateway'], self.pages['firewall']):
            report = self.client.get(address).context['report']
            self.assertEqual([[ref.id for ref in line.firewalls] for line in report.lines], [[self.inner.pk]])

    def test_direct_recording_needs_the_permission_of_every_step(self):
        names = ('implement', 'add', 'request', 'approve')
        for number, name in enumerate(names):
            self.add_permissions(f'netbox_gwports.{name}_changerequest')
            if number < len(names) - 1:
                self.post('changerequest_record_rules', self.selected(), 302)
        self.assertFalse(ChangeRequest.objects.exists())
        self.confirm('changerequest_record_rules', self.selected(), firewall='all', title='By phone')
        self.assertEqual(self.told(), {'in_place': ['10.1.0.53']})
        kinds = list(SignOff.objects.values_list('kind', flat=True))
        self.assertEqual(kinds, ['requested', 'approved', 'implemented', 'implemented'])

    def test_direct_recording_meets_the_constraints_of_every_step(self):
        """The change request that it makes is one that the user may request, approve and implement."""
        for limited in ('implement', 'request', 'approve'):
            with self.subTest(limited=limited):
                self.user.object_permissions.filter(object_types__model='changerequest').delete()
                # The user looked before
                self.client.force_login(self.user)
                factories.allow(
                    self.user, ChangeRequest, 'view', *({'add', 'implement', 'request', 'approve'} - {limited})
                )
                factories.allow(self.user, ChangeRequest, limited, constraints={'ticket__startswith': 'STD'})
                shown = self.post('changerequest_record_rules', self.selected()).context
                confirmed = {'_confirm': '', 'digest': shown['digest'], 'firewall': 'all', 'title': 'By phone'}
                self.post('changerequest_record_rules', shown['pks'], 403, **confirmed, ticket='CHG-1')
                self.assertFalse(ChangeRequest.objects.exists())
        self.post('changerequest_record_rules', shown['pks'], 302, **confirmed, ticket='STD-1')
        self.assertEqual(self.told(), {'in_place': ['10.1.0.53']})

    def test_what_waits_for_approval_is_not_recorded(self):
        self.submitted()
        self.add_permissions(*(f'netbox_gwports.{n}_changerequest' for n in ('implement', 'add', 'request', 'approve')))
        self.post('changerequest_record_rules', self.selected(), 302)
        self.assertEqual(self.told(), {'requested': ['10.1.0.53']})

    def test_an_emergency_is_recorded_before_it_is_approved(self):
        self.submitted(emergency=True)
        self.add_permissions('netbox_gwports.implement_changerequest')
        self.confirm('changerequest_record_rules', self.selected(), firewall='all')
        self.assertEqual(self.told(), {'unapproved': ['10.1.0.53']})

    def test_what_is_required_again_is_recorded_anew(self):
        """Not with the old request, of which everything is done."""
        self.done()
        self.set_status('waived', 'Not here')
        self.done()
        self.set_status('required', 'Here after all')
        self.assertEqual(self.told(), {'not_requested': ['10.1.0.53']})
        self.add_permissions(*(f'netbox_gwports.{n}_changerequest' for n in ('implement', 'add', 'request', 'approve')))
        self.confirm('changerequest_record_rules', self.selected(), firewall='all', title='Again')
        self.assertEqual(self.told(), {'in_place': ['10.1.0.53']})

    def set_status(self, status, justification):
        self.flow = RequiredFlow.objects.get(pk=self.flow.pk)
        self.flow.status, self.flow.justification = status, justification
        self.flow.full_clean()
        self.flow.save()

    def test_what_is_no_longer_required_is_closed_from_its_section(self):
        self.done()
        self.server.address = '10.1.0.54/24'
        self.server.save()
        self.add_permissions('netbox_gwports.add_changerequest')
        page = self.page(self.pages['gateway'])
        self.assertLess(page.index('To Close'), page.index('10.1.0.54'))
        self.assertIn('fw-outer', page)
        self.confirm('changerequest_request_rules', self.selected(), title='Renumbered')
        lines = ChangeRequest.objects.first().lines.values_list('action', 'content__remote__addresses__0__address')
        self.assertEqual({*lines}, {('close', '10.1.0.53'), ('open', '10.1.0.54')})

    def test_a_review_signs_all_of_the_gateway(self):
        self.add_permissions('netbox_gwports.review_gateway')
        context = self.post('gateway_review_rules', [], gateway=self.gateway.pk).context
        self.post('gateway_review_rules', context['pks'], 302, _confirm='', digest=context['digest'], note='Seen')
        [sign_off] = SignOff.objects.all()
        self.assertEqual((sign_off.kind, sign_off.gateway, sign_off.note), ('reviewed', self.gateway, 'Seen'))
        self.remove_permissions('netbox_gwports.view_requiredflow')
        self.post('gateway_review_rules', [], 302, gateway=self.gateway.pk)
        self.assertEqual(SignOff.objects.count(), 1)

    def test_gateways_that_the_user_may_not_view_are_not_touched(self):
        pks = self.selected()
        for permissions in self.ACTIONS.values():
            self.add_permissions(*(f'netbox_gwports.{permission}' for permission in permissions))
        self.remove_permissions('netbox_gwports.view_gateway')
        for name in self.ACTIONS:
            with self.subTest(name):
                self.post(name, pks, 302, _confirm='', digest='x', title='x', firewall='all')
        self.assertEqual((ChangeRequest.objects.count(), SignOff.objects.count()), (0, 0))

    def test_another_site_is_no_place_to_return_to(self):
        self.add_permissions('netbox_gwports.add_changerequest')
        response = self.post('changerequest_request_rules', [], 302, return_url='https://example.net/')
        self.assertNotIn('example.net', response.url)


class NumbersTest(Pages):
    """A rule is counted once, and the same everywhere."""

    def setUp(self):
        super().setUp()
        # One rule in place, one to close, one open without approval, one requested, one not
        self.done()
        self.server.address = '10.1.0.54/24'
        self.server.save()
        emergency = self.draft_of('10.1.0.61', emergency=True)
        changes.submit(emergency.pk, Signature(self.asking))
        for point in (self.outer, self.inner):
            changes.implement(emergency.pk, Signature(self.asking), point)
        changes.submit(self.draft_of('10.1.0.62').pk, Signature(self.asking))
        role = factories.role('any', ZoneChoices.INTERNET, 'any')
        factories.flow(self.gateway, role, 'Mail', 'Out', ['tcp/25'])

    def draft_of(self, address, **fields):
        role = factories.role(f'role-{address[-2:]}')
        factories.endpoint(role, literals=[address])
        factories.flow(self.gateway, role, 'Other', address, [f'tcp/{address[-2:]}'])
        [key] = [
            rule.key
            for rule in self.standing().to_request
            if str(rule.remote.addresses and rule.remote.addresses[0]) == address
        ]
        return changes.draft([self.gateway], self.asking, {self.gateway.pk: {key}}, title=address, **fields)

    def test_headline_and_tables_agree_on_every_page(self):
        expected = {'unapproved': 1, 'not_requested': 2, 'requested': 1, 'to_close': 1}
        for name, address in self.pages.items():
            with self.subTest(name):
                response = self.client.get(address)
                report = response.context['report']
                self.assertEqual({key: n for key, n in report.counts.items() if n}, expected)
                self.assertEqual(report.summary, self.client.get(self.pages['gateway']).context['report'].summary)
                page = response.content.decode()
                numbers = [int(n) for n in re.findall(r'(\d+) rules?\s*</span>', page)]
                self.assertEqual(sum(numbers), sum(expected.values()))
                self.assertIn(report.summary, page)

    def test_every_rule_is_in_one_table(self):
        standing = self.standing()
        report = RulesReport(standings=[standing])
        shown = [
            rule.key
            for lines in (report.lines, report.to_close, report.unapproved)
            for line in lines
            for rule in line.rules
        ]
        every = [rule.key for rule in (*standing.resolution.effective_rules, *standing.to_close)]
        self.assertEqual(sorted(shown), sorted(every))
        self.assertEqual([line.standing for line in report.unapproved], ['unapproved'])

    def test_what_is_not_visible_is_counted(self):
        self.remove_permissions('netbox_gwports.view_changeline', 'netbox_gwports.view_requiredflow')
        page = self.page(self.pages['gateway'])
        self.assertIn('4 flows are not visible to you', page)
        self.assertRegex(page, r'\d+ rules? to close (is|are) not visible to you')
        self.assertNotIn('10.1.0.53', page)

    def test_a_filter_changes_lines_and_no_numbers(self):
        whole = self.client.get(self.pages['gateway']).context['report']
        for query in ({'standing': 'to_close'}, {'q': '10.1.0.61'}, {'zone': 'internet'}, {'name': 'Mail'}):
            report = self.client.get(self.pages['gateway'], query).context['report']
            self.assertEqual((report.counts, report.summary), (whole.counts, whole.summary))
            self.assertNotEqual([line.value for line in report.lines], [line.value for line in whole.lines])

    def test_a_rule_is_found_by_its_id(self):
        key = self.standing().to_close[0].key
        report = self.client.get(self.pages['group'], {'q': key}).context['report']
        self.assertEqual((len(report.to_close), report.lines, report.unapproved), (1, [], []))


class QueryTest(Pages):
    MOST = 45

    def queries(self, address):
        self.client.get(address)
        with CaptureQueriesContext(connection) as captured:
            self.assertHttpStatus(self.client.get(address), 200)
        return len(captured)

    def test_the_tab_costs_a_fixed_number_of_queries(self):
        self.done()
        for permission in ('add_changerequest', 'approve_changerequest', 'implement_changerequest', 'review_gateway'):
            self.add_permissions(f'netbox_gwports.{permission}')
        before = {name: self.queries(address) for name, address in self.pages.items()}
        self.assertLessEqual(before['device'], self.MOST)
        self.assertLessEqual(before['gateway'], self.MOST)
        for number in range(12):
            role = factories.role(f'role-{number}')
            factories.endpoint(role, literals=[f'10.1.0.{number + 100}'])
            factories.flow(self.gateway, role, f'Service {number}', 'Purpose', [f'tcp/{number + 1000}'])
        self.done()
        self.server.address = '10.1.0.54/24'
        self.server.save()
        after = {name: self.queries(address) for name, address in self.pages.items()}
        self.assertEqual(after, before)
