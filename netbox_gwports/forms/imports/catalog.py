from dcim.models import Manufacturer
from django.utils.translation import gettext_lazy as _
from netbox.forms import OrganizationalModelImportForm, PrimaryModelImportForm
from utilities.forms.fields import CSVChoiceField, CSVModelChoiceField

from ...choices import DirectionChoices, RemoteRoleKindChoices, ZoneChoices
from ...models import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole
from ...rules.facts import of_service, of_template
from ..common import SkipReportedFieldsMixin
from ..fields import DNSNamesField, PortsField
from .common import named_profile, profile_column

__all__ = (
    'FlowTemplateImportForm',
    'GatewayProfileImportForm',
    'GatewayServiceImportForm',
    'ProfileFeatureImportForm',
    'RemoteRoleImportForm',
)


class GatewayProfileImportForm(PrimaryModelImportForm):
    manufacturer = CSVModelChoiceField(
        label=_('Manufacturer'),
        queryset=Manufacturer.objects.all(),
        to_field_name='name',
        help_text=_('Name of the manufacturer'),
    )

    class Meta:
        model = GatewayProfile
        fields = (
            'manufacturer', 'name', 'version', 'slug', 'source_url', 'published', 'partial', 'description', 'owner',
            'comments', 'tags',
        )  # fmt: skip


class ProfileFeatureImportForm(PrimaryModelImportForm):
    profile = profile_column()
    parent = CSVModelChoiceField(
        label=_('Parent'),
        queryset=ProfileFeature.objects.all(),
        to_field_name='slug',
        required=False,
        help_text=_('Slug of the parent feature in the same profile'),
    )

    class Meta:
        model = ProfileFeature
        fields = (
            'profile', 'name', 'slug', 'group', 'parent', 'enabled_by_default', 'description', 'owner', 'comments',
            'tags',
        )  # fmt: skip

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        if data:
            profile = named_profile(self, data, lambda feature: feature.profile_id)
            self.fields['parent'].queryset = ProfileFeature.objects.filter(**profile)


class GatewayServiceImportForm(SkipReportedFieldsMixin, PrimaryModelImportForm):
    profile = profile_column()
    ports = PortsField()

    class Meta:
        model = GatewayService
        fields = (
            'profile', *(fact.name for fact in of_service()), 'description', 'owner', 'comments', 'tags',
        )  # fmt: skip


class RemoteRoleImportForm(OrganizationalModelImportForm):
    zone = CSVChoiceField(label=_('Zone'), choices=ZoneChoices)
    kind = CSVChoiceField(
        label=_('Kind'), choices=RemoteRoleKindChoices, required=False, help_text=_('Defaults to named')
    )

    class Meta:
        model = RemoteRole
        fields = ('name', 'slug', 'zone', 'kind', 'description', 'owner', 'comments', 'tags')


class FlowTemplateImportForm(PrimaryModelImportForm):
    profile = profile_column(source='service.profile')
    service = CSVModelChoiceField(
        label=_('Service'),
        queryset=GatewayService.objects.all(),
        to_field_name='name',
        help_text=_('Name of the service in the profile'),
    )
    direction = CSVChoiceField(label=_('Direction'), choices=DirectionChoices)
    remote_role = CSVModelChoiceField(
        label=_('Remote role'),
        queryset=RemoteRole.objects.all(),
        to_field_name='slug',
        help_text=_('Slug of the remote role'),
    )
    feature = CSVModelChoiceField(
        label=_('Feature'),
        queryset=ProfileFeature.objects.all(),
        to_field_name='slug',
        required=False,
        help_text=_('Slug of the feature in the profile; leave empty if the flow is always required'),
    )
    dns_names = DNSNamesField(required=False, help_text=_('DNS names separated by commas'))
    zone = CSVChoiceField(
        label=_('Zone'), choices=ZoneChoices, required=False, help_text=_('Zone of the DNS names; defaults to internet')
    )

    class Meta:
        model = FlowTemplate
        fields = (
            'service', *(fact.name for fact in of_template()), 'row', 'item', 'withdrawn', 'description', 'owner',
            'comments', 'tags',
        )  # fmt: skip

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        if data:
            profile = named_profile(self, data, lambda template: template.profile.pk)
            self.fields['service'].queryset = GatewayService.objects.filter(**profile)
            self.fields['feature'].queryset = ProfileFeature.objects.filter(**profile)
