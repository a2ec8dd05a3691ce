"""JSON as plain data, for untrusted documents: with the limits of the YAML reader."""

import json
import re
from typing import Any, NoReturn

from .errors import Problems
from .safeyaml import DEEPEST, UNPRINTABLE, position, too_long

__all__ = ('load',)


class _Refused(ValueError):
    """Accepted by Python, but not JSON."""


def load(text: str, problems: Problems) -> Any:
    """The document as dictionaries, lists, text, numbers, booleans and None; None where it cannot be read at all."""
    if too_long(text, problems):
        return None

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key.strip() in found:
                problems.add('', key.strip(), 'appears twice in a mapping: remove one of them')
            found.setdefault(key.strip(), value)
        return found

    try:
        data = json.loads(text, object_pairs_hook=mapping, parse_constant=_constant)
    except json.JSONDecodeError as e:
        problems.add(f'line {e.lineno}, column {e.colno}', '', f'is not valid JSON: {e.msg}')
    except _Refused as e:
        problems.add(_place_of(text, str(e)), '', f'is not valid JSON: {e} is not a number')
    except RecursionError:
        problems.add('', '', f'is nested more than {DEEPEST} levels deep: see the description of the format')
    except ValueError:
        problems.add('', '', 'contains a number with thousands of digits: remove it')
    else:
        return _plain(data, problems, ())
    return None


def _constant(name: str) -> NoReturn:
    raise _Refused(name)


def _place_of(text: str, name: str) -> str:
    """Line and column of the first occurrence of a word outside of strings."""
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"|-?[A-Za-z]+', text):
        if found[0] == name:
            return position(text, found.start())
    return ''


def _plain(value: Any, problems: Problems, path: tuple[str | int, ...]) -> Any:
    """The same with every text stripped, as in YAML; reports what is too deep or cannot be stored."""
    where = ''.join(f'[{part}]' if isinstance(part, int) else f'.{part}' for part in path).removeprefix('.')
    if isinstance(value, str):
        if UNPRINTABLE.search(value):
            problems.add(where, '', 'a text contains control characters: remove them')
        return value.strip()
    if isinstance(value, dict | list) and len(path) >= DEEPEST:
        problems.add(where, '', f'is nested more than {DEEPEST} levels deep: see the description of the format')
        return None
    if isinstance(value, dict):
        return {_plain(key, problems, path): _plain(part, problems, (*path, key)) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part, problems, (*path, index)) for index, part in enumerate(value)]
    return value
