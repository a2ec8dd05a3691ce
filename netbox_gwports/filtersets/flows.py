import django_filters
from dcim.models import Device, Site
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from tenancy.models import Tenant
from utilities.filtersets import register_filterset
from virtualization.models import VirtualMachine

from ..choices import FlowStatusChoices, ZoneChoices
from ..models import (
    FlowTemplate,
    Gateway,
    GatewayGroup,
    GatewayProfile,
    ProfileFeature,
    RemoteEndpoint,
    RemoteRole,
    RequiredFlow,
)
from ..requirements.flows_using import flows_using
from ..visible import through, visible
from .base import PrimaryFilterSet
from .common import DirectionFilters, PortFilters, at_sites, choices
from .related import RelatedTextFilter, objects
from .remote import RemoteFilters, names_for

__all__ = ('UNMITIGATED', 'RequiredFlowFilterSet')

# Whatever its status: only those required make rules
UNMITIGATED = Q(clear_text=True, mitigation='')


@register_filterset
class RequiredFlowFilterSet(DirectionFilters, PortFilters, RemoteFilters, PrimaryFilterSet):
    gateway_id = objects(Gateway, _('Gateway (ID)'), field_name='gateway')
    device_id = objects(Device, _('Device (ID)'), field_name='gateway__device')
    device = objects(Device, _('Device (name)'), field_name='gateway__device', to_field_name='name')
    virtual_machine_id = objects(VirtualMachine, _('Virtual machine (ID)'), field_name='gateway__virtual_machine')
    virtual_machine = objects(
        VirtualMachine, _('Virtual machine (name)'), field_name='gateway__virtual_machine', to_field_name='name'
    )
    site_id = objects(Site, _('Site (ID)'), method='filter_site')
    site = objects(Site, _('Site (slug)'), method='filter_site', to_field_name='slug')
    tenant_id = objects(Tenant, _('Tenant (ID)'), field_name='gateway__tenant')
    tenant = objects(Tenant, _('Tenant (slug)'), field_name='gateway__tenant', to_field_name='slug')
    group_id = objects(GatewayGroup, _('Gateway group (ID)'), field_name='gateway__group')
    group = objects(GatewayGroup, _('Gateway group (slug)'), field_name='gateway__group', to_field_name='slug')
    profile_id = objects(GatewayProfile, _('Profile (ID)'), field_name='gateway__profile')
    profile = objects(GatewayProfile, _('Profile (slug)'), field_name='gateway__profile', to_field_name='slug')
    template_id = objects(FlowTemplate, _('Flow template (ID)'), field_name='template')
    role_id = objects(RemoteRole, _('Remote role (ID)'), field_name='remote_role')
    role = objects(RemoteRole, _('Remote role (slug)'), field_name='remote_role', to_field_name='slug')
    feature_id = objects(ProfileFeature, _('Feature (ID)'), field_name='feature')
    feature = objects(ProfileFeature, _('Feature (slug)'), field_name='feature', to_field_name='slug')
    endpoint_id = objects(RemoteEndpoint, _('Endpoint (ID)'), field_name='endpoints')
    endpoint = RelatedTextFilter(field_name='endpoints__name', label=_('Endpoint (name)'))
    status = choices(FlowStatusChoices, _('Status'))
    zone = choices(ZoneChoices, _('Zone of the remote'), method='filter_zone')
    unmitigated = django_filters.BooleanFilter(label=_('Clear text without mitigation'), method='filter_unmitigated')

    class Meta:
        model = RequiredFlow
        fields = (
            'id', 'name', 'application_protocol', 'clear_text', 'replaceable', 'purpose', 'direct',
            'justification', 'mitigation', 'valid_until', 'description',
        )  # fmt: skip

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(name__icontains=value)
            | Q(purpose__icontains=value)
            | Q(application_protocol__icontains=value)
            | Q(justification__icontains=value)
            | Q(description__icontains=value)
            | self.names(value, 'gateway__device__name', 'gateway__virtual_machine__name', 'remote_role__name')
        )

    def filter_site(self, queryset, name, value: list[str]):
        return queryset.filter(at_sites(RequiredFlow, value, self.user, 'gateway')) if value else queryset

    def filter_unmitigated(self, queryset, name, value: bool):
        return queryset.filter(UNMITIGATED if value else ~UNMITIGATED)

    def filter_zone(self, queryset, name, value: list[str]):
        """The zone of the DNS names, of the assigned endpoints, or of the remote role."""
        if not value:
            return queryset
        dns_names = Q(zone__in=value)
        if ZoneChoices.INTERNET in value:
            dns_names |= Q(zone='')
        own = through(RequiredFlow, 'endpoints', Q(zone__in=value), self.user)
        of_role = through(RequiredFlow, 'remote_role', Q(zone__in=value), self.user)
        return queryset.filter((dns_names & ~Q(dns_names=[])) | (Q(dns_names=[]) & of_role) | own)

    def with_endpoints(self, condition):
        endpoints = visible(RemoteEndpoint, self.user).filter(condition)
        return flows_using(list(endpoints.values_list('pk', flat=True)), self.user)

    def filter_dns_name(self, queryset, name, value: list[str]):
        published = Q(dns_names__overlap=[name for dns_name in value for name in names_for(dns_name)])
        condition = Q()
        for dns_name in value:
            condition |= Q(dns_names__overlap=names_for(dns_name))
        return queryset.filter(published | self.with_endpoints(condition))
