"""Explains why a selected address of a gateway is no longer usable, limited to what the user may view."""

from core.models import ObjectChange
from dcim.models import Interface
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from ipam.models import IPAddress
from virtualization.models import VMInterface

__all__ = ('reasons_lost',)

TEXTS = {
    'out_of_band': '{address} is an out-of-band address',
    'link_local': '{address} is a link-local address',
    'not_member': '{address} belongs to an FHRP group of which {gateway} is no member',
    'foreign': '{address} moved to {holder}',
}
ASSIGNED = ('assigned_object_type', 'assigned_object_id')


def reasons_lost(faults: dict, user=None) -> dict[int, str]:
    """GatewayAddress pk -> the reason. ``faults`` maps a gateway address to its GatewayAddress.FAULTS code.

    For a moved address, the reason includes its new machine and the date and user of the last move, if the change log
    has them and the user may view them. No queries without faults.
    """
    if not faults:
        return {}
    pks = {address.ip_address_id for address, fault in faults.items() if fault in ('foreign', 'not_member')}
    holders, moves = _holders(pks, user), _moves(pks, user)
    return {
        address.pk: TEXTS[fault].format(
            address=str(address.ip_address.address.ip),
            gateway=address.gateway.machine,
            holder=holders.get(address.ip_address_id, 'another machine'),
        )
        + moves.get(address.ip_address_id, '')
        for address, fault in faults.items()
    }


def _holders(pks, user):
    """IP address pk -> the name of the machine that has it now; missing where the user may not view that machine."""
    found = {}
    for model, owner in ((Interface, 'device'), (VMInterface, 'virtual_machine')):
        kind = ContentType.objects.get_for_model(model)
        assigned = dict(
            IPAddress.objects.filter(pk__in=pks, assigned_object_type=kind).values_list('pk', 'assigned_object_id')
        )
        interfaces = model.objects.filter(pk__in=assigned.values()).select_related(owner)
        if user is not None:
            machines = model._meta.get_field(owner).related_model.objects.restrict(user, 'view')
            interfaces = interfaces.filter(**{f'{owner}__in': machines})
        names = {interface.pk: str(getattr(interface, owner)) for interface in interfaces}
        found |= {pk: names[interface] for pk, interface in assigned.items() if interface in names}
    return found


def _moves(pks, user):
    """IP address pk -> when and by whom it was last assigned to another interface or group."""
    changes = ObjectChange.objects.filter(
        changed_object_type=ContentType.objects.get_for_model(IPAddress), changed_object_id__in=pks
    ).order_by('time')
    if user is not None:
        changes = changes.restrict(user, 'view')
    found = {}
    for change in changes:
        before, after = change.prechange_data or {}, change.postchange_data or {}
        if before and any(before.get(name) != after.get(name) for name in ASSIGNED):
            day = timezone.localtime(change.time).date().isoformat()
            found[change.changed_object_id] = f' on {day}, by {change.user_name}'
    return found
