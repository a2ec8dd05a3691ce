"""The story of docs/guides/change-control.md, from first to last.

What opens and what closes at each step was written by hand from the tables of Clearswift Secure Email Gateway 5.7 and
6.3; the number before a line is the row there.
"""

import json
from datetime import timedelta
from unittest.mock import patch

from django.db import transaction
from django.test import TestCase
from django.utils import timezone
from users.models import User
from utilities.exceptions import AbortRequest

from netbox_gwports import changes
from netbox_gwports.catalog.files import bundled
from netbox_gwports.changes.document import change_document
from netbox_gwports.changes.review import standing_digest
from netbox_gwports.changes.sign import Signature, firewalls_of
from netbox_gwports.choices import GatewayStatusChoices, ZoneChoices
from netbox_gwports.loading.loader import load, parse
from netbox_gwports.models import Gateway, GatewayProfile, SignOff
from netbox_gwports.reconcile import PlanChanged
from netbox_gwports.requirements import standings
from netbox_gwports.requirements.upgrade import StepRefused, take_step
from netbox_gwports.rules.ports import port_text

from . import factories

NOTHING = ''

INTERNET_57 = """
 6  tcp/25 any (internet) > 192.0.2.10
 7  tcp/25 192.0.2.10 > any (internet)
13  tcp/80 192.0.2.10 > clearswiftstat.mailshell.net
14  tcp/80 192.0.2.10 > db11.spamcatcher.net
14  tcp/80 192.0.2.10 > ruledownloads.mailshell.net
14  tcp/80 192.0.2.10 > sn12.mailshell.net
14  tcp/80 192.0.2.10 > tisdk.mailshell.net
14  tcp/80 192.0.2.10 > verio.mailshell.net
"""
INTERNAL_57 = """
 9  tcp/53 192.0.2.10 > 10.1.0.53
 9  udp/53 192.0.2.10 > 10.1.0.53
10  tcp/80 10.1.8.0/24 > 192.0.2.10
"""
OLD_DNS_SERVER = """
 9  tcp/53 192.0.2.10 > 10.1.0.53
 9  udp/53 192.0.2.10 > 10.1.0.53
"""
NEW_DNS_SERVER = """
 9  tcp/53 192.0.2.10 > 10.1.0.54
 9  udp/53 192.0.2.10 > 10.1.0.54
"""
SECOND_DNS_SERVER = """
 9  tcp/53 192.0.2.10 > 10.1.0.153
 9  udp/53 192.0.2.10 > 10.1.0.153
"""
SECOND_ADDRESS = """
 6  tcp/25 any (internet) > 192.0.2.11
 7  tcp/25 192.0.2.11 > any (internet)
13  tcp/80 192.0.2.11 > clearswiftstat.mailshell.net
14  tcp/80 192.0.2.11 > db11.spamcatcher.net
14  tcp/80 192.0.2.11 > ruledownloads.mailshell.net
14  tcp/80 192.0.2.11 > sn12.mailshell.net
14  tcp/80 192.0.2.11 > tisdk.mailshell.net
14  tcp/80 192.0.2.11 > verio.mailshell.net
"""
# Rows of 6.3: before the upgrade, the rules of both releases are needed
INTERNET_63 = """
 9  tcp/80 192.0.2.10 > *.mailshell.net
 9  tcp/80 192.0.2.11 > *.mailshell.net
22  tcp/443 192.0.2.10 > *.fortra.com
22  tcp/443 192.0.2.11 > *.fortra.com
23  tcp/443 192.0.2.10 > *.clearswift.net
23  tcp/443 192.0.2.11 > *.clearswift.net
"""
PMM_63 = """
17  tcp/443 10.1.8.0/24 > 192.0.2.10
"""
# Rows of 5.7 that 6.3 does without. The names under mailshell.net are needed: the wildcard contains them
GONE_INTERNET = """
14  tcp/80 192.0.2.10 > db11.spamcatcher.net
14  tcp/80 192.0.2.11 > db11.spamcatcher.net
"""
GONE_INTERNAL = """
10  tcp/80 10.1.8.0/24 > 192.0.2.10
"""
CLEARSWIFT_NET = """
23  tcp/443 192.0.2.10 > *.clearswift.net
23  tcp/443 192.0.2.11 > *.clearswift.net
"""
# Rows of 6.3, and names of 5.7 that were never closed
LAST_INTERNET = """
 5  tcp/25 any (internet) > 192.0.2.10
 5  tcp/25 any (internet) > 192.0.2.11
 6  tcp/25 192.0.2.10 > any (internet)
 6  tcp/25 192.0.2.11 > any (internet)
 9  tcp/80 192.0.2.10 > *.mailshell.net
 9  tcp/80 192.0.2.10 > clearswiftstat.mailshell.net
 9  tcp/80 192.0.2.10 > ruledownloads.mailshell.net
 9  tcp/80 192.0.2.10 > sn12.mailshell.net
 9  tcp/80 192.0.2.10 > tisdk.mailshell.net
 9  tcp/80 192.0.2.10 > verio.mailshell.net
 9  tcp/80 192.0.2.11 > *.mailshell.net
 9  tcp/80 192.0.2.11 > clearswiftstat.mailshell.net
 9  tcp/80 192.0.2.11 > ruledownloads.mailshell.net
 9  tcp/80 192.0.2.11 > sn12.mailshell.net
 9  tcp/80 192.0.2.11 > tisdk.mailshell.net
 9  tcp/80 192.0.2.11 > verio.mailshell.net
22  tcp/443 192.0.2.10 > *.fortra.com
22  tcp/443 192.0.2.11 > *.fortra.com
"""
LAST_INTERNAL = """
 7  tcp/53 192.0.2.10 > 10.1.0.54
 7  udp/53 192.0.2.10 > 10.1.0.54
 7  tcp/53 192.0.2.10 > 10.1.0.153
 7  udp/53 192.0.2.10 > 10.1.0.153
"""


def listed(*tables):
    """The lines of tables, without the row."""
    return sorted(line.strip().split(None, 1)[1] for table in tables for line in table.splitlines() if line.strip())


def told(rules):
    """Each port, source, and destination of rules as a line."""
    return sorted(
        f'{spec.protocol}/{port_text(spec.first, spec.last)} {source} > {destination}'
        for rule in rules
        for spec in rule.ports
        for source in _ends(rule.source, rule.zone)
        for destination in _ends(rule.destination, rule.zone)
    )


def _ends(side, zone):
    return [f'any ({zone})'] if side.any else [*side.dns_names, *map(str, side.addresses)]


def _texts(rule):
    """The same of a rule in JSON."""

    def ends(side):
        if side['any']:
            return [f'any ({rule["zone"]})']
        return [*side['dns_names'], *(address['address'] for address in side['addresses'])]

    return [
        f'{rule["protocol"]}/{port} {source} > {destination}'
        for port in rule['ports']
        for source in ends(rule['source'])
        for destination in ends(rule['destination'])
    ]


def profile(version):
    catalog = parse(bundled()[f'clearswift-seg-{version}'].read_text(encoding='utf-8'))
    load(catalog)
    return GatewayProfile.objects.get(slug=catalog.slug)


class StoryTestCase(TestCase):
    maxDiff = None

    def standing(self):
        [found] = standings([Gateway.objects.get(pk=self.gateway.pk)])
        return found

    def asks(self, opens, closes=()):
        """The next change request opens and closes exactly this."""
        change = changes.rules_to_change(self.standing())
        self.assertEqual((told(change.opens), told(change.closes)), (listed(*opens), listed(*closes)))

    def left(self, point, to_open=NOTHING, to_close=NOTHING):
        """What is left to do on a firewall."""
        found = [f for f in self.standing().firewalls if f.ref and f.ref.id == point.pk]
        opens = [rule for firewall in found for rule in firewall.to_open]
        closes = [rule for firewall in found for rule in firewall.to_close]
        self.assertEqual((told(opens), told(closes)), (listed(to_open), listed(to_close)), str(point))

    def request(self, ticket):
        request = changes.draft([self.gateway], self.engineer, ticket=ticket, title=ticket)
        changes.submit(request.pk, Signature(self.engineer))
        self.assertEqual(self.standing().to_request, ())
        return request

    def asked_for(self, request):
        """Firewall -> what its part of the document asks to open and to close."""
        found = json.loads(change_document(request, self.engineer, 'json').content)
        return {
            part['firewall']: tuple(
                sorted({text for entry in part[action] for text in _texts(entry['rule'])})
                for action in ('open', 'close')
            )
            for part in found['firewalls']
        }

    def approve(self, request):
        changes.approve(request.pk, Signature(self.manager))

    def carry_out(self, ticket):
        request = self.request(ticket)
        self.approve(request)
        for point in (self.outer, self.inner):
            if point.pk in firewalls_of(request.lines.all()):
                changes.implement(request.pk, Signature(self.engineer), point)
        self.all_done()

    def all_done(self):
        self.asks([NOTHING])
        for point in (self.outer, self.inner):
            self.left(point)
        standing = self.standing()
        self.assertEqual({rule.standing for rule in standing.resolution.effective_rules} - {'in_place'}, set())
        self.assertEqual([rule for firewall in standing.firewalls for rule in firewall.unapproved], [])

    def test_story(self):
        with self.settings(PLUGINS_CONFIG={'netbox_gwports': {'four_eyes': True, 'review_interval': 180}}):
            self.first_release()
            self.addresses()
            self.upgrade()
            self.narrower()
            self.end()

    def first_release(self):
        self.engineer = User.objects.create_superuser('engineer')
        self.manager = User.objects.create_superuser('manager')
        old = profile('5.7')
        self.host = factories.device('mx1')
        self.first = factories.ip('192.0.2.10/24', self.host, primary=True)
        features = old.features.filter(slug__in=('pmm', 'spam-engine'))
        self.gateway = factories.gateway(old, self.host, features=list(features))
        self.dns_server = factories.ip('10.1.0.53/24')
        dns, users = (self.gateway.flows.filter(remote_role__slug=slug).first().remote_role
                      for slug in ('dns-servers', 'pmm-users'))  # fmt: skip
        self.dns_role = dns
        factories.endpoint(dns, 'DNS', ip_addresses=[self.dns_server])
        factories.endpoint(users, 'Office', prefixes=[factories.prefix('10.1.8.0/24')])
        self.outer, self.inner = (
            factories.enforcement_point(factories.device(name), gateways=[self.gateway])
            for name in ('fw-outer', 'fw-inner')
        )
        factories.enforcement_zone(self.outer, ZoneChoices.INTERNET)
        factories.enforcement_zone(self.inner, ZoneChoices.INTERNAL)

        self.asks([INTERNET_57, INTERNAL_57])
        request = self.request('CHG-1')
        with self.assertRaises(StepRefused):
            changes.implement(request.pk, Signature(self.engineer), self.outer)
        with self.assertRaises(StepRefused):
            changes.approve(request.pk, Signature(self.engineer))
        self.left(self.outer)
        self.approve(request)
        self.left(self.outer, INTERNET_57)
        self.left(self.inner, INTERNAL_57)
        inner = {'fw-inner': (listed(INTERNAL_57), [])}
        self.assertEqual(self.asked_for(request), {'fw-outer': (listed(INTERNET_57), []), **inner})
        changes.implement(request.pk, Signature(self.engineer), self.outer)
        # It never asks for what is in place
        self.assertEqual(self.asked_for(request), inner)
        self.left(self.outer)
        self.left(self.inner, INTERNAL_57)
        self.assertEqual(told(self.standing().in_place), listed(INTERNET_57))
        changes.implement(request.pk, Signature(self.engineer), self.inner)
        self.assertEqual(told(self.standing().in_place), listed(INTERNET_57, INTERNAL_57))
        self.all_done()
        self.assertEqual(self.asked_for(request), {})
        text = change_document(request, self.engineer).content
        for told_by in ('CHG-1', 'engineer, 20', 'manager, 20', 'Implemented on fw-outer', '(row 9.1)'):
            self.assertIn(told_by, text)
        self.client.force_login(self.engineer)
        url = f'/api/plugins/gwports/change-requests/{request.pk}/document/'
        for name, start in (('markdown', '# Change request'), ('html', '<!doctype html>'), ('json', '{')):
            answer = self.client.get(f'{url}?format_name={name}')
            self.assertEqual((answer.status_code, answer.content.decode()[: len(start)]), (200, start))
        self.assertEqual(self.client.get(f'{url}?format_name=x').status_code, 400)
        # A user who may not view the gateway sees none of its lines
        hidden = change_document(request, User.objects.create_user('limited'), 'markdown').content
        self.assertIn('lines are not visible to you', hidden)
        self.assertNotIn('10.1.0.53', hidden)

    def addresses(self):
        self.dns_server.snapshot()
        self.dns_server.address = '10.1.0.54/24'
        self.dns_server.full_clean()
        self.dns_server.save()
        self.asks([NEW_DNS_SERVER], [OLD_DNS_SERVER])
        self.left(self.inner, NOTHING, OLD_DNS_SERVER)
        self.carry_out('CHG-2')

        factories.endpoint(self.dns_role, 'DNS 2', literals=['10.1.0.153'])
        self.asks([SECOND_DNS_SERVER])
        self.carry_out('CHG-3')

        # Chosen by hand rather than the primary address: the same rules
        factories.address(self.gateway, self.first, ZoneChoices.values())
        self.all_done()
        factories.address(self.gateway, '192.0.2.11/24', [ZoneChoices.INTERNET])
        self.asks([SECOND_ADDRESS])
        self.carry_out('CHG-4')

    def upgrade(self):
        new = profile('6.3')
        self.all_done()
        take_step(self.gateway.pk, 'prepare', new)
        self.asks([INTERNET_63, PMM_63])
        self.carry_out('CHG-5')
        take_step(self.gateway.pk, 'complete', new)
        self.asks([NOTHING], [GONE_INTERNET, GONE_INTERNAL])
        self.left(self.outer, NOTHING, GONE_INTERNET)
        self.left(self.inner, NOTHING, GONE_INTERNAL)
        draft = changes.draft([self.gateway], self.engineer, title='Draft')
        closes = {'fw-outer': ([], listed(GONE_INTERNET)), 'fw-inner': ([], listed(GONE_INTERNAL))}
        self.assertEqual(self.asked_for(draft), closes)
        draft.delete()
        self.carry_out('CHG-6')

    def narrower(self):
        gateway = Gateway.objects.get(pk=self.gateway.pk)
        gateway.features.remove(gateway.features.get(slug='pmm'))
        self.asks([NOTHING], [PMM_63])
        self.carry_out('CHG-7')

        # Row 23 has two purposes here: the rule stays while one of them needs it
        today = timezone.localdate()
        flows = gateway.flows.filter(dns_names=['*.clearswift.net']).order_by('pk')
        self.assertEqual(len(flows), 2)
        for flow, last in zip(flows, (today, today + timedelta(days=7)), strict=True):
            flow.snapshot()
            flow.valid_until = last
            flow.full_clean()
            flow.save()
        for days, closes in ((0, NOTHING), (7, NOTHING), (8, CLEARSWIFT_NET)):
            with patch('django.utils.timezone.localdate', lambda days=days: today + timedelta(days=days)):
                self.asks([NOTHING], [closes])
                if closes:
                    self.carry_out('CHG-8')
        self.later = today + timedelta(days=8)

    def end(self):
        with patch('django.utils.timezone.localdate', lambda: self.later):
            seen = standing_digest(self.standing())
            with self.assertRaises(PlanChanged):
                changes.review(self.gateway.pk, Signature(self.manager, agreed='0' * 32))
            sign_off = changes.review(self.gateway.pk, Signature(self.manager, agreed=seen))
            self.assertEqual((sign_off.kind, sign_off.user_name), ('reviewed', 'manager'))

            gateway = Gateway.objects.get(pk=self.gateway.pk)
            gateway.snapshot()
            gateway.status = GatewayStatusChoices.DECOMMISSIONING
            gateway.full_clean()
            gateway.save()
            self.asks([NOTHING], [LAST_INTERNET, LAST_INTERNAL])
            self.left(self.outer, NOTHING, LAST_INTERNET)
            self.left(self.inner, NOTHING, LAST_INTERNAL)
            with self.assertRaises(AbortRequest), transaction.atomic():
                gateway.delete()
            request = self.request('CHG-9')
            self.approve(request)
            changes.implement(request.pk, Signature(self.engineer), self.outer)
            with self.assertRaises(AbortRequest), transaction.atomic():
                gateway.delete()
            changes.implement(request.pk, Signature(self.engineer), self.inner)
            self.all_done()
        gateway.delete()
        # The evidence stays
        kinds = SignOff.objects.values_list('kind', flat=True)
        self.assertEqual(
            {kind: list(kinds).count(kind) for kind in set(kinds)},
            {'requested': 9, 'approved': 9, 'implemented': 13, 'reviewed': 1},
        )
        self.assertEqual(request.lines.filter(gateway=None, gateway_name='mx1').count(), request.lines.count())
