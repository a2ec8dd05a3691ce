"""The facts of a flow, each named once: every layer takes its list of fields from this table.

A catalog states them in its rows and services, the models ``FlowTemplate`` and ``GatewayService`` store them, and a
``RequiredFlow`` copies those that describe what one gateway needs.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ('FACTS', 'Change', 'Fact', 'Kind', 'StatedBy', 'copied', 'of_service', 'of_template')


class Kind(StrEnum):
    """The kind of value. A reference is the slug of another entry in a catalog, and a foreign key in the database."""

    TEXT = 'text'
    CHOICE = 'choice'
    FLAG = 'flag'
    DNS_NAMES = 'DNS names'
    PORTS = 'ports'
    REFERENCE = 'reference'


class StatedBy(StrEnum):
    SERVICE = 'service'
    TEMPLATE = 'template'


class Change(StrEnum):
    """What another value means when two releases are compared: another opening, another condition, other words."""

    MOVED = 'moved'
    CHANGED = 'changed'
    REWORDED = 'reworded'


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact.

    ``name`` is the field of the model that states it and of ``RequiredFlow``, where ``copied``. ``key`` is the key in a
    catalog, where it is another word. ``required`` facts are never left out of a catalog. ``opens``: it decides what is
    opened. ``identifies``: with another value it is another flow template. ``documented`` facts are shown beside the
    rules although they are not copied. ``change`` is None where the comparison of two releases does not heed it.
    """

    name: str
    kind: Kind = Kind.TEXT
    stated_by: StatedBy = StatedBy.TEMPLATE
    key: str = ''
    required: bool = False
    copied: bool = False
    opens: bool = False
    identifies: bool = False
    documented: bool = False
    change: Change | None = None

    @property
    def catalog_key(self) -> str:
        return self.key or self.name

    @property
    def cascades(self) -> bool:
        """Whether a row may state it for its items, and an item for its flows."""
        return self.stated_by is StatedBy.TEMPLATE

    @property
    def attribute(self) -> str:
        """The attribute of the model whose values are compared and copied: for a reference its primary key."""
        return f'{self.name}_id' if self.kind is Kind.REFERENCE else self.name

    @property
    def is_list(self) -> bool:
        return self.kind in {Kind.DNS_NAMES, Kind.PORTS}

    @property
    def in_rules(self) -> bool:
        """Whether ``rules.needs.Flow`` has it."""
        return self.copied or self.documented

    def value(self, stated_by: Any) -> Any:
        """The value in the object that states the fact: lists are copies, references primary keys."""
        value = getattr(stated_by, self.attribute)
        return list(value) if self.is_list else value

    def stated(self, stated_by: Any) -> Any:
        """The same as a catalog has it: lists are tuples, references slugs or ''."""
        if self.kind is Kind.REFERENCE:
            related = getattr(stated_by, self.name)
            return related.slug if related else ''
        value = self.value(stated_by)
        return tuple(value) if self.is_list else value

    def source(self, template: Any) -> Any:
        """The object that states the fact for a flow template: itself, or its service."""
        return template.service if self.stated_by is StatedBy.SERVICE else template


# In the order of the canonical form of a catalog
FACTS = (
    Fact(
        name='name',
        stated_by=StatedBy.SERVICE,
        required=True,
        copied=True,
        identifies=True,
        change=Change.REWORDED,
    ),
    Fact(
        name='application_protocol',
        stated_by=StatedBy.SERVICE,
        copied=True,
        opens=True,
        change=Change.CHANGED,
    ),
    Fact(
        name='ports',
        kind=Kind.PORTS,
        stated_by=StatedBy.SERVICE,
        required=True,
        copied=True,
        opens=True,
        change=Change.MOVED,
    ),
    Fact(
        name='clear_text',
        kind=Kind.FLAG,
        stated_by=StatedBy.SERVICE,
        copied=True,
        change=Change.CHANGED,
    ),
    Fact(
        name='direction',
        kind=Kind.CHOICE,
        required=True,
        copied=True,
        opens=True,
        identifies=True,
        change=Change.MOVED,
    ),
    Fact(
        name='remote_role',
        kind=Kind.REFERENCE,
        key='role',
        required=True,
        copied=True,
        opens=True,
        identifies=True,
        change=Change.MOVED,
    ),
    Fact(
        name='feature',
        kind=Kind.REFERENCE,
        copied=True,
        identifies=True,
        change=Change.CHANGED,
    ),
    Fact(name='dns_names', kind=Kind.DNS_NAMES, copied=True, opens=True, change=Change.MOVED),
    Fact(name='replaceable', kind=Kind.FLAG, copied=True, opens=True, change=Change.CHANGED),
    Fact(name='zone', kind=Kind.CHOICE, copied=True, opens=True, change=Change.MOVED),
    Fact(name='direct', kind=Kind.FLAG, copied=True, opens=True, change=Change.CHANGED),
    Fact(name='purpose', required=True, copied=True, identifies=True, change=Change.REWORDED),
    Fact(name='notes', documented=True, change=Change.REWORDED),
    Fact(name='not_opened', change=Change.CHANGED),
    Fact(name='printed', documented=True, change=Change.REWORDED),
    Fact(name='key'),
)


def copied() -> tuple[Fact, ...]:
    """Those that a required flow has as its own."""
    return tuple(fact for fact in FACTS if fact.copied)


def of_service() -> tuple[Fact, ...]:
    """Those that a service states."""
    return tuple(fact for fact in FACTS if fact.stated_by is StatedBy.SERVICE)


def of_template() -> tuple[Fact, ...]:
    """Those that a flow template states: the keys that cascade from a row to its items and flows."""
    return tuple(fact for fact in FACTS if fact.stated_by is StatedBy.TEMPLATE)
