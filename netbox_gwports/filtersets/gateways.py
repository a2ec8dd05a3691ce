import django_filters
from dcim.models import Device, Site
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from ipam.models import IPAddress
from netbox.filtersets import NetBoxModelFilterSet, OrganizationalModelFilterSet, PrimaryModelFilterSet
from tenancy.filtersets import ContactModelFilterSet, TenancyFilterSet
from utilities.filtersets import register_filterset
from virtualization.models import VirtualMachine

from ..choices import AddressUseChoices, GatewayStatusChoices, ZoneChoices
from ..models import (
    EnforcementPoint,
    Gateway,
    GatewayAddress,
    GatewayGroup,
    GatewayProfile,
    ProfileFeature,
    RemoteEndpoint,
)
from ..models.enforcement import served_by
from .common import at_sites, choices, objects

__all__ = ('GatewayAddressFilterSet', 'GatewayFilterSet', 'GatewayGroupFilterSet', 'HostFilters')


@register_filterset
class GatewayGroupFilterSet(OrganizationalModelFilterSet):
    remote_endpoint_id = objects(
        RemoteEndpoint, _('Remote endpoint with this scope (ID)'), many=True, field_name='scoped_endpoints'
    )
    enforcement_point_id = objects(
        EnforcementPoint, _('Enforcement point (ID)'), many=True, field_name='enforcement_points'
    )

    class Meta:
        model = GatewayGroup
        fields = ('id', 'name', 'slug', 'description')


class HostFilters(django_filters.FilterSet):
    """Filters for models with MachineMixin."""

    device_id = objects(Device, _('Device (ID)'))
    device = objects(Device, _('Device (name)'), field_name='device__name', to_field_name='name')
    virtual_machine_id = objects(VirtualMachine, _('Virtual machine (ID)'))
    virtual_machine = objects(
        VirtualMachine, _('Virtual machine (name)'), field_name='virtual_machine__name', to_field_name='name'
    )
    site_id = objects(Site, _('Site (ID)'), method='filter_site')
    site = objects(Site, _('Site (slug)'), method='filter_site', to_field_name='slug')

    def filter_site(self, queryset, name, value: list[str]):
        return queryset.filter(at_sites(value)) if value else queryset


@register_filterset
class GatewayFilterSet(HostFilters, TenancyFilterSet, ContactModelFilterSet, PrimaryModelFilterSet):
    profile_id = objects(GatewayProfile, _('Profile (ID)'))
    profile = objects(GatewayProfile, _('Profile (slug)'), field_name='profile__slug', to_field_name='slug')
    next_profile_id = objects(GatewayProfile, _('Next profile (ID)'))
    next_profile = objects(
        GatewayProfile, _('Next profile (slug)'), field_name='next_profile__slug', to_field_name='slug'
    )
    feature_id = objects(ProfileFeature, _('Feature (ID)'), many=True, field_name='features')
    feature = objects(ProfileFeature, _('Feature (slug)'), many=True, field_name='features__slug', to_field_name='slug')
    group_id = objects(GatewayGroup, _('Group (ID)'))
    group = objects(GatewayGroup, _('Group (slug)'), field_name='group__slug', to_field_name='slug')
    remote_endpoint_id = objects(
        RemoteEndpoint, _('Remote endpoint with this scope (ID)'), many=True, field_name='scoped_endpoints'
    )
    enforcement_point_id = objects(
        EnforcementPoint,
        _('Enforcement point, including through the group (ID)'),
        method='filter_enforcement_point',
    )
    ip_address_id = objects(IPAddress, _('IP address (ID)'), many=True, field_name='addresses__ip_address')
    status = choices(GatewayStatusChoices, _('Status'))
    zone = choices(ZoneChoices, _('Facing zone'), method='filter_zone')

    class Meta:
        model = Gateway
        fields = ('id', 'description')

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(device__name__icontains=value)
            | Q(virtual_machine__name__icontains=value)
            | Q(profile__name__icontains=value)
            | Q(group__name__icontains=value)
            | Q(description__icontains=value)
        )

    def filter_zone(self, queryset, name, value: list[str]):
        # An address without zones faces all zones not covered by others, so some address always faces this zone
        facing = GatewayAddress.objects.filter(Q(zones__overlap=value) | Q(zones=[]), gateway=OuterRef('pk'))
        return queryset.filter(Exists(facing)) if value else queryset

    def filter_enforcement_point(self, queryset, name, value: list[int]):
        return queryset.filter(served_by(value)) if value else queryset


@register_filterset
class GatewayAddressFilterSet(NetBoxModelFilterSet):
    gateway_id = objects(Gateway, _('Gateway (ID)'))
    device_id = objects(Device, _('Device (ID)'), field_name='gateway__device')
    virtual_machine_id = objects(VirtualMachine, _('Virtual machine (ID)'), field_name='gateway__virtual_machine')
    ip_address_id = objects(IPAddress, _('IP address (ID)'))
    ip_address = objects(IPAddress, _('IP address'), field_name='ip_address__address', to_field_name='address')
    zone = choices(ZoneChoices, _('Facing zone'), method='filter_zone')
    use = choices(AddressUseChoices, _('Use'))

    class Meta:
        model = GatewayAddress
        fields = ('id',)

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(gateway__device__name__icontains=value)
            | Q(gateway__virtual_machine__name__icontains=value)
            | Q(ip_address__address__istartswith=value.strip())
            | Q(ip_address__dns_name__icontains=value)
        )

    def filter_zone(self, queryset, name, value: list[str]):
        return queryset.filter(zones__overlap=value) if value else queryset
