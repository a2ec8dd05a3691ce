"""A vendor's table as a YAML or JSON document -> frozen dataclasses, or everything that is wrong with it.

The format is described in ``docs/catalog-format.md`` and, for editors, in ``schema.json``. Needs no database.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..choices import RemoteRoleKindChoices
from ..rules import dns_names, ports
from . import meaning, safejson, safeyaml, structure
from .errors import Problems

__all__ = ('Catalog', 'Feature', 'Flow', 'Role', 'Service', 'read')

# A brace alone may begin YAML as well
JSON = re.compile(r'\s*\{\s*"')


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
    """``ports`` are canonical port specs."""

    name: str
    ports: tuple[str, ...]
    application_protocol: str = ''
    clear_text: bool = False
    description: str = ''


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow template: service, role and feature by name or slug, ``hosts`` canonical and sorted.

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


def read(text: str, file: str = 'catalog', known_roles: Iterable[str] = ()) -> Catalog:
    """Read one document; one that begins with a brace and a quote is JSON.

    ``known_roles`` are slugs of roles that it may use without defining them.

    Raises CatalogError with everything that is wrong, each with file, entry, field and the mend.
    """
    problems = Problems(file)
    data = (safejson if JSON.match(text) else safeyaml).load(text, problems)
    if not isinstance(data, dict):
        if not problems.found:
            problems.add('', '', 'is not a mapping: begin with "format: 1", see the description of the format')
        problems.stop()
    data = structure.check(data, problems)
    meaning.check(data, known_roles, problems)
    problems.stop()
    return _catalog(data, file)


def _catalog(data, file):
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
        services=tuple(
            Service(**{**service, 'ports': tuple(ports.canonical(service['ports']))}) for service in data['services']
        ),
        flows=tuple(_flow(*flow) for flow in meaning.spread(data)),
    )


def _flow(entry, row, item, said):
    names = tuple(sorted({dns_names.normalize(dns_name) for dns_name in said.get('dns_names', ())}))
    return Flow(service=row['service'], row=row.get('row'), item=item, entry=entry, **{**said, 'dns_names': names})
