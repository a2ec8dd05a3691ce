"""JSON as plain data, for documents from strangers: held to what the YAML reader takes."""

import json
import re

from .errors import Problems
from .safeyaml import DEEPEST, UNPRINTABLE, position, too_long

__all__ = ('load',)


class _Refused(ValueError):
    """Valid to Python, but no JSON."""


def load(text: str, problems: Problems):
    """The document as dictionaries, lists, text, numbers, booleans and None; None where it cannot be read at all."""
    if too_long(text, problems):
        return None

    def mapping(pairs):
        found = {}
        for key, value in pairs:
            if key.strip() in found:
                problems.add('', key.strip(), 'is there twice in a mapping: keep one of them')
            found.setdefault(key.strip(), value)
        return found

    try:
        data = json.loads(text, object_pairs_hook=mapping, parse_constant=_constant)
    except json.JSONDecodeError as e:
        problems.add(f'line {e.lineno}, column {e.colno}', '', f'is no valid JSON: {e.msg}')
    except _Refused as e:
        problems.add(_place_of(text, str(e)), '', f'is no valid JSON: {e} is no number')
    except RecursionError:
        problems.add('', '', f'is nested more than {DEEPEST} deep: see the description of the format')
    except ValueError:
        problems.add('', '', 'has a number of thousands of digits: leave it out')
    else:
        return _plain(data, problems, ())
    return None


def _constant(name):
    raise _Refused(name)


def _place_of(text, name):
    """Where a word first stands outside of all texts."""
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"|-?[A-Za-z]+', text):
        if found[0] == name:
            return position(text, found.start())
    return ''


def _plain(value, problems, path):
    """The same with every text stripped, as in YAML; what is too deep or cannot be stored is told."""
    where = ''.join(f'[{part}]' if isinstance(part, int) else f'.{part}' for part in path).removeprefix('.')
    if isinstance(value, str):
        if UNPRINTABLE.search(value):
            problems.add(where, '', 'a text has control characters in it: leave them out')
        return value.strip()
    if isinstance(value, dict | list) and len(path) >= DEEPEST:
        problems.add(where, '', f'is nested more than {DEEPEST} deep: see the description of the format')
        return None
    if isinstance(value, dict):
        return {_plain(key, problems, path): _plain(part, problems, (*path, key)) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part, problems, (*path, index)) for index, part in enumerate(value)]
    return value
