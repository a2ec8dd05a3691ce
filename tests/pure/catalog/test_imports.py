"""Catalogs are read, written and converted where there is neither Django nor NetBox."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
BLOCKER = """
import importlib, pkgutil, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in {BLOCKED}:
            raise ImportError(f'{name} is blocked', name=name)

sys.meta_path.insert(0, Blocked())
"""
SCRIPT = """
import netbox_gwports.catalog as package
for module in pkgutil.walk_packages(package.__path__, 'netbox_gwports.catalog.'):
    importlib.import_module(module.name)

from netbox_gwports.catalog.canonical import canonical
from netbox_gwports.catalog.document import read
from netbox_gwports.catalog.files import bundled
for name, path in bundled().items():
    print(name, len(canonical(read(path.read_text(encoding='utf-8'), name))))
"""
BLOCKED = {
    'account', 'circuits', 'core', 'dcim', 'django', 'django_filters', 'django_tables2', 'extras', 'ipam', 'netbox',
    'rest_framework', 'strawberry', 'strawberry_django', 'tenancy', 'users', 'utilities', 'virtualization', 'vpn',
    'wireless',
}  # fmt: skip


def test_catalogs_need_neither_django_nor_netbox():
    script = (BLOCKER + SCRIPT).replace('{BLOCKED}', repr(BLOCKED))
    result = subprocess.run(
        [sys.executable, '-c', script], capture_output=True, text=True, cwd=ROOT, check=False, env={'PYTHONPATH': '.'}
    )
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) == 6
