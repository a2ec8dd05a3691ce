from dcim.models import Device
from django.utils.translation import gettext_lazy as _
from ipam.models import Prefix
from netbox.forms import NetBoxModelImportForm, PrimaryModelImportForm
from utilities.forms.fields import CSVChoiceField, CSVModelChoiceField
from virtualization.models import VirtualMachine

from ...choices import ZoneChoices
from ...models import EnforcementPoint, EnforcementZone, Gateway, GatewayGroup
from ..common import KeepHiddenMembersMixin, ZonePrefixesMixin
from .common import EnforcementPointColumns, several
from .fields import GatewaysField, PrefixesField

__all__ = ('EnforcementPointImportForm', 'EnforcementZoneImportForm')


class EnforcementPointImportForm(KeepHiddenMembersMixin, PrimaryModelImportForm):
    hidden_stay = ('groups', 'gateways')

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
    groups = several(GatewayGroup, _('Gateway groups'), to_field_name='slug', help_text=_('Slugs separated by commas'))
    gateways = several(
        Gateway,
        _('Gateways'),
        GatewaysField,
        help_text=_("Names of the gateways' devices or virtual machines, separated by commas"),
    )

    class Meta:
        model = EnforcementPoint
        fields = (
            'device', 'virtual_machine', 'groups', 'gateways', 'format_name', 'gateway_zone', 'gateway_interface',
            'description', 'owner', 'comments', 'tags',
        )  # fmt: skip


class EnforcementZoneImportForm(
    EnforcementPointColumns, ZonePrefixesMixin, KeepHiddenMembersMixin, NetBoxModelImportForm
):
    hidden_stay = ('prefixes',)

    zone = CSVChoiceField(label=_('Zone'), choices=ZoneChoices)
    prefixes = several(Prefix, _('Prefixes'), PrefixesField, help_text=_('Prefixes separated by commas'))

    class Meta:
        model = EnforcementZone
        fields = ('zone', 'separated', 'name', 'interface', 'gateway_zone', 'gateway_interface', 'prefixes', 'tags')
