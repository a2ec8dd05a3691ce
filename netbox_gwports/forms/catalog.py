from dcim.models import Manufacturer
from django import forms
from django.utils.translation import gettext_lazy as _
from netbox.forms import (
    OrganizationalModelBulkEditForm,
    OrganizationalModelForm,
    PrimaryModelBulkEditForm,
    PrimaryModelForm,
)
from utilities.forms.fields import ChoiceField, DynamicModelChoiceField, SlugField
from utilities.forms.rendering import FieldSet, InlineFields
from utilities.forms.utils import add_blank_choice
from utilities.forms.widgets import BulkEditNullBooleanSelect, DatePicker

from ..choices import DirectionChoices, RemoteRoleKindChoices, ZoneChoices
from ..models import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole
from .fields import HostsField, PortsField

__all__ = (
    'FlowTemplateBulkEditForm',
    'FlowTemplateForm',
    'GatewayProfileBulkEditForm',
    'GatewayProfileForm',
    'GatewayServiceBulkEditForm',
    'GatewayServiceForm',
    'ProfileFeatureBulkEditForm',
    'ProfileFeatureForm',
    'RemoteRoleBulkEditForm',
    'RemoteRoleForm',
)

#
# Profiles
#


class GatewayProfileForm(PrimaryModelForm):
    manufacturer = DynamicModelChoiceField(
        label=_('Manufacturer'), queryset=Manufacturer.objects.all(), quick_add=True, selector=True
    )
    slug = SlugField(help_text=_('Names this release in imports and in the API, e.g. clearswift-seg-6-3'))

    fieldsets = (
        FieldSet('manufacturer', 'name', 'version', 'slug', 'description', 'tags', name=_('Product')),
        FieldSet('source_url', 'published', name=_("Vendor's table")),
    )

    class Meta:
        model = GatewayProfile
        fields = (
            'manufacturer', 'name', 'version', 'slug', 'source_url', 'published', 'description', 'owner', 'comments',
            'tags',
        )  # fmt: skip
        widgets = {'published': DatePicker()}


class GatewayProfileBulkEditForm(PrimaryModelBulkEditForm):
    manufacturer = DynamicModelChoiceField(label=_('Manufacturer'), queryset=Manufacturer.objects.all(), required=False)
    source_url = forms.URLField(label=_('Source URL'), max_length=500, required=False, assume_scheme='https')
    published = forms.DateField(label=_('Published'), required=False, widget=DatePicker())

    model = GatewayProfile
    fieldsets = (FieldSet('manufacturer', 'source_url', 'published', 'description'),)
    nullable_fields = ('source_url', 'published', 'description')


class ProfileFeatureForm(PrimaryModelForm):
    profile = DynamicModelChoiceField(label=_('Profile'), queryset=GatewayProfile.objects.all(), selector=True)
    slug = SlugField()
    parent = DynamicModelChoiceField(
        label=_('Parent'),
        queryset=ProfileFeature.objects.all(),
        required=False,
        query_params={'profile_id': '$profile'},
        help_text=_('In use only together with it: choosing this feature for a gateway chooses the parent too'),
    )

    fieldsets = (
        FieldSet('profile', 'name', 'slug', 'description', 'tags', name=_('Feature')),
        FieldSet('group', 'parent', 'enabled_by_default', name=_('Choice')),
    )

    class Meta:
        model = ProfileFeature
        fields = (
            'profile', 'name', 'slug', 'group', 'parent', 'enabled_by_default', 'description', 'owner', 'comments',
            'tags',
        )  # fmt: skip


class ProfileFeatureBulkEditForm(PrimaryModelBulkEditForm):
    group = forms.CharField(label=_('Group'), max_length=100, required=False)
    enabled_by_default = forms.NullBooleanField(
        label=_('Enabled by default'), required=False, widget=BulkEditNullBooleanSelect()
    )

    model = ProfileFeature
    fieldsets = (FieldSet('group', 'enabled_by_default', 'description'),)
    nullable_fields = ('group', 'description')


#
# Services and roles
#


class GatewayServiceForm(PrimaryModelForm):
    profile = DynamicModelChoiceField(label=_('Profile'), queryset=GatewayProfile.objects.all(), selector=True)
    ports = PortsField()

    fieldsets = (
        FieldSet(
            'profile', 'name', 'application_protocol', 'ports', 'clear_text', 'description', 'tags', name=_('Service')
        ),
    )

    class Meta:
        model = GatewayService
        fields = (
            'profile', 'name', 'application_protocol', 'ports', 'clear_text', 'description', 'owner', 'comments',
            'tags',
        )  # fmt: skip


class GatewayServiceBulkEditForm(PrimaryModelBulkEditForm):
    application_protocol = forms.CharField(label=_('Application protocol'), max_length=50, required=False)
    ports = PortsField(required=False)
    clear_text = forms.NullBooleanField(label=_('Clear text'), required=False, widget=BulkEditNullBooleanSelect())

    model = GatewayService
    fieldsets = (FieldSet('application_protocol', 'ports', 'clear_text', 'description'),)
    nullable_fields = ('application_protocol', 'description')


class RemoteRoleForm(OrganizationalModelForm):
    zone = ChoiceField(
        label=_('Zone'), choices=ZoneChoices, help_text=_('Where this remote sits as seen from the gateway')
    )
    kind = ChoiceField(
        label=_('Kind'),
        choices=RemoteRoleKindChoices,
        initial=RemoteRoleKindChoices.NAMED,
        help_text=_('Who is meant while no remote endpoint says it'),
    )

    fieldsets = (FieldSet('name', 'slug', 'zone', 'kind', 'description', 'tags', name=_('Remote role')),)

    class Meta:
        model = RemoteRole
        fields = ('name', 'slug', 'zone', 'kind', 'description', 'owner', 'comments', 'tags')


class RemoteRoleBulkEditForm(OrganizationalModelBulkEditForm):
    zone = ChoiceField(label=_('Zone'), choices=add_blank_choice(ZoneChoices), required=False)
    kind = ChoiceField(label=_('Kind'), choices=add_blank_choice(RemoteRoleKindChoices), required=False)

    model = RemoteRole
    fieldsets = (FieldSet('zone', 'kind', 'description'),)
    nullable_fields = ('description',)


#
# Flow templates
#


class FlowTemplateForm(PrimaryModelForm):
    profile = DynamicModelChoiceField(
        label=_('Profile'),
        queryset=GatewayProfile.objects.all(),
        required=False,
        initial_params={'services': '$service'},
        help_text=_('Narrows services and features'),
    )
    service = DynamicModelChoiceField(
        label=_('Service'),
        queryset=GatewayService.objects.all(),
        query_params={'profile_id': '$profile'},
        context={'parent': 'profile'},
    )
    direction = ChoiceField(label=_('Direction'), choices=DirectionChoices)
    remote_role = DynamicModelChoiceField(label=_('Remote role'), queryset=RemoteRole.objects.all(), quick_add=True)
    feature = DynamicModelChoiceField(
        label=_('Feature'),
        queryset=ProfileFeature.objects.all(),
        required=False,
        query_params={'profile_id': '$profile'},
        help_text=_('Needed only while this feature is in use; empty: always'),
    )
    remote_hosts = HostsField(label=_('Remote hosts'), required=False)
    zone = ChoiceField(
        label=_('Zone'),
        choices=add_blank_choice(ZoneChoices),
        required=False,
        help_text=_('Zone of the remote hosts; empty: Internet'),
    )

    fieldsets = (
        FieldSet(
            'profile', 'service', 'direction', 'remote_role', 'purpose', 'feature', 'description', 'tags',
            name=_('Need'),
        ),
        FieldSet('remote_hosts', 'hosts_replaceable', 'zone', 'direct', name=_('Remote')),
        FieldSet('notes', 'not_opened', name=_('Handling')),
        FieldSet(
            InlineFields('source_row', 'source_item', label=_('Row and item')),
            'printed', 'withdrawn',
            name=_("Vendor's table"),
        ),
    )  # fmt: skip

    class Meta:
        model = FlowTemplate
        fields = (
            'service', 'direction', 'remote_role', 'purpose', 'feature', 'remote_hosts', 'hosts_replaceable', 'zone',
            'direct', 'notes', 'not_opened', 'source_row', 'source_item', 'printed', 'withdrawn', 'description',
            'owner', 'comments', 'tags',
        )  # fmt: skip
        widgets = {'notes': forms.Textarea(attrs={'rows': 3}), 'not_opened': forms.Textarea(attrs={'rows': 3})}


class FlowTemplateBulkEditForm(PrimaryModelBulkEditForm):
    remote_role = DynamicModelChoiceField(label=_('Remote role'), queryset=RemoteRole.objects.all(), required=False)
    zone = ChoiceField(label=_('Zone'), choices=add_blank_choice(ZoneChoices), required=False)
    direct = forms.NullBooleanField(label=_('Direct'), required=False, widget=BulkEditNullBooleanSelect())
    hosts_replaceable = forms.NullBooleanField(
        label=_('Hosts replaceable'), required=False, widget=BulkEditNullBooleanSelect()
    )
    notes = forms.CharField(label=_('Notes'), required=False)
    not_opened = forms.CharField(label=_('Not opened'), required=False)

    model = FlowTemplate
    fieldsets = (
        FieldSet('remote_role', 'zone', 'direct', 'hosts_replaceable', 'description', name=_('Need')),
        FieldSet('notes', 'not_opened', name=_('Handling')),
    )
    nullable_fields = ('zone', 'notes', 'not_opened', 'description')
