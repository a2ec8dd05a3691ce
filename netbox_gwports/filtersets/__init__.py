from .catalog import (
    FlowTemplateFilterSet,
    GatewayProfileFilterSet,
    GatewayServiceFilterSet,
    ProfileFeatureFilterSet,
    RemoteRoleFilterSet,
)
from .changes import ChangeLineFilterSet, ChangeRequestFilterSet, SignOffFilterSet
from .endpoints import RemoteEndpointFilterSet
from .enforcement import EnforcementPointFilterSet, EnforcementZoneFilterSet
from .flows import RequiredFlowFilterSet
from .gateways import GatewayAddressFilterSet, GatewayFilterSet, GatewayGroupFilterSet
from .requirements import RequirementsFilterSet

__all__ = (
    'ChangeLineFilterSet',
    'ChangeRequestFilterSet',
    'EnforcementPointFilterSet',
    'EnforcementZoneFilterSet',
    'FlowTemplateFilterSet',
    'GatewayAddressFilterSet',
    'GatewayFilterSet',
    'GatewayGroupFilterSet',
    'GatewayProfileFilterSet',
    'GatewayServiceFilterSet',
    'ProfileFeatureFilterSet',
    'RemoteEndpointFilterSet',
    'RemoteRoleFilterSet',
    'RequiredFlowFilterSet',
    'RequirementsFilterSet',
    'SignOffFilterSet',
)
