from dcim.models import Device
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from ipam.models import Prefix
from netbox.filtersets import NetBoxModelFilterSet, PrimaryModelFilterSet
from utilities.filtersets import register_filterset
from virtualization.models import VirtualMachine

from ..choices import ZoneChoices
from ..models import EnforcementPoint, EnforcementZone, Gateway, GatewayGroup
from ..models.enforcement import serving
from .common import choices, objects
from .gateways import HostFilters

__all__ = ('EnforcementPointFilterSet', 'EnforcementZoneFilterSet')


@register_filterset
class EnforcementPointFilterSet(HostFilters, PrimaryModelFilterSet):
    gateway_id = objects(Gateway, _('Gateway, including through its group (ID)'), method='filter_gateway')
    group_id = objects(GatewayGroup, _('Gateway group (ID)'), many=True, field_name='groups')
    group = objects(GatewayGroup, _('Gateway group (slug)'), many=True, field_name='groups__slug', to_field_name='slug')
    zone = choices(ZoneChoices, _('Zone'), method='filter_zone')

    class Meta:
        model = EnforcementPoint
        fields = ('id', 'format_name', 'gateway_zone', 'gateway_interface', 'description')

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(device__name__icontains=value)
            | Q(virtual_machine__name__icontains=value)
            | Q(format_name__icontains=value)
            | Q(gateway_zone__icontains=value)
            | Q(description__icontains=value)
        )

    def filter_gateway(self, queryset, name, value: list[int]):
        return queryset.filter(serving(value)) if value else queryset

    def filter_zone(self, queryset, name, value: list[str]):
        known = EnforcementZone.objects.filter(zone__in=value)
        return queryset.filter(pk__in=known.values('enforcement_point')) if value else queryset


@register_filterset
class EnforcementZoneFilterSet(NetBoxModelFilterSet):
    enforcement_point_id = objects(EnforcementPoint, _('Enforcement point (ID)'))
    device_id = objects(Device, _('Device (ID)'), field_name='enforcement_point__device')
    virtual_machine_id = objects(
        VirtualMachine, _('Virtual machine (ID)'), field_name='enforcement_point__virtual_machine'
    )
    zone = choices(ZoneChoices, _('Zone'))
    prefix_id = objects(Prefix, _('Prefix (ID)'), many=True, field_name='prefixes')

    class Meta:
        model = EnforcementZone
        fields = ('id', 'separated', 'name', 'interface')

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(enforcement_point__device__name__icontains=value)
            | Q(enforcement_point__virtual_machine__name__icontains=value)
            | Q(zone__icontains=value)
            | Q(name__icontains=value)
            | Q(interface__icontains=value)
        )
