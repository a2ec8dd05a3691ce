from dcim.models import Device, Site
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from ipam.models import IPAddress, IPRange, Prefix
from netbox.forms import PrimaryModelForm
from utilities.forms.fields import ChoiceField, DynamicModelChoiceField, DynamicModelMultipleChoiceField
from utilities.forms.rendering import FieldSet
from utilities.forms.utils import add_blank_choice
from virtualization.models import VirtualMachine

from ..choices import EndpointScopeChoices, ZoneChoices
from ..models import Gateway, GatewayGroup, RemoteEndpoint, RemoteRole
from .fields import HostsField, LiteralsField, PortsField

__all__ = ('RemoteEndpointForm',)


def several(model, label, **kwargs):
    return DynamicModelMultipleChoiceField(label=label, queryset=model.objects.all(), required=False, **kwargs)


class RemoteEndpointForm(PrimaryModelForm):
    role = DynamicModelChoiceField(label=_('Role'), queryset=RemoteRole.objects.all(), quick_add=True)
    ip_addresses = several(IPAddress, _('IP addresses'), selector=True)
    prefixes = several(Prefix, _('Prefixes'), selector=True)
    ip_ranges = several(IPRange, _('IP ranges'), selector=True)
    devices = several(Device, _('Devices'), selector=True, help_text=_('Each stands for its primary addresses'))
    virtual_machines = several(
        VirtualMachine, _('Virtual machines'), selector=True, help_text=_('Each stands for its primary addresses')
    )
    hosts = HostsField(required=False)
    literals = LiteralsField(required=False)
    ports = PortsField(
        required=False, help_text=_("The ports under which this remote is reached; empty: the service's")
    )
    zone = ChoiceField(
        label=_('Zone'),
        choices=add_blank_choice(ZoneChoices),
        required=False,
        help_text=_("Where this remote sits, if not in the role's zone"),
    )
    scope = ChoiceField(
        label=_('Scope'),
        choices=EndpointScopeChoices,
        help_text=_('The narrowest scope that has an endpoint for the role wins'),
    )
    gateways = several(Gateway, _('Gateways'))
    groups = several(GatewayGroup, _('Gateway groups'))
    sites = several(Site, _('Sites'))

    fieldsets = (
        FieldSet('name', 'role', 'description', 'tags', name=_('Remote endpoint')),
        FieldSet('ip_addresses', 'prefixes', 'ip_ranges', 'devices', 'virtual_machines', 'hosts', 'literals',
                 'any_address', 'justification', name=_('Who it is')),
        FieldSet('zone', 'ports', name=_('How it is reached')),
        FieldSet('scope', 'gateways', 'groups', 'sites', name=_('Where it applies')),
    )  # fmt: skip

    class Meta:
        model = RemoteEndpoint
        fields = (
            'name', 'role', 'ip_addresses', 'prefixes', 'ip_ranges', 'devices', 'virtual_machines', 'hosts', 'literals',
            'any_address', 'justification', 'ports', 'zone', 'scope', 'gateways', 'groups', 'sites', 'description',
            'owner', 'comments', 'tags',
        )  # fmt: skip
        widgets = {'justification': forms.Textarea(attrs={'rows': 2})}

    def clean(self):
        super().clean()
        names = (*RemoteEndpoint.SCOPE_LISTS.values(), 'prefixes')
        lists = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        try:
            RemoteEndpoint.check_lists(self.cleaned_data.get('scope'), lists)
        except ValidationError as e:
            self.add_error(None, e)
        return self.cleaned_data
