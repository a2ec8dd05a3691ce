from .catalog import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole
from .endpoints import RemoteEndpoint
from .enforcement import EnforcementPoint, EnforcementZone
from .flows import RequiredFlow
from .gateways import Gateway, GatewayAddress, GatewayGroup

__all__ = (
    'EnforcementPoint',
    'EnforcementZone',
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
