from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from django.db.models import Q
from netbox.graphql.filters import NetBoxModelFilter, PrimaryModelFilter
from strawberry.scalars import ID
from strawberry.types import Info
from strawberry_django import BaseFilterLookup, FilterLookup, StrFilterLookup, filter_field

from ... import models
from ...filtersets.common import at_sites
from ...models.enforcement import serving
from ...visible import visible
from .common import ENUMS, OURS, prefixed, related_filter, related_id, viewer

if TYPE_CHECKING:
    from dcim.graphql.filters import DeviceFilter
    from ipam.graphql.filters import PrefixFilter
    from virtualization.graphql.filters import VirtualMachineFilter

    from ..enums import ZoneEnum
    from . import GatewayFilter, GatewayGroupFilter

__all__ = ('EnforcementPointFilter', 'EnforcementZoneFilter')

DCIM = strawberry.lazy('dcim.graphql.filters')
VIRTUALIZATION = strawberry.lazy('virtualization.graphql.filters')


@strawberry_django.filter_type(models.EnforcementPoint, name='GwportsEnforcementPointFilter', lookups=True)
class EnforcementPointFilter(PrimaryModelFilter):
    device = related_filter(models.EnforcementPoint, 'device', Annotated['DeviceFilter', DCIM])
    device_id = related_id(models.EnforcementPoint, 'device')
    virtual_machine = related_filter(
        models.EnforcementPoint, 'virtual_machine', Annotated['VirtualMachineFilter', VIRTUALIZATION]
    )
    virtual_machine_id = related_id(models.EnforcementPoint, 'virtual_machine')
    groups = related_filter(models.EnforcementPoint, 'groups', Annotated['GatewayGroupFilter', OURS])
    gateways = related_filter(models.EnforcementPoint, 'gateways', Annotated['GatewayFilter', OURS])
    format_name: StrFilterLookup | None = filter_field()
    gateway_zone: StrFilterLookup | None = filter_field()
    gateway_interface: StrFilterLookup | None = filter_field()
    zones = related_filter(models.EnforcementPoint, 'zones', Annotated['EnforcementZoneFilter', OURS])

    @filter_field(description='Site of the device, the virtual machine or its cluster')
    def site_id(self, info: Info, value: list[ID], prefix) -> Q:
        return prefixed(prefix, models.EnforcementPoint, at_sites(models.EnforcementPoint, value, viewer(info)))

    @filter_field(description='One of these gateways is assigned, individually or through its group')
    def serves_id(self, info: Info, value: list[ID], prefix) -> Q:
        visible_ones = visible(models.Gateway, viewer(info)).filter(pk__in=value).values_list('pk', flat=True)
        return prefixed(prefix, models.EnforcementPoint, serving(visible_ones, viewer(info)))


@strawberry_django.filter_type(models.EnforcementZone, name='GwportsEnforcementZoneFilter', lookups=True)
class EnforcementZoneFilter(NetBoxModelFilter):
    enforcement_point = related_filter(
        models.EnforcementZone, 'enforcement_point', Annotated['EnforcementPointFilter', OURS]
    )
    enforcement_point_id = related_id(models.EnforcementZone, 'enforcement_point')
    zone: BaseFilterLookup[Annotated['ZoneEnum', ENUMS]] | None = filter_field()
    separated: FilterLookup[bool] | None = filter_field()
    name: StrFilterLookup | None = filter_field()
    interface: StrFilterLookup | None = filter_field()
    gateway_zone: StrFilterLookup | None = filter_field()
    gateway_interface: StrFilterLookup | None = filter_field()
    prefixes = related_filter(
        models.EnforcementZone, 'prefixes', Annotated['PrefixFilter', strawberry.lazy('ipam.graphql.filters')]
    )
