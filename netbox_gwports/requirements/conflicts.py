"""Addresses of an endpoint that conflict with the networks of its zone, as known from the enforcement points."""

from django.db.models import Q
from django.utils.translation import gettext as _

from ..choices import EndpointScopeChoices
from ..models import EnforcementPoint, Gateway, RemoteEndpoint
from ..models.enforcement import serving
from ..rules.zones import misplaced
from .endpoints import load_addresses
from .zones import said_by, zone_networks

__all__ = ('zone_conflicts',)

# Maximum number of conflicts in a message
MOST = 10


def zone_conflicts(endpoint: RemoteEndpoint, user) -> list[str]:
    """A message for each address within the networks of another zone, with that zone, the firewall and the remedy.

    These are warnings, not errors: rules omit such addresses anyway, another firewall may have other networks for the
    zone, and the user may lack permission to view or change enforcement zones.
    """
    points = EnforcementPoint.objects.restrict(user, 'view').filter(
        serving(Gateway.objects.filter(_in_scope(endpoint)))
    )
    points = {point.pk: point for point in points.distinct().order_by('pk')}
    addresses = next(iter(load_addresses(RemoteEndpoint.objects.filter(pk=endpoint.pk)).values()), ())
    zone, found = endpoint.zone or endpoint.role.zone, []
    for pk, zones in sorted(said_by(points, user).items()):
        said = {name: (networks, bool(networks) or not separated) for name, (networks, separated) in zones.items()}
        known = zone_networks(said, ())
        found += [
            _(
                '{conflict} (as {firewall} knows it). Correct the address, the zone of the endpoint or the networks of '
                'the zone: no rule is made for it.'
            ).format(conflict=conflict, firewall=points[pk])
            for address in addresses
            if (conflict := misplaced(address, zone, known))
        ]
    return found[:MOST]


def _in_scope(endpoint):
    scopes = EndpointScopeChoices
    if endpoint.scope == scopes.GATEWAYS:
        return Q(pk__in=endpoint.gateways.values('pk'))
    if endpoint.scope == scopes.GROUPS:
        return Q(group__in=endpoint.groups.values('pk'))
    if endpoint.scope == scopes.SITES:
        sites = endpoint.sites.values('pk')
        return (
            Q(device__site__in=sites)
            | Q(virtual_machine__site__in=sites)
            | Q(virtual_machine__site=None, virtual_machine__cluster___site__in=sites)
        )
    return Q()
