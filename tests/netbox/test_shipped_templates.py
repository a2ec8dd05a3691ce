"""The templates that an administrator adds as a data source, synced and rendered by NetBox itself."""

from pathlib import Path

import yaml
from core.models import DataFile, DataSource, ObjectType
from extras.models import ConfigTemplate, ExportTemplate

from netbox_gwports.models import EnforcementZone, Gateway, RequiredFlow

from ..standings import standings
from . import factories
from .rest import RestTests

FOLDER = Path(__file__).parents[2] / 'templates'


class TemplateTests(RestTests):
    @classmethod
    def setUpTestData(cls):
        cls.gateway = factories.gateway(host=factories.device('gw "1"'))
        factories.address(cls.gateway, '192.0.2.10/24')
        factories.endpoint(factories.role('dns-servers'), literals=['10.1.0.53'])
        factories.endpoint(factories.role('administrators'), literals=['10.9.0.0/24'])
        cls.point = factories.enforcement_point(gateway_zone='dmz')
        cls.point.gateways.add(cls.gateway)
        for zone in ('internal', 'internet'):
            EnforcementZone.objects.create(enforcement_point=cls.point, zone=zone, name=f'z-{zone}')
        source = DataSource.objects.create(name='Templates', type='local', source_url=str(FOLDER))
        source.sync()

    def file(self, path):
        return DataFile.objects.get(path=path)

    def config(self, path, host):
        """What NetBox's own "render config" gives."""
        template = ConfigTemplate(name=path, data_file=self.file(path))
        template.sync()
        template.full_clean()
        template.save()
        type(host).objects.filter(pk=host.pk).update(config_template=template)
        response = self.client.post(f'/api/dcim/devices/{host.pk}/render-config/', {}, format='json', **self.header)
        return response

    def exported(self, path):
        """What NetBox's own export gives for the list of gateways."""
        template = ExportTemplate(name=path, data_file=self.file(path))
        template.sync()
        template.full_clean()
        template.save()
        template.object_types.add(ObjectType.objects.get_for_model(Gateway))
        self.client.force_login(self.user)
        response = self.client.get('/plugins/gwports/gateways/', {'export': path})
        self.assertHttpStatus(response, 200)
        return response.content.decode()

    def test_every_file_is_there(self):
        self.assertEqual(
            sorted(DataFile.objects.values_list('path', flat=True)),
            sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob('*.j2')),
        )

    def test_a_firewall_gets_its_configuration(self):
        response = self.config('config/nftables.j2', self.point.device)
        self.assertHttpStatus(response, 200)
        content = response.json()['content']
        self.assertIn('ip daddr 10.1.0.53 udp dport 53', content)
        # Management is not behind this one
        self.assertNotIn('10.9.0.0/24', content)
        self.assertIn('*.updates.example.net', content)
        response = self.config('config/juniper_srx.j2', self.point.device)
        self.assertIn('from-zone dmz to-zone z-internal', response.json()['content'])

    def test_a_host_that_is_neither(self):
        response = self.config('config/nftables.j2', factories.device())
        self.assertIn('neither a gateway nor an enforcement point', response.content.decode())
        self.assertGreaterEqual(response.status_code, 400)

    def test_what_is_hidden_is_an_error(self):
        self.allow(type(self.point.device), 'view', 'render_config')
        self.allow(type(self.point), 'view')
        self.allow(EnforcementZone, 'view')
        self.allow(Gateway, 'view')
        response = self.config('config/nftables.j2', self.point.device)
        self.assertGreaterEqual(response.status_code, 400)
        self.assertIn('not visible', response.content.decode())

    def test_ansible_variables(self):
        said = yaml.safe_load(self.exported('export/ansible_vars.yaml.j2'))
        (found,) = said['gateway_ports']
        self.assertEqual((found['gateway'], found['unresolved']), ('gw "1"', 0))
        rules = {(r['direction'], r['zone']): r for r in found['rules']}
        self.assertEqual(
            rules['outbound', 'internal'],
            {
                'direction': 'outbound',
                'zone': 'internal',
                'source': ['192.0.2.10'],
                'destination': ['10.1.0.53'],
                'services': ['tcp/53', 'udp/53'],
                'standing': 'not_requested',
                'why': ['DNS: Names'],
            },
        )
        self.assertEqual(rules['outbound', 'internet']['destination'], ['*.updates.example.net'])

    def test_rules_that_are_not_in_place(self):
        RequiredFlow.objects.filter(purpose='Web interface').update(purpose='A | B\n<b>')
        with standings(DNS='in_place'):
            text = self.exported('export/not_in_place.md.j2')
        self.assertNotIn('10.1.0.53', text)
        (row,) = [line for line in text.splitlines() if '10.9.0.0/24' in line]
        self.assertEqual(row, '| inbound | 10.9.0.0/24 | 192.0.2.10 | tcp/443 | A \\| B &lt;b> | not requested |')
