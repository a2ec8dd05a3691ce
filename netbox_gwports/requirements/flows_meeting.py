"""The required flows whose rules contain an IP address, a prefix or an IP range."""

from collections import defaultdict

from django.db.models import Q

from ..choices import RemoteRoleKindChoices
from ..models import Gateway, RemoteEndpoint, RequiredFlow
from ..rules.addresses import Address
from ..rules.build import resolve
from . import load_each
from .endpoints import load_addresses
from .refs import host_address, network_address, vrf

__all__ = ('LOCAL', 'REMOTE', 'flows_meeting')

LOCAL, REMOTE = 'local', 'remote'


def flows_meeting(instance, user=None) -> dict[int, set[str]]:
    """Flow pk -> LOCAL, REMOTE or both: the sides of the flow's rules that contain this IPAddress, Prefix or IPRange.

    A side matches if it has an address in common in the same VRF, compared without interface masks; "any" does not
    match. Limited to what the user may view (None: everything).
    """
    address = _address(instance)
    found = defaultdict(set)
    for needs in load_each(_candidates(address, user), user):
        for rule in resolve(needs).rules:
            sides = {LOCAL: rule.local, REMOTE: rule.remote}
            met = {name for name, side in sides.items() if any(address.meets(a) for a in side.addresses)}
            if met:
                for flow in rule.flows:
                    found[flow.id] |= met
    return dict(found)


def _address(instance):
    if instance._meta.model_name == 'ipaddress':
        return host_address(instance)
    if instance._meta.model_name == 'prefix':
        return network_address(instance.prefix, instance)
    first, last = instance.start_address, instance.end_address
    return Address(first.version, int(first.ip), int(last.ip), vrf(instance))


def _candidates(address, user):
    """Gateways whose rules may contain the address: a coarse filter, so that not every gateway has to be resolved."""
    gateways, endpoints = Gateway.objects.all(), RemoteEndpoint.objects.all()
    if user is not None:
        gateways, endpoints = gateways.restrict(user, 'view'), endpoints.restrict(user, 'view')
    addresses = load_addresses(endpoints)
    met = [endpoint for endpoint, found in addresses.items() if any(address.meets(a) for a in found)]
    if any(endpoint.role.kind == RemoteRoleKindChoices.PROXY for endpoint in met):
        # A web proxy may serve any flow
        return gateways
    pks = [endpoint.pk for endpoint in met]
    flows = RequiredFlow.objects.filter(Q(endpoints__in=pks) | Q(remote_role__endpoints__in=pks))
    own = Gateway.objects.filter(_has_address(address))
    # The rules of its peers contain the addresses of a gateway, too
    return gateways.filter(Q(pk__in=own) | Q(group__in=own.values('group')) | Q(pk__in=flows.values('gateway')))


def _has_address(address):
    first, last = address.ends
    q = Q()
    for path in (
        'addresses__ip_address',
        'device__primary_ip4',
        'device__primary_ip6',
        'virtual_machine__primary_ip4',
        'virtual_machine__primary_ip6',
    ):
        q |= Q(**{f'{path}__address__host__inet__gte': first, f'{path}__address__host__inet__lte': last})
    return q
