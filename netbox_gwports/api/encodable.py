"""Text that cannot be encoded: JSON may contain half of a character, as in "\\ud800".

Neither the database nor an answer that repeats it could take it, so it is refused before anything looks at it, wherever
it is in the data of a request.
"""

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

__all__ = ('refuse_surrogates',)


def refuse_surrogates(data):
    """Raise ValidationError, by field (and by entry of a list), if a text within the data contains a surrogate."""
    if isinstance(data, dict):
        errors = _by_field(data)
    elif isinstance(data, list):
        errors = [_by_field(entry) if isinstance(entry, dict) else _found(entry) for entry in data]
        errors = errors if any(errors) else []
    else:
        errors = _found(data)
    if errors:
        raise ValidationError(errors)


def _by_field(data):
    errors = {name: found for name, value in data.items() if not _found(name) and (found := _found(value))}
    if found := _found([*data]):
        errors['non_field_errors'] = found
    return errors


def _found(value):
    """The messages about the first surrogate in a value of any type and depth."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as e:
            code = ord(value[e.start])
            return [_('The character U+{code:04X} is not allowed. Remove it.').format(code=code)]
    elif isinstance(value, dict):
        return _found([*value, *value.values()])
    elif isinstance(value, list):
        return next(filter(None, map(_found, value)), [])
    return []
