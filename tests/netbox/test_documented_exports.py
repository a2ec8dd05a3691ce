"""The examples of docs/development/index.md and docs/ansible-and-nornir.md, run."""

import contextlib
import io
import os
import re
import sys
import types
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import yaml
from django.test import LiveServerTestCase, TestCase
from users.models import Token, User

from netbox_gwports import export_formats
from netbox_gwports.export_formats import formats, render
from netbox_gwports.models import EnforcementZone
from netbox_gwports.requirements.material import material

from . import factories

DOCS = Path(__file__).parents[2] / 'docs'


def blocks(page, language):
    text = (DOCS / page).read_text(encoding='utf-8')
    return re.findall(rf'^```{language}\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)


def site():
    gateway = factories.gateway()
    factories.address(gateway, '192.0.2.10/24')
    factories.endpoint(factories.role('dns-servers'), literals=['10.1.0.53'])
    point = factories.enforcement_point(factories.device('outer-fw'), format_name='nftables')
    point.gateways.add(gateway)
    EnforcementZone.objects.create(enforcement_point=point, zone='internal')
    return gateway


class OwnFormatTests(TestCase):
    def test_the_example_is_a_format(self):
        _setting, example = blocks('development/index.md', 'python')
        module = types.ModuleType('gwports_example')
        exec(compile(example, 'docs/development/index.md', 'exec'), module.__dict__)  # noqa: S102
        paths = ['gwports_example.HostsExporter']
        with (
            mock.patch.dict(sys.modules, {'gwports_example': module}),
            mock.patch.object(
                export_formats, 'get_plugin_config', lambda _plugin, name: {'exporters': paths}.get(name)
            ),
        ):
            self.assertEqual(list(formats())[-1], 'hosts')
            found = render('hosts', material([site()]))
        self.assertIn('10.1.0.53 internal\n', found.content)
        self.assertEqual(len(found.rendered), 3)


class PlainHttpTests(LiveServerTestCase):
    def test_the_script_writes_the_configuration_of_a_firewall(self):
        site()
        user = User.objects.create(username='robot', is_superuser=True)
        token = Token.objects.create(user=user, version=2)
        script = blocks('ansible-and-nornir.md', 'python')[0]
        environment = {'NETBOX': self.live_server_url, 'TOKEN': f'nbt_{token.key}.{token.token}'}
        with TemporaryDirectory() as folder, contextlib.chdir(folder), mock.patch.dict(os.environ, environment):
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(script, 'docs/ansible-and-nornir.md', 'exec'), {'__name__': '__main__'})  # noqa: S102
            text = Path('outer-fw.nft').read_text(encoding='utf-8')
        self.assertIn('ip daddr 10.1.0.53 udp dport 53 log prefix', text)
        self.assertEqual(out.getvalue(), '2 rules, 0 left out: the file says which\n')

    def test_the_playbook_asks_for_what_there_is(self):
        (play,) = yaml.safe_load(blocks('ansible-and-nornir.md', 'yaml')[0])
        urls = [task['ansible.builtin.uri']['url'] for task in play['tasks'] if 'ansible.builtin.uri' in task]
        site()
        user = User.objects.create(username='robot', is_superuser=True)
        self.client.force_login(user)
        for url in urls:
            path = url.replace('{{ gwports }}', '/api/plugins/gwports')
            path = path.replace('{{ inventory_hostname | urlencode }}', 'outer-fw')
            for found in re.findall(r'{{ found[^}]*}}', path):
                path = path.replace(found, str(self.first['id']))
            response = self.client.get(path)
            self.assertEqual(response.status_code, 200, path)
            if 'export' not in path:
                (self.first,) = response.json()['results']
        # As Ansible names the header
        self.assertIn('x_gwports_hidden', blocks('ansible-and-nornir.md', 'yaml')[0])
        self.assertEqual(response['X-Gwports-Hidden'], '0')
