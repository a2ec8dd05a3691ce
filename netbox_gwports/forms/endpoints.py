from dcim.models import Device, Site
from django import forms
from django.utils.translation import gettext_lazy as _
from ipam.models import VRF, IPAddress, IPRange, Prefix
from netbox.forms import PrimaryModelForm
from utilities.forms.fields import ChoiceField, DynamicModelChoiceField
from utilities.forms.rendering import FieldSet
from utilities.forms.utils import add_blank_choice, get_field_value
from utilities.forms.widgets import HTMXSelect
from virtualization.models import VirtualMachine

from ..choices import EndpointScopeChoices, ZoneChoices
from ..models import Gateway, GatewayGroup, RemoteEndpoint, RemoteRole
from .common import EndpointListsMixin, KeepHiddenMembersMixin, several
from .fields import DNSNamesField, LiteralsField, PortMapField

__all__ = ('RemoteEndpointForm',)


class RemoteEndpointForm(EndpointListsMixin, KeepHiddenMembersMixin, PrimaryModelForm):
    hidden_stay = (*RemoteEndpoint.MEMBER_LISTS, *RemoteEndpoint.SCOPE_LISTS.values())

    role = DynamicModelChoiceField(
        label=_('Role'),
        queryset=RemoteRole.objects.all(),
        quick_add=True,
        help_text=_('Flows with this remote role resolve to this endpoint'),
    )
    ip_addresses = several(IPAddress, _('IP addresses'), selector=True)
    prefixes = several(Prefix, _('Prefixes'), selector=True)
    ip_ranges = several(IPRange, _('IP ranges'), selector=True)
    devices = several(Device, _('Devices'), selector=True, help_text=_('The primary IP addresses of each are used'))
    virtual_machines = several(
        VirtualMachine, _('Virtual machines'), selector=True, help_text=_('The primary IP addresses of each are used')
    )
    dns_names = DNSNamesField(required=False)
    literals = LiteralsField(required=False)
    vrf = DynamicModelChoiceField(
        label=_('VRF'),
        queryset=VRF.objects.all(),
        required=False,
        help_text=_('VRF of the literal addresses; leave empty for the global table'),
    )
    port_map = PortMapField(required=False)
    zone = ChoiceField(
        label=_('Zone'),
        choices=add_blank_choice(ZoneChoices),
        required=False,
        help_text=_("Leave empty to use the role's zone"),
    )
    scope = ChoiceField(
        label=_('Scope'),
        choices=EndpointScopeChoices,
        initial=EndpointScopeChoices.EVERYWHERE,
        widget=HTMXSelect(),
        help_text=_('The most specific scope that has an endpoint for the role applies; scopes are not combined'),
    )
    gateways = several(Gateway, _('Gateways'), selector=True)
    groups = several(GatewayGroup, _('Gateway groups'))
    sites = several(Site, _('Sites'))

    fieldsets = (
        FieldSet('name', 'role', 'description', 'tags', name=_('Remote Endpoint')),
        FieldSet('ip_addresses', 'prefixes', 'ip_ranges', 'devices', 'virtual_machines', 'dns_names', 'literals',
                 'vrf', 'any_address', 'justification', name=_('Members')),
        FieldSet('zone', 'port_map', name=_('Reachability')),
        FieldSet('scope', 'gateways', 'groups', 'sites', name=_('Scope')),
    )  # fmt: skip

    class Meta:
        model = RemoteEndpoint
        fields = (
            'name', 'role', 'ip_addresses', 'prefixes', 'ip_ranges', 'devices', 'virtual_machines', 'dns_names',
            'literals', 'vrf', 'any_address', 'justification', 'port_map', 'zone', 'scope', 'gateways', 'groups',
            'sites', 'description', 'owner', 'comments', 'tags',
        )  # fmt: skip
        widgets = {'justification': forms.Textarea(attrs={'rows': 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Show only the field of the selected scope; selecting another scope reloads the form
        named = RemoteEndpoint.SCOPE_LISTS.get(get_field_value(self, 'scope'))
        for name in RemoteEndpoint.SCOPE_LISTS.values():
            if name != named and name not in self.data:
                del self.fields[name]

    def clean(self):
        for name in RemoteEndpoint.SCOPE_LISTS.values():
            if name not in self.fields:
                self.cleaned_data[name] = []
        return super().clean()
