"""One validator for each kind of text, used by models, forms, CSV import, serializers and the catalog loader.

Each takes what a person wrote and returns the canonical form, or raises ValidationError with a sentence that names
the text and the mend. The rules themselves are in ``rules/``, which knows no Django.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .choices import ZoneChoices
from .rules import addresses, dns_names, ports

__all__ = (
    'clean_dns_names',
    'clean_firewall_name',
    'clean_literals',
    'clean_ports',
    'clean_text',
    'clean_zones',
    'every_address',
    'keyed',
)

# Marks that turn the direction of what follows: a page would show another text than the one that is stored
DIRECTION_MARKS = frozenset('\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069')
# Cc: control characters; Cs: halves of characters, which UTF-8 cannot write; Zl, Zp: separators of lines
REFUSED = ('Cc', 'Cs', 'Zl', 'Zp')
LINES = frozenset('\n\r\t')
FIREWALL_NAME = re.compile(r'[A-Za-z0-9_.:/-]+')


def clean_ports(values):
    """Canonical port specs, at least one."""
    try:
        specs = ports.canonical(values)
    except ValueError as e:
        raise ValidationError(str(e)) from None
    if not specs:
        raise ValidationError('Enter at least one port spec, for example tcp/443.')
    return specs


def clean_dns_names(values):
    """Canonical host names, sorted, each once."""
    return _each(dns_names.normalize, values)


def clean_literals(values):
    """Canonical addresses, prefixes and ranges, each once."""
    return _each(lambda value: str(addresses.parse(value)), values)


def clean_zones(values):
    """Known zones, in the order of the choices, each once."""
    known = ZoneChoices.values()
    if unknown := [value for value in values if value not in known]:
        raise ValidationError(f'"{unknown[0]}" is not a zone: use {", ".join(known)}.')
    return [zone for zone in known if zone in values]


def clean_firewall_name(value):
    """What a firewall calls one of its zones or interfaces, or nothing: it is written into configurations as it is."""
    if value and not FIREWALL_NAME.fullmatch(value):
        raise ValidationError(
            f'"{value}" is no name of a zone or interface: use letters, digits and _ . : / - only, without spaces.'
        )
    return value


def clean_text(value, lines=False):
    """A text that every page and every format of export can show: no control characters, no marks of direction.

    ``lines``: it may have several lines.
    """
    for char in value:
        if lines and char in LINES:
            continue
        if char in DIRECTION_MARKS or unicodedata.category(char) in REFUSED:
            raise ValidationError(
                _('The character U+{code:04X} is not allowed here: leave it out.').format(code=ord(char))
            )
    return value


def every_address(prefixes):
    """Whether one of these prefixes of IPAM contains every address."""
    return any(prefix.prefix.prefixlen == 0 for prefix in prefixes)


def _each(function, values):
    errors, cleaned = [], set()
    for value in values:
        try:
            cleaned.add(function(value))
        except ValueError as e:
            errors.append(str(e))
    if errors:
        raise ValidationError(errors)
    return sorted(cleaned)


def keyed(instance, **validators):
    """Clean the named attributes of a model instance in place; every error is keyed by its field."""
    errors = {}
    for name, validator in validators.items():
        if (value := getattr(instance, name)) is None:
            continue
        try:
            setattr(instance, name, validator(value))
        except ValidationError as e:
            errors[name] = e.messages
    if errors:
        raise ValidationError(errors)
