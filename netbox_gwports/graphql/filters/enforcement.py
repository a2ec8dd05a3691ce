from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from django.db.models import Q
from netbox.graphql.filters import NetBoxModelFilter, PrimaryModelFilter
from strawberry.scalars import ID
from strawberry_django import BaseFilterLookup, FilterLookup, StrFilterLookup, filter_field

from ... import models
from ...filtersets.common import at_sites
from ...models.enforcement import serving
from .common import ENUMS, OURS

if TYPE_CHECKING:
    from dcim.graphql.filters import DeviceFilter
    from ipam.graphql.filters import PrefixFilter
    from virtualization.graphql.filters import VirtualMachineFilter

    from ..enums import ZoneEnum
    from . import GatewayFilter, GatewayGroupFilter

__all__ = ('EnforcementPointFilter', 'EnforcementZoneFilter')

VIRTUALIZATION = strawberry.lazy('virtualization.graphql.filters')


@strawberry_django.filter_type(models.EnforcementPoint, name='GwportsEnforcementPointFilter', lookups=True)
class EnforcementPointFilter(PrimaryModelFilter):
    device: Annotated['DeviceFilter', strawberry.lazy('dcim.graphql.filters')] | None = filter_field()
    device_id: ID | None = filter_field()
    virtual_machine: Annotated['VirtualMachineFilter', VIRTUALIZATION] | None = filter_field()
    virtual_machine_id: ID | None = filter_field()
    groups: Annotated['GatewayGroupFilter', OURS] | None = filter_field()
    gateways: Annotated['GatewayFilter', OURS] | None = filter_field()
    format_name: StrFilterLookup | None = filter_field()
    gateway_zone: StrFilterLookup | None = filter_field()
    gateway_interface: StrFilterLookup | None = filter_field()
    zones: Annotated['EnforcementZoneFilter', OURS] | None = filter_field()

    @filter_field(description='Site of the device, the virtual machine or its cluster')
    def site_id(self, value: list[ID], prefix) -> Q:
        return at_sites(value, prefix)

    @filter_field(description='One of these gateways is assigned, individually or through its group')
    def serves_id(self, value: list[ID], prefix) -> Q:
        points = models.EnforcementPoint.objects.filter(serving(value))
        return Q(**{f'{prefix}pk__in': points.values('pk')})


@strawberry_django.filter_type(models.EnforcementZone, name='GwportsEnforcementZoneFilter', lookups=True)
class EnforcementZoneFilter(NetBoxModelFilter):
    enforcement_point: Annotated['EnforcementPointFilter', OURS] | None = filter_field()
    enforcement_point_id: ID | None = filter_field()
    zone: BaseFilterLookup[Annotated['ZoneEnum', ENUMS]] | None = filter_field()
    separated: FilterLookup[bool] | None = filter_field()
    name: StrFilterLookup | None = filter_field()
    interface: StrFilterLookup | None = filter_field()
    prefixes: Annotated['PrefixFilter', strawberry.lazy('ipam.graphql.filters')] | None = filter_field()
