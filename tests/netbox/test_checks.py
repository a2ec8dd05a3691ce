"""Settings that are wrong are reported with an id and what to do, those that are right are not."""

import sys
import types
from copy import deepcopy
from unittest import mock

from django.conf import settings
from django.core import checks as django_checks
from django.test import SimpleTestCase, override_settings
from utilities.choices import ChoiceSet

from netbox_gwports import checks, choices
from netbox_gwports.exports import Exporter, Written
from netbox_gwports.plugin import GatewayPortsConfig


class Names(Exporter):
    name, label = 'names', 'Names'

    def write(self, work):
        return Written('', work.keys)


class Csv(Names):
    name = 'csv'


class Unnamed(Names):
    name = ''


def plugin_settings(**values):
    return override_settings(PLUGINS_CONFIG=deepcopy(settings.PLUGINS_CONFIG) | {'netbox_gwports': values})


def ids(found):
    return [message.id.removeprefix('netbox_gwports.') for message in found]


class SettingsCheckTests(SimpleTestCase):
    def test_django_runs_them_and_finds_nothing_here(self):
        registered = django_checks.registry.registry.get_checks()
        for check in (checks.check_settings, checks.check_exporters, checks.check_field_choices):
            self.assertIn(check, registered)
            self.assertEqual(check(), [])

    def test_the_defaults_are_right(self):
        with plugin_settings(**GatewayPortsConfig.default_settings):
            self.assertEqual(checks.check_settings() + checks.check_exporters(), [])

    def test_an_unknown_setting_names_the_nearest(self):
        with plugin_settings(require_aproval=True, Exporters=[], xyz=1):
            found = checks.check_settings()
        self.assertEqual(ids(found), ['E001', 'E001', 'E001'])
        self.assertEqual(found[0].hint, 'Did you mean "require_approval"?')
        self.assertEqual(found[1].hint, 'Did you mean "exporters"?')
        self.assertIn('require_approval', found[2].hint)

    def test_every_setting_has_a_type(self):
        """Generated over the defaults: a value of another type is refused for each of them."""
        for name, default in GatewayPortsConfig.default_settings.items():
            wrong = ['yes', None, 1.5, [1], {'a': 1}, True]
            for value in wrong:
                if type(value) is type(default) and value != [1]:
                    continue
                with self.subTest(setting=name, value=value), plugin_settings(**{name: value}):
                    found = checks.check_settings()
                    self.assertEqual(ids(found), ['E002'])
                    self.assertIn(repr(default), found[0].hint)

    def test_a_number_of_days_is_not_negative(self):
        for value, expected in ((-1, ['E002']), (0, []), (365, []), (True, ['E002']), (180.0, ['E002'])):
            with self.subTest(value), plugin_settings(review_interval=value):
                self.assertEqual(ids(checks.check_settings()), expected)

    def test_exporters(self):
        module = types.ModuleType('gwports_exporters')
        module.Names, module.Csv, module.Unnamed, module.number = Names, Csv, Unnamed, 3
        cases = {
            'gwports_exporters.Names': [],
            'gwports_exporters.Missing': ['E003'],
            'no_such_module.Names': ['E003'],
            'nodots': ['E003'],
            'gwports_exporters.number': ['E004'],
            'gwports_exporters.Unnamed': ['E004'],
            'netbox_gwports.exports.Exporter': ['E004'],
            'django.db.models.Model': ['E004'],
            'gwports_exporters.Csv': ['E005'],
        }
        with mock.patch.dict(sys.modules, {'gwports_exporters': module}):
            for path, expected in cases.items():
                with self.subTest(path), plugin_settings(exporters=[path]):
                    found = checks.check_exporters()
                    self.assertEqual(ids(found), expected)
                    self.assertTrue(all(message.hint and path in message.msg for message in found))
            with plugin_settings(exporters=['gwports_exporters.Names'] * 2):
                self.assertEqual(ids(checks.check_exporters()), ['E005'])
        with plugin_settings(exporters='gwports_exporters.Names'):
            self.assertEqual(ids(checks.check_settings() + checks.check_exporters()), ['E002'])


class FieldChoicesCheckTests(SimpleTestCase):
    """Choices are read when the class is made, so each case makes the class again."""

    def found(self, **field_choices):
        field_choices = {f'netbox_gwports.{key}': value for key, value in field_choices.items()}
        with override_settings(FIELD_CHOICES=field_choices):
            made = {
                name: type(ChoiceSet)(
                    name,
                    (ChoiceSet,),
                    {key: value for key, value in vars(original).items() if key not in ('_choices', 'colors')}
                    | {'CHOICES': list(original.CHOICES)},
                )
                for name, original in (
                    ('ZoneChoices', choices.ZoneChoices),
                    ('GatewayStatusChoices', choices.GatewayStatusChoices),
                )
            }
            sets = {f'netbox_gwports.{each.key}': each for each in made.values()}
            with mock.patch.multiple(choices, **made), mock.patch.object(checks, 'CHOICE_SETS', sets):
                return checks.check_field_choices()

    def test_zones_of_the_site(self):
        self.assertEqual(self.found(**{'RemoteRole.zone+': [('partner-1', 'Partner', 'yellow')]}), [])
        for slug in ('partner net', 'partner:net', 'Büro', '', 'x' * 51, 'a/b'):
            with self.subTest(slug):
                found = self.found(**{'RemoteRole.zone+': [(slug, 'Partner', 'yellow')]})
                self.assertEqual(ids(found), ['E006'])

    def test_built_in_choices_stay(self):
        found = self.found(**{'RemoteRole.zone': [('internet', 'Internet'), ('partner', 'Partner')]})
        self.assertEqual(ids(found), ['E007'])
        self.assertIn('dmz, internal, management', found[0].msg)
        found = self.found(**{'Gateway.status': [('active', 'Active')]})
        self.assertEqual(ids(found), ['E007'])
        self.assertIn('"netbox_gwports.Gateway.status+"', found[0].hint)

    def test_a_key_without_a_field(self):
        (found,) = self.found(**{'RemoteRole.zones+': []})
        self.assertEqual(found.id, 'netbox_gwports.W001')
        self.assertEqual(found.hint, 'Did you mean "netbox_gwports.RemoteRole.zone+"?')
        # NetBox itself reads keys in any case
        self.assertEqual(self.found(**{'remoterole.ZONE+': []}), [])
