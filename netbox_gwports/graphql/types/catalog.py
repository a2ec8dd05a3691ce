from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from core.graphql.mixins import SyncedDataMixin
from django.db.models import F
from netbox.graphql.types import OrganizationalObjectType, PrimaryObjectType

from ... import models
from .. import filters
from .common import OURS, display

if TYPE_CHECKING:
    from dcim.graphql.types import ManufacturerType

    from . import GatewayType, RemoteEndpointType, RequiredFlowType

__all__ = ('FlowTemplateType', 'GatewayProfileType', 'GatewayServiceType', 'ProfileFeatureType', 'RemoteRoleType')


@strawberry_django.type(
    models.GatewayProfile,
    name='GwportsGatewayProfile',
    fields='__all__',
    filters=filters.GatewayProfileFilter,
    pagination=True,
)
class GatewayProfileType(SyncedDataMixin, PrimaryObjectType):
    # Nullable like all foreign keys: null if the user may not view the object, which would otherwise fail the query
    manufacturer: Annotated['ManufacturerType', strawberry.lazy('dcim.graphql.types')] | None
    features: list[Annotated['ProfileFeatureType', OURS]]
    services: list[Annotated['GatewayServiceType', OURS]]
    gateways: list[Annotated['GatewayType', OURS]]
    display = display('name', 'version')


@strawberry_django.type(
    models.ProfileFeature,
    name='GwportsProfileFeature',
    fields='__all__',
    filters=filters.ProfileFeatureFilter,
    pagination=True,
)
class ProfileFeatureType(PrimaryObjectType):
    profile: Annotated['GatewayProfileType', OURS] | None
    parent: Annotated['ProfileFeatureType', OURS] | None
    children: list[Annotated['ProfileFeatureType', OURS]]
    flow_templates: list[Annotated['FlowTemplateType', OURS]]
    gateways: list[Annotated['GatewayType', OURS]]
    display = display('name')


@strawberry_django.type(
    models.GatewayService,
    name='GwportsGatewayService',
    exclude=['port_ranges'],
    filters=filters.GatewayServiceFilter,
    pagination=True,
)
class GatewayServiceType(PrimaryObjectType):
    profile: Annotated['GatewayProfileType', OURS] | None
    ports: list[str]
    flow_templates: list[Annotated['FlowTemplateType', OURS]]
    display = display('name')


@strawberry_django.type(
    models.RemoteRole,
    name='GwportsRemoteRole',
    fields='__all__',
    filters=filters.RemoteRoleFilter,
    pagination=True,
)
class RemoteRoleType(OrganizationalObjectType):
    endpoints: list[Annotated['RemoteEndpointType', OURS]]
    flow_templates: list[Annotated['FlowTemplateType', OURS]]
    flows: list[Annotated['RequiredFlowType', OURS]]
    display = display('name')


@strawberry_django.type(
    models.FlowTemplate,
    name='GwportsFlowTemplate',
    fields='__all__',
    filters=filters.FlowTemplateFilter,
    pagination=True,
)
class FlowTemplateType(PrimaryObjectType):
    service: Annotated['GatewayServiceType', OURS] | None
    remote_role: Annotated['RemoteRoleType', OURS] | None
    feature: Annotated['ProfileFeatureType', OURS] | None
    dns_names: list[str]
    flows: list[Annotated['RequiredFlowType', OURS]]

    @strawberry_django.field(only=['row', 'item'])
    def row_label(self) -> str:
        return self.row_label

    @strawberry_django.field(only=['purpose', 'service'], annotate={'service_name': F('service__name')})
    def display(self) -> str:
        if name := getattr(self, 'service_name', ''):
            return f'{name}: {self.purpose}'
        return str(self)
