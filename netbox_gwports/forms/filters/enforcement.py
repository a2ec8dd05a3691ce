from dcim.models import Device, Site
from django import forms
from django.utils.translation import gettext_lazy as _
from ipam.models import Prefix
from netbox.forms import NetBoxModelFilterSetForm, PrimaryModelFilterSetForm
from utilities.forms.fields import TagFilterField
from utilities.forms.rendering import FieldSet
from virtualization.models import VirtualMachine

from ...choices import ZoneChoices
from ...models import EnforcementPoint, EnforcementZone, Gateway, GatewayGroup
from .common import boolean, choices, objects

__all__ = ('EnforcementPointFilterForm', 'EnforcementZoneFilterForm')


class EnforcementPointFilterForm(PrimaryModelFilterSetForm):
    site_id = objects(Site, _('Site'))
    device_id = objects(Device, _('Device'), query_params={'site_id': '$site_id'})
    virtual_machine_id = objects(VirtualMachine, _('Virtual machine'), query_params={'site_id': '$site_id'})
    gateway_id = objects(Gateway, _('Gateway'))
    group_id = objects(GatewayGroup, _('Gateway group'))
    zone = choices(ZoneChoices, _('Zone'))
    format_name = forms.CharField(label=_('Format'), required=False)
    tag = TagFilterField(EnforcementPoint)

    model = EnforcementPoint
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('site_id', 'device_id', 'virtual_machine_id', name=_('Machine')),
        FieldSet('gateway_id', 'group_id', name=_('Gateways')),
        FieldSet('zone', 'format_name', name=_('Configuration')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )
    selector_fields = ('filter_id', 'q', 'site_id')


class EnforcementZoneFilterForm(NetBoxModelFilterSetForm):
    enforcement_point_id = objects(EnforcementPoint, _('Enforcement point'))
    zone = choices(ZoneChoices, _('Zone'))
    separated = boolean(_('Separated'))
    prefix_id = objects(Prefix, _('Prefix'))
    name = forms.CharField(label=_('Name'), required=False)
    interface = forms.CharField(label=_('Interface'), required=False)
    gateway_zone = forms.CharField(label=_('Gateway zone'), required=False)
    gateway_interface = forms.CharField(label=_('Gateway interface'), required=False)
    tag = TagFilterField(EnforcementZone)

    model = EnforcementZone
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('enforcement_point_id', 'zone', 'separated', 'prefix_id', name=_('Enforcement Zone')),
        FieldSet('name', 'interface', 'gateway_zone', 'gateway_interface', name=_('Configuration')),
    )
