"""Change requests and sign-offs: what they make of the rules of a gateway, and that nothing else does."""

import threading
from datetime import timedelta
from unittest.mock import patch

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import TestCase, TransactionTestCase
from django.utils import timezone
from users.models import User
from utilities.exceptions import AbortRequest

from netbox_gwports import changes
from netbox_gwports.changes.review import standing_digest
from netbox_gwports.changes.sign import Signature
from netbox_gwports.choices import ZoneChoices
from netbox_gwports.models import ChangeLine, ChangeRequest, EnforcementPoint, Gateway, SignOff
from netbox_gwports.reconcile import PlanChanged
from netbox_gwports.requirements import standings
from netbox_gwports.requirements.upgrade import StepRefused

from . import factories

ROUNDS = 50


class Site:
    """A gateway with a DNS flow, behind an outer firewall (Internet) and an inner one (internal)."""

    def make(self):
        self.asking = User.objects.create_superuser('asking')
        self.approving = User.objects.create_superuser('approving')
        self.profile = factories.profile()
        host = factories.device('gw1')
        factories.ip('192.0.2.10/24', host, primary=True)
        self.gateway = factories.gateway(self.profile, host)
        self.role = factories.role('dns-servers')
        self.server = factories.ip('10.1.0.53/24')
        self.endpoint = factories.endpoint(self.role, ip_addresses=[self.server])
        self.flow = factories.flow(self.gateway, self.role, 'DNS', 'Names', ['udp/53'])
        self.outer = factories.enforcement_point(factories.device('fw-outer'), gateways=[self.gateway])
        self.inner = factories.enforcement_point(factories.device('fw-inner'), gateways=[self.gateway])
        factories.enforcement_zone(self.outer, ZoneChoices.INTERNET)
        factories.enforcement_zone(self.outer, ZoneChoices.INTERNAL)
        factories.enforcement_zone(self.inner, ZoneChoices.INTERNAL)

    def standing(self):
        [found] = standings([Gateway.objects.get(pk=self.gateway.pk)])
        return found

    def told(self):
        """Standing -> remote addresses of the effective rules, and of what is to be closed."""
        standing, found = self.standing(), {}
        for rule in (*standing.resolution.effective_rules, *standing.to_close):
            addresses = [str(address) for address in rule.remote.addresses] or ['any' if rule.remote.any else 'names']
            found.setdefault(rule.standing, []).extend(addresses)
        return {name: sorted(addresses) for name, addresses in found.items()}

    def draft(self, **fields):
        return changes.draft([self.gateway], self.asking, title='DNS', **fields)

    def submitted(self, **fields):
        request = self.draft(**fields)
        changes.submit(request.pk, Signature(self.asking))
        return request

    def approved(self, **fields):
        request = self.submitted(**fields)
        changes.approve(request.pk, Signature(self.approving))
        return request

    def done(self, **fields):
        request = self.approved(**fields)
        for point in (self.outer, self.inner):
            changes.implement(request.pk, Signature(self.asking), point)
        return request


class ChangeTestCase(Site, TestCase):
    def setUp(self):
        self.make()

    def test_from_request_to_in_place(self):
        self.assertEqual(self.told(), {'not_requested': ['10.1.0.53']})
        request = self.draft(ticket='CHG-1')
        self.assertEqual(self.told(), {'not_requested': ['10.1.0.53']})
        changes.submit(request.pk, Signature(self.asking))
        self.assertEqual(self.told(), {'requested': ['10.1.0.53']})
        changes.approve(request.pk, Signature(self.approving))
        self.assertEqual(self.told(), {'approved': ['10.1.0.53']})
        changes.implement(request.pk, Signature(self.asking), self.outer)
        self.assertEqual(self.told(), {'approved': ['10.1.0.53']})
        changes.implement(request.pk, Signature(self.asking), self.inner)
        self.assertEqual(self.told(), {'in_place': ['10.1.0.53']})
        [rule] = self.standing().in_place
        self.assertEqual(rule.tickets, ('CHG-1',))
        kinds = request.sign_offs.values_list('kind', 'user_name', 'enforcement_point_name')
        self.assertEqual(
            list(kinds),
            [
                ('requested', 'asking', ''),
                ('approved', 'approving', ''),
                ('implemented', 'asking', 'fw-outer'),
                ('implemented', 'asking', 'fw-inner'),
            ],
        )

    def test_a_renumbered_server_opens_the_new_address_and_closes_the_old_one(self):
        self.done()
        self.server.address = '10.1.0.54/24'
        self.server.save()
        self.assertEqual(self.told(), {'not_requested': ['10.1.0.54'], 'to_close': ['10.1.0.53']})
        self.done()
        self.assertEqual(self.told(), {'in_place': ['10.1.0.54']})

    def test_a_closing_is_requested_once(self):
        self.done()
        self.flow.status, self.flow.justification = 'waived', 'Not here'
        self.flow.save()
        request = self.submitted()
        with self.assertRaises(StepRefused):
            self.draft()
        changes.withdraw(request.pk, Signature(self.asking))
        request = self.approved()
        with self.assertRaises(StepRefused):
            self.draft()
        # Closed on one of two firewalls: still under way
        changes.implement(request.pk, Signature(self.asking), self.outer)
        with self.assertRaises(StepRefused):
            self.draft()
        changes.implement(request.pk, Signature(self.asking), self.inner)
        self.assertEqual(self.told(), {})

    def test_another_address_of_the_gateway_is_requested_by_itself(self):
        self.done()
        factories.address(self.gateway, self.gateway.machine.primary_ip4)
        factories.address(self.gateway, '192.0.2.11/24')
        found = {
            rule.standing: [str(address) for address in rule.local.addresses]
            for rule in self.standing().resolution.effective_rules
        }
        self.assertEqual(found, {'in_place': ['192.0.2.10'], 'not_requested': ['192.0.2.11']})

    def test_another_endpoint_is_requested_by_itself(self):
        self.done()
        factories.endpoint(self.role, literals=['10.1.0.99'])
        self.assertEqual(self.told(), {'in_place': ['10.1.0.53'], 'not_requested': ['10.1.0.99']})

    def test_a_shared_rule_stays_while_one_flow_needs_it(self):
        other = factories.flow(self.gateway, self.role, 'DNS', 'Other names', ['udp/53'])
        self.done()
        other.status, other.justification = 'waived', 'Not here'
        other.full_clean()
        other.save()
        self.assertEqual(self.told(), {'in_place': ['10.1.0.53']})

    def test_a_waived_flow_is_closed(self):
        self.done()
        self.flow.status, self.flow.justification = 'waived', 'Not here'
        self.flow.full_clean()
        self.flow.save()
        self.assertEqual(self.told(), {'to_close': ['10.1.0.53']})
        self.done()
        self.assertEqual(self.told(), {})

    def test_an_expired_approval_is_open_without_approval(self):
        today = timezone.localdate()
        self.done(valid_until=today)
        self.assertEqual(self.told(), {'in_place': ['10.1.0.53']})
        with patch('netbox_gwports.history.timezone.localdate', lambda: today + timedelta(days=1)):
            self.assertEqual(self.told(), {'unapproved': ['10.1.0.53']})

    def test_an_emergency_is_open_without_approval_until_it_is_approved(self):
        request = self.submitted(emergency=True)
        for point in (self.outer, self.inner):
            changes.implement(request.pk, Signature(self.asking), point)
        self.assertEqual(self.told(), {'unapproved': ['10.1.0.53']})
        changes.approve(request.pk, Signature(self.approving))
        self.assertEqual(self.told(), {'in_place': ['10.1.0.53']})

    def test_only_an_emergency_is_implemented_before_it_is_approved(self):
        request = self.submitted()
        with self.assertRaises(StepRefused):
            changes.implement(request.pk, Signature(self.asking), self.outer)

    def test_what_was_rolled_back_is_to_be_opened_again(self):
        request = self.done()
        changes.roll_back(request.pk, Signature(self.asking), self.outer)
        self.assertEqual(self.told(), {'approved': ['10.1.0.53']})
        changes.implement(request.pk, Signature(self.asking), self.outer)
        self.assertEqual(self.told(), {'in_place': ['10.1.0.53']})

    def test_a_rejected_request_may_be_submitted_again(self):
        request = self.submitted()
        changes.reject(request.pk, Signature(self.approving, note='Not this way'))
        self.assertEqual(self.told(), {'rejected': ['10.1.0.53']})
        changes.submit(request.pk, Signature(self.asking))
        self.assertEqual(self.told(), {'requested': ['10.1.0.53']})

    def test_an_approval_that_is_withdrawn_no_longer_counts(self):
        request = self.done()
        changes.withdraw(request.pk, Signature(self.asking))
        self.assertEqual(self.told(), {'unapproved': ['10.1.0.53']})

    def test_every_step_is_taken_once(self):
        request = self.done()
        before = request.sign_offs.count()
        changes.approve(request.pk, Signature(self.asking))
        changes.implement(request.pk, Signature(self.asking), self.outer)
        self.assertEqual(request.sign_offs.count(), before)

    def test_nothing_is_signed_that_was_not_seen(self):
        request = self.submitted()
        for step in (changes.approve, changes.reject, changes.withdraw):
            with self.assertRaises(PlanChanged):
                step(request.pk, Signature(self.approving, agreed='0' * 32))
        seen = changes.request_digest(request, request.lines.order_by('pk'))
        changes.approve(request.pk, Signature(self.approving, agreed=seen))

    def test_the_digest_names_everything_that_is_signed(self):
        request = self.draft()
        lines = list(request.lines.order_by('pk'))
        digests = {changes.request_digest(request, lines), changes.request_digest(request, [])}
        for name in ChangeRequest.SIGNED:
            changed = ChangeRequest.objects.get(pk=request.pk)
            setattr(changed, name, timezone.localdate() if name == 'valid_until' else 'x')
            digests.add(changes.request_digest(changed, lines))
        for name, value in (('gateway_name', 'x'), ('action', 'close'), ('content', {})):
            [line] = ChangeLine.objects.filter(change_request=request)
            setattr(line, name, value)
            digests.add(changes.request_digest(request, [line]))
        self.assertEqual(len(digests), 2 + len(ChangeRequest.SIGNED) + 3)

    def test_what_was_signed_cannot_be_edited(self):
        request = self.submitted()
        for name in ChangeRequest.SIGNED:
            changed = ChangeRequest.objects.get(pk=request.pk)
            setattr(changed, name, timezone.localdate() if name == 'valid_until' else True)
            with self.assertRaises(ValidationError) as caught:
                changed.full_clean()
            self.assertIn(name, caught.exception.error_dict)
        changed = ChangeRequest.objects.get(pk=request.pk)
        changed.ticket = 'CHG-2'
        changed.full_clean()

    def test_a_stale_copy_overwrites_nothing(self):
        """A form or a PATCH that was begun before the request was submitted."""
        for name in ChangeRequest.SIGNED:
            request = self.draft(ticket=name)
            stale = ChangeRequest.objects.get(pk=request.pk)
            changes.submit(request.pk, Signature(self.asking))
            changes.approve(request.pk, Signature(self.approving))
            setattr(
                stale, name, timezone.localdate() if name == 'valid_until' else 'x' if name != 'emergency' else True
            )
            with self.assertRaises(AbortRequest), transaction.atomic():
                stale.save()
            stale = ChangeRequest.objects.get(pk=request.pk)
            changes.withdraw(request.pk, Signature(self.asking))
            stale.ticket = 'CHG-9'
            stale.save()
            stored = ChangeRequest.objects.get(pk=request.pk)
            self.assertEqual((stored.status, stored.ticket), ('withdrawn', 'CHG-9'))

    def test_only_what_was_approved_is_implemented(self):
        request = self.approved()
        ChangeRequest.objects.filter(pk=request.pk).update(emergency=True)
        with self.assertRaises(StepRefused):
            changes.implement(request.pk, Signature(self.asking), self.outer)

    def test_a_later_date_does_not_extend_an_approval(self):
        yesterday = timezone.localdate() - timedelta(days=1)
        request = self.done(valid_until=yesterday)
        ChangeRequest.objects.filter(pk=request.pk).update(valid_until=None)
        self.assertEqual(self.told(), {'unapproved': ['10.1.0.53']})

    def test_four_eyes(self):
        request = self.submitted()
        with self.settings(PLUGINS_CONFIG={'netbox_gwports': {'four_eyes': True, 'review_interval': 180}}):
            with self.assertRaises(StepRefused):
                changes.approve(request.pk, Signature(self.asking))
            changes.approve(request.pk, Signature(self.approving))

    def test_a_firewall_confirms_only_what_concerns_it(self):
        factories.flow(self.gateway, factories.role('any', ZoneChoices.INTERNET, 'any'), 'Mail', 'Out', ['tcp/25'])
        request = self.approved()
        internet = request.lines.get(zone=ZoneChoices.INTERNET)
        sign_off = changes.implement(request.pk, Signature(self.asking), self.inner)
        self.assertNotIn(internet.pk, sign_off.lines)
        with self.assertRaises(ValidationError):
            changes.implement(request.pk, Signature(self.asking), self.inner, [internet.pk])
        with self.assertRaises(StepRefused):
            changes.implement(request.pk, Signature(self.asking), None)
        changes.implement(request.pk, Signature(self.asking), self.outer, [internet.pk])
        self.assertEqual(self.told(), {'approved': ['10.1.0.53'], 'in_place': ['any']})

    def test_some_rules_are_requested_by_their_key(self):
        factories.endpoint(factories.role('other'), literals=['10.1.0.77'])
        factories.flow(self.gateway, factories.role('other'), 'Other', 'Other', ['tcp/77'])
        key = next(rule.key for rule in self.standing().to_request if rule.protocol == 'udp')
        request = changes.draft([self.gateway], self.asking, {self.gateway.pk: {key}}, title='Some')
        self.assertEqual(list(request.lines.values_list('rule_key', flat=True)), [key])
        with self.assertRaises(PlanChanged):
            changes.draft([self.gateway], self.asking, {self.gateway.pk: {'0' * 16}}, title='None')
        changes.draft([self.gateway], self.asking, request=request)
        self.assertEqual(request.lines.count(), 2)

    def test_nothing_to_do_is_told(self):
        self.done()
        with self.assertRaises(StepRefused):
            self.draft()

    def test_recording_without_a_ticket(self):
        changes.record(self.draft(), Signature(self.asking), [self.outer, self.inner])
        self.assertEqual(self.told(), {'in_place': ['10.1.0.53']})

    def test_a_review_signs_what_is_required_and_open(self):
        seen = standing_digest(self.standing())
        with self.assertRaises(PlanChanged):
            changes.review(self.gateway.pk, Signature(self.asking, agreed='0' * 32))
        sign_off = changes.review(self.gateway.pk, Signature(self.asking, agreed=seen))
        self.assertEqual((sign_off.gateway, sign_off.digest), (self.gateway, seen))
        self.done()
        self.assertNotEqual(standing_digest(self.standing()), seen)

    def test_what_one_may_not_see_one_may_not_sign(self):
        user = User.objects.create_user('limited')
        request = self.submitted()
        with self.assertRaises(StepRefused):
            changes.approve(request.pk, Signature(user))
        factories.allow(user, Gateway, 'view')
        with self.assertRaises(StepRefused):
            changes.approve(request.pk, Signature(User.objects.get(pk=user.pk)))
        factories.allow(user, ChangeLine, 'view')
        changes.approve(request.pk, Signature(User.objects.get(pk=user.pk)))

    def test_what_hidden_flows_need_is_not_to_be_closed(self):
        self.done()
        user = User.objects.create_user('limited')
        factories.allow(user, Gateway, 'view')
        [seen] = standings([self.gateway], User.objects.get(pk=user.pk))
        self.assertEqual((seen.resolution.rules, seen.to_close), ((), ()))

    def test_what_is_to_be_closed_is_shown_to_those_who_may_view_its_request(self):
        self.done()
        self.server.address = '10.1.0.54/24'
        self.server.save()
        user = User.objects.create_user('limited')
        factories.allow(user, Gateway, 'view')
        [seen] = standings([self.gateway], User.objects.get(pk=user.pk))
        self.assertEqual((seen.to_close, seen.unseen), ((), 1))
        factories.allow(user, ChangeLine, 'view')
        [seen] = standings([self.gateway], User.objects.get(pk=user.pk))
        self.assertEqual((len(seen.to_close), seen.unseen), (1, 0))


class FixedTestCase(Site, TestCase):
    """Evidence is neither changed nor deleted: not by models, not by querysets, not by SQL."""

    def setUp(self):
        self.make()
        self.request = self.done()

    def refused_by_the_database(self, sql, *args):
        with self.assertRaises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, args)

    def test_models(self):
        sign_off, line = SignOff.objects.first(), ChangeLine.objects.first()
        for change in (
            sign_off.save,
            sign_off.delete,
            SignOff.objects.all().delete,
            lambda: SignOff.objects.update(note='x'),
            lambda: ChangeLine.objects.update(content={}),
        ):
            with self.assertRaises(AbortRequest):
                change()
        line.zone = 'dmz'
        for change in (line.save, line.delete, ChangeLine.objects.all().delete, self.request.delete):
            with self.assertRaises((DatabaseError, AbortRequest)), transaction.atomic():
                change()

    def test_sql(self):
        relations = {'id', 'gateway_id', 'enforcement_point_id', 'user_id', 'change_request_id'}
        others = {
            'lines': "'{1}'",
            'valid_until': "'2000-01-01'",
            'time': "'2000-01-01'",
            'content': "'1'",
            'reasons': "'1'",
        }
        for model in (SignOff, ChangeLine):
            columns = {field.column for field in model._meta.concrete_fields} - relations
            for column in columns | {'change_request_id'}:
                value = others.get(column, '0' if column.endswith('_id') else "'x'")
                self.refused_by_the_database(f'UPDATE {model._meta.db_table} SET {column} = {value}')
        self.refused_by_the_database('UPDATE netbox_gwports_signoff SET user_id = %s', self.approving.pk)
        self.refused_by_the_database('DELETE FROM netbox_gwports_signoff')
        self.refused_by_the_database('DELETE FROM netbox_gwports_changeline')

    def test_no_line_is_moved_into_a_submitted_request(self):
        factories.endpoint(self.role, literals=['10.1.0.99'])
        line = self.draft().lines.first()
        line.change_request = self.request
        with self.assertRaises(DatabaseError), transaction.atomic():
            line.save()

    def test_no_line_is_added_to_a_submitted_request(self):
        line = ChangeLine.objects.first()
        line.pk, line.rule_key = None, 'other'
        with self.assertRaises(DatabaseError), transaction.atomic():
            line.save(force_insert=True)

    def test_names_stay_where_objects_are_deleted(self):
        self.asking.delete()
        self.assertEqual(SignOff.objects.filter(user=None, user_name='asking').count(), 3)

    def test_nothing_open_is_deleted(self):
        for model in (Gateway, EnforcementPoint):
            for instance in model.objects.all():
                with self.assertRaises(AbortRequest), transaction.atomic():
                    instance.delete()
        self.flow.delete()
        closing = self.done()
        for instance in (self.outer, self.inner, self.gateway):
            instance.delete()
        line = closing.lines.get()
        self.assertEqual((line.gateway, line.gateway_name), (None, 'gw1'))
        found = SignOff.objects.filter(enforcement_point=None, enforcement_point_name='fw-inner')
        self.assertEqual(found.count(), 2)

    def test_a_draft_is_deleted_with_its_lines(self):
        factories.endpoint(self.role, literals=['10.1.0.99'])
        request = self.draft()
        request.delete()
        self.assertFalse(ChangeLine.objects.filter(change_request=request.pk).exists())


class AtOnce(Site, TransactionTestCase):
    def setUp(self):
        self.make()

    def test_two_approvals_at_once(self):
        for _round in range(ROUNDS):
            request = self.submitted()
            barrier, found = threading.Barrier(2), []

            def approve(user, request=request, barrier=barrier, found=found):
                try:
                    barrier.wait(30)
                    found.append(changes.approve(request.pk, Signature(user)).pk)
                finally:
                    connection.close()

            threads = [threading.Thread(target=approve, args=(user,)) for user in (self.asking, self.approving)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
            self.assertEqual(len(found), 2)
            self.assertEqual(len(set(found)), 1)
            self.assertEqual(request.sign_offs.filter(kind='approved').count(), 1)
            changes.withdraw(request.pk, Signature(self.asking))
