"""From gateways in the database to the material of an export."""

from collections import defaultdict
from collections.abc import Iterable

from ipam.models import IPAddress

from .exports import Material
from .models import Gateway, GatewayProfile
from .requirements import requirements
from .requirements.refs import host_address
from .rules.rule import Resolution

__all__ = ('MOST_TOGETHER', 'material', 'material_of')

# More gateways than this in one file are read by nobody, and all of them have to be in memory for it
MOST_TOGETHER = 200


def material(gateways: Iterable[Gateway], user=None) -> Material:
    """What is to be exported of these gateways, as the user may see it; None sees everything."""
    gateways = list(gateways)
    return material_of(requirements(gateways, user), user)


def material_of(resolutions: Iterable[Resolution], user=None) -> Material:
    """The same of what is resolved already. Two queries."""
    resolutions = tuple(resolutions)
    pks = [resolution.gateway.id for resolution in resolutions]
    profiles = GatewayProfile.objects.exclude(partial='').filter(gateways__in=pks)
    partial = {}
    if user is not None:
        profiles = profiles.restrict(user, 'view')
    for pk, name, version, text in profiles.values_list('gateways', 'name', 'version', 'partial'):
        if pk in pks:
            partial[pk] = f'{name} {version}: {text}'
    return Material(resolutions, partial, _outside(resolutions, user))


def _outside(resolutions, user):
    """Address of a gateway -> the addresses under which others reach it."""
    inside = {
        ref.id: address
        for resolution in resolutions
        for rule in resolution.rules
        for address in rule.local.addresses
        for ref in address.refs
        if ref.type == 'ipam.ipaddress'
    }
    addresses = IPAddress.objects.filter(nat_inside__in=inside).select_related('vrf').order_by('pk')
    if user is not None:
        addresses = addresses.restrict(user, 'view')
    found = defaultdict(tuple)
    for ip in addresses:
        found[inside[ip.nat_inside_id]] += (host_address(ip),)
    return dict(found)
