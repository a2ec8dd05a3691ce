"""Loading a catalogue: all or nothing, and again without a change. No gateway is touched."""

from importlib.resources import files
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from ..models import FlowTemplate, RemoteRole
from .document import Catalog, read
from .errors import CatalogError, Problem
from .plan import Plan, make_plan

__all__ = ('apply', 'bundled', 'load', 'parse')


def bundled() -> dict[str, Path]:
    """Name -> file of the catalogues that come with the plugin."""
    folder = files(__package__) / 'bundled'
    return {path.name.removesuffix('.yaml'): path for path in sorted(folder.iterdir(), key=lambda p: p.name)
            if path.name.endswith('.yaml')}  # fmt: skip


def parse(text: str, file: str = 'catalogue') -> Catalog:
    """Read a document; it may use roles that this NetBox has. Raises CatalogError."""
    return read(text, file, RemoteRole.objects.values_list('slug', flat=True))


def load(catalog: Catalog, dry_run: bool = False) -> Plan:
    """Bring the profile to the state of the catalogue and return what was done, or would be with ``dry_run``.

    Raises CatalogError, and then nothing is changed.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two that load the same profile: the second waits and finds nothing to do
            cursor.execute('SELECT pg_advisory_xact_lock(hashtext(%s))', [f'netbox_gwports {catalog.slug}'])
        plan = make_plan(catalog)
        if not dry_run:
            apply(plan)
    return plan


def apply(plan: Plan):
    """Do what the plan says, in one transaction, with change log."""
    with transaction.atomic():
        _make_room(plan)
        for step in plan.changes:
            try:
                _do(step)
            except ValidationError as e:
                fields = e.message_dict if hasattr(e, 'error_dict') else {'': e.messages}
                raise CatalogError(
                    Problem(plan.catalog.file, step.entry, name.replace('__all__', ''), ' '.join(messages))
                    for name, messages in fields.items()
                ) from None
            except IntegrityError as e:
                raise CatalogError([Problem(plan.catalog.file, step.entry, '', f'{step}: {e}')]) from None


def _make_room(plan):
    """Templates that exchange their purposes would meet for a moment: none keeps its old one meanwhile."""
    moved = [s.instance.pk for s in plan.changes if isinstance(s.instance, FlowTemplate) and s.action == 'update'
             and s.values.keys() & {'purpose', 'feature'}]  # fmt: skip
    for step in plan.changes:
        if step.instance.pk in moved and isinstance(step.instance, FlowTemplate):
            # For the change log, before the placeholder gets in
            step.instance.snapshot()
    for pk in moved:
        FlowTemplate.objects.filter(pk=pk).update(purpose=f'(moving {pk})')


def _do(step):
    instance = step.instance
    if step.action == 'delete':
        instance.delete()
        return
    if instance.pk and not getattr(instance, '_prechange_snapshot', None):
        instance.snapshot()
    for name, value in step.values.items():
        setattr(instance, name, value)
    instance.full_clean()
    instance.save()
