"""Import columns for related objects, and their values in exports that can be imported again."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from netaddr import AddrFormatError, IPNetwork
from utilities.data import resolve_attr_path
from utilities.forms.fields import CSVModelChoiceField, CSVModelMultipleChoiceField

__all__ = (
    'AddressField',
    'AddressesField',
    'GatewaysField',
    'PrefixesField',
    'RangesField',
    'SourceField',
    'exported',
    'exported_prefetches',
)


class SourceField(CSVModelChoiceField):
    """A column for an attribute of a related object at the path ``source``, e.g. the VRF of the IP address."""

    def __init__(self, *, source, **kwargs):
        super().__init__(**kwargs)
        self.source = source


class LookupMixin:
    """Looks up an object by a text that is not a single field; with another accessor (``.id``), it is not used."""

    def find(self, text):
        try:
            found = list(self.queryset.filter(self.condition(str(text).strip()))[:2])
        except (AddrFormatError, ValueError):
            found = []
        if not found:
            raise ValidationError(self.error_messages['invalid_choice'], code='invalid_choice', params={'value': text})
        if len(found) > 1:
            raise ValidationError(_('"{value}" is not unique. Use the object ID instead.').format(value=text))
        return found[0]


class AddressField(LookupMixin, CSVModelChoiceField):
    """An IP address with or without mask."""

    @staticmethod
    def condition(text):
        if '/' in text:
            return Q(address=IPNetwork(text))
        return Q(address__net_host=IPNetwork(text).ip)

    @staticmethod
    def text(ip):
        return str(ip.address)

    def to_python(self, value):
        if value in self.empty_values or self.to_field_name:
            return super().to_python(value)
        return self.find(value)


class MultipleLookupField(LookupMixin, CSVModelMultipleChoiceField):
    """Several objects separated by commas."""

    text = staticmethod(str)

    def clean(self, value):
        if self.to_field_name:
            return super().clean(value)
        items = value if isinstance(value, list) else str(value or '').split(',')
        return [self.find(item) for item in items if str(item).strip()]


class AddressesField(MultipleLookupField):
    condition = staticmethod(AddressField.condition)
    text = staticmethod(AddressField.text)


class PrefixesField(MultipleLookupField):
    @staticmethod
    def condition(text):
        return Q(prefix=IPNetwork(text))


class RangesField(MultipleLookupField):
    """Ranges as first-last."""

    @staticmethod
    def condition(text):
        first, last = (IPNetwork(part).ip for part in text.split('-'))
        return Q(start_address__net_host=first, end_address__net_host=last)

    @staticmethod
    def text(ip_range):
        return f'{ip_range.start_address.ip}-{ip_range.end_address.ip}'


class GatewaysField(MultipleLookupField):
    """Gateways by the name of their device or virtual machine."""

    # Relations to load for the names
    related = ('device', 'virtual_machine')

    @staticmethod
    def condition(text):
        return Q(device__name=text) | Q(virtual_machine__name=text)


def exported(instance, name, field):
    """The value of an import form's field as text that the form accepts."""
    if name.startswith('cf_'):
        return _plain(instance.custom_field_data.get(name.removeprefix('cf_')))
    value = resolve_attr_path(instance, getattr(field, 'source', name))
    write = getattr(field, 'text', None) or (lambda obj: _plain(_named(obj, field)))
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ','.join(write(obj) for obj in value.all())
    if isinstance(field, forms.ModelChoiceField):
        return '' if value is None else write(value)
    return _plain(value)


def exported_prefetches(fields):
    """Prefetch paths of the related objects whose names ``exported`` writes for these form fields (by name)."""
    paths = set()
    for name, field in fields.items():
        if isinstance(field, forms.ModelChoiceField) and not name.startswith('cf_'):
            path = [getattr(field, 'source', name).replace('.', '__'), *(field.to_field_name or 'pk').split('__')[:-1]]
            paths |= {'__'.join([*path, *rest]) for rest in ((), *((r,) for r in getattr(field, 'related', ())))}
    return sorted(paths)


def _named(obj, field):
    return resolve_attr_path(obj, (field.to_field_name or 'pk').replace('__', '.'))


def _plain(value):
    if value is None:
        return ''
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ','.join(map(str, value))
    return json.dumps(value) if isinstance(value, dict) else str(value)
