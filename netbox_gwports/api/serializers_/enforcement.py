from dcim.api.serializers import DeviceSerializer
from ipam.api.serializers import PrefixSerializer
from ipam.models import Prefix
from netbox.api.fields import ChoiceField
from netbox.api.serializers import NetBoxModelSerializer, PrimaryModelSerializer
from virtualization.api.serializers import VirtualMachineSerializer

from ...choices import ZoneChoices
from ...models import EnforcementPoint, EnforcementZone, Gateway, GatewayGroup
from .catalog import COMMON
from .endpoints import KeepHiddenMembersMixin, related
from .gateways import GatewayGroupSerializer, GatewaySerializer

__all__ = ('EnforcementPointSerializer', 'EnforcementZoneSerializer')


class EnforcementPointSerializer(KeepHiddenMembersMixin, PrimaryModelSerializer):
    hidden_stay = ('groups', 'gateways')

    device = DeviceSerializer(nested=True, required=False, allow_null=True)
    virtual_machine = VirtualMachineSerializer(nested=True, required=False, allow_null=True)
    groups = related(GatewayGroup, GatewayGroupSerializer)
    gateways = related(Gateway, GatewaySerializer)

    class Meta:
        model = EnforcementPoint
        fields = [
            'id', 'url', 'display_url', 'display', 'device', 'virtual_machine', 'groups', 'gateways', 'format_name',
            'gateway_zone', 'gateway_interface', *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'device', 'virtual_machine', 'description')


class EnforcementZoneSerializer(KeepHiddenMembersMixin, NetBoxModelSerializer):
    hidden_stay = ('prefixes',)

    enforcement_point = EnforcementPointSerializer(nested=True)
    zone = ChoiceField(choices=ZoneChoices)
    prefixes = related(Prefix, PrefixSerializer)

    class Meta:
        model = EnforcementZone
        fields = [
            'id', 'url', 'display_url', 'display', 'enforcement_point', 'zone', 'separated', 'name', 'interface',
            'prefixes', 'tags', 'custom_fields', 'created', 'last_updated',
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'zone', 'name')

    def validate_prefixes(self, prefixes):
        EnforcementZone.check_prefixes(prefixes)
        return prefixes
