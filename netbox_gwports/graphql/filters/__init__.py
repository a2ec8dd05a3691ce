from .catalog import (
    FlowTemplateFilter,
    GatewayProfileFilter,
    GatewayServiceFilter,
    ProfileFeatureFilter,
    RemoteRoleFilter,
)
from .changes import ChangeLineFilter, ChangeRequestFilter, SignOffFilter
from .endpoints import RemoteEndpointFilter
from .enforcement import EnforcementPointFilter, EnforcementZoneFilter
from .flows import RequiredFlowFilter
from .gateways import GatewayAddressFilter, GatewayFilter, GatewayGroupFilter

__all__ = (
    'ChangeLineFilter',
    'ChangeRequestFilter',
    'EnforcementPointFilter',
    'EnforcementZoneFilter',
    'FlowTemplateFilter',
    'GatewayAddressFilter',
    'GatewayFilter',
    'GatewayGroupFilter',
    'GatewayProfileFilter',
    'GatewayServiceFilter',
    'ProfileFeatureFilter',
    'RemoteEndpointFilter',
    'RemoteRoleFilter',
    'RequiredFlowFilter',
    'SignOffFilter',
)
