from core.models import DataFile, DataSource
from dcim.models import Manufacturer
from django import forms
from django.utils.translation import gettext_lazy as _
from netbox.forms import OrganizationalModelFilterSetForm, PrimaryModelFilterSetForm
from utilities.forms.fields import TagFilterField
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import DatePicker

from ...choices import DirectionChoices, RemoteRoleKindChoices, ZoneChoices
from ...models import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole
from .common import PortFilterForm, boolean, choices, objects

__all__ = (
    'FlowTemplateFilterForm',
    'GatewayProfileFilterForm',
    'GatewayServiceFilterForm',
    'ProfileFeatureFilterForm',
    'RemoteRoleFilterForm',
)


class GatewayProfileFilterForm(PrimaryModelFilterSetForm):
    manufacturer_id = objects(Manufacturer, _('Manufacturer'))
    name = forms.CharField(label=_('Name'), required=False)
    version = forms.CharField(label=_('Version'), required=False)
    published = forms.DateField(label=_('Published'), required=False, widget=DatePicker())
    data_source_id = objects(DataSource, _('Data source'))
    data_file_id = objects(DataFile, _('Data file'), query_params={'source_id': '$data_source_id'})
    auto_sync_enabled = boolean(_('Auto sync enabled'))
    tag = TagFilterField(GatewayProfile)

    model = GatewayProfile
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('manufacturer_id', 'name', 'version', 'published', name=_('Product')),
        FieldSet('data_source_id', 'data_file_id', 'auto_sync_enabled', name=_('Data Source')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )
    selector_fields = ('filter_id', 'q', 'manufacturer_id')


class ProfileFeatureFilterForm(PrimaryModelFilterSetForm):
    profile_id = objects(GatewayProfile, _('Profile'))
    group = forms.CharField(label=_('Group'), required=False)
    parent_id = objects(ProfileFeature, _('Parent'), null_option='None', query_params={'profile_id': '$profile_id'})
    enabled_by_default = boolean(_('Enabled by default'))
    tag = TagFilterField(ProfileFeature)

    model = ProfileFeature
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('profile_id', 'group', 'parent_id', 'enabled_by_default', name=_('Feature')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )
    selector_fields = ('filter_id', 'q', 'profile_id')


class GatewayServiceFilterForm(PortFilterForm, PrimaryModelFilterSetForm):
    profile_id = objects(GatewayProfile, _('Profile'))
    application_protocol = forms.CharField(label=_('Application protocol'), required=False)
    clear_text = boolean(_('Clear text'))
    tag = TagFilterField(GatewayService)

    model = GatewayService
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('profile_id', 'application_protocol', 'protocol', 'port', 'clear_text', name=_('Service')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )
    selector_fields = ('filter_id', 'q', 'profile_id')


class RemoteRoleFilterForm(OrganizationalModelFilterSetForm):
    zone = choices(ZoneChoices, _('Zone'))
    kind = choices(RemoteRoleKindChoices, _('Kind'))
    tag = TagFilterField(RemoteRole)

    model = RemoteRole
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('zone', 'kind', name=_('Remote Role')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )


class FlowTemplateFilterForm(PortFilterForm, PrimaryModelFilterSetForm):
    profile_id = objects(GatewayProfile, _('Profile'))
    service_id = objects(GatewayService, _('Service'), query_params={'profile_id': '$profile_id'})
    feature_id = objects(
        ProfileFeature, _('Feature'), null_option=_('Always'), query_params={'profile_id': '$profile_id'}
    )
    direction = choices(DirectionChoices, _('Direction'))
    role_id = objects(RemoteRole, _('Remote role'))
    dns_name = forms.CharField(label=_('DNS name'), required=False, help_text=_('Including matching wildcards'))
    row = forms.IntegerField(label=_('Row'), required=False)
    not_opened = boolean(_('Not opened'))
    withdrawn = boolean(_('Withdrawn'))
    tag = TagFilterField(FlowTemplate)

    model = FlowTemplate
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('profile_id', 'row', 'not_opened', 'withdrawn', name=_("Vendor's Table")),
        FieldSet(
            'service_id', 'protocol', 'port', 'direction', 'role_id', 'dns_name', 'feature_id', name=_('Flow Template')
        ),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )
    selector_fields = ('filter_id', 'q', 'profile_id')
