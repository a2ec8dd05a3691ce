"""Two releases side by side: which flow templates were added, removed, moved, changed or only reworded."""

from dataclasses import dataclass
from typing import Any

from ..models import FlowTemplate, GatewayProfile
from ..rules.facts import FACTS, Change, Kind
from ..rules.pairing import identity_of, pair_releases

__all__ = ('KINDS', 'Difference', 'Entry', 'difference')

# In the order in which people have to look at them
KINDS = ('moved', 'removed', 'added', 'changed', 'reworded', 'same')


@dataclass(frozen=True, slots=True)
class Entry:
    """One flow template of either release, or a pair: ``old`` is None for an added one, ``new`` for a removed one.

    ``facts`` are (field, old value, new value) of each difference.
    """

    kind: str
    old: FlowTemplate | None
    new: FlowTemplate | None
    facts: tuple[tuple[str, Any, Any], ...] = ()

    @property
    def template(self) -> FlowTemplate:
        """The newer of the two."""
        return self.new or self.old


@dataclass(frozen=True, slots=True)
class Difference:
    """``entries`` in the order of KINDS, and within each in the order of the vendor's table.

    ``hidden`` counts templates of both releases that the reader may not view.
    """

    old: GatewayProfile
    new: GatewayProfile
    entries: tuple[Entry, ...]
    hidden: int = 0

    @property
    def profiles(self) -> tuple[GatewayProfile, GatewayProfile]:
        return self.old, self.new

    @property
    def counts(self) -> dict[str, int]:
        return {kind: sum(entry.kind == kind for entry in self.entries) for kind in KINDS}


def difference(old: GatewayProfile, new: GatewayProfile, user=None) -> Difference:
    """The differences of the release ``new`` from ``old``. Two queries, and two more for a user's view of them.

    Rows of vendors' tables have no natural key. Templates are paired as reconcile pairs them: by key, or by service,
    direction and role, with the closest purpose and DNS names. The rest is paired by two of these three, since a
    template may have moved to another service, direction or remote.
    """
    before, hidden_before = _templates(old, user)
    after, hidden_after = _templates(new, user)
    found = [_entry(o and o.of, n and n.of) for o, n in pair_releases(before, after)]
    found.sort(key=lambda entry: (KINDS.index(entry.kind), _place(entry.template)))
    return Difference(old, new, tuple(found), hidden_before + hidden_after)


def _templates(profile, user):
    templates = FlowTemplate.objects.filter(service__profile=profile, withdrawn=False)
    count = templates.count() if user is not None else 0
    if user is not None:
        templates = templates.restrict(user, 'view')
    found = list(templates.select_related('service', 'remote_role', 'feature'))
    return [identity_of(template, template) for template in found], max(count - len(found), 0)


def _entry(old, new):
    if old is None or new is None:
        return Entry('added' if old is None else 'removed', old, new)
    kinds = {change: [] for change in Change}
    for fact in FACTS:
        if fact.change and _states(fact, old) != _states(fact, new):
            name = 'service' if fact.name == 'name' else fact.name
            kinds[_change(fact, old, new)].append((name, _shown(fact, old), _shown(fact, new)))
    kind = next((str(kind) for kind, facts in kinds.items() if facts), 'same')
    return Entry(kind, old, new, tuple(fact for facts in kinds.values() for fact in facts))


def _change(fact, old, new):
    if fact.name == 'not_opened' and old.not_opened and new.not_opened:
        # Not opened in either, for a reason in other words
        return Change.REWORDED
    return fact.change


def _states(fact, template):
    return fact.stated(fact.source(template))


def _shown(fact, template):
    """As people read it: roles and features by their names."""
    if fact.kind is Kind.REFERENCE:
        related = getattr(template, fact.name)
        return related.name if related else ''
    return fact.value(fact.source(template))


def _place(template):
    return (
        template.row is None,
        template.row or 0,
        template.item or 0,
        template.service.name,
        template.direction,
        template.purpose,
        template.pk,
    )
