"""The known networks of each zone, as seen from a gateway."""

from collections import defaultdict

from netaddr import IPNetwork

from ..choices import DirectionChoices, ZoneChoices
from ..models import EnforcementPoint, EnforcementZone
from ..rules.addresses import LENGTH, Address, Vrf
from ..rules.needs import LocalAddress, claiming
from .refs import network_address

__all__ = ('load_said_networks', 'said_by', 'zone_networks')


def load_said_networks(gateways) -> dict[int, dict[str, tuple[list[Address], bool]]]:
    """Gateway pk -> zone -> (its networks, whether they are complete), from its enforcement points. Three queries.

    They are complete if every enforcement point that separates the zone has networks for it.
    """
    points = defaultdict(set)
    for pk, gateway in EnforcementPoint.objects.filter(gateways__in=gateways).values_list('pk', 'gateways'):
        points[gateway].add(pk)
    groups = {gateway.group_id for gateway in gateways.values()} - {None}
    by_group = defaultdict(set)
    for pk, group in EnforcementPoint.objects.filter(groups__in=groups).values_list('pk', 'groups'):
        by_group[group].add(pk)
    for pk, gateway in gateways.items():
        points[pk] |= by_group.get(gateway.group_id, set())
    zones = said_by(set().union(*points.values()))
    found = {}
    for pk in gateways:
        said = found[pk] = {}
        for point in sorted(points[pk]):
            for zone, (networks, separated) in zones[point].items():
                known, complete = said.get(zone, ([], True))
                said[zone] = (known + networks, complete and (bool(networks) or not separated))
    return found


def said_by(points, user=None) -> dict[int, dict[str, tuple[list[Address], bool]]]:
    """Enforcement point pk -> zone -> (networks, separated), limited to what the user may view. One query."""
    found = defaultdict(dict)
    names = ('enforcement_point', 'zone', 'separated', 'prefixes__prefix', 'prefixes__vrf', 'prefixes__vrf__name')
    zones = EnforcementZone.objects.filter(enforcement_point__in=points).order_by('pk', 'prefixes__pk')
    if user is not None:
        zones = zones.restrict(user, 'view')
    for point, zone, separated, prefix, vrf, vrf_name in zones.values_list(*names):
        networks, _separated = found[point].setdefault(zone, ([], separated))
        if prefix is not None:
            network = network_address(IPNetwork(prefix))
            vrf = Vrf(vrf, vrf_name) if vrf else None
            networks.append(Address(network.family, network.first, network.last, vrf))
    return found


def zone_networks(
    said: dict[str, tuple[list[Address], bool]], local: tuple[LocalAddress, ...]
) -> tuple[tuple[str, tuple[Address, ...]], ...]:
    """Zone -> its networks: those of the enforcement points, and the subnets of the gateway's own addresses.

    A subnet belongs to the zones that its address faces. If the networks of a zone are complete, all other addresses
    belong to the remaining zones: these get the default network, and more specific networks take precedence.
    """
    found = {zone: set(networks) for zone, (networks, _complete) in said.items()}
    for zone, network in _own(local):
        found.setdefault(zone, set()).add(network)
    complete = {zone: networks for zone, (networks, whole) in said.items() if networks and whole}
    for family, vrf in {(network.family, network.vrf) for networks in complete.values() for network in networks}:
        every = Address(family, 0, 2 ** LENGTH[family] - 1, vrf)
        for zone in ZoneChoices.values():
            if not any((n.family, n.vrf) == (family, vrf) for n in complete.get(zone, ())):
                found.setdefault(zone, set()).add(every)
    return tuple(
        (zone, tuple(sorted(networks, key=lambda network: network.sort_key)))
        for zone, networks in sorted(found.items())
        if networks
    )


def _own(local):
    for zone in ZoneChoices.values():
        for direction in DirectionChoices.values():
            for address in claiming(local, zone, direction):
                if not address.lost:
                    yield zone, address.segment or address.address
