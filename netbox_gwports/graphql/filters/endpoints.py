from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from django.db.models import Q
from netbox.graphql.filters import PrimaryModelFilter
from strawberry.types import Info
from strawberry_django import BaseFilterLookup, FilterLookup, StrFilterLookup, filter_field

from ... import models
from ...filtersets.remote import endpoints_with_address
from .common import ENUMS, LOOKUPS, OURS, dns_name_filter, prefixed, related_filter, related_id, viewer

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
    role = related_filter(models.RemoteEndpoint, 'role', Annotated['RemoteRoleFilter', OURS])
    role_id = related_id(models.RemoteEndpoint, 'role')
    ip_addresses = related_filter(models.RemoteEndpoint, 'ip_addresses', Annotated['IPAddressFilter', IPAM])
    prefixes = related_filter(models.RemoteEndpoint, 'prefixes', Annotated['PrefixFilter', IPAM])
    ip_ranges = related_filter(models.RemoteEndpoint, 'ip_ranges', Annotated['IPRangeFilter', IPAM])
    devices = related_filter(models.RemoteEndpoint, 'devices', Annotated['DeviceFilter', DCIM])
    virtual_machines = related_filter(
        models.RemoteEndpoint, 'virtual_machines', Annotated['VirtualMachineFilter', VIRTUALIZATION]
    )
    dns_names: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    literals: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    any_address: FilterLookup[bool] | None = filter_field()
    justification: StrFilterLookup | None = filter_field()
    port_map: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    zone: BaseFilterLookup[Annotated['ZoneEnum', ENUMS]] | None = filter_field()
    scope: BaseFilterLookup[Annotated['EndpointScopeEnum', ENUMS]] | None = filter_field()
    gateways = related_filter(models.RemoteEndpoint, 'gateways', Annotated['GatewayFilter', OURS])
    groups = related_filter(models.RemoteEndpoint, 'groups', Annotated['GatewayGroupFilter', OURS])
    sites = related_filter(models.RemoteEndpoint, 'sites', Annotated['SiteFilter', DCIM])
    flows = related_filter(models.RemoteEndpoint, 'flows', Annotated['RequiredFlowFilter', OURS])

    dns_name = dns_name_filter('dns_names')

    @filter_field(description='A member is or contains this address')
    def remote_ip(self, info: Info, value: str, prefix) -> Q:
        address = str(ip_address(value.strip()))
        return prefixed(prefix, models.RemoteEndpoint, endpoints_with_address(address, viewer(info)))
