"""When flows are updated: on creation of a gateway, and on changes of its features, profile and status."""

import contextlib
from collections.abc import Iterable
from contextvars import ContextVar

from ..db import atomic, write_alias
from ..locks import lock_catalogs
from ..models import Gateway, ProfileFeature
from ..replay import is_replaying
from .apply import reconcile
from .features import complete
from .plan import ENDED

__all__ = ('collected', 'gateway_saved', 'requested', 'with_parents')

_pending: ContextVar[set | None] = ContextVar('netbox_gwports_pending', default=None)


@contextlib.contextmanager
def collected():
    """Everything inside is one change: each gateway is reconciled once, when the outermost block ends.

    Opens a transaction, so that a failing reconcile leaves nothing behind. For code that changes a gateway in
    several steps (its profile, then its features).
    """
    if _pending.get() is not None:
        yield
        return
    with atomic(Gateway):
        # Now: the features to choose from must still be there when the flows are made
        lock_catalogs(write_alias(Gateway), shared=True)
        token = _pending.set(set())
        try:
            yield
            pending = _pending.get()
        finally:
            _pending.reset(token)
        # In the order of their primary keys, so that two transactions cannot deadlock
        for pk in sorted(pending):
            reconcile(pk)


def requested(pk: int):
    """Reconcile this gateway: now, or at the end of the surrounding ``collected()``; not while changes are replayed."""
    if is_replaying():
        return
    pending = _pending.get()
    if pending is None:
        reconcile(pk)
    else:
        pending.add(pk)


def with_parents(features: Iterable[ProfileFeature]) -> list[ProfileFeature]:
    """The same features and all of their ancestors: a feature is in use only together with its parents."""
    found = {feature.pk: feature for feature in features}
    if {feature.parent_id for feature in found.values()} <= {*found, None}:
        return list(found.values())
    known = ProfileFeature.objects.filter(profile__in={feature.profile_id for feature in found.values()}).in_bulk()
    pks = complete(found, {pk: feature.parent_id for pk, feature in known.items()})
    return [found.get(pk) or known[pk] for pk in pks]


def gateway_saved(gateway: Gateway, before: tuple | None):
    """Called by Gateway.save() in its transaction.

    ``before`` is the stored (profile, next profile, status), None when the gateway was created.
    """
    if is_replaying():
        return
    if before is None:
        gateway.features.set(with_parents(gateway.profile.features.filter(enabled_by_default=True)))
        requested(gateway.pk)
        return
    profile_id, next_profile_id, status = before
    if profile_id != gateway.profile_id:
        # The features of the same slugs in the new release
        slugs = gateway.features.values_list('slug', flat=True)
        gateway.features.set(with_parents(gateway.profile.features.filter(slug__in=list(slugs))))
        requested(gateway.pk)
    elif next_profile_id != gateway.next_profile_id or (status in ENDED) != (gateway.status in ENDED):
        requested(gateway.pk)
