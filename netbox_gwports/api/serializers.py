from .catalog_files import DiffSerializer, ImportOptions, LoadSerializer, StepSerializer, UpgradeSerializer
from .changes import FirewallStepSerializer, RequestSerializer, SignatureSerializer
from .exports import FormatSerializer
from .plans import AgreedSerializer, PlanSerializer
from .requirements import RequirementsSerializer
from .serializers_.catalog import (
    FlowTemplateSerializer,
    GatewayProfileSerializer,
    GatewayServiceSerializer,
    ProfileFeatureSerializer,
    RemoteRoleSerializer,
)
from .serializers_.changes import ChangeLineSerializer, ChangeRequestSerializer, SignOffSerializer
from .serializers_.endpoints import RemoteEndpointSerializer
from .serializers_.enforcement import EnforcementPointSerializer, EnforcementZoneSerializer
from .serializers_.flows import RequiredFlowSerializer
from .serializers_.gateways import GatewayAddressSerializer, GatewayGroupSerializer, GatewaySerializer
from .standing import FirewallStandingSerializer, StandingSerializer, firewall_data, standing_data

__all__ = (
    'AgreedSerializer',
    'ChangeLineSerializer',
    'ChangeRequestSerializer',
    'DiffSerializer',
    'EnforcementPointSerializer',
    'EnforcementZoneSerializer',
    'FirewallStandingSerializer',
    'FirewallStepSerializer',
    'FlowTemplateSerializer',
    'FormatSerializer',
    'GatewayAddressSerializer',
    'GatewayGroupSerializer',
    'GatewayProfileSerializer',
    'GatewaySerializer',
    'GatewayServiceSerializer',
    'ImportOptions',
    'LoadSerializer',
    'PlanSerializer',
    'ProfileFeatureSerializer',
    'RemoteEndpointSerializer',
    'RemoteRoleSerializer',
    'RequestSerializer',
    'RequiredFlowSerializer',
    'RequirementsSerializer',
    'SignOffSerializer',
    'SignatureSerializer',
    'StandingSerializer',
    'StepSerializer',
    'UpgradeSerializer',
    'firewall_data',
    'standing_data',
)
