from dcim.api.serializers import DeviceSerializer, SiteSerializer
from dcim.models import Device, Site
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from ipam.api.serializers import IPAddressSerializer, IPRangeSerializer, PrefixSerializer, VRFSerializer
from ipam.models import IPAddress, IPRange, Prefix
from netbox.api.fields import ChoiceField, SerializedPKRelatedField
from netbox.api.serializers import PrimaryModelSerializer
from rest_framework import serializers
from virtualization.api.serializers import VirtualMachineSerializer
from virtualization.models import VirtualMachine

from ...choices import EndpointScopeChoices, ZoneChoices
from ...models import Gateway, GatewayGroup, RemoteEndpoint
from ...requirements.conflicts import zone_conflicts
from ..fields import DNSNamesField, LiteralsField, PortMapField
from .catalog import COMMON, RemoteRoleSerializer
from .gateways import GatewayGroupSerializer, GatewaySerializer

__all__ = ('KeepHiddenMembersMixin', 'RemoteEndpointSerializer', 'related')


def related(model, serializer):
    return SerializedPKRelatedField(
        queryset=model.objects.all(), serializer=serializer, nested=True, required=False, many=True
    )


class KeepHiddenMembersMixin:
    """Keep members that the user may not view when one of the fields in ``hidden_stay`` is written."""

    hidden_stay = ()

    def to_internal_value(self, data):
        values = super().to_internal_value(data)
        # Before any validation of the lists, so that what is validated is what will be stored
        if self.instance and not self.nested:
            user = self.context['request'].user
            for name in self.hidden_stay:
                if name in values:
                    members = getattr(self.instance, name)
                    hidden = members.exclude(pk__in=members.model.objects.restrict(user, 'view').values('pk'))
                    values[name] = [*values[name], *hidden]
        return values


class RemoteEndpointSerializer(KeepHiddenMembersMixin, PrimaryModelSerializer):
    hidden_stay = (*RemoteEndpoint.MEMBER_LISTS, *RemoteEndpoint.SCOPE_LISTS.values())

    role = RemoteRoleSerializer(nested=True)
    ip_addresses = related(IPAddress, IPAddressSerializer)
    prefixes = related(Prefix, PrefixSerializer)
    ip_ranges = related(IPRange, IPRangeSerializer)
    devices = related(Device, DeviceSerializer)
    virtual_machines = related(VirtualMachine, VirtualMachineSerializer)
    dns_names = DNSNamesField(required=False)
    literals = LiteralsField(required=False)
    vrf = VRFSerializer(nested=True, required=False, allow_null=True, default=None)
    port_map = PortMapField(required=False)
    zone = ChoiceField(choices=ZoneChoices, required=False, allow_blank=True)
    scope = ChoiceField(choices=EndpointScopeChoices, required=False)
    gateways = related(Gateway, GatewaySerializer)
    groups = related(GatewayGroup, GatewayGroupSerializer)
    sites = related(Site, SiteSerializer)
    zone_conflicts = serializers.SerializerMethodField(
        help_text=_('Addresses that the firewalls know in another zone, so that no rule is made; null in lists')
    )

    class Meta:
        model = RemoteEndpoint
        fields = [
            'id', 'url', 'display_url', 'display', 'name', 'role', 'ip_addresses', 'prefixes', 'ip_ranges', 'devices',
            'virtual_machines', 'dns_names', 'literals', 'vrf', 'any_address', 'justification', 'port_map', 'zone',
            'scope', 'gateways', 'groups', 'sites', 'zone_conflicts', *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'name', 'description')

    @extend_schema_field(serializers.ListField(child=serializers.CharField(), allow_null=True))
    def get_zone_conflicts(self, endpoint):
        # Not for the entries of a list, since each needs the firewalls around the gateways of its scope, and not for
        # what is serialized without a reader, such as events
        request = self.context.get('request')
        return zone_conflicts(endpoint, request.user) if request and not self.parent else None

    def validate(self, data):
        if not self.nested:
            RemoteEndpoint.check_lists(self._scope(data), self._lists(data))
        return super().validate(data)

    def _scope(self, data):
        default = self.instance.scope if self.instance else EndpointScopeChoices.EVERYWHERE
        return data.get('scope', default)

    def _lists(self, data):
        """The lists to validate: those that are sent and, if a scope is sent, those that are stored.

        Nothing else: an endpoint whose list was emptied by a deletion can still be renamed.
        """
        lists = {name: data[name] for name in RemoteEndpoint.SCOPE_LISTS.values() if name in data}
        members = (*RemoteEndpoint.ADDRESS_LISTS, 'literals')
        if any(name in data for name in members):
            lists |= (self.instance or RemoteEndpoint()).address_lists()
            lists |= {name: data[name] for name in (*members, 'vrf') if name in data}
        if self.instance is None or 'scope' in data:
            for name in RemoteEndpoint.SCOPE_LISTS.values():
                lists.setdefault(name, getattr(self.instance, name).all() if self.instance else [])
        return lists
