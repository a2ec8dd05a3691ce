"""One validator for each kind of text, shared by models, forms, CSV import, serializers and the catalog loader.

Each returns the canonical form of its input, or raises ValidationError with a message that names the invalid text and
how to correct it. The parsing itself is in ``rules/``, which does not depend on Django.
"""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .choices import ZoneChoices
from .rules import addresses, dns_names, firewall_names, ports

__all__ = (
    'clean_dns_names',
    'clean_firewall_name',
    'clean_literals',
    'clean_port_map',
    'clean_ports',
    'clean_text',
    'clean_zones',
    'every_address',
    'keyed',
)

# Marks that change the direction of the text after them: a page would show another text than the one stored
DIRECTION_MARKS = frozenset('\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069')
# Cc: control characters; Cs: surrogates, which UTF-8 cannot encode; Zl, Zp: line and paragraph separators
REFUSED = ('Cc', 'Cs', 'Zl', 'Zp')
LINES = frozenset('\n\r\t')


def clean_ports(values):
    """Canonical port specs, at least one."""
    try:
        specs = ports.canonical(values)
    except ValueError as e:
        raise ValidationError(str(e)) from None
    if not specs:
        raise ValidationError('Enter at least one protocol and port, for example tcp/443.')
    return specs


def clean_port_map(values):
    """Canonical port mappings, sorted by published port."""
    try:
        return ports.canonical_map(values)
    except ValueError as e:
        raise ValidationError(str(e)) from None


def clean_dns_names(values):
    """Canonical DNS names, sorted, without duplicates."""
    return _each(dns_names.normalize, values)


def clean_literals(values):
    """Canonical addresses, prefixes and ranges, sorted, without duplicates."""
    return _each(lambda value: str(addresses.parse(value)), values)


def clean_zones(values):
    """Known zones, in the order of the choices, without duplicates."""
    known = ZoneChoices.values()
    if unknown := [value for value in values if value not in known]:
        raise ValidationError(f'"{unknown[0]}" is not a zone. Available zones: {", ".join(known)}.')
    return [zone for zone in known if zone in values]


def clean_firewall_name(value):
    """The name of a zone or interface of a firewall; it may be empty."""
    try:
        return firewall_names.check(value)
    except ValueError as e:
        raise ValidationError(str(e)) from None


def clean_text(value, lines=False):
    """A text without control characters or direction marks, which all pages and export formats can show.

    ``lines``: it may have several lines.
    """
    for char in value:
        if lines and char in LINES:
            continue
        if char in DIRECTION_MARKS or unicodedata.category(char) in REFUSED:
            raise ValidationError(_('The character U+{code:04X} is not allowed. Remove it.').format(code=ord(char)))
    return value


def every_address(prefixes):
    """Whether one of these IPAM prefixes contains every address (0.0.0.0/0 or ::/0)."""
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
    """Clean the named attributes of a model instance in place. Raises ValidationError keyed by field."""
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
