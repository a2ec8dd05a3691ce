"""Ways in that no single ``save()`` sees: many-to-many changes and deletions."""

from django.db.models.signals import m2m_changed, pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext as _
from ipam.models import Prefix
from utilities.exceptions import AbortRequest

from .models import EnforcementZone, Gateway, ProfileFeature, RemoteEndpoint
from .reconcile import requested
from .validators import every_address


@receiver(m2m_changed, sender=Gateway.features.through)
def features_changed(sender, instance, action, reverse, pk_set, **kwargs):
    """Flows follow the features, from either side; Django sends post_* inside the transaction of the change."""
    if action == 'pre_add':
        _check_profiles(instance, reverse, pk_set)
    if action == 'pre_clear' and reverse:
        # post_clear no longer knows whom it concerned
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
        raise AbortRequest(_('A gateway uses features of its own profile only.'))


@receiver(m2m_changed, sender=RemoteEndpoint.prefixes.through)
@receiver(m2m_changed, sender=EnforcementZone.prefixes.through)
def prefixes_changed(sender, instance, action, reverse, model, pk_set, **kwargs):
    """Anyone must be said openly: a prefix of every address is no member, on any way in."""
    if action != 'pre_add':
        return
    pks, owner = ([instance.pk], model) if reverse else (pk_set, type(instance))
    # As stored: an object that was just made may still hold a text
    if every_address(Prefix.objects.filter(pk__in=pks)):
        raise AbortRequest(str(owner.EVERY_ADDRESS))


@receiver(pre_delete, sender=Gateway)
def gateway_deleted(sender, instance, **kwargs):
    """An opening must not be forgotten because a gateway record went."""
    if instance.open_flows().exists():
        raise AbortRequest(
            _(
                'Openings of {gateway} are not closed yet: set it to decommissioning, close them, set their flows to '
                'retired, then delete it.'
            ).format(gateway=instance)
        )


@receiver(pre_delete, sender=RemoteEndpoint)
def endpoint_deleted(sender, instance, **kwargs):
    """A flow that names an endpoint would fall through to something wider without it."""
    if instance.flows.exists():
        raise AbortRequest(
            _('Required flows name {endpoint}: give them another endpoint first.').format(endpoint=instance)
        )


# NetBox's own receiver takes a deleted object out of the lists that name it: this one has to look before that
pre_delete.receivers.insert(0, pre_delete.receivers.pop())
