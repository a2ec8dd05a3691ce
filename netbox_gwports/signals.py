"""Changes that do not pass through ``save()``, many-to-many relations and deletions; and locks before writing."""

from django.core.exceptions import ValidationError
from django.db import connections, models
from django.db.models.signals import m2m_changed, post_delete, pre_delete, pre_save
from django.dispatch import receiver
from django.utils.translation import gettext as _
from ipam.models import Prefix
from utilities.exceptions import AbortRequest

from .db import write_alias
from .history import has_openings_at
from .locks import lock_catalogs
from .models import (
    ChangeLine,
    EnforcementPoint,
    EnforcementZone,
    FlowTemplate,
    Gateway,
    GatewayProfile,
    GatewayService,
    ProfileFeature,
    RemoteEndpoint,
    RemoteRole,
    SignOff,
    StandingSummary,
)
from .reconcile import requested
from .validators import every_address


def catalog_written(sender, using, **kwargs):
    """Take the catalog lock before any row: deletions send this signal for all objects before the first is deleted."""
    # Without a transaction there is a single statement, and the lock would not outlive its own
    if connections[using].in_atomic_block:
        lock_catalogs(using)


for _model in (GatewayProfile, ProfileFeature, GatewayService, RemoteRole, FlowTemplate):
    pre_save.connect(catalog_written, sender=_model)
    pre_delete.connect(catalog_written, sender=_model)


@receiver(m2m_changed, sender=Gateway.features.through)
def features_changed(sender, instance, action, reverse, pk_set, **kwargs):
    """Update the flows when features change, from either side. Django sends post_* within the transaction."""
    if action == 'pre_add':
        _check_profiles(instance, reverse, pk_set)
    if action == 'pre_clear' and reverse:
        # post_clear can no longer tell which gateways were affected
        instance._cleared_gateways = list(instance.gateways.values_list('pk', flat=True))
    if action not in ('post_add', 'post_remove', 'post_clear') or (pk_set is not None and not pk_set):
        return
    if not reverse:
        pks = [instance.pk]
    elif pk_set is None:
        pks = instance.__dict__.pop('_cleared_gateways', [])
    else:
        pks = pk_set
    for pk in sorted(pks):
        requested(pk)


def _check_profiles(instance, reverse, pk_set):
    if reverse:
        foreign = Gateway.objects.filter(pk__in=pk_set).exclude(profile=instance.profile_id).exists()
    else:
        foreign = ProfileFeature.objects.filter(pk__in=pk_set).exclude(profile=instance.profile_id).exists()
    if foreign:
        raise AbortRequest(_('A gateway can only use features of its own profile.'))


@receiver(m2m_changed, sender=RemoteEndpoint.prefixes.through)
@receiver(m2m_changed, sender=EnforcementZone.prefixes.through)
def prefixes_changed(sender, instance, action, reverse, model, pk_set, **kwargs):
    """Refuse /0 prefixes, however they are added."""
    if action != 'pre_add':
        return
    pks, owner = ([instance.pk], model) if reverse else (pk_set, type(instance))
    # Read from the database: a newly created object may still hold a string
    if every_address(Prefix.objects.filter(pk__in=pks)):
        raise AbortRequest(str(owner.EVERY_ADDRESS))


def members_changed(sender, instance, action, reverse, model, pk_set, **kwargs):
    """Several members may be everyone together, on any way in."""
    if action != 'pre_add':
        return
    name = next(n for n in RemoteEndpoint.ADDRESS_LISTS if getattr(RemoteEndpoint, n).through is sender)
    endpoints = RemoteEndpoint.objects.filter(pk__in=pk_set) if reverse else [instance]
    added = type(instance).objects.filter(pk=instance.pk) if reverse else model.objects.filter(pk__in=pk_set)
    for endpoint in endpoints:
        lists = endpoint.address_lists()
        lists[name] = [*lists[name], *added]
        try:
            RemoteEndpoint.check_lists(None, lists)
        except ValidationError as e:
            raise AbortRequest(' '.join(e.messages)) from None


for _name in RemoteEndpoint.ADDRESS_LISTS:
    m2m_changed.connect(members_changed, sender=getattr(RemoteEndpoint, _name).through)


@receiver(pre_delete, sender=Gateway)
def gateway_deleted(sender, instance, using, **kwargs):
    """Refuse to delete a gateway whose rules may still be open on a firewall."""
    # Before its flows are deleted, which would be locked first
    Gateway.objects.using(using).select_for_update(of=('self',)).filter(pk=instance.pk).first()
    if instance.has_openings():
        raise AbortRequest(instance.still_open())


@receiver(post_delete, sender=Gateway)
@receiver(post_delete, sender=EnforcementPoint)
def forget_deleted(sender, instance, using, **kwargs):
    """Empty the relations of change lines and sign-offs, which keep the name; not where it was deleted in a branch."""
    if using != write_alias(SignOff):
        return
    name = 'gateway' if sender is Gateway else 'enforcement_point'
    for model in (ChangeLine, SignOff) if sender is Gateway else (SignOff,):
        models.QuerySet(model).filter(**{name: instance.pk}).update(**{name: None})
    if sender is Gateway:
        StandingSummary.objects.filter(gateway=instance.pk).delete()


@receiver(pre_delete, sender=EnforcementPoint)
def enforcement_point_deleted(sender, instance, using, **kwargs):
    """Refuse to delete a firewall on which rules are open: they would be forgotten."""
    # Whoever records something on it now comes first
    EnforcementPoint.objects.using(using).select_for_update(of=('self',)).filter(pk=instance.pk).first()
    if has_openings_at(instance.pk):
        raise AbortRequest(
            _('Rules are still open on {firewall}. Close them and record that they are closed first.').format(
                firewall=instance
            )
        )


@receiver(pre_delete, sender=RemoteEndpoint)
def endpoint_deleted(sender, instance, **kwargs):
    """Refuse to delete an endpoint that flows use: without it they would fall back to something broader."""
    if instance.flows.exists():
        raise AbortRequest(
            _('{endpoint} is assigned to required flows. Assign another endpoint to them first.').format(
                endpoint=instance
            )
        )


# endpoint_deleted must run before NetBox's own receiver, which removes a deleted object from the many-to-many relations
# that contain it
pre_delete.receivers.insert(0, pre_delete.receivers.pop())
