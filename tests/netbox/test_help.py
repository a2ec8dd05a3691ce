"""Every model has a page of help, and its forms lead there."""

from django.apps import apps
from django.urls import reverse
from utilities.testing import TestCase

from netbox_gwports.models import StandingSummary


class HelpTests(TestCase):
    def test_every_model_has_a_page(self):
        for model in apps.get_app_config('netbox_gwports').get_models():
            if model._meta.auto_created or model is StandingSummary:
                # Numbers that nobody edits
                continue
            with self.subTest(model._meta.model_name):
                page = self.client.get(model().docs_url)
                self.assertIn(model._meta.verbose_name.split()[-1], page.content.decode().lower())

    def test_there_is_no_other_page(self):
        self.assertHttpStatus(self.client.get(reverse('plugins:netbox_gwports:help', args=['nothing'])), 404)
