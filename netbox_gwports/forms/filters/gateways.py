from dcim.models import Device, Site
from django.utils.translation import gettext_lazy as _
from netbox.forms import NetBoxModelFilterSetForm, OrganizationalModelFilterSetForm, PrimaryModelFilterSetForm
from tenancy.forms import ContactModelFilterForm, TenancyFilterForm
from utilities.forms.fields import TagFilterField
from utilities.forms.rendering import FieldSet
from virtualization.models import VirtualMachine

from ...choices import AddressUseChoices, GatewayStatusChoices, ZoneChoices
from ...models import Gateway, GatewayAddress, GatewayGroup, GatewayProfile, ProfileFeature
from .common import boolean, choices, objects

__all__ = ('GatewayAddressFilterForm', 'GatewayFilterForm', 'GatewayGroupFilterForm')


class GatewayGroupFilterForm(OrganizationalModelFilterSetForm):
    tag = TagFilterField(GatewayGroup)

    model = GatewayGroup
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )


class GatewayFilterForm(TenancyFilterForm, ContactModelFilterForm, PrimaryModelFilterSetForm):
    site_id = objects(Site, _('Site'))
    device_id = objects(Device, _('Device'), query_params={'site_id': '$site_id'})
    virtual_machine_id = objects(VirtualMachine, _('Virtual machine'), query_params={'site_id': '$site_id'})
    profile_id = objects(GatewayProfile, _('Profile'))
    next_profile_id = objects(GatewayProfile, _('Next profile'), null_option='None')
    feature_id = objects(ProfileFeature, _('Feature'), query_params={'profile_id': '$profile_id'})
    group_id = objects(GatewayGroup, _('Group'), null_option='None')
    status = choices(GatewayStatusChoices, _('Status'))
    zone = choices(ZoneChoices, _('Facing zone'))
    to_request = boolean(_('Has rules to request'))
    to_open = boolean(_('Has rules to open'))
    to_close = boolean(_('Has rules to close'))
    unapproved = boolean(_('Has rules open without approval'))
    open_items = boolean(_('Has open items'))
    unmitigated = boolean(_('Has clear text without mitigation'))
    review_overdue = boolean(_('Review is due'))
    behind = boolean(_('Is behind its profile'))
    no_firewall = boolean(_('No enforcement point'))
    tag = TagFilterField(Gateway)

    model = Gateway
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('site_id', 'device_id', 'virtual_machine_id', name=_('Machine')),
        FieldSet('profile_id', 'next_profile_id', 'feature_id', 'group_id', 'status', 'zone', name=_('Gateway')),
        FieldSet('to_request', 'to_open', 'to_close', 'unapproved', name=_('Standing')),
        FieldSet('open_items', 'unmitigated', 'review_overdue', 'behind', 'no_firewall', name=_('To Do')),
        FieldSet('tenant_group_id', 'tenant_id', name=_('Tenant')),
        FieldSet('contact', 'contact_role', 'contact_group', name=_('Contacts')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )
    selector_fields = ('filter_id', 'q', 'site_id', 'profile_id')


class GatewayAddressFilterForm(NetBoxModelFilterSetForm):
    gateway_id = objects(Gateway, _('Gateway'))
    zone = choices(ZoneChoices, _('Facing zone'))
    use = choices(AddressUseChoices, _('Use'))
    tag = TagFilterField(GatewayAddress)

    model = GatewayAddress
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('gateway_id', 'zone', 'use', name=_('Gateway Address')),
    )
