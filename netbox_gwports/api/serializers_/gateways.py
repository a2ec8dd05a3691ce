from dcim.api.serializers import DeviceSerializer
from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext as _
from ipam.api.serializers import IPAddressSerializer
from netbox.api.fields import ChoiceField, SerializedPKRelatedField
from netbox.api.serializers import NetBoxModelSerializer, OrganizationalModelSerializer, PrimaryModelSerializer
from rest_framework import serializers
from rest_framework.fields import get_error_detail
from tenancy.api.serializers import TenantSerializer
from virtualization.api.serializers import VirtualMachineSerializer

from ...choices import AddressUseChoices, GatewayStatusChoices
from ...models import Gateway, GatewayAddress, GatewayGroup, ProfileFeature
from ...reconcile import collected, with_parents
from .catalog import COMMON, GatewayProfileSerializer, ProfileFeatureSerializer

__all__ = ('GatewayAddressSerializer', 'GatewayGroupSerializer', 'GatewaySerializer')


class GatewayGroupSerializer(OrganizationalModelSerializer):
    class Meta:
        model = GatewayGroup
        fields = ['id', 'url', 'display_url', 'display', 'name', 'slug', *COMMON]
        brief_fields = ('id', 'url', 'display', 'name', 'slug', 'description')


class NestedAddressSerializer(serializers.ModelSerializer):
    """An address within its gateway."""

    ip_address = IPAddressSerializer(nested=True)
    use = ChoiceField(choices=AddressUseChoices, required=False)

    class Meta:
        model = GatewayAddress
        fields = ('id', 'ip_address', 'zones', 'use')


class GatewaySerializer(PrimaryModelSerializer):
    device = DeviceSerializer(nested=True, required=False, allow_null=True)
    virtual_machine = VirtualMachineSerializer(nested=True, required=False, allow_null=True)
    profile = GatewayProfileSerializer(nested=True)
    features = SerializedPKRelatedField(
        queryset=ProfileFeature.objects.all(), serializer=ProfileFeatureSerializer, nested=True, required=False,
        many=True,
    )  # fmt: skip
    group = GatewayGroupSerializer(nested=True, required=False, allow_null=True)
    tenant = TenantSerializer(nested=True, required=False, allow_null=True)
    status = ChoiceField(choices=GatewayStatusChoices, required=False)
    addresses = NestedAddressSerializer(many=True, required=False)

    class Meta:
        model = Gateway
        fields = [
            'id', 'url', 'display_url', 'display', 'device', 'virtual_machine', 'profile', 'features', 'group',
            'tenant', 'status', 'addresses', *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'device', 'virtual_machine', 'description')

    def validate(self, data):
        data = super().validate(data)
        if not self.nested and 'features' in data:
            profile = data.get('profile') or self.instance.profile
            if foreign := [str(f) for f in data['features'] if f.profile_id != profile.pk]:
                raise serializers.ValidationError({
                    'features': _('Not of {profile}: {features}.').format(profile=profile, features=', '.join(foreign))
                })
            data['features'] = with_parents(data['features'])
        return data

    def create(self, validated_data):
        addresses = validated_data.pop('addresses', None)
        # Profile, features and addresses are one change
        with collected():
            gateway = super().create(validated_data)
            self._write_addresses(gateway, addresses)
        return gateway

    def update(self, instance, validated_data):
        addresses = validated_data.pop('addresses', None)
        with collected():
            gateway = super().update(instance, validated_data)
            self._write_addresses(gateway, addresses)
        return gateway

    def _write_addresses(self, gateway, addresses):
        """Make the gateway's addresses these; None: they were not sent, so leave them."""
        if addresses is None:
            return
        known = {address.ip_address_id: address for address in gateway.addresses.all()}
        errors = {}
        for index, data in enumerate(addresses):
            address = known.pop(data['ip_address'].pk, None)
            if address:
                address.snapshot()
            else:
                address = GatewayAddress(gateway=gateway)
            for name, value in data.items():
                setattr(address, name, value)
            try:
                address.full_clean()
                address.save()
            except DjangoValidationError as e:
                errors[str(index)] = get_error_detail(e)
        if errors:
            raise serializers.ValidationError({'addresses': errors})
        for address in known.values():
            address.delete()
        getattr(gateway, '_prefetched_objects_cache', {}).pop('addresses', None)


class GatewayAddressSerializer(NetBoxModelSerializer):
    gateway = GatewaySerializer(nested=True)
    ip_address = IPAddressSerializer(nested=True)
    use = ChoiceField(choices=AddressUseChoices, required=False)

    class Meta:
        model = GatewayAddress
        fields = [
            'id', 'url', 'display_url', 'display', 'gateway', 'ip_address', 'zones', 'use', 'tags', 'custom_fields',
            'created', 'last_updated',
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'ip_address', 'zones')
        model_clean_fields = ('zones',)
