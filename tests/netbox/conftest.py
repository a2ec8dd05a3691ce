"""What the tests inside NetBox get: the query-count baseline where the tests lie."""

from pathlib import Path

import pytest


@pytest.fixture(scope='session', autouse=True)
def query_count_baseline():
    """NetBox looks for <app>/tests/query_counts.json; ours lies with the tests that read it."""
    from utilities.testing import query_counts

    query_counts._baseline_path = lambda app_label: Path(__file__).parent / query_counts.BASELINE_FILENAME
