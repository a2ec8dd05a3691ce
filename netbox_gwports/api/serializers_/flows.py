from dcim.api.serializers import DeviceSerializer, SiteSerializer
from dcim.models import Device, Site
from django.core.exceptions import ValidationError as DjangoValidationError
from ipam.api.serializers import IPAddressSerializer, IPRangeSerializer, PrefixSerializer
from ipam.models import IPAddress, IPRange, Prefix
from netbox.api.fields import ChoiceField, SerializedPKRelatedField
from netbox.api.serializers import PrimaryModelSerializer
from rest_framework import serializers
from rest_framework.fields import get_error_detail
from virtualization.api.serializers import VirtualMachineSerializer
from virtualization.models import VirtualMachine

from ...choices import DirectionChoices, EndpointScopeChoices, FlowStatusChoices, ZoneChoices
from ...models import Gateway, GatewayGroup, RemoteEndpoint, RequiredFlow
from .catalog import COMMON, FlowTemplateSerializer, ProfileFeatureSerializer, RemoteRoleSerializer
from .gateways import GatewayGroupSerializer, GatewaySerializer

__all__ = ('RemoteEndpointSerializer', 'RequiredFlowSerializer')


def related(model, serializer):
    return SerializedPKRelatedField(
        queryset=model.objects.all(), serializer=serializer, nested=True, required=False, many=True
    )


class RemoteEndpointSerializer(PrimaryModelSerializer):
    role = RemoteRoleSerializer(nested=True)
    ip_addresses = related(IPAddress, IPAddressSerializer)
    prefixes = related(Prefix, PrefixSerializer)
    ip_ranges = related(IPRange, IPRangeSerializer)
    devices = related(Device, DeviceSerializer)
    virtual_machines = related(VirtualMachine, VirtualMachineSerializer)
    zone = ChoiceField(choices=ZoneChoices, required=False, allow_blank=True)
    scope = ChoiceField(choices=EndpointScopeChoices, required=False)
    gateways = related(Gateway, GatewaySerializer)
    groups = related(GatewayGroup, GatewayGroupSerializer)
    sites = related(Site, SiteSerializer)

    class Meta:
        model = RemoteEndpoint
        fields = [
            'id', 'url', 'display_url', 'display', 'name', 'role', 'ip_addresses', 'prefixes', 'ip_ranges', 'devices',
            'virtual_machines', 'hosts', 'literals', 'any_address', 'justification', 'ports', 'zone', 'scope',
            'gateways', 'groups', 'sites', *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'name', 'description')
        model_clean_fields = ('hosts', 'literals', 'ports')

    def validate(self, data):
        if not self.nested:
            names = {*RemoteEndpoint.SCOPE_LISTS.values(), 'prefixes'}
            # What is not sent stays: a new scope is checked against the lists that are stored
            lists = {name: list(getattr(self.instance, name).all()) if self.instance else [] for name in names}
            lists |= {name: data[name] for name in names if name in data}
            default = self.instance.scope if self.instance else EndpointScopeChoices.EVERYWHERE
            try:
                RemoteEndpoint.check_lists(data.get('scope', default), lists)
            except DjangoValidationError as e:
                raise serializers.ValidationError(get_error_detail(e)) from None
        return super().validate(data)


class RequiredFlowSerializer(PrimaryModelSerializer):
    gateway = GatewaySerializer(nested=True)
    # Null from the start for a flow that is written by hand; only reconcile sets it
    template = FlowTemplateSerializer(nested=True, read_only=True, allow_null=True)
    remote_role = RemoteRoleSerializer(nested=True)
    feature = ProfileFeatureSerializer(nested=True, required=False, allow_null=True)
    direction = ChoiceField(choices=DirectionChoices)
    zone = ChoiceField(choices=ZoneChoices, required=False, allow_blank=True)
    status = ChoiceField(choices=FlowStatusChoices, required=False)
    endpoints = related(RemoteEndpoint, RemoteEndpointSerializer)

    class Meta:
        model = RequiredFlow
        fields = [
            'id', 'url', 'display_url', 'display', 'gateway', 'template', 'name', 'application_protocol', 'ports',
            'direction', 'remote_role', 'remote_hosts', 'hosts_replaceable', 'zone', 'purpose', 'feature', 'direct',
            'clear_text', 'endpoints', 'status', 'justification', 'ticket', 'mitigation', 'valid_until', *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'name', 'purpose', 'status', 'description')
        model_clean_fields = ('ports', 'remote_hosts')
