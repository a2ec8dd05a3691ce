"""A catalog as YAML, in one canonical form.

Reading what was written here and writing it again gives the same text, byte by byte: everything is in an order of its
own, and defaults are left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from ..rules.constants import NAMED
from ..rules.facts import Fact, of_service, of_template
from .document import Catalog, Feature, Flow, Role, Service
from .meaning import CASCADING
from .writing import Inline, InlineList, dump

__all__ = ('canonical',)

type Entry = dict[str, Any]


def canonical(catalog: Catalog) -> str:
    """The text of a catalog. Roles that no flow uses are left out: a catalog defines the roles of its flows."""
    flows = sorted(catalog.flows, key=_order)
    used = {flow.role for flow in flows}
    return dump({
        'format': 1,
        'manufacturer': Inline(name=catalog.manufacturer_name, slug=catalog.manufacturer_slug),
        'name': catalog.name,
        'version': catalog.version,
        'slug': catalog.slug,
        **_stated({
            'source_url': catalog.source_url,
            'published': catalog.published.isoformat() if catalog.published else '',
            'description': catalog.description,
            'partial': catalog.partial,
        }),
        'features': [_feature(feature) for feature in sorted(catalog.features, key=lambda f: (f.group, f.slug))],
        'roles': [_role(role) for role in sorted(catalog.roles, key=lambda r: r.slug) if role.slug in used],
        'services': [_service(service) for service in _in_order_of_use(catalog.services, flows)],
        'rows': _rows(flows),
    })


def _order(flow: Flow) -> tuple[Any, ...]:
    """As in the vendor's table, flows without a row last. Nothing depends on the order in which they were stored."""
    row, item = flow.row, flow.row and flow.item
    place = (row is None, row or 0, item is None, item or 0)
    return (*place, flow.service, flow.purpose, flow.direction, flow.role, flow.feature)


def _stated(values: Entry) -> Entry:
    return {key: value for key, value in values.items() if value not in ('', None, False, [])}


def _feature(feature: Feature) -> Inline:
    optional = ('group', 'parent', 'enabled_by_default', 'description')
    return Inline(slug=feature.slug, name=feature.name, **_stated({key: getattr(feature, key) for key in optional}))


def _role(role: Role) -> Inline:
    kind = '' if role.kind == NAMED else role.kind
    return Inline(
        slug=role.slug, name=role.name, zone=role.zone, **_stated({'kind': kind, 'description': role.description})
    )


def _service(service: Service) -> Inline:
    facts = _facts(of_service(), service)
    return Inline(**facts, **_stated({'description': service.description}))


def _in_order_of_use(services: Iterable[Service], flows: Sequence[Flow]) -> list[Service]:
    first: dict[str, int] = {}
    for position, flow in enumerate(flows):
        first.setdefault(flow.service, position)
    return sorted(services, key=lambda service: (first.get(service.name, len(flows)), service.name))


def _facts(facts: Iterable[Fact], entry: Flow | Service) -> Entry:
    """What an entry states, by catalog key."""
    found: Entry = {}
    for fact in facts:
        value = getattr(entry, fact.catalog_key)
        value = InlineList(value) if fact.is_list else value
        found |= {fact.catalog_key: value} if fact.required else _stated({fact.catalog_key: value})
    return found


def _rows(flows: Iterable[Flow]) -> list[Entry]:
    """One entry for consecutive flows of one row and service, with its items and their flows."""
    rows: list[Entry] = []
    taken: defaultdict[int, set[int]] = defaultdict(set)
    for (number, service), group in groupby(flows, key=lambda flow: (flow.row, flow.service)):
        items: list[Entry] = []
        for stated, same in groupby(group, key=lambda flow: flow.item):
            entries = [_facts(of_template(), flow) for flow in same]
            if number is None:
                items += [_lifted({}, 'flows', [entry]) for entry in entries]
                continue
            # An item of a row appears once in a document: a second one gets the next number
            item = stated if stated and stated not in taken[number] else max(taken[number], default=0) + 1
            taken[number].add(item)
            head = {} if item == len(items) + 1 else {'item': item}
            items.append(_lifted(head, 'flows', entries))
        rows.append(_lifted({**({'row': number} if number else {}), 'service': service}, 'items', items))
    return rows


def _lifted(head: Entry, name: str, parts: list[Entry]) -> Entry:
    """Parts under a head that states what all of them state; a single flow needs no list of flows."""
    shared = {
        key: parts[0][key] for key in CASCADING if all(key in part and part[key] == parts[0][key] for part in parts)
    }
    left = [{key: value for key, value in part.items() if key not in shared} for part in parts]
    if name == 'flows' and left == [{}]:
        return {**head, **shared}
    if name == 'items' and len(left) == 1:
        # A row of one item states nothing itself: the purpose stays with the item
        return {**head, name: parts}
    return {**head, **shared, name: [Inline(part) if name == 'flows' else part for part in left]}
