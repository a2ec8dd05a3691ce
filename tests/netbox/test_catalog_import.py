"""Importing and exporting catalogs: REST and pages, their permission, and the gateways that follow when asked."""

import base64
import io
import json

import openpyxl
import yaml
from core.models import DataFile, DataSource, Job, ObjectChange
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from users.models import Token
from utilities.testing import TestCase
from utilities.testing.mixins import RQQueueTestMixin

from netbox_gwports.catalog.convert import WEIGHTS
from netbox_gwports.loading.export import catalog_text
from netbox_gwports.loading.loader import load, parse
from netbox_gwports.models import FlowTemplate, Gateway, GatewayProfile, GatewayService, ProfileFeature, RemoteRole

from . import factories
from .rest import RestTests

SMALL = """
format: 1
manufacturer: {name: Example, slug: example}
name: Mail Gateway
version: '2.1'
slug: example-2-1
roles:
  - {slug: dns-servers, name: DNS servers, zone: internal}
services:
  - {name: DNS, ports: [udp/53]}
rows:
  - {row: 1, service: DNS, direction: outbound, role: dns-servers, items: [{purpose: Resolve names}]}
"""
MORE = SMALL.replace('[{purpose: Resolve names}]', '[{purpose: Resolve names}, {purpose: Look senders up}]')
BROKEN = SMALL.replace('udp/53', 'udp/70000').replace('role: dns-servers', 'role: nobody')


def loaded(text=SMALL):
    load(parse(text))
    return GatewayProfile.objects.get(slug='example-2-1')


class ImportRestTests(RQQueueTestMixin, RestTests):
    def send(self, text, query='', kind='application/yaml', expect=200):
        path = f'/api/plugins/gwports/gateway-profiles/import/{query}'
        response = self.client.post(path, text, content_type=kind, **self.header)
        self.assertHttpStatus(response, expect)
        return response.json()

    def test_yaml_and_json_are_loaded(self):
        for kind, text in (
            ('application/yaml', SMALL),
            ('text/plain', SMALL),
            ('application/json', json.dumps(yaml.safe_load(SMALL))),
        ):
            with self.subTest(kind):
                GatewayProfile.objects.all().delete()
                answer = self.send(text, kind=kind)
                self.assertEqual(answer['profile']['slug'], 'example-2-1')
                self.assertEqual(FlowTemplate.objects.count(), 1)

    def test_a_dry_run_says_what_it_would_do_and_leaves_nothing(self):
        changes = ObjectChange.objects.count()
        answer = self.send(SMALL, '?dry_run=true')
        self.assertEqual((answer['dry_run'], answer['profile'], answer['counts']), (True, None, {'create': 5}))
        kinds = {'manufacturer', 'gateway profile', 'remote role', 'gateway service', 'flow template'}
        self.assertEqual({step['kind'] for step in answer['steps']}, kinds)
        self.assertFalse(GatewayProfile.objects.exists() or RemoteRole.objects.exists())
        self.assertEqual(ObjectChange.objects.count(), changes)
        # And is followed by what it said
        self.assertEqual(self.send(SMALL)['counts'], {'create': 5})
        self.assertEqual(self.send(SMALL)['steps'], [])
        self.assertEqual(answer['partial'], '')
        partial = SMALL.replace("version: '2.1'", "version: '2.1'\npartial: One row of two")
        self.assertEqual(self.send(partial)['partial'], 'One row of two')

    def test_mistakes_are_told_by_entry_and_field_and_nothing_is_done(self):
        errors = self.send(BROKEN, expect=400)['errors']
        self.assertEqual(
            [(e['entry'], e['field']) for e in errors], [('services[0]', 'ports'), ('rows[0].items[0] (row 1)', 'role')]
        )
        self.assertFalse(GatewayProfile.objects.exists())
        self.assertFalse(ObjectChange.objects.exists())

    def test_a_slip_in_the_options_loads_nothing(self):
        for query in ('?dryrun=true', '?dry_run=perhaps'):
            self.send(SMALL, query, expect=400)
        self.send('\udcff'.encode('utf-8', 'surrogateescape'), expect=400)
        self.assertFalse(GatewayProfile.objects.exists())

    def test_gateways_follow_only_when_asked(self):
        gateway = factories.gateway(loaded())
        other = factories.gateway()
        answer = self.send(MORE, '?dry_run=true')
        self.assertEqual([(g['gateway']['id'], g['counts']['create']) for g in answer['gateways']], [(gateway.pk, 1)])
        self.send(MORE)
        self.assertEqual(gateway.flows.count(), 1)
        with self.captureOnCommitCallbacks(execute=True):
            answer = self.send(MORE, '?update_gateways=true')
        self.assertIn('/api/core/jobs/', answer['job']['url'])
        self.run_rq_jobs()
        self.assertEqual(gateway.flows.count(), 2)
        job = Job.objects.get()
        self.assertEqual(job.status, 'completed')
        self.assertNotIn(str(other), str(job.log_entries))
        self.assertIsNone(self.send(MORE, '?update_gateways=true')['job'])

    def test_it_has_a_permission_of_its_own(self):
        loaded()
        self.allow(GatewayProfile, 'view', 'add', 'change', 'delete')
        self.send(MORE, expect=403)
        factories.allow(self.user, GatewayProfile, 'import', constraints={'slug': 'another'})
        # Neither one that is there nor one that would be new
        self.send(MORE, expect=403)
        self.send(MORE.replace('example-2-1', 'example-2-2').replace("'2.1'", "'2.2'"), expect=403)
        self.assertEqual((GatewayProfile.objects.count(), FlowTemplate.objects.count()), (1, 1))
        factories.allow(self.user, GatewayProfile, 'import', constraints={'slug': 'example-2-1'})
        self.send(MORE)

    def test_what_a_user_may_not_see_of_the_gateways(self):
        gateway = factories.gateway(loaded())
        self.allow(GatewayProfile, 'import')
        answer = self.send(MORE, '?dry_run=true')
        self.assertEqual((answer['gateways'], answer['other_gateways']), ([], True))
        self.allow(Gateway, 'view')
        answer = self.send(MORE, '?dry_run=true')
        self.assertEqual(answer['gateways'][0]['gateway']['id'], gateway.pk)
        self.assertEqual((answer['gateways'][0]['hidden'], answer['other_gateways']), (1, False))
        # The job asks for its own permission again
        with self.captureOnCommitCallbacks(execute=True):
            self.send(MORE, '?update_gateways=true')
        self.run_rq_jobs()
        self.assertEqual(gateway.flows.count(), 1)


class ExportRestTests(RestTests):
    def test_what_is_exported_is_imported_without_a_change(self):
        profile = loaded()
        response = self.client.get(f'/api/plugins/gwports/gateway-profiles/{profile.pk}/export/', **self.header)
        self.assertEqual(response.content.decode(), catalog_text(profile))
        self.assertIn('filename="example-2-1.yaml"', response['Content-Disposition'])
        self.assertEqual(load(parse(response.content.decode())).steps, ())

    def test_a_catalog_with_holes_is_not_given(self):
        profile = loaded(SMALL.replace('services:', 'features:\n  - {slug: a, name: A}\nservices:'))
        path = f'gateway-profiles/{profile.pk}/export/'
        self.allow(GatewayProfile, 'view')
        for model in (FlowTemplate, GatewayService, ProfileFeature, RemoteRole):
            self.rest('get', path, expect=403)
            self.allow(model, 'view')
        response = self.client.get(f'/api/plugins/gwports/{path}', **self.header)
        self.assertHttpStatus(response, 200)


class ConvertRestTests(RestTests):
    TABLE = 'Port,Protocol,Direction,Purpose\n53,UDP,Out,Resolve names\n25,TCP,Out,Mail\n'
    HEAD = {'manufacturer': 'Example', 'name': 'Mail Gateway', 'release': '3.0'}

    def convert(self, expect=200, **data):
        return self.rest('post', 'gateway-profiles/convert/', {**self.HEAD, **data}, expect=expect)

    def test_a_conversation(self):
        draft = self.convert(text=self.TABLE)
        self.assertEqual((draft['decided'], draft['undecided']), (1, 1))
        self.assertEqual([row['state'] for row in draft['rows']], ['written', 'undecided'])
        self.assertEqual(draft['rows'][1]['printed'][0], {'heading': 'Port', 'text': '25'})
        (question,) = draft['questions']
        self.assertEqual((question['name'], question['about'], question['rows']), ('zones', ['unnamed-remotes'], [2]))
        self.assertEqual({doubt['weight'] for doubt in draft['doubts']} - set(WEIGHTS), set())
        answers = {'zones': {'unnamed-remotes': 'internet'}, 'rows': {'1': {'ports': 'udp/5353'}}}
        answered = self.convert(text=self.TABLE, answers=answers)
        self.assertEqual((answered['decided'], answered['undecided'], answered['questions']), (2, 0, []))
        self.assertEqual(answered['rows'][0]['ports'], ['udp/5353'])
        self.assertEqual(answered['answers'], answers)
        self.assertEqual(parse(answered['catalog']).partial, '')
        self.assertFalse(GatewayProfile.objects.exists())

    def test_a_file(self):
        content = base64.b64encode(self.TABLE.encode('utf-16')).decode()
        self.assertEqual(self.convert(content=content)['decided'], 1)
        self.convert(expect=400, content='***')

    def test_what_cannot_be_converted(self):
        self.convert(expect=400, text='nothing')
        self.convert(expect=400)
        self.convert(expect=400, text=self.TABLE, content='eA==')
        self.convert(expect=400, text=self.TABLE, answers={'zones': {'*': 'moon'}})
        self.convert(expect=400, text=self.TABLE, answers={'nothing': 1})

    def test_it_needs_the_permission_to_import(self):
        self.allow(GatewayProfile, 'view', 'add')
        self.convert(expect=403, text=self.TABLE)
        self.allow(GatewayProfile, 'import')
        self.convert(text=self.TABLE)


class ImportViewTests(RQQueueTestMixin, TestCase):
    user_permissions = ('netbox_gwports.view_gatewayprofile', 'netbox_gwports.import_gatewayprofile')

    def setUp(self):
        super().setUp()
        self.url = reverse('plugins:netbox_gwports:gatewayprofile_load')

    def agreed(self, **data):
        """What the page of the plan would send."""
        page = self.client.post(self.url, data)
        self.assertHttpStatus(page, 200)
        return {**data, 'digest': page.context['plan'].digest, '_confirm': ''}

    def test_plan_then_profile(self):
        self.assertContains(self.client.get(self.url), 'Import Catalog')
        page = self.client.post(self.url, {'text': SMALL})
        self.assertContains(page, 'Resolve names')
        self.assertFalse(GatewayProfile.objects.exists())
        data = {'text': SMALL.replace('\n', '\r\n'), 'digest': page.context['plan'].digest, '_confirm': ''}
        self.assertRedirects(self.client.post(self.url, data), GatewayProfile.objects.get().get_absolute_url())

    def test_an_upload_and_a_bundled_one(self):
        file = SimpleUploadedFile('mail.yaml', SMALL.encode())
        self.assertContains(self.client.post(self.url, {'upload': file}), 'Resolve names')
        page = self.client.post(self.url, {'bundled': 'clearswift-seg-6.3'})
        self.assertContains(page, 'Secure Email Gateway')
        self.assertContains(self.client.post(self.url, {}), 'Paste a catalog')
        both = {'text': SMALL, 'bundled': 'clearswift-seg-6.3'}
        self.assertContains(self.client.post(self.url, both), 'Specify only one of')
        file = SimpleUploadedFile('mail.bin', b'\xff\xfe')
        self.assertContains(self.client.post(self.url, {'upload': file}), 'not UTF-8')

    def test_errors_are_listed_above_the_form(self):
        page = self.client.post(self.url, {'text': BROKEN})
        self.assertContains(page, 'services[0]')
        self.assertContains(page, 'udp/70000')
        self.assertContains(page, '2 errors found')

    def test_another_text_than_was_shown_is_shown_first(self):
        data = self.agreed(text=SMALL)
        page = self.client.post(self.url, {**data, 'text': MORE})
        self.assertContains(page, 'Look senders up')
        self.assertFalse(GatewayProfile.objects.exists())

    def test_gateways_are_listed_and_follow_when_ticked(self):
        gateway = factories.gateway(loaded())
        self.add_permissions(
            'netbox_gwports.view_gateway', 'netbox_gwports.reconcile_gateway', 'netbox_gwports.view_flowtemplate'
        )
        self.assertContains(self.client.post(self.url, {'text': MORE}), str(gateway))
        data = self.agreed(text=MORE)
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(self.url, {**data, 'update_gateways': 'on'})
        self.run_rq_jobs()
        self.assertEqual(gateway.flows.count(), 2)

    def test_without_the_permission(self):
        self.remove_permissions('netbox_gwports.import_gatewayprofile')
        for url in (self.url, reverse('plugins:netbox_gwports:gatewayprofile_convert')):
            self.assertHttpStatus(self.client.get(url), 403)
            self.assertHttpStatus(self.client.post(url, {'text': SMALL, '_confirm': ''}), 403)
        self.assertFalse(GatewayProfile.objects.exists())

    HEAD = {'manufacturer': 'Example', 'name': 'Mail Gateway', 'release': '3.0'}
    TABLE = (
        'Port,Protocol,Direction,Purpose\n53,UDP,Out,Resolve names\n443,TCP,Out,Updates from a.example.net\n'
        'see manual,TCP,Out,Talk to b.example.net\n'
    )

    def convert(self, **data):
        url = reverse('plugins:netbox_gwports:gatewayprofile_convert')
        return self.client.post(url, {**self.HEAD, 'text': self.TABLE, **data})

    def test_a_table_is_shown_beside_what_was_understood(self):
        url = reverse('plugins:netbox_gwports:gatewayprofile_convert')
        self.assertContains(self.client.get(url), 'Convert')
        page = self.convert()
        draft = page.context['draft']
        self.assertContains(page, '2 rows decided')
        self.assertContains(page, '1 undecided')
        for row in draft.table:
            for _heading, text in row.printed:
                self.assertContains(page, escape(text))
            for doubt in row.doubts if row.state == 'written' else ():
                self.assertContains(page, escape(doubt.check))
            for why in row.why:
                self.assertContains(page, escape(why))
        for choice, count in page.context['weights']:
            self.assertEqual(count, sum(doubt.weight == choice.value for doubt in draft.doubts))
        self.assertEqual({choice.value for choice, _count in page.context['weights']}, set(WEIGHTS))
        self.assertContains(self.convert(text='nothing'), 'Convert')

    def test_from_paste_to_apply_without_yaml(self):
        shown = self.convert()
        # As a browser sends the page: every cell as shown, but for one
        data = {f'r-{row.number}-{name}': '' for row in shown.context['draft'].table for name in ('ports', 'remote')}
        for form in shown.context['forms'].rows:
            data |= {f'{form.prefix}-{name}': value for name, value in form.initial.items() if value}
        page = self.convert(**data, _update='')
        self.assertEqual(page.context['draft'].answers.data(), {})
        page = self.convert(**data | {'r-3-ports': 'tcp/8443', 'r-1-purpose-0': 'Ask for names'}, _update='')
        draft = page.context['draft']
        self.assertEqual([row.state for row in draft.table], ['written'] * 3)
        self.assertEqual(draft.table[2].ports, ('tcp/8443',))
        decided = {'rows': {'1': {'purposes': ['Ask for names']}, '3': {'ports': 'tcp/8443'}}}
        self.assertEqual(draft.answers.data(), decided)
        page = self.convert(answers=json.dumps(decided), _preview='')
        self.assertEqual(page.context['plan'].catalog.partial, '')
        self.assertFalse(GatewayProfile.objects.exists())
        confirm = {'text': page.context['text'], 'digest': page.context['plan'].digest, '_confirm': ''}
        self.client.post(self.url, confirm)
        profile = GatewayProfile.objects.get()
        purposes = {t.purpose for t in FlowTemplate.objects.filter(service__profile=profile)}
        self.assertIn('Ask for names', purposes)

    def test_an_incomplete_draft_is_imported_as_partial(self):
        page = self.convert(_preview='')
        self.assertContains(page, '1 of 3 rows undecided: 3')
        self.assertEqual(page.context['plan'].catalog.partial, '1 of 3 rows undecided: 3')

    def test_a_question_is_answered_on_the_page(self):
        table = 'Source,Destination,Port,Protocol\nScanner,DNS servers,53,UDP\n'
        page = self.convert(text=table)
        self.assertContains(page, 'What does the table call the product?')
        page = self.convert(text=table, _update='', **{'q-itself-0': ['Scanner']})
        self.assertEqual(page.context['draft'].table[0].directions, ('outbound',))

    def test_a_workbook_is_kept_from_page_to_page(self):
        book = openpyxl.Workbook()
        for line in self.TABLE.splitlines():
            book.active.append(line.split(','))
        file = io.BytesIO()
        book.save(file)
        page = self.convert(text='', upload=SimpleUploadedFile('table.xlsx', file.getvalue()))
        self.assertEqual(page.context['draft'].rows, 2)
        again = self.convert(text='', content=page.context['given']['content'], _update='')
        self.assertEqual(again.context['draft'].rows, 2)

    def test_answers_that_the_page_does_not_write_are_refused(self):
        for answers in ('{', '[]', '{"unknown": 1}', '{"rows": {"1": {"ports": 5}}}'):
            self.assertIn('form', self.convert(answers=answers).context)

    def test_the_export_button_gives_the_file(self):
        profile = loaded()
        self.add_permissions(
            *(
                f'netbox_gwports.view_{model}'
                for model in ('flowtemplate', 'gatewayservice', 'profilefeature', 'remoterole')
            )
        )
        url = reverse('plugins:netbox_gwports:gatewayprofile_export', args=[profile.pk])
        self.assertContains(self.client.get(profile.get_absolute_url()), url)
        self.assertEqual(self.client.get(url).content.decode(), catalog_text(profile))


class DataFileTests(TestCase):
    user_permissions = ('netbox_gwports.view_gatewayprofile', 'netbox_gwports.import_gatewayprofile')

    @classmethod
    def setUpTestData(cls):
        source = DataSource.objects.create(name='Catalogs', type='local', source_url='/nowhere/')
        cls.file = DataFile(source=source, path='mail.yaml', last_updated=timezone.now())
        cls.write(SMALL)

    @classmethod
    def write(cls, text):
        data = text.encode()
        cls.file.data, cls.file.size, cls.file.hash = data, len(data), '0' * 64
        cls.file.last_updated = timezone.now()
        cls.file.save()

    def bind(self):
        self.add_permissions('core.view_datasource', 'core.view_datafile')
        url = reverse('plugins:netbox_gwports:gatewayprofile_load')
        data = {'data_file': self.file.pk, 'auto_sync_enabled': 'on'}
        page = self.client.post(url, data)
        self.assertContains(page, 'kept in sync with mail.yaml')
        self.client.post(url, {**data, 'digest': page.context['plan'].digest, '_confirm': ''})
        return GatewayProfile.objects.get()

    def sync(self):
        from core.signals import post_sync

        post_sync.send(sender=DataSource, instance=self.file.source)

    def test_a_profile_is_kept_current_and_its_gateways_are_shown_as_behind(self):
        profile = self.bind()
        self.assertEqual((profile.data_file, profile.data_path), (self.file, 'mail.yaml'))
        self.assertTrue(profile.auto_sync_enabled)
        gateway = factories.gateway(profile)
        self.write(MORE.replace('slug: example-2-1', 'slug: example-2-1\ndescription: Kept current'))
        self.sync()
        profile.refresh_from_db()
        self.assertEqual(profile.description, 'Kept current')
        self.assertEqual(FlowTemplate.objects.count(), 2)
        self.assertEqual(gateway.flows.count(), 1)
        self.add_permissions('netbox_gwports.view_gateway', 'netbox_gwports.view_flowtemplate')
        page = self.client.get(reverse('plugins:netbox_gwports:gateway_reconcile', args=[gateway.pk]))
        self.assertContains(page, 'Look senders up')

    def test_a_file_that_is_refused_changes_nothing(self):
        profile = self.bind()
        for text, told in (
            (BROKEN, 'udp/70000'),
            (SMALL.replace("'2.1'", "'2.2'"), 'not of this release'),
            ('', 'empty'),
        ):
            self.write(text)
            with self.subTest(told), self.assertRaisesMessage(Exception, told):
                self.sync()
            self.assertEqual(GatewayService.objects.get().ports, ['udp/53'])
        # The button says what is wrong
        self.write(BROKEN)
        self.add_permissions('netbox_gwports.sync_gatewayprofile')
        page = self.client.post(reverse('plugins:netbox_gwports:gatewayprofile_sync', args=[profile.pk]), follow=True)
        self.assertContains(page, 'udp/70000')
        self.write(MORE)
        self.client.post(reverse('plugins:netbox_gwports:gatewayprofile_sync', args=[profile.pk]))
        self.assertEqual(FlowTemplate.objects.count(), 2)

    def test_no_other_way_changes_a_bound_profile(self):
        self.bind()
        page = self.client.post(reverse('plugins:netbox_gwports:gatewayprofile_load'), {'text': MORE})
        self.assertContains(page, 'synchronized from the data file mail.yaml')
        self.assertEqual(FlowTemplate.objects.count(), 1)

    def test_choosing_a_file_needs_the_permission_to_import(self):
        profile = loaded()
        self.remove_permissions('netbox_gwports.import_gatewayprofile')
        self.add_permissions(
            'netbox_gwports.change_gatewayprofile',
            'core.view_datasource',
            'core.view_datafile',
            'dcim.view_manufacturer',
        )
        self.write(MORE)
        data = {
            'manufacturer': profile.manufacturer_id,
            'name': profile.name,
            'version': profile.version,
            'slug': profile.slug,
            'data_file': self.file.pk,
        }
        url = reverse('plugins:netbox_gwports:gatewayprofile_edit', args=[profile.pk])
        self.assertContains(self.client.post(url, data), 'You need the permission to import')
        self.assertEqual(FlowTemplate.objects.count(), 1)
        # Of other releases only
        factories.allow(self.user, GatewayProfile, 'import', constraints={'slug': 'another'})
        self.assertHttpStatus(self.client.post(url, data), 200)
        token = Token.objects.create(user=self.user, version=2)
        header = {'HTTP_AUTHORIZATION': f'Bearer nbt_{token.key}.{token.token}'}
        path = f'/api/plugins/gwports/gateway-profiles/{profile.pk}/'
        sent = json.dumps({'data_file': self.file.pk})
        response = self.client.patch(path, sent, content_type='application/json', **header)
        self.assertHttpStatus(response, 403)
        self.assertEqual(FlowTemplate.objects.count(), 1)
        factories.allow(self.user, GatewayProfile, 'import', constraints={'slug': profile.slug})
        self.assertHttpStatus(self.client.post(url, data), 302)
        self.assertEqual(FlowTemplate.objects.count(), 2)
        response = self.client.patch(path, json.dumps({'data_file': None}), content_type='application/json', **header)
        self.assertHttpStatus(response, 200)
