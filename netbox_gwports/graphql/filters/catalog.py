from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from netbox.graphql.filter_mixins import SyncedDataFilterMixin
from netbox.graphql.filters import OrganizationalModelFilter, PrimaryModelFilter
from strawberry.scalars import ID
from strawberry_django import BaseFilterLookup, DateFilterLookup, FilterLookup, StrFilterLookup, filter_field

from ... import models
from .common import ENUMS, LOOKUPS, OURS, dns_name_filter, ports_filter

if TYPE_CHECKING:
    from dcim.graphql.filters import ManufacturerFilter
    from netbox.graphql.filter_lookups import IntegerLookup, StringArrayLookup

    from ..enums import DirectionEnum, RemoteRoleKindEnum, ZoneEnum
    from . import GatewayFilter, RemoteEndpointFilter

__all__ = (
    'FlowTemplateFilter',
    'GatewayProfileFilter',
    'GatewayServiceFilter',
    'ProfileFeatureFilter',
    'RemoteRoleFilter',
)


@strawberry_django.filter_type(models.GatewayProfile, name='GwportsGatewayProfileFilter', lookups=True)
class GatewayProfileFilter(SyncedDataFilterMixin, PrimaryModelFilter):
    manufacturer: Annotated['ManufacturerFilter', strawberry.lazy('dcim.graphql.filters')] | None = filter_field()
    manufacturer_id: ID | None = filter_field()
    name: StrFilterLookup | None = filter_field()
    version: StrFilterLookup | None = filter_field()
    slug: StrFilterLookup | None = filter_field()
    source_url: StrFilterLookup | None = filter_field()
    published: DateFilterLookup | None = filter_field()
    partial: StrFilterLookup | None = filter_field()


@strawberry_django.filter_type(models.ProfileFeature, name='GwportsProfileFeatureFilter', lookups=True)
class ProfileFeatureFilter(PrimaryModelFilter):
    profile: Annotated['GatewayProfileFilter', OURS] | None = filter_field()
    profile_id: ID | None = filter_field()
    name: StrFilterLookup | None = filter_field()
    slug: StrFilterLookup | None = filter_field()
    group: StrFilterLookup | None = filter_field()
    parent: Annotated['ProfileFeatureFilter', OURS] | None = filter_field()
    parent_id: ID | None = filter_field()
    enabled_by_default: FilterLookup[bool] | None = filter_field()
    gateways: Annotated['GatewayFilter', OURS] | None = filter_field()


@strawberry_django.filter_type(models.GatewayService, name='GwportsGatewayServiceFilter', lookups=True)
class GatewayServiceFilter(PrimaryModelFilter):
    profile: Annotated['GatewayProfileFilter', OURS] | None = filter_field()
    profile_id: ID | None = filter_field()
    name: StrFilterLookup | None = filter_field()
    application_protocol: StrFilterLookup | None = filter_field()
    ports: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    clear_text: FilterLookup[bool] | None = filter_field()

    meets = ports_filter()


@strawberry_django.filter_type(models.RemoteRole, name='GwportsRemoteRoleFilter', lookups=True)
class RemoteRoleFilter(OrganizationalModelFilter):
    zone: BaseFilterLookup[Annotated['ZoneEnum', ENUMS]] | None = filter_field()
    kind: BaseFilterLookup[Annotated['RemoteRoleKindEnum', ENUMS]] | None = filter_field()
    endpoints: Annotated['RemoteEndpointFilter', OURS] | None = filter_field()


@strawberry_django.filter_type(models.FlowTemplate, name='GwportsFlowTemplateFilter', lookups=True)
class FlowTemplateFilter(PrimaryModelFilter):
    service: Annotated['GatewayServiceFilter', OURS] | None = filter_field()
    service_id: ID | None = filter_field()
    remote_role: Annotated['RemoteRoleFilter', OURS] | None = filter_field()
    remote_role_id: ID | None = filter_field()
    feature: Annotated['ProfileFeatureFilter', OURS] | None = filter_field()
    feature_id: ID | None = filter_field()
    direction: BaseFilterLookup[Annotated['DirectionEnum', ENUMS]] | None = filter_field()
    zone: BaseFilterLookup[Annotated['ZoneEnum', ENUMS]] | None = filter_field()
    purpose: StrFilterLookup | None = filter_field()
    dns_names: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    replaceable: FilterLookup[bool] | None = filter_field()
    direct: FilterLookup[bool] | None = filter_field()
    withdrawn: FilterLookup[bool] | None = filter_field()
    not_opened: StrFilterLookup | None = filter_field()
    key: StrFilterLookup | None = filter_field()
    row: Annotated['IntegerLookup', LOOKUPS] | None = filter_field()
    item: Annotated['IntegerLookup', LOOKUPS] | None = filter_field()
    printed: StrFilterLookup | None = filter_field()

    meets = ports_filter('service__port_ranges')
    dns_name = dns_name_filter('dns_names')
