from dcim.models import Device, Site
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from ipam.models import VRF, IPAddress, IPRange, Prefix
from netbox.filtersets import PrimaryModelFilterSet
from utilities.filtersets import register_filterset
from virtualization.models import VirtualMachine

from ..choices import EndpointScopeChoices, ZoneChoices
from ..models import Gateway, GatewayGroup, RemoteEndpoint, RemoteRole, RequiredFlow
from .common import choices, objects
from .remote import RemoteFilters

__all__ = ('RemoteEndpointFilterSet',)


@register_filterset
class RemoteEndpointFilterSet(RemoteFilters, PrimaryModelFilterSet):
    role_id = objects(RemoteRole, _('Role (ID)'))
    role = objects(RemoteRole, _('Role (slug)'), field_name='role__slug', to_field_name='slug')
    ip_address_id = objects(IPAddress, _('IP address (ID)'), many=True, field_name='ip_addresses')
    prefix_id = objects(Prefix, _('Prefix (ID)'), many=True, field_name='prefixes')
    ip_range_id = objects(IPRange, _('IP range (ID)'), many=True, field_name='ip_ranges')
    device_id = objects(Device, _('Device (ID)'), many=True, field_name='devices')
    device = objects(Device, _('Device (name)'), many=True, field_name='devices__name', to_field_name='name')
    virtual_machine_id = objects(VirtualMachine, _('Virtual machine (ID)'), many=True, field_name='virtual_machines')
    virtual_machine = objects(
        VirtualMachine,
        _('Virtual machine (name)'),
        many=True,
        field_name='virtual_machines__name',
        to_field_name='name',
    )
    vrf_id = objects(VRF, _('VRF of literal addresses (ID)'))
    zone = choices(ZoneChoices, _("Zone (defaults to the role's zone)"), method='filter_zone')
    scope = choices(EndpointScopeChoices, _('Scope'))
    gateway_id = objects(Gateway, _('Gateway (ID)'), many=True, field_name='gateways')
    group_id = objects(GatewayGroup, _('Gateway group (ID)'), many=True, field_name='groups')
    group = objects(GatewayGroup, _('Gateway group (slug)'), many=True, field_name='groups__slug', to_field_name='slug')
    site_id = objects(Site, _('Site (ID)'), many=True, field_name='sites')
    site = objects(Site, _('Site (slug)'), many=True, field_name='sites__slug', to_field_name='slug')
    flow_id = objects(RequiredFlow, _('Assigned to required flow (ID)'), many=True, field_name='flows')

    class Meta:
        model = RemoteEndpoint
        fields = ('id', 'name', 'any_address', 'justification', 'description')

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(name__icontains=value)
            | Q(role__name__icontains=value)
            | Q(dns_names__icontains=value)
            | Q(literals__icontains=value)
            | Q(description__icontains=value)
        )

    def filter_zone(self, queryset, name, value: list[str]):
        return queryset.filter(Q(zone__in=value) | Q(zone='', role__zone__in=value)) if value else queryset

    def with_endpoints(self, condition):
        return condition
