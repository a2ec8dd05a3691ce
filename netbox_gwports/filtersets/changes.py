"""Filter sets of change requests, their lines and sign-offs."""

import django_filters
from dcim.models import Device, Site
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from netbox.filtersets import BaseFilterSet
from users.models import User
from utilities.filtersets import register_filterset
from virtualization.models import VirtualMachine

from ..choices import (
    ChangeActionChoices,
    ChangeRequestStatusChoices,
    SignOffKindChoices,
    SignOffOriginChoices,
    ZoneChoices,
)
from ..models import ChangeLine, ChangeRequest, EnforcementPoint, Gateway, GatewayGroup, SignOff
from ..visible import through
from .base import ContactFilters, PrimaryFilterSet
from .common import DirectionFilters, at_sites, choices
from .related import RelatedTextFilter, RestrictedFilterSet, objects

__all__ = ('ChangeLineFilterSet', 'ChangeRequestFilterSet', 'SignOffFilterSet')


@register_filterset
class ChangeRequestFilterSet(ContactFilters, PrimaryFilterSet):
    status = choices(ChangeRequestStatusChoices, _('Status'))
    gateway_id = objects(Gateway, _('Gateway (ID)'), field_name='lines__gateway')
    device_id = objects(Device, _('Device (ID)'), field_name='lines__gateway__device')
    virtual_machine_id = objects(
        VirtualMachine, _('Virtual machine (ID)'), field_name='lines__gateway__virtual_machine'
    )
    group_id = objects(GatewayGroup, _('Gateway group (ID)'), field_name='lines__gateway__group')
    group = objects(GatewayGroup, _('Gateway group (slug)'), field_name='lines__gateway__group', to_field_name='slug')
    site_id = objects(Site, _('Site (ID)'), method='filter_site')
    site = objects(Site, _('Site (slug)'), method='filter_site', to_field_name='slug')
    enforcement_point_id = objects(
        EnforcementPoint, _('Implemented on enforcement point (ID)'), field_name='sign_offs__enforcement_point'
    )
    user_id = objects(User, _('Signed off by user (ID)'), field_name='sign_offs__user')
    user = objects(User, _('Signed off by user (name)'), field_name='sign_offs__user', to_field_name='username')
    rule_key = RelatedTextFilter(field_name='lines__rule_key', label=_('Rule ID'))

    class Meta:
        model = ChangeRequest
        fields = (
            'id', 'title', 'ticket', 'emergency', 'valid_until', 'reason', 'risk', 'test_plan', 'back_out',
            'description',
        )  # fmt: skip

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(title__icontains=value)
            | Q(ticket__icontains=value)
            | Q(reason__icontains=value)
            | Q(description__icontains=value)
            | self.names(value, 'lines__rule_key', 'lines__gateway_name')
        )

    def filter_site(self, queryset, name, value: list[str]):
        at = at_sites(ChangeLine, value, self.user, 'gateway')
        return queryset.filter(through(ChangeRequest, 'lines', at, self.user)) if value else queryset


class UnchangedFilterSet(RestrictedFilterSet, BaseFilterSet):
    """For models whose rows are never changed: NetBox has the search only for models with a change log."""

    q = django_filters.CharFilter(method='search', label=_('Search'))


@register_filterset
class ChangeLineFilterSet(DirectionFilters, UnchangedFilterSet):
    change_request_id = objects(ChangeRequest, _('Change request (ID)'), field_name='change_request')
    ticket = RelatedTextFilter(field_name='change_request__ticket', label=_('Ticket'))
    status = choices(ChangeRequestStatusChoices, _('Status of the change request'), method='filter_status')
    gateway_id = objects(Gateway, _('Gateway (ID)'), field_name='gateway')
    group_id = objects(GatewayGroup, _('Gateway group (ID)'), field_name='gateway__group')
    group = objects(GatewayGroup, _('Gateway group (slug)'), field_name='gateway__group', to_field_name='slug')
    site_id = objects(Site, _('Site (ID)'), method='filter_site')
    site = objects(Site, _('Site (slug)'), method='filter_site', to_field_name='slug')
    action = choices(ChangeActionChoices, _('Action'))
    zone = choices(ZoneChoices, _('Zone'))

    class Meta:
        model = ChangeLine
        fields = ('id', 'gateway_name', 'rule_key')

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(gateway_name__icontains=value)
            | Q(rule_key__icontains=value)
            | self.names(value, 'change_request__ticket', 'change_request__title')
        )

    def filter_status(self, queryset, name, value: list[str]):
        condition = through(ChangeLine, 'change_request', Q(status__in=value), self.user)
        return queryset.filter(condition) if value else queryset

    def filter_site(self, queryset, name, value: list[str]):
        return queryset.filter(at_sites(ChangeLine, value, self.user, 'gateway')) if value else queryset


@register_filterset
class SignOffFilterSet(UnchangedFilterSet):
    kind = choices(SignOffKindChoices, _('Kind'))
    change_request_id = objects(ChangeRequest, _('Change request (ID)'), field_name='change_request')
    ticket = RelatedTextFilter(field_name='change_request__ticket', label=_('Ticket'))
    gateway_id = objects(Gateway, _('Gateway (ID)'), method='filter_gateway')
    enforcement_point_id = objects(EnforcementPoint, _('Enforcement point (ID)'), field_name='enforcement_point')
    line_id = objects(ChangeLine, _('Change line (ID)'), method='filter_line')
    user_id = objects(User, _('User (ID)'), field_name='user')
    user = objects(User, _('User (name)'), field_name='user', to_field_name='username')
    origin = choices(SignOffOriginChoices, _('Origin'))

    class Meta:
        model = SignOff
        fields = (
            'id', 'gateway_name', 'enforcement_point_name', 'user_name', 'digest', 'valid_until', 'note', 'time',
        )  # fmt: skip

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(gateway_name__icontains=value)
            | Q(enforcement_point_name__icontains=value)
            | Q(user_name__icontains=value)
            | Q(note__icontains=value)
            | self.names(value, 'change_request__ticket', 'change_request__title')
        )

    def filter_gateway(self, queryset, name, value: list[Gateway]):
        """Reviews of these gateways, and sign-offs of change requests with a line for them."""
        condition = Q(pk__in=[gateway.pk for gateway in value])
        reviewed = through(SignOff, 'gateway', condition, self.user)
        changed = through(SignOff, 'change_request__lines__gateway', condition, self.user)
        return queryset.filter(reviewed | changed) if value else queryset

    def filter_line(self, queryset, name, value: list[ChangeLine]):
        return queryset.filter(lines__overlap=[line.pk for line in value]) if value else queryset
