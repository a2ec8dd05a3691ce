"""One NetBox with the demo's objects, web server and worker, for tests that talk to it only as clients do."""

import contextlib

import pytest

from demo.services import services

from .netbox import NetBox


@pytest.fixture(scope='session')
def netbox():
    """The running NetBox. Its state is thrown away first, so that every run starts from the same objects."""
    with contextlib.ExitStack() as stack:
        run = stack.enter_context(services('attack', alone=True))
        found = NetBox(run)
        found.start()
        yield found
