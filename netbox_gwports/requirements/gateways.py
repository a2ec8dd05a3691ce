"""Gateways, their addresses, the networks of their zones and their peers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from dcim.models import Device
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from ipam.models import FHRPGroup
from netaddr import IPNetwork

from ..choices import GatewayStatusChoices
from ..models import Gateway, GatewayAddress
from ..models.sites import site_id_of
from ..rules.addresses import Address, Ref
from ..rules.needs import LocalAddress, Peer
from .interfaces import Machines, key_of
from .lost import reasons_lost
from .refs import host_address, network_address, notes_of, ref
from .zones import load_firewall_facts, zone_networks

__all__ = ('GatewayFacts', 'load_gateways')


@dataclass(slots=True)
class GatewayFacts:
    """The facts about a gateway; ``group`` and ``site`` are pks, for the scopes of endpoints."""

    ref: Ref
    group: int | None
    site: int | None
    addresses: tuple[LocalAddress, ...]
    chosen: bool
    note: str = ''
    zone_networks: tuple[tuple[str, tuple[Address, ...]], ...] = ()
    crossing: tuple[tuple[str, tuple[Ref, ...]], ...] = ()
    peers: tuple[Peer, ...] = ()


def load_gateways(pks: Iterable[int], user=None, peering: Iterable[int] = ()) -> dict[int, GatewayFacts]:
    """Gateway pk -> facts, at a fixed number of queries.

    ``peering``: the pks whose peers are needed; other gateways of the group are loaded for these only.
    """
    peering = set(peering)
    gateways = _with_peers(pks, peering)
    chosen = _chosen(gateways)
    machines = Machines(gateway.machine for gateway in gateways.values())
    on_interfaces = machines.addresses()
    groups = machines.fhrp_groups(_fhrp_groups(a.ip_address for addresses in chosen.values() for a in addresses))
    faults, foreign = {}, set()
    for pk, gateway in gateways.items():
        key = key_of(gateway.machine)
        own = {ip.pk for ip in on_interfaces[key]}
        foreign |= {a.pk for a in chosen[pk] if _is_foreign(a.ip_address, own)}
        faults |= {a: fault for a in chosen[pk] if (fault := _fault(a, foreign, groups[key]))}
    lost = reasons_lost(faults, user)
    facts = {pk: _facts(g, chosen[pk], on_interfaces[key_of(g.machine)], lost, foreign) for pk, g in gateways.items()}
    firewalls = load_firewall_facts({pk: gateways[pk] for pk in pks})
    visible = _visible(gateways, pks, user)
    for pk in pks:
        facts[pk].zone_networks = zone_networks(firewalls[pk].networks, facts[pk].addresses)
        facts[pk].crossing = tuple((zone, tuple(refs)) for zone, refs in firewalls[pk].crossing.items())
        if pk in peering:
            facts[pk].peers = tuple(
                Peer(
                    facts[other].ref,
                    facts[other].addresses,
                    facts[other].chosen,
                    visible is None or other in visible,
                    facts[other].note,
                )
                for other, gateway in sorted(gateways.items())
                if other != pk and _are_peers(gateways[pk], gateway)
            )
    return {pk: facts[pk] for pk in pks}


def _with_peers(pks, peering):
    queryset = Gateway.objects.select_related(
        'profile',
        'device__primary_ip4__vrf',
        'device__primary_ip6__vrf',
        'virtual_machine__primary_ip4__vrf',
        'virtual_machine__primary_ip6__vrf',
        'virtual_machine__cluster',
    )
    asked = Q(pk__in=pks)
    if peering:
        asked |= Q(group__in=Gateway.objects.filter(pk__in=peering).exclude(group=None).values('group'))
    return {g.pk: g for g in queryset.filter(asked).order_by('pk')}


def _chosen(gateways):
    """Gateway pk -> its gateway addresses, each with ``out_of_band``."""
    found = defaultdict(list)
    addresses = GatewayAddress.objects.filter(gateway__in=gateways).select_related('ip_address__vrf')
    for address in addresses.annotate(out_of_band=Exists(Device.objects.filter(oob_ip=OuterRef('ip_address')))):
        address.gateway = gateways[address.gateway_id]
        found[address.gateway_id].append(address)
    return found


def _are_peers(gateway, other):
    product, others = gateway.profile, other.profile
    return (
        gateway.group_id is not None
        and gateway.group_id == other.group_id
        # Another release of the product is still a peer: otherwise a rolling upgrade would separate the members
        and (product.manufacturer_id, product.name) == (others.manufacturer_id, others.name)
        and other.status not in (GatewayStatusChoices.DECOMMISSIONING, GatewayStatusChoices.RETIRED)
    )


def _fhrp_groups(ips):
    group = ContentType.objects.get_for_model(FHRPGroup).pk
    return {ip.assigned_object_id for ip in ips if ip.assigned_object_type_id == group}


def _is_foreign(ip, own):
    return ip.assigned_object_id is not None and not _fhrp_groups([ip]) and ip.pk not in own


def _fault(address, foreign, groups):
    ip = address.ip_address
    shared = _fhrp_groups([ip])
    return GatewayAddress.fault(
        address.use,
        out_of_band=address.out_of_band,
        link_local=ip.address.ip.is_link_local(),
        not_member=bool(shared) and not shared & set(groups),
        foreign=address.pk in foreign,
    )


def _facts(gateway, addresses, on_interfaces, lost, foreign):
    machine = gateway.machine
    # Out-of-band addresses belong to the management controller, never to the gateway
    oob = getattr(machine, 'oob_ip_id', None)
    own = [ip for ip in on_interfaces if ip.pk != oob and not ip.address.ip.is_link_local()]
    subnets = [network_address(IPNetwork(ip.address), ip) for ip in own]
    local, chosen = _local(machine, addresses, own, oob, subnets, lost, foreign)
    return GatewayFacts(
        ref=ref(gateway, name=str(machine)),
        group=gateway.group_id,
        site=site_id_of(machine),
        addresses=local,
        chosen=chosen,
        note=notes_of(machine),
    )


def _local(machine, addresses, own, oob, subnets, lost, foreign):
    """The selected addresses; without any, the primary ones, provided that no other address might be intended."""
    if addresses:
        return tuple(
            LocalAddress(
                host_address(a.ip_address),
                frozenset(a.zones),
                a.use,
                _segment(a.ip_address, subnets),
                lost.get(a.pk, ''),
                notes_of(a.ip_address),
                a.pk in foreign,
            )
            for a in addresses
        ), True
    primary = [
        ip
        for ip in (machine.primary_ip4, machine.primary_ip6)
        if ip and ip.pk != oob and not ip.address.ip.is_link_local()
    ]
    if {ip.pk for ip in own} - {ip.pk for ip in primary}:
        return (), False
    return tuple(
        LocalAddress(host_address(ip), segment=_segment(ip, subnets), note=notes_of(ip)) for ip in primary
    ), True


def _segment(ip, subnets):
    """The subnet of an address: from its mask or, for a host mask, the smallest of ``subnets`` that contains it."""
    network = network_address(IPNetwork(ip.address), ip)
    if network.first != network.last:
        return network
    around = [n for n in subnets if n.contains(network) and n.first != n.last]
    return min(around, key=lambda n: (n.last - n.first, n.sort_key), default=None)


def _visible(gateways, pks, user):
    others = gateways.keys() - set(pks)
    if user is None or not others:
        return None
    return {*pks, *Gateway.objects.restrict(user, 'view').filter(pk__in=others).values_list('pk', flat=True)}
