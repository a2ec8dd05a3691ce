from .catalog import FlowTemplateType, GatewayProfileType, GatewayServiceType, ProfileFeatureType, RemoteRoleType
from .changes import ChangeLineType, ChangeRequestType, SignOffType
from .endpoints import RemoteEndpointType
from .enforcement import EnforcementPointType, EnforcementZoneType
from .flows import RequiredFlowType
from .gateways import GatewayAddressType, GatewayGroupType, GatewayType
from .requirements import AddressType, RefType, RuleFlowType, RuleType, SideType, UnresolvedType

__all__ = (
    'AddressType',
    'ChangeLineType',
    'ChangeRequestType',
    'EnforcementPointType',
    'EnforcementZoneType',
    'FlowTemplateType',
    'GatewayAddressType',
    'GatewayGroupType',
    'GatewayProfileType',
    'GatewayServiceType',
    'GatewayType',
    'ProfileFeatureType',
    'RefType',
    'RemoteEndpointType',
    'RemoteRoleType',
    'RequiredFlowType',
    'RuleFlowType',
    'RuleType',
    'SideType',
    'SignOffType',
    'UnresolvedType',
)
