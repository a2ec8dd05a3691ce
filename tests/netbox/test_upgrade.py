"""Two releases side by side, and a gateway on its way from one to the other."""

from core.models import ObjectChange
from django.urls import reverse
from utilities.testing import TestCase

from netbox_gwports.catalog.files import bundled
from netbox_gwports.choices import DirectionChoices, ZoneChoices
from netbox_gwports.loading.loader import load, parse
from netbox_gwports.loading.release_difference import difference
from netbox_gwports.models import FlowTemplate, Gateway, GatewayProfile, RequiredFlow
from netbox_gwports.reconcile import plans
from netbox_gwports.requirements.upgrade import StepRefused, take_step, upgrade

from . import factories
from .rest import RestTests


def real(*versions):
    for version in versions:
        load(parse(bundled()[f'clearswift-seg-{version}'].read_text(encoding='utf-8')))
    return [GatewayProfile.objects.get(version=version) for version in versions]


def facts(entry):
    return {field: (old, new) for field, old, new in entry.facts}


class RealDifferenceTests(RestTests):
    """Counted by hand in the two tables."""

    @classmethod
    def setUpTestData(cls):
        cls.old, cls.new = real('5.7', '6.3')

    def test_old_to_new(self):
        found = difference(self.old, self.new)
        self.assertEqual(found.counts, {'moved': 7, 'removed': 1, 'added': 65, 'changed': 0, 'reworded': 0, 'same': 17})
        moved = {
            (e.old.row_label, e.new.row_label, e.new.direction): facts(e) for e in found.entries if e.kind == 'moved'
        }
        self.assertEqual(
            moved['13.1', '9.1', 'outbound'], {'dns_names': (['clearswiftstat.mailshell.net'], ['*.mailshell.net'])}
        )
        self.assertEqual(moved['14.1', '9.2', 'outbound']['dns_names'][1], ['*.mailshell.net'])
        # Users reached PMM by HTTP
        self.assertEqual(moved['10.1', '17.1', 'inbound']['ports'], (['tcp/80'], ['tcp/443']))
        for row in (1, 2):
            for direction in ('inbound', 'outbound'):
                # FTPS was explicit
                self.assertEqual(moved[f'3.{row}', f'28.{row}', direction]['ports'], (['tcp/21'], ['tcp/990']))
        (removed,) = [e.old for e in found.entries if e.kind == 'removed']
        self.assertEqual((removed.row_label, removed.direction, removed.service.name), ('8.1', 'inbound', 'DNS'))
        # Of the rows that are in both: the new purposes, and the halves that were not printed
        added = {(e.new.row_label, e.new.direction) for e in found.entries if e.kind == 'added' and e.new.row < 10}
        self.assertEqual(added, {('1.2', 'inbound'), ('1.2', 'outbound'), ('3.1', 'inbound'), ('3.2', 'inbound'),
                                 ('3.2', 'outbound'), ('3.3', 'inbound'), ('8.3', 'outbound'),
                                 ('8.4', 'outbound')})  # fmt: skip

    def test_the_other_way_round_is_the_mirror(self):
        forth, back = difference(self.old, self.new), difference(self.new, self.old)
        self.assertEqual({(e.old, e.new) for e in forth.entries}, {(e.new, e.old) for e in back.entries})

    def test_rest_and_page_say_the_same(self):
        answer = self.rest('get', f'gateway-profiles/{self.old.pk}/diff/?to={self.new.pk}')
        self.assertEqual(answer['counts']['moved'], 7)
        self.assertEqual(len(answer['entries']), 90)
        entry = answer['entries'][0]
        self.assertEqual((entry['kind'], entry['new']['purpose']), ('moved', 'Report spam statistics'))
        self.assertEqual(
            entry['changes'],
            [{'field': 'dns_names', 'before': ['clearswiftstat.mailshell.net'], 'after': ['*.mailshell.net']}],
        )
        for query in ('', '?to=0', '?to=x', f'?to={"9" * 30}'):
            self.refused('get', f'gateway-profiles/{self.old.pk}/diff/{query}')
        self.client.force_login(self.user)
        url = reverse('plugins:netbox_gwports:gatewayprofile_diff', args=[self.old.pk])
        page = self.client.get(f'{url}?to={self.new.pk}')
        self.assertContains(page, '7 moved, 1 removed, 65 added')
        self.assertContains(page, 'up to its 14th row')
        self.assertNotContains(self.client.get(url), '7 moved')

    def test_what_a_user_may_not_see(self):
        self.allow(GatewayProfile, 'view', constraints={'pk': self.old.pk})
        self.refused('get', f'gateway-profiles/{self.old.pk}/diff/?to={self.new.pk}')
        self.allow(GatewayProfile, 'view')
        answer = self.rest('get', f'gateway-profiles/{self.old.pk}/diff/?to={self.new.pk}')
        self.assertEqual((answer['entries'], answer['hidden']), ([], 114))


class DifferenceTests(TestCase):
    """Needs that move in each way, by one template in two releases."""

    def pair(self, old=None, new=None):
        FlowTemplate.objects.all().delete()
        GatewayProfile.objects.all().delete()
        profiles = []
        for number, said in enumerate((old or {}, new or {}), 1):
            said = dict(said)
            profile = factories.profile(version=f'{number}.0')
            service = factories.service(profile, said.pop('service', 'HTTPS'), said.pop('ports', ['tcp/443']))
            if slug := said.pop('feature', ''):
                said['feature'] = factories.feature(profile, slug)
            remote = factories.role(said.pop('role', 'servers'))
            factories.template(service, remote, said.pop('purpose', 'Fetch the updates'), **said)
            profiles.append(profile)
        return [(e.kind, sorted(facts(e))) for e in difference(*profiles).entries]

    def test_kinds(self):
        inbound = DirectionChoices.INBOUND
        for old, new, expected in (
            ({}, {}, ('same', [])),
            ({}, {'purpose': 'Fetch all the updates'}, ('reworded', ['purpose'])),
            ({'notes': 'a'}, {'notes': 'b'}, ('reworded', ['notes'])),
            ({}, {'feature': 'updates'}, ('changed', ['feature'])),
            ({}, {'not_opened': 'Not here'}, ('changed', ['not_opened'])),
            ({'not_opened': 'Never'}, {'not_opened': 'Not here'}, ('reworded', ['not_opened'])),
            ({}, {'direct': True}, ('changed', ['direct'])),
            ({}, {'ports': ['tcp/8443']}, ('moved', ['ports'])),
            ({}, {'direction': inbound}, ('moved', ['direction'])),
            ({}, {'role': 'others'}, ('moved', ['remote_role'])),
            ({}, {'dns_names': ['a.example']}, ('moved', ['dns_names'])),
            ({}, {'service': 'Updates', 'ports': ['tcp/8443']}, ('moved', ['ports', 'service'])),
            # Stated, whatever else changed
            (
                {'key': 'x'},
                {'key': 'x', 'direction': inbound, 'role': 'others', 'purpose': 'Other words entirely'},
                ('moved', ['direction', 'purpose', 'remote_role']),
            ),
        ):
            with self.subTest(new=new):
                self.assertEqual(self.pair(old, new), [expected])

    def test_what_has_nothing_in_common_is_not_paired(self):
        other = {'purpose': 'Ask for names', 'service': 'DNS', 'ports': ['udp/53']}
        self.assertEqual([kind for kind, _facts in self.pair({}, other)], ['removed', 'added'])
        self.assertEqual([kind for kind, _facts in self.pair({'key': 'a'}, {'key': 'b'})], ['removed', 'added'])


class UpgradeTests(RestTests):
    """seg on 1.0: DNS stays, web moves from 80 to 443, the old hosts narrow, sync is new and pings go."""

    @classmethod
    def setUpTestData(cls):
        cls.old, cls.new = factories.profile(version='1.0'), factories.profile(version='2.0')
        cls.servers = factories.role('servers')
        vendor = factories.role('vendor', ZoneChoices.INTERNET)
        for profile in (cls.old, cls.new):
            new = profile == cls.new
            feature = factories.feature(profile, 'Sandbox')
            dns = factories.service(profile, 'DNS', ['udp/53'])
            web = factories.service(profile, 'Web', ['tcp/443' if new else 'tcp/80-81'])
            factories.template(dns, cls.servers, 'Resolve names' if new else 'Resolve all names')
            factories.template(web, cls.servers, 'Show pages')
            dns_names = ['b.example', 'c.example'] if new else ['a.example', 'b.example']
            factories.template(web, vendor, 'Send files', feature=feature, dns_names=dns_names)
            if new:
                factories.feature(profile, 'Sync', enabled_by_default=True)
                factories.template(factories.service(profile, 'Sync', ['tcp/900']), cls.servers, 'Synchronize')
            else:
                factories.feature(profile, 'Gone')
                factories.template(factories.service(profile, 'Ping', ['icmp']), cls.servers, 'See that it lives')
        cls.gateway = factories.gateway(cls.old, features=list(cls.old.features.all()))
        factories.address(cls.gateway, '192.0.2.10/24')
        factories.endpoint(cls.servers, literals=['10.0.0.1'])
        cls.path = f'gateways/{cls.gateway.pk}/upgrade/'

    def said(self, rules):
        return sorted(
            (
                r['protocol'],
                ','.join(r['ports']),
                *(r['destination']['dns_names'] or [a['address'] for a in r['destination']['addresses']]),
            )
            for r in rules
        )

    OPENS = [('tcp', '443', '10.0.0.1'), ('tcp', '443', 'b.example', 'c.example'), ('tcp', '900', '10.0.0.1')]
    CLOSES = [('icmp', '', '10.0.0.1'), ('tcp', '80-81', '10.0.0.1'), ('tcp', '80-81', 'a.example', 'b.example')]

    def test_what_opens_and_closes(self):
        before = list(RequiredFlow.objects.values())
        answer = self.rest('get', f'{self.path}?profile={self.new.pk}')
        self.assertEqual(self.said(answer['opens']), self.OPENS)
        self.assertEqual(self.said(answer['closes']), self.CLOSES)
        self.assertEqual([f['slug'] for f in answer['dropped_features']], ['gone'])
        self.assertEqual([f['slug'] for f in answer['offered_features']], ['sync'])
        self.assertEqual((answer['profile']['id'], answer['to']['id'], answer['hidden']), (self.old.pk, self.new.pk, 0))
        # Asking changes nothing
        self.assertEqual(list(RequiredFlow.objects.values()), before)

    def test_only_the_part_that_changes_is_told(self):
        FlowTemplate.objects.get(service__profile=self.new, purpose='Send files').service.delete()
        web = factories.service(self.new, 'Web', ['tcp/80', 'tcp/82'])
        factories.template(web, self.servers, 'Show pages')
        answer = self.rest('get', f'{self.path}?profile={self.new.pk}')
        self.assertIn(('tcp', '82', '10.0.0.1'), self.said(answer['opens']))
        self.assertIn(('tcp', '81', '10.0.0.1'), self.said(answer['closes']))

    def test_two_steps(self):
        self.gateway.flows.update(mitigation='Old')
        resolve = self.gateway.flows.get(name='DNS')
        answer = self.step('prepare')
        self.assertEqual(answer['next_profile']['id'], self.new.pk)
        # Both releases are required: what differs has a flow of its own, and what opens the same has one for both
        self.assertEqual(
            sorted(self.gateway.flows.values_list('name', 'status', 'mitigation')),
            [('DNS', 'required', 'Old'), ('Ping', 'required', 'Old'), ('Sync', 'required', ''),
             ('Web', 'required', ''), ('Web', 'required', ''), ('Web', 'required', 'Old'), ('Web', 'required', 'Old')],
        )  # fmt: skip
        self.assertEqual((answer['opens'], self.said(answer['closes'])), ([], self.CLOSES))
        self.assertFalse(plans([Gateway.objects.get(pk=self.gateway.pk)])[self.gateway.pk])
        answer = self.step('complete')
        self.assertEqual((answer['profile']['id'], answer['next_profile']), (self.new.pk, None))
        self.assertEqual(
            sorted(self.gateway.flows.values_list('name', 'status', 'mitigation')),
            [('DNS', 'required', 'Old'), ('Ping', 'withdrawn', 'Old'), ('Sync', 'required', ''),
             ('Web', 'required', ''), ('Web', 'required', ''), ('Web', 'withdrawn', 'Old'),
             ('Web', 'withdrawn', 'Old')],
        )  # fmt: skip
        resolve.refresh_from_db()
        self.assertEqual((resolve.mitigation, resolve.purpose), ('Old', 'Resolve names'))
        self.assertEqual([f.slug for f in Gateway.objects.get(pk=self.gateway.pk).features.all()], ['sandbox'])

    def test_a_step_names_what_it_does_and_may_be_repeated(self):
        for sent in ({}, {'step': 'prepare'}, {'step': 'advance', 'profile': self.new.pk}, {'profile': self.new.pk}):
            self.refused('post', self.path, sent)
        self.step('complete', expect=409)
        for step in ('prepare', 'prepare', 'complete', 'complete', 'prepare'):
            self.step(step)
            flows = list(self.gateway.flows.order_by('pk').values())
            changes = ObjectChange.objects.count()
            self.step(step)
            self.assertEqual(list(self.gateway.flows.order_by('pk').values()), flows)
            self.assertEqual(ObjectChange.objects.count(), changes)
        self.step('cancel', expect=409)
        self.gateway.refresh_from_db()
        self.assertEqual((self.gateway.profile, self.gateway.next_profile), (self.new, None))

    def test_only_one_upgrade_at_a_time(self):
        other = factories.profile()
        self.step('prepare')
        for step in ('prepare', 'complete', 'cancel'):
            self.step(step, profile=other.pk, expect=409)
        self.step('cancel')
        self.step('cancel')
        self.step('prepare', profile=other.pk)

    def test_what_was_seen_is_what_is_done(self):
        seen = self.rest('get', f'{self.path}?profile={self.new.pk}')['digest']
        factories.template(factories.service(self.new, 'Late', ['tcp/7']), self.servers, 'Late')
        self.step('prepare', digest=seen, expect=409)
        url, data = f'/api/plugins/gwports/{self.path}', {'step': 'prepare', 'profile': self.new.pk}
        answer = self.client.post(url, data, format='json', HTTP_IF_MATCH=f'"{seen}"', **self.header)
        self.assertHttpStatus(answer, 412)
        self.gateway.refresh_from_db()
        self.assertIsNone(self.gateway.next_profile)
        fresh = self.client.get(f'{url}?profile={self.new.pk}', **self.header)
        answer = self.client.post(url, data, format='json', HTTP_IF_MATCH=fresh['ETag'], **self.header)
        self.assertHttpStatus(answer, 200)
        # Repeated after it was done, it is the same request, not another plan
        self.step('prepare', digest=seen)

    def step(self, step, expect=200, profile=None, **values):
        data = {'step': step, 'profile': profile or self.new.pk, **values}
        return self.rest('post', self.path, data, expect=expect)

    def test_canceling_the_upgrade_restores_the_flows(self):
        before = set(self.gateway.flows.values_list('pk', flat=True))
        take_step(self.gateway.pk, 'prepare', self.new)
        self.assertGreater(set(self.gateway.flows.values_list('pk', flat=True)), before)
        take_step(self.gateway.pk, 'cancel', self.new)
        with self.assertRaises(StepRefused):
            take_step(self.gateway.pk, 'complete', self.new)
        self.assertEqual(set(self.gateway.flows.values_list('pk', flat=True)), before)

    def test_asking_for_the_next_one_tells_what_taking_it_over_would_do(self):
        self.refused('get', self.path)
        take_step(self.gateway.pk, 'prepare', self.new)
        self.assertEqual(self.rest('get', self.path)['to']['id'], self.new.pk)
        self.refused('get', f'{self.path}?profile={self.old.pk}')

    def test_it_needs_the_permission_to_change(self):
        self.allow(Gateway, 'view')
        self.allow(GatewayProfile, 'view')
        self.rest('get', f'{self.path}?profile={self.new.pk}')
        self.step('prepare', expect=403)
        self.allow(Gateway, 'change', constraints={'next_profile': None})
        # It may not become what the permission does not cover
        self.step('prepare', expect=403)
        self.gateway.refresh_from_db()
        self.assertIsNone(self.gateway.next_profile)
        self.allow(Gateway, 'change')
        self.step('prepare')

    def test_what_a_user_may_not_see_is_counted(self):
        self.allow(Gateway, 'view')
        self.allow(GatewayProfile, 'view')
        answer = self.rest('get', f'{self.path}?profile={self.new.pk}')
        self.assertEqual((answer['opens'], answer['closes']), ([], []))
        self.assertGreater(answer['hidden'], 0)

    def test_the_next_release_is_another(self):
        self.refused('patch', f'gateways/{self.gateway.pk}/', {'next_profile': self.old.pk})

    def test_queries_do_not_grow_with_the_table(self):
        def grow():
            for number in range(20):
                service = factories.service(self.new, f'More {number}', [f'tcp/{2000 + number}'])
                factories.template(service, self.servers, f'More {number}')

        self.assertSameQueries(lambda: upgrade(self.gateway, self.new, self.user), grow)

    def test_page(self):
        self.client.force_login(self.user)
        url = reverse('plugins:netbox_gwports:gateway_upgrade', args=[self.gateway.pk])
        self.assertNotContains(self.client.get(url), 'Opens')
        page = self.client.get(f'{url}?profile={self.new.pk}')
        self.assertContains(page, 'Opens (2)')
        self.assertContains(page, 'Closes (2)')
        digest = page.context['upgrade'].digest
        data = {'profile': self.new.pk, 'step': 'prepare', 'digest': digest}
        self.client.post(url, data)
        # Submitting the page twice prepares the upgrade, but does not complete it
        self.client.post(url, data)
        self.gateway.refresh_from_db()
        self.assertEqual((self.gateway.profile, self.gateway.next_profile), (self.old, self.new))
        tab = reverse('dcim:device_gwports_requirements', args=[self.gateway.device_id])
        self.assertContains(self.client.get(tab), 'upgrade in progress')
        # A digest reviewed before is not one of the other step
        data['step'] = 'complete'
        self.client.post(url, data)
        self.gateway.refresh_from_db()
        self.assertEqual(self.gateway.next_profile, self.new)
        data['digest'] = self.client.get(f'{url}?profile={self.new.pk}').context['upgrade'].digest
        self.client.post(url, data)
        self.gateway.refresh_from_db()
        self.assertEqual((self.gateway.profile, self.gateway.next_profile), (self.new, None))
