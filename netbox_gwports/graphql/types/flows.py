from typing import TYPE_CHECKING, Annotated

import strawberry_django
from netbox.graphql.types import PrimaryObjectType

from ... import models
from .. import filters
from .common import OURS, display

if TYPE_CHECKING:
    from . import FlowTemplateType, GatewayType, ProfileFeatureType, RemoteEndpointType, RemoteRoleType

__all__ = ('RequiredFlowType',)


@strawberry_django.type(
    models.RequiredFlow,
    name='GwportsRequiredFlow',
    exclude=['port_ranges', 'status_before_withdrawal', 'template_values'],
    filters=filters.RequiredFlowFilter,
    pagination=True,
)
class RequiredFlowType(PrimaryObjectType):
    gateway: Annotated['GatewayType', OURS] | None
    template: Annotated['FlowTemplateType', OURS] | None
    ports: list[str]
    remote_role: Annotated['RemoteRoleType', OURS] | None
    dns_names: list[str]
    feature: Annotated['ProfileFeatureType', OURS] | None
    endpoints: list[Annotated['RemoteEndpointType', OURS]]
    display = display('name', 'purpose')
