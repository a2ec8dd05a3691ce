"""Marks stored summaries as stale after what may move them, and asks for one job that computes them again.

Nothing is computed here. What an object had a part in before is asked when it is about to change; what it has a part
in afterwards is asked once for all objects of a transaction, when it is committed. Changes by ``QuerySet.update()``
send no signals: those are found by the daily job.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import batched

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save

from .changes.affected import AFFECTED, NOT_WHEN_NEW, affected
from .db import in_branch, write_alias
from .jobs import RefreshSummariesJob
from .models import Gateway, StandingSummary

__all__ = ('connect', 'mark_stale')

# How many objects one query asks about
BATCH = 1000


class Pending:
    """What has changed since a savepoint; called when the transaction is committed."""

    def __init__(self):
        self.gateways: set[int] = set()
        self.groups: set[int] = set()
        self.changed: dict[type, set[int]] = defaultdict(set)

    def add(self, found: Iterable[tuple[int, int | None]]):
        for gateway, group in found:
            self.gateways.add(gateway)
            if group:
                self.groups.add(group)

    def __call__(self):
        for model, pks in self.changed.items():
            for batch in batched(sorted(pks), BATCH):
                self.add(affected(model, batch))
        if self.gateways:
            mark_stale(Q(pk__in=self.gateways) | Q(group__in=self.groups))


def mark_stale(condition: Q):
    """Mark the summaries of these gateways as stale, and enqueue the job unless it is waiting already."""
    with transaction.atomic():
        summaries = StandingSummary.objects.filter(gateway__in=Gateway.objects.filter(condition).values('pk'))
        # In one order, so that two transactions cannot deadlock. Those that are stale are marked again: a job that is
        # computing them now sees that its numbers are old
        pks = list(summaries.order_by('pk').select_for_update(of=('self',)).values_list('pk', flat=True))
        StandingSummary.objects.filter(pk__in=pks).update(stale=True)
    RefreshSummariesJob.enqueue_unless_waiting()


def _pending() -> Pending:
    """Where to note what changes now. A savepoint that is rolled back forgets what was noted since."""
    connection = transaction.get_connection(write_alias(Gateway))
    if connection.run_on_commit:
        savepoints, found, *_rest = connection.run_on_commit[-1]
        if isinstance(found, Pending) and savepoints == set(connection.savepoint_ids):
            return found
    return Pending()


def _note(pending: Pending):
    connection = transaction.get_connection(write_alias(Gateway))
    if not any(entry[1] is pending for entry in connection.run_on_commit[-1:]):
        # Whatever goes wrong, the change itself was committed; the daily job makes up for it
        transaction.on_commit(pending, using=connection.alias, robust=True)


def _note_before(model, pks):
    """What these objects have a part in, asked before it may be no longer."""
    if found := affected(model, pks):
        pending = _pending()
        pending.add(found)
        _note(pending)


def _note_after(model, pks):
    pending = _pending()
    pending.changed[model] |= {*pks}
    _note(pending)


def about_to_save(sender, instance, **kwargs):
    if not instance._state.adding and not in_branch(Gateway):
        _note_before(sender, [instance.pk])


def saved(sender, instance, created, **kwargs):
    if not (created and sender in NOT_WHEN_NEW) and not in_branch(Gateway):
        _note_after(sender, [instance.pk])


def about_to_delete(sender, instance, **kwargs):
    if not in_branch(Gateway):
        _note_before(sender, [instance.pk])


def related_changed(sender, instance, action, reverse, model, pk_set, **kwargs):
    """A list of related objects: what counts is the object whose list it is."""
    if in_branch(Gateway) or action not in ('pre_remove', 'pre_clear', 'post_add'):
        return
    if not reverse:
        owner, pks = type(instance), {instance.pk}
    else:
        owner = model
        pks = pk_set if pk_set is not None else _owners(sender, owner, instance)
    if action != 'post_add':
        _note_before(owner, pks)
    _note_after(owner, pks)


def _owners(through, owner, instance):
    """The pks of the objects that have this one in the list."""
    names = {field.related_model: field.name for field in through._meta.fields if field.is_relation}
    links = through._base_manager.filter(**{names[type(instance)]: instance.pk})
    return set(links.values_list(names[owner], flat=True))


def connect():
    for model in AFFECTED:
        pre_save.connect(about_to_save, sender=model)
        post_save.connect(saved, sender=model)
        pre_delete.connect(about_to_delete, sender=model)
        if model._meta.app_label == Gateway._meta.app_label:
            for field in model._meta.local_many_to_many:
                if field.remote_field.through._meta.auto_created:
                    m2m_changed.connect(related_changed, sender=field.remote_field.through)
