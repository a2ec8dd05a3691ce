"""Bridges for two assumptions of NetBox's test cases, and the names that a plugin's tests share."""

from unittest import mock

from utilities.testing import ChangeLoggedFilterSetTestMixin

__all__ = ('APITests', 'FilterSetTests', 'PluginURLs')

APP = 'netbox_gwports'


class PluginURLs:
    """A plugin's views live in the namespace plugins:<app>."""

    def _get_base_url(self):
        return f'plugins:{super()._get_base_url()}'


class APITests:
    view_namespace = f'plugins-api:{APP}'


class FilterSetTests(ChangeLoggedFilterSetTestMixin):
    def test_missing_filters(self):
        # NetBox takes the app from the first name of the test's module, which here is "tests"
        with mock.patch.object(type(self), '__module__', f'{APP}.tests'):
            super().test_missing_filters()
