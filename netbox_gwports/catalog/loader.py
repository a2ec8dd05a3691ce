"""Loading a catalogue: all or nothing, and again without a change. Gateways and their flows are not touched."""

from importlib.resources import files
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, RestrictedError
from extras.models import CustomField
from utilities.exceptions import AbortRequest

from ..models import Gateway, ProfileFeature, RemoteRole
from .compare import compare
from .document import Catalog, read
from .errors import CatalogError, Problem
from .plan import Plan, Step

__all__ = ('apply', 'bundled', 'load', 'parse', 'plan')


def bundled() -> dict[str, Path]:
    """Name -> file of the catalogues that come with the plugin."""
    folder = Path(str(files(__package__) / 'bundled'))
    return {path.stem: path for path in sorted(folder.glob('*.yaml'))}


def parse(text: str, file: str = 'catalogue') -> Catalog:
    """Read a document; it may use roles that this NetBox has. Raises CatalogError."""
    return read(text, file, RemoteRole.objects.values_list('slug', flat=True))


def plan(catalog: Catalog, user=None) -> Plan:
    """What loading it would change; changes nothing. Raises CatalogError for what cannot be.

    With a user, reasons name only what this user may view.
    """
    return compare(catalog, user)


def apply(plan: Plan) -> Plan:
    """Do it, in one transaction, with change log, and return what was done.

    That is what is needed now: where the database changed since the plan was made, not what the plan says. Two that
    load at once come one after the other, and the second finds nothing to do. Raises CatalogError, and then nothing
    is changed (a view that queues events for a request has to clear them, as for any aborted request).
    """
    with transaction.atomic():
        _lock(plan.catalog)
        fresh = compare(plan.catalog, plan.user)
        _free_names(fresh.changes)
        for step in fresh.changes:
            _do(step, plan.catalog.file)
        try:
            # Now, not at the end of a surrounding transaction: a flow may have come to a template that went
            connection.check_constraints()
        except IntegrityError:
            raise _refused(plan.catalog.file, '', 'gateways changed meanwhile: load it again') from None
    return fresh


def load(catalog: Catalog, dry_run: bool = False, user=None) -> Plan:
    """Plan and, unless ``dry_run``, apply; returns what was done, or would be. Raises CatalogError."""
    found = plan(catalog, user)
    return found if dry_run else apply(found)


def _lock(catalog):
    with connection.cursor() as cursor:
        # One for all catalogues: they share roles and manufacturers
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('netbox_gwports.catalog'))")
    # No gateway gets flows from the old templates meanwhile: what makes flows locks their gateway the same way
    gateways = Gateway.objects.filter(profile__slug=catalog.slug).order_by('pk')
    list(gateways.select_for_update(no_key=True, of=('self',)).values_list('pk'))


def _free_names(steps):
    """Features that exchange their names would meet for a moment: a placeholder until each gets its own.

    Templates never meet: one that would take the words of another is paired with that one.
    """
    features = [step for step in steps if isinstance(step.instance, ProfileFeature)]
    taken = {step.values.get('name') for step in features}
    for step in features:
        feature = step.instance
        if feature.pk and feature.name in taken and (step.action == 'delete' or 'name' in step.values):
            # For the change log, before the placeholder gets in
            feature.snapshot()
            ProfileFeature.objects.filter(pk=feature.pk).update(name=f'(moving {feature.pk})')


def _do(step: Step, file: str):
    instance = step.instance
    try:
        if step.action == 'delete':
            instance.delete()
            return
        if instance.pk is None:
            instance.custom_field_data = CustomField.objects.get_defaults_for_model(type(instance))
        elif not getattr(instance, '_prechange_snapshot', None):
            instance.snapshot()
        for name, value in step.values.items():
            setattr(instance, name, value)
        instance.full_clean()
        instance.save()
    except ValidationError as e:
        raise CatalogError(
            Problem(file, step.entry, '' if name == '__all__' else name, f'cannot {step}: {" ".join(messages)}')
            for name, messages in e.message_dict.items()
        ) from None
    except (AbortRequest, IntegrityError, ProtectedError, RestrictedError) as e:
        raise _refused(file, step.entry, f'cannot {step}: {" ".join(str(e).split())}') from e


def _refused(file, entry, message):
    return CatalogError([Problem(file, entry, '', message)])
