from core.api.serializers_.data import DataFileSerializer, DataSourceSerializer
from dcim.api.serializers import ManufacturerSerializer
from netbox.api.fields import ChoiceField
from netbox.api.serializers import OrganizationalModelSerializer, PrimaryModelSerializer
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from ...choices import DirectionChoices, RemoteRoleKindChoices, ZoneChoices
from ...db import atomic
from ...loading.loader import may_import
from ...models import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole
from ...rules.facts import of_service, of_template
from ..fields import BlankChoiceField, DNSNamesField, PortsField
from ..related import RelatedObjectField

__all__ = (
    'FlowTemplateSerializer',
    'GatewayProfileSerializer',
    'GatewayServiceSerializer',
    'ProfileFeatureSerializer',
    'RemoteRoleSerializer',
)

COMMON = ['description', 'owner', 'comments', 'tags', 'custom_fields', 'created', 'last_updated']


class GatewayProfileSerializer(PrimaryModelSerializer):
    """Setting a data file imports its catalog, which requires the permission to import."""

    _binds = False

    manufacturer = RelatedObjectField(ManufacturerSerializer)
    data_source = DataSourceSerializer(nested=True, read_only=True, allow_null=True)
    data_file = RelatedObjectField(DataFileSerializer, required=False, allow_null=True)

    class Meta:
        model = GatewayProfile
        fields = [
            'id', 'url', 'display_url', 'display', 'manufacturer', 'name', 'version', 'slug', 'source_url', 'published',
            'partial', 'data_source', 'data_path', 'data_file', 'auto_sync_enabled', 'data_synced', *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'name', 'version', 'slug', 'description')
        # Set from the data file
        model_clean_fields = (
            'data_source',
            'data_path',
            'auto_sync_enabled',
            'data_synced',
            'source_url',
            'published',
            'partial',
            'description',
        )

    def validate(self, data):
        if not self.nested and 'data_file' in data:
            stored = self.instance.data_file if self.instance else None
            user = self.context['request'].user
            self._binds = data['data_file'] != stored
            if self._binds and not user.has_perm('netbox_gwports.import_gatewayprofile'):
                raise PermissionDenied
        return super().validate(data)

    def save(self, **kwargs):
        with atomic(GatewayProfile):
            profile = super().save(**kwargs)
            # The permission may have constraints, which can only be checked once the object exists
            if self._binds and not may_import(profile, self.context['request'].user):
                raise PermissionDenied
        return profile


class ProfileFeatureSerializer(PrimaryModelSerializer):
    profile = RelatedObjectField(GatewayProfileSerializer)

    class Meta:
        model = ProfileFeature
        fields = [
            'id', 'url', 'display_url', 'display', 'profile', 'name', 'slug', 'group', 'parent', 'enabled_by_default',
            *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'name', 'slug', 'description')

    def get_fields(self):
        fields = super().get_fields()
        # Not in the class body, where this class is not defined yet
        fields['parent'] = RelatedObjectField(ProfileFeatureSerializer, required=False, allow_null=True)
        return fields


class GatewayServiceSerializer(PrimaryModelSerializer):
    profile = RelatedObjectField(GatewayProfileSerializer)
    ports = PortsField()

    class Meta:
        model = GatewayService
        fields = [
            'id', 'url', 'display_url', 'display', 'profile', *(fact.name for fact in of_service()), *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'name', 'ports', 'description')


class RemoteRoleSerializer(OrganizationalModelSerializer):
    zone = ChoiceField(choices=ZoneChoices)
    kind = ChoiceField(choices=RemoteRoleKindChoices, required=False)

    class Meta:
        model = RemoteRole
        fields = ['id', 'url', 'display_url', 'display', 'name', 'slug', 'zone', 'kind', *COMMON]
        brief_fields = ('id', 'url', 'display', 'name', 'slug', 'description')


class FlowTemplateSerializer(PrimaryModelSerializer):
    service = RelatedObjectField(GatewayServiceSerializer)
    remote_role = RelatedObjectField(RemoteRoleSerializer)
    feature = RelatedObjectField(ProfileFeatureSerializer, required=False, allow_null=True)
    direction = ChoiceField(choices=DirectionChoices)
    dns_names = DNSNamesField(required=False)
    zone = BlankChoiceField(choices=ZoneChoices)
    row_label = serializers.CharField(read_only=True)

    class Meta:
        model = FlowTemplate
        fields = [
            'id', 'url', 'display_url', 'display', 'service', *(fact.name for fact in of_template()),
            'row', 'item', 'row_label', 'withdrawn', *COMMON,
        ]  # fmt: skip
        # Includes the service, which "display" needs, so that it is prefetched
        brief_fields = ('id', 'url', 'display', 'service', 'direction', 'purpose', 'description')
        read_only_fields = ('withdrawn',)
