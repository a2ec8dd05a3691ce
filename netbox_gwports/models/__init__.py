from .catalog import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole
from .endpoints import RemoteEndpoint
from .flows import RequiredFlow
from .gateways import Gateway, GatewayAddress, GatewayGroup

__all__ = (
    'FlowTemplate',
    'Gateway',
    'GatewayAddress',
    'GatewayGroup',
    'GatewayProfile',
    'GatewayService',
    'ProfileFeature',
    'RemoteEndpoint',
    'RemoteRole',
    'RequiredFlow',
)
