"""Every computed value has a label, and templates stay readable."""

from pathlib import Path

from django.test import SimpleTestCase

import netbox_gwports
from netbox_gwports import choices
from netbox_gwports.loading.release_difference import KINDS
from netbox_gwports.reconcile import Plan
from netbox_gwports.rules.build import REASONS
from netbox_gwports.rules.constants import STANDINGS, TO_CLOSE
from netbox_gwports.ui.report import SUBJECTS

TEMPLATES = Path(netbox_gwports.__file__).parent / 'templates'


class ComputedValuesTests(SimpleTestCase):
    def test_rules_have_a_label_for_each_standing(self):
        self.assertEqual(tuple(choices.StandingChoices.values()), (*STANDINGS, TO_CLOSE))

    def test_each_step_of_a_plan_has_a_label(self):
        actions = [name for name, _change in Plan(*([name] for name in ('a', 'b', 'c', 'd'))).steps]
        self.assertEqual(choices.PlanActionChoices.values(), actions)

    def test_each_difference_between_releases_has_a_label(self):
        self.assertEqual(tuple(choices.DifferenceChoices.values()), KINDS)

    def test_each_reason_of_an_open_item_has_a_subject(self):
        # Flows without a remote are listed by role, those permitted by "any" are not open items
        self.assertEqual(set(SUBJECTS), set(REASONS) - {'no_remote', 'permitted_by_any'})


class TemplateTests(SimpleTestCase):
    def test_no_line_is_longer_than_120_characters(self):
        templates = sorted(TEMPLATES.rglob('*.html'))
        self.assertTrue(templates)
        for template in templates:
            lines = template.read_text(encoding='utf-8').splitlines()
            with self.subTest(template.name):
                self.assertEqual([number for number, line in enumerate(lines, 1) if len(line) > 120], [])
