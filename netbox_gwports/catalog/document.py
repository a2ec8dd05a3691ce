"""A vendor's table as a YAML or JSON document -> frozen dataclasses, or all of its errors.

The format is described in ``docs/catalog-format.md`` and, for editors, in ``schema.json``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..rules import dns_names, ports
from ..rules.constants import NAMED, ZONES
from ..rules.facts import Kind, of_template
from . import meaning, safejson, safeyaml, structure
from .errors import Problems

__all__ = ('Catalog', 'Feature', 'Flow', 'Role', 'Service', 'read')

# YAML may start with a brace, too
JSON = re.compile(r'\s*\{\s*"')


def _dns_names(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({dns_names.normalize(value) for value in values}))


def _ports(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(ports.canonical(values))


# Key -> the canonical form of its list
LISTS = {
    fact.catalog_key: {Kind.DNS_NAMES: _dns_names, Kind.PORTS: _ports}[fact.kind]
    for fact in of_template()
    if fact.is_list
}


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
    kind: str = NAMED
    description: str = ''


@dataclass(frozen=True, slots=True)
class Service:
    """``ports`` are canonical port specs."""

    name: str
    ports: tuple[str, ...]
    application_protocol: str = ''
    clear_text: bool = False
    description: str = ''


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow template: service, role and feature by name or slug, ``dns_names`` canonical and sorted.

    ``entry`` is where it stands in the document, for error messages.
    """

    service: str
    direction: str
    role: str
    purpose: str
    feature: str = ''
    dns_names: tuple[str, ...] = ()
    replaceable: bool = False
    zone: str = ''
    direct: bool = False
    notes: str = ''
    not_opened: str = ''
    printed: str = ''
    row: int | None = None
    item: int | None = None
    key: str = ''
    entry: str = ''


@dataclass(frozen=True, slots=True)
class Catalog:
    """One release of one product, checked and in canonical form. ``file`` is its name in messages."""

    file: str
    manufacturer_name: str
    manufacturer_slug: str
    name: str
    version: str
    slug: str
    source_url: str
    published: date | None
    description: str
    partial: str
    features: tuple[Feature, ...]
    roles: tuple[Role, ...]
    services: tuple[Service, ...]
    flows: tuple[Flow, ...]


def read(text: str, file: str = 'catalog', known_roles: Iterable[str] = (), zones: Iterable[str] = ZONES) -> Catalog:
    """Read one document; one that starts with a brace and a quote is JSON.

    ``known_roles`` are slugs of roles that it may use without defining them, ``zones`` those that the site knows.

    Raises CatalogError with all errors, each with file, entry, field, and how to correct it.
    """
    problems = Problems(file)
    data = (safejson if JSON.match(text) else safeyaml).load(text, problems)
    if not isinstance(data, dict):
        if not problems.found:
            problems.add('', '', 'is not a mapping: start with "format: 1"; see the description of the format')
        problems.stop()
    data = structure.check(data, problems, zones)
    meaning.check(data, known_roles, problems)
    problems.stop()
    return _catalog(data, file)


def _catalog(data: dict[str, Any], file: str) -> Catalog:
    published = data.get('published')
    return Catalog(
        file=file,
        manufacturer_name=data['manufacturer']['name'],
        manufacturer_slug=data['manufacturer']['slug'],
        name=data['name'],
        version=data['version'],
        slug=data['slug'],
        source_url=data.get('source_url', ''),
        published=date.fromisoformat(published) if published else None,
        description=data.get('description', ''),
        partial=data.get('partial', ''),
        features=tuple(Feature(**feature) for feature in data.get('features', ())),
        roles=tuple(Role(**role) for role in data.get('roles', ())),
        services=tuple(Service(**{**service, 'ports': _ports(service['ports'])}) for service in data['services']),
        flows=tuple(_flow(*flow) for flow in meaning.spread(data)),
    )


def _flow(entry: str, row: dict[str, Any], item: int | None, stated: dict[str, Any]) -> Flow:
    lists = {key: canonical(stated.get(key) or ()) for key, canonical in LISTS.items()}
    return Flow(service=row['service'], row=row.get('row'), item=item, entry=entry, **(stated | lists))
