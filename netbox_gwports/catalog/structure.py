"""Whether a document has the shape of ``schema.json``: which keys there are, and what kind of value each has."""

import json
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from itertools import islice

from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from ..choices import RemoteRoleKindChoices, ZoneChoices
from .errors import Problems

__all__ = ('check', 'place', 'schema')

# More than this is another kind of file: looking further only costs time
MOST = 1000
KINDS = {
    'object': 'a mapping of keys and values',
    'array': 'a list',
    'string': 'text',
    'integer': 'a whole number, without quotes',
    'boolean': 'true or false, without quotes',
}
# 3.0 is an integer to JSON Schema, but no number of a row
_types = Draft202012Validator.TYPE_CHECKER.redefine('integer', lambda _, value: type(value) is int)
_Validator = extend(Draft202012Validator, type_checker=_types)


@cache
def schema() -> dict:
    """The JSON Schema of the format, with the zones that this site knows."""
    loaded = json.loads(files(__package__).joinpath('schema.json').read_text(encoding='utf-8'))
    loaded['$defs']['zone']['enum'] = list(ZoneChoices.values())
    loaded['$defs']['role']['properties']['kind']['enum'] = list(RemoteRoleKindChoices.values())
    return loaded


def check(data, problems: Problems):
    """Report what breaks the schema, and return the document with None in place of all that was reported.

    So what is read next can go on with the rest: what is None was told already, what is missing is missing. Raises
    CatalogError where so much is wrong that it is another kind of file.
    """
    reported = set()
    errors = list(islice(_Validator(schema()).iter_errors(data), MOST))
    for error in sorted(errors, key=_position):
        path = tuple(error.absolute_path)
        if error.validator == 'unevaluatedProperties':
            known = _known(error.schema)
            for key in sorted(error.instance.keys() - known):
                problems.add(place(data, path), key, _unknown(key, known))
        elif error.validator == 'required':
            for key in [key for key in error.validator_value if key not in error.instance]:
                problems.add(place(data, path), key, 'is missing: add it')
        elif path not in reported:
            entry, field = _where(path)
            problems.add(place(data, entry), field, _message(error))
            reported.add(path)
    if len(errors) == MOST:
        problems.stop()
    return _without(data, reported)


def place(data, path) -> str:
    """``rows[2].items[0] (row 3)``: where in the document, and which row of the vendor's table that is."""
    text = ''.join(f'[{part}]' if isinstance(part, int) else f'.{part}' for part in path).removeprefix('.')
    if len(path) > 1 and path[0] == 'rows':
        row = data['rows'][path[1]]
        number = row.get('row') if isinstance(row, dict) else None
        if type(number) is int:
            text += f' (row {number})'
    return text


def _where(path):
    """(entry, field) of a value: one in a list of plain values belongs to the field that holds the list."""
    if path and isinstance(path[-1], str):
        return path[:-1], path[-1]
    if len(path) > 1 and path[-2] in ('ports', 'dns_names'):
        return path[:-2], path[-2]
    return path, ''


def _position(error):
    return [(isinstance(part, str), str(part).zfill(6)) for part in error.absolute_path], str(error.validator)


def _known(subschema):
    known = set(subschema.get('properties', ()))
    if reference := subschema.get('$ref'):
        known |= schema()['$defs'][reference.rpartition('/')[2]]['properties'].keys()
    return known


def _unknown(key, known):
    if close := get_close_matches(key, known, n=1):
        return f'is not known here: did you mean {close[0]}?'
    return f'is not known here: leave it out, or use {", ".join(sorted(known))}'


def _message(error):
    value, limit, about = error.instance, error.validator_value, error.schema.get('description')
    mend = f': {about[0].lower()}{about[1:]}' if about else ''
    match error.validator:
        case 'type' if value is None:
            return f'is empty{mend}: fill it in, or leave the key out'
        case 'type' if limit == 'string' and not isinstance(value, dict | list):
            return (
                f'{_shown(value)} is a {"truth value" if isinstance(value, bool) else "number"} to YAML, not text{mend}'
            )
        case 'type':
            return f'{_shown(value)} is not {KINDS[limit]}{mend if limit == "array" else ""}'
        case 'enum':
            return f'{_shown(value)} is none of {", ".join(limit)}'
        case 'const':
            return f'{_shown(value)} is not a format that this release reads: it reads {limit}'
        case 'minLength':
            return f'is empty{mend}: fill it in'
        case 'maxLength':
            return f'is {len(value)} characters long, {limit} are allowed: shorten it'
        case 'minItems':
            return f'is an empty list: name at least {limit}'
        case 'maxItems':
            return f'is a list of {len(value)}, {limit} are allowed'
        case 'minimum' | 'maximum':
            return f'{_shown(value)} is too {"low" if error.validator == "minimum" else "high"}: from 1 to 32767'
        case 'pattern':
            return f'{_shown(value)} does not fit{mend}'
    return error.message[:200]


def _shown(value):
    if isinstance(value, dict | list):
        return 'a mapping' if isinstance(value, dict) else 'a list'
    text = json.dumps(value, ensure_ascii=False)
    return f'{text[:60]}…' if len(text) > 60 else text


def _without(value, reported, path=()):
    if path in reported:
        return None
    if isinstance(value, dict):
        return {key: _without(part, reported, (*path, key)) for key, part in value.items()}
    if isinstance(value, list):
        return [_without(part, reported, (*path, index)) for index, part in enumerate(value)]
    return value
