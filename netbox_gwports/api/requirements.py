"""The resolved rules of gateways in the REST API: plain serializers for the dataclasses of ``rules``."""

from dcim.api.serializers import DeviceSerializer
from django.apps import apps
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.reverse import reverse
from utilities.views import get_viewname
from virtualization.api.serializers import VirtualMachineSerializer

from ..choices import DirectionChoices, FlowStatusChoices, ZoneChoices
from .serializers_.gateways import GatewaySerializer

__all__ = ('RequirementsSerializer',)

ENDPOINT = 'netbox_gwports.remoteendpoint'


@extend_schema_serializer(component_name='GwportsRef')
class RefSerializer(serializers.Serializer):
    """A reference to a NetBox object."""

    id = serializers.IntegerField()
    object_type = serializers.CharField(source='type')
    display = serializers.CharField(source='name')
    url = serializers.SerializerMethodField()

    def get_url(self, ref) -> str | None:
        viewname = get_viewname(apps.get_model(ref.type), action='detail', rest_api=True)
        return reverse(viewname, kwargs={'pk': ref.id}, request=self.context.get('request'))


@extend_schema_serializer(component_name='GwportsVrf')
class VrfSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    display = serializers.CharField(source='name')
    url = serializers.SerializerMethodField()

    def get_url(self, vrf) -> str:
        return reverse('ipam-api:vrf-detail', kwargs={'pk': vrf.id}, request=self.context.get('request'))


@extend_schema_serializer(component_name='GwportsAddress')
class AddressSerializer(serializers.Serializer):
    address = serializers.CharField(source='*')
    vrf = VrfSerializer(allow_null=True)
    object = serializers.SerializerMethodField()

    @extend_schema_field(RefSerializer(allow_null=True))
    def get_object(self, address):
        # Prefer the IPAM object to its device
        refs = sorted(address.refs, key=lambda ref: not ref.type.startswith('ipam.'))
        return RefSerializer(refs[0], context=self.context).data if refs else None


@extend_schema_serializer(component_name='GwportsSide')
class SideSerializer(serializers.Serializer):
    any = serializers.BooleanField()
    addresses = AddressSerializer(many=True)
    dns_names = serializers.ListField(child=serializers.CharField())
    endpoints = serializers.SerializerMethodField()

    @extend_schema_field(RefSerializer(many=True))
    def get_endpoints(self, side):
        endpoints = [ref for ref in side.endpoints if ref.type == ENDPOINT]
        return RefSerializer(endpoints, many=True, context=self.context).data


@extend_schema_serializer(component_name='GwportsRuleFlow')
class RuleFlowSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    feature = RefSerializer(allow_null=True)
    status = serializers.ChoiceField(choices=FlowStatusChoices)
    row = serializers.CharField()


@extend_schema_serializer(component_name='GwportsRule')
class RuleSerializer(serializers.Serializer):
    key = serializers.CharField()
    direction = serializers.ChoiceField(choices=DirectionChoices)
    zone = serializers.ChoiceField(choices=ZoneChoices)
    family = serializers.IntegerField()
    protocol = serializers.CharField()
    ports = serializers.ListField(child=serializers.CharField(), source='port_list')
    source = SideSerializer()
    destination = SideSerializer()
    flows = RuleFlowSerializer(many=True)
    state = serializers.CharField()
    clear_text = serializers.BooleanField()
    same_segment = serializers.BooleanField()
    covered_by = serializers.ListField(child=serializers.CharField())
    via_proxy_to = serializers.ListField(child=serializers.CharField())


@extend_schema_serializer(component_name='GwportsUnresolved')
class UnresolvedSerializer(serializers.Serializer):
    flow = RuleFlowSerializer()
    reason = serializers.CharField()
    detail = serializers.CharField()


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
    # A flag only: what is missing belongs to the profile, which the user may not be permitted to view
    partial = serializers.BooleanField(
        help_text=_("The catalog contains only a part of the vendor's table, so rules may be missing")
    )
