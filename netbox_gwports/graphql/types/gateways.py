from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from django.db.models import FETCH_PEERS, F
from extras.graphql.mixins import ContactsMixin
from netbox.graphql.types import NetBoxObjectType, OrganizationalObjectType, PrimaryObjectType
from strawberry.types import Info

from ... import models
from ...exports.shape import rule_data, unresolved_data
from ...requirements import requirements
from .. import filters
from . import requirements as requirements_types
from .common import OURS, display, machine_display

if TYPE_CHECKING:
    from dcim.graphql.types import DeviceType
    from ipam.graphql.types import IPAddressType
    from tenancy.graphql.types import TenantType
    from virtualization.graphql.types import VirtualMachineType

    from . import (
        EnforcementPointType,
        GatewayProfileType,
        ProfileFeatureType,
        RemoteEndpointType,
        RequiredFlowType,
        RuleType,
        UnresolvedType,
    )

__all__ = ('GatewayAddressType', 'GatewayGroupType', 'GatewayType')


@strawberry_django.type(
    models.GatewayGroup,
    name='GwportsGatewayGroup',
    fields='__all__',
    filters=filters.GatewayGroupFilter,
    pagination=True,
)
class GatewayGroupType(OrganizationalObjectType):
    gateways: list[Annotated['GatewayType', OURS]]
    scoped_endpoints: list[Annotated['RemoteEndpointType', OURS]]
    enforcement_points: list[Annotated['EnforcementPointType', OURS]]
    display = display('name')


@strawberry_django.type(
    models.Gateway,
    name='GwportsGateway',
    fields='__all__',
    filters=filters.GatewayFilter,
    pagination=True,
)
class GatewayType(ContactsMixin, PrimaryObjectType):
    device: Annotated['DeviceType', strawberry.lazy('dcim.graphql.types')] | None
    virtual_machine: Annotated['VirtualMachineType', strawberry.lazy('virtualization.graphql.types')] | None
    profile: Annotated['GatewayProfileType', OURS] | None
    next_profile: Annotated['GatewayProfileType', OURS] | None
    features: list[Annotated['ProfileFeatureType', OURS]]
    group: Annotated['GatewayGroupType', OURS] | None
    tenant: Annotated['TenantType', strawberry.lazy('tenancy.graphql.types')] | None
    addresses: list[Annotated['GatewayAddressType', OURS]]
    flows: list[Annotated['RequiredFlowType', OURS]]
    scoped_endpoints: list[Annotated['RemoteEndpointType', OURS]]
    enforcement_points: list[Annotated['EnforcementPointType', OURS]]
    display = machine_display()

    @classmethod
    def get_queryset(cls, queryset, info: Info, **kwargs):
        # Lets each gateway refer to those loaded with it, so that their rules are resolved together
        return super().get_queryset(queryset, info, **kwargs).fetch_mode(FETCH_PEERS)

    @strawberry_django.field(only=['pk'])
    def rules(self, info: Info) -> list[Annotated['RuleType', OURS]]:
        """Rules that firewalls must permit for this gateway, limited to what the user may view: see hidden_flows."""
        rules = _resolution(self, info.context.request).rules
        return [requirements_types.RuleType.of(rule_data(rule)) for rule in rules]

    @strawberry_django.field(only=['pk'])
    def unresolved(self, info: Info) -> list[Annotated['UnresolvedType', OURS]]:
        """Required flows that yield no rule, or only a part of it."""
        unresolved = _resolution(self, info.context.request).unresolved
        return [requirements_types.UnresolvedType.of(unresolved_data(entry)) for entry in unresolved]

    @strawberry_django.field(only=['pk'])
    def hidden_flows(self, info: Info) -> int:
        """Number of required flows that the user may not view: if above 0, the rules are incomplete."""
        return _resolution(self, info.context.request).hidden


def _resolution(gateway, request):
    """Resolved for all gateways of the response at once, when the first of them is accessed."""
    if not hasattr(gateway, '_gwports_resolution'):
        together = [peer for reference in gateway._state.peers if (peer := reference())] or [gateway]
        for peer, resolution in zip(together, requirements(together, request.user), strict=True):
            peer._gwports_resolution = resolution
    return gateway._gwports_resolution


@strawberry_django.type(
    models.GatewayAddress,
    name='GwportsGatewayAddress',
    fields='__all__',
    filters=filters.GatewayAddressFilter,
    pagination=True,
)
class GatewayAddressType(NetBoxObjectType):
    gateway: Annotated['GatewayType', OURS] | None
    ip_address: Annotated['IPAddressType', strawberry.lazy('ipam.graphql.types')] | None
    zones: list[str]

    @strawberry_django.field(only=['ip_address'], annotate={'address': F('ip_address__address')})
    def display(self) -> str:
        return str(getattr(self, 'address', None) or self)
