from dcim.models import Device, Site
from django.utils.translation import gettext_lazy as _
from netbox.forms import PrimaryModelFilterSetForm
from utilities.forms.fields import TagFilterField
from utilities.forms.rendering import FieldSet
from virtualization.models import VirtualMachine

from ...choices import EndpointScopeChoices, ZoneChoices
from ...models import Gateway, GatewayGroup, RemoteEndpoint, RemoteRole
from .common import RemoteFilterForm, boolean, choices, objects

__all__ = ('RemoteEndpointFilterForm',)


class RemoteEndpointFilterForm(RemoteFilterForm, PrimaryModelFilterSetForm):
    role_id = objects(RemoteRole, _('Role'))
    zone = choices(ZoneChoices, _('Zone'))
    any_address = boolean(_('Any address'))
    device_id = objects(Device, _('Device'))
    virtual_machine_id = objects(VirtualMachine, _('Virtual machine'))
    scope = choices(EndpointScopeChoices, _('Scope'))
    gateway_id = objects(Gateway, _('Gateway'))
    group_id = objects(GatewayGroup, _('Gateway group'))
    site_id = objects(Site, _('Site'))
    tag = TagFilterField(RemoteEndpoint)

    model = RemoteEndpoint
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('role_id', 'zone', 'any_address', name=_('Remote Endpoint')),
        FieldSet('remote_ip', 'dns_name', 'device_id', 'virtual_machine_id', name=_('Members')),
        FieldSet('scope', 'gateway_id', 'group_id', 'site_id', name=_('Scope')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )
    selector_fields = ('filter_id', 'q', 'role_id')
