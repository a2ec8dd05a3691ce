from core.forms.mixins import SyncedDataMixin
from dcim.models import Manufacturer
from django import forms
from django.utils.translation import gettext_lazy as _
from netbox.forms import OrganizationalModelForm, PrimaryModelForm
from utilities.exceptions import PermissionsViolation
from utilities.forms.fields import ChoiceField, DynamicModelChoiceField, SlugField
from utilities.forms.rendering import FieldSet, InlineFields
from utilities.forms.utils import add_blank_choice
from utilities.forms.widgets import DatePicker

from ..choices import DirectionChoices, RemoteRoleKindChoices, ZoneChoices
from ..loading.loader import may_import
from ..models import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole
from ..rules.facts import of_template
from ..viewer import current_user
from .common import REMOTE_FIELDS, SkipReportedFieldsMixin
from .fields import DNSNamesField, PortsField

__all__ = ('FlowTemplateForm', 'GatewayProfileForm', 'GatewayServiceForm', 'ProfileFeatureForm', 'RemoteRoleForm')


class GatewayProfileForm(SyncedDataMixin, PrimaryModelForm):
    """Selecting a data file imports its catalog, which requires the permission to import."""

    manufacturer = DynamicModelChoiceField(
        label=_('Manufacturer'), queryset=Manufacturer.objects.all(), quick_add=True, selector=True
    )
    slug = SlugField(help_text=_('Identifies this release in imports and in the API, e.g. clearswift-seg-6-3'))

    fieldsets = (
        FieldSet('manufacturer', 'name', 'version', 'slug', 'description', 'tags', name=_('Product')),
        FieldSet('source_url', 'published', 'partial', name=_("Vendor's Table")),
        FieldSet('data_source', 'data_file', 'auto_sync_enabled', name=_('Data Source')),
    )

    class Meta:
        model = GatewayProfile
        fields = (
            'manufacturer', 'name', 'version', 'slug', 'source_url', 'published', 'partial', 'description',
            'data_source', 'data_file', 'auto_sync_enabled', 'owner', 'comments', 'tags',
        )  # fmt: skip
        widgets = {'published': DatePicker()}

    def clean(self):
        super().clean()
        user = current_user()
        if 'data_file' in self.changed_data and user and not user.has_perm('netbox_gwports.import_gatewayprofile'):
            self.add_error('data_file', _('You need the permission to import catalogs to select a data file.'))
        return self.cleaned_data

    def save(self, *args, **kwargs):
        profile, user = super().save(*args, **kwargs), current_user()
        # The permission may have constraints, which can only be checked once the object exists
        if 'data_file' in self.changed_data and user and not may_import(profile, user):
            raise PermissionsViolation
        return profile


class ProfileFeatureForm(PrimaryModelForm):
    profile = DynamicModelChoiceField(label=_('Profile'), queryset=GatewayProfile.objects.all(), selector=True)
    slug = SlugField()
    parent = DynamicModelChoiceField(
        label=_('Parent'),
        queryset=ProfileFeature.objects.all(),
        required=False,
        query_params={'profile_id': '$profile'},
        help_text=_('Feature that must be in use as well; it is selected along with this feature'),
    )

    fieldsets = (
        FieldSet('profile', 'name', 'slug', 'description', 'tags', name=_('Feature')),
        FieldSet('group', 'parent', 'enabled_by_default', name=_('Selection')),
    )

    class Meta:
        model = ProfileFeature
        fields = (
            'profile', 'name', 'slug', 'group', 'parent', 'enabled_by_default', 'description', 'owner', 'comments',
            'tags',
        )  # fmt: skip


class GatewayServiceForm(SkipReportedFieldsMixin, PrimaryModelForm):
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


class RemoteRoleForm(OrganizationalModelForm):
    zone = ChoiceField(
        label=_('Zone'),
        choices=ZoneChoices,
        help_text=_('Zone in which the remote is located, as seen from the gateway'),
    )
    kind = ChoiceField(
        label=_('Kind'),
        choices=RemoteRoleKindChoices,
        initial=RemoteRoleKindChoices.NAMED,
        help_text=_('How flows with this role are resolved while no remote endpoint is assigned'),
    )

    fieldsets = (FieldSet('name', 'slug', 'zone', 'kind', 'description', 'tags', name=_('Remote Role')),)

    class Meta:
        model = RemoteRole
        fields = ('name', 'slug', 'zone', 'kind', 'description', 'owner', 'comments', 'tags')


class FlowTemplateForm(PrimaryModelForm):
    profile = DynamicModelChoiceField(
        label=_('Profile'),
        queryset=GatewayProfile.objects.all(),
        required=False,
        initial_params={'services': '$service'},
        help_text=_('Limits the available services and features'),
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
        help_text=_('Feature that requires this flow; leave empty if it is always required'),
    )
    dns_names = DNSNamesField(required=False)
    zone = ChoiceField(
        label=_('Zone'),
        choices=add_blank_choice(ZoneChoices),
        required=False,
        help_text=_('Zone of the DNS names; leave empty for the Internet'),
    )

    fieldsets = (
        FieldSet(
            'profile', 'service', 'direction', 'remote_role', 'purpose', 'feature', 'description', 'tags',
            name=_('Flow Template'),
        ),
        FieldSet(*REMOTE_FIELDS, name=_('Remote')),
        FieldSet('notes', 'not_opened', name=_('Notes')),
        FieldSet(
            InlineFields('row', 'item', label=_('Row and item')),
            'printed', 'key', 'withdrawn',
            name=_("Vendor's Table"),
        ),
    )  # fmt: skip

    class Meta:
        model = FlowTemplate
        fields = (
            'service', *(fact.name for fact in of_template()), 'row', 'item', 'withdrawn', 'description', 'owner',
            'comments', 'tags',
        )  # fmt: skip
        widgets = {'notes': forms.Textarea(attrs={'rows': 3}), 'not_opened': forms.Textarea(attrs={'rows': 3})}
