from dcim.api.serializers import DeviceSerializer, SiteSerializer
from dcim.models import Device, Site
from ipam.api.serializers import IPAddressSerializer, IPRangeSerializer, PrefixSerializer
from ipam.models import IPAddress, IPRange, Prefix
from netbox.api.fields import ChoiceField, SerializedPKRelatedField
from netbox.api.serializers import PrimaryModelSerializer
from virtualization.api.serializers import VirtualMachineSerializer
from virtualization.models import VirtualMachine

from ...choices import EndpointScopeChoices, ZoneChoices
from ...models import Gateway, GatewayGroup, RemoteEndpoint
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
    port_map = PortMapField(required=False)
    zone = ChoiceField(choices=ZoneChoices, required=False, allow_blank=True)
    scope = ChoiceField(choices=EndpointScopeChoices, required=False)
    gateways = related(Gateway, GatewaySerializer)
    groups = related(GatewayGroup, GatewayGroupSerializer)
    sites = related(Site, SiteSerializer)

    class Meta:
        model = RemoteEndpoint
        fields = [
            'id', 'url', 'display_url', 'display', 'name', 'role', 'ip_addresses', 'prefixes', 'ip_ranges', 'devices',
            'virtual_machines', 'dns_names', 'literals', 'any_address', 'justification', 'port_map', 'zone', 'scope',
            'gateways', 'groups', 'sites', *COMMON,
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
        """The lists to validate: those that are sent and, if a scope is sent, those that are stored.

        Nothing else: an endpoint whose list was emptied by a deletion can still be renamed.
        """
        lists = {name: data[name] for name in (*RemoteEndpoint.SCOPE_LISTS.values(), 'prefixes') if name in data}
        if self.instance is None or 'scope' in data:
            for name in RemoteEndpoint.SCOPE_LISTS.values():
                lists.setdefault(name, getattr(self.instance, name).all() if self.instance else [])
        return lists
