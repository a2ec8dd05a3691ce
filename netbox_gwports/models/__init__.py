from .catalog import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole
from .changes import ChangeLine, ChangeRequest, SignOff
from .endpoints import RemoteEndpoint
from .enforcement import EnforcementPoint, EnforcementZone
from .flows import RequiredFlow
from .gateways import Gateway, GatewayAddress, GatewayGroup
from .summary import StandingSummary

__all__ = (
    'ChangeLine',
    'ChangeRequest',
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
    'SignOff',
    'StandingSummary',
)
