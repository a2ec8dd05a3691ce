"""What every test gets: a test database made in a second, and the query-count baseline where the tests lie."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Where a red run blocks everybody, the same examples every time; at a desk, new ones
settings.register_profile('ci', derandomize=True)
if os.environ.get('CI'):
    settings.load_profile('ci')


@pytest.fixture(scope='session', autouse=True)
def query_count_baseline():
    """NetBox looks for <app>/tests/query_counts.json; ours lies with the tests that read it."""
    from utilities.testing import query_counts

    query_counts._baseline_path = lambda app_label: Path(__file__).parent / 'netbox' / query_counts.BASELINE_FILENAME


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
