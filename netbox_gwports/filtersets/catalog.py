import django_filters
from core.models import DataFile, DataSource
from dcim.models import Manufacturer
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from utilities.filters import MultiValueCharFilter
from utilities.filtersets import register_filterset

from ..choices import RemoteRoleKindChoices, ZoneChoices
from ..models import FlowTemplate, Gateway, GatewayProfile, GatewayService, ProfileFeature, RemoteRole
from .base import OrganizationalFilterSet, PrimaryFilterSet
from .common import DirectionFilters, PortFilters, choices
from .related import RelatedTextFilter, objects
from .remote import is_dns_name, names_for

__all__ = (
    'FlowTemplateFilterSet',
    'GatewayProfileFilterSet',
    'GatewayServiceFilterSet',
    'ProfileFeatureFilterSet',
    'RemoteRoleFilterSet',
)


@register_filterset
class GatewayProfileFilterSet(PrimaryFilterSet):
    manufacturer_id = objects(Manufacturer, _('Manufacturer (ID)'), field_name='manufacturer')
    manufacturer = objects(Manufacturer, _('Manufacturer (slug)'), field_name='manufacturer', to_field_name='slug')
    data_source_id = objects(DataSource, _('Data source (ID)'), field_name='data_source')
    data_file_id = objects(DataFile, _('Data file (ID)'), field_name='data_file')

    class Meta:
        model = GatewayProfile
        fields = (
            'id', 'name', 'version', 'slug', 'source_url', 'published', 'partial', 'description', 'data_path',
            'auto_sync_enabled', 'data_synced',
        )  # fmt: skip

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(name__icontains=value)
            | Q(version__icontains=value)
            | Q(slug__icontains=value)
            | Q(description__icontains=value)
            | self.names(value, 'manufacturer__name')
        )


class ProfileFilters(django_filters.FilterSet):
    profile_id = objects(GatewayProfile, _('Profile (ID)'), field_name='profile')
    profile = objects(GatewayProfile, _('Profile (slug)'), field_name='profile', to_field_name='slug')


@register_filterset
class ProfileFeatureFilterSet(ProfileFilters, PrimaryFilterSet):
    parent_id = objects(ProfileFeature, _('Parent (ID)'), field_name='parent')
    parent = objects(ProfileFeature, _('Parent (slug)'), field_name='parent', to_field_name='slug')
    gateway_id = objects(Gateway, _('Gateway (ID)'), field_name='gateways')

    class Meta:
        model = ProfileFeature
        fields = ('id', 'name', 'slug', 'group', 'enabled_by_default', 'description')

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(name__icontains=value)
            | Q(slug__icontains=value)
            | Q(group__icontains=value)
            | Q(description__icontains=value)
        )


@register_filterset
class GatewayServiceFilterSet(ProfileFilters, PortFilters, PrimaryFilterSet):
    class Meta:
        model = GatewayService
        fields = ('id', 'name', 'application_protocol', 'clear_text', 'description')

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(name__icontains=value) | Q(application_protocol__icontains=value) | Q(description__icontains=value)
        )


@register_filterset
class RemoteRoleFilterSet(OrganizationalFilterSet):
    zone = choices(ZoneChoices, _('Zone'))
    kind = choices(RemoteRoleKindChoices, _('Kind'))

    class Meta:
        model = RemoteRole
        fields = ('id', 'name', 'slug', 'description')


@register_filterset
class FlowTemplateFilterSet(DirectionFilters, PortFilters, PrimaryFilterSet):
    port_path = 'service'

    profile_id = objects(GatewayProfile, _('Profile (ID)'), field_name='service__profile')
    profile = objects(GatewayProfile, _('Profile (slug)'), field_name='service__profile', to_field_name='slug')
    service_id = objects(GatewayService, _('Service (ID)'), field_name='service')
    service = RelatedTextFilter(field_name='service__name', label=_('Service (name)'))
    role_id = objects(RemoteRole, _('Remote role (ID)'), field_name='remote_role')
    role = objects(RemoteRole, _('Remote role (slug)'), field_name='remote_role', to_field_name='slug')
    feature_id = objects(ProfileFeature, _('Feature (ID)'), field_name='feature')
    feature = objects(ProfileFeature, _('Feature (slug)'), field_name='feature', to_field_name='slug')
    zone = choices(ZoneChoices, _('Zone'))
    dns_name = MultiValueCharFilter(
        method='filter_dns_name', validators=[is_dns_name], label=_('DNS name (including matching wildcards)')
    )
    not_opened = django_filters.BooleanFilter(method='filter_not_opened', label=_('Not opened by default'))

    class Meta:
        model = FlowTemplate
        fields = (
            'id', 'replaceable', 'purpose', 'direct', 'notes', 'row', 'item', 'key',
            'printed', 'withdrawn', 'description',
        )  # fmt: skip

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(purpose__icontains=value)
            | Q(notes__icontains=value)
            | Q(not_opened__icontains=value)
            | self.names(value, 'service__name', 'remote_role__name')
        )

    def filter_dns_name(self, queryset, name, value: list[str]):
        return queryset.filter(dns_names__overlap=[name for dns_name in value for name in names_for(dns_name)])

    def filter_not_opened(self, queryset, name, value):
        return queryset.exclude(not_opened='') if value else queryset.filter(not_opened='')
