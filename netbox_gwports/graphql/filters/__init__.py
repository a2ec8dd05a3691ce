from .catalog import (
    FlowTemplateFilter,
    GatewayProfileFilter,
    GatewayServiceFilter,
    ProfileFeatureFilter,
    RemoteRoleFilter,
)
from .endpoints import RemoteEndpointFilter
from .flows import RequiredFlowFilter
from .gateways import GatewayAddressFilter, GatewayFilter, GatewayGroupFilter

__all__ = (
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
)
