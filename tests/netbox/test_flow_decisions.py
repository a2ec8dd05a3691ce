"""Waived and rejected: never without a justification, left one flow at a time and with a new one, on every way in."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from netbox_gwports.choices import FlowStatusChoices as Status
from netbox_gwports.models import RequiredFlow
from netbox_gwports.reconcile import reconcile

from . import factories
from .rest import RestTests

OLD = 'By the board'


class DecisionTests(RestTests):
    """Each way to change a flow returns the texts of its errors, and nothing if it succeeded."""

    @classmethod
    def setUpTestData(cls):
        cls.gateway = factories.gateway()
        cls.gateway.features.set(cls.gateway.profile.features.all())
        cls.role = factories.role('servers')
        cls.listed = cls.gateway.flows.get(purpose='Full mode')

    def setUp(self):
        super().setUp()
        self.client.force_login(self.user)

    def flow(self, status=Status.REQUIRED, purpose='Purpose'):
        justification = OLD if status in Status.JUSTIFIED else ''
        return factories.flow(self.gateway, self.role, purpose=purpose, status=status, justification=justification)

    def by_form(self, flow, **values):
        data = {
            'gateway': flow.gateway_id, 'name': flow.name, 'purpose': flow.purpose, 'ports': ','.join(flow.ports),
            'direction': flow.direction, 'remote_role': flow.remote_role_id, 'status': flow.status,
            'justification': flow.justification, 'feature': flow.feature_id or '',
            'dns_names': ','.join(flow.dns_names), **values,
        }  # fmt: skip
        response = self.client.post(reverse('plugins:netbox_gwports:requiredflow_edit', args=[flow.pk]), data)
        return '' if response.status_code == 302 else str(response.context['form'].errors)

    def by_csv(self, flow, **values):
        return self.csv({flow.pk: values})

    def csv(self, records):
        columns = [*next(iter(records.values()))]
        lines = [','.join(['id', *columns])]
        lines += [','.join([str(pk), *(values[name] for name in columns)]) for pk, values in records.items()]
        data = {'data': '\n'.join(lines), 'format': 'csv', 'csv_delimiter': ','}
        response = self.client.post(reverse('plugins:netbox_gwports:requiredflow_bulk_import'), data)
        return '' if response.status_code == 302 else str(response.context['form'].errors)

    def by_rest(self, flow, **values):
        return self.answer(f'required-flows/{flow.pk}/', values)

    def by_list(self, flow, **values):
        return self.answer('required-flows/', [{'id': flow.pk, **values}])

    def answer(self, path, data):
        response = self.client.patch(f'/api/plugins/gwports/{path}', data, format='json', **self.header)
        self.assertIn(response.status_code, (200, 400))
        return response.content.decode() if response.status_code == 400 else ''

    def by_script(self, flow, **values):
        flow = RequiredFlow.objects.get(pk=flow.pk)
        for name, value in values.items():
            setattr(flow, name, value)
        try:
            flow.full_clean()
        except ValidationError as e:
            return str(e)
        flow.save()
        return ''

    @property
    def ways(self):
        return (self.by_form, self.by_csv, self.by_rest, self.by_list, self.by_script)

    def bulk(self, flows, **values):
        data = {'pk': [flow.pk for flow in flows], '_apply': True, **values}
        return self.client.post(reverse('plugins:netbox_gwports:requiredflow_bulk_edit'), data, follow=True)

    def test_no_decision_against_a_flow_without_a_justification(self):
        for status in Status.JUSTIFIED:
            flow = self.flow()
            for way in self.ways:
                with self.subTest(way.__name__, status=status):
                    self.assertIn(f'A {status} flow requires a justification.', way(flow, status=status))
                    self.assertEqual(way(flow, status=status, justification='Because'), '')
                    RequiredFlow.objects.filter(pk=flow.pk).update(status=Status.REQUIRED, justification='')
            errors = str(self.bulk([flow], status=status).context['form'].errors)
            self.assertIn(f'A {status} flow requires a justification.', errors)
            made = {
                'gateway': self.gateway.pk, 'name': 'X', 'purpose': 'X', 'ports': ['tcp/1'], 'direction': 'outbound',
                'remote_role': self.role.pk, 'status': status,
            }  # fmt: skip
            self.assertEqual([*self.refused('post', 'required-flows/', made)], ['justification'])
            # Whatever bypasses validation
            with self.assertRaises(IntegrityError), transaction.atomic():
                RequiredFlow.objects.filter(pk=flow.pk).update(status=status)

    def test_a_decision_is_left_with_a_new_justification_only(self):
        for status in Status.JUSTIFIED:
            others = {*Status.values()} - {status}
            for way in self.ways:
                for other in sorted(others):
                    with self.subTest(way.__name__, status=status, other=other), transaction.atomic():
                        flow = self.flow(status)
                        message = f'This flow is {status}. Enter a new justification to change its status.'
                        self.assertIn(message, way(flow, status=other))
                        self.assertIn(message, way(flow, status=other, justification=f' {OLD} '))
                        if other not in Status.JUSTIFIED:
                            self.assertIn(message, way(flow, status=other, justification=''))
                        self.assertEqual(RequiredFlow.objects.get(pk=flow.pk).status, status)
                        self.assertEqual(way(flow, status=other, justification='Needed after all'), '')
                        self.assertEqual(RequiredFlow.objects.get(pk=flow.pk).status, other)
                        transaction.set_rollback(True)

    def test_a_justification_may_be_edited_while_the_decision_stands(self):
        flow = self.flow(Status.WAIVED)
        for number, way in enumerate(self.ways):
            self.assertEqual(way(flow, justification=f'Reworded {number}'), '')
        self.assertEqual(RequiredFlow.objects.get(pk=flow.pk).justification, f'Reworded {number}')

    def test_the_same_holds_for_what_the_catalog_does_not_open(self):
        self.assertEqual((self.listed.status, self.listed.justification), (Status.WAIVED, 'Not here'))
        for way in self.ways:
            with self.subTest(way.__name__), transaction.atomic():
                self.assertIn(
                    'This flow is waived.', way(self.listed, status=Status.REQUIRED, justification='Not here')
                )
                self.assertEqual(way(self.listed, status=Status.REQUIRED, justification='Used here'), '')
                transaction.set_rollback(True)

    def test_it_holds_while_the_flow_is_withdrawn(self):
        flow = self.gateway.flows.get(purpose='Mode')
        RequiredFlow.objects.filter(pk=flow.pk).update(status=Status.REJECTED, justification=OLD)
        self.gateway.features.remove(flow.feature)
        flow.refresh_from_db()
        self.assertEqual((flow.status, flow.decision), (Status.WITHDRAWN, Status.REJECTED))
        for way in self.ways:
            with self.subTest(way.__name__):
                self.assertIn('This flow is rejected.', way(flow, status=Status.REQUIRED))
                # It is not left by what does not concern it, nor by confirming it
                self.assertEqual(way(flow, justification=OLD), '')
        self.assertEqual(RequiredFlow.objects.get(pk=flow.pk).decision, Status.REJECTED)

    def test_reconcile_is_no_person(self):
        flow = self.gateway.flows.get(purpose='Mode')
        RequiredFlow.objects.filter(pk=flow.pk).update(status=Status.REJECTED, justification=OLD)
        for change in (self.gateway.features.remove, self.gateway.features.add):
            change(flow.feature)
            reconcile(self.gateway.pk)
        flow.refresh_from_db()
        self.assertEqual((flow.status, flow.justification), (Status.REJECTED, OLD))

    def test_a_bulk_edit_skips_them_and_says_how_many(self):
        flows = [self.flow(status, f'Purpose {status}') for status in (Status.REQUIRED, *Status.JUSTIFIED)]
        page = self.bulk(flows, status=Status.REQUIRED, justification='All of them', mitigation='VPN')
        self.assertContains(page, 'Skipped 2 flows that are waived or rejected.')
        self.assertContains(page, 'Updated 1 required flows')
        found = {f.pk: (f.status, f.justification, f.mitigation) for f in RequiredFlow.objects.all()}
        self.assertEqual(found[flows[0].pk], (Status.REQUIRED, 'All of them', 'VPN'))
        self.assertEqual([found[f.pk] for f in flows[1:]], [(s, OLD, '') for s in Status.JUSTIFIED])
        # Without a change of the decision there is nothing to skip
        for values, skipped in (
            ({'mitigation': 'TLS'}, 0),
            ({'status': Status.WAIVED, 'justification': 'Other'}, 1),
        ):
            page = self.bulk(flows, **values)
            self.assertContains(page, f'Updated {3 - skipped} required flows')
            self.assertEqual('Skipped 1 flow that is' in page.content.decode(), bool(skipped))

    def test_requests_for_several_flows_change_none_of_them(self):
        flows = [self.flow(status, f'Purpose {status}') for status in Status.JUSTIFIED]
        before = list(RequiredFlow.objects.order_by('pk').values())
        new = {'status': Status.REQUIRED, 'justification': 'All of them'}
        message = 'can only be changed one flow at a time'
        self.assertEqual(self.answer('required-flows/', [{'id': f.pk, **new} for f in flows]).count(message), 2)
        self.assertIn(message, self.csv({flow.pk: new for flow in flows}))
        self.assertEqual(list(RequiredFlow.objects.order_by('pk').values()), before)
        # One among others that keep their decision is one at a time for an import, where each has a record of its own
        self.assertEqual(
            self.csv({flows[0].pk: new, flows[1].pk: {'status': Status.REJECTED, 'justification': OLD}}), ''
        )
