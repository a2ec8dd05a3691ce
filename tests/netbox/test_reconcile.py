"""Profile and features -> flows: on every way in, in one transaction, and what people wrote stays."""

import threading
from unittest import mock

from core.models import ObjectType
from dcim.models import Manufacturer
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase
from extras.models import CustomField, JournalEntry, Tag
from utilities.exceptions import AbortRequest
from utilities.testing import create_test_device

from netbox_gwports.choices import FlowStatusChoices as Status
from netbox_gwports.models import (
    FlowTemplate,
    Gateway,
    GatewayProfile,
    GatewayService,
    ProfileFeature,
    RemoteEndpoint,
    RemoteRole,
    RequiredFlow,
)
from netbox_gwports.reconcile import apply, collected, plans, reconcile


def profile(version='1.0', purposes=('Always', 'With A', 'With B', 'With A child'), suffix=''):
    manufacturer, _ = Manufacturer.objects.get_or_create(name='Vendor', slug='vendor')
    role, _ = RemoteRole.objects.get_or_create(slug='dns-servers', defaults={'name': 'DNS', 'zone': 'internal'})
    made = GatewayProfile.objects.create(
        manufacturer=manufacturer, name='Product', version=version, slug=f'product-{version.replace(".", "-")}'
    )
    service = GatewayService.objects.create(profile=made, name='DNS', ports=['udp/53'], application_protocol='DNS')
    a = ProfileFeature.objects.create(profile=made, name='A', slug='a', enabled_by_default=True)
    b = ProfileFeature.objects.create(profile=made, name='B', slug='b')
    child = ProfileFeature.objects.create(profile=made, name='Child', slug='child', parent=a)
    for purpose, feature in zip(purposes, (None, a, b, child), strict=True):
        FlowTemplate.objects.create(
            service=service, direction='outbound', remote_role=role, feature=feature, purpose=purpose
        )
    FlowTemplate.objects.create(
        service=service, direction='inbound', remote_role=role, purpose='Listed', not_opened='No listener'
    )
    return made


class ReconcileTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.profile = profile()
        cls.features = {feature.slug: feature for feature in cls.profile.features.all()}

    def setUp(self):
        self.gateway = Gateway.objects.create(device=create_test_device('gw'), profile=self.profile)

    def purposes(self, **filters):
        return sorted(self.gateway.flows.filter(**filters).values_list('purpose', flat=True))

    def set_status(self, purpose, status, **values):
        flow = self.gateway.flows.get(purpose=purpose)
        flow.status = status
        for name, value in values.items():
            setattr(flow, name, value)
        flow.save()
        return flow

    def test_a_new_gateway_has_the_flows_of_the_default_features(self):
        self.assertEqual(list(self.gateway.features.all()), [self.features['a']])
        self.assertEqual(self.purposes(status=Status.REQUIRED), ['Always', 'With A'])

    def test_what_is_listed_and_not_opened_is_waived_with_the_reason(self):
        flow = self.gateway.flows.get(purpose='Listed')
        self.assertEqual((flow.status, flow.justification), (Status.WAIVED, 'No listener'))
        self.set_status('Listed', Status.REQUIRED)
        self.assertFalse(reconcile(self.gateway.pk))
        self.assertEqual(self.gateway.flows.get(purpose='Listed').status, Status.REQUIRED)

    def test_again_changes_nothing(self):
        self.assertFalse(reconcile(self.gateway.pk))
        self.assertEqual(plans([self.gateway])[self.gateway.pk].counts['keep'], 3)

    def test_switching_features_adds_and_withdraws(self):
        self.set_status('With A', Status.REJECTED, justification='By the board')
        self.gateway.features.set([self.features['b']])
        self.assertEqual(self.purposes(status=Status.REQUIRED), ['Always', 'With B'])
        self.assertEqual(self.purposes(status=Status.WITHDRAWN), ['With A'])
        self.gateway.features.add(self.features['a'])
        self.assertEqual(self.gateway.flows.get(purpose='With A').status, Status.REJECTED)

    def test_a_flow_with_openings_is_never_deleted(self):
        flow = self.gateway.flows.get(purpose='With A')
        with mock.patch.object(apply, 'flows_with_openings', return_value=frozenset({flow.pk})):
            off, on = self.off_and_on()
        self.assertEqual((off.pk, off.status, off.status_before_withdrawal), (flow.pk, Status.WITHDRAWN, 'required'))
        self.assertEqual((on.pk, on.status, on.status_before_withdrawal), (flow.pk, Status.REQUIRED, ''))

    def test_replacing_a_set_of_features_keeps_what_both_need(self):
        before = self.gateway.flows.get(purpose='With A').pk
        self.gateway.features.set([self.features['b'], self.features['a']])
        self.assertEqual(self.gateway.flows.get(purpose='With A').pk, before)

    def test_a_feature_is_in_use_only_with_its_parents(self):
        self.gateway.features.add(self.features['child'])
        self.assertIn('With A child', self.purposes())
        self.gateway.features.remove(self.features['a'])
        self.assertNotIn('With A child', self.purposes())

    def test_the_other_side_of_the_relation_counts_too(self):
        self.features['b'].gateways.add(self.gateway)
        self.assertIn('With B', self.purposes())
        self.features['b'].gateways.clear()
        self.assertNotIn('With B', self.purposes())

    def test_a_flow_that_a_person_withdrew_stays_so(self):
        self.set_status('Always', Status.WITHDRAWN)
        reconcile(self.gateway.pk)
        self.assertEqual(self.gateway.flows.get(purpose='Always').status, Status.WITHDRAWN)

    def test_a_changed_catalog_touches_no_gateway_until_asked(self):
        template = FlowTemplate.objects.get(purpose='Always')
        template.dns_names = ['dns.example.net']
        template.save()
        self.gateway.description = 'edited'
        self.gateway.save()
        self.assertEqual(self.gateway.flows.get(purpose='Always').dns_names, [])
        self.assertEqual(plans([self.gateway])[self.gateway.pk].counts['update'], 1)
        reconcile(self.gateway.pk)
        self.assertEqual(self.gateway.flows.get(purpose='Always').dns_names, ['dns.example.net'])

    def test_what_a_person_wrote_is_never_overwritten(self):
        self.set_status('Always', Status.REQUIRED, ports=['udp/5353'])
        GatewayService.objects.update(ports=['udp/53', 'tcp/53'])
        plan = reconcile(self.gateway.pk)
        kept = [change for change in plan.update if change.kept]
        self.assertEqual([change.kept for change in kept], [('ports',)])
        self.assertEqual(self.gateway.flows.get(purpose='Always').ports, ['udp/5353'])
        self.assertEqual(self.gateway.flows.get(purpose='With A').ports, ['udp/53', 'tcp/53'])
        self.assertFalse(reconcile(self.gateway.pk))

    def test_a_new_release_continues_what_pairs_and_withdraws_the_rest(self):
        always = self.set_status('Always', Status.REJECTED, justification='By the board')
        gone = self.set_status('With A', Status.WAIVED, justification='Done otherwise')
        newer = profile('2.0', ('Always', 'Quite another need of the product', 'With B', 'With A child'))
        self.gateway.profile = newer
        self.gateway.save()
        always.refresh_from_db()
        gone.refresh_from_db()
        self.assertEqual(
            (always.template.service.profile, always.status, always.justification),
            (newer, Status.REJECTED, 'By the board'),
        )
        self.assertEqual((gone.status, gone.status_before_withdrawal), (Status.WITHDRAWN, Status.WAIVED))
        self.assertEqual(self.purposes(status=Status.REQUIRED), ['Quite another need of the product'])
        self.assertEqual([f.profile for f in self.gateway.features.all()], [newer])

    def test_by_hand_is_left_alone(self):
        role = RemoteRole.objects.get()
        RequiredFlow.objects.create(
            gateway=self.gateway, name='X', purpose='By hand', ports=['tcp/1'], direction='outbound', remote_role=role
        )
        self.gateway.features.clear()
        self.assertIn('By hand', self.purposes())

    def test_by_hand_is_left_alone_by_decommissioning_too(self):
        role = RemoteRole.objects.get()
        flow = RequiredFlow.objects.create(
            gateway=self.gateway, name='X', purpose='By hand', ports=['tcp/1'], direction='outbound', remote_role=role
        )
        for status in (Status.REQUIRED, Status.REJECTED):
            with self.subTest(status=status):
                RequiredFlow.objects.filter(pk=flow.pk).update(status=status, justification='x')
                for of_gateway in ('decommissioning', 'active'):
                    self.gateway.status = of_gateway
                    self.gateway.save()
                    flow.refresh_from_db()
                    self.assertEqual((flow.status, flow.status_before_withdrawal), (status, ''))

    def off_and_on(self):
        """'With A' as it is while its feature is off (None: deleted), and when it is on again."""
        self.gateway.features.remove(self.profile.features.get(slug='a'))
        off = self.gateway.flows.filter(purpose='With A').first()
        self.assertFalse(self.gateway.flows.needed().filter(purpose='With A').exists())
        self.gateway.features.add(self.profile.features.get(slug='a'))
        return off, self.gateway.flows.get(purpose='With A')

    def test_a_decision_outlives_the_need(self):
        for status in (Status.REJECTED, Status.WAIVED):
            with self.subTest(status=status):
                RequiredFlow.objects.filter(purpose='With A').update(status=status, justification='By the board')
                off, on = self.off_and_on()
                self.assertEqual((off.status, off.status_before_withdrawal), (Status.WITHDRAWN, status))
                self.assertEqual((on.pk, on.status, on.justification), (off.pk, status, 'By the board'))
                self.assertEqual(on.status_before_withdrawal, '')

    def test_a_decision_outlives_the_gateways_end(self):
        RequiredFlow.objects.filter(purpose='With A').update(status=Status.REJECTED, justification='By the board')
        for of_gateway, status in (('decommissioning', Status.WITHDRAWN), ('active', Status.REJECTED)):
            self.gateway.status = of_gateway
            self.gateway.save()
            self.assertEqual(self.gateway.flows.get(purpose='With A').status, status)

    def test_what_a_person_required_although_it_is_not_opened_by_default_stays_required(self):
        self.set_status('Listed', Status.REQUIRED)
        for of_gateway, status in (('decommissioning', Status.WITHDRAWN), ('active', Status.REQUIRED)):
            self.gateway.status = of_gateway
            self.gateway.save()
            self.assertEqual(self.gateway.flows.get(purpose='Listed').status, status)

    def test_what_nobody_touched_is_deleted(self):
        before = self.gateway.flows.get(purpose='With A')
        off, on = self.off_and_on()
        self.assertIsNone(off)
        self.assertNotEqual(on.pk, before.pk)

    def test_whatever_somebody_wrote_is_kept(self):
        def custom():
            field = CustomField.objects.create(name='owner_team', type='text')
            field.object_types.add(ObjectType.objects.get_for_model(RequiredFlow))
            RequiredFlow.objects.filter(purpose='With A').update(custom_field_data={'owner_team': 'x'})

        def linked(name, value):
            return lambda: getattr(RequiredFlow.objects.get(purpose='With A'), name).add(value())

        def wrote(**values):
            return lambda: RequiredFlow.objects.filter(purpose='With A').update(**values)

        def journal():
            JournalEntry.objects.create(assigned_object=RequiredFlow.objects.get(purpose='With A'), comments='x')

        ways = {
            'justification': wrote(justification='x'),
            'mitigation': wrote(mitigation='x'),
            'valid_until': wrote(valid_until='2099-01-01'),
            'description': wrote(description='x'),
            'comments': wrote(comments='x'),
            'fact': wrote(ports=['tcp/4711']),
            'custom field': custom,
            'tag': linked('tags', lambda: Tag.objects.create(name='T', slug='t')),
            'endpoint': linked(
                'endpoints', lambda: RemoteEndpoint.objects.create(name='E', role=RemoteRole.objects.get())
            ),
            'journal': journal,
        }
        for name, write in ways.items():
            with self.subTest(name), transaction.atomic():
                write()
                off, on = self.off_and_on()
                self.assertEqual(off.status, Status.WITHDRAWN)
                self.assertEqual((on.pk, on.status), (off.pk, Status.REQUIRED))
                transaction.set_rollback(True)

    def test_decommissioning_keeps_what_is_open_and_drops_the_rest(self):
        flow = self.gateway.flows.get(purpose='Always')
        with (
            mock.patch.object(apply, 'flows_with_openings', return_value=frozenset({flow.pk})),
            mock.patch.object(Gateway, 'has_openings', return_value=True),
        ):
            with self.assertRaises(AbortRequest), transaction.atomic():
                self.gateway.delete()
            self.gateway.status = 'decommissioning'
            self.gateway.save()
            self.assertEqual(self.purposes(), ['Always'])
            self.assertEqual(self.purposes(status=Status.WITHDRAWN), ['Always'])
            self.gateway.refresh_from_db()
            self.gateway.status = 'retired'
            with self.assertRaises(ValidationError):
                self.gateway.full_clean()
        self.gateway.full_clean()
        self.gateway.delete()

    def test_features_of_another_profile_are_refused(self):
        other = profile('3.0').features.first()
        with self.assertRaises(AbortRequest), transaction.atomic():
            self.gateway.features.add(other)

    def test_several_steps_are_one_change(self):
        with self.assertRaises(ZeroDivisionError), collected():
            self.gateway.features.clear()
            raise ZeroDivisionError
        self.assertIn('With A', self.purposes())


class TwoAtOnceTests(TransactionTestCase):
    def test_no_duplicates(self):
        made = profile()
        gateway = Gateway.objects.create(device=create_test_device('gw'), profile=made)
        gateway.flows.all().delete()
        errors = []

        def work():
            try:
                reconcile(gateway.pk)
            except Exception as e:
                errors.append(e)
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])
        self.assertEqual(gateway.flows.count(), 3)
