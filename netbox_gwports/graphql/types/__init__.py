from .catalog import FlowTemplateType, GatewayProfileType, GatewayServiceType, ProfileFeatureType, RemoteRoleType
from .endpoints import RemoteEndpointType
from .flows import RequiredFlowType
from .gateways import GatewayAddressType, GatewayGroupType, GatewayType
from .requirements import RuleType, UnresolvedType

__all__ = (
    'FlowTemplateType',
    'GatewayAddressType',
    'GatewayGroupType',
    'GatewayProfileType',
    'GatewayServiceType',
    'GatewayType',
    'ProfileFeatureType',
    'RemoteEndpointType',
    'RemoteRoleType',
    'RequiredFlowType',
    'RuleType',
    'UnresolvedType',
)
