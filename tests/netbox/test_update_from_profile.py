"""Updating gateways from their profiles on request: REST, pages and a background job, with their permission."""

from contextlib import contextmanager

from core.models import Job, ObjectChange
from django.contrib.messages import get_messages
from django.db.models.signals import pre_delete
from django.urls import reverse
from utilities.exceptions import AbortRequest
from utilities.testing import TestCase
from utilities.testing.mixins import RQQueueTestMixin

from netbox_gwports.choices import FlowStatusChoices as Status
from netbox_gwports.models import FlowTemplate, Gateway, RequiredFlow
from netbox_gwports.reconcile import plans, restrict

from . import factories
from .rest import RestTests, product


def change(made):
    """What a new edition of the table brings: a purpose reworded, one gone, one new."""
    reworded, gone = made.templates[:2]
    FlowTemplate.objects.filter(pk=reworded.pk).update(purpose='Reworded')
    FlowTemplate.objects.filter(pk=gone.pk).update(withdrawn=True)
    return factories.template(made.service, made.role, 'Brand new')


class UpdateRestTests(RestTests):
    def setUp(self):
        super().setUp()
        self.made = product()
        self.gateway = factories.gateway(self.made.profile)
        self.new = change(self.made)
        self.path = f'gateways/{self.gateway.pk}/reconcile/'

    def test_the_plan_says_what_is_to_be_done_and_does_nothing(self):
        plan = self.rest('get', self.path)
        self.assertEqual(plan['counts'], {'create': 1, 'update': 1, 'withdraw': 0, 'delete': 1, 'keep': 0})
        steps = {step['action']: step for step in plan['steps']}
        self.assertEqual(steps['create']['purpose'], 'Brand new')
        self.assertEqual(steps['create']['template']['id'], self.new.pk)
        self.assertEqual(steps['update']['changes'], [{'field': 'purpose', 'before': 'For None', 'after': 'Reworded'}])
        self.assertEqual(steps['delete']['flow']['purpose'], 'For A')
        self.assertEqual(self.gateway.flows.count(), 2)

    def test_posting_does_it_and_a_second_time_there_is_nothing_to_do(self):
        done = self.rest('post', self.path, expect=200)
        self.assertEqual(done['counts'], {'create': 1, 'update': 1, 'withdraw': 0, 'delete': 1, 'keep': 0})
        # What was deleted is no longer there to be seen, and was not hidden
        self.assertEqual(done['hidden'], 0)
        self.assertEqual({f.purpose for f in self.gateway.flows.all()}, {'Reworded', 'Brand new'})
        self.assertEqual(self.rest('post', self.path, expect=200)['steps'], [])

    def test_roles_are_given_by_name_before_and_after(self):
        template = self.made.templates[0]
        template.remote_role = factories.role('name-servers')
        template.save()
        for method in ('get', 'post'):
            steps = self.rest(method, self.path, expect=200)['steps']
            changes = [c for step in steps for c in step['changes'] if c['field'] == 'remote_role']
            self.assertEqual(changes, [{'field': 'remote_role', 'before': 'Dns servers', 'after': 'Name servers'}])

    def test_applying_needs_a_permission_of_its_own(self):
        self.allow(Gateway, 'view', 'change')
        self.rest('post', self.path, expect=403)
        self.allow(Gateway, 'reconcile', constraints={'pk': 0})
        self.rest('post', self.path, expect=404)
        self.allow(Gateway, 'reconcile', constraints={'pk': self.gateway.pk})
        self.rest('post', self.path, expect=200)

    def test_a_plan_only_counts_what_its_reader_may_not_see(self):
        self.allow(Gateway, 'view')
        plan = self.rest('get', self.path)
        self.assertEqual((plan['steps'], plan['hidden']), ([], 3))
        self.assertEqual(plan['counts'], {'create': 0, 'update': 0, 'withdraw': 0, 'delete': 0, 'keep': 0})
        self.allow(RequiredFlow, 'view', constraints={'purpose': 'For A'})
        plan = self.rest('get', self.path)
        self.assertEqual(([s['action'] for s in plan['steps']], plan['hidden']), (['delete'], 2))

    def test_a_gateway_out_of_sight_has_no_plan(self):
        self.allow(Gateway, 'view', constraints={'pk': 0})
        self.rest('get', self.path, expect=404)

    def test_plans_of_many_gateways_cost_the_same_queries(self):
        def both():
            return restrict(plans(Gateway.objects.all()), self.user)

        self.assertSameQueries(both, lambda: [factories.gateway(self.made.profile) for _ in range(5)])


class UpdatePageTests(RQQueueTestMixin, TestCase):
    user_permissions = (
        'netbox_gwports.view_gateway',
        'netbox_gwports.view_requiredflow',
        'netbox_gwports.view_flowtemplate',
    )

    def setUp(self):
        super().setUp()
        self.made = product()
        self.gateway = factories.gateway(self.made.profile)
        change(self.made)
        self.url = reverse('plugins:netbox_gwports:gateway_reconcile', args=[self.gateway.pk])

    def purposes(self):
        return {flow.purpose for flow in self.gateway.flows.all()}

    def digest(self):
        return plans([self.gateway])[self.gateway.pk].digest

    def test_the_preview_has_no_button_without_the_permission(self):
        response = self.client.get(self.url)
        self.assertContains(response, 'Brand new')
        self.assertContains(response, 'For None &rarr; Reworded', html=False)
        self.assertNotContains(response, 'Apply</button>')
        self.assertHttpStatus(self.client.post(self.url, {'digest': self.digest()}), 403)
        self.assertNotIn('Brand new', self.purposes())

    def test_the_previewed_changes_are_applied(self):
        self.add_permissions('netbox_gwports.reconcile_gateway')
        self.assertContains(self.client.get(self.url), 'Apply</button>')
        self.assertRedirects(self.client.post(self.url, {'digest': self.digest()}), self.gateway.get_absolute_url())
        self.assertEqual(self.purposes(), {'Reworded', 'Brand new'})
        self.assertContains(self.client.get(self.url), 'are up to date with')

    def test_changes_since_the_preview_are_shown_again(self):
        self.add_permissions('netbox_gwports.reconcile_gateway')
        shown = self.digest()
        factories.template(self.made.service, self.made.role, 'Even newer')
        response = self.client.post(self.url, {'digest': shown}, follow=True)
        self.assertContains(response, 'Data has changed since')
        self.assertContains(response, 'Even newer')
        self.assertNotIn('Brand new', self.purposes())

    def test_the_requirements_page_leads_to_the_plan(self):
        self.add_permissions('dcim.view_device')
        response = self.client.get(f'{self.gateway.device.get_absolute_url()}firewall-requirements/')
        self.assertContains(response, f'{self.url}?')
        self.assertContains(response, '1 to add, 1 to change, 1 to delete')

    def bulk(self, **data):
        url = reverse('plugins:netbox_gwports:gateway_bulk_reconcile')
        # NetBox queues a job when its transaction is committed
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(url, {'pk': [self.gateway.pk, self.other.pk], **data})

    def test_many_gateways_are_updated_by_a_job_that_logs_the_changes(self):
        self.other = factories.gateway(self.made.profile)
        self.add_permissions('netbox_gwports.reconcile_gateway')
        page = self.bulk()
        self.assertContains(page, '1 of 2 gateways have pending changes')
        response = self.bulk(_confirm='1')
        self.assertRedirects(response, reverse('plugins:netbox_gwports:gateway_list'))
        self.assertIn('No background worker', ' '.join(str(m) for m in get_messages(response.wsgi_request)))
        self.assertNotIn('Brand new', self.purposes())
        self.run_rq_jobs()
        job = Job.objects.get()
        self.assertEqual((job.status, job.user), ('completed', self.user))
        log = [entry['message'] for entry in job.log_entries]
        self.assertEqual(
            log,
            [
                f'{self.logged(self.gateway)}: 1 to add, 1 to change, 1 to delete',
                f'{self.logged(self.other)}: nothing to do',
                'Updated 2 of 2 gateways.',
            ],
        )
        self.assertEqual(self.purposes(), {'Reworded', 'Brand new'})
        changes = ObjectChange.objects.filter(changed_object_type__model='requiredflow')
        self.assertEqual({change.user for change in changes}, {self.user})

    def logged(self, gateway):
        return f'Gateway {gateway.pk} ({gateway.get_absolute_url()})'

    def test_all_that_the_list_finds_are_meant_not_only_its_first_page(self):
        self.other = factories.gateway(self.made.profile)
        self.add_permissions('netbox_gwports.reconcile_gateway')
        url = f'{reverse("plugins:netbox_gwports:gateway_bulk_reconcile")}?device_id={self.other.device_id}'
        # A filter by a hidden device must not select all gateways
        hidden = self.client.post(url, {'pk': [self.gateway.pk], '_all': 'on'})
        self.assertNotIn(self.gateway.pk, (hidden.context or {}).get('pks', []))
        self.add_permissions('dcim.view_device')
        page = self.client.post(url, {'pk': [self.gateway.pk], '_all': 'on'})
        self.assertEqual(page.context['pks'], [self.other.pk])

    def test_the_job_asks_again_what_its_user_may(self):
        self.other = factories.gateway(self.made.profile)
        self.add_permissions('netbox_gwports.reconcile_gateway')
        self.bulk(_confirm='1')
        self.remove_permissions('netbox_gwports.reconcile_gateway')
        self.run_rq_jobs()
        self.assertIn('2 of the selected gateways no longer exist', Job.objects.get().log_entries[0]['message'])
        self.assertNotIn('Brand new', self.purposes())

    def test_one_that_fails_does_not_stop_the_others(self):
        self.other = factories.gateway(self.made.profile)
        RequiredFlow.objects.filter(gateway=self.other, purpose='Reworded').update(purpose='Old', template_values={})
        self.add_permissions('netbox_gwports.reconcile_gateway')
        self.bulk(_confirm='1')
        with self.refusing(self.gateway):
            self.run_rq_jobs()
        job = Job.objects.get()
        self.assertEqual(job.status, 'failed')
        self.assertEqual(job.log_entries[0]['message'], f'{self.logged(self.gateway)}: not today')
        self.assertIn('Updated 1 of 2 gateways.', job.log_entries[-1]['message'])
        self.assertNotIn('Brand new', self.purposes())

    @contextmanager
    def refusing(self, gateway):
        """Something that does not let the flows of this gateway go."""

        def refused(sender, instance, **kwargs):
            if instance.gateway_id == gateway.pk:
                raise AbortRequest('not today')

        pre_delete.connect(refused, sender=RequiredFlow)
        try:
            yield
        finally:
            pre_delete.disconnect(refused, sender=RequiredFlow)

    def test_the_job_is_only_for_who_may(self):
        self.other = factories.gateway(self.made.profile)
        self.assertHttpStatus(self.bulk(), 403)
        self.assertEqual(self.gateway.flows.filter(status=Status.REQUIRED).count(), 2)
