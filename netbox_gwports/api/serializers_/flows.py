from netbox.api.fields import ChoiceField
from netbox.api.serializers import PrimaryModelSerializer

from ...choices import DirectionChoices, FlowStatusChoices, ZoneChoices
from ...models import RequiredFlow
from ...rules.facts import copied
from ..fields import BlankChoiceField, DNSNamesField, PortsField
from ..related import KeepHiddenMembersMixin, RelatedObjectField, related
from .catalog import COMMON, FlowTemplateSerializer, ProfileFeatureSerializer, RemoteRoleSerializer
from .endpoints import RemoteEndpointSerializer
from .gateways import GatewaySerializer

__all__ = ('RequiredFlowSerializer',)


class RequiredFlowSerializer(KeepHiddenMembersMixin, PrimaryModelSerializer):
    gateway = RelatedObjectField(GatewaySerializer)
    # Only set by reconcile; null for a flow that was created manually
    template = FlowTemplateSerializer(nested=True, read_only=True, allow_null=True)
    ports = PortsField()
    remote_role = RelatedObjectField(RemoteRoleSerializer)
    dns_names = DNSNamesField(required=False)
    feature = RelatedObjectField(ProfileFeatureSerializer, required=False, allow_null=True)
    direction = ChoiceField(choices=DirectionChoices)
    zone = BlankChoiceField(choices=ZoneChoices)
    status = ChoiceField(choices=FlowStatusChoices, required=False)
    endpoints = related(RemoteEndpointSerializer)

    class Meta:
        model = RequiredFlow
        fields = [
            'id', 'url', 'display_url', 'display', 'gateway', 'template', *(fact.name for fact in copied()),
            'endpoints', 'status', 'justification', 'mitigation', 'valid_until', 'hidden_members',
            *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'name', 'purpose', 'status', 'description')
