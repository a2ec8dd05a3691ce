"""Exports as NetBox is configured: formats of the settings, zones of the choices, approved rules only."""

from dataclasses import replace
from unittest import mock

from django.core.exceptions import ImproperlyConfigured
from django.test import SimpleTestCase

from netbox_gwports import export_formats
from netbox_gwports.choices import DirectionChoices, RemoteRoleKindChoices, StandingChoices, ZoneChoices
from netbox_gwports.exports import Exporter, ExportError, Material, OptionError, Options, Site, Written, site
from netbox_gwports.exports.text import standing_text
from netbox_gwports.rules import constants
from netbox_gwports.rules.addresses import Ref, parse
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.constants import STANDINGS
from netbox_gwports.rules.needs import Endpoint, Flow, GatewayNeeds, LocalAddress, Member
from netbox_gwports.rules.ports import parse as parse_port


class Mine(Exporter):
    name, label = 'mine', 'Mine'

    def write(self, work):
        return Written('\n'.join(work.header), work.keys)


class Again(Mine):
    name = 'csv'


class Unnamed(Exporter):
    pass


def configured(**values):
    settings = {'exporters': [], 'require_approval': False, **values}
    return mock.patch.object(export_formats, 'get_plugin_config', lambda _plugin, name: settings[name])


def material(zone='internal', *standings):
    """A flow for each standing."""
    standings = standings or ('not_requested',)
    role, remote = Ref('netbox_gwports.remoterole', 1, 'DNS'), Ref('netbox_gwports.remoteendpoint', 1, 'DNS')
    flows = tuple(
        Flow(n, 'DNS', 'Names', 'outbound', role, 'dns', 'named', zone, (parse_port(f'tcp/{n}'),))
        for n in range(1, len(standings) + 1)
    )
    endpoint = Endpoint(remote, 'dns', zone, (Member('10.1.0.53', (parse('10.1.0.53'),)),))
    gateway = Ref('netbox_gwports.gateway', 1, 'gw')
    needs = GatewayNeeds(gateway, flows, (LocalAddress(parse('192.0.2.1')),), endpoints=(endpoint,))
    resolution = resolve(needs)
    rules = (replace(rule, standing=standings[rule.ports[0].first - 1]) for rule in resolution.rules)
    return Material((replace(resolution, rules=tuple(rules)),))


class SettingsTests(SimpleTestCase):
    def test_formats_of_the_settings_join_those_of_the_plugin(self):
        with configured(exporters=[f'{__name__}.Mine']):
            self.assertEqual(list(export_formats.formats())[-1], 'mine')
            # Made once
            self.assertIs(export_formats.get('mine'), export_formats.get('mine'))
            self.assertEqual(export_formats.render('mine', material(), title='t').filename, 't.txt')
        with configured(), self.assertRaisesMessage(ExportError, 'There is no format "mine".'):
            export_formats.render('mine', material())

    def test_a_wrong_exporter_is_reported_as_a_mistake_of_the_settings(self):
        wrong = ('no.such.module', 'nodots', *(f'{__name__}.{name}' for name in ('Missing', 'Again', 'Unnamed', 'Ref')))
        for path in wrong:
            with self.subTest(path), configured(exporters=[path]):
                with self.assertRaisesMessage(ImproperlyConfigured, 'netbox_gwports: '):
                    export_formats.formats()

    def test_only_approved_rules_whatever_the_options_were_made_for(self):
        found = material('internal', *STANDINGS)
        options = Options(site=Site(require_approval=False))
        for required, name, count in ((True, 'nftables', 2), (False, 'nftables', 6), (True, 'json', 6)):
            with self.subTest(name, required=required), configured(require_approval=required):
                self.assertEqual(len(export_formats.render(name, found, options).rendered), count)

    def test_a_zone_of_the_site_is_known_everywhere(self):
        # Choices may be in groups
        labels = [*ZoneChoices._choices, ('Ours', [('lab', 'The lab')])]
        with mock.patch.object(ZoneChoices, '_choices', labels):
            self.assertEqual(list(export_formats.site().zones), [*constants.ZONES, 'lab'])
            self.assertEqual(export_formats.read_options({'zone': ['lab']}).zones, ('lab',))
            self.assertIn('The lab', export_formats.render('csv', material('lab')).content)
            # Its networks have to be known, too
            anyone = material('internet')
            (rule,) = anyone.rules
            rule = replace(rule, remote=replace(rule.remote, any=True, addresses=()))
            anyone = Material((replace(anyone.resolutions[0], rules=(rule,)),))
            options = Options(networks={'internal': (), 'dmz': (), 'management': ()}, allow_empty=True)
            (skipped,) = export_formats.render('nftables', anyone, options).skipped
            self.assertIn('the networks of lab are not known', skipped.detail)
        with self.assertRaises(OptionError):
            export_formats.read_options({'zone': ['lab']})


class ConstantsTests(SimpleTestCase):
    """Pure code and choices name the same values."""

    def test_choices_are_the_constants(self):
        for choices, values in (
            (DirectionChoices, constants.DIRECTIONS),
            (RemoteRoleKindChoices, constants.REMOTE_KINDS),
            (ZoneChoices, constants.ZONES),
        ):
            self.assertEqual(tuple(choices.values()), values)
        self.assertEqual(tuple(StandingChoices.values()), (*STANDINGS, constants.TO_CLOSE))

    def test_labels_of_files_are_those_of_pages(self):
        self.assertEqual(site.LABELS, {value: str(label) for value, label in ZoneChoices})
        for value, label in DirectionChoices:
            self.assertEqual(str(label), value.capitalize())
        for value, label in StandingChoices:
            self.assertEqual(str(label), standing_text(value).capitalize())
