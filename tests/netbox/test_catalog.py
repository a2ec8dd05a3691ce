"""The catalog in the database: what loading does, what it refuses, and what it leaves alone."""

import threading
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from unittest import mock
from uuid import uuid4

import pytest
import yaml
from core.models import ObjectChange
from dcim.models import Interface, Manufacturer
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.models import F
from django.test import TestCase, TransactionTestCase
from extras.models import CustomField
from ipam.models import IPAddress
from netbox.context_managers import event_tracking
from users.models import ObjectPermission, User
from utilities.request import NetBoxFakeRequest
from utilities.testing import create_test_device

from netbox_gwports.catalog.errors import CatalogError
from netbox_gwports.catalog.files import bundled
from netbox_gwports.loading import loader
from netbox_gwports.loading.loader import apply, load, parse, plan
from netbox_gwports.models import (
    FlowTemplate,
    Gateway,
    GatewayAddress,
    GatewayProfile,
    GatewayService,
    ProfileFeature,
    RemoteEndpoint,
    RemoteRole,
    RequiredFlow,
)
from netbox_gwports.requirements import requirements

FACTS = Path(__file__).parent.parent / 'data' / 'clearswift_seg_6_3.yaml'
CATALOG = 'clearswift-seg-6.3'
NAMES = ', '.join(bundled())
MODELS = (Manufacturer, GatewayProfile, ProfileFeature, GatewayService, RemoteRole, FlowTemplate, RequiredFlow)
SMALL = """
format: 1
manufacturer: {name: Example, slug: example}
name: Mail Gateway
version: '1.0'
slug: example-mail-gateway-1-0
features:
  - {slug: sync, name: Synchronisation, enabled_by_default: true}
  - {slug: feed, name: Feed, parent: sync}
roles:
  - {slug: servers, name: Servers, zone: internal}
  - {slug: clients, name: Clients, zone: management}
services:
  - {name: HTTPS, application_protocol: HTTPS, ports: [tcp/443]}
  - {name: DNS, application_protocol: DNS, ports: [tcp/53, udp/53]}
rows:
  - row: 1
    service: HTTPS
    role: servers
    direction: outbound
    items:
      - {purpose: Fetch the daily rules, feature: sync}
      - {purpose: Report to the vendor, feature: feed}
  - row: 2
    service: HTTPS
    role: clients
    direction: inbound
    items:
      - purpose: Show the pages
  - row: 3
    service: DNS
    role: servers
    direction: outbound
    items:
      - purpose: Resolve names
"""


def small(*replacements, **changes):
    """The small document with texts replaced, each once, and keys of its first level replaced."""
    text = SMALL
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    if changes:
        text = yaml.safe_dump({**yaml.safe_load(text), **changes}, sort_keys=False)
    return parse(text, 'small.yaml')


def steps(found, action=None):
    return [(step.action, step.kind, step.name) for step in found.steps if action in (None, step.action)]


def stored():
    """Everything that loading could change, as it is in the database."""
    return {model: list(model.objects.order_by('pk').values()) for model in MODELS}


@contextmanager
def request(user):
    fake = {'id': uuid4(), 'user': user, 'META': {}, 'COOKIES': {}, 'GET': {}, 'POST': {}, 'FILES': {}, 'path': '',
            'method': 'POST'}  # fmt: skip
    with event_tracking(NetBoxFakeRequest(fake)):
        yield


def gateway(profile, name='gw01'):
    made = Gateway(device=create_test_device(name), profile=profile)
    made.full_clean()
    made.save()
    return made


class BundledTest(TestCase):
    """The bundled table against facts that somebody else wrote down."""

    @classmethod
    def setUpTestData(cls):
        load(parse(bundled()[CATALOG].read_text(encoding='utf-8'), CATALOG))
        cls.profile = GatewayProfile.objects.get(slug='clearswift-seg-6-3')
        cls.facts = yaml.safe_load(FACTS.read_text(encoding='utf-8'))
        cls.rows = {fact['row']: [] for fact in cls.facts}
        for template in FlowTemplate.objects.select_related('service', 'remote_role', 'feature'):
            cls.rows[template.row].append(template)

    def test_counts(self):
        templates = FlowTemplate.objects.filter(service__profile=self.profile)
        self.assertEqual(templates.count(), 89)
        listed = templates.exclude(not_opened='')
        self.assertEqual(listed.filter(direction='inbound').count(), 21)
        # Outbound only the FTP and FTPS data ports: they are sent from, nobody connects to them
        outbound = listed.filter(direction='outbound')
        self.assertEqual(sorted(str(t.service.ports) for t in outbound), ["['tcp/20']"] * 2 + ["['tcp/989']"] * 3)
        self.assertEqual(self.profile.features.count(), 36)
        self.assertEqual(self.profile.features.filter(enabled_by_default=True).count(), 9)
        self.assertEqual(RemoteRole.objects.count(), 17)
        self.assertEqual(self.profile.services.count(), 25)
        self.assertFalse(templates.filter(direct=True).exists())

    def test_rows(self):
        self.assertEqual(len(self.facts), 33)
        for fact in self.facts:
            with self.subTest(row=fact['row']):
                templates = self.rows[fact['row']]
                ports = {f'{protocol}/{port}' for port in fact['ports'] for protocol in fact['protocols']}
                application = fact['application'].replace('-', '')
                for template in templates:
                    self.assertEqual(set(template.service.ports), ports)
                    self.assertEqual(template.service.application_protocol, application)
                directions = {template.direction for template in templates}
                if fact['row'] == 14:
                    # Printed as Out, described as inbound: the one place where we differ, and say so
                    self.assertEqual(directions, {'inbound'})
                    self.assertEqual({template.printed for template in templates}, {'Out, described as inbound'})
                else:
                    self.assertEqual(directions, set(fact['directions']))
                    self.assertEqual({template.printed for template in templates}, {''})
                items = sorted({template.item for template in templates})
                self.assertEqual(items, list(range(1, fact['purposes'] + 1)))

    def test_hosts(self):
        everything = set()
        for fact in self.facts:
            for item in range(1, fact['purposes'] + 1):
                with self.subTest(row=fact['row'], item=item):
                    dns_names = {host for t in self.rows[fact['row']] if t.item == item for host in t.dns_names}
                    printed = {*fact['dns_names'], *fact.get('item_dns_names', {}).get(item, ())}
                    if (fact['row'], item) == (10, 1):
                        # Item 2 names the default server of item 1
                        printed = set(fact['item_dns_names'][2])
                    self.assertEqual(dns_names, printed)
                    everything |= dns_names
        self.assertEqual(len(everything), 15)

    def test_default_time_server(self):
        """Unbound, both items ask the public server in the Internet; bound, both ask what is bound."""
        for template in self.rows[10]:
            self.assertEqual(template.dns_names, ['2.rhel.pool.ntp.org'])
            self.assertTrue(template.replaceable)
            self.assertEqual(template.zone, 'internet')
            self.assertEqual(template.remote_role.zone, 'internal')
        self.assertFalse(FlowTemplate.objects.filter(replaceable=True).exclude(row=10).exists())

    def test_default_time_server_of_a_gateway(self):
        """What the firewall team reads: the public server in the Internet, until somebody binds one inside."""
        host = create_test_device('gw01')
        interface = Interface.objects.create(device=host, name='eth0', type='virtual')
        IPAddress.objects.create(address='192.0.2.10/24', assigned_object=interface)
        made = Gateway(device=host, profile=self.profile)
        made.save()
        GatewayAddress.objects.create(gateway=made, ip_address=IPAddress.objects.get())

        def time_rules():
            (resolution,) = requirements([made])
            return [
                (
                    rule.direction,
                    rule.zone,
                    rule.remote.dns_names,
                    [str(a) for a in rule.remote.addresses],
                    sorted(flow.purpose for flow in rule.flows),
                )
                for rule in resolution.rules
                if rule.protocol == 'udp' and rule.port_list == ('123',)
            ]

        purposes = ['Set the clock', 'Set the clock by the default server']
        self.assertEqual(time_rules(), [('outbound', 'internet', ('2.rhel.pool.ntp.org',), [], purposes)])
        role = RemoteRole.objects.get(slug='ntp-servers')
        RemoteEndpoint.objects.create(name='Time', role=role, literals=['10.1.0.123'])
        self.assertEqual(time_rules(), [('outbound', 'internal', (), ['10.1.0.123'], purposes)])

    def test_optional_host_is_a_flow_of_its_own(self):
        first = {(t.feature.slug, *t.dns_names) for t in self.rows[23] if t.item == 1}
        self.assertEqual(first, {('avira', '*.clearswift.net'), ('avira-cloud', '*.apc.avira.com')})

    def test_peers(self):
        first = {(t.direction, t.remote_role.slug) for t in self.rows[18] if t.item == 1}
        self.assertEqual(
            first, {('inbound', 'administrators'), ('inbound', 'peer-gateways'), ('outbound', 'peer-gateways')}
        )
        self.assertEqual(
            {(t.direction, t.remote_role.slug) for t in self.rows[33]},
            {('inbound', 'peer-gateways'), ('outbound', 'peer-gateways')},
        )

    def test_roles(self):
        kinds = {role.slug: (role.kind, role.zone) for role in RemoteRole.objects.exclude(kind='named')}
        self.assertEqual(
            kinds,
            {
                'internet-mail-hosts': ('any', 'internet'),
                'internet-web': ('any', 'internet'),
                'peer-gateways': ('peers', 'dmz'),
            },
        )
        zones = dict(RemoteRole.objects.values_list('slug', 'zone'))
        self.assertEqual(
            {slug for slug, zone in zones.items() if zone == 'management'}, {'administrators', 'snmp-managers'}
        )

    def test_clear_text(self):
        """What anyone on the way can read, by port; SMTP is not among them, it has TLS where both ends offer it."""
        ports = {port for s in self.profile.services.filter(clear_text=True) for port in s.ports}
        self.assertEqual(ports, {
            'tcp/20', 'tcp/21', 'tcp/80', 'udp/137', 'tcp/139', 'udp/161', 'udp/162', 'tcp/389', 'tcp/514', 'tcp/3268',
            'tcp/11371',
        })  # fmt: skip

    def test_always_needed(self):
        always = {(t.row, t.item) for t in FlowTemplate.objects.filter(feature=None)}
        self.assertEqual(always, {(4, 1), (5, 1), (6, 1), (7, 2), (18, 1), (22, 1), (22, 2), (22, 3)})

    def test_parents(self):
        parents = dict(self.profile.features.exclude(parent=None).values_list('slug', 'parent__slug'))
        self.assertEqual(
            parents,
            {'lexical-sftp': 'sftp', 'lexical-ftps': 'ftps', 'pmm-full': 'pmm', 'avira-cloud': 'avira'},
        )

    def test_again(self):
        self.assertEqual(load(parse(bundled()[CATALOG].read_text(encoding='utf-8'))).steps, ())


class LoadTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_superuser('loader')

    def test_first_load(self):
        with request(self.user):
            found = load(small())
        self.assertEqual(found.counts, {'create': 12})
        self.assertEqual(steps(found)[0], ('create', 'manufacturer', 'Example'))
        self.assertEqual(steps(found)[-1], ('create', 'flow template', 'DNS: Resolve names (outbound, Servers)'))
        self.assertEqual(ObjectChange.objects.filter(action='create').count(), 12)
        template = FlowTemplate.objects.get(purpose='Report to the vendor')
        self.assertEqual(
            (template.row_label, template.feature.slug, template.service.ports), ('1.2', 'feed', ['tcp/443'])
        )

    def test_second_load_changes_nothing(self):
        load(small())
        before = stored()
        with request(self.user):
            found = load(small())
        self.assertEqual(found.steps, ())
        self.assertFalse(found)
        self.assertEqual(stored(), before)
        self.assertFalse(ObjectChange.objects.exists())

    def test_what_is_missing_comes_and_goes(self):
        load(small())
        (step,) = load(small(partial='Only the first page')).steps
        self.assertEqual(str(step), 'update gateway profile "Mail Gateway 1.0" (partial: - -> Only the first page)')
        self.assertEqual(GatewayProfile.objects.get().partial, 'Only the first page')
        load(small())
        self.assertEqual(GatewayProfile.objects.get().partial, '')

    def test_dry_run(self):
        before = stored()
        self.assertEqual(load(small(), dry_run=True).counts, {'create': 12})
        self.assertEqual(stored(), before)
        load(small())
        before = stored()
        found = load(small(('Resolve names', 'Find names'), ('tcp/443', 'tcp/8443')), dry_run=True)
        self.assertEqual(
            [str(step) for step in found.steps],
            [
                'update gateway service "HTTPS" (ports: tcp/443 -> tcp/8443)',
                'update flow template "DNS: Find names (outbound, Servers)" (purpose: Resolve names -> Find names)',
            ],
        )
        self.assertEqual(stored(), before)

    def test_manufacturer_that_is_there(self):
        Manufacturer.objects.create(name='Example Inc.', slug='example')
        load(small())
        self.assertEqual(Manufacturer.objects.get().name, 'Example Inc.')

    def test_reworded_purpose_is_the_same_template(self):
        load(small())
        pk = FlowTemplate.objects.get(purpose='Fetch the daily rules').pk
        with request(self.user):
            found = load(small(('Fetch the daily rules', 'Fetch the hourly rules')))
        self.assertEqual(found.counts, {'update': 1})
        self.assertEqual(FlowTemplate.objects.get(purpose='Fetch the hourly rules').pk, pk)
        change = ObjectChange.objects.get()
        self.assertEqual(change.prechange_data['purpose'], 'Fetch the daily rules')
        self.assertEqual(change.postchange_data['purpose'], 'Fetch the hourly rules')

    def test_new_words_at_the_same_place(self):
        """Not one word is the same, but row, item, service, direction, role and feature are."""
        load(small())
        pk = FlowTemplate.objects.get(purpose='Resolve names').pk
        self.assertEqual(load(small(('Resolve names', 'Look hosts up'))).counts, {'update': 1})
        self.assertEqual(FlowTemplate.objects.get(purpose='Look hosts up').pk, pk)
        # With another feature it is another need
        found = load(small(('purpose: Resolve names', '{purpose: Ask for mail servers, feature: sync}')))
        self.assertEqual(found.counts, {'delete': 1, 'create': 1})

    def test_inserted_item(self):
        """Items that move down the row are the same templates."""
        load(small())
        pks = dict(FlowTemplate.objects.values_list('purpose', 'pk'))
        line = '      - {purpose: Fetch the daily rules, feature: sync}\n'
        found = load(small((line, '      - {purpose: Send a sign of life, feature: sync}\n' + line)))
        self.assertEqual(found.counts, {'create': 1, 'update': 2})
        for purpose, pk in pks.items():
            self.assertEqual(FlowTemplate.objects.get(purpose=purpose).pk, pk)

    def test_exchanged_purposes(self):
        """Each template keeps what it was for: the one of the same words is the same need."""
        load(small())
        rules, report = (FlowTemplate.objects.get(purpose=p) for p in ('Fetch the daily rules', 'Report to the vendor'))
        first, second = (
            'purpose: Fetch the daily rules, feature: sync',
            'purpose: Report to the vendor, feature: feed',
        )
        load(small((f'{{{first}', f'{{{second} '), (f'{{{second}}}', f'{{{first}}}')))
        rules.refresh_from_db()
        report.refresh_from_db()
        self.assertEqual((rules.row_label, report.row_label), ('1.2', '1.1'))

    def test_exchanged_features(self):
        """The words are the same and the features change places: each template moves, none is in another's way."""
        both = ('Fetch the daily rules', 'Fetch the rules'), ('Report to the vendor', 'Fetch the rules')
        load(small(*both))
        pks = dict(FlowTemplate.objects.filter(row=1).values_list('feature__slug', 'pk'))
        found = load(small(*both, ('feature: sync}', 'feature: feed }'), ('feature: feed}', 'feature: sync}')))
        self.assertEqual(found.counts, {'update': 2})
        moved = FlowTemplate.objects.filter(row=1).values_list('feature__slug', 'pk', 'item')
        self.assertEqual(sorted(moved), [('feed', pks['feed'], 1), ('sync', pks['sync'], 2)])

    def test_chain_of_purposes(self):
        """A takes the words of B, B those of a new one: pairing decides, the database never stands in the way."""
        load(
            small(
                ('Fetch the daily rules, feature: sync', 'Rules for spam'),
                ('Report to the vendor, feature: feed', 'Rules for spam in pictures'),
            )
        )
        load(
            small(
                ('Fetch the daily rules, feature: sync', 'Rules for spam in pictures'),
                ('Report to the vendor, feature: feed', 'Rules for spam in pictures and sounds'),
            )
        )
        purposes = FlowTemplate.objects.filter(row=1).values_list('item', 'purpose')
        self.assertEqual(
            sorted(purposes), [(1, 'Rules for spam in pictures'), (2, 'Rules for spam in pictures and sounds')]
        )

    def test_exchanged_feature_names(self):
        load(small())
        pks = dict(ProfileFeature.objects.values_list('slug', 'pk'))
        with request(self.user):
            load(small(('Synchronisation', 'Feed '), ('name: Feed, parent', 'name: Synchronisation, parent')))
        self.assertEqual(dict(ProfileFeature.objects.values_list('slug', 'pk')), pks)
        names = ObjectChange.objects.values_list('prechange_data__name', 'postchange_data__name')
        self.assertEqual(sorted(names), [('Feed', 'Synchronisation'), ('Synchronisation', 'Feed')])
        self.assertEqual(
            dict(ProfileFeature.objects.values_list('slug', 'name')), {'sync': 'Feed', 'feed': 'Synchronisation'}
        )

    def test_turned_over_parents(self):
        load(
            small(
                features=[
                    {'slug': 'sync', 'name': 'A'},
                    {'slug': 'feed', 'name': 'B', 'parent': 'sync'},
                    {'slug': 'x', 'name': 'X', 'parent': 'feed'},
                    {'slug': 'y', 'name': 'Y', 'parent': 'x'},
                ]
            )
        )
        load(
            small(
                features=[
                    {'slug': 'sync', 'name': 'A', 'parent': 'y'},
                    {'slug': 'feed', 'name': 'B'},
                    {'slug': 'x', 'name': 'X', 'parent': 'feed'},
                    {'slug': 'y', 'name': 'Y', 'parent': 'x'},
                ]
            )
        )
        parents = dict(ProfileFeature.objects.values_list('slug', 'parent__slug'))
        self.assertEqual(parents, {'feed': None, 'x': 'feed', 'y': 'x', 'sync': 'y'})
        self.assertEqual(load(small(features=[
            {'slug': 'sync', 'name': 'A', 'parent': 'y'}, {'slug': 'feed', 'name': 'B'},
            {'slug': 'x', 'name': 'X', 'parent': 'feed'}, {'slug': 'y', 'name': 'Y', 'parent': 'x'},
        ])).steps, ())  # fmt: skip

    def test_feature_with_another_slug_and_the_same_name(self):
        load(small())
        replaced = (
            SMALL
            .replace('slug: sync', 'slug: updates')
            .replace('parent: sync', 'parent: updates')
            .replace('feature: sync', 'feature: updates')
        )
        with request(self.user):
            found = load(parse(replaced))
        self.assertIn(('delete', 'profile feature', 'Synchronisation'), steps(found))
        self.assertEqual(
            dict(ProfileFeature.objects.values_list('slug', 'name')), {'updates': 'Synchronisation', 'feed': 'Feed'}
        )
        deleted = ObjectChange.objects.get(action='delete')
        self.assertEqual(deleted.prechange_data['name'], 'Synchronisation')

    def test_what_vanished_goes(self):
        load(small())
        text = (
            SMALL[: SMALL.index('  - row: 3')]
            .replace('      - {purpose: Report to the vendor, feature: feed}\n', '')
            .replace('  - {slug: feed, name: Feed, parent: sync}\n', '')
        )
        text = text.replace('  - {name: DNS, application_protocol: DNS, ports: [tcp/53, udp/53]}\n', '')
        found = load(parse(text))
        self.assertEqual(found.counts, {'delete': 4})
        self.assertEqual(FlowTemplate.objects.count(), 2)
        self.assertEqual(list(GatewayService.objects.values_list('name', flat=True)), ['HTTPS'])
        self.assertEqual(list(ProfileFeature.objects.values_list('slug', flat=True)), ['sync'])
        # Roles are the site's
        self.assertEqual(RemoteRole.objects.count(), 2)

    def test_vanished_family_of_features(self):
        family = [
            {'slug': s, 'name': s, **({'parent': p} if p else {})}
            for s, p in (('sync', ''), ('feed', 'sync'), ('aa', 'feed'), ('bb', 'aa'))
        ]
        load(small(features=family))
        found = load(small(features=family[:2]))
        self.assertEqual([step.name for step in found.steps], ['bb', 'aa'])

    def test_custom_field_defaults(self):
        field = CustomField.objects.create(name='review', type='text', required=True, default='new')
        field.object_types.set([_object_type(FlowTemplate)])
        load(small())
        self.assertEqual(set(FlowTemplate.objects.values_list('custom_field_data__review', flat=True)), {'new'})

    def test_edit_in_between(self):
        """A plan is shown, the database changes, the plan is applied: what is needed by then is done."""
        shown = plan(small())
        load(small())
        self.assertEqual(apply(shown).steps, ())


def _object_type(model):
    from core.models import ObjectType

    return ObjectType.objects.get_for_model(model)


class GatewaysTest(TestCase):
    """What gateways use stays for them, and nothing of them is touched."""

    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_superuser('loader')
        load(small())
        cls.profile = GatewayProfile.objects.get()
        cls.gateway = gateway(cls.profile)

    def setUp(self):
        self.before = self.state()

    def state(self):
        return (
            list(Gateway.objects.order_by('pk').values()),
            sorted(Gateway.features.through.objects.values_list('gateway', 'profilefeature')),
            list(RequiredFlow.objects.order_by('pk').values()),
        )

    def load(self, text, **options):
        with request(self.user):
            found = load(parse(text), **options)
        self.assertEqual(self.state(), self.before)
        touched = ObjectChange.objects.filter(changed_object_type__model__in=('gateway', 'requiredflow'))
        self.assertFalse(touched.exists())
        return found

    WITHOUT_RULES = SMALL.replace('      - {purpose: Fetch the daily rules, feature: sync}\n', '')
    WITHOUT_SYNC = WITHOUT_RULES.replace(
        '  - {slug: sync, name: Synchronisation, enabled_by_default: true}\n', ''
    ).replace(', parent: sync', '')

    def test_set_up(self):
        self.assertEqual(self.gateway.flows.count(), 3)
        self.assertEqual([f.slug for f in self.gateway.features.all()], ['sync'])

    def test_changed_facts(self):
        """The vendor's change waits for reconcile."""
        found = self.load(SMALL.replace('tcp/443', 'tcp/8443').replace('Show the pages', 'Show pages'))
        self.assertEqual(found.counts, {'update': 2})

    def test_withdrawn(self):
        pk = FlowTemplate.objects.get(purpose='Fetch the daily rules').pk
        found = self.load(self.WITHOUT_RULES)
        self.assertEqual(
            [str(step) for step in found.steps],
            [
                'withdraw flow template "HTTPS: Fetch the daily rules (outbound, Servers)" '
                '(gateways have flows from it)',
                'update flow template "HTTPS: Report to the vendor (outbound, Servers)" (item: 2 -> 1)',
            ][::-1],
        )
        self.assertTrue(FlowTemplate.objects.get(pk=pk).withdrawn)

        again = self.load(self.WITHOUT_RULES)
        self.assertFalse(again)
        self.assertEqual(again.counts, {'keep': 1})

        # It returns, reworded
        found = self.load(SMALL.replace('Fetch the daily rules', 'Fetch rules daily'))
        template = FlowTemplate.objects.get(pk=pk)
        self.assertFalse(template.withdrawn)
        self.assertEqual(template.purpose, 'Fetch rules daily')

    def test_withdrawn_goes_with_its_last_flow(self):
        self.load(self.WITHOUT_SYNC)
        # The gateway follows: the flow, which nobody asked for yet, is deleted
        self.gateway.features.clear()
        self.assertEqual(self.gateway.flows.count(), 2)
        self.before = self.state()
        ObjectChange.objects.all().delete()
        found = self.load(self.WITHOUT_SYNC)
        self.assertEqual(
            steps(found),
            [
                ('delete', 'flow template', 'HTTPS: Fetch the daily rules (outbound, Servers)'),
                ('delete', 'profile feature', 'Synchronisation'),
            ],
        )

    def test_feature_in_use(self):
        found = self.load(self.WITHOUT_SYNC)
        kept = next(step for step in found.steps if step.action == 'keep')
        self.assertEqual(str(kept), 'keep profile feature "Synchronisation" (used by gw01)')
        feature = ProfileFeature.objects.get(slug='sync')
        self.assertFalse(feature.enabled_by_default)
        self.assertEqual(self.load(self.WITHOUT_SYNC).counts, {'keep': 2})

    def test_feature_in_use_by_gateways_that_the_user_may_not_view(self):
        user = User.objects.create_user('reader')
        found = plan(parse(self.WITHOUT_SYNC), user)
        self.assertIn('keep profile feature "Synchronisation" (used by gateways)', map(str, found.steps))
        gateway(self.profile, 'gw02')
        permission = ObjectPermission.objects.create(name='one', actions=['view'], constraints={'pk': self.gateway.pk})
        permission.users.add(user)
        permission.object_types.add(_object_type(Gateway))
        found = plan(parse(self.WITHOUT_SYNC), User.objects.get(pk=user.pk))
        self.assertIn('keep profile feature "Synchronisation" (used by gw01, other gateways)', map(str, found.steps))

    def test_feature_in_use_whose_name_another_takes(self):
        text = self.WITHOUT_SYNC.replace('name: Feed', 'name: Synchronisation')
        self.load(text)
        self.assertEqual(
            dict(ProfileFeature.objects.values_list('slug', 'name')),
            {'sync': 'Synchronisation (sync)', 'feed': 'Synchronisation'},
        )
        self.assertFalse(self.load(text))

    def test_parent_of_a_feature_in_use(self):
        self.gateway.features.add(ProfileFeature.objects.get(slug='feed'))
        self.before = self.state()
        text = self.WITHOUT_SYNC.replace('slug: feed', 'slug: other').replace('feature: feed', 'feature: other')
        self.load(text)
        self.assertEqual(
            dict(ProfileFeature.objects.values_list('slug', 'parent__slug')),
            {'sync': None, 'feed': 'sync', 'other': None},
        )

    def test_service_of_a_withdrawn_template(self):
        text = SMALL[: SMALL.index('  - row: 3')].replace(
            '  - {name: DNS, application_protocol: DNS, ports: [tcp/53, udp/53]}\n', ''
        )
        found = self.load(text)
        self.assertEqual(
            [(action, kind) for action, kind, _ in steps(found)],
            [('withdraw', 'flow template'), ('keep', 'gateway service')],
        )
        self.assertTrue(GatewayService.objects.filter(name='DNS').exists())

    def test_feature_of_a_flow_written_by_hand(self):
        flow = RequiredFlow.objects.get(template__purpose='Resolve names')
        feed = ProfileFeature.objects.get(slug='feed')
        RequiredFlow.objects.filter(pk=flow.pk).update(template=None, feature=feed)
        self.before = self.state()
        text = SMALL.replace('  - {slug: feed, name: Feed, parent: sync}\n', '').replace(
            '      - {purpose: Report to the vendor, feature: feed}\n', ''
        )
        found = self.load(text)
        self.assertIn(('keep', 'profile feature', 'Feed'), steps(found))

    def test_renamed_service(self):
        """The same service in other letters: its templates move over, and only then the old one goes."""
        pks = set(FlowTemplate.objects.values_list('pk', flat=True))
        found = self.load(SMALL.replace('name: DNS', 'name: dns').replace('service: DNS', 'service: dns'))
        self.assertIn(('delete', 'gateway service', 'DNS'), steps(found))
        self.assertEqual(set(FlowTemplate.objects.values_list('pk', flat=True)), pks)


class RefusedTest(TestCase):
    def refuse(self, *messages, catalog=None):
        before = stored()
        for function in (plan, load):
            with self.assertRaises(CatalogError) as caught:
                function(catalog or small())
            self.assertEqual([str(problem) for problem in caught.exception.problems], list(messages))
        self.assertEqual(stored(), before)

    def test_role_of_another_kind(self):
        RemoteRole.objects.create(name='Web', slug='servers', zone='internal', kind='any')
        self.refuse(
            'small.yaml: roles[0]: kind: "servers" is of kind any in this NetBox, not named: use another slug, or '
            'change the role in NetBox first'
        )

    def test_name_of_another_role(self):
        RemoteRole.objects.create(name='Clients', slug='users', zone='internal')
        self.refuse(
            'small.yaml: roles[1]: name: "Clients" is the name of the role "users" in this NetBox: use that slug, or '
            'another name'
        )

    def test_role_in_another_zone_stays(self):
        RemoteRole.objects.create(name='Everybody', slug='clients', zone='internal', description='Ours')
        found = load(small())
        self.assertIn(
            'keep remote role "Everybody" (in zone internal here, management in the catalog)', map(str, found.steps)
        )
        role = RemoteRole.objects.get(slug='clients')
        self.assertEqual((role.name, role.zone, role.description), ('Everybody', 'internal', 'Ours'))
        self.assertFalse(load(small()))

    def test_name_of_another_manufacturer(self):
        Manufacturer.objects.create(name='Example', slug='example-inc')
        self.refuse(
            'small.yaml: manufacturer: slug: "Example" has the slug "example-inc" in this NetBox: use that slug'
        )

    def test_slug_of_another_release(self):
        load(small())
        self.refuse(
            'small.yaml: slug: "example-mail-gateway-1-0" is the slug of Example Mail Gateway 1.0 in this NetBox: use '
            'another slug, or correct manufacturer, name and version of that profile first',
            catalog=small(("version: '1.0'", "version: '1.1'")),
        )

    def test_release_under_another_slug(self):
        load(small())
        self.refuse(
            'small.yaml: slug: this release has the slug "example-mail-gateway-1-0" in this NetBox: use that slug',
            catalog=small(('slug: example-mail', 'slug: mail')),
        )

    def test_everything_at_once(self):
        RemoteRole.objects.create(name='Web', slug='servers', zone='internal', kind='any')
        RemoteRole.objects.create(name='Clients', slug='users', zone='internal')
        Manufacturer.objects.create(name='Example', slug='example-inc')
        with self.assertRaises(CatalogError) as caught:
            load(small())
        self.assertEqual(len(caught.exception.problems), 3)

    def test_role_that_is_only_in_netbox(self):
        RemoteRole.objects.create(name='Ours', slug='ours', zone='dmz')
        text = SMALL.replace('role: clients', 'role: ours')
        catalog = parse(text)
        load(catalog)
        self.assertEqual(FlowTemplate.objects.get(purpose='Show the pages').remote_role.slug, 'ours')
        FlowTemplate.objects.all().delete()
        RemoteRole.objects.get(slug='ours').delete()
        with self.assertRaises(CatalogError) as caught:
            parse(text)
        self.assertIn('rows[1].items[0] (row 2): role: "ours" is not defined', str(caught.exception))
        # Deleted between reading and loading
        with self.assertRaises(CatalogError) as caught:
            load(catalog)
        self.assertIn('rows[1].items[0] (row 2): role: "ours" is no longer in this NetBox', str(caught.exception))

    def test_required_custom_field(self):
        field = CustomField.objects.create(name='owner_team', type='text', required=True)
        field.object_types.set([_object_type(FlowTemplate)])
        before = stored()
        with self.assertRaises(CatalogError) as caught:
            load(small())
        self.assertEqual(
            str(caught.exception),
            'small.yaml: rows[0].items[0] (row 1): cannot create flow template '
            '"HTTPS: Fetch the daily rules (outbound, Servers)": Missing required custom field \'owner_team\'.',
        )
        self.assertEqual(stored(), before)

    def test_database_error_midway(self):
        load(small())
        before = stored()
        save = FlowTemplate.save

        def broken(self, *args, **kwargs):
            save(self, *args, **kwargs)
            with connection.cursor() as cursor:
                cursor.execute('INSERT INTO netbox_gwports_gatewayprofile (id) VALUES (1)')

        text = ('Resolve names', 'Find names'), ('Show the pages', 'Show more'), ('tcp/443', 'tcp/8443')
        with mock.patch.object(FlowTemplate, 'save', broken), self.assertRaises(CatalogError) as caught:
            load(small(*text))
        self.assertIn('cannot update flow template', str(caught.exception))
        self.assertEqual(stored(), before)

    def test_protection_rule(self):
        load(small())
        before = stored()
        rules = {'netbox_gwports.flowtemplate': [{'purpose': {'eq': 'kept for ever'}}]}
        without = SMALL[: SMALL.index('  - row: 3')]
        with self.settings(PROTECTION_RULES=rules), self.assertRaises(CatalogError) as caught:
            load(parse(without, 'small.yaml'))
        self.assertIn('small.yaml: cannot delete flow template "DNS: Resolve names', str(caught.exception))
        self.assertEqual(stored(), before)


class CommandTest(TestCase):
    def call(self, *args):
        out = StringIO()
        call_command('gwports_load_catalog', *args, stdout=out, no_color=True)
        return out.getvalue().splitlines()

    def test_list(self):
        self.assertEqual(
            self.call('--list'),
            [
                'cisco-secure-email-gateway-14.2',
                'clearswift-seg-5.7',
                CATALOG,
                'cloudflare-tunnel-10ead741',
                'microsoft-exchange-edge-transport-2019',
                'proxmox-mail-gateway-09e283f2',
            ],
        )

    def test_a_partial_catalog_says_so(self):
        self.assertIn(
            "This catalog is partial: The vendor's page was only seen up to its 14th row, on port 80; everything "
            'from there on is missing',
            self.call('clearswift-seg-5.7', '--dry-run'),
        )

    def test_bundled(self):
        User.objects.create_superuser('admin')
        lines = self.call(CATALOG, '--dry-run')
        self.assertEqual(lines[-1], 'clearswift-seg-6-3: 169 to create (nothing was changed)')
        self.assertFalse(GatewayProfile.objects.exists())
        lines = self.call(CATALOG)
        self.assertEqual(len(lines), 170)
        self.assertIn('create gateway profile "Secure Email Gateway 6.3"', lines)
        self.assertEqual(lines[-1], 'clearswift-seg-6-3: 169 changes')
        self.assertEqual(FlowTemplate.objects.count(), 89)
        self.assertEqual(ObjectChange.objects.filter(user_name='admin').count(), 169)
        self.assertEqual(self.call(CATALOG), ['clearswift-seg-6-3: 0 changes'])
        self.assertEqual(self.call(CATALOG, '--dry-run'), ['clearswift-seg-6-3: nothing to do (nothing was changed)'])

    def test_user(self):
        User.objects.create_superuser('admin')
        User.objects.create_user('someone')
        self.call(CATALOG, '--user', 'someone')
        self.assertEqual(set(ObjectChange.objects.values_list('user_name', flat=True)), {'someone'})

    def test_without_users(self):
        self.call(CATALOG)
        self.assertFalse(ObjectChange.objects.exists())
        with self.assertRaisesMessage(CommandError, 'There is no user "nobody".'):
            self.call(CATALOG, '--user', 'nobody')

    def test_nothing_named(self):
        with self.assertRaisesMessage(CommandError, f'Specify a YAML file, or a bundled catalog: {NAMES}.'):
            self.call()

    def test_no_such_file(self):
        with self.assertRaisesMessage(
            CommandError, f'No such file or directory. Specify a YAML file, or a bundled catalog: {NAMES}.'
        ):
            self.call('nowhere.yaml')

    def test_unreadable_files(self):
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.enterContext(_folder()))
            Path('latin.yaml').write_bytes(b'name: \xe4')
            Path('folder').mkdir()
            Path('huge.yaml').write_text('x' * 300_000)
            for name, message in (
                ('latin.yaml', 'not UTF-8 text'),
                ('folder', 'Is a directory'),
                ('huge.yaml', 'is longer than 200,000 characters'),
            ):
                with self.subTest(name), self.assertRaisesMessage(CommandError, f'{name}: {message}'):
                    self.call(name)

    def test_one_line_an_error(self):
        with _folder() as folder:
            path = folder / 'small.yaml'
            path.write_text(SMALL.replace('tcp/443', 'tcp/0').replace('role: clients', 'role: nobody'))
            with self.assertRaises(CommandError) as caught:
                self.call(str(path))
            lines = str(caught.exception).splitlines()
            self.assertEqual(len(lines), 2)
            self.assertTrue(lines[0].startswith(f'{path}: services[0]: ports: "tcp/0"'))
            self.assertFalse(GatewayProfile.objects.exists())
            # With a byte order mark, as some editors write it
            path.write_text('\ufeff' + SMALL)
            self.assertEqual(self.call(str(path))[-1], 'example-mail-gateway-1-0: 12 changes')


@contextmanager
def _folder():
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name:
        yield Path(name)


class ConcurrencyTest(TransactionTestCase):
    def test_two_at_once(self):
        """The second waits for the first and finds nothing to do."""
        found, errors, both = [], [], threading.Barrier(2)

        def run():
            try:
                catalog = small()
                shown = plan(catalog)
                both.wait(30)
                found.append(apply(shown))
            except Exception as e:
                errors.append(e)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(errors, [])
        self.assertEqual(sorted(len(done.changes) for done in found), [0, 12])
        self.assertEqual(FlowTemplate.objects.count(), 4)

    def test_flow_that_comes_to_a_template_that_goes(self):
        """A flow written behind reconcile's back while its template is deleted: refused as a whole."""
        load(small())
        made = gateway(GatewayProfile.objects.get())
        template = FlowTemplate.objects.get(purpose='Report to the vendor')
        before = stored()
        do = loader._do

        def late(step, file):
            if step.action == 'delete' and step.instance == template:
                FlowTemplate.objects.filter(pk=template.pk)._raw_delete('default')
                RequiredFlow.objects.filter(pk=made.flows.first().pk).update(template_id=template.pk)
                return
            do(step, file)

        text = SMALL.replace('      - {purpose: Report to the vendor, feature: feed}\n', '')
        with mock.patch.object(loader, '_do', late), self.assertRaises(CatalogError) as caught:
            load(parse(text, 'small.yaml'))
        self.assertEqual(str(caught.exception), 'small.yaml: gateways were changed at the same time: try again')
        self.assertEqual(stored(), before)
        self.assertFalse(FlowTemplate.objects.exclude(pk=F('pk')).exists())
