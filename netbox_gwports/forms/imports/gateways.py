from dcim.models import Device
from django.utils.translation import gettext_lazy as _
from ipam.models import VRF, IPAddress
from netbox.forms import NetBoxModelImportForm, OrganizationalModelImportForm, PrimaryModelImportForm
from tenancy.models import Tenant
from utilities.forms.fields import CSVChoiceField, CSVModelChoiceField, CSVModelMultipleChoiceField
from virtualization.models import VirtualMachine

from ...choices import AddressUseChoices, GatewayStatusChoices
from ...models import Gateway, GatewayAddress, GatewayGroup, ProfileFeature
from ..common import GatewayFeaturesMixin
from ..fields import ZonesField
from .common import GatewayColumns, named_profile, profile_column
from .fields import AddressField, SourceField

__all__ = ('GatewayAddressImportForm', 'GatewayGroupImportForm', 'GatewayImportForm')


class GatewayGroupImportForm(OrganizationalModelImportForm):
    class Meta:
        model = GatewayGroup
        fields = ('name', 'slug', 'description', 'owner', 'comments', 'tags')


class GatewayImportForm(GatewayFeaturesMixin, PrimaryModelImportForm):
    device = CSVModelChoiceField(
        label=_('Device'),
        queryset=Device.objects.all(),
        to_field_name='name',
        required=False,
        help_text=_('Name of the device'),
    )
    virtual_machine = CSVModelChoiceField(
        label=_('Virtual machine'),
        queryset=VirtualMachine.objects.all(),
        to_field_name='name',
        required=False,
        help_text=_('Name of the virtual machine (if not a device)'),
    )
    profile = profile_column()
    next_profile = profile_column(
        label=_('Next profile'), required=False, help_text=_('Slug of the target release of an upgrade')
    )
    features = CSVModelMultipleChoiceField(
        label=_('Features'),
        queryset=ProfileFeature.objects.all(),
        to_field_name='slug',
        required=False,
        help_text=_(
            'Slugs separated by commas; parent features are added. New gateways default to those enabled by default'
        ),
    )
    group = CSVModelChoiceField(
        label=_('Group'),
        queryset=GatewayGroup.objects.all(),
        to_field_name='slug',
        required=False,
        help_text=_('Slug of the gateway group'),
    )
    tenant = CSVModelChoiceField(
        label=_('Tenant'),
        queryset=Tenant.objects.all(),
        to_field_name='name',
        required=False,
        help_text=_('Name of the tenant'),
    )
    status = CSVChoiceField(
        label=_('Status'), choices=GatewayStatusChoices, required=False, help_text=_('Defaults to active')
    )

    class Meta:
        model = Gateway
        fields = (
            'device', 'virtual_machine', 'profile', 'next_profile', 'features', 'group', 'tenant', 'status',
            'description', 'owner', 'comments', 'tags',
        )  # fmt: skip

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        if data:
            profile = named_profile(self, data, lambda gateway: gateway.profile_id)
            self.fields['features'].queryset = ProfileFeature.objects.filter(**profile)


class GatewayAddressImportForm(GatewayColumns, NetBoxModelImportForm):
    ip_address = AddressField(
        label=_('IP address'), queryset=IPAddress.objects.all(), help_text=_('IP address with or without mask')
    )
    vrf = SourceField(
        source='ip_address.vrf',
        label=_('VRF'),
        queryset=VRF.objects.all(),
        to_field_name='name',
        required=False,
        help_text=_('VRF of the IP address, if the address is not unique'),
    )
    zones = ZonesField(required=False)
    use = CSVChoiceField(label=_('Use'), choices=AddressUseChoices, required=False, help_text=_('Defaults to both'))

    class Meta:
        model = GatewayAddress
        fields = ('ip_address', 'zones', 'use', 'tags')

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        if data and data.get('vrf'):
            vrf = {f'vrf__{self.fields["vrf"].to_field_name}': data['vrf']}
            self.fields['ip_address'].queryset = IPAddress.objects.filter(**vrf)
