"""Database objects as the plain values of ``rules``."""

from dcim.choices import DeviceStatusChoices
from ipam.choices import IPAddressStatusChoices
from netaddr import IPNetwork
from virtualization.choices import VirtualMachineStatusChoices

from ..rules.addresses import Address, Ref, Vrf

__all__ = ('host_address', 'network_address', 'notes_of', 'ref', 'vrf')


def ref(instance, name=None) -> Ref:
    return Ref(instance._meta.label_lower, instance.pk, name or str(instance))


def vrf(instance) -> Vrf | None:
    return Vrf(instance.vrf_id, str(instance.vrf)) if instance.vrf_id else None


def host_address(ip, *refs: Ref) -> Address:
    """An IPAddress as a single address, without the mask of its interface."""
    # A newly created object may still hold a string
    network = IPNetwork(ip.address)
    value = int(network.ip)
    return Address(network.version, value, value, vrf(ip), (*refs, ref(ip, ip.dns_name or str(network.ip))))


def network_address(network, owner=None, *refs: Ref) -> Address:
    """A network (netaddr) in the VRF of its owner."""
    return Address(network.version, network.first, network.last, vrf(owner) if owner else None, refs)


def notes_of(instance) -> str:
    """A note on the status of an IP address, device or virtual machine; empty for most."""
    kind = instance._meta.model_name
    if kind == 'ipaddress' and instance.status == IPAddressStatusChoices.STATUS_DEPRECATED:
        return f'{IPNetwork(instance.address).ip} is deprecated'
    if kind == 'device' and instance.status == DeviceStatusChoices.STATUS_OFFLINE:
        return f'{instance} is offline'
    if kind == 'virtualmachine' and instance.status == VirtualMachineStatusChoices.STATUS_OFFLINE:
        return f'{instance} is offline'
    return ''
