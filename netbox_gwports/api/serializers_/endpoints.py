from dcim.api.serializers import DeviceSerializer, SiteSerializer
from ipam.api.serializers import IPAddressSerializer, IPRangeSerializer, PrefixSerializer
from netbox.api.fields import ChoiceField
from netbox.api.serializers import PrimaryModelSerializer
from virtualization.api.serializers import VirtualMachineSerializer

from ...choices import EndpointScopeChoices, ZoneChoices
from ...models import RemoteEndpoint
from ..fields import DNSNamesField, LiteralsField, PortsField
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
    ports = PortsField(required=False, allow_null=True)
    zone = ChoiceField(choices=ZoneChoices, required=False, allow_blank=True)
    scope = ChoiceField(choices=EndpointScopeChoices, required=False)
    gateways = related(GatewaySerializer)
    groups = related(GatewayGroupSerializer)
    sites = related(SiteSerializer)

    class Meta:
        model = RemoteEndpoint
        fields = [
            'id', 'url', 'display_url', 'display', 'name', 'role', 'ip_addresses', 'prefixes', 'ip_ranges', 'devices',
            'virtual_machines', 'dns_names', 'literals', 'any_address', 'justification', 'ports', 'zone', 'scope',
            'gateways', 'groups', 'sites', 'hidden_members', *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'name', 'description')

    def validate(self, data):
        if not self.nested:
            RemoteEndpoint.check_lists(self._scope(data), self._lists(data))
        return super().validate(data)

    def _scope(self, data):
        default = self.instance.scope if self.instance else EndpointScopeChoices.EVERYWHERE
        return data.get('scope', default)

    def _lists(self, data):
        """The lists to check: those that are sent, and with a scope those that are stored too.

        Nothing else: an endpoint whose list was emptied by a deletion can still be renamed.
        """
        lists = {name: data[name] for name in (*RemoteEndpoint.SCOPE_LISTS.values(), 'prefixes') if name in data}
        if self.instance is None or 'scope' in data:
            for name in RemoteEndpoint.SCOPE_LISTS.values():
                lists.setdefault(name, getattr(self.instance, name).all() if self.instance else [])
        return lists
