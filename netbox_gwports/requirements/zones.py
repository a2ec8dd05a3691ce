"""The known networks of each zone, as seen from a gateway."""

from collections import defaultdict
from dataclasses import dataclass, field

from netaddr import IPNetwork

from ..choices import DirectionChoices, ZoneChoices
from ..models import EnforcementPoint, EnforcementZone
from ..rules.addresses import LENGTH, Address, Ref, Vrf
from ..rules.needs import LocalAddress, claiming
from .refs import network_address

__all__ = ('FirewallFacts', 'load_firewall_facts', 'said_by', 'zone_networks')


@dataclass(slots=True)
class FirewallFacts:
    """What the firewalls of a gateway say: zone -> (its networks, whether they are complete), and zone -> firewalls.

    Networks are complete if every firewall that separates the zone has networks for it. ``crossing`` has the firewalls
    that separate each zone from the gateway.
    """

    networks: dict[str, tuple[list[Address], bool]] = field(default_factory=dict)
    crossing: dict[str, list[Ref]] = field(default_factory=lambda: defaultdict(list))


def load_firewall_facts(gateways) -> dict[int, FirewallFacts]:
    """Gateway pk -> facts. ``gateways`` maps pks to gateways. Three queries."""
    points, names = defaultdict(set), {}
    columns = ('pk', 'device__name', 'virtual_machine__name')
    for pk, device, machine, gateway in EnforcementPoint.objects.filter(gateways__in=gateways).values_list(
        *columns, 'gateways'
    ):
        points[gateway].add(pk)
        names[pk] = device or machine
    groups = {gateway.group_id for gateway in gateways.values()} - {None}
    by_group = defaultdict(set)
    for pk, device, machine, group in EnforcementPoint.objects.filter(groups__in=groups).values_list(
        *columns, 'groups'
    ):
        by_group[group].add(pk)
        names[pk] = device or machine
    for pk, gateway in gateways.items():
        points[pk] |= by_group.get(gateway.group_id, set())
    zones = said_by(set().union(*points.values()))
    found = {}
    for pk in gateways:
        facts = found[pk] = FirewallFacts()
        for point in sorted(points[pk]):
            for zone, (networks, separated) in zones[point].items():
                known, complete = facts.networks.get(zone, ([], True))
                facts.networks[zone] = (known + networks, complete and (bool(networks) or not separated))
                if separated:
                    facts.crossing[zone].append(
                        Ref(EnforcementPoint._meta.label_lower, point, names[point] or str(point))
                    )
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
