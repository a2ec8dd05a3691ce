"""A vendor's table as a YAML document -> frozen dataclasses, or every error in it at once.

The format is described in ``docs/catalog-format.md`` and, for editors, in ``schema.json``.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from jsonschema import Draft202012Validator

from ..choices import RemoteRoleKindChoices, ZoneChoices
from ..rules import hosts, ports
from .errors import CatalogError, Problems
from .yaml import load_yaml

__all__ = ('Catalog', 'Feature', 'Flow', 'Role', 'Service', 'read', 'schema')

# What a row says holds for its items, and what an item says for its flows, unless they say otherwise
CASCADING = ('direction', 'role', 'feature', 'hosts', 'hosts_replaceable', 'zone', 'direct', 'purpose', 'notes',
             'not_opened', 'printed')  # fmt: skip


@dataclass(frozen=True, slots=True)
class Feature:
    slug: str
    name: str
    group: str = ''
    parent: str = ''
    enabled_by_default: bool = False
    description: str = ''


@dataclass(frozen=True, slots=True)
class Role:
    slug: str
    name: str
    zone: str
    kind: str = RemoteRoleKindChoices.NAMED
    description: str = ''


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    ports: tuple[str, ...]
    application_protocol: str = ''
    clear_text: bool = False
    description: str = ''


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow template. ``entry`` is where it stands in the document, for error messages."""

    service: str
    direction: str
    role: str
    purpose: str
    feature: str = ''
    hosts: tuple[str, ...] = ()
    hosts_replaceable: bool = False
    zone: str = ''
    direct: bool = False
    notes: str = ''
    not_opened: str = ''
    printed: str = ''
    row: int | None = None
    item: int | None = None
    entry: str = ''


@dataclass(frozen=True, slots=True)
class Catalog:
    """One release of one product, checked and in canonical form."""

    file: str
    manufacturer_name: str
    manufacturer_slug: str
    name: str
    version: str
    slug: str
    source_url: str
    published: date | None
    description: str
    features: tuple[Feature, ...]
    roles: tuple[Role, ...]
    services: tuple[Service, ...]
    flows: tuple[Flow, ...]


@cache
def schema() -> dict:
    """The JSON Schema of the format, with the zones that this site knows."""
    loaded = json.loads(files(__package__).joinpath('schema.json').read_text(encoding='utf-8'))
    loaded['$defs']['zone']['enum'] = ZoneChoices.values()
    return loaded


def read(text: str, file: str = 'catalogue', known_roles: Iterable[str] = ()) -> Catalog:
    """Read one document. ``known_roles`` are slugs that it may use without defining them.

    Raises CatalogError with everything that is wrong, each with file, entry, field and the mend.
    """
    problems = Problems(file)
    data = load_yaml(text, problems)
    problems.stop()
    _check_structure(data, problems)
    if isinstance(data, dict) and type(data.get('published', date.min)) is not date:
        problems.add('', 'published', 'is not a date: write it as 2026-05-31')
    # What follows relies on the structure
    problems.stop()
    catalog = Catalog(
        file=file,
        manufacturer_name=data['manufacturer']['name'],
        manufacturer_slug=data['manufacturer']['slug'],
        name=data['name'],
        version=data['version'],
        slug=data['slug'],
        source_url=data.get('source_url', ''),
        published=data.get('published'),
        description=data.get('description', ''),
        features=_features(data, problems),
        roles=tuple(Role(**role) for role in data.get('roles', ())),
        services=_services(data, problems),
        flows=_flows(data, problems),
    )
    _check_meaning(catalog, data, set(known_roles), problems)
    problems.stop()
    return catalog


def _check_structure(data, problems):
    for error in sorted(Draft202012Validator(schema()).iter_errors(data), key=lambda e: list(map(str, e.path))):
        path = list(error.absolute_path)
        field = path.pop() if path and isinstance(path[-1], str) else ''
        message = error.message
        if error.validator == 'additionalProperties':
            known = ', '.join(sorted(error.schema['properties']))
            unknown = sorted(str(key) for key in error.instance if key not in error.schema['properties'])
            path, field = list(error.absolute_path), ', '.join(unknown)
            message = f'not known here; known are {known}'
        elif path == [] and field == 'version' and error.validator == 'type':
            message = 'is not text: put it in quotes, so that 6.10 does not become 6.1'
        elif len(message) > 200:
            message = f'{message[:200]}…'
        problems.add(_entry(path), field, message)


def _entry(path):
    text = ''.join(f'[{part}]' if isinstance(part, int) else f'.{part}' for part in path)
    return text.removeprefix('.')


def _features(data, problems):
    features = tuple(Feature(**feature) for feature in data.get('features', ()))
    _unique('features', 'slug', [f.slug for f in features], problems)
    _unique('features', 'name', [f.name for f in features], problems)
    parents = {f.slug: f.parent for f in features}
    for index, feature in enumerate(features):
        if feature.parent and feature.parent not in parents:
            problems.add(f'features[{index}]', 'parent', f'"{feature.parent}" is not defined: add it to features')
        seen, parent = {feature.slug}, feature.parent
        while parent in parents and parent not in seen:
            seen.add(parent)
            parent = parents[parent]
        if parent and parent == feature.slug:
            problems.add(f'features[{index}]', 'parent', f'"{feature.slug}" is its own ancestor: break the cycle')
    return features


def _services(data, problems):
    services = []
    for index, service in enumerate(data['services']):
        try:
            specs = tuple(ports.canonical(service['ports']))
        except ValueError as e:
            problems.add(f'services[{index}]', 'ports', str(e))
            specs = ()
        services.append(Service(**{**service, 'ports': specs}))
    _unique('services', 'name', [s.name for s in services], problems)
    return tuple(services)


def _flows(data, problems):
    found = []
    for r, row in enumerate(data['rows']):
        for i, item in enumerate(row['items']):
            for f, flow in enumerate(item.get('flows', ({},))):
                entry = f'rows[{r}].items[{i}]' + (f'.flows[{f}]' if 'flows' in item else '')
                if 'row' in row:
                    entry += f' (row {row["row"]})'
                said = {key: value for part in (row, item, flow) for key, value in part.items() if key in CASCADING}
                number = item.get('item', i + 1) if 'row' in row else None
                if made := _flow(said, row, number, entry, problems):
                    found.append(made)
    return tuple(found)


def _flow(said, row, item, entry, problems):
    missing = [key for key in ('direction', 'role', 'purpose') if not said.get(key)]
    for key in missing:
        problems.add(entry, key, 'is missing: say it for the flow, its item or its row')
    names = []
    for host in said.pop('hosts', ()):
        try:
            names.append(hosts.normalize(host))
        except ValueError as e:
            problems.add(entry, 'hosts', str(e))
    if said.get('hosts_replaceable') and not names:
        problems.add(entry, 'hosts_replaceable', 'there are no hosts to replace: name them, or leave it out')
    if missing:
        return None
    return Flow(service=row['service'], row=row.get('row'), item=item, entry=entry,
                hosts=tuple(sorted(set(names))), **said)  # fmt: skip


def _check_meaning(catalog, data, known_roles, problems):
    _unique('roles', 'slug', [r.slug for r in catalog.roles], problems)
    _unique('roles', 'name', [r.name for r in catalog.roles], problems)
    services = {service.name for service in catalog.services}
    features = {feature.slug for feature in catalog.features}
    roles = {role.slug for role in catalog.roles} | known_roles
    for index, row in enumerate(data['rows']):
        if row['service'] not in services:
            problems.add(f'rows[{index}]', 'service', f'"{row["service"]}" is not defined: add it to services')
    first = {}
    for flow in catalog.flows:
        if flow.feature and flow.feature not in features:
            problems.add(flow.entry, 'feature', f'"{flow.feature}" is not defined: add it to features')
        if flow.role not in roles:
            problems.add(flow.entry, 'role', f'"{flow.role}" is not defined: add it to roles')
        need = (flow.service, flow.direction, flow.role, flow.feature, flow.purpose)
        if need in first:
            problems.add(flow.entry, 'purpose', f'says the same need as {first[need]}: give each its own purpose')
        first.setdefault(need, flow.entry)


def _unique(entry, field, values, problems):
    for index, value in enumerate(values):
        if value in values[:index]:
            problems.add(f'{entry}[{index}]', field, f'"{value}" is there twice: keep one')
