"""The locks of a transaction, and the one order in which they are taken, so that no two transactions deadlock:

1. the catalog lock: exclusive for writing a catalog (profiles, features, services, remote roles, flow templates),
   shared for deriving flows from one;
2. the rows of gateways, in the order of their primary keys;
3. the rows of a gateway's flows, in the order in which lists and bulk edits go through them;
4. the row of a change request, then that of an enforcement point.

A transaction that holds the catalog lock exclusively locks no gateways or flows, so that it never waits for one that
waits for the catalog lock.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connections

__all__ = ('catalogs_locked', 'lock_catalogs')

_held: ContextVar[bool] = ContextVar('netbox_gwports_catalogs_locked', default=False)


def lock_catalogs(using: str, shared: bool = False):
    """Take the catalog lock until the transaction on this database ends. One lock for all: catalogs share roles."""
    if _held.get():
        return
    function = 'pg_advisory_xact_lock_shared' if shared else 'pg_advisory_xact_lock'
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext('netbox_gwports.catalog'))")


@contextmanager
def catalogs_locked(using: str) -> Generator[None]:
    """Take the exclusive catalog lock, and do not ask for it again for each object that is written inside.

    Within one transaction, which ends after the block: the lock is kept until then.
    """
    lock_catalogs(using)
    token = _held.set(True)
    try:
        yield
    finally:
        _held.reset(token)
