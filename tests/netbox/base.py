"""Bridges for two assumptions of NetBox's test cases, and the names that a plugin's tests share."""

from unittest import mock

from utilities.permissions import get_permission_for_model
from utilities.testing import ChangeLoggedFilterSetTestMixin

__all__ = ('APITests', 'FilterSetTests', 'PluginURLs')

APP = 'netbox_gwports'


class PluginURLs:
    """A plugin's views live in the namespace plugins:<app>."""

    def _get_base_url(self):
        return f'plugins:{super()._get_base_url()}'


class APITests:
    view_namespace = f'plugins-api:{APP}'

    def setUp(self):
        super().setUp()
        # Who names an object has to see it; NetBox's own tests name IDs of objects that their user may not view
        fields = (*self.model._meta.fields, *self.model._meta.many_to_many)
        related = {field.related_model for field in fields if field.is_relation} - {self.model}
        self.add_permissions(*(get_permission_for_model(model, 'view') for model in related))


class FilterSetTests(ChangeLoggedFilterSetTestMixin):
    def test_missing_filters(self):
        # NetBox takes the app from the first name of the test's module, which here is "tests"
        with mock.patch.object(type(self), '__module__', f'{APP}.tests'):
            super().test_missing_filters()
