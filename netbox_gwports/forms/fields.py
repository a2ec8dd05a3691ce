"""One form field for each kind of list that people write, for forms and imports alike."""

import re

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..validators import clean_dns_names, clean_literals, clean_port_map, clean_ports, clean_zones

__all__ = ('DNSNamesField', 'LiteralsField', 'PortMapField', 'PortsField', 'ZonesField')


class ListField(SimpleArrayField):
    """Items separated by commas, spaces or line breaks; a list (from JSON or YAML) is taken as it is."""

    validator = None

    def __init__(self, **kwargs):
        super().__init__(forms.CharField(), **kwargs)

    def prepare_value(self, value):
        return ', '.join(map(str, value)) if isinstance(value, (list, tuple)) else value

    def to_python(self, value):
        if isinstance(value, str):
            # A range may be written with spaces around its hyphen, a mapping around its equals sign
            value = re.split(r'[,\s]+', re.sub(r'\s*([-/=])\s*', r'\1', value))
        items = [str(item) for item in value or () if item]
        return type(self).validator(items) if items else []

    def has_changed(self, initial, data):
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True


class LinesField(ListField):
    """One item a line."""

    widget = forms.Textarea(attrs={'rows': 3, 'class': 'font-monospace'})

    def prepare_value(self, value):
        return '\n'.join(map(str, value)) if isinstance(value, (list, tuple)) else value


class PortsField(ListField):
    validator = staticmethod(clean_ports)

    def __init__(self, **kwargs):
        kwargs.setdefault('label', _('Ports'))
        kwargs.setdefault(
            'help_text',
            _(
                'Separated by commas or spaces: tcp/443, udp/5000-5010, tcp/any, or without ports icmp, icmpv6, esp, '
                'ah, gre, ip/99'
            ),
        )
        super().__init__(**kwargs)


class PortMapField(ListField):
    validator = staticmethod(clean_port_map)

    def __init__(self, **kwargs):
        kwargs.setdefault('label', _('Port mapping'))
        kwargs.setdefault(
            'help_text',
            _(
                'Where this remote does not use the published ports, for outbound flows: tcp/22=tcp/2222, separated by '
                'commas or spaces. Other ports stay as published; a web proxy takes tcp/any=tcp/8080'
            ),
        )
        super().__init__(**kwargs)


class DNSNamesField(LinesField):
    validator = staticmethod(clean_dns_names)

    def __init__(self, **kwargs):
        kwargs.setdefault('label', _('Host names'))
        kwargs.setdefault(
            'help_text', _('One a line, without URL or port: mail.example.net, or *.example.net for all names below it')
        )
        super().__init__(**kwargs)


class LiteralsField(LinesField):
    validator = staticmethod(clean_literals)

    def __init__(self, **kwargs):
        kwargs.setdefault('label', _('Literal addresses'))
        kwargs.setdefault(
            'help_text',
            _(
                'Addresses that do not belong in IPAM, one a line: 192.0.2.1, 192.0.2.0/24 or 192.0.2.1-192.0.2.9. '
                'What IPAM knows is better chosen above'
            ),
        )
        super().__init__(**kwargs)


class ZonesField(ListField):
    validator = staticmethod(clean_zones)

    def __init__(self, **kwargs):
        kwargs.setdefault('label', _('Zones'))
        kwargs.setdefault('help_text', _('Separated by commas; empty: every zone that no other address faces'))
        super().__init__(**kwargs)
