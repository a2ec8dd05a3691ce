from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from django.db.models import Q
from netbox.graphql.filters import NetBoxModelFilter, OrganizationalModelFilter, PrimaryModelFilter
from strawberry.scalars import ID
from strawberry.types import Info
from strawberry_django import BaseFilterLookup, filter_field

from ... import models
from ...filtersets.common import at_sites
from ...filtersets.gateways import STANDING_FILTERS, by_standing
from .common import ENUMS, LOOKUPS, OURS, prefixed, related_filter, related_id, viewer

if TYPE_CHECKING:
    from dcim.graphql.filters import DeviceFilter
    from ipam.graphql.filters import IPAddressFilter
    from netbox.graphql.filter_lookups import StringArrayLookup
    from tenancy.graphql.filters import ContactAssignmentFilter, TenantFilter
    from virtualization.graphql.filters import VirtualMachineFilter

    from ..enums import AddressUseEnum, GatewayStatusEnum
    from . import EnforcementPointFilter, GatewayProfileFilter, ProfileFeatureFilter, RequiredFlowFilter

__all__ = ('GatewayAddressFilter', 'GatewayFilter', 'GatewayGroupFilter')

TENANCY = strawberry.lazy('tenancy.graphql.filters')
DCIM = strawberry.lazy('dcim.graphql.filters')
VIRTUALIZATION = strawberry.lazy('virtualization.graphql.filters')


@strawberry_django.filter_type(models.GatewayGroup, name='GwportsGatewayGroupFilter', lookups=True)
class GatewayGroupFilter(OrganizationalModelFilter):
    gateways = related_filter(models.GatewayGroup, 'gateways', Annotated['GatewayFilter', OURS])
    enforcement_points = related_filter(
        models.GatewayGroup, 'enforcement_points', Annotated['EnforcementPointFilter', OURS]
    )


def standing(name):
    """By the stored summary: see ``filtersets.gateways.by_standing``."""

    def resolve(self, info: Info, value: bool, prefix) -> Q:
        return prefixed(prefix, models.Gateway, by_standing(name, value, viewer(info)))

    label, _says = STANDING_FILTERS[name]
    return filter_field(resolve, description=str(label))


@strawberry_django.filter_type(models.Gateway, name='GwportsGatewayFilter', lookups=True)
class GatewayFilter(PrimaryModelFilter):
    device = related_filter(models.Gateway, 'device', Annotated['DeviceFilter', DCIM])
    device_id = related_id(models.Gateway, 'device')
    virtual_machine = related_filter(
        models.Gateway, 'virtual_machine', Annotated['VirtualMachineFilter', VIRTUALIZATION]
    )
    virtual_machine_id = related_id(models.Gateway, 'virtual_machine')
    profile = related_filter(models.Gateway, 'profile', Annotated['GatewayProfileFilter', OURS])
    profile_id = related_id(models.Gateway, 'profile')
    next_profile = related_filter(models.Gateway, 'next_profile', Annotated['GatewayProfileFilter', OURS])
    next_profile_id = related_id(models.Gateway, 'next_profile')
    features = related_filter(models.Gateway, 'features', Annotated['ProfileFeatureFilter', OURS])
    group = related_filter(models.Gateway, 'group', Annotated['GatewayGroupFilter', OURS])
    group_id = related_id(models.Gateway, 'group')
    tenant = related_filter(models.Gateway, 'tenant', Annotated['TenantFilter', TENANCY])
    tenant_id = related_id(models.Gateway, 'tenant')
    contacts = related_filter(models.Gateway, 'contacts', Annotated['ContactAssignmentFilter', TENANCY])
    status: BaseFilterLookup[Annotated['GatewayStatusEnum', ENUMS]] | None = filter_field()
    addresses = related_filter(models.Gateway, 'addresses', Annotated['GatewayAddressFilter', OURS])
    flows = related_filter(models.Gateway, 'flows', Annotated['RequiredFlowFilter', OURS])
    enforcement_points = related_filter(models.Gateway, 'enforcement_points', Annotated['EnforcementPointFilter', OURS])
    to_request = standing('to_request')
    to_open = standing('to_open')
    to_close = standing('to_close')
    unapproved = standing('unapproved')
    open_items = standing('open_items')
    unmitigated = standing('unmitigated')
    review_overdue = standing('review_overdue')
    behind = standing('behind')
    no_firewall = standing('no_firewall')

    @filter_field(description='Site of the device, the virtual machine or its cluster')
    def site_id(self, info: Info, value: list[ID], prefix) -> Q:
        return prefixed(prefix, models.Gateway, at_sites(models.Gateway, value, viewer(info)))


@strawberry_django.filter_type(models.GatewayAddress, name='GwportsGatewayAddressFilter', lookups=True)
class GatewayAddressFilter(NetBoxModelFilter):
    gateway = related_filter(models.GatewayAddress, 'gateway', Annotated['GatewayFilter', OURS])
    gateway_id = related_id(models.GatewayAddress, 'gateway')
    ip_address = related_filter(
        models.GatewayAddress, 'ip_address', Annotated['IPAddressFilter', strawberry.lazy('ipam.graphql.filters')]
    )
    ip_address_id = related_id(models.GatewayAddress, 'ip_address')
    zones: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    use: BaseFilterLookup[Annotated['AddressUseEnum', ENUMS]] | None = filter_field()
