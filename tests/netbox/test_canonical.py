"""The canonical form of a catalog: written, loaded and written again it is the same, byte by byte."""

import json
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from django.core.management import CommandError, call_command
from django.test import TestCase
from users.models import User
from utilities.testing.mixins import RQQueueTestMixin

from netbox_gwports.catalog.canonical import canonical
from netbox_gwports.catalog.errors import CatalogError
from netbox_gwports.catalog.files import bundled
from netbox_gwports.loading.loader import load, parse
from netbox_gwports.models import FlowTemplate, GatewayProfile

from . import factories


def loaded(text, name='catalog'):
    load(parse(text, name))
    return GatewayProfile.objects.get(slug=parse(text, name).slug)


class CanonicalTests(TestCase):
    def test_every_bundled_catalog_comes_out_as_it_went_in(self):
        for name, path in bundled().items():
            with self.subTest(name):
                profile = loaded(path.read_text(encoding='utf-8'), name)
                text = canonical(profile)
                # On the profile that it was written from there is nothing to do
                self.assertEqual([str(step) for step in load(parse(text, name)).changes], [])
                # And made from nothing it is the same
                profile.delete()
                self.assertEqual(canonical(loaded(text, name)), text)

    def test_a_profile_that_was_written_by_hand(self):
        text = canonical(factories.product())
        profile = GatewayProfile.objects.get()
        profile.delete()
        self.assertEqual(canonical(loaded(text)), text)

    def test_text_that_yaml_might_take_for_something_else(self):
        words = ['no', '010', '1e3', '~', '- a', 'a: b', '# c', "it's", '"quoted"', '{x}', '2026-01-01', '=', '*', 'ü…']
        profile = factories.profile()
        service = factories.service(profile)
        for number, word in enumerate(words, 1):
            factories.template(service, factories.role(), word, row=number, item=1, notes=f'{word}\n\n  {word}')
        text = canonical(profile)
        self.assertEqual({row['items'][0]['purpose'] for row in yaml.safe_load(text)['rows']}, set(words))
        self.assertEqual([str(step) for step in load(parse(text)).changes], [])

    def test_what_is_withdrawn_is_not_in_it(self):
        profile = factories.product()
        templates = FlowTemplate.objects.filter(service__profile=profile)
        templates.filter(service__name='DNS').update(withdrawn=True)
        templates.filter(feature__slug='mode').update(withdrawn=True)
        said = yaml.safe_load(canonical(profile))
        self.assertEqual([service['name'] for service in said['services']], ['HTTPS'])
        # Full mode stands and builds on it
        self.assertEqual([feature['slug'] for feature in said['features']], ['base', 'full-mode', 'mode'])
        self.assertNotIn('dns-servers', [role['slug'] for role in said['roles']])

    def test_items_that_stand_twice_are_counted_on(self):
        profile = factories.profile()
        for name in ('A', 'B'):
            factories.template(factories.service(profile, name), factories.role(), row=1, item=1)
        factories.template(factories.service(profile, 'C'), factories.role(), row=1)
        text = canonical(profile)
        load(parse(text))
        self.assertEqual(canonical(profile), text)
        self.assertEqual(list(FlowTemplate.objects.order_by('item').values_list('item', flat=True)), [1, 2, 3])

    def test_what_no_catalog_can_say_is_told(self):
        profile = factories.product()
        FlowTemplate.objects.filter(purpose='Names').update(purpose='Two\nlines')
        with self.assertRaises(CatalogError) as caught:
            canonical(profile)
        self.assertEqual([(p.file, p.field) for p in caught.exception.problems], [(profile.slug, 'purpose')])

    def test_json_says_the_same(self):
        for name, path in bundled().items():
            text = path.read_text(encoding='utf-8')
            plain = yaml.safe_load(text)
            if published := plain.get('published'):
                plain['published'] = str(published)
            with self.subTest(name):
                self.assertEqual(parse(json.dumps(plain, indent='\t')), parse(text))


class CommandTests(RQQueueTestMixin, TestCase):
    def test_a_file_is_written_and_loaded_again(self):
        call_command('gwports_load_catalog', 'cloudflare-tunnel-10ead741', stdout=StringIO())
        profile = GatewayProfile.objects.get()
        with TemporaryDirectory() as folder:
            file = Path(folder) / 'out.yaml'
            call_command('gwports_export_catalog', profile.slug, output=file, stdout=StringIO())
            self.assertEqual(file.read_text(encoding='utf-8'), canonical(profile))
            self.assertRaises(CommandError, call_command, 'gwports_export_catalog', profile.slug, output=file)
            said = StringIO()
            call_command('gwports_load_catalog', str(file), dry_run=True, stdout=said)
            self.assertIn('nothing to do', said.getvalue())
        self.assertRaisesMessage(
            CommandError, profile.slug, call_command, 'gwports_export_catalog', 'nothing', stdout=StringIO()
        )

    def test_gateways_follow_when_asked(self):
        profile = loaded(canonical(factories.product()))
        gateway = factories.gateway(profile)
        text = canonical(profile).replace('Web interface', 'Pages and interface of the product')
        with TemporaryDirectory() as folder:
            file = Path(folder) / 'out.yaml'
            file.write_text(text, encoding='utf-8')
            options = {'update_gateways': True, 'stdout': StringIO()}
            self.assertRaises(CommandError, call_command, 'gwports_load_catalog', str(file), **options)
            User.objects.create_superuser('root')
            with self.captureOnCommitCallbacks(execute=True):
                call_command('gwports_load_catalog', str(file), **options)
        self.assertIn(f'gateway {gateway}: 1 to change', options['stdout'].getvalue())
        self.run_rq_jobs()
        self.assertTrue(gateway.flows.filter(purpose='Pages and interface of the product').exists())
