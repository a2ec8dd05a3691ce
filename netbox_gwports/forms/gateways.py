from dcim.models import Device
from django import forms
from django.utils.translation import gettext_lazy as _
from ipam.models import IPAddress
from netbox.forms import NetBoxModelForm, OrganizationalModelForm, PrimaryModelForm
from tenancy.forms import TenancyForm
from utilities.forms.fields import ChoiceField, DynamicModelChoiceField, DynamicModelMultipleChoiceField
from utilities.forms.rendering import FieldSet, TabbedGroups
from virtualization.models import VirtualMachine

from ..choices import AddressUseChoices, GatewayStatusChoices, ZoneChoices
from ..models import Gateway, GatewayAddress, GatewayGroup, GatewayProfile, ProfileFeature
from .common import GatewayFeaturesMixin

__all__ = ('GatewayAddressForm', 'GatewayForm', 'GatewayGroupForm')

EVERY_OTHER = ''


class GatewayGroupForm(OrganizationalModelForm):
    fieldsets = (FieldSet('name', 'slug', 'description', 'tags', name=_('Gateway group')),)

    class Meta:
        model = GatewayGroup
        fields = ('name', 'slug', 'description', 'owner', 'comments', 'tags')


class GatewayForm(GatewayFeaturesMixin, TenancyForm, PrimaryModelForm):
    """Device or virtual machine, profile, features and the addresses with the zones that they face, in one form."""

    device = DynamicModelChoiceField(label=_('Device'), queryset=Device.objects.all(), required=False, selector=True)
    virtual_machine = DynamicModelChoiceField(
        label=_('Virtual machine'), queryset=VirtualMachine.objects.all(), required=False, selector=True
    )
    profile = DynamicModelChoiceField(label=_('Profile'), queryset=GatewayProfile.objects.all(), selector=True)
    features = DynamicModelMultipleChoiceField(
        label=_('Features'),
        queryset=ProfileFeature.objects.all(),
        required=False,
        query_params={'profile_id': '$profile'},
        context={'parent': 'group'},
        help_text=_("In use here, together with their parents. For a new gateway, empty: the product's defaults"),
    )
    group = DynamicModelChoiceField(
        label=_('Group'), queryset=GatewayGroup.objects.all(), required=False, quick_add=True
    )
    status = ChoiceField(label=_('Status'), choices=GatewayStatusChoices)

    class Meta:
        model = Gateway
        fields = (
            'device', 'virtual_machine', 'profile', 'features', 'group', 'status', 'tenant_group', 'tenant',
            'description', 'owner', 'comments', 'tags',
        )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        facing = self._stored_addresses()
        for zone, label in (*ZoneChoices, (EVERY_OTHER, _('every other zone'))):
            self.fields[_field(zone)] = DynamicModelMultipleChoiceField(
                label=_('Facing {zone}').format(zone=label),
                queryset=IPAddress.objects.all(),
                required=False,
                initial=facing.get(zone, []),
                query_params={'device_id': '$device', 'virtual_machine_id': '$virtual_machine'},
            )

    @property
    def fieldsets(self):
        return (
            FieldSet(
                TabbedGroups(
                    FieldSet('device', name=_('Device')),
                    FieldSet('virtual_machine', name=_('Virtual machine')),
                ),
                'profile', 'features', 'group', 'status', 'description', 'tags',
                name=_('Gateway'),
            ),
            FieldSet(*(_field(zone) for zone, _label in ZoneChoices), _field(EVERY_OTHER), name=_('Addresses')),
            FieldSet('tenant_group', 'tenant', name=_('Tenancy')),
        )  # fmt: skip

    def _stored_addresses(self):
        """Zone -> keys of the IP addresses that face it."""
        facing = {}
        for address in self.instance.addresses.all() if self.instance.pk else ():
            for zone in address.zones or [EVERY_OTHER]:
                facing.setdefault(zone, []).append(address.ip_address_id)
        return facing

    def _chosen(self):
        """IP address -> the zones that it shall face."""
        chosen = {}
        for zone in (*ZoneChoices.values(), EVERY_OTHER):
            for ip in self.cleaned_data.get(_field(zone)) or ():
                chosen.setdefault(ip, []).extend([zone] if zone else [])
        return chosen

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get('device') or cleaned.get('virtual_machine')):
            return cleaned
        host = Gateway(
            device=cleaned.get('device'), virtual_machine=cleaned.get('virtual_machine'), pk=self.instance.pk
        )
        known = {a.ip_address_id: a.use for a in self.instance.addresses.all()} if self.instance.pk else {}
        for ip in self._chosen():
            address = GatewayAddress(gateway=host, ip_address=ip)
            if known.get(ip.pk) != AddressUseChoices.INBOUND and address.is_foreign():
                field = next(
                    _field(z) for z in (*ZoneChoices.values(), EVERY_OTHER) if ip in (cleaned.get(_field(z)) or ())
                )
                self.add_error(
                    field, _('{ip} belongs to {owner}.').format(ip=ip, owner=ip.assigned_object.parent_object)
                )
        return cleaned

    def _save_m2m(self):
        super()._save_m2m()
        known = {address.ip_address_id: address for address in self.instance.addresses.all()}
        for ip, zones in self._chosen().items():
            address = known.pop(ip.pk, None) or GatewayAddress(gateway=self.instance, ip_address=ip)
            if address.pk and sorted(address.zones) == sorted(zones):
                continue
            if address.pk:
                address.snapshot()
            address.zones = zones
            address.full_clean()
            address.save()
        for address in known.values():
            address.delete()


def _field(zone):
    return f'facing_{zone or "others"}'


class GatewayAddressForm(NetBoxModelForm):
    gateway = DynamicModelChoiceField(label=_('Gateway'), queryset=Gateway.objects.all())
    ip_address = DynamicModelChoiceField(label=_('IP address'), queryset=IPAddress.objects.all(), selector=True)
    zones = forms.MultipleChoiceField(
        label=_('Zones'),
        choices=ZoneChoices,
        required=False,
        help_text=_('None: every zone that no other address of the gateway faces'),
    )
    use = ChoiceField(label=_('Use'), choices=AddressUseChoices)

    fieldsets = (FieldSet('gateway', 'ip_address', 'zones', 'use', 'tags', name=_('Gateway address')),)

    class Meta:
        model = GatewayAddress
        fields = ('gateway', 'ip_address', 'zones', 'use', 'tags')
