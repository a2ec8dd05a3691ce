"""Fields for lists of strings in the canonical form of our validators, and for choices that may be blank."""

from core.api.schema import ChoiceFieldFix
from django.core.exceptions import ValidationError as DjangoValidationError
from netbox.api.fields import ChoiceField
from rest_framework import serializers

from ..choices import ZoneChoices
from ..validators import clean_dns_names, clean_literals, clean_port_map, clean_ports, clean_zones

__all__ = (
    'BlankChoiceField',
    'BlankChoiceSchema',
    'DNSNamesField',
    'LiteralsField',
    'PortMapField',
    'PortsField',
    'ZonesField',
)


class BlankChoiceField(ChoiceField):
    """A choice that may be blank, which NetBox returns as null."""

    def __init__(self, choices, **kwargs):
        super().__init__(choices, allow_blank=True, required=False, **kwargs)


class BlankChoiceSchema(ChoiceFieldFix):
    target_class = BlankChoiceField

    def map_serializer_field(self, auto_schema, direction):
        schema = super().map_serializer_field(auto_schema, direction)
        return {**schema, 'nullable': True} if direction == 'response' else schema


class CleanedListField(serializers.ListField):
    # Not Meta.model_clean_fields, which the oldest supported NetBox does not have
    child = serializers.CharField()
    # The validator of each kind of text
    clean = None

    def bind(self, field_name, parent):
        super().bind(field_name, parent)
        # A declared field does not inherit the help text of the model field
        self.help_text = self.help_text or parent.Meta.model._meta.get_field(field_name).help_text

    def to_internal_value(self, data):
        values = super().to_internal_value(data)
        if self.allow_null and not values:
            return None
        try:
            return self.clean(values)
        except DjangoValidationError as e:
            raise serializers.ValidationError(e.messages) from None


class PortsField(CleanedListField):
    clean = staticmethod(clean_ports)


class PortMapField(CleanedListField):
    clean = staticmethod(clean_port_map)


class DNSNamesField(CleanedListField):
    clean = staticmethod(clean_dns_names)


class LiteralsField(CleanedListField):
    clean = staticmethod(clean_literals)


class ZonesField(CleanedListField):
    child = serializers.ChoiceField(choices=ZoneChoices)
    clean = staticmethod(clean_zones)
