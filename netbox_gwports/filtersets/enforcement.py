from dcim.models import Device
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from ipam.models import Prefix
from utilities.filtersets import register_filterset
from virtualization.models import VirtualMachine

from ..choices import ZoneChoices
from ..models import EnforcementPoint, EnforcementZone, Gateway, GatewayGroup
from ..models.enforcement import serving
from ..visible import through
from .base import NetBoxFilterSet, PrimaryFilterSet
from .common import choices
from .gateways import HostFilters
from .related import objects

__all__ = ('EnforcementPointFilterSet', 'EnforcementZoneFilterSet')


@register_filterset
class EnforcementPointFilterSet(HostFilters, PrimaryFilterSet):
    gateway_id = objects(Gateway, _('Gateway, including through its group (ID)'), method='filter_gateway')
    group_id = objects(GatewayGroup, _('Gateway group (ID)'), field_name='groups')
    group = objects(GatewayGroup, _('Gateway group (slug)'), field_name='groups', to_field_name='slug')
    zone = choices(ZoneChoices, _('Zone'), method='filter_zone')

    class Meta:
        model = EnforcementPoint
        fields = ('id', 'format_name', 'gateway_zone', 'gateway_interface', 'description')

    def search(self, queryset, name, value):
        return queryset.filter(
            self.names(value, 'device__name', 'virtual_machine__name')
            | Q(format_name__icontains=value)
            | Q(gateway_zone__icontains=value)
            | Q(description__icontains=value)
        )

    def filter_gateway(self, queryset, name, value: list[int]):
        return queryset.filter(serving(value, self.user)) if value else queryset

    def filter_zone(self, queryset, name, value: list[str]):
        known = through(EnforcementPoint, 'zones', Q(zone__in=value), self.user)
        return queryset.filter(known) if value else queryset


@register_filterset
class EnforcementZoneFilterSet(NetBoxFilterSet):
    enforcement_point_id = objects(EnforcementPoint, _('Enforcement point (ID)'), field_name='enforcement_point')
    device_id = objects(Device, _('Device (ID)'), field_name='enforcement_point__device')
    virtual_machine_id = objects(
        VirtualMachine, _('Virtual machine (ID)'), field_name='enforcement_point__virtual_machine'
    )
    zone = choices(ZoneChoices, _('Zone'))
    prefix_id = objects(Prefix, _('Prefix (ID)'), field_name='prefixes')

    class Meta:
        model = EnforcementZone
        fields = ('id', 'separated', 'name', 'interface', 'gateway_zone', 'gateway_interface')

    def search(self, queryset, name, value):
        return queryset.filter(
            self.names(value, 'enforcement_point__device__name', 'enforcement_point__virtual_machine__name')
            | Q(zone__icontains=value)
            | Q(name__icontains=value)
            | Q(interface__icontains=value)
        )
