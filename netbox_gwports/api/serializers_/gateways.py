from dcim.api.serializers import DeviceSerializer
from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.plumbing import build_basic_type
from drf_spectacular.types import OpenApiTypes
from ipam.api.serializers import IPAddressSerializer
from netbox.api.fields import ChoiceField
from netbox.api.serializers import (
    BaseModelSerializer,
    NetBoxModelSerializer,
    OrganizationalModelSerializer,
    PrimaryModelSerializer,
)
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from tenancy.api.serializers import TenantSerializer
from virtualization.api.serializers import VirtualMachineSerializer

from ...choices import AddressUseChoices, GatewayStatusChoices
from ...models import Gateway, GatewayAddress, GatewayGroup, ProfileFeature
from ...reconcile import collected, with_parents
from ...visible import visible
from ..fields import ZonesField
from ..related import KeepHiddenMembersMixin, MemberList, RelatedObjectField, RelatedObjectSchema
from .catalog import COMMON, GatewayProfileSerializer, ProfileFeatureSerializer

__all__ = ('GatewayAddressSerializer', 'GatewayGroupSerializer', 'GatewaySerializer')


class GatewayGroupSerializer(OrganizationalModelSerializer):
    class Meta:
        model = GatewayGroup
        fields = ['id', 'url', 'display_url', 'display', 'name', 'slug', *COMMON]
        brief_fields = ('id', 'url', 'display', 'name', 'slug', 'description')


class OwnIPAddressField(RelatedObjectField):
    def assigned(self):
        gateway = self.parent.parent.parent.instance
        if gateway is None:
            return []
        shown = gateway.addresses.restrict(self.context['request'].user, 'view').select_related('ip_address')
        return [address.ip_address for address in shown]


class NestedGatewayAddressSerializer(BaseModelSerializer):
    """An address within its gateway."""

    id = serializers.IntegerField(required=False)
    ip_address = OwnIPAddressField(IPAddressSerializer)
    zones = ZonesField(required=False)
    use = ChoiceField(choices=AddressUseChoices, required=False)

    class Meta:
        model = GatewayAddress
        fields = ('id', 'ip_address', 'zones', 'use')
        list_serializer_class = MemberList

    def validate(self, data):
        # In a PATCH no field is required, not even for a new address
        if 'id' not in data and 'ip_address' not in data:
            raise serializers.ValidationError({'ip_address': self.fields['ip_address'].error_messages['required']})
        return data


class FeatureField(RelatedObjectField):
    """A feature by ID, or by slug within the gateway's profile, which validate() looks up."""

    def to_internal_value(self, data):
        if isinstance(data, str) and not data.isdigit():
            return data
        return super().to_internal_value(data)


class FeatureFieldSchema(RelatedObjectSchema):
    target_class = FeatureField
    match_subclasses = False
    priority = 2

    def map_serializer_field(self, auto_schema, direction):
        schema = super().map_serializer_field(auto_schema, direction)
        if direction == 'request':
            schema['oneOf'].append(build_basic_type(OpenApiTypes.STR))
        return schema


class GatewaySerializer(KeepHiddenMembersMixin, PrimaryModelSerializer):
    """A gateway with its features and addresses, written atomically by one request.

    Addresses that are sent replace the existing ones. An entry updates the existing address with the same ``id`` or
    ``ip_address``, leaving omitted fields unchanged; other entries are created, and addresses not listed are deleted.
    """

    device = RelatedObjectField(DeviceSerializer, required=False, allow_null=True)
    virtual_machine = RelatedObjectField(VirtualMachineSerializer, required=False, allow_null=True)
    profile = RelatedObjectField(GatewayProfileSerializer)
    next_profile = RelatedObjectField(GatewayProfileSerializer, required=False, allow_null=True)
    features = FeatureField(
        ProfileFeatureSerializer,
        required=False,
        many=True,
        help_text=_('Parent features are added. New gateways default to the features enabled by default'),
    )
    group = RelatedObjectField(GatewayGroupSerializer, required=False, allow_null=True)
    tenant = RelatedObjectField(TenantSerializer, required=False, allow_null=True)
    status = ChoiceField(choices=GatewayStatusChoices, required=False)
    addresses = NestedGatewayAddressSerializer(many=True, required=False)

    class Meta:
        model = Gateway
        fields = [
            'id', 'url', 'display_url', 'display', 'device', 'virtual_machine', 'profile', 'next_profile', 'features',
            'group', 'tenant', 'status', 'addresses', 'hidden_members', *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'device', 'virtual_machine', 'description')

    def validate(self, data):
        if not self.nested and 'features' in data:
            profile = data.get('profile') or self.instance.profile
            features = [*self._features(profile, data['features']), *self._hidden_features(profile)]
            data['features'] = with_parents(features)
        return super().validate(data)

    def keep_hidden(self, name, values):
        # Which features are hidden is only known with the profile: see validate()
        if name != 'features':
            super().keep_hidden(name, values)

    def _hidden_features(self, profile):
        """Features in use that the caller may not view, as this profile knows them: they stay."""
        if self.instance is None:
            return []
        shown = visible(ProfileFeature, self.context['request'].user).values('pk')
        hidden = self.instance.features.exclude(pk__in=shown).values('slug')
        return profile.features.filter(slug__in=hidden).exclude(pk__in=shown)

    def _features(self, profile, features):
        """The features given as IDs or slugs, all of which must belong to this profile."""
        of_profile = profile.features.all()
        if request := self.context.get('request'):
            # As for all related objects given by attributes
            of_profile = of_profile.restrict(request.user, 'view')
        # The database takes no NUL
        slugs = [feature for feature in features if isinstance(feature, str) and '\0' not in feature]
        by_slug = {feature.slug: feature for feature in of_profile.filter(slug__in=slugs)} if slugs else {}
        found, foreign = [], []
        for sent in features:
            feature = by_slug.get(sent) if isinstance(sent, str) else sent
            if feature and feature.profile_id == profile.pk:
                found.append(feature)
            else:
                foreign.append(str(sent if isinstance(sent, str) else sent.pk))
        if foreign:
            raise serializers.ValidationError({
                'features': _('{profile} does not have these features: {features}.').format(
                    profile=profile, features=', '.join(foreign)
                )
            })
        return found

    def create(self, validated_data):
        addresses = validated_data.pop('addresses', None)
        # Profile, features and addresses are a single change
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

    def _write_addresses(self, gateway, entries):
        """Replace the gateway's addresses by these entries; None: the request has no addresses."""
        if entries is None:
            return
        # Addresses that the user may not view are kept
        user = self.context['request'].user
        stored = {address.pk: address for address in gateway.addresses.restrict(user, 'view')}
        addresses = [self._take(stored, gateway, entry) for entry in entries]
        # Requires the permissions on the addresses, in addition to that on the gateway
        new = [a for a in addresses if a and not a.pk]
        changed = [a.pk for a, entry in zip(addresses, entries, strict=True) if a and a.pk and entry]
        self._demand('delete', list(stored))
        self._demand('change', changed)
        # Deleted first, since an entry may reuse an IP address
        for address in stored.values():
            address.delete()
        self._save_addresses(addresses, entries)
        # Checked again, since the permissions may have constraints on the result
        self._demand('change', changed)
        self._demand('add', [a.pk for a in new])
        # Discard the previous addresses
        getattr(gateway, '_prefetched_objects_cache', {}).pop('addresses', None)

    def _save_addresses(self, addresses, entries):
        errors = {}
        for index, (address, entry) in enumerate(zip(addresses, entries, strict=True)):
            if address is None:
                errors[index] = {'id': [_('Not an address of this gateway, or listed twice.')]}
                continue
            for name, value in entry.items():
                setattr(address, name, value)
            try:
                address.full_clean()
                address.save()
            except DjangoValidationError as e:
                errors[index] = serializers.as_serializer_error(e)
        if errors:
            raise serializers.ValidationError({'addresses': errors})

    def _demand(self, action, pks):
        """Refuse the request unless the user has this permission for all of these addresses."""
        permitted = GatewayAddress.objects.restrict(self.context['request'].user, action).filter(pk__in=pks)
        if permitted.count() != len(pks):
            raise PermissionDenied

    def _take(self, stored, gateway, entry):
        """Pop the stored address of an entry, or return a new one. None if the ID is unknown."""
        pk = entry.pop('id', None)
        if pk is None:
            by_ip = {address.ip_address_id: address.pk for address in stored.values()}
            pk = by_ip.get(entry['ip_address'].pk)
            if pk is None:
                return GatewayAddress(gateway=gateway)
        if address := stored.pop(pk, None):
            address.snapshot()
        return address


class GatewayAddressSerializer(NetBoxModelSerializer):
    gateway = RelatedObjectField(GatewaySerializer)
    ip_address = RelatedObjectField(IPAddressSerializer)
    zones = ZonesField(required=False)
    use = ChoiceField(choices=AddressUseChoices, required=False)

    class Meta:
        model = GatewayAddress
        fields = [
            'id', 'url', 'display_url', 'display', 'gateway', 'ip_address', 'zones', 'use', 'tags', 'custom_fields',
            'created', 'last_updated',
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'ip_address', 'zones')
