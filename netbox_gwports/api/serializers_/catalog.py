from dcim.api.serializers import ManufacturerSerializer
from netbox.api.fields import ChoiceField
from netbox.api.serializers import OrganizationalModelSerializer, PrimaryModelSerializer
from rest_framework import serializers

from ...choices import DirectionChoices, RemoteRoleKindChoices, ZoneChoices
from ...models import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole
from ..fields import HostsField, PortsField

__all__ = (
    'FlowTemplateSerializer',
    'GatewayProfileSerializer',
    'GatewayServiceSerializer',
    'ProfileFeatureSerializer',
    'RemoteRoleSerializer',
)

COMMON = ['description', 'owner', 'comments', 'tags', 'custom_fields', 'created', 'last_updated']


class GatewayProfileSerializer(PrimaryModelSerializer):
    manufacturer = ManufacturerSerializer(nested=True)

    class Meta:
        model = GatewayProfile
        fields = [
            'id', 'url', 'display_url', 'display', 'manufacturer', 'name', 'version', 'slug', 'source_url', 'published',
            'partial', *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'name', 'version', 'slug', 'description')


class ProfileFeatureSerializer(PrimaryModelSerializer):
    profile = GatewayProfileSerializer(nested=True)

    class Meta:
        model = ProfileFeature
        fields = [
            'id', 'url', 'display_url', 'display', 'profile', 'name', 'slug', 'group', 'parent', 'enabled_by_default',
            *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'name', 'slug', 'description')

    def get_fields(self):
        fields = super().get_fields()
        # Not in the class body, where this class has no name yet
        fields['parent'] = ProfileFeatureSerializer(nested=True, required=False, allow_null=True)
        return fields


class GatewayServiceSerializer(PrimaryModelSerializer):
    profile = GatewayProfileSerializer(nested=True)
    ports = PortsField()

    class Meta:
        model = GatewayService
        fields = [
            'id', 'url', 'display_url', 'display', 'profile', 'name', 'application_protocol', 'ports', 'clear_text',
            *COMMON,
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
    service = GatewayServiceSerializer(nested=True)
    remote_role = RemoteRoleSerializer(nested=True)
    feature = ProfileFeatureSerializer(nested=True, required=False, allow_null=True)
    direction = ChoiceField(choices=DirectionChoices)
    remote_hosts = HostsField(required=False)
    zone = ChoiceField(choices=ZoneChoices, required=False, allow_blank=True)
    source = serializers.CharField(read_only=True)

    class Meta:
        model = FlowTemplate
        fields = [
            'id', 'url', 'display_url', 'display', 'service', 'direction', 'remote_role', 'remote_hosts',
            'hosts_replaceable', 'zone', 'purpose', 'feature', 'direct', 'notes', 'not_opened', 'source_row',
            'source_item', 'source', 'printed', 'withdrawn', *COMMON,
        ]  # fmt: skip
        # With the service, which "display" names: so it is loaded for all templates at once
        brief_fields = ('id', 'url', 'display', 'service', 'direction', 'purpose', 'description')
        read_only_fields = ('withdrawn',)
