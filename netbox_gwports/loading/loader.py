"""Loading a catalog: atomic and repeatable. Gateways and their flows are not changed."""

from dataclasses import replace

from core.signals import clear_events
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connections, transaction
from django.db.models import ProtectedError, Q, RestrictedError
from extras.models import CustomField
from utilities.exceptions import AbortRequest

from ..catalog.document import Catalog, read
from ..catalog.errors import CatalogError, Problem
from ..choices import ZoneChoices
from ..db import atomic, write_alias
from ..locks import catalogs_locked
from ..models import Gateway, GatewayProfile, ProfileFeature, RemoteRole
from ..reconcile import PlanChanged, plans, restrict
from .compare import compare
from .plan import Plan, Step

__all__ = ('apply', 'load', 'may_import', 'parse', 'plan')


def parse(text: str, file: str = 'catalog') -> Catalog:
    """Read a document. It may use roles and zones that are known to this NetBox. Raises CatalogError."""
    return read(text, file, RemoteRole.objects.values_list('slug', flat=True), ZoneChoices.values())


def plan(catalog: Catalog, user=None, bound: GatewayProfile | None = None) -> Plan:
    """What loading it would change; changes nothing. Raises CatalogError for conflicts.

    With a user, reasons name only objects that this user may view. ``bound`` is the profile whose data file it comes
    from: a bound profile cannot be changed in any other way.
    """
    return compare(catalog, user, bound)


def apply(plan: Plan) -> Plan:
    """Apply the plan in one transaction, with change log, and return what was done.

    The plan is made again under a lock, in case the database has changed. Of two that load at once, the second waits
    and finds nothing to do. Raises CatalogError, and then nothing is changed.
    """
    with atomic(GatewayProfile), catalogs_locked(write_alias(GatewayProfile)):
        fresh = compare(plan.catalog, plan.user, plan.bound)
        _free_names(fresh.changes)
        for step in fresh.changes:
            _do(step, plan.catalog.file)
        try:
            # Now, not at the end of a surrounding transaction: a flow may have been written for a deleted template
            connections[write_alias(GatewayProfile)].check_constraints()
        except IntegrityError:
            raise _refused(plan.catalog.file, '', 'gateways were changed at the same time: try again') from None
    return fresh


def load(catalog: Catalog, dry_run: bool = False, user=None, agreed: str | None = None) -> Plan:
    """Plan and apply; returns what was done, with the gateways that are then out of date. Raises CatalogError.

    ``dry_run`` does the same and rolls back: only a real attempt runs the site's own validators.
    With a user, PermissionDenied is raised unless this user may import this release. ``agreed`` is the digest of the
    plan that was reviewed: PlanChanged is raised if another plan is left to apply. If nothing was changed, the queued
    events of the request are cleared, since they announce changes that were rolled back.
    """
    try:
        # The lock first, so that what is compared with what was agreed to is what will be done
        with atomic(GatewayProfile), catalogs_locked(write_alias(GatewayProfile)):
            _permit(catalog, user)
            found = plan(catalog, user)
            if agreed is not None and found and found.digest != agreed:
                raise PlanChanged
            # The plan has the objects as they were: a deleted instance has no primary key
            applied = apply(found)
            profile = _permit(catalog, user)
            found = replace(found if dry_run else applied, profile=profile, **_behind(profile, user))
            transaction.set_rollback(dry_run, using=write_alias(GatewayProfile))
    except Exception:
        clear_events.send(sender=load)
        raise
    if dry_run:
        clear_events.send(sender=load)
    return found


def _permit(catalog, user):
    """The profile, if it exists. Checked before and after: a permission may have constraints on the profile."""
    profile = GatewayProfile.objects.filter(slug=catalog.slug).select_related('manufacturer').first()
    if user is not None and profile and not may_import(profile, user):
        raise PermissionDenied
    return profile


def may_import(profile: GatewayProfile, user) -> bool:
    """Whether the user may import catalogs of this release. The profile must be saved."""
    return GatewayProfile.objects.restrict(user, 'import').filter(pk=profile.pk).exists()


def _behind(profile, user):
    gateways = Gateway.objects.filter(Q(profile=profile) | Q(next_profile=profile))
    gateways = list(gateways.select_related('device', 'virtual_machine', 'profile').order_by('pk'))
    found = {pk: plan for pk, plan in plans(gateways).items() if plan}
    visible = found if user is None else restrict(found, user)
    seen = {*found}
    if user is not None:
        seen &= {*Gateway.objects.restrict(user, 'view').filter(pk__in=found).values_list('pk', flat=True)}
    shown = tuple((gateway, visible[gateway.pk]) for gateway in gateways if gateway.pk in seen)
    return {'behind': shown, 'others_behind': len(shown) < len(found)}


def _free_names(steps):
    """Features that swap their names would violate a constraint: each gets a placeholder first.

    Templates never do: one that would take the words of another is paired with it.
    """
    features = [step for step in steps if isinstance(step.instance, ProfileFeature)]
    taken = {step.values.get('name') for step in features}
    for step in features:
        feature = step.instance
        if feature.pk and feature.name in taken and (step.action == 'delete' or 'name' in step.values):
            # For the change log, without the placeholder
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
        # The other argument of a protection error lists objects that the user may not be permitted to view
        raise _refused(file, step.entry, f'cannot {step}: {" ".join(str(e.args[0] if e.args else e).split())}') from e


def _refused(file, entry, message):
    return CatalogError([Problem(file, entry, '', message)])
