"""Where netbox-branching has to know something of our models, or we of what it does. Called once, at start."""

import functools

from django.apps import apps
from django.db import connections, models
from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver
from django.utils.translation import gettext as _
from netbox_branching.contextvars import active_branch
from netbox_branching.models import Branch, ObjectChange
from netbox_branching.signals import post_provision
from netbox_branching.utilities import register_branching_resolver, supports_branching
from utilities.exceptions import AbortRequest

from ..models import ChangeLine, ChangeRequest, SignOff, StandingSummary
from ..replay import replaying

# Imported for the view that it registers
from . import views  # noqa: F401
from .checks import may_merge

__all__ = ('connect',)

APP = 'netbox_gwports'
MAIN_ONLY = (ChangeLine, ChangeRequest, SignOff, StandingSummary)


def connect():
    register_branching_resolver(link_tables)
    register_branching_resolver(in_main_only)
    # The validator reads its setting when it is asked
    Branch.register_preaction_check(may_merge, 'merge')
    # Merge, sync and revert, whatever their strategy, come down to these two. No signal of netbox-branching would do:
    # of a merge that fails it tells the beginning only.
    for name in ('apply', 'undo'):
        setattr(ObjectChange, name, _as_replay(getattr(ObjectChange, name)))


def link_tables(model) -> bool | None:
    """Link tables are copied into a branch with the model that declares them, and are read and written there.

    Without this, netbox-branching sends a query that starts from one of them to main, since the table itself has no
    change log.
    """
    owner = model._meta.auto_created
    if model._meta.app_label != APP or not owner:
        return None
    return supports_branching(owner)


def in_main_only(model) -> bool | None:
    """What was requested, approved and implemented is said in main, where it cannot be merged or reverted."""
    return False if model in MAIN_ONLY else None


@receiver(pre_save)
@receiver(pre_delete)
def refuse_in_branch(sender, **kwargs):
    if sender in MAIN_ONLY and active_branch.get():
        raise AbortRequest(_('Change requests cannot be changed within a branch. Switch to main first.'))


def _as_replay(method):
    @functools.wraps(method)
    def replayed(*args, **kwargs):
        with replaying():
            return method(*args, **kwargs)

    return replayed


@receiver(post_provision)
def make_generated_columns(sender, branch, **kwargs):
    """A branch gets its tables as copies that hold plain values: make our generated columns generated again.

    Else objects made or changed in the branch would have no port ranges there, and no filter by port would find them.
    """
    with connections[branch.connection_name].schema_editor() as editor:
        for model in apps.get_app_config(APP).get_models():
            # The table of an exempt model is main's
            fields = [f for f in model._meta.local_fields if isinstance(f, models.GeneratedField)]
            if not fields or not supports_branching(model):
                continue
            names = {field.name for field in fields}
            for field in fields:
                editor.remove_field(model, field)
                editor.add_field(model, field)
            for index in model._meta.indexes:
                # It went with the column
                if names & {*index.fields}:
                    editor.add_index(model, index)
