"""Display values for lists of changes."""

from django.utils.translation import gettext as _

__all__ = ('as_text',)


def as_text(value) -> str:
    """Yes or no for booleans, comma-separated lists, and a dash for empty values."""
    if isinstance(value, bool):
        return _('yes') if value else _('no')
    if isinstance(value, list | tuple):
        return ', '.join(str(part) for part in value) or '-'
    return '-' if value in (None, '') else str(value)
