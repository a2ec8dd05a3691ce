"""What every test shares. Plain pytest loads it too, for ``tests/pure``: nothing here may import Django."""

import os

import pytest
from hypothesis import settings

# Where a red run blocks everybody, the same examples every time; at a desk, new ones
settings.register_profile('ci', derandomize=True)
if os.environ.get('CI'):
    settings.load_profile('ci')


@pytest.fixture(scope='session')
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Test databases are copies of a bare NetBox from the shipped dump; without one, all migrations run."""
    from django.conf import settings as django_settings
    from django.db import connection

    from demo import database

    name = database.template(connection.settings_dict)
    # Django keeps both: pytest-xdist workers read the first, the test runner the second
    for each in (django_settings.DATABASES['default'], connection.settings_dict):
        each.setdefault('TEST', {})['TEMPLATE'] = name
