"""Whether a document has the shape of ``schema.json``: which keys there are, and the kind of each value."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from ..rules.constants import REMOTE_KINDS, ZONES
from .errors import Problems

__all__ = ('check', 'place', 'schema')

# A document with more errors than this is another kind of file
MOST = 1000
KINDS = {
    'object': 'a mapping of keys and values',
    'array': 'a list',
    'string': 'text',
    'integer': 'a whole number, without quotes',
    'boolean': 'true or false, without quotes',
}
# The lists whose entries have a place of their own in messages
ENTRIES = ('features', 'roles', 'services', 'rows', 'items', 'flows')
type Path = tuple[str | int, ...]

# JSON Schema takes 3.0 for an integer. It is not the number of a row
_types = Draft202012Validator.TYPE_CHECKER.redefine('integer', lambda _, value: type(value) is int)
_Validator = extend(Draft202012Validator, type_checker=_types)  # type: ignore[no-untyped-call]


@cache
def schema(zones: tuple[str, ...] = ZONES) -> dict[str, Any]:
    """The JSON Schema of the format, with the zones that are known to the site."""
    loaded: dict[str, Any] = json.loads(files(__package__).joinpath('schema.json').read_text(encoding='utf-8'))
    loaded['$defs']['zone']['enum'] = list(zones)
    loaded['$defs']['role']['properties']['kind']['enum'] = list(REMOTE_KINDS)
    return loaded


def check(data: dict[str, Any], problems: Problems, zones: Iterable[str] = ZONES) -> dict[str, Any]:
    """Report everything that breaks the schema, and return the document with None in place of each refused value.

    The next check skips what is None, so that each error is reported once. Raises CatalogError for a document with so
    many errors that it is another kind of file.
    """
    refused: set[Path] = set()
    errors = list(islice(_Validator(schema(tuple(zones))).iter_errors(data), MOST))
    for error in sorted(errors, key=_position):
        path: Path = tuple(error.absolute_path)
        if error.validator == 'unevaluatedProperties':
            known = _known(error.schema)
            for key in sorted(error.instance.keys() - known):
                problems.add(place(data, path), key, _unknown(key, known))
        elif error.validator == 'required':
            for key in [key for key in error.validator_value if key not in error.instance]:
                problems.add(place(data, path), key, 'is missing: add it')
        elif path not in refused:
            entry, field = _where(path)
            problems.add(place(data, entry), field, _message(error))
            refused.add(path)
    if len(errors) == MOST:
        problems.stop()
    result: dict[str, Any] = _without(data, refused)
    return result


def place(data: dict[str, Any], path: Sequence[str | int]) -> str:
    """``rows[2].items[0] (row 3)``: the place in the document, and the row of the vendor's table."""
    text = ''.join(f'[{part}]' if isinstance(part, int) else f'.{part}' for part in path).removeprefix('.')
    if len(path) > 1 and path[0] == 'rows':
        row = data['rows'][path[1]]
        number = row.get('row') if isinstance(row, dict) else None
        if type(number) is int:
            text += f' (row {number})'
    return text


def _where(path: Path) -> tuple[Path, str]:
    """(entry, field) of a value. A value in a list of plain values belongs to the field that holds the list."""
    if path and isinstance(path[-1], str):
        return path[:-1], path[-1]
    if len(path) > 1 and path[-2] not in ENTRIES:
        return path[:-2], str(path[-2])
    return path, ''


def _position(error: ValidationError) -> tuple[list[tuple[bool, str]], str]:
    return [(isinstance(part, str), str(part).zfill(6)) for part in error.absolute_path], str(error.validator)


def _known(subschema: dict[str, Any]) -> set[str]:
    known = set(subschema.get('properties', ()))
    if reference := subschema.get('$ref'):
        known |= schema()['$defs'][reference.rpartition('/')[2]]['properties'].keys()
    return known


def _unknown(key: str, known: set[str]) -> str:
    if close := get_close_matches(key, known, n=1):
        return f'is not a known key: did you mean {close[0]}?'
    return f'is not a known key: remove it, or use {", ".join(sorted(known))}'


# What is wrong with a value, by the keyword of JSON Schema: (value, what is allowed, what the schema says about it)
MESSAGES: dict[str, Callable[[Any, Any, str], str]] = {
    'enum': lambda value, allowed, hint: f'{_shown(value)} is not one of {", ".join(allowed)}',
    'const': lambda value, allowed, hint: f'{_shown(value)} is not a supported format: use {allowed}',
    'minLength': lambda value, allowed, hint: f'is empty{hint}: enter a value',
    'maxLength': lambda value, allowed, hint: f'is {len(value)} characters long; at most {allowed} are allowed',
    'minItems': lambda value, allowed, hint: f'is an empty list: add at least {allowed} entry',
    'maxItems': lambda value, allowed, hint: f'has {len(value)} entries; at most {allowed} are allowed',
    'minimum': lambda value, allowed, hint: f'{_shown(value)} is too low: use 1 to 32767',
    'maximum': lambda value, allowed, hint: f'{_shown(value)} is too high: use 1 to 32767',
    'pattern': lambda value, allowed, hint: f'{_shown(value)} is not valid{hint}',
}


def _message(error: ValidationError) -> str:
    about = error.schema.get('description') if isinstance(error.schema, Mapping) else None
    hint = f': {about[0].lower()}{about[1:]}' if about else ''
    if error.validator == 'type':
        return _wrong_type(error.instance, str(error.validator_value), hint)
    if message := MESSAGES.get(str(error.validator)):
        return message(error.instance, error.validator_value, hint)
    return str(error.message)[:200]


def _wrong_type(value: Any, expected: str, hint: str) -> str:
    if value is None:
        return f'is empty{hint}: enter a value, or remove the key'
    if expected == 'string' and not isinstance(value, dict | list):
        kind = 'truth value' if isinstance(value, bool) else 'number'
        return f'{_shown(value)} is a {kind} to YAML, not text{hint}'
    return f'{_shown(value)} is not {KINDS[expected]}{hint if expected == "array" else ""}'


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return 'a mapping' if isinstance(value, dict) else 'a list'
    text = json.dumps(value, ensure_ascii=False)
    return f'{text[:60]}…' if len(text) > 60 else text


def _without(value: Any, refused: set[Path], path: Path = ()) -> Any:
    if path in refused:
        return None
    if isinstance(value, dict):
        return {key: _without(part, refused, (*path, key)) for key, part in value.items()}
    if isinstance(value, list):
        return [_without(part, refused, (*path, index)) for index, part in enumerate(value)]
    return value
