from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from netbox.graphql.filters import BaseModelFilter, PrimaryModelFilter
from strawberry_django import (
    BaseFilterLookup,
    DateFilterLookup,
    DatetimeFilterLookup,
    FilterLookup,
    StrFilterLookup,
    filter_field,
)

from ... import models
from .common import ENUMS, OURS, related_filter, related_id

if TYPE_CHECKING:
    from tenancy.graphql.filters import ContactAssignmentFilter
    from users.graphql.filters import UserFilter

    from ..enums import (
        ChangeActionEnum,
        ChangeRequestStatusEnum,
        DirectionEnum,
        SignOffKindEnum,
        SignOffOriginEnum,
        ZoneEnum,
    )
    from . import EnforcementPointFilter, GatewayFilter

__all__ = ('ChangeLineFilter', 'ChangeRequestFilter', 'SignOffFilter')


@strawberry_django.filter_type(models.ChangeRequest, name='GwportsChangeRequestFilter', lookups=True)
class ChangeRequestFilter(PrimaryModelFilter):
    ticket: StrFilterLookup | None = filter_field()
    title: StrFilterLookup | None = filter_field()
    status: BaseFilterLookup[Annotated['ChangeRequestStatusEnum', ENUMS]] | None = filter_field()
    emergency: FilterLookup[bool] | None = filter_field()
    valid_until: DateFilterLookup | None = filter_field()
    reason: StrFilterLookup | None = filter_field()
    risk: StrFilterLookup | None = filter_field()
    test_plan: StrFilterLookup | None = filter_field()
    back_out: StrFilterLookup | None = filter_field()
    contacts = related_filter(
        models.ChangeRequest,
        'contacts',
        Annotated['ContactAssignmentFilter', strawberry.lazy('tenancy.graphql.filters')],
    )
    lines = related_filter(models.ChangeRequest, 'lines', Annotated['ChangeLineFilter', OURS])
    sign_offs = related_filter(models.ChangeRequest, 'sign_offs', Annotated['SignOffFilter', OURS])


@strawberry_django.filter_type(models.ChangeLine, name='GwportsChangeLineFilter', lookups=True)
class ChangeLineFilter(BaseModelFilter):
    change_request = related_filter(models.ChangeLine, 'change_request', Annotated['ChangeRequestFilter', OURS])
    change_request_id = related_id(models.ChangeLine, 'change_request')
    gateway = related_filter(models.ChangeLine, 'gateway', Annotated['GatewayFilter', OURS])
    gateway_id = related_id(models.ChangeLine, 'gateway')
    gateway_name: StrFilterLookup | None = filter_field()
    action: BaseFilterLookup[Annotated['ChangeActionEnum', ENUMS]] | None = filter_field()
    direction: BaseFilterLookup[Annotated['DirectionEnum', ENUMS]] | None = filter_field()
    zone: BaseFilterLookup[Annotated['ZoneEnum', ENUMS]] | None = filter_field()
    rule_key: StrFilterLookup | None = filter_field()


@strawberry_django.filter_type(models.SignOff, name='GwportsSignOffFilter', lookups=True)
class SignOffFilter(BaseModelFilter):
    kind: BaseFilterLookup[Annotated['SignOffKindEnum', ENUMS]] | None = filter_field()
    change_request = related_filter(models.SignOff, 'change_request', Annotated['ChangeRequestFilter', OURS])
    change_request_id = related_id(models.SignOff, 'change_request')
    gateway = related_filter(models.SignOff, 'gateway', Annotated['GatewayFilter', OURS])
    gateway_id = related_id(models.SignOff, 'gateway')
    gateway_name: StrFilterLookup | None = filter_field()
    enforcement_point = related_filter(models.SignOff, 'enforcement_point', Annotated['EnforcementPointFilter', OURS])
    enforcement_point_id = related_id(models.SignOff, 'enforcement_point')
    enforcement_point_name: StrFilterLookup | None = filter_field()
    user = related_filter(models.SignOff, 'user', Annotated['UserFilter', strawberry.lazy('users.graphql.filters')])
    user_id = related_id(models.SignOff, 'user')
    user_name: StrFilterLookup | None = filter_field()
    origin: BaseFilterLookup[Annotated['SignOffOriginEnum', ENUMS]] | None = filter_field()
    digest: StrFilterLookup | None = filter_field()
    valid_until: DateFilterLookup | None = filter_field()
    note: StrFilterLookup | None = filter_field()
    time: DatetimeFilterLookup | None = filter_field()
