from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from netbox.graphql.types import NetBoxObjectType, PrimaryObjectType

from ... import models
from .. import filters
from .common import OURS, display, machine_display

if TYPE_CHECKING:
    from dcim.graphql.types import DeviceType
    from ipam.graphql.types import PrefixType
    from virtualization.graphql.types import VirtualMachineType

    from . import GatewayGroupType, GatewayType

__all__ = ('EnforcementPointType', 'EnforcementZoneType')


@strawberry_django.type(
    models.EnforcementPoint,
    name='GwportsEnforcementPoint',
    fields='__all__',
    filters=filters.EnforcementPointFilter,
    pagination=True,
)
class EnforcementPointType(PrimaryObjectType):
    device: Annotated['DeviceType', strawberry.lazy('dcim.graphql.types')] | None
    virtual_machine: Annotated['VirtualMachineType', strawberry.lazy('virtualization.graphql.types')] | None
    groups: list[Annotated['GatewayGroupType', OURS]]
    gateways: list[Annotated['GatewayType', OURS]]
    zones: list[Annotated['EnforcementZoneType', OURS]]
    display = machine_display()


@strawberry_django.type(
    models.EnforcementZone,
    name='GwportsEnforcementZone',
    fields='__all__',
    filters=filters.EnforcementZoneFilter,
    pagination=True,
)
class EnforcementZoneType(NetBoxObjectType):
    enforcement_point: Annotated['EnforcementPointType', OURS] | None
    prefixes: list[Annotated['PrefixType', strawberry.lazy('ipam.graphql.types')]]
    display = display('zone')
