"""The steps that make an object equal to an entry of the catalog."""

from collections.abc import Iterable

from ..catalog.document import Flow, Service
from ..rules.facts import Fact, Kind
from .plan import Step

__all__ = ('create', 'stated_values', 'update')


def create(steps: list[Step], model, name: str, values: dict, entry: str = ''):
    """Add the step that creates an object, and return it unsaved.

    Related objects may be unsaved, too: relations are set when the step is applied.
    """
    plain = {key: value for key, value in values.items() if not hasattr(value, '_meta')}
    instance = model(**plain)
    steps.append(Step('create', instance, name, values, entry=entry))
    return instance


def update(steps: list[Step], instance, name: str, values: dict, entry: str = ''):
    """Add the step that makes an object equal to ``values``, if it differs."""
    before = {key: getattr(instance, key) for key in values}
    changed = {key: value for key, value in values.items() if before[key] != value}
    if changed:
        steps.append(Step('update', instance, name, changed, {key: before[key] for key in changed}, entry))


def stated_values(entry: Flow | Service, facts: Iterable[Fact], related: dict[str, dict] | None = None) -> dict:
    """Field -> value of what an entry of a catalog states; ``related`` has the objects of each reference by slug."""
    values = {}
    for fact in facts:
        value = getattr(entry, fact.catalog_key)
        if fact.kind is Kind.REFERENCE:
            value = related[fact.name].get(value)
        values[fact.name] = list(value) if fact.is_list else value
    return values
