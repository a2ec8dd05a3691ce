from dcim.models import Device, Site
from django import forms
from django.utils.translation import gettext_lazy as _
from netbox.forms import PrimaryModelFilterSetForm
from tenancy.models import Tenant
from utilities.forms.fields import TagFilterField
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import DatePicker
from virtualization.models import VirtualMachine

from ...choices import DirectionChoices, FlowStatusChoices, ZoneChoices
from ...models import Gateway, GatewayGroup, GatewayProfile, ProfileFeature, RemoteEndpoint, RemoteRole, RequiredFlow
from .common import PortFilterForm, RemoteFilterForm, boolean, choices, objects

__all__ = ('RequiredFlowFilterForm',)


class RequiredFlowFilterForm(PortFilterForm, RemoteFilterForm, PrimaryModelFilterSetForm):
    status = choices(FlowStatusChoices, _('Status'))
    valid_until = forms.DateField(label=_('Valid until'), required=False, widget=DatePicker())
    gateway_id = objects(Gateway, _('Gateway'))
    group_id = objects(GatewayGroup, _('Gateway group'))
    device_id = objects(Device, _('Device'))
    virtual_machine_id = objects(VirtualMachine, _('Virtual machine'))
    site_id = objects(Site, _('Site'))
    tenant_id = objects(Tenant, _('Tenant'))
    profile_id = objects(GatewayProfile, _('Profile'))
    feature_id = objects(
        ProfileFeature, _('Feature'), null_option=_('Always'), query_params={'profile_id': '$profile_id'}
    )
    direction = choices(DirectionChoices, _('Direction'))
    application_protocol = forms.CharField(label=_('Application protocol'), required=False)
    clear_text = boolean(_('Clear text'))
    unmitigated = boolean(_('Clear text without mitigation'))
    zone = choices(ZoneChoices, _('Zone'))
    role_id = objects(RemoteRole, _('Remote role'))
    endpoint_id = objects(RemoteEndpoint, _('Endpoint'))
    tag = TagFilterField(RequiredFlow)

    model = RequiredFlow
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('status', 'valid_until', name=_('Decision')),
        FieldSet(
            'direction', 'protocol', 'port', 'application_protocol', 'clear_text', 'unmitigated', name=_('Service')
        ),
        FieldSet('zone', 'role_id', 'remote_ip', 'dns_name', 'endpoint_id', name=_('Remote')),
        FieldSet(
            'gateway_id', 'device_id', 'virtual_machine_id', 'group_id', 'site_id', 'tenant_id', name=_('Gateway')
        ),
        FieldSet('profile_id', 'feature_id', name=_('Product')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )
    selector_fields = ('filter_id', 'q', 'gateway_id')
