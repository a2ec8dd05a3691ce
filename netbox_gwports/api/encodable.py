"""Text that cannot be encoded: JSON may contain half of a character, as in "\\ud800".

Neither the database nor an answer that repeats it could take it, so it is refused before anything looks at it, wherever
it is in the data of a request.
"""

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

__all__ = ('refuse_surrogates',)


def refuse_surrogates(data):
    """Raise ValidationError if a text within the data contains a surrogate: by field, and for a list also by entry."""
    if isinstance(data, list):
        found = [(index, _by_field(entry)) for index, entry in enumerate(data)]
        # The answer of NetBox's bulk operations
        entries = [{'index': index, 'errors': errors} for index, errors in found if errors]
        text = _('{n} of {total} objects contain characters that are not allowed.')
        errors = entries and {'detail': text.format(n=len(entries), total=len(data)), 'errors': entries}
    else:
        errors = _by_field(data)
    if errors:
        error = ValidationError(errors)
        # As it is: the position of an entry is a number
        error.detail = errors
        raise error


def _by_field(data):
    """Name of each field -> messages; those that belong to none have NetBox's and DRF's name for that."""
    if not isinstance(data, dict):
        return {'non_field_errors': found} if (found := _found(data)) else {}
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
