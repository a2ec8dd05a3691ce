from typing import TYPE_CHECKING, Annotated

import strawberry_django
from django.db.models import Q
from netbox.graphql.filters import PrimaryModelFilter
from strawberry_django import BaseFilterLookup, DateFilterLookup, FilterLookup, StrFilterLookup, filter_field

from ... import models
from ...filtersets.flows import UNMITIGATED
from .common import ENUMS, LOOKUPS, OURS, dns_name_filter, ports_filter, prefixed, related_filter, related_id

if TYPE_CHECKING:
    from netbox.graphql.filter_lookups import StringArrayLookup

    from ..enums import DirectionEnum, FlowStatusEnum, ZoneEnum
    from . import FlowTemplateFilter, GatewayFilter, ProfileFeatureFilter, RemoteEndpointFilter, RemoteRoleFilter

__all__ = ('RequiredFlowFilter',)


@strawberry_django.filter_type(models.RequiredFlow, name='GwportsRequiredFlowFilter', lookups=True)
class RequiredFlowFilter(PrimaryModelFilter):
    gateway = related_filter(models.RequiredFlow, 'gateway', Annotated['GatewayFilter', OURS])
    gateway_id = related_id(models.RequiredFlow, 'gateway')
    template = related_filter(models.RequiredFlow, 'template', Annotated['FlowTemplateFilter', OURS])
    template_id = related_id(models.RequiredFlow, 'template')
    name: StrFilterLookup | None = filter_field()
    application_protocol: StrFilterLookup | None = filter_field()
    ports: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    direction: BaseFilterLookup[Annotated['DirectionEnum', ENUMS]] | None = filter_field()
    remote_role = related_filter(models.RequiredFlow, 'remote_role', Annotated['RemoteRoleFilter', OURS])
    remote_role_id = related_id(models.RequiredFlow, 'remote_role')
    dns_names: Annotated['StringArrayLookup', LOOKUPS] | None = filter_field()
    replaceable: FilterLookup[bool] | None = filter_field()
    zone: BaseFilterLookup[Annotated['ZoneEnum', ENUMS]] | None = filter_field()
    purpose: StrFilterLookup | None = filter_field()
    feature = related_filter(models.RequiredFlow, 'feature', Annotated['ProfileFeatureFilter', OURS])
    feature_id = related_id(models.RequiredFlow, 'feature')
    direct: FilterLookup[bool] | None = filter_field()
    clear_text: FilterLookup[bool] | None = filter_field()
    endpoints = related_filter(models.RequiredFlow, 'endpoints', Annotated['RemoteEndpointFilter', OURS])
    status: BaseFilterLookup[Annotated['FlowStatusEnum', ENUMS]] | None = filter_field()
    justification: StrFilterLookup | None = filter_field()
    mitigation: StrFilterLookup | None = filter_field()
    valid_until: DateFilterLookup | None = filter_field()

    @filter_field(description='Clear text without mitigation')
    def unmitigated(self, value: bool, prefix) -> Q:
        return prefixed(prefix, models.RequiredFlow, UNMITIGATED if value else ~UNMITIGATED)

    meets = ports_filter(models.RequiredFlow)
    dns_name = dns_name_filter('dns_names')
