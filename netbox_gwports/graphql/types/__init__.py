from .catalog import FlowTemplateType, GatewayProfileType, GatewayServiceType, ProfileFeatureType, RemoteRoleType
from .endpoints import RemoteEndpointType
from .enforcement import EnforcementPointType, EnforcementZoneType
from .flows import RequiredFlowType
from .gateways import GatewayAddressType, GatewayGroupType, GatewayType
from .requirements import RuleType, UnresolvedType

__all__ = (
    'EnforcementPointType',
    'EnforcementZoneType',
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
