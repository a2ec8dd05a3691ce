"""Two requests at once, with real threads: one of them does it, the other gets the same answer or 409."""

import re
import threading
import time

from core.models import DataFile, DataSource, ObjectChange
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient
from users.models import User

from netbox_gwports.models import FlowTemplate, Gateway, GatewayProfile, RequiredFlow

from . import factories
from .test_catalog_import import MORE, SMALL, loaded

# Pairs of requests at once
ROUNDS = 50


class StateChanges(TransactionTestCase):
    def setUp(self):
        self.user = User.objects.create_superuser('admin')
        self.profile = loaded()
        self.gateway = factories.gateway(self.profile)
        self.path = f'gateways/{self.gateway.pk}/'

    def at_once(self, *requests):
        """The answers to these (path, body, content type or "delete"), each from a thread of its own."""
        barrier, answers = threading.Barrier(len(requests)), [None] * len(requests)

        def ask(index, path, body, kind='application/json'):
            try:
                client = APIClient()
                client.force_login(self.user)
                barrier.wait(30)
                send = client.delete if kind == 'delete' else client.post
                kwargs = {'content_type': kind} if '/' in kind and kind != 'application/json' else {'format': 'json'}
                answers[index] = send(f'/api/plugins/gwports/{path}', body, **kwargs)
            except Exception as e:
                answers[index] = e
            finally:
                connection.close()

        threads = [threading.Thread(target=ask, args=(i, *request)) for i, request in enumerate(requests)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertNotIn(None, answers, 'no answer within a minute')
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers

    def codes(self, answers):
        return sorted(answer.status_code for answer in answers)

    def test_the_same_step_twice(self):
        other = factories.product(name='Other')
        for number in range(ROUNDS):
            # There and back
            to, step = (other, self.profile)[number // 2 % 2], ('prepare', 'complete')[number % 2]
            before = ObjectChange.objects.filter(changed_object_id=self.gateway.pk, action='update').count()
            answers = self.at_once(*2 * [(f'{self.path}upgrade/', {'step': step, 'profile': to.pk})])
            self.assertEqual(self.codes(answers), [200, 200], [a.content[:300] for a in answers])
            self.assertEqual(*(a.json()['digest'] for a in answers))
            self.gateway.refresh_from_db()
            running = (self.gateway.profile_id, self.gateway.next_profile_id)
            self.assertEqual((running[0] == to.pk, running[1] == to.pk), (step == 'complete', step == 'prepare'))
            after = ObjectChange.objects.filter(changed_object_id=self.gateway.pk, action='update').count()
            self.assertEqual(after - before, 1)
            templates = list(self.gateway.flows.values_list('template', flat=True))
            self.assertEqual(len(templates), len({*templates}))

    def test_steps_that_exclude_each_other(self):
        others = [factories.product(name='Other'), factories.product(name='Third')]
        url = f'{self.path}upgrade/'
        for _number in range(ROUNDS // 5):
            answers = self.at_once(*((url, {'step': 'prepare', 'profile': other.pk}) for other in others))
            self.assertEqual(self.codes(answers), [200, 409])
            following = Gateway.objects.get().next_profile
            answers = self.at_once(*((url, {'step': s, 'profile': following.pk}) for s in ('complete', 'cancel')))
            self.assertEqual(self.codes(answers), [200, 409])
            Gateway.objects.get().flows.all().delete()
            gateway = Gateway.objects.get()
            gateway.profile, gateway.next_profile = self.profile, None
            gateway.save()

    def test_reconcile(self):
        for number in range(ROUNDS // 2):
            FlowTemplate.objects.update(purpose=f'Round {number}')
            answers = self.at_once(*2 * [(f'{self.path}reconcile/', {})])
            self.assertEqual(self.codes(answers), [200, 200])
            self.assertEqual(sorted(a.json()['counts']['update'] for a in answers), [0, 1])
            self.assertEqual(RequiredFlow.objects.get().purpose, f'Round {number}')

    def test_import(self):
        for number in range(ROUNDS // 2):
            text = (MORE, SMALL)[number % 2]
            answers = self.at_once(*2 * [('gateway-profiles/import/', text, 'text/plain')])
            self.assertEqual(self.codes(answers), [200, 200])
            changed = [sum(n for action, n in a.json()['counts'].items() if action != 'keep') for a in answers]
            self.assertEqual(sorted(map(bool, changed)), [False, True])
            self.assertEqual(FlowTemplate.objects.filter(withdrawn=False).count(), 2 - number % 2)

    def test_import_sync_and_reconcile_meet(self):
        source = DataSource.objects.create(name='Files', type='local', source_url='/nowhere')
        file = DataFile(source=source, path='a.yaml', data=SMALL.encode(), size=1, hash='0' * 64)
        file.last_updated = timezone.now()
        file.save()
        GatewayProfile.objects.filter(pk=self.profile.pk).update(data_source=source, data_file=file, data_path='a.yaml')
        for number in range(ROUNDS):
            text = (MORE, SMALL)[number % 2]
            DataFile.objects.update(data=text.encode(), size=len(text), last_updated=timezone.now())
            sync = (f'gateway-profiles/{self.profile.pk}/sync/', {})
            answers = self.at_once(sync, sync, (f'{self.path}reconcile/', {}))
            self.assertEqual(self.codes(answers), [200, 200, 200], [a.content[:300] for a in answers])
            self.assertEqual(FlowTemplate.objects.filter(withdrawn=False).count(), 2 - number % 2)

    def while_uncommitted(self, write, *request):
        """The answer to a request that meets what ``write`` has written and not yet committed."""
        answers = []
        with transaction.atomic():
            write()
            thread = threading.Thread(target=lambda: answers.extend(self.at_once(request)))
            thread.start()
            self.wait_for_waiting()
        thread.join(60)
        return answers[0]

    def wait_for_waiting(self):
        """Until another session waits for a lock."""
        until = time.monotonic() + 30
        with connection.cursor() as cursor:
            while time.monotonic() < until:
                cursor.execute('SELECT count(*) FROM pg_locks WHERE NOT granted')
                if cursor.fetchone()[0]:
                    return
                time.sleep(0.05)
        self.fail('Nobody waits for a lock.')

    def test_a_decision_that_is_being_saved_is_kept(self):
        flow = RequiredFlow.objects.get()
        FlowTemplate.objects.update(purpose='Reworded')
        rejected = {'status': 'rejected', 'justification': 'Not here'}
        self.while_uncommitted(
            lambda: RequiredFlow.objects.filter(pk=flow.pk).update(**rejected), f'{self.path}reconcile/', {}
        )
        flow.refresh_from_db()
        self.assertEqual((flow.purpose, flow.status, flow.justification), ('Reworded', *rejected.values()))

    def test_flows_follow_the_catalog_that_is_being_imported(self):
        """Before the import has ended, they would come from templates that it replaces."""
        for text, number in ((MORE, 2), (SMALL, 1)):
            answer = self.while_uncommitted(lambda text=text: loaded(text), f'{self.path}reconcile/', {})
            self.assertEqual(answer.status_code, 200)
            templates = FlowTemplate.objects.filter(withdrawn=False)
            self.assertEqual(
                {*self.gateway.flows.values_list('template', flat=True)}, {*templates.values_list('pk', flat=True)}
            )
            self.assertEqual(templates.count(), number)

    def test_every_way_of_writing_a_catalog_takes_its_lock_first(self):
        """Whoever locks rows first, and then waits for the import, would deadlock with it."""
        template = FlowTemplate.objects.get()
        feature = factories.feature(self.profile, 'A')
        objects = (self.profile, template.service, template, template.remote_role, feature)
        for obj in objects:
            url = reverse(f'plugins-api:netbox_gwports-api:{obj._meta.model_name}-detail', args=[obj.pk])
            client = APIClient()
            client.force_login(self.user)
            etag = client.get(url)['ETag']
            for ask in (
                lambda: client.patch(url, {'description': 'x'}, format='json', headers={'If-Match': etag}),
                lambda: client.patch(url, {'description': 'y'}, format='json'),
                # Most of them are in use, and not deleted
                lambda: client.delete(url, headers={'If-Match': '*'}),
            ):
                with self.subTest(model=obj._meta.model_name), CaptureQueriesContext(connection) as queries:
                    ask()
                    self.assertIn('pg_advisory_xact_lock(', self.locking(queries)[0])
        unused = factories.feature(self.profile, 'B')
        with CaptureQueriesContext(connection) as queries:
            unused.delete()
        self.assertIn('pg_advisory_xact_lock(', self.locking(queries)[0])

    def locking(self, queries):
        return [q['sql'] for q in queries if re.search('^(UPDATE|DELETE)|FOR .*UPDATE|advisory', q['sql'])]

    def test_a_deleted_gateway_is_locked_before_its_flows(self):
        """As reconcile does: in another order, the two would deadlock."""
        gateway, answers = factories.gateway(self.profile), []
        with transaction.atomic():
            Gateway.objects.select_for_update().get(pk=gateway.pk)
            request = ('gateways/', [{'id': gateway.pk}], 'delete')
            thread = threading.Thread(target=lambda: answers.extend(self.at_once(request)))
            thread.start()
            self.wait_for_waiting()
            self.assertTrue(list(gateway.flows.select_for_update(nowait=True, of=('self',))))
        thread.join(60)
        self.assertEqual(self.codes(answers), [204])

    def test_upgrades_to_a_catalog_that_is_being_imported(self):
        """A gateway that moves to the release was not among those that the import could lock."""
        other = factories.product(name='Other')
        for number in range(ROUNDS // 2):
            gateway = factories.gateway(other)
            text = (MORE, SMALL)[number % 2].replace('Resolve', f'Resolve {number}').replace('Look', f'Look {number}')
            answers = self.at_once(
                (f'gateways/{gateway.pk}/upgrade/', {'step': 'prepare', 'profile': self.profile.pk}),
                ('gateway-profiles/import/', text, 'text/plain'),
                ('gateways/', {'device': factories.device().pk, 'profile': self.profile.pk}),
            )
            self.assertEqual([a.status_code for a in answers], [200, 200, 201], [a.content[:300] for a in answers])
