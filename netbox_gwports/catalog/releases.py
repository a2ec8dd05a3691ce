"""Two releases of a product side by side, as catalogs: which flows were added, removed, moved, changed or reworded."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..rules.facts import FACTS, Change, Fact, StatedBy
from ..rules.pairing import Need, pair_releases
from .document import Catalog, Flow, Service

__all__ = ('KINDS', 'Entry', 'compare')

# In the order in which people have to look at them
KINDS = ('moved', 'removed', 'added', 'changed', 'reworded', 'same')


@dataclass(frozen=True, slots=True)
class Entry:
    """A flow of either release, or a pair: ``old`` is None for an added one, ``new`` for a removed one.

    ``facts`` are (catalog key, old value, new value) of each difference; ``ports`` are those of the newer flow.
    """

    kind: str
    old: Flow | None
    new: Flow | None
    ports: tuple[str, ...]
    facts: tuple[tuple[str, Any, Any], ...] = ()

    def __str__(self) -> str:
        flow = self.new or self.old
        assert flow is not None
        place = f'row {flow.row}: ' if flow.row else ''
        changes = '; '.join(f'{key}: {_text(old)} -> {_text(new)}' for key, old, new in self.facts)
        what = f'{flow.direction} {" ".join(self.ports)} {flow.role}: {flow.purpose}'
        return f'{self.kind}: {place}{what}{f" ({changes})" if changes else ""}'


def compare(old: Catalog, new: Catalog) -> list[Entry]:
    """Every flow of both, in the order of KINDS and of the vendor's table."""
    services = ({s.name: s for s in old.services}, {s.name: s for s in new.services})
    pairs = pair_releases(_needs(old), _needs(new))
    found = [_entry(o.of if o else None, n.of if n else None, services) for o, n in pairs]
    return sorted(found, key=lambda entry: (KINDS.index(entry.kind), _place(entry)))


def _needs(catalog: Catalog) -> Iterator[Need]:
    for flow in catalog.flows:
        yield Need(
            service=flow.service,
            direction=flow.direction,
            role=flow.role,
            purpose=flow.purpose,
            feature=flow.feature,
            dns_names=frozenset(flow.dns_names),
            place_in_table=(flow.row or 0, flow.item or 0),
            key=flow.key,
            of=flow,
        )


def _entry(old: Flow | None, new: Flow | None, services: tuple[dict[str, Service], dict[str, Service]]) -> Entry:
    flow = new or old
    assert flow is not None
    ports = services[new is not None][flow.service].ports
    if old is None or new is None:
        return Entry('added' if old is None else 'removed', old, new, ports)
    kinds: dict[Change, list[tuple[str, Any, Any]]] = {change: [] for change in Change}
    for fact in FACTS:
        before, after = _value(fact, old, services[0]), _value(fact, new, services[1])
        if fact.change and before != after:
            # Not opened in either, for a reason in other words
            reworded = fact.name == 'not_opened' and before and after
            kinds[Change.REWORDED if reworded else fact.change].append((fact.catalog_key, before, after))
    kind = next((str(kind) for kind, facts in kinds.items() if facts), 'same')
    return Entry(kind, old, new, ports, tuple(fact for facts in kinds.values() for fact in facts))


def _value(fact: Fact, flow: Flow, services: dict[str, Service]) -> Any:
    stated_by = services[flow.service] if fact.stated_by is StatedBy.SERVICE else flow
    return getattr(stated_by, fact.catalog_key)


def _place(entry: Entry) -> tuple[Any, ...]:
    flow = entry.new or entry.old
    assert flow is not None
    return flow.row is None, flow.row or 0, flow.item or 0, flow.service, flow.direction, flow.purpose


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ' '.join(value) or '-'
    return str(value).lower() if isinstance(value, bool) else str(value) or '-'
