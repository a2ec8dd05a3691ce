from dcim.models import Manufacturer
from django import forms
from django.utils.translation import gettext_lazy as _
from netbox.forms import NetBoxModelBulkEditForm, OrganizationalModelBulkEditForm, PrimaryModelBulkEditForm
from tenancy.models import Tenant
from utilities.forms.fields import (
    ChoiceField,
    DynamicModelChoiceField,
    DynamicModelMultipleChoiceField,
    MultipleChoiceField,
)
from utilities.forms.rendering import FieldSet
from utilities.forms.utils import add_blank_choice
from utilities.forms.widgets import BulkEditNullBooleanSelect, DatePicker

from ..choices import (
    AddressUseChoices,
    FlowStatusChoices,
    GatewayStatusChoices,
    RemoteRoleKindChoices,
    ZoneChoices,
)
from ..models import (
    EnforcementPoint,
    EnforcementZone,
    FlowTemplate,
    Gateway,
    GatewayAddress,
    GatewayGroup,
    GatewayProfile,
    GatewayService,
    ProfileFeature,
    RemoteEndpoint,
    RemoteRole,
    RequiredFlow,
)
from .fields import PortMapField, PortsField

__all__ = (
    'EnforcementPointBulkEditForm',
    'EnforcementZoneBulkEditForm',
    'FlowTemplateBulkEditForm',
    'GatewayAddressBulkEditForm',
    'GatewayBulkEditForm',
    'GatewayGroupBulkEditForm',
    'GatewayProfileBulkEditForm',
    'GatewayServiceBulkEditForm',
    'ProfileFeatureBulkEditForm',
    'RemoteEndpointBulkEditForm',
    'RemoteRoleBulkEditForm',
    'RequiredFlowBulkEditForm',
)


def choice(choiceset, label):
    return ChoiceField(label=label, choices=add_blank_choice(choiceset), required=False)


def boolean(label):
    return forms.NullBooleanField(label=label, required=False, widget=BulkEditNullBooleanSelect())


def text(label, max_length=None):
    widget = None if max_length else forms.Textarea(attrs={'rows': 2})
    return forms.CharField(label=label, max_length=max_length, required=False, widget=widget)


class GatewayProfileBulkEditForm(PrimaryModelBulkEditForm):
    manufacturer = DynamicModelChoiceField(label=_('Manufacturer'), queryset=Manufacturer.objects.all(), required=False)
    source_url = forms.URLField(label=_('Source URL'), max_length=500, required=False)
    published = forms.DateField(label=_('Published'), required=False, widget=DatePicker())
    partial = text(_('Partial'), 200)

    model = GatewayProfile
    fieldsets = (FieldSet('manufacturer', 'source_url', 'published', 'partial', 'description'),)
    nullable_fields = ('source_url', 'published', 'partial', 'description')


class ProfileFeatureBulkEditForm(PrimaryModelBulkEditForm):
    group = text(_('Group'), 100)
    enabled_by_default = boolean(_('Enabled by default'))

    model = ProfileFeature
    fieldsets = (FieldSet('group', 'enabled_by_default', 'description'),)
    nullable_fields = ('group', 'description')


class GatewayServiceBulkEditForm(PrimaryModelBulkEditForm):
    application_protocol = text(_('Application protocol'), 50)
    ports = PortsField(required=False)
    clear_text = boolean(_('Clear text'))

    model = GatewayService
    fieldsets = (FieldSet('application_protocol', 'ports', 'clear_text', 'description'),)
    nullable_fields = ('application_protocol', 'description')


class RemoteRoleBulkEditForm(OrganizationalModelBulkEditForm):
    zone = choice(ZoneChoices, _('Zone'))
    kind = choice(RemoteRoleKindChoices, _('Kind'))

    model = RemoteRole
    fieldsets = (FieldSet('zone', 'kind', 'description'),)
    nullable_fields = ('description',)


class FlowTemplateBulkEditForm(PrimaryModelBulkEditForm):
    remote_role = DynamicModelChoiceField(label=_('Remote role'), queryset=RemoteRole.objects.all(), required=False)
    zone = choice(ZoneChoices, _('Zone'))
    direct = boolean(_('Bypass web proxy'))
    replaceable = boolean(_('Replaceable'))
    notes = text(_('Notes'))
    not_opened = text(_('Not opened'))

    model = FlowTemplate
    fieldsets = (
        FieldSet('remote_role', 'zone', 'direct', 'replaceable', 'description', name=_('Flow')),
        FieldSet('notes', 'not_opened', name=_('Notes')),
    )
    nullable_fields = ('zone', 'notes', 'not_opened', 'description')


class GatewayGroupBulkEditForm(OrganizationalModelBulkEditForm):
    model = GatewayGroup
    fieldsets = (FieldSet('description'),)
    nullable_fields = ('description',)


class GatewayBulkEditForm(PrimaryModelBulkEditForm):
    profile = DynamicModelChoiceField(
        label=_('Profile'),
        queryset=GatewayProfile.objects.all(),
        required=False,
        help_text=_('Features are kept if the new profile has them'),
    )
    add_features = DynamicModelMultipleChoiceField(
        label=_('Add features'),
        queryset=ProfileFeature.objects.all(),
        required=False,
        query_params={'profile_id': '$profile'},
        help_text=_('Parent features are added as well'),
    )
    remove_features = DynamicModelMultipleChoiceField(
        label=_('Remove features'),
        queryset=ProfileFeature.objects.all(),
        required=False,
        query_params={'profile_id': '$profile'},
        help_text=_('Child features are removed as well'),
    )
    group = DynamicModelChoiceField(label=_('Group'), queryset=GatewayGroup.objects.all(), required=False)
    tenant = DynamicModelChoiceField(label=_('Tenant'), queryset=Tenant.objects.all(), required=False)
    status = choice(GatewayStatusChoices, _('Status'))

    model = Gateway
    fieldsets = (
        FieldSet('status', 'group', 'tenant', 'description', name=_('Gateway')),
        FieldSet('profile', 'add_features', 'remove_features', name=_('Product')),
    )
    nullable_fields = ('group', 'tenant', 'description')


class GatewayAddressBulkEditForm(NetBoxModelBulkEditForm):
    zones = MultipleChoiceField(label=_('Zones'), choices=ZoneChoices, required=False)
    use = choice(AddressUseChoices, _('Use'))

    model = GatewayAddress
    fieldsets = (FieldSet('zones', 'use'),)


class RemoteEndpointBulkEditForm(PrimaryModelBulkEditForm):
    role = DynamicModelChoiceField(label=_('Role'), queryset=RemoteRole.objects.all(), required=False)
    zone = choice(ZoneChoices, _('Zone'))
    port_map = PortMapField(required=False)
    justification = text(_('Justification'))

    model = RemoteEndpoint
    fieldsets = (FieldSet('role', 'zone', 'port_map', 'justification', 'description'),)
    nullable_fields = ('zone', 'port_map', 'justification', 'description')


class EnforcementPointBulkEditForm(PrimaryModelBulkEditForm):
    format_name = text(_('Format'), 50)
    gateway_zone = text(_('Gateway zone'), 63)
    gateway_interface = text(_('Gateway interface'), 63)

    model = EnforcementPoint
    fieldsets = (FieldSet('format_name', 'gateway_zone', 'gateway_interface', 'description'),)
    nullable_fields = ('format_name', 'gateway_zone', 'gateway_interface', 'description')


class EnforcementZoneBulkEditForm(NetBoxModelBulkEditForm):
    separated = boolean(_('Separated'))
    name = text(_('Name'), 63)
    interface = text(_('Interface'), 63)
    gateway_zone = text(_('Gateway zone'), 63)
    gateway_interface = text(_('Gateway interface'), 63)

    model = EnforcementZone
    fieldsets = (FieldSet('separated', 'name', 'interface', 'gateway_zone', 'gateway_interface'),)
    nullable_fields = ('name', 'interface', 'gateway_zone', 'gateway_interface')


class RequiredFlowBulkEditForm(PrimaryModelBulkEditForm):
    status = choice(FlowStatusChoices, _('Status'))
    justification = text(_('Justification'))
    mitigation = text(_('Mitigation'))
    valid_until = forms.DateField(label=_('Valid until'), required=False, widget=DatePicker())
    endpoints = DynamicModelMultipleChoiceField(
        label=_('Endpoints'),
        queryset=RemoteEndpoint.objects.all(),
        required=False,
        help_text=_('Used instead of the endpoints assigned to the remote role'),
    )

    model = RequiredFlow
    fieldsets = (
        FieldSet('status', 'justification', 'mitigation', 'valid_until', name=_('Decision')),
        FieldSet('endpoints', 'description', name=_('Remote')),
    )
    nullable_fields = ('justification', 'mitigation', 'valid_until', 'endpoints', 'description')
