"""How imports name related objects, and how an export writes them so that it can be imported again."""

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
    """A column that says something of a related object, which ``source`` leads to: the VRF of the IP address."""

    def __init__(self, *, source, **kwargs):
        super().__init__(**kwargs)
        self.source = source


class Found:
    """Looks an object up by a text that is no single field of it; another column header (``.id``) does without."""

    def find(self, text):
        try:
            found = list(self.queryset.filter(self.condition(str(text).strip()))[:2])
        except (AddrFormatError, ValueError):
            found = []
        if not found:
            raise ValidationError(self.error_messages['invalid_choice'], code='invalid_choice', params={'value': text})
        if len(found) > 1:
            raise ValidationError(_('There are several "{value}": name it by ID.').format(value=text))
        return found[0]


class AddressField(Found, CSVModelChoiceField):
    """An IP address, with or without its mask."""

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


class FoundField(Found, CSVModelMultipleChoiceField):
    """Several, separated by commas."""

    text = staticmethod(str)

    def clean(self, value):
        if self.to_field_name:
            return super().clean(value)
        items = value if isinstance(value, list) else str(value or '').split(',')
        return [self.find(item) for item in items if str(item).strip()]


class AddressesField(FoundField):
    condition = staticmethod(AddressField.condition)
    text = staticmethod(AddressField.text)


class PrefixesField(FoundField):
    @staticmethod
    def condition(text):
        return Q(prefix=IPNetwork(text))


class RangesField(FoundField):
    """Ranges as first-last."""

    @staticmethod
    def condition(text):
        first, last = (IPNetwork(part).ip for part in text.split('-'))
        return Q(start_address__net_host=first, end_address__net_host=last)

    @staticmethod
    def text(ip_range):
        return f'{ip_range.start_address.ip}-{ip_range.end_address.ip}'


class GatewaysField(FoundField):
    """Gateways by the name of their device or virtual machine."""

    # What their names need
    related = ('device', 'virtual_machine')

    @staticmethod
    def condition(text):
        return Q(device__name=text) | Q(virtual_machine__name=text)


def exported(instance, name, field):
    """The value of an import form's field as text that the form takes."""
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
    """Paths of the related objects whose names these form fields (by name) write."""
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
