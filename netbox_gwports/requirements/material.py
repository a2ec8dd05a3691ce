"""The material and default options of an export, from gateways and firewalls in the database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Q
from ipam.models import IPAddress, Prefix

from ..exports import Material
from ..models import EnforcementPoint, EnforcementZone, Gateway, GatewayProfile, RequiredFlow
from ..models.enforcement import serving
from ..rules.rule import Resolution
from . import SeenStanding, requirements, standings
from .refs import host_address, network_address

__all__ = (
    'MOST_TOGETHER',
    'enforced',
    'firewall_defaults',
    'firewall_material',
    'gateway_defaults',
    'material',
    'material_of',
)

# Maximum number of gateways in one file, all of which are held in memory
MOST_TOGETHER = 200


def material(gateways: Iterable[Gateway], user=None) -> Material:
    """The material to export these gateways, limited to what the user may view (None: everything)."""
    gateways = list(gateways)
    return material_of(requirements(gateways, user), user)


def material_of(resolutions: Iterable[Resolution], user=None) -> Material:
    """The material to export these resolutions. Two queries."""
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


def firewall_material(point: EnforcementPoint, user=None) -> Material:
    """The rules for one firewall: those of the gateways behind it with remotes in one of its separated zones.

    Flows of gateways and zones that the user may not view are counted as hidden: a configuration that silently omits
    them would close their ports.
    """
    resolutions, unseen_flows = _enforced(point, user, requirements, lambda found: found, lambda _found, seen: seen)
    # Not its name: what a renamed firewall holds would no longer be replaced
    return replace(material_of(resolutions, user), unseen_flows=unseen_flows, owner=f'fw{point.pk}')


def enforced(point: EnforcementPoint, user=None) -> tuple[list[SeenStanding], int]:
    """The same rules with what is open, and the number of flows that the user may not view because of their zone or
    their gateway.
    """
    return _enforced(
        point,
        user,
        standings,
        lambda standing: standing.resolution,
        lambda standing, resolution: replace(standing, resolution=resolution),
    )


def _enforced(point, user, resolve, resolution_of, with_resolution):
    served, zones = point.served(), EnforcementZone.objects.filter(enforcement_point=point, separated=True)
    gateways, seen = served, zones
    if user is not None:
        gateways, seen = served.restrict(user, 'view'), zones.restrict(user, 'view')
    found = resolve(gateways.order_by('pk'), user)
    shown = set(seen.values_list('zone', flat=True))
    unseen = set(zones.values_list('zone', flat=True)) - shown
    rules = (rule for each in found for rule in resolution_of(each).rules)
    unseen_flows = {flow.id for rule in rules if rule.zone in unseen for flow in rule.flows}
    hidden = RequiredFlow.objects.needed().filter(gateway__in=served.exclude(pk__in=gateways.values('pk')))
    limited = [with_resolution(each, _limited(resolution_of(each), shown)) for each in found]
    return limited, len(unseen_flows) + hidden.count()


def _limited(resolution, zones):
    return replace(
        resolution,
        rules=tuple(rule for rule in resolution.rules if rule.zone in zones),
        unresolved=tuple(entry for entry in resolution.unresolved if entry.zone in zones),
        notes=tuple(note for note in resolution.notes if note.zone in zones),
    )


def firewall_defaults(point: EnforcementPoint, user=None) -> dict:
    """Names and networks of a firewall's zones, as attributes of exports.Options. Three queries.

    The networks of a zone are known if it has prefixes, or if it is declared as empty: not separated and without
    prefixes.
    """
    zones = point.zones.prefetch_related('prefixes')
    if user is not None:
        zones = zones.restrict(user, 'view')
    visible = Prefix.objects.filter(gwports_enforcement_zones__enforcement_point=point)
    visible = set((visible if user is None else visible.restrict(user, 'view')).values_list('pk', flat=True))
    # A zone with hidden prefixes is omitted: with only some of its networks, "any" would mean the wrong addresses
    networks = {
        zone.zone: tuple(network_address(prefix.prefix) for prefix in zone.prefixes.all())
        for zone in zones
        if (zone.prefixes.all() or not zone.separated) and visible.issuperset(p.pk for p in zone.prefixes.all())
    }
    return {
        'gateway_zone': point.gateway_zone,
        'gateway_interface': point.gateway_interface,
        'zone_names': {zone.zone: zone.name for zone in zones if zone.name},
        'interfaces': {zone.zone: zone.interface for zone in zones if zone.interface},
        'leg_zones': {zone.zone: zone.gateway_zone for zone in zones if zone.gateway_zone},
        'leg_interfaces': {zone.zone: zone.gateway_interface for zone in zones if zone.gateway_interface},
        'networks': networks,
    }


def gateway_defaults(gateways: Iterable[Gateway], user=None) -> dict:
    """What is known of the zones of these gateways, as attributes of exports.Options.

    The networks of a zone are those of all firewalls that serve the gateways. A zone is omitted if one of them
    separates it and has no networks for it, or networks that the user may not view: with only some of its networks,
    "any" would mean the wrong addresses.
    """
    points = EnforcementPoint.objects.filter(serving(gateways)).distinct().order_by('pk')
    seen = {point.pk for point in (points if user is None else points.restrict(user, 'view'))}
    known, unsure = defaultdict(dict), set()
    for point in points:
        networks = firewall_defaults(point, user)['networks'] if point.pk in seen else {}
        # Separated without prefixes: its networks are not known. Hidden prefixes: not all of them are
        unsure.update(
            point.zones
            .filter(Q(separated=True) | Q(prefixes__isnull=False))
            .exclude(zone__in=networks)
            .values_list('zone', flat=True)
        )
        for zone, found in networks.items():
            known[zone].update(dict.fromkeys(found))
    return {'networks': {zone: tuple(found) for zone, found in known.items() if zone not in unsure}}


def _outside(resolutions, user):
    """Address of a gateway -> its outside NAT addresses."""
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
