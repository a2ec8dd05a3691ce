from dcim.api.serializers import DeviceSerializer
from ipam.api.serializers import PrefixSerializer
from netbox.api.fields import ChoiceField
from netbox.api.serializers import NetBoxModelSerializer, PrimaryModelSerializer
from virtualization.api.serializers import VirtualMachineSerializer

from ...choices import ZoneChoices
from ...models import EnforcementPoint, EnforcementZone
from ..related import KeepHiddenMembersMixin, RelatedObjectField, related
from .catalog import COMMON
from .gateways import GatewayGroupSerializer, GatewaySerializer

__all__ = ('EnforcementPointSerializer', 'EnforcementZoneSerializer')


class EnforcementPointSerializer(KeepHiddenMembersMixin, PrimaryModelSerializer):
    device = RelatedObjectField(DeviceSerializer, required=False, allow_null=True)
    virtual_machine = RelatedObjectField(VirtualMachineSerializer, required=False, allow_null=True)
    groups = related(GatewayGroupSerializer)
    gateways = related(GatewaySerializer)

    class Meta:
        model = EnforcementPoint
        fields = [
            'id', 'url', 'display_url', 'display', 'device', 'virtual_machine', 'groups', 'gateways', 'format_name',
            'gateway_zone', 'gateway_interface', 'hidden_members', *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'device', 'virtual_machine', 'description')


class EnforcementZoneSerializer(KeepHiddenMembersMixin, NetBoxModelSerializer):
    enforcement_point = RelatedObjectField(EnforcementPointSerializer)
    zone = ChoiceField(choices=ZoneChoices)
    prefixes = related(PrefixSerializer)

    class Meta:
        model = EnforcementZone
        fields = [
            'id', 'url', 'display_url', 'display', 'enforcement_point', 'zone', 'separated', 'name', 'interface',
            'gateway_zone', 'gateway_interface', 'prefixes', 'hidden_members', 'tags', 'custom_fields', 'created',
            'last_updated',
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'zone', 'name')

    def validate_prefixes(self, prefixes):
        EnforcementZone.check_prefixes(prefixes)
        return prefixes
