"""Two releases side by side: which needs are new, gone, moved, changed or only worded otherwise."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..models import FlowTemplate, GatewayProfile
from ..rules.pairing import identity_of, pair

__all__ = ('KINDS', 'Difference', 'Entry', 'difference')

# In the order in which people have to look at them
KINDS = ('moved', 'removed', 'added', 'changed', 'reworded', 'same')
# Field -> how a template says it. Moved: another opening; changed: on another condition; reworded: other words
MOVED: dict[str, Callable[[FlowTemplate], Any]] = {
    'ports': lambda t: list(t.service.ports),
    'direction': lambda t: t.direction,
    'remote_role': lambda t: t.remote_role.name,
    'dns_names': lambda t: sorted(t.dns_names),
    'zone': lambda t: t.zone,
}
CHANGED: dict[str, Callable[[FlowTemplate], Any]] = {
    'feature': lambda t: t.feature.slug if t.feature else '',
    'not_opened': lambda t: t.not_opened,
    'replaceable': lambda t: t.replaceable,
    'direct': lambda t: t.direct,
    'application_protocol': lambda t: t.service.application_protocol,
    'clear_text': lambda t: t.service.clear_text,
}
REWORDED: dict[str, Callable[[FlowTemplate], Any]] = {
    'service': lambda t: t.service.name,
    'purpose': lambda t: t.purpose,
    'notes': lambda t: t.notes,
    'printed': lambda t: t.printed,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One need: ``old`` is None where it was added, ``new`` where it was removed.

    ``facts`` are (field, old value, new value) of what differs.
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
    """``entries`` in the order of KINDS, and in each in that of the vendor's table.

    ``hidden`` counts templates of both that the reader may not see.
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
    """What the release ``new`` has otherwise than ``old``. Two queries, and two more for a user's view of them.

    Rows of vendors' tables have no natural key. Needs are paired as reconcile pairs them (by key, or by service,
    direction and role with the closest purpose and hosts); what is left, by all but one of the three, since a need
    may have moved to another service, direction or remote.
    """
    before, hidden_before = _templates(old, user)
    after, hidden_after = _templates(new, user)
    found = [_entry(o and o.of, n and n.of) for o, n in _pairs(before, after)]
    found.sort(key=lambda entry: (KINDS.index(entry.kind), _place(entry.template)))
    return Difference(old, new, tuple(found), hidden_before + hidden_after)


def _templates(profile, user):
    templates = FlowTemplate.objects.filter(service__profile=profile, withdrawn=False)
    count = templates.count() if user is not None else 0
    if user is not None:
        templates = templates.restrict(user, 'view')
    found = list(templates.select_related('service', 'remote_role', 'feature'))
    return [identity_of(template, template) for template in found], max(count - len(found), 0)


def _pairs(old, new):
    pairs = []
    for left_out in (None, 'direction', 'role', 'service'):
        changes = {left_out: ''} if left_out else {}
        paired = pair([replace(n, **changes) for n in old], [replace(n, **changes) for n in new])
        pairs += [both for both in paired if all(both)]
        old = [identity_of(o.of, o.of) for o, n in paired if not n]
        new = [identity_of(n.of, n.of) for o, n in paired if not o]
    return [*pairs, *((need, None) for need in old), *((None, need) for need in new)]


def _entry(old, new):
    if old is None or new is None:
        return Entry('added' if old is None else 'removed', old, new)
    kinds = {'moved': _facts(MOVED, old, new), 'changed': _facts(CHANGED, old, new)}
    reworded = _facts(REWORDED, old, new)
    if bool(old.not_opened) == bool(new.not_opened):
        # Not opened in both, for a reason in other words
        reworded += [fact for fact in kinds['changed'] if fact[0] == 'not_opened']
        kinds['changed'] = [fact for fact in kinds['changed'] if fact[0] != 'not_opened']
    kinds['reworded'] = reworded
    kind = next((kind for kind, facts in kinds.items() if facts), 'same')
    return Entry(kind, old, new, tuple(fact for facts in kinds.values() for fact in facts))


def _facts(fields, old, new):
    return [(name, say(old), say(new)) for name, say in fields.items() if say(old) != say(new)]


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
