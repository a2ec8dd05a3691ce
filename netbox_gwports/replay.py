"""Whether recorded changes are being applied again, as when a branch is merged, synchronized or reverted."""

import contextlib
from contextvars import ContextVar

__all__ = ('is_replaying', 'replaying')

_replaying: ContextVar[bool] = ContextVar('netbox_gwports_replaying', default=False)


@contextlib.contextmanager
def replaying():
    """Inside, recorded changes are applied one by one.

    The flows that followed from a change are recorded beside it: nothing follows by itself, or it would come twice.
    What was decided then is not asked again.
    """
    token = _replaying.set(True)
    try:
        yield
    finally:
        _replaying.reset(token)


def is_replaying() -> bool:
    return _replaying.get()
