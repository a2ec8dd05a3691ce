"""What the tests of exports share."""

from functools import cache

import pytest
from aerleon.lib import plugin_supervisor


@pytest.fixture(scope='session', autouse=True)
def entry_points():
    """aerleon looks for its plugins among all installed packages for every file that it writes: once is enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plugin_supervisor, 'entry_points', cache(plugin_supervisor.entry_points))
        yield
