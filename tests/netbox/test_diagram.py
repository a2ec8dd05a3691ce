"""The diagram of the data model in the documentation is that of the models."""

from django.apps import apps
from django.test import SimpleTestCase

from demo.diagram import FILE, draw


class DiagramTests(SimpleTestCase):
    def test_it_is_current(self):
        self.assertEqual(
            FILE.read_text(encoding='utf-8'),
            draw(),
            'The models have changed: python3 -m demo exec python -m demo.diagram',
        )

    def test_every_model_and_relation_is_in_it(self):
        drawn = draw()
        for model in apps.get_app_config('netbox_gwports').get_models():
            if model._meta.auto_created:
                continue
            self.assertIn(f'>{str(model._meta.verbose_name).capitalize()}</text>', drawn)
            for field in model._meta.get_fields():
                if field.concrete and field.related_model and field.related_model._meta.app_label == 'netbox_gwports':
                    self.assertRegex(drawn, rf'>{field.name}( → {field.related_model._meta.verbose_name})? \[')
