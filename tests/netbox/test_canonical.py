"""Profiles written as catalogs: loaded again, they are the same."""

from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import TestCase
from users.models import User
from utilities.testing.mixins import RQQueueTestMixin

from netbox_gwports.catalog.canonical import canonical
from netbox_gwports.catalog.document import read
from netbox_gwports.catalog.errors import CatalogError
from netbox_gwports.catalog.files import bundled
from netbox_gwports.loading.export import catalog_text
from netbox_gwports.loading.loader import load, parse
from netbox_gwports.models import FlowTemplate, GatewayProfile

from . import factories


def loaded(text, name='catalog'):
    load(parse(text, name))
    return GatewayProfile.objects.get(slug=parse(text, name).slug)


class ProfileTests(TestCase):
    def test_every_bundled_catalog_comes_out_as_it_went_in(self):
        for name, path in bundled().items():
            with self.subTest(name):
                profile = loaded(path.read_text(encoding='utf-8'), name)
                text = catalog_text(profile)
                # Neither loading nor writing changes what the document states
                self.assertEqual(text, canonical(read(path.read_text(encoding='utf-8'))))
                # On the profile that it was written from there is nothing to do
                self.assertEqual([str(step) for step in load(parse(text, name)).changes], [])
                # And made from nothing it is the same
                profile.delete()
                self.assertEqual(catalog_text(loaded(text, name)), text)

    def test_a_profile_that_was_written_by_hand(self):
        text = catalog_text(factories.product())
        profile = GatewayProfile.objects.get()
        profile.delete()
        self.assertEqual(catalog_text(loaded(text)), text)

    def test_what_is_withdrawn_is_not_in_it(self):
        profile = factories.product()
        templates = FlowTemplate.objects.filter(service__profile=profile)
        templates.filter(service__name='DNS').update(withdrawn=True)
        templates.filter(feature__slug='mode').update(withdrawn=True)
        said = yaml.safe_load(catalog_text(profile))
        self.assertEqual([service['name'] for service in said['services']], ['HTTPS'])
        # Full mode stands and builds on it
        self.assertEqual([feature['slug'] for feature in said['features']], ['base', 'full-mode', 'mode'])
        self.assertNotIn('dns-servers', [role['slug'] for role in said['roles']])

    def test_items_that_stand_twice_are_counted_on(self):
        profile = factories.profile()
        for name in ('A', 'B'):
            factories.template(factories.service(profile, name), factories.role(), row=1, item=1)
        factories.template(factories.service(profile, 'C'), factories.role(), row=1)
        text = catalog_text(profile)
        load(parse(text))
        self.assertEqual(catalog_text(profile), text)
        self.assertEqual(list(FlowTemplate.objects.order_by('item').values_list('item', flat=True)), [1, 2, 3])

    def test_what_no_catalog_can_say_is_told(self):
        profile = factories.product()
        FlowTemplate.objects.filter(purpose='Names').update(purpose='Two\nlines')
        with self.assertRaises(CatalogError) as caught:
            catalog_text(profile)
        self.assertEqual([(p.file, p.field) for p in caught.exception.problems], [(profile.slug, 'purpose')])

    def test_a_reader_without_permission_for_all_parts_gets_nothing(self):
        profile = factories.product()
        user = User.objects.create_user('reader')
        with self.assertRaises(PermissionDenied):
            catalog_text(profile, user)
        self.assertEqual(catalog_text(profile, User.objects.create_superuser('root')), catalog_text(profile))


class CommandTests(RQQueueTestMixin, TestCase):
    def test_a_file_is_written_and_loaded_again(self):
        call_command('gwports_load_catalog', 'cloudflare-tunnel-10ead741', stdout=StringIO())
        profile = GatewayProfile.objects.get()
        with TemporaryDirectory() as folder:
            file = Path(folder) / 'out.yaml'
            call_command('gwports_export_catalog', profile.slug, output=file, stdout=StringIO())
            self.assertEqual(file.read_text(encoding='utf-8'), catalog_text(profile))
            self.assertRaises(CommandError, call_command, 'gwports_export_catalog', profile.slug, output=file)
            said = StringIO()
            call_command('gwports_load_catalog', str(file), dry_run=True, stdout=said)
            self.assertIn('nothing to do', said.getvalue())
        self.assertRaisesMessage(
            CommandError, profile.slug, call_command, 'gwports_export_catalog', 'nothing', stdout=StringIO()
        )

    def test_gateways_follow_when_asked(self):
        profile = loaded(catalog_text(factories.product()))
        gateway = factories.gateway(profile)
        text = catalog_text(profile).replace('Web interface', 'Pages and interface of the product')
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
