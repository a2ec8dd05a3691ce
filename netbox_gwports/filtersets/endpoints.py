from dcim.models import Device, Site
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from ipam.models import VRF, IPAddress, IPRange, Prefix
from utilities.filtersets import register_filterset
from virtualization.models import VirtualMachine

from ..choices import EndpointScopeChoices, ZoneChoices
from ..models import Gateway, GatewayGroup, RemoteEndpoint, RemoteRole, RequiredFlow
from ..visible import through
from .base import PrimaryFilterSet
from .common import choices
from .related import objects
from .remote import RemoteFilters

__all__ = ('RemoteEndpointFilterSet',)


@register_filterset
class RemoteEndpointFilterSet(RemoteFilters, PrimaryFilterSet):
    role_id = objects(RemoteRole, _('Role (ID)'), field_name='role')
    role = objects(RemoteRole, _('Role (slug)'), field_name='role', to_field_name='slug')
    ip_address_id = objects(IPAddress, _('IP address (ID)'), field_name='ip_addresses')
    prefix_id = objects(Prefix, _('Prefix (ID)'), field_name='prefixes')
    ip_range_id = objects(IPRange, _('IP range (ID)'), field_name='ip_ranges')
    device_id = objects(Device, _('Device (ID)'), field_name='devices')
    device = objects(Device, _('Device (name)'), field_name='devices', to_field_name='name')
    virtual_machine_id = objects(VirtualMachine, _('Virtual machine (ID)'), field_name='virtual_machines')
    virtual_machine = objects(
        VirtualMachine,
        _('Virtual machine (name)'),
        field_name='virtual_machines',
        to_field_name='name',
    )
    vrf_id = objects(VRF, _('VRF of literal addresses (ID)'), field_name='vrf')
    zone = choices(ZoneChoices, _("Zone (defaults to the role's zone)"), method='filter_zone')
    scope = choices(EndpointScopeChoices, _('Scope'))
    gateway_id = objects(Gateway, _('Gateway (ID)'), field_name='gateways')
    group_id = objects(GatewayGroup, _('Gateway group (ID)'), field_name='groups')
    group = objects(GatewayGroup, _('Gateway group (slug)'), field_name='groups', to_field_name='slug')
    site_id = objects(Site, _('Site (ID)'), field_name='sites')
    site = objects(Site, _('Site (slug)'), field_name='sites', to_field_name='slug')
    flow_id = objects(RequiredFlow, _('Assigned to required flow (ID)'), field_name='flows')

    class Meta:
        model = RemoteEndpoint
        fields = ('id', 'name', 'any_address', 'justification', 'description')

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(name__icontains=value)
            | Q(dns_names__icontains=value)
            | Q(literals__icontains=value)
            | Q(description__icontains=value)
            | self.names(value, 'role__name')
        )

    def filter_zone(self, queryset, name, value: list[str]):
        if not value:
            return queryset
        of_role = through(RemoteEndpoint, 'role', Q(zone__in=value), self.user)
        return queryset.filter(Q(zone__in=value) | Q(zone='') & of_role)

    def with_endpoints(self, condition):
        return condition
