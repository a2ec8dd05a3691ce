from dcim.api.serializers import DeviceSerializer, SiteSerializer
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from ipam.api.serializers import IPAddressSerializer, IPRangeSerializer, PrefixSerializer, VRFSerializer
from netbox.api.fields import ChoiceField
from netbox.api.serializers import PrimaryModelSerializer
from rest_framework import serializers
from virtualization.api.serializers import VirtualMachineSerializer

from ...choices import EndpointScopeChoices, ZoneChoices
from ...models import RemoteEndpoint
from ...requirements.conflicts import zone_conflicts
from ..fields import BlankChoiceField, DNSNamesField, LiteralsField, PortMapField
from ..related import KeepHiddenMembersMixin, RelatedObjectField, related
from .catalog import COMMON, RemoteRoleSerializer
from .gateways import GatewayGroupSerializer, GatewaySerializer

__all__ = ('RemoteEndpointSerializer',)


class RemoteEndpointSerializer(KeepHiddenMembersMixin, PrimaryModelSerializer):
    role = RelatedObjectField(RemoteRoleSerializer)
    ip_addresses = related(IPAddressSerializer)
    prefixes = related(PrefixSerializer)
    ip_ranges = related(IPRangeSerializer)
    devices = related(DeviceSerializer)
    virtual_machines = related(VirtualMachineSerializer)
    dns_names = DNSNamesField(required=False)
    literals = LiteralsField(required=False)
    vrf = RelatedObjectField(VRFSerializer, required=False, allow_null=True, default=None)
    port_map = PortMapField(required=False)
    zone = BlankChoiceField(choices=ZoneChoices)
    scope = ChoiceField(choices=EndpointScopeChoices, required=False)
    gateways = related(GatewaySerializer)
    groups = related(GatewayGroupSerializer)
    sites = related(SiteSerializer)
    zone_conflicts = serializers.SerializerMethodField(
        help_text=_('Addresses that the firewalls know in another zone, so that no rule is made; null in lists')
    )

    class Meta:
        model = RemoteEndpoint
        fields = [
            'id', 'url', 'display_url', 'display', 'name', 'role', 'ip_addresses', 'prefixes', 'ip_ranges', 'devices',
            'virtual_machines', 'dns_names', 'literals', 'vrf', 'any_address', 'justification', 'port_map', 'zone',
            'scope', 'gateways', 'groups', 'sites', 'hidden_members', 'zone_conflicts', *COMMON,
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
