from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from django.db.models import Q
from netbox.graphql.filters import NetBoxModelFilter, OrganizationalModelFilter, PrimaryModelFilter
from strawberry.scalars import ID
from strawberry_django import BaseFilterLookup, filter_field
from tenancy.graphql.filter_mixins import ContactFilterMixin, TenancyFilterMixin

from ... import models
from ...filtersets.common import at_sites
from .common import ENUMS, LOOKUPS, OURS

if TYPE_CHECKING:
    from dcim.graphql.filters import DeviceFilter
    from ipam.graphql.filters import IPAddressFilter
    from netbox.graphql.filter_lookups import StringArrayLookup
    from virtualization.graphql.filters import VirtualMachineFilter

    from ..enums import AddressUseEnum, GatewayStatusEnum
    from . import EnforcementPointFilter, GatewayProfileFilter, ProfileFeatureFilter, RequiredFlowFilter

__all__ = ('GatewayAddressFilter', 'GatewayFilter', 'GatewayGroupFilter')

VIRTUALIZATION = strawberry.lazy('virtualization.graphql.filters')


@strawberry_django.filter_type(models.GatewayGroup, name='GwportsGatewayGroupFilter', lookups=True)
class GatewayGroupFilter(OrganizationalModelFilter):
    gateways: Annotated['GatewayFilter', OURS] | None = filter_field()
    enforcement_points: Annotated['EnforcementPointFilter', OURS] | None = filter_field()


@strawberry_django.filter_type(models.Gateway, name='GwportsGatewayFilter', lookups=True)
class GatewayFilter(ContactFilterMixin, TenancyFilterMixin, PrimaryModelFilter):
    device: Annotated['DeviceFilter', strawberry.lazy('dcim.graphql.filters')] | None = filter_field()
    device_id: ID | None = filter_field()
    virtual_machine: Annotated['VirtualMachineFilter', VIRTUALIZATION] | None = filter_field()
    virtual_machine_id: ID | None = filter_field()
    profile: Annotated['GatewayProfileFilter', OURS] | None = filter_field()
    profile_id: ID | None = filter_field()
    next_profile: Annotated['GatewayProfileFilter', OURS] | None = filter_field()
    next_profile_id: ID | None = filter_field()
    features: Annotated['ProfileFeatureFilter', OURS] | None = filter_field()
    group: Annotated['GatewayGroupFilter', OURS] | None = filter_field()
    group_id: ID | None = filter_field()
    status: BaseFilterLookup[Annotated['GatewayStatusEnum', ENUMS]] | None = filter_field()
    addresses: Annotated['GatewayAddressFilter', OURS] | None = filter_field()
    flows: Annotated['RequiredFlowFilter', OURS] | None = filter_field()
    enforcement_points: Annotated['EnforcementPointFilter', OURS] | None = filter_field()

    @filter_field(description='Site of the device, the virtual machine or its cluster')
    def site_id(self, value: list[ID], prefix) -> Q:
        return at_sites(value, prefix)


@strawberry_django.filter_type(models.GatewayAddress, name='GwportsGatewayAddressFilter', lookups=True)
class GatewayAddressFilter(NetBoxModelFilter):
    gateway: Annotated['GatewayFilter', OURS] | None = filter_field()
    gateway_id: ID | None = filter_field()
    ip_address: Annotated['IPAddressFilter', strawberry.lazy('ipam.graphql.filters')] | None = filter_field()
    ip_address_id: ID | None = filter_field()
    zones: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    use: BaseFilterLookup[Annotated['AddressUseEnum', ENUMS]] | None = filter_field()
