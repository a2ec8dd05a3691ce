"""The resolved rules of gateways in REST."""

from dcim.api.serializers import DeviceSerializer
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from virtualization.api.serializers import VirtualMachineSerializer

from .rules import RuleFlowSerializer, RuleSerializer, UnresolvedSerializer
from .serializers_.gateways import GatewaySerializer

__all__ = ('RequirementsSerializer',)


@extend_schema_serializer(component_name='GwportsNote')
class NoteSerializer(serializers.Serializer):
    zone = serializers.CharField()
    text = serializers.CharField()


@extend_schema_serializer(component_name='GwportsRequirements')
class RequirementsSerializer(serializers.Serializer):
    """The rules that firewalls must permit for one gateway, and its open items."""

    gateway = GatewaySerializer(nested=True)
    device = DeviceSerializer(nested=True, allow_null=True)
    virtual_machine = VirtualMachineSerializer(nested=True, allow_null=True)
    rules = RuleSerializer(many=True)
    unresolved = UnresolvedSerializer(many=True)
    not_applicable = RuleFlowSerializer(many=True)
    hidden = serializers.IntegerField()
    notes = NoteSerializer(many=True)
    # A flag only: what is missing belongs to the profile, which the user may not be permitted to view
    partial = serializers.BooleanField(
        help_text=_("The catalog contains only a part of the vendor's table, so rules may be missing")
    )
