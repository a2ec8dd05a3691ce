from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from netbox.graphql.filter_mixins import SyncedDataFilterMixin
from netbox.graphql.filters import OrganizationalModelFilter, PrimaryModelFilter
from strawberry_django import BaseFilterLookup, DateFilterLookup, FilterLookup, StrFilterLookup, filter_field

from ... import models
from .common import ENUMS, LOOKUPS, OURS, dns_name_filter, ports_filter, related_filter, related_id

if TYPE_CHECKING:
    from core.graphql.filters import DataFileFilter, DataSourceFilter
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


CORE = strawberry.lazy('core.graphql.filters')

DCIM = strawberry.lazy('dcim.graphql.filters')


@strawberry_django.filter_type(models.GatewayProfile, name='GwportsGatewayProfileFilter', lookups=True)
class GatewayProfileFilter(SyncedDataFilterMixin, PrimaryModelFilter):
    manufacturer = related_filter(models.GatewayProfile, 'manufacturer', Annotated['ManufacturerFilter', DCIM])
    manufacturer_id = related_id(models.GatewayProfile, 'manufacturer')
    name: StrFilterLookup | None = filter_field()
    version: StrFilterLookup | None = filter_field()
    slug: StrFilterLookup | None = filter_field()
    source_url: StrFilterLookup | None = filter_field()
    published: DateFilterLookup | None = filter_field()
    partial: StrFilterLookup | None = filter_field()
    data_source = related_filter(models.GatewayProfile, 'data_source', Annotated['DataSourceFilter', CORE])
    data_source_id = related_id(models.GatewayProfile, 'data_source')
    data_file = related_filter(models.GatewayProfile, 'data_file', Annotated['DataFileFilter', CORE])
    data_file_id = related_id(models.GatewayProfile, 'data_file')


@strawberry_django.filter_type(models.ProfileFeature, name='GwportsProfileFeatureFilter', lookups=True)
class ProfileFeatureFilter(PrimaryModelFilter):
    profile = related_filter(models.ProfileFeature, 'profile', Annotated['GatewayProfileFilter', OURS])
    profile_id = related_id(models.ProfileFeature, 'profile')
    name: StrFilterLookup | None = filter_field()
    slug: StrFilterLookup | None = filter_field()
    group: StrFilterLookup | None = filter_field()
    parent = related_filter(models.ProfileFeature, 'parent', Annotated['ProfileFeatureFilter', OURS])
    parent_id = related_id(models.ProfileFeature, 'parent')
    enabled_by_default: FilterLookup[bool] | None = filter_field()
    gateways = related_filter(models.ProfileFeature, 'gateways', Annotated['GatewayFilter', OURS])


@strawberry_django.filter_type(models.GatewayService, name='GwportsGatewayServiceFilter', lookups=True)
class GatewayServiceFilter(PrimaryModelFilter):
    profile = related_filter(models.GatewayService, 'profile', Annotated['GatewayProfileFilter', OURS])
    profile_id = related_id(models.GatewayService, 'profile')
    name: StrFilterLookup | None = filter_field()
    application_protocol: StrFilterLookup | None = filter_field()
    ports: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    clear_text: FilterLookup[bool] | None = filter_field()

    meets = ports_filter(models.GatewayService)


@strawberry_django.filter_type(models.RemoteRole, name='GwportsRemoteRoleFilter', lookups=True)
class RemoteRoleFilter(OrganizationalModelFilter):
    zone: BaseFilterLookup[Annotated['ZoneEnum', ENUMS]] | None = filter_field()
    kind: BaseFilterLookup[Annotated['RemoteRoleKindEnum', ENUMS]] | None = filter_field()
    endpoints = related_filter(models.RemoteRole, 'endpoints', Annotated['RemoteEndpointFilter', OURS])


@strawberry_django.filter_type(models.FlowTemplate, name='GwportsFlowTemplateFilter', lookups=True)
class FlowTemplateFilter(PrimaryModelFilter):
    service = related_filter(models.FlowTemplate, 'service', Annotated['GatewayServiceFilter', OURS])
    service_id = related_id(models.FlowTemplate, 'service')
    remote_role = related_filter(models.FlowTemplate, 'remote_role', Annotated['RemoteRoleFilter', OURS])
    remote_role_id = related_id(models.FlowTemplate, 'remote_role')
    feature = related_filter(models.FlowTemplate, 'feature', Annotated['ProfileFeatureFilter', OURS])
    feature_id = related_id(models.FlowTemplate, 'feature')
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

    meets = ports_filter(models.FlowTemplate, 'service')
    dns_name = dns_name_filter('dns_names')
