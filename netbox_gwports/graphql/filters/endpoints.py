from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from django.db.models import Q
from netbox.graphql.filters import PrimaryModelFilter
from strawberry.scalars import ID
from strawberry_django import BaseFilterLookup, FilterLookup, StrFilterLookup, filter_field

from ... import models
from ...filtersets.remote import endpoints_with_address
from .common import ENUMS, LOOKUPS, OURS, dns_name_filter

if TYPE_CHECKING:
    from dcim.graphql.filters import DeviceFilter, SiteFilter
    from ipam.graphql.filters import IPAddressFilter, IPRangeFilter, PrefixFilter
    from netbox.graphql.filter_lookups import StringArrayLookup
    from virtualization.graphql.filters import VirtualMachineFilter

    from ..enums import EndpointScopeEnum, ZoneEnum
    from . import GatewayFilter, GatewayGroupFilter, RemoteRoleFilter, RequiredFlowFilter

__all__ = ('RemoteEndpointFilter',)

DCIM = strawberry.lazy('dcim.graphql.filters')
IPAM = strawberry.lazy('ipam.graphql.filters')
VIRTUALIZATION = strawberry.lazy('virtualization.graphql.filters')


@strawberry_django.filter_type(models.RemoteEndpoint, name='GwportsRemoteEndpointFilter', lookups=True)
class RemoteEndpointFilter(PrimaryModelFilter):
    name: StrFilterLookup | None = filter_field()
    role: Annotated['RemoteRoleFilter', OURS] | None = filter_field()
    role_id: ID | None = filter_field()
    ip_addresses: Annotated['IPAddressFilter', IPAM] | None = filter_field()
    prefixes: Annotated['PrefixFilter', IPAM] | None = filter_field()
    ip_ranges: Annotated['IPRangeFilter', IPAM] | None = filter_field()
    devices: Annotated['DeviceFilter', DCIM] | None = filter_field()
    virtual_machines: Annotated['VirtualMachineFilter', VIRTUALIZATION] | None = filter_field()
    dns_names: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    literals: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    any_address: FilterLookup[bool] | None = filter_field()
    justification: StrFilterLookup | None = filter_field()
    port_map: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    zone: BaseFilterLookup[Annotated['ZoneEnum', ENUMS]] | None = filter_field()
    scope: BaseFilterLookup[Annotated['EndpointScopeEnum', ENUMS]] | None = filter_field()
    gateways: Annotated['GatewayFilter', OURS] | None = filter_field()
    groups: Annotated['GatewayGroupFilter', OURS] | None = filter_field()
    sites: Annotated['SiteFilter', DCIM] | None = filter_field()
    flows: Annotated['RequiredFlowFilter', OURS] | None = filter_field()

    dns_name = dns_name_filter('dns_names')

    @filter_field(description='A member is or contains this address')
    def remote_ip(self, value: str, prefix) -> Q:
        address = str(ip_address(value.strip()))
        endpoints = models.RemoteEndpoint.objects.filter(endpoints_with_address(address))
        return Q(**{f'{prefix}pk__in': endpoints.values('pk')})
