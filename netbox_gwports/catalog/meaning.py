"""Whether a document makes sense: names are defined, ports and DNS names are valid, each flow appears once.

Works on a document of the right shape in which refused values are None. These are skipped, so that each error is
reported once. Everything is reported, not only the first error.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from ..rules import dns_names, ports
from ..rules.facts import Kind, of_template
from .errors import Problems
from .structure import place

__all__ = ('CASCADING', 'NEEDED', 'check', 'spread')

# What a row states holds for its items, and what an item states for its flows, unless they state something else
CASCADING = tuple(fact.catalog_key for fact in of_template())
NEEDED = tuple(fact.catalog_key for fact in of_template() if fact.required)
# Key -> what refuses one value of its list with a ValueError
LISTS: dict[str, Callable[[str], object]] = {
    fact.catalog_key: {Kind.DNS_NAMES: dns_names.normalize, Kind.PORTS: ports.parse}[fact.kind]
    for fact in of_template()
    if fact.is_list
}
type Entry = dict[str, Any]


def spread(data: Entry) -> Iterator[tuple[str, Entry, int | None, Entry]]:
    """Each flow of the document: (entry, its row, its number in the row, what it states and inherits)."""
    for r, row in enumerate(data.get('rows') or ()):
        for i, item in enumerate((row or {}).get('items') or ()):
            # An item without flows is one flow
            flows = None if item is None else item.get('flows', [{}])
            for f, flow in enumerate(flows or ()):
                if flow is None:
                    continue
                path = ('rows', r, 'items', i, *(('flows', f) if 'flows' in item else ()))
                stated = {key: part[key] for part in (row, item, flow) for key in CASCADING if key in part}
                number = item.get('item', i + 1) if row.get('row') else None
                yield place(data, path), row, number, stated


def check(data: Entry, known_roles: Iterable[str], problems: Problems) -> None:
    """Report everything that is wrong. ``known_roles`` are slugs of roles that need no definition."""
    _check_head(data, problems)
    if (data.get('draft') or {}).get('undecided') and not data.get('partial'):
        problems.add('draft', 'undecided', 'has rows that are not loaded: say so in partial, or decide them')
    features = _defined(data, 'features', 'slug', problems)
    _defined(data, 'features', 'name', problems)
    roles = _defined(data, 'roles', 'slug', problems, known_roles)
    _defined(data, 'roles', 'name', problems)
    services = _defined(data, 'services', 'name', problems)
    _check_parents(data, features, problems)
    for index, service in _entries(data, 'services'):
        _check_each(service.get('ports'), ports.parse, f'services[{index}]', 'ports', problems)
    _check_rows(data, services, problems)
    seen: dict[tuple[Any, ...], str] = {}
    keys: dict[str, str] = {}
    for entry, row, _number, stated in spread(data):
        _check_flow(entry, stated, features, roles, problems)
        _check_once(entry, row, stated, seen, problems)
        if (key := stated.get('key')) and keys.setdefault(key, entry) != entry:
            problems.add(entry, 'key', f'"{key}" is already the key of {keys[key]}: use a unique key')


def _check_head(data: Entry, problems: Problems) -> None:
    if published := data.get('published'):
        try:
            date.fromisoformat(published)
        except ValueError:
            problems.add('', 'published', f'"{published}" is not a valid date: use the format 2026-05-31')
    if (url := data.get('source_url')) and not _is_url(url):
        problems.add('', 'source_url', f'"{url}" is not a valid URL: use the form https://www.example.net/ports')


def _is_url(url: str) -> bool:
    """Whether NetBox stores it as the URL of a page: http or https, with an address or a DNS name of several labels."""
    try:
        parts = urlsplit(url)
        name, port = parts.hostname or '', parts.port
    except ValueError:
        return False
    if parts.scheme not in {'http', 'https'} or port == 0 or re.search(r'[\s\x00-\x1f]', url):
        return False
    try:
        if parts.netloc.rpartition('@')[2].startswith('['):
            return bool(ip_address(name))
        return name == 'localhost' or _is_host(name)
    except ValueError:
        return False


def _is_host(name: str) -> bool:
    if re.fullmatch(r'[0-9.]+', name):
        return bool(ip_address(name))
    name = dns_names.normalize(name)
    return '.' in name and not re.search(r'[*_]', name)


def _entries(data: Entry, name: str) -> list[tuple[int, Entry]]:
    return [(index, entry) for index, entry in enumerate(data.get(name) or ()) if entry is not None]


def _defined(data: Entry, name: str, field: str, problems: Problems, known: Iterable[str] = ()) -> set[str] | None:
    """The values of a field that identifies entries; None where one is missing: then nothing counts as undefined."""
    values, first = set(known), dict[str, int]()
    complete = data.get(name, ()) is not None and None not in (data.get(name) or ())
    for index, entry in _entries(data, name):
        if (value := entry.get(field)) is None:
            complete = False
        elif (other := first.setdefault(value.casefold(), index)) != index:
            problems.add(
                f'{name}[{index}]',
                field,
                f'"{value}" is already used by {name}[{other}]: remove one of them, or change its {field}',
            )
        else:
            values.add(value)
    return values if complete else None


def _check_parents(data: Entry, features: set[str] | None, problems: Problems) -> None:
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
            loop = ' < '.join((*map(str, line), parent))
            problems.add(f'features[{index}]', 'parent', f'"{slug}" is its own ancestor ({loop}): remove the loop')


def _check_rows(data: Entry, services: set[str] | None, problems: Problems) -> None:
    seen: dict[tuple[Any, int], str] = {}
    for r, row in _entries(data, 'rows'):
        name = row.get('service')
        if name and services is not None and name not in services:
            problems.add(place(data, ('rows', r)), 'service', f'"{name}" is not defined: add it to services')
        for i, item in enumerate(row.get('items') or ()):
            if item is not None:
                _check_item(place(data, ('rows', r, 'items', i)), row, item, item.get('item', i + 1), seen, problems)


def _check_item(
    entry: str, row: Entry, item: Entry, number: int | None, seen: dict[tuple[Any, int], str], problems: Problems
) -> None:
    if number is None:
        return
    if 'row' not in row:
        if 'item' in item:
            problems.add(entry, 'item', 'numbers the items of a row: number the row, or remove this key')
    elif (other := seen.setdefault((row['row'], number), entry)) != entry and row['row']:
        problems.add(entry, 'item', f'{number} is already used in this row by {other}: use another number')


def _check_each(
    values: list[Any] | None, function: Callable[[str], object], entry: str, field: str, problems: Problems
) -> None:
    for value in values or ():
        try:
            if value is not None:
                function(value)
        except ValueError as e:
            problems.add(entry, field, str(e))


def _check_flow(
    entry: str, stated: Entry, features: set[str] | None, roles: set[str] | None, problems: Problems
) -> None:
    for key in NEEDED:
        if key not in stated:
            problems.add(entry, key, 'is missing: add it to the flow, its item or its row')
    for key, function in LISTS.items():
        _check_each(stated.get(key), function, entry, key, problems)
    for key in ('replaceable', 'zone'):
        # Not where the DNS names themselves were refused
        if stated.get(key) and stated.get('dns_names', ()) is not None and not stated.get('dns_names'):
            problems.add(entry, key, 'applies to DNS names, and there are none: add dns_names, or remove this key')
    for key, known in (('feature', features), ('role', roles)):
        if stated.get(key) and known is not None and stated[key] not in known:
            problems.add(entry, key, f'"{stated[key]}" is not defined: add it to {key}s')


def _check_once(entry: str, row: Entry, stated: Entry, seen: dict[tuple[Any, ...], str], problems: Problems) -> None:
    keys = [fact.catalog_key for fact in of_template() if fact.identifies]
    identity = [row.get('service'), *(stated.get(key, None if key in NEEDED else '') for key in keys)]
    if None in identity:
        return
    # As two rows of the database the purposes would differ, but nobody can tell them apart
    *rest, purpose = identity
    if (other := seen.setdefault((*rest, str(purpose).casefold()), entry)) != entry:
        problems.add(entry, 'purpose', f'duplicates {other}: give each flow its own purpose')
