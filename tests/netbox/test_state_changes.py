"""Two requests at once, with real threads: one of them does it, the other gets the same answer or 409."""

import threading

from core.models import ObjectChange
from django.db import connection
from django.test import TransactionTestCase
from rest_framework.test import APIClient
from users.models import User

from netbox_gwports.models import FlowTemplate, Gateway, RequiredFlow

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
        """The answers to these (path, body, content type), each from a thread of its own."""
        barrier, answers = threading.Barrier(len(requests)), [None] * len(requests)

        def ask(index, path, body, kind='application/json'):
            try:
                client = APIClient()
                client.force_login(self.user)
                barrier.wait(30)
                kwargs = {'format': 'json'} if kind == 'application/json' else {'content_type': kind}
                answers[index] = client.post(f'/api/plugins/gwports/{path}', body, **kwargs)
            finally:
                connection.close()

        threads = [threading.Thread(target=ask, args=(i, *request)) for i, request in enumerate(requests)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertTrue(all(answer is not None for answer in answers), 'no answer: an error or a deadlock')
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
