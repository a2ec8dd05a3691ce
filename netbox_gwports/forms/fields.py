"""Form fields for lists of ports, DNS names, addresses and zones, for edit and import forms."""

import re

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..validators import clean_dns_names, clean_literals, clean_port_map, clean_ports, clean_zones

__all__ = ('DNSNamesField', 'LiteralsField', 'PortMapField', 'PortsField', 'ZonesField')


class ListField(SimpleArrayField):
    """Items separated by commas, spaces or line breaks. A list (from JSON or YAML) is accepted as well."""

    validator = None

    def __init__(self, **kwargs):
        super().__init__(forms.CharField(), **kwargs)

    def prepare_value(self, value):
        return ', '.join(map(str, value)) if isinstance(value, (list, tuple)) else value

    def to_python(self, value):
        if isinstance(value, str):
            # A range may have spaces around its hyphen, a mapping around its equals sign
            value = re.split(r'[,\s]+', re.sub(r'\s*([-/=])\s*', r'\1', value))
        items = [str(item) for item in value or () if item]
        return type(self).validator(items) if items else []

    def has_changed(self, initial, data):
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True


class LinesField(ListField):
    """One item per line."""

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
                'One or more, separated by commas or spaces, e.g. tcp/443, udp/5000-5010 or tcp/any; without ports: '
                'icmp, icmpv6, esp, ah, gre or ip/99'
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
                'Ports of the vendor and the ports to use instead for outbound flows to this remote, separated by '
                'commas or spaces, e.g. tcp/22=tcp/2222, or tcp/any=tcp/8080 for a web proxy'
            ),
        )
        super().__init__(**kwargs)


class DNSNamesField(LinesField):
    validator = staticmethod(clean_dns_names)

    def __init__(self, **kwargs):
        kwargs.setdefault('label', _('DNS names'))
        kwargs.setdefault(
            'help_text', _('One per line, e.g. mail.example.net, or *.example.net for all names in the domain')
        )
        super().__init__(**kwargs)


class LiteralsField(LinesField):
    validator = staticmethod(clean_literals)

    def __init__(self, **kwargs):
        kwargs.setdefault('label', _('Literal addresses'))
        kwargs.setdefault(
            'help_text',
            _(
                'Addresses that are not recorded in IPAM. One per line, e.g. 192.0.2.1, 192.0.2.0/24 or '
                '192.0.2.1-192.0.2.9'
            ),
        )
        super().__init__(**kwargs)


class ZonesField(ListField):
    validator = staticmethod(clean_zones)

    def __init__(self, **kwargs):
        kwargs.setdefault('label', _('Zones'))
        kwargs.setdefault(
            'help_text', _('Zones separated by commas; leave empty for all zones not covered by other addresses')
        )
        super().__init__(**kwargs)
