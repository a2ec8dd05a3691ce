"""A plan and its changes, one per flow."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from ..models import FlowTemplate, RequiredFlow

__all__ = ('Change', 'Plan')

# Fields that the plugin keeps for itself
INTERNAL = ('template', 'template_values', 'status_before_withdrawal')


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a plan. ``values`` are the attributes to set; ``before`` what they replace.

    ``kept`` names facts that changed in the template and were edited here: the edited value stays. ``names``
    has the old and new role and feature by their names, since the flow forgets the old one when it changes.
    """

    template: FlowTemplate | None
    flow: RequiredFlow | None = None
    values: dict = field(default_factory=dict)
    before: dict = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    names: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.flow.name if self.flow else self.template.service.name

    @property
    def purpose(self) -> str:
        return self.flow.purpose if self.flow else self.template.purpose

    @property
    def direction(self) -> str:
        return self.flow.direction if self.flow else self.template.direction

    @property
    def facts(self) -> tuple[tuple[str, Any, Any], ...]:
        """(field, old value, new value) of the changes that are shown; roles and features by their name."""
        found = []
        for attribute, new in self.values.items():
            name = attribute.removesuffix('_id')
            if self.flow is None or name in INTERNAL:
                continue
            old = self.before[attribute]
            if name in self.names:
                old, new = self.names[name]
            found.append((name, old, new))
        return tuple(found)

    def __str__(self):
        return f'{self.name}: {self.purpose}'


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to change so that a gateway's flows follow its profile and features.

    ``hidden`` counts changes that a reader may not see: see ``restrict``.
    """

    create: tuple[Change, ...] = ()
    update: tuple[Change, ...] = ()
    withdraw: tuple[Change, ...] = ()
    delete: tuple[Change, ...] = ()
    keep: tuple[Change, ...] = ()
    hidden: int = 0
    # Of all of it, where this is what a reader may see
    full_digest: str = ''

    def __bool__(self):
        return bool(self.create or self.update or self.withdraw or self.delete or self.hidden)

    @property
    def steps(self) -> Iterator[tuple[str, Change]]:
        """(action, change) of everything that is to be done."""
        for action in ('create', 'update', 'withdraw', 'delete'):
            for change in getattr(self, action):
                yield action, change

    @property
    def counts(self) -> dict[str, int]:
        return {
            'create': len(self.create),
            'update': len(self.update),
            'withdraw': len(self.withdraw),
            'delete': len(self.delete),
            'keep': len(self.keep),
        }

    def __str__(self):
        """In words and numbers: "3 to add, 1 to delete"."""
        counts = self.counts
        parts = [
            (counts['create'], _('{n} to add')),
            (counts['update'], _('{n} to change')),
            (counts['withdraw'], _('{n} to withdraw')),
            (counts['delete'], _('{n} to delete')),
            (self.hidden, _('{n} not visible to you')),
        ]
        return ', '.join(text.format(n=n) for n, text in parts if n) or _('nothing to do')

    @property
    def digest(self) -> str:
        """Equal for plans that do the same: what was reviewed is what is applied."""
        if self.full_digest:
            return self.full_digest
        content = [
            (
                action,
                getattr(change.template, 'pk', None),
                getattr(change.flow, 'pk', None),
                sorted(change.values.items()),
            )
            for action, change in self.steps
        ]
        # Keyed: from a plain hash, a reader could guess what the plan hides
        return salted_hmac('netbox_gwports.plan', repr(content), algorithm='sha256').hexdigest()
