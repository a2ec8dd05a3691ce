"""The samples in the documentation are what the plugin writes for the demo's first gateway."""

import json
import os
import re
from pathlib import Path

from django.test import TestCase
from users.models import User

from demo import data
from netbox_gwports.export_formats import formats, render
from netbox_gwports.exports import Options
from netbox_gwports.models import Gateway
from netbox_gwports.requirements.material import material
from netbox_gwports.rules.addresses import parse

KEYS = re.compile(
    r'"?(id|gateway|gateway_id|keys?|covered_by)"?: ?("?[0-9a-f]{16}"?|\d+|\[[^]]*\])|'
    # What depends on a key: names of lists and numbers of policies
    r'"flows": \[[\d, ]*\]|^ *- \d+$|\b[0-9a-f]{16}\b|-[0-9A-F]{8}\b|\b[23]\d{9}\b|^ *- ["\']?[0-9a-f]{16}["\']?$',
    re.MULTILINE,
)
SAMPLES = Path(__file__).parents[2] / 'docs' / 'samples'
NETWORKS = {
    'internal': ('10.1.0.0/16', '2001:db8:1::/48'),
    'dmz': ('192.0.2.0/24', '10.20.0.0/24', '2001:db8:d::/64'),
    'management': ('10.99.0.0/16',),
}


class SampleTests(TestCase):
    """UPDATE_SAMPLES=1 writes them again: then they have to be read again."""

    @classmethod
    def setUpTestData(cls):
        data.load(User.objects.create_superuser('root'))
        cls.networks = {zone: tuple(map(parse, networks)) for zone, networks in NETWORKS.items()}

    def test_openings_become_few_lines(self):
        """The figures of docs/exports.md, for the three gateways with every feature."""
        gateways = Gateway.objects.filter(group__slug='seg').order_by('pk')
        for gateway in gateways:
            gateway.features.set(gateway.profile.features.all())
        gathered = material(gateways)
        rules = sum(len(resolution.effective_rules) for resolution in gathered.resolutions)
        lines = json.loads(render('json', gathered).content)['lines']
        lines = sum(not line['covered_by'] and not line['same_segment'] for line in lines)
        self.assertEqual((rules, lines), (88, 15))

    def test_samples(self):
        gathered = material([Gateway.objects.get(device__name='seg01')])
        options = Options(
            directions=('inbound',),
            networks=self.networks,
            gateway_zone='dmz',
            prefix='gwp-seg01',
            zone_names={'internet': 'untrust', 'internal': 'trust', 'management': 'mgmt'},
        )
        for name in formats():
            if name == 'xlsx':
                # No text to compare; tests/pure reads it back
                continue
            rendering = render(name, gathered, options, f'seg01-{name}')
            file = SAMPLES / rendering.filename
            if os.environ.get('UPDATE_SAMPLES'):
                SAMPLES.mkdir(exist_ok=True)
                file.write_text(rendering.content, encoding='utf-8', newline='')
            with self.subTest(name):
                with file.open(encoding='utf-8', newline='') as found:
                    self.assertEqual(plain(found.read()), plain(rendering.content))


def plain(text):
    """Without keys: they depend on the keys of the database, which differ from run to run."""
    return KEYS.sub('', text)
