"""Base classes of filter sets: NetBox's, with restricted filters by owner, tenant and contact."""

import django_filters
from django.utils.translation import gettext_lazy as _
from netbox.filtersets import NetBoxModelFilterSet, OrganizationalModelFilterSet, PrimaryModelFilterSet
from tenancy.models import Contact, ContactGroup, ContactRole, Tenant, TenantGroup
from users.models import Owner, OwnerGroup

from .related import RelatedTreeFilter, RestrictedFilterSet, objects

__all__ = ('ContactFilters', 'NetBoxFilterSet', 'OrganizationalFilterSet', 'PrimaryFilterSet', 'TenancyFilters')


def owner_filters():
    return (
        objects(OwnerGroup, _('Owner Group (ID)'), field_name='owner__group'),
        objects(OwnerGroup, _('Owner Group (name)'), field_name='owner__group', to_field_name='name'),
        objects(Owner, _('Owner (ID)'), field_name='owner'),
        objects(Owner, _('Owner (name)'), field_name='owner', to_field_name='name'),
    )


class NetBoxFilterSet(RestrictedFilterSet, NetBoxModelFilterSet):
    pass


class PrimaryFilterSet(RestrictedFilterSet, PrimaryModelFilterSet):
    # In the class body: of two bases that declare a filter, the last one would win
    owner_group_id, owner_group, owner_id, owner = owner_filters()


class OrganizationalFilterSet(RestrictedFilterSet, OrganizationalModelFilterSet):
    owner_group_id, owner_group, owner_id, owner = owner_filters()


class TenancyFilters(django_filters.FilterSet):
    """In place of ``tenancy.filtersets.TenancyFilterSet``."""

    tenant_group_id = RelatedTreeFilter(
        queryset=TenantGroup.objects.all(), field_name='tenant__group', label=_('Tenant Group (ID)')
    )
    tenant_group = RelatedTreeFilter(
        queryset=TenantGroup.objects.all(),
        field_name='tenant__group',
        to_field_name='slug',
        label=_('Tenant Group (slug)'),
    )
    tenant_id = objects(Tenant, _('Tenant (ID)'), field_name='tenant')
    tenant = objects(Tenant, _('Tenant (slug)'), field_name='tenant', to_field_name='slug')


class ContactFilters(django_filters.FilterSet):
    """In place of ``tenancy.filtersets.ContactModelFilterSet``."""

    contact = objects(Contact, _('Contact'), field_name='contacts__contact')
    contact_role = objects(ContactRole, _('Contact Role'), field_name='contacts__role')
    contact_group = RelatedTreeFilter(
        queryset=ContactGroup.objects.all(), field_name='contacts__contact__groups', label=_('Contact group')
    )
