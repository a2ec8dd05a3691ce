import django_filters
from dcim.models import Device, Site
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ipam.models import IPAddress
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
from ..viewer import visible_summaries
from ..visible import through
from .base import ContactFilters, NetBoxFilterSet, OrganizationalFilterSet, PrimaryFilterSet, TenancyFilters
from .common import at_sites, choices
from .related import objects

__all__ = (
    'STANDING_FILTERS',
    'GatewayAddressFilterSet',
    'GatewayFilterSet',
    'GatewayGroupFilterSet',
    'HostFilters',
    'by_standing',
)

# Filter -> (label, what the summary of a gateway must say)
STANDING_FILTERS = {
    'to_request': (_('Has rules to request'), lambda today: Q(to_request__gt=0)),
    'to_open': (_('Has rules to open'), lambda today: Q(to_open__gt=0)),
    'to_close': (_('Has rules to close'), lambda today: Q(to_close__gt=0)),
    'unapproved': (_('Has rules open without approval'), lambda today: Q(unapproved__gt=0)),
    'open_items': (_('Has open items'), lambda today: Q(open_items__gt=0)),
    'unmitigated': (_('Has clear text without mitigation'), lambda today: Q(clear_text__gt=0)),
    'review_overdue': (_('Review is due'), lambda today: Q(review_due__isnull=False, review_due__lte=today)),
    'behind': (_('Is behind its profile'), lambda today: Q(behind=True)),
    'no_firewall': (_('No enforcement point'), lambda today: Q(no_firewall=True)),
}


def by_standing(name: str, value: bool, user=None) -> Q:
    """A Q of gateways by their stored summary. A gateway whose summary the user may not view is neither."""
    _label, says = STANDING_FILTERS[name]
    condition = says(timezone.localdate())
    return Q(pk__in=visible_summaries(user).filter(condition if value else ~condition).values('gateway'))


@register_filterset
class GatewayGroupFilterSet(OrganizationalFilterSet):
    remote_endpoint_id = objects(
        RemoteEndpoint, _('Remote endpoint with this scope (ID)'), field_name='scoped_endpoints'
    )
    enforcement_point_id = objects(EnforcementPoint, _('Enforcement point (ID)'), field_name='enforcement_points')

    class Meta:
        model = GatewayGroup
        fields = ('id', 'name', 'slug', 'description')


def standing(name):
    label, _says = STANDING_FILTERS[name]
    return django_filters.BooleanFilter(label=label, method='filter_standing')


class HostFilters(django_filters.FilterSet):
    """Filters for models with MachineMixin."""

    device_id = objects(Device, _('Device (ID)'), field_name='device')
    device = objects(Device, _('Device (name)'), field_name='device', to_field_name='name')
    virtual_machine_id = objects(VirtualMachine, _('Virtual machine (ID)'), field_name='virtual_machine')
    virtual_machine = objects(
        VirtualMachine, _('Virtual machine (name)'), field_name='virtual_machine', to_field_name='name'
    )
    site_id = objects(Site, _('Site (ID)'), method='filter_site')
    site = objects(Site, _('Site (slug)'), method='filter_site', to_field_name='slug')

    def filter_site(self, queryset, name, value: list[str]):
        return queryset.filter(at_sites(queryset.model, value, self.user)) if value else queryset


@register_filterset
class GatewayFilterSet(HostFilters, TenancyFilters, ContactFilters, PrimaryFilterSet):
    profile_id = objects(GatewayProfile, _('Profile (ID)'), field_name='profile')
    profile = objects(GatewayProfile, _('Profile (slug)'), field_name='profile', to_field_name='slug')
    next_profile_id = objects(GatewayProfile, _('Next profile (ID)'), field_name='next_profile')
    next_profile = objects(GatewayProfile, _('Next profile (slug)'), field_name='next_profile', to_field_name='slug')
    feature_id = objects(ProfileFeature, _('Feature (ID)'), field_name='features')
    feature = objects(ProfileFeature, _('Feature (slug)'), field_name='features', to_field_name='slug')
    group_id = objects(GatewayGroup, _('Group (ID)'), field_name='group')
    group = objects(GatewayGroup, _('Group (slug)'), field_name='group', to_field_name='slug')
    remote_endpoint_id = objects(
        RemoteEndpoint, _('Remote endpoint with this scope (ID)'), field_name='scoped_endpoints'
    )
    enforcement_point_id = objects(
        EnforcementPoint,
        _('Enforcement point, including through the group (ID)'),
        method='filter_enforcement_point',
    )
    ip_address_id = objects(IPAddress, _('IP address (ID)'), field_name='addresses__ip_address')
    status = choices(GatewayStatusChoices, _('Status'))
    zone = choices(ZoneChoices, _('Facing zone'), method='filter_zone')
    to_request = standing('to_request')
    to_open = standing('to_open')
    to_close = standing('to_close')
    unapproved = standing('unapproved')
    open_items = standing('open_items')
    unmitigated = standing('unmitigated')
    review_overdue = standing('review_overdue')
    behind = standing('behind')
    no_firewall = standing('no_firewall')

    class Meta:
        model = Gateway
        fields = ('id', 'description')

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(description__icontains=value)
            | self.names(value, 'device__name', 'virtual_machine__name', 'profile__name', 'group__name')
        )

    def filter_zone(self, queryset, name, value: list[str]):
        # An address without zones faces all zones not covered by others, so some address always faces this zone
        facing = through(Gateway, 'addresses', Q(zones__overlap=value) | Q(zones=[]), self.user)
        return queryset.filter(facing) if value else queryset

    def filter_standing(self, queryset, name, value: bool):
        return queryset.filter(by_standing(name, value, self.user))

    def filter_enforcement_point(self, queryset, name, value: list[int]):
        return queryset.filter(served_by(value, self.user)) if value else queryset


@register_filterset
class GatewayAddressFilterSet(NetBoxFilterSet):
    gateway_id = objects(Gateway, _('Gateway (ID)'), field_name='gateway')
    device_id = objects(Device, _('Device (ID)'), field_name='gateway__device')
    virtual_machine_id = objects(VirtualMachine, _('Virtual machine (ID)'), field_name='gateway__virtual_machine')
    ip_address_id = objects(IPAddress, _('IP address (ID)'), field_name='ip_address')
    ip_address = objects(IPAddress, _('IP address'), field_name='ip_address', to_field_name='address')
    zone = choices(ZoneChoices, _('Facing zone'), method='filter_zone')
    use = choices(AddressUseChoices, _('Use'))

    class Meta:
        model = GatewayAddress
        fields = ('id',)

    def search(self, queryset, name, value):
        return queryset.filter(
            self.names(value, 'gateway__device__name', 'gateway__virtual_machine__name', 'ip_address__dns_name')
            | through(GatewayAddress, 'ip_address', Q(address__istartswith=value.strip()), self.user)
        )

    def filter_zone(self, queryset, name, value: list[str]):
        return queryset.filter(zones__overlap=value) if value else queryset
