"""The pure packages are imported and used where there is neither Django nor NetBox."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Everything of NetBox and of Django, installed or not; and what only the parts above the pure packages may import
BLOCKED = (
    'account circuits core dcim django django_filters django_tables2 extras ipam netbox rest_framework strawberry '
    'strawberry_django tenancy users utilities virtualization vpn wireless '
    'netbox_gwports.choices netbox_gwports.export_formats netbox_gwports.models netbox_gwports.plugin '
    'netbox_gwports.validators'
)
BLOCK = f"""
import importlib, pkgutil, sys

class Blocked:
    names = frozenset({BLOCKED.split()!r})

    def find_spec(self, name, path=None, target=None):
        if name in self.names or name.partition('.')[0] in self.names:
            raise ImportError(f'blocked: {{name}}')

sys.meta_path.insert(0, Blocked())
"""
IMPORT_ALL = """
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):
    importlib.import_module(module.name)
"""
# What is imported only when it is used: templates, spreadsheets
WRITE_ALL = """
from netbox_gwports.exports import Material, Options, collect, render
from netbox_gwports.rules.addresses import Ref, parse
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.needs import Endpoint, Flow, GatewayNeeds, LocalAddress, Member
from netbox_gwports.rules.ports import parse as parse_port

role, remote = Ref('netbox_gwports.remoterole', 1, 'DNS'), Ref('netbox_gwports.remoteendpoint', 1, 'DNS')
flow = Flow(1, 'DNS', 'Resolve names', 'outbound', role, 'dns', 'named', 'internal', (parse_port('udp/53'),))
members = tuple(Member(text, (parse(text),)) for text in ('10.1.0.53', '2001:db8::53'))
resolution = resolve(GatewayNeeds(
    Ref('netbox_gwports.gateway', 1, 'gw'), (flow,),
    (LocalAddress(parse('192.0.2.1')), LocalAddress(parse('2001:db8::1'))),
    endpoints=(Endpoint(remote, 'dns', 'internal', members),),
))
for name, exporter in collect().items():
    rendering = render(exporter, Material((resolution,)), Options())
    assert rendering.content and rendering.rendered, name
    print(name)
"""


def run(code, *arguments):
    command = [sys.executable, '-c', BLOCK + code, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize('package', ['netbox_gwports.rules', 'netbox_gwports.exports'])
def test_every_module_of_a_pure_package_is_imported_without_django(package):
    run(IMPORT_ALL, package)


def test_every_format_is_written_without_django():
    assert {'html', 'xlsx', 'json', 'nftables', 'paloalto_panos'} <= {*run(WRITE_ALL).split()}


def test_the_block_would_notice():
    with pytest.raises(AssertionError, match='blocked: django'):
        run('import django.conf')
    with pytest.raises(AssertionError, match='blocked: netbox_gwports.choices'):
        run('import netbox_gwports.choices')
