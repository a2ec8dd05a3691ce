"""Whether a document makes sense: names that are defined, ports and hosts that are some, needs that are told apart.

Works on a document of the right shape in which what was reported already is None: that is passed over, so that one
slip is told once. Here too everything is told, not only the first.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from ..rules import dns_names, ports
from .errors import Problems
from .structure import place

__all__ = ('CASCADING', 'NEEDED', 'check', 'spread')

# What a row says holds for its items, and what an item says for its flows, unless they say otherwise
CASCADING = (
    'direction', 'role', 'feature', 'dns_names', 'replaceable', 'zone', 'direct', 'purpose', 'notes', 'not_opened',
    'printed', 'key',
)  # fmt: skip
NEEDED = ('direction', 'role', 'purpose')


def spread(data: dict) -> Iterator[tuple[str, dict, int | None, dict]]:
    """Each flow of the document: (entry, its row, its number in the row, what it says with what it inherits)."""
    for r, row in enumerate(data.get('rows') or ()):
        for i, item in enumerate((row or {}).get('items') or ()):
            # An item that names no flows is one
            flows = None if item is None else item.get('flows', [{}])
            for f, flow in enumerate(flows or ()):
                if flow is None:
                    continue
                path = ('rows', r, 'items', i, *(('flows', f) if 'flows' in item else ()))
                said = {key: part[key] for part in (row, item, flow) for key in CASCADING if key in part}
                number = item.get('item', i + 1) if row.get('row') else None
                yield place(data, path), row, number, said


def check(data: dict, known_roles: Iterable[str], problems: Problems):
    """Report everything. ``known_roles`` are slugs of roles that need no definition."""
    _check_head(data, problems)
    features = _defined(data, 'features', 'slug', problems)
    _defined(data, 'features', 'name', problems)
    roles = _defined(data, 'roles', 'slug', problems, known_roles)
    _defined(data, 'roles', 'name', problems)
    services = _defined(data, 'services', 'name', problems)
    _check_parents(data, features, problems)
    for index, service in _entries(data, 'services'):
        _check_each(service.get('ports'), ports.parse, f'services[{index}]', 'ports', problems)
    _check_rows(data, services, problems)
    seen, keys = {}, {}
    for entry, row, _number, said in spread(data):
        _check_flow(entry, said, features, roles, problems)
        _check_once(entry, row, said, seen, problems)
        if (key := said.get('key')) and keys.setdefault(key, entry) != entry:
            problems.add(entry, 'key', f'"{key}" is the key of {keys[key]} already: each flow has its own')


def _check_head(data, problems):
    if published := data.get('published'):
        try:
            date.fromisoformat(published)
        except ValueError:
            problems.add('', 'published', f'"{published}" is no day of the calendar: write it as 2026-05-31')
    if url := data.get('source_url'):
        try:
            URLValidator(schemes=('http', 'https'))(url)
        except ValidationError:
            problems.add(
                '', 'source_url', f'"{url}" is no address of a page: write it as https://www.example.net/ports'
            )


def _entries(data, name):
    return [(index, entry) for index, entry in enumerate(data.get(name) or ()) if entry is not None]


def _defined(data, name, field, problems, known=()):
    """The values of a field that names entries; None where one is missing, so that nobody can say what is undefined."""
    values, complete, first = set(known), data.get(name, ()) is not None, {}
    complete = complete and None not in (data.get(name) or ())
    for index, entry in _entries(data, name):
        if (value := entry.get(field)) is None:
            complete = False
        elif value.casefold() in first:
            problems.add(
                f'{name}[{index}]',
                field,
                f'"{value}" is in {name}[{first[value.casefold()]}] already: keep one of them, or change its {field}',
            )
        else:
            first[value.casefold()] = index
            values.add(value)
    return values if complete else None


def _check_parents(data, features, problems):
    parent_of = {f.get('slug'): f.get('parent') for _, f in _entries(data, 'features')}
    for index, feature in _entries(data, 'features'):
        slug, parent = feature.get('slug'), feature.get('parent')
        if parent and features is not None and parent not in features:
            problems.add(f'features[{index}]', 'parent', f'"{parent}" is not defined: add it to features')
        line = [slug]
        while parent and parent not in line:
            line.append(parent)
            parent = parent_of.get(parent)
        if parent and parent == slug:
            line = ' < '.join((*line, slug))
            problems.add(f'features[{index}]', 'parent', f'"{slug}" is its own ancestor ({line}): break the circle')


def _check_rows(data, services, problems):
    seen = {}
    for r, row in _entries(data, 'rows'):
        name = row.get('service')
        if name and services is not None and name not in services:
            problems.add(place(data, ('rows', r)), 'service', f'"{name}" is not defined: add it to services')
        for i, item in enumerate(row.get('items') or ()):
            entry = place(data, ('rows', r, 'items', i))
            if item is None or (number := item.get('item', i + 1)) is None:
                continue
            if 'row' not in row:
                if 'item' in item:
                    problems.add(entry, 'item', 'counts within a row: give the row a number, or leave it out')
            elif (other := seen.setdefault((row['row'], number), entry)) != entry and row['row']:
                problems.add(entry, 'item', f'{number} of this row is {other} already: say which item it is')


def _check_each(values, function, entry, field, problems):
    for value in values or ():
        try:
            if value is not None:
                function(value)
        except ValueError as e:
            problems.add(entry, field, str(e))


def _check_flow(entry, said, features, roles, problems):
    for key in NEEDED:
        if key not in said:
            problems.add(entry, key, 'is missing: say it for the flow, its item or its row')
    _check_each(said.get('dns_names'), dns_names.normalize, entry, 'dns_names', problems)
    for key in ('replaceable', 'zone'):
        # Never a word about hosts that were refused
        if said.get(key) and said.get('dns_names', ()) is not None and not said.get('dns_names'):
            problems.add(entry, key, 'is about hosts, and there are none: name them, or leave it out')
    for key, known in (('feature', features), ('role', roles)):
        if said.get(key) and known is not None and said[key] not in known:
            problems.add(entry, key, f'"{said[key]}" is not defined: add it to {key}s')


def _check_once(entry, row, said, seen, problems):
    need = (row.get('service'), said.get('direction'), said.get('role'), said.get('feature', ''), said.get('purpose'))
    if None in need:
        return
    need = (*need[:4], need[4].casefold())
    if need in seen:
        problems.add(entry, 'purpose', f'says the same need as {seen[need]}: give each a purpose of its own')
    seen.setdefault(need, entry)
