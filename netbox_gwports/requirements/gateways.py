"""Gateways, their addresses, their subnets and their peers."""

from collections import defaultdict
from dataclasses import dataclass

from dcim.models import Interface
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q
from ipam.models import IPAddress
from netaddr import IPNetwork
from virtualization.models import VMInterface

from ..choices import AddressUseChoices, GatewayStatusChoices
from ..models import Gateway, GatewayAddress
from ..models.sites import site_id_of
from ..rules.addresses import Address, Ref
from ..rules.needs import LocalAddress, Peer
from .refs import host_address, network_address, ref

__all__ = ('GatewayFacts', 'load_gateways')


@dataclass(slots=True)
class GatewayFacts:
    """What is known of one gateway; ``group`` and ``site`` are keys, for the scopes of endpoints."""

    ref: Ref
    group: int | None
    site: int | None
    addresses: tuple[LocalAddress, ...]
    chosen: bool
    segments: tuple[Address, ...]
    peers: tuple[Peer, ...] = ()


def load_gateways(pks: list[int], user=None) -> dict[int, GatewayFacts]:
    """Gateway pk -> facts; four queries, and one more where a user's view of the peers has to be asked."""
    gateways = _with_peers(pks)
    chosen = defaultdict(list)
    for address in GatewayAddress.objects.filter(gateway__in=gateways).select_related('ip_address__vrf'):
        chosen[address.gateway_id].append(address)
    on_interfaces = _on_interfaces(gateways.values())
    facts = {pk: _facts(g, chosen[pk], on_interfaces[g.device_id, g.virtual_machine_id]) for pk, g in gateways.items()}
    visible = _visible(gateways, pks, user)
    for pk in pks:
        facts[pk].peers = tuple(
            Peer(facts[other].ref, facts[other].addresses, facts[other].chosen, visible is None or other in visible)
            for other, gateway in sorted(gateways.items())
            if other != pk and _are_peers(gateways[pk], gateway)
        )
    return {pk: facts[pk] for pk in pks}


def _with_peers(pks):
    queryset = Gateway.objects.select_related(
        'profile',
        'device__primary_ip4__vrf',
        'device__primary_ip6__vrf',
        'virtual_machine__primary_ip4__vrf',
        'virtual_machine__primary_ip6__vrf',
        'virtual_machine__cluster',
    )
    groups = Gateway.objects.filter(pk__in=pks).exclude(group=None).values('group')
    return {g.pk: g for g in queryset.filter(Q(pk__in=pks) | Q(group__in=groups)).order_by('pk')}


def _are_peers(gateway, other):
    product, others = gateway.profile, other.profile
    return (
        gateway.group_id is not None
        and gateway.group_id == other.group_id
        # Another release of the product is still a peer, or an upgrade one by one would cut them off
        and (product.manufacturer_id, product.name) == (others.manufacturer_id, others.name)
        and other.status not in (GatewayStatusChoices.DECOMMISSIONING, GatewayStatusChoices.RETIRED)
    )


def _on_interfaces(gateways):
    """(device pk, virtual machine pk) -> the addresses on its interfaces."""
    devices = [g.device_id for g in gateways if g.device_id]
    machines = [g.virtual_machine_id for g in gateways if g.virtual_machine_id]
    found = defaultdict(list)
    addresses = IPAddress.objects.select_related('vrf').order_by('pk')
    for ip in addresses.filter(interface__device__in=devices).annotate(machine=F('interface__device')):
        found[ip.machine, None].append(ip)
    for ip in addresses.filter(vminterface__virtual_machine__in=machines).annotate(
        machine=F('vminterface__virtual_machine')
    ):
        found[None, ip.machine].append(ip)
    return found


def _facts(gateway, addresses, on_interfaces):
    machine = gateway.machine
    # Out-of-band is the hardware's own way in, beside the operating system: never an address of the gateway
    oob = getattr(machine, 'oob_ip_id', None)
    own = [ip for ip in on_interfaces if ip.pk != oob]
    local, chosen = _local(machine, addresses, own, oob)
    return GatewayFacts(
        ref=ref(gateway, name=str(machine)),
        group=gateway.group_id,
        site=site_id_of(machine),
        addresses=local,
        chosen=chosen,
        segments=tuple(network_address(IPNetwork(ip.address), ip) for ip in own),
    )


def _local(machine, addresses, own, oob):
    """The chosen addresses; where none are, the primary ones, if no other address leaves a doubt."""
    if addresses:
        usable = [a for a in addresses if a.ip_address_id != oob and not _moved_away(a, own)]
        return tuple(LocalAddress(host_address(a.ip_address), frozenset(a.zones), a.use) for a in usable), True
    primary = [ip for ip in (machine.primary_ip4, machine.primary_ip6) if ip and ip.pk != oob]
    if {ip.pk for ip in own} - {ip.pk for ip in primary}:
        return (), False
    return tuple(LocalAddress(host_address(ip)) for ip in primary), True


def _moved_away(address, own):
    """Whether the address is on an interface of another host by now, though it is not for inbound use only.

    It was refused when it was chosen; who moves an IP address later is not asked. A rule must not name that host.
    """
    on_interface = address.ip_address.assigned_object_type_id in {
        ContentType.objects.get_for_model(model).pk for model in (Interface, VMInterface)
    }
    elsewhere = address.ip_address_id not in {ip.pk for ip in own}
    return on_interface and elsewhere and address.use != AddressUseChoices.INBOUND


def _visible(gateways, pks, user):
    others = gateways.keys() - set(pks)
    if user is None or not others:
        return None
    return {*pks, *Gateway.objects.restrict(user, 'view').filter(pk__in=others).values_list('pk', flat=True)}
