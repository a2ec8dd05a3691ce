"""These tests need a NetBox that was started with netbox-branching: "python3 -m demo test" runs them as a step."""

import pytest
from django.apps import apps

NEEDED = 'needs netbox-branching in PLUGINS: run python3 -m demo test tests/branching'


def pytest_ignore_collect(collection_path):
    # The modules import models that Django knows only where the plugin is installed
    return (collection_path.name.startswith('test_') and not apps.is_installed('netbox_branching')) or None


def pytest_terminal_summary(terminalreporter):
    if not apps.is_installed('netbox_branching'):
        terminalreporter.write_line(f'tests/branching: {NEEDED}')


@pytest.fixture
def world(transactional_db):
    from .worlds import World

    world = World()
    yield world
    world.close()
