from dcim.models import Device, Site
from django.utils.translation import gettext_lazy as _
from ipam.models import VRF, IPAddress, IPRange, Prefix
from netbox.forms import PrimaryModelImportForm
from utilities.forms.fields import CSVChoiceField, CSVModelChoiceField
from virtualization.models import VirtualMachine

from ...choices import EndpointScopeChoices, ZoneChoices
from ...models import Gateway, GatewayGroup, RemoteEndpoint, RemoteRole
from ..common import EndpointListsMixin, KeepHiddenMembersMixin
from ..fields import DNSNamesField, LiteralsField, PortMapField
from .common import several
from .fields import AddressesField, GatewaysField, PrefixesField, RangesField

__all__ = ('RemoteEndpointImportForm',)


class RemoteEndpointImportForm(EndpointListsMixin, KeepHiddenMembersMixin, PrimaryModelImportForm):
    hidden_stay = (*RemoteEndpoint.MEMBER_LISTS, *RemoteEndpoint.SCOPE_LISTS.values())

    role = CSVModelChoiceField(
        label=_('Role'), queryset=RemoteRole.objects.all(), to_field_name='slug', help_text=_('Slug of the remote role')
    )
    ip_addresses = several(
        IPAddress, _('IP addresses'), AddressesField, help_text=_('IP addresses separated by commas')
    )
    prefixes = several(Prefix, _('Prefixes'), PrefixesField, help_text=_('Prefixes separated by commas'))
    ip_ranges = several(IPRange, _('IP ranges'), RangesField, help_text=_('Ranges (first-last) separated by commas'))
    devices = several(Device, _('Devices'), to_field_name='name', help_text=_('Names separated by commas'))
    virtual_machines = several(
        VirtualMachine, _('Virtual machines'), to_field_name='name', help_text=_('Names separated by commas')
    )
    dns_names = DNSNamesField(required=False, help_text=_('DNS names separated by commas'))
    literals = LiteralsField(required=False, help_text=_('Addresses, prefixes or ranges separated by commas'))
    vrf = CSVModelChoiceField(
        label=_('VRF'),
        queryset=VRF.objects.all(),
        required=False,
        to_field_name='name',
        help_text=_('Name of the VRF of the literal addresses; empty: the global table'),
    )
    port_map = PortMapField(required=False)
    zone = CSVChoiceField(
        label=_('Zone'), choices=ZoneChoices, required=False, help_text=_("Defaults to the role's zone")
    )
    scope = CSVChoiceField(
        label=_('Scope'), choices=EndpointScopeChoices, required=False, help_text=_('Defaults to everywhere')
    )
    gateways = several(
        Gateway,
        _('Gateways'),
        GatewaysField,
        help_text=_("Names of the gateways' devices or virtual machines, separated by commas"),
    )
    groups = several(GatewayGroup, _('Gateway groups'), to_field_name='slug', help_text=_('Slugs separated by commas'))
    sites = several(Site, _('Sites'), to_field_name='slug', help_text=_('Slugs separated by commas'))

    class Meta:
        model = RemoteEndpoint
        fields = (
            'name', 'role', 'ip_addresses', 'prefixes', 'ip_ranges', 'devices', 'virtual_machines', 'dns_names',
            'literals', 'vrf', 'any_address', 'justification', 'port_map', 'zone', 'scope', 'gateways', 'groups',
            'sites', 'description', 'owner', 'comments', 'tags',
        )  # fmt: skip
