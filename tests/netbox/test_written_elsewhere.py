"""What the plugin writes where other permissions apply: job logs, the change log, error messages and notifications.

Who may view jobs or the change log does not learn the names of objects that only our own permissions show.
"""

import json
import uuid
from types import SimpleNamespace

from core.models import Job, ObjectChange
from django.db.models import ProtectedError
from django.test import RequestFactory
from django.urls import reverse
from extras.models import JournalEntry, Notification
from netbox.context_managers import event_tracking
from netbox.models.features import ChangeLoggingMixin
from rest_framework.test import APIClient
from users.models import User
from utilities.request import copy_safe_request

from netbox_gwports import models
from netbox_gwports.catalog.errors import CatalogError
from netbox_gwports.jobs import ExportJob, ReconcileJob
from netbox_gwports.loading import loader

from .test_related_visibility import MODELS, World


class WrittenElsewhere(World):
    def setUp(self):
        super().setUp()
        self.admin = User.objects.create_superuser('admin')
        self.gateway = models.Gateway.objects.get(device__name='hidden-device')

    def run_job(self, job_class, **options):
        request = RequestFactory().get('/')
        request.id, request.user = uuid.uuid4(), self.admin
        job = job_class.enqueue(
            user=self.admin, pks=[self.gateway.pk], request=copy_safe_request(request), immediate=True, **options
        )
        return Job.objects.get(pk=job.pk)

    def page(self, job, user):
        client = APIClient()
        client.force_login(user)
        url = reverse('core:job_log', args=[job.pk])
        return client.get(url).content.decode() + client.get(job.get_absolute_url()).content.decode()

    def assertNamesNothing(self, job):
        self.assertTrue(job.log_entries)
        stored = json.dumps([str(job.data), str(job.error), [entry['message'] for entry in job.log_entries]])
        self.assertNotRegex(stored, '(?i)hidden|192\\.0\\.2|198\\.51')

    def test_the_log_of_an_update(self):
        models.FlowTemplate.objects.update(purpose='Hidden rewording')
        job = self.run_job(ReconcileJob)
        self.assertNamesNothing(job)
        self.assertIn(f'Gateway {self.gateway.pk}', job.log_entries[0]['message'])
        self.assertIn('1 to change', job.log_entries[0]['message'])

    def test_the_log_of_an_export(self):
        options = self.options(standing=['approved'], allow_empty=['true'])
        job = self.run_job(ExportJob, format_name='nftables', options=options)
        self.assertNamesNothing(job)
        self.assertIn('not in the file', str(job.log_entries))
        # The file itself tells which, to the user who started the job
        self.assertIn('Hidden', self.result(job, self.admin).content.decode())

    def test_why_an_export_failed(self):
        job = self.run_job(
            ExportJob, format_name='nftables', options=self.options(standing=['approved'], strict=['true'])
        )
        self.assertEqual(job.status, 'failed')
        self.assertNamesNothing(job)
        self.assertIn('Hidden', self.result(job, self.admin).content.decode())
        self.assertEqual(self.result(job, User.objects.create_superuser('other')).status_code, 403)

    def options(self, **texts):
        from netbox_gwports.export_formats import read_options

        return read_options(texts)

    def result(self, job, user):
        client = APIClient()
        client.force_login(user)
        return client.get(reverse('plugins:netbox_gwports:export_result', args=[job.pk]))

    def test_the_change_log_has_keys_of_related_objects_only(self):
        checked = 0
        # Lines and sign-offs have no change log
        for model in (model for model in MODELS if issubclass(model, ChangeLoggingMixin)):
            for obj in model.objects.all():
                change = obj.to_objectchange('update')
                text = json.dumps([change.prechange_data, change.postchange_data, change.message])
                for field in (*model._meta.fields, *model._meta.many_to_many):
                    if not field.is_relation:
                        continue
                    value = getattr(obj, field.name)
                    for related in value.all() if field.many_to_many else filter(None, [value]):
                        # A flow's own name and purpose are copies of its template's
                        if name := getattr(related, 'name', ''):
                            checked += 1
                            with self.subTest(model=model.__name__, field=field.name):
                                self.assertNotIn(name, text)
        self.assertGreater(checked, 20)

    def test_nothing_is_notified_or_written_into_journals(self):
        request = SimpleNamespace(id=uuid.uuid4(), user=self.admin, META={})
        with event_tracking(request):
            self.gateway.status = 'decommissioning'
            self.gateway.save()
            self.gateway.features.clear()
        self.assertTrue(ObjectChange.objects.filter(changed_object_type__model='requiredflow').exists())
        self.assertEqual({*ObjectChange.objects.values_list('message', flat=True)}, {''})
        self.assertFalse(JournalEntry.objects.exists() or Notification.objects.exists())

    def test_what_prevents_a_deletion(self):
        role = models.RemoteRole.objects.get(slug='hidden-role')
        url = reverse('plugins-api:netbox_gwports-api:remoterole-detail', args=[role.pk])
        client = APIClient()
        client.force_login(self.viewer(models.RequiredFlow, models.RemoteEndpoint, own=models.RemoteRole))
        answer = client.delete(url)
        self.assertEqual(answer.status_code, 409)
        flow, endpoint = models.RequiredFlow.objects.exclude(template=None).get(), models.RemoteEndpoint.objects.get()
        template = models.FlowTemplate.objects.get()
        detail = answer.json()['detail']
        self.assertIn(f'{template} ({template.pk})', detail)
        self.assertNotIn(endpoint.name, detail)
        self.assertNotIn(str(flow), detail.replace(f'{template} ({template.pk})', ''))
        client.force_login(self.admin)
        self.assertIn(endpoint.name, client.delete(url).json()['detail'])

    def test_what_prevents_an_import(self):
        feature = models.ProfileFeature.objects.get(name='Hidden feature')
        flows = {*models.RequiredFlow.objects.all()}
        step = loader.Step('delete', feature, feature.name)
        with self.assertRaises(CatalogError) as caught:
            self.refuse(step, ProtectedError('Flows refer to it.', flows))
        (problem,) = caught.exception.problems
        self.assertIn('Flows refer to it.', problem.message)
        self.assertNotIn('RequiredFlow', problem.message)

    def refuse(self, step, error):
        def delete():
            raise error

        step.instance.delete = delete
        loader._do(step, 'catalog')
