"""Which gateways an object has a part in: those whose standing may be another one after it was changed."""

from collections.abc import Callable, Collection

from dcim.models import Device, Interface, Location, VirtualChassis
from django.db.models import Exists, Model, Q
from ipam.models import VRF, FHRPGroupAssignment, IPAddress, IPRange, Prefix
from virtualization.models import Cluster, VirtualMachine, VMInterface

from ..choices import RemoteRoleKindChoices
from ..models import (
    EnforcementPoint,
    EnforcementZone,
    FlowTemplate,
    Gateway,
    GatewayAddress,
    GatewayProfile,
    GatewayService,
    ProfileFeature,
    RemoteEndpoint,
    RemoteRole,
    RequiredFlow,
    SignOff,
)

__all__ = ('AFFECTED', 'NOT_WHEN_NEW', 'affected')

Pks = Collection[int]


def _endpoints(condition: Q) -> Q:
    """The gateways whose flows may resolve to such endpoints, whatever their scope. A web proxy may serve any flow."""
    endpoints = RemoteEndpoint.objects.filter(condition)
    flows = RequiredFlow.objects.filter(Q(remote_role__in=endpoints.values('role')) | Q(endpoints__in=endpoints))
    proxies = endpoints.filter(role__kind=RemoteRoleKindChoices.PROXY)
    return Q(pk__in=flows.values('gateway')) | Q(Exists(proxies))


def _devices(condition: Q) -> Q:
    """The gateways on such devices or beside them in a virtual chassis, and those whose endpoints have them."""
    devices = Device.objects.filter(condition)
    chassis = devices.exclude(virtual_chassis=None).values('virtual_chassis')
    return (
        Q(device__in=devices)
        | Q(device__virtual_chassis__in=chassis)
        # A selected address that became the out-of-band address of a device, of whichever
        | Q(addresses__ip_address__in=devices.exclude(oob_ip=None).values('oob_ip'))
        | _endpoints(Q(devices__in=devices))
    )


def _virtual_machines(condition: Q) -> Q:
    machines = VirtualMachine.objects.filter(condition)
    return Q(virtual_machine__in=machines) | _endpoints(Q(virtual_machines__in=machines))


def _points(condition: Q) -> Q:
    """The gateways that such enforcement points serve."""
    points = EnforcementPoint.objects.filter(condition)
    return Q(enforcement_points__in=points) | Q(group__enforcement_points__in=points)


def _profiles(condition: Q) -> Q:
    profiles = GatewayProfile.objects.filter(condition)
    return Q(profile__in=profiles) | Q(next_profile__in=profiles)


def _ip_addresses(pks: Pks) -> Q:
    primary = Q(primary_ip4__in=pks) | Q(primary_ip6__in=pks)
    return (
        Q(addresses__ip_address__in=pks)
        | _endpoints(Q(ip_addresses__in=pks))
        | _devices(primary | Q(interfaces__ip_addresses__in=pks))
        | _virtual_machines(primary | Q(interfaces__ip_addresses__in=pks))
    )


def _prefixes(pks: Pks) -> Q:
    return _endpoints(Q(prefixes__in=pks)) | _points(Q(zones__prefixes__in=pks))


def _roles(pks: Pks) -> Q:
    return Q(flows__remote_role__in=pks) | _endpoints(Q(role__in=pks))


def _locations(pks: Pks) -> Q:
    """Moving a location moves what is below it, too."""
    return Q(device__location__isnull=False) | Q(virtual_machine__cluster___location__isnull=False)


# Model -> the condition on gateways for objects with these primary keys, as they are in the database now. Not here:
# sites, gateway groups and FHRP groups, which cannot be deleted while a gateway is at one, in one or has an address of
# one, and change requests, whose every step is a sign-off
AFFECTED: dict[type[Model], Callable[[Pks], Q]] = {
    IPAddress: _ip_addresses,
    Prefix: _prefixes,
    IPRange: lambda pks: _endpoints(Q(ip_ranges__in=pks)),
    # Its name is shown with every address
    VRF: lambda pks: Q(pk__isnull=False),
    FHRPGroupAssignment: lambda pks: Q(
        addresses__ip_address__fhrpgroup__in=FHRPGroupAssignment.objects.filter(pk__in=pks).values('group')
    ),
    Device: lambda pks: _devices(Q(pk__in=pks)),
    Interface: lambda pks: _devices(Q(interfaces__in=pks)) | Q(addresses__ip_address__interface__in=pks),
    VirtualChassis: lambda pks: _devices(Q(virtual_chassis__in=pks)),
    VirtualMachine: lambda pks: _virtual_machines(Q(pk__in=pks)),
    VMInterface: lambda pks: _virtual_machines(Q(interfaces__in=pks)) | Q(addresses__ip_address__vminterface__in=pks),
    Cluster: lambda pks: _virtual_machines(Q(cluster__in=pks)),
    Location: _locations,
    GatewayProfile: lambda pks: _profiles(Q(pk__in=pks)),
    ProfileFeature: lambda pks: _profiles(Q(features__in=pks)),
    GatewayService: lambda pks: _profiles(Q(services__in=pks)),
    FlowTemplate: lambda pks: _profiles(Q(services__flow_templates__in=pks)),
    RemoteRole: _roles,
    RemoteEndpoint: lambda pks: _endpoints(Q(pk__in=pks)),
    Gateway: lambda pks: Q(pk__in=pks),
    GatewayAddress: lambda pks: Q(addresses__in=pks),
    RequiredFlow: lambda pks: Q(flows__in=pks),
    EnforcementPoint: lambda pks: _points(Q(pk__in=pks)),
    EnforcementZone: lambda pks: _points(Q(zones__in=pks)),
    SignOff: lambda pks: Q(change_lines__change_request__sign_offs__in=pks) | Q(sign_offs__in=pks),
}
# A new one has no part in anything: importing many of them asks nothing
NOT_WHEN_NEW = (Prefix, IPRange, VRF, VirtualMachine, Cluster, Location)


def affected(model: type[Model], pks: Pks) -> list[tuple[int, int | None]]:
    """(gateway pk, group pk) of the gateways in which these objects have a part now. One query.

    The other gateways of the groups may be affected too, as their peers.
    """
    found = Gateway.objects.filter(AFFECTED[model](pks))
    return list(found.order_by().values_list('pk', 'group').distinct())
