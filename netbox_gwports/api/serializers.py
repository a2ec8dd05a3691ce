from .catalog_files import DiffSerializer, ImportOptions, LoadSerializer, StepSerializer, UpgradeSerializer
from .conversion import DraftSerializer, TableSerializer
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
from .serializers_.endpoints import RemoteEndpointSerializer
from .serializers_.enforcement import EnforcementPointSerializer, EnforcementZoneSerializer
from .serializers_.flows import RequiredFlowSerializer
from .serializers_.gateways import GatewayAddressSerializer, GatewayGroupSerializer, GatewaySerializer

__all__ = (
    'AgreedSerializer',
    'DiffSerializer',
    'DraftSerializer',
    'EnforcementPointSerializer',
    'EnforcementZoneSerializer',
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
    'RequiredFlowSerializer',
    'RequirementsSerializer',
    'StepSerializer',
    'TableSerializer',
    'UpgradeSerializer',
)
