import json
import os
from pathlib import Path

import pytest

from demo import database


@pytest.fixture(scope='session', autouse=True)
def query_count_baseline():
    """NetBox looks for <app>/tests/query_counts.json; ours lies with the tests that read it."""
    from utilities.testing import query_counts

    query_counts._baseline_path = lambda app_label: Path(__file__).parent / 'netbox' / query_counts.BASELINE_FILENAME


@pytest.fixture(scope='session')
def django_db_modify_db_settings(django_db_modify_db_settings):
    """A bare NetBox as the template of the test database: a second instead of minutes of migrations."""
    from django.conf import settings
    from django.db import connection

    name = database.template(json.loads(os.environ['NETBOX_DEMO'])['database'])
    settings.DATABASES['default'].setdefault('TEST', {})['TEMPLATE'] = name
    connection.settings_dict['TEST']['TEMPLATE'] = name
