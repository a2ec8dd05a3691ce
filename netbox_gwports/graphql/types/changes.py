from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from extras.graphql.mixins import ContactsMixin
from netbox.graphql.types import BaseObjectType, PrimaryObjectType

from ... import models
from .. import filters
from .common import OURS, display

if TYPE_CHECKING:
    from users.graphql.types import UserType

    from . import EnforcementPointType, GatewayType

__all__ = ('ChangeLineType', 'ChangeRequestType', 'SignOffType')


@strawberry_django.type(
    models.ChangeRequest,
    name='GwportsChangeRequest',
    fields='__all__',
    filters=filters.ChangeRequestFilter,
    pagination=True,
)
class ChangeRequestType(ContactsMixin, PrimaryObjectType):
    lines: list[Annotated['ChangeLineType', OURS]]
    sign_offs: list[Annotated['SignOffType', OURS]]
    display = display('ticket', 'title')


@strawberry_django.type(
    models.ChangeLine,
    name='GwportsChangeLine',
    fields='__all__',
    filters=filters.ChangeLineFilter,
    pagination=True,
)
class ChangeLineType(BaseObjectType):
    change_request: Annotated['ChangeRequestType', OURS] | None
    gateway: Annotated['GatewayType', OURS] | None
    display = display('action', 'rule_key')


@strawberry_django.type(
    models.SignOff,
    name='GwportsSignOff',
    fields='__all__',
    filters=filters.SignOffFilter,
    pagination=True,
)
class SignOffType(BaseObjectType):
    change_request: Annotated['ChangeRequestType', OURS] | None
    gateway: Annotated['GatewayType', OURS] | None
    enforcement_point: Annotated['EnforcementPointType', OURS] | None
    user: Annotated['UserType', strawberry.lazy('users.graphql.types')] | None
    lines: list[int]
    display = display('kind', 'gateway_name')
