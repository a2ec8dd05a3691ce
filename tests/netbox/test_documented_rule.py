"""What docs/how-a-rule-is-computed.md and docs/table-row-by-row.md say of the demo is what the demo gives."""

import json
import re
from pathlib import Path

import yaml
from django.test import TestCase
from users.models import User

from demo import data
from netbox_gwports.catalog.files import bundled

DOCS = Path(__file__).parents[2] / 'docs'
PAGE = (DOCS / 'how-a-rule-is-computed.md').read_text(encoding='utf-8')


def block(language):
    (found,) = re.findall(rf'^```{language}\n(.*?)^```$', PAGE, re.MULTILINE | re.DOTALL)
    return found


def within(small, large):
    """Whether ``small`` is ``large`` with keys left out."""
    if isinstance(small, dict):
        return isinstance(large, dict) and all(key in large and within(small[key], large[key]) for key in small)
    if isinstance(small, list):
        return len(small) == len(large) and all(map(within, small, large))
    return small == large


class RulePageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        data.load(None)
        cls.user = User.objects.create(username='root', is_superuser=True)

    def setUp(self):
        self.client.force_login(self.user)
        (self.result,) = self.client.get('/api/plugins/gwports/requirements/?device=seg02').json()['results']

    def test_the_row_is_that_of_the_catalog(self):
        catalog = yaml.safe_load(bundled()['clearswift-seg-6.3'].read_text(encoding='utf-8'))
        shown = yaml.safe_load(block('yaml'))
        self.assertIn(shown['services'][0], catalog['services'])
        (row,) = [row for row in catalog['rows'] if row.get('row') == 7]
        self.assertTrue(within(shown['rows'][0], row))

    def test_the_rules(self):
        rules = [rule for rule in self.result['rules'] if [flow['row'] for flow in rule['flows']] == ['7.2']]
        table = re.findall(
            r'^\| outbound \| internal \| (\S+) \| (.+?) \| (\w+)/53 \| 7.2 Resolve names \|$', PAGE, re.M
        )
        found = {
            (
                rule['source']['addresses'][0]['address'],
                ', '.join(address['address'] for address in rule['destination']['addresses']),
                rule['protocol'],
            )
            for rule in rules
        }
        self.assertEqual(found, set(table))
        self.assertEqual(len(rules), 2)
        self.assertTrue(any(within(json.loads(block('json')), rule) for rule in rules))

    def test_the_open_item(self):
        (found,) = [entry for entry in self.result['unresolved'] if entry['flow']['row'] == '7.1']
        self.assertEqual(found['reason'], 'no_remote')

    def test_the_figures_of_the_whole_table(self):
        rules = self.result['rules']
        apart = sum(bool(rule['same_segment']) for rule in rules)
        covered = sum(bool(rule['covered_by']) and not rule['same_segment'] for rule in rules)
        page = (DOCS / 'table-row-by-row.md').read_text(encoding='utf-8')
        self.assertIn(
            f'{len(rules)} rules in all: {len(rules) - apart - covered} for a firewall, {covered} covered by a broader '
            f'one, and {apart} within one segment',
            ' '.join(page.split()),
        )
