from typing import TYPE_CHECKING, Annotated

import strawberry_django
from netbox.graphql.filters import PrimaryModelFilter
from strawberry.scalars import ID
from strawberry_django import BaseFilterLookup, DateFilterLookup, FilterLookup, StrFilterLookup, filter_field

from ... import models
from .common import ENUMS, LOOKUPS, OURS, dns_name_filter, ports_filter

if TYPE_CHECKING:
    from netbox.graphql.filter_lookups import StringArrayLookup

    from ..enums import DirectionEnum, FlowStatusEnum, ZoneEnum
    from . import FlowTemplateFilter, GatewayFilter, ProfileFeatureFilter, RemoteEndpointFilter, RemoteRoleFilter

__all__ = ('RequiredFlowFilter',)


@strawberry_django.filter_type(models.RequiredFlow, name='GwportsRequiredFlowFilter', lookups=True)
class RequiredFlowFilter(PrimaryModelFilter):
    gateway: Annotated['GatewayFilter', OURS] | None = filter_field()
    gateway_id: ID | None = filter_field()
    template: Annotated['FlowTemplateFilter', OURS] | None = filter_field()
    template_id: ID | None = filter_field()
    name: StrFilterLookup | None = filter_field()
    application_protocol: StrFilterLookup | None = filter_field()
    ports: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    direction: BaseFilterLookup[Annotated['DirectionEnum', ENUMS]] | None = filter_field()
    remote_role: Annotated['RemoteRoleFilter', OURS] | None = filter_field()
    remote_role_id: ID | None = filter_field()
    dns_names: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    replaceable: FilterLookup[bool] | None = filter_field()
    zone: BaseFilterLookup[Annotated['ZoneEnum', ENUMS]] | None = filter_field()
    purpose: StrFilterLookup | None = filter_field()
    feature: Annotated['ProfileFeatureFilter', OURS] | None = filter_field()
    feature_id: ID | None = filter_field()
    direct: FilterLookup[bool] | None = filter_field()
    clear_text: FilterLookup[bool] | None = filter_field()
    endpoints: Annotated['RemoteEndpointFilter', OURS] | None = filter_field()
    status: BaseFilterLookup[Annotated['FlowStatusEnum', ENUMS]] | None = filter_field()
    justification: StrFilterLookup | None = filter_field()
    ticket: StrFilterLookup | None = filter_field()
    mitigation: StrFilterLookup | None = filter_field()
    valid_until: DateFilterLookup | None = filter_field()

    meets = ports_filter()
    dns_name = dns_name_filter('dns_names')
