from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from netbox.graphql.types import PrimaryObjectType

from ... import models
from .. import filters
from .common import OURS, display

if TYPE_CHECKING:
    from dcim.graphql.types import DeviceType, SiteType
    from ipam.graphql.types import IPAddressType, IPRangeType, PrefixType, VRFType
    from virtualization.graphql.types import VirtualMachineType

    from . import GatewayGroupType, GatewayType, RemoteRoleType, RequiredFlowType

__all__ = ('RemoteEndpointType',)

DCIM = strawberry.lazy('dcim.graphql.types')
IPAM = strawberry.lazy('ipam.graphql.types')


@strawberry_django.type(
    models.RemoteEndpoint,
    name='GwportsRemoteEndpoint',
    fields='__all__',
    filters=filters.RemoteEndpointFilter,
    pagination=True,
)
class RemoteEndpointType(PrimaryObjectType):
    role: Annotated['RemoteRoleType', OURS] | None
    ip_addresses: list[Annotated['IPAddressType', IPAM]]
    prefixes: list[Annotated['PrefixType', IPAM]]
    ip_ranges: list[Annotated['IPRangeType', IPAM]]
    devices: list[Annotated['DeviceType', DCIM]]
    virtual_machines: list[Annotated['VirtualMachineType', strawberry.lazy('virtualization.graphql.types')]]
    dns_names: list[str]
    literals: list[str]
    vrf: Annotated['VRFType', IPAM] | None
    port_map: list[str]
    gateways: list[Annotated['GatewayType', OURS]]
    groups: list[Annotated['GatewayGroupType', OURS]]
    sites: list[Annotated['SiteType', DCIM]]
    flows: list[Annotated['RequiredFlowType', OURS]]
    display = display('name')
