from dcim.models import Device
from django.utils.translation import gettext_lazy as _
from ipam.models import Prefix
from netbox.forms import NetBoxModelForm, PrimaryModelForm
from utilities.forms.fields import ChoiceField, DynamicModelChoiceField
from utilities.forms.rendering import FieldSet, TabbedGroups
from virtualization.models import VirtualMachine

from ..choices import ZoneChoices
from ..models import EnforcementPoint, EnforcementZone, Gateway, GatewayGroup
from .common import KeepHiddenMembersMixin, ZonePrefixesMixin, several
from .exports import format_choices

__all__ = ('EnforcementPointForm', 'EnforcementZoneForm')


class EnforcementPointForm(KeepHiddenMembersMixin, PrimaryModelForm):
    hidden_stay = ('groups', 'gateways')

    device = DynamicModelChoiceField(label=_('Device'), queryset=Device.objects.all(), required=False, selector=True)
    virtual_machine = DynamicModelChoiceField(
        label=_('Virtual machine'), queryset=VirtualMachine.objects.all(), required=False, selector=True
    )
    groups = several(GatewayGroup, _('Gateway groups'), help_text=_('Groups whose gateways are behind this firewall'))
    gateways = several(Gateway, _('Gateways'), selector=True, help_text=_('Individual gateways behind this firewall'))

    format_name = ChoiceField(
        label=_('Format'), choices=(), required=False, help_text=_('Default format for exported rules')
    )

    fieldsets = (
        FieldSet(
            TabbedGroups(
                FieldSet('device', name=_('Device')),
                FieldSet('virtual_machine', name=_('Virtual Machine')),
            ),
            'description',
            'tags',
            name=_('Enforcement Point'),
        ),
        FieldSet('groups', 'gateways', name=_('Gateways')),
        FieldSet('format_name', 'gateway_zone', 'gateway_interface', name=_('Configuration')),
    )

    class Meta:
        model = EnforcementPoint
        fields = (
            'device', 'virtual_machine', 'groups', 'gateways', 'format_name', 'gateway_zone', 'gateway_interface',
            'description', 'owner', 'comments', 'tags',
        )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields['format_name'].choices = format_choices()


class EnforcementZoneForm(ZonePrefixesMixin, KeepHiddenMembersMixin, NetBoxModelForm):
    hidden_stay = ('prefixes',)

    enforcement_point = DynamicModelChoiceField(
        label=_('Enforcement point'), queryset=EnforcementPoint.objects.all(), selector=True
    )
    zone = ChoiceField(label=_('Zone'), choices=ZoneChoices)
    prefixes = several(Prefix, _('Prefixes'), selector=True, help_text=_('Networks in this zone'))

    fieldsets = (
        FieldSet('enforcement_point', 'zone', 'separated', 'prefixes', 'tags', name=_('Enforcement Zone')),
        FieldSet('name', 'interface', 'gateway_zone', 'gateway_interface', name=_('Configuration')),
    )

    class Meta:
        model = EnforcementZone
        fields = (
            'enforcement_point',
            'zone',
            'separated',
            'name',
            'interface',
            'gateway_zone',
            'gateway_interface',
            'prefixes',
            'tags',
        )
