from dcim.models import Device
from django.utils.translation import gettext_lazy as _
from ipam.models import IPAddress
from netbox.forms import NetBoxModelForm, OrganizationalModelForm, PrimaryModelForm
from tenancy.forms import TenancyForm
from utilities.forms.fields import (
    ChoiceField,
    DynamicModelChoiceField,
    DynamicModelMultipleChoiceField,
    MultipleChoiceField,
)
from utilities.forms.rendering import FieldSet, TabbedGroups
from utilities.forms.utils import get_field_value
from virtualization.models import VirtualMachine

from ..choices import AddressUseChoices, GatewayStatusChoices, ZoneChoices
from ..models import Gateway, GatewayAddress, GatewayGroup, GatewayProfile, ProfileFeature
from .common import GatewayFeaturesMixin, KeepHiddenMembersMixin
from .facing import FacingAddressesMixin

__all__ = ('GatewayAddressForm', 'GatewayForm', 'GatewayGroupForm')


class GatewayGroupForm(OrganizationalModelForm):
    fieldsets = (FieldSet('name', 'slug', 'description', 'tags', name=_('Gateway Group')),)

    class Meta:
        model = GatewayGroup
        fields = ('name', 'slug', 'description', 'owner', 'comments', 'tags')


class GatewayForm(FacingAddressesMixin, GatewayFeaturesMixin, KeepHiddenMembersMixin, TenancyForm, PrimaryModelForm):
    """A gateway with its machine, profile, features and addresses by zone in one form."""

    hidden_stay = ('features',)

    device = DynamicModelChoiceField(label=_('Device'), queryset=Device.objects.all(), required=False, selector=True)
    virtual_machine = DynamicModelChoiceField(
        label=_('Virtual machine'), queryset=VirtualMachine.objects.all(), required=False, selector=True
    )
    profile = DynamicModelChoiceField(
        label=_('Profile'),
        queryset=GatewayProfile.objects.all(),
        selector=True,
        help_text=_('Product and release running on the gateway'),
    )
    next_profile = DynamicModelChoiceField(
        label=_('Next profile'),
        queryset=GatewayProfile.objects.all(),
        required=False,
        selector=True,
        help_text=_('Target release of an upgrade; the flows of both releases are required until it is complete'),
    )
    features = DynamicModelMultipleChoiceField(
        label=_('Features'),
        queryset=ProfileFeature.objects.all(),
        required=False,
        query_params={'profile_id': '$profile'},
        help_text=_(
            'Features in use; parent features are added. Leave empty to use the defaults for a new gateway, or to keep '
            'the current features when changing the profile'
        ),
    )
    group = DynamicModelChoiceField(
        label=_('Group'),
        queryset=GatewayGroup.objects.all(),
        required=False,
        quick_add=True,
        help_text=_('Gateways in a group share remote endpoints; those running the same product are peers'),
    )
    status = ChoiceField(label=_('Status'), choices=GatewayStatusChoices, initial=GatewayStatusChoices.ACTIVE)

    fieldsets = (
        FieldSet(
            TabbedGroups(
                FieldSet('device', name=_('Device')),
                FieldSet('virtual_machine', name=_('Virtual Machine')),
            ),
            'profile',
            'features',
            'next_profile',
            'group',
            'status',
            'description',
            'tags',
            name=_('Gateway'),
        ),
        FieldSet('tenant_group', 'tenant', name=_('Tenancy')),
    )

    class Meta:
        model = Gateway
        fields = (
            'device', 'virtual_machine', 'profile', 'features', 'next_profile', 'group', 'status', 'tenant_group',
            'tenant', 'description', 'owner', 'comments', 'tags',
        )  # fmt: skip


class GatewayAddressForm(NetBoxModelForm):
    gateway = DynamicModelChoiceField(label=_('Gateway'), queryset=Gateway.objects.all(), selector=True)
    ip_address = DynamicModelChoiceField(
        label=_('IP address'),
        queryset=IPAddress.objects.all(),
        selector=True,
        help_text=_(
            'IP address of the device or virtual machine; use the selector to find addresses of other machines for '
            'inbound use'
        ),
    )
    zones = MultipleChoiceField(
        label=_('Zones'),
        choices=ZoneChoices,
        required=False,
        help_text=_('Zones this address faces; leave empty for all zones not covered by other addresses'),
    )
    use = ChoiceField(label=_('Use'), choices=AddressUseChoices, initial=AddressUseChoices.BOTH)

    fieldsets = (FieldSet('gateway', 'ip_address', 'zones', 'use', 'tags', name=_('Gateway Address')),)

    class Meta:
        model = GatewayAddress
        fields = ('gateway', 'ip_address', 'zones', 'use', 'tags')

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The REST API filters addresses by machine, not by gateway, so this needs the gateway to be selected
        if gateway := Gateway.objects.filter(pk=_key(get_field_value(self, 'gateway'))).first():
            name = 'device_id' if gateway.device_id else 'virtual_machine_id'
            self.fields['ip_address'].widget.add_query_param(name, gateway.device_id or gateway.virtual_machine_id)


def _key(value):
    value = getattr(value, 'pk', value)
    return value if str(value or '').isdigit() else None
