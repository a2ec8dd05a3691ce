from .catalog import FlowTemplateType, GatewayProfileType, GatewayServiceType, ProfileFeatureType, RemoteRoleType
from .endpoints import RemoteEndpointType
from .flows import RequiredFlowType
from .gateways import GatewayAddressType, GatewayGroupType, GatewayType
from .requirements import RequirementsType

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
    'RequirementsType',
)
