"""The documentation names buttons, tabs and packages that exist."""

import re
import tomllib
from pathlib import Path

from django.test import SimpleTestCase

from netbox_gwports.export_formats import formats
from netbox_gwports.plugin import GatewayPortsConfig

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / 'README.md', *sorted((ROOT / 'docs').rglob('*.md'))]
# "click **Load catalog**", "the tab **Compare**", "button **Sync data**", "**Upgrade** on the page of a gateway"
LABEL = re.compile(r'(?:[Cc]lick|[Tt]abs?|[Bb]utton|[Pp]age|[Cc]hoose)\s+\*\*([^*]+)\*\*|\*\*([^*]+)\*\* on the ')
# NetBox's own
NETBOX = {'Add', 'Changelog', 'Sync data'}
NAMES = {'seg01', 'seg02', 'seg03', 'outer-fw', 'inner-fw'}


class WordTests(SimpleTestCase):
    def test_labels_exist(self):
        source = '\n'.join(
            path.read_text(encoding='utf-8')
            for pattern in ('*.py', '*.html')
            for path in (ROOT / 'netbox_gwports').rglob(pattern)
        )
        found = set()
        for page in PAGES:
            for match in LABEL.finditer(page.read_text(encoding='utf-8')):
                label = ' '.join((match[1] or match[2]).split())
                found.add(label)
                with self.subTest(page=page.name, label=label):
                    # In any case: labels are title case on buttons, and lower case in sentences
                    self.assertTrue(
                        label in NETBOX | NAMES or re.search(rf"['\">]{re.escape(label)}['\"<]", source, re.IGNORECASE),
                        f'{page.name} names "{label}", which no page of the plugin shows',
                    )
        self.assertLessEqual({'Firewall Requirements', 'Import Catalog', 'Upgrade', 'Gateway Rules'}, found)

    def test_every_setting_and_check_is_described(self):
        page = (ROOT / 'docs' / 'configuration.md').read_text(encoding='utf-8')
        for name, default in GatewayPortsConfig.default_settings.items():
            self.assertIn(f'### `{name}`\n\nDefault: `{default!r}`\n', page)
        checks = (ROOT / 'netbox_gwports' / 'checks.py').read_text(encoding='utf-8')
        ids = set(re.findall(r"id='(netbox_gwports\.[EW]\d+)'", checks))
        self.assertEqual(set(re.findall(r'`(netbox_gwports\.[EW]\d+)`', page)), ids)

    def test_every_format_is_described(self):
        page = (ROOT / 'docs' / 'exports.md').read_text(encoding='utf-8')
        for name in formats():
            self.assertIn(f'`{name}`', page)

    def test_optional_packages_are_those_of_the_metadata(self):
        metadata = tomllib.loads((ROOT / 'pyproject.toml').read_text(encoding='utf-8'))['project']
        extras = metadata['optional-dependencies']
        command = (ROOT / 'docs' / 'gwports-catalog.md').read_text(encoding='utf-8')
        for spec in extras.pop('catalog'):
            self.assertIn(f'`{spec}`', command)
        optional = [spec for specs in extras.values() for spec in specs]
        asked = {exporter.requires[1] for exporter in formats().values() if exporter.requires}
        self.assertEqual(asked, set(optional))
        page = (ROOT / 'docs' / 'installation.md').read_text(encoding='utf-8')
        for spec in optional:
            self.assertIn(f'`{spec}`', page)

    def test_no_package_of_an_index_is_promised(self):
        for page in PAGES:
            self.assertNotRegex(page.read_text(encoding='utf-8'), r'pip install .?netbox-gwports')
