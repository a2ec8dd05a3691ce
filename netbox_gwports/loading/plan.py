"""The changes of loading a catalog, entry by entry, for preview."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Model

from ..catalog.document import Catalog
from ..display import as_text
from ..models import Gateway, GatewayProfile

__all__ = ('Plan', 'Step')


@dataclass(slots=True)
class Step:
    """One object to create, update, withdraw, delete or keep.

    ``values`` are the attributes to set and ``before`` what they replace. ``keep`` changes nothing: ``why`` is the
    reason why something that differs from the catalog stays. ``entry`` is the place in the document, if there is one.
    """

    action: str
    instance: Model
    name: str
    values: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    entry: str = ''
    why: str = ''

    @property
    def kind(self) -> str:
        """The name of the model: "flow template"."""
        return str(self.instance._meta.verbose_name)

    @property
    def changes(self) -> tuple[tuple[str, str, str], ...]:
        """(field, old text, new text) of each attribute that an update changes; empty for all other actions."""
        if self.action != 'update':
            return ()
        get_field = self.instance._meta.get_field
        return tuple(
            (str(get_field(name).verbose_name), as_text(self.before[name]), as_text(value))
            for name, value in self.values.items()
        )

    def __str__(self):
        details = '; '.join(f'{name}: {old} -> {new}' for name, old, new in self.changes)
        details = ', '.join(part for part in (details, self.why) if part)
        return f'{self.action} {self.kind} "{self.name}"' + (f' ({details})' if details else '')


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in the order in which they are applied. False if there is nothing to change."""

    catalog: Catalog
    steps: tuple[Step, ...] = ()
    # The user for whom reasons are written; None: everything is visible
    user: Any = None
    # The profile whose data file contains the catalog; None: it comes from elsewhere
    bound: GatewayProfile | None = None
    # Gateways that are then out of date, with their plans, as far as visible to the user, and whether there are more
    profile: GatewayProfile | None = None
    behind: tuple[tuple[Gateway, Any], ...] = ()
    others_behind: bool = False

    @property
    def changes(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.action != 'keep')

    @property
    def counts(self) -> dict[str, int]:
        """Number of steps of each action that occurs."""
        found: dict[str, int] = {}
        for step in self.steps:
            found[step.action] = found.get(step.action, 0) + 1
        return found

    @property
    def digest(self) -> str:
        """Equal for plans that do the same: what was reviewed is what is applied."""
        # Whatever its file name
        content = replace(self.catalog, file=''), [str(step) for step in self.steps]
        return hashlib.sha256(repr(content).encode()).hexdigest()

    def __bool__(self):
        return bool(self.changes)
