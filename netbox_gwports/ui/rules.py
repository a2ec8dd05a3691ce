"""What the pages of gateways, groups, sites and firewalls show of the standing of their rules."""

from dataclasses import dataclass, fields
from functools import cached_property

from ..choices import StandingChoices, ZoneChoices
from ..requirements import SeenStanding
from ..rules.addresses import Ref
from ..rules.compact import Line, compact
from ..rules.subtract import RuleSet, permitted
from .headline import headline, standing_counts

__all__ = ('RulesReport', 'ShownLine', 'shown_lines')

UNAPPROVED = StandingChoices.UNAPPROVED


@dataclass(frozen=True, slots=True)
class ShownLine(Line):
    """A line of a table. ``value`` is that of its tick box, ``firewalls`` are those that the table names for it.

    A firewall is None where none is recorded, and has no name where the user may not view it.
    """

    value: str = ''
    firewalls: tuple[Ref | None, ...] = ()


def shown_lines(rules, value, firewalls=lambda rule: (), separate_by=lambda rule: None) -> list[ShownLine]:
    """Rules joined to lines. ``value`` is called with a line, ``firewalls`` with a rule."""
    lines = compact(rules, separate_by=lambda rule: (separate_by(rule), firewalls(rule)), twins=True)
    return [
        ShownLine(
            **{field.name: getattr(line, field.name) for field in fields(line)},
            value=value(line),
            firewalls=firewalls(line.rules[0]),
        )
        for line in lines
    ]


def rule_keys(line: Line) -> str:
    """The value of a tick box: the gateway and the key of every rule of the line."""
    return ','.join(f'{rule.gateway.id}:{rule.key}' for rule in line.rules)


class RulesReport:
    """The rules of one or several gateways with their standing. Every rule is shown and counted once.

    ``standings`` (SeenStanding) are limited to what a user may view. ``filters`` (direction, zone, standing and q)
    apply to the lines. With a ``point`` (the primary key of an enforcement point), what is open is what is open there.
    ``unseen_flows`` are flows that the standings do not know of.
    """

    standings: list[SeenStanding] = ()

    def __init__(self, filters=None, standings=(), point=None, unseen_flows=0):
        self.filters = filters or {}
        self.point = point
        self.unseen_flows = unseen_flows
        if standings:
            self.standings = list(standings)

    @cached_property
    def resolutions(self):
        """The resolutions that the lines are made of."""
        return [standing.resolution for standing in self.standings]

    @property
    def _rules(self):
        return [rule for resolution in self.resolutions for rule in resolution.rules]

    #
    # Numbers
    #

    @cached_property
    def counts(self):
        """Standing -> number of rules, whatever the filters."""
        rules = [rule for standing in self.standings for rule in standing.resolution.effective_rules]
        return standing_counts([*rules, *self._open_at('to_close')])

    @property
    def summary(self):
        """The counts in words: see ``headline``."""
        return headline(self.counts, self.open_item_count)

    @cached_property
    def open_item_count(self):
        return sum(entry.is_open_item for standing in self.standings for entry in standing.resolution.unresolved)

    @property
    def hidden(self):
        """Number of required flows that the user may not view."""
        return self.unseen_flows + sum(standing.resolution.hidden for standing in self.standings)

    @property
    def unseen(self):
        """Number of rules that are open, no longer required, and not shown to the user."""
        return sum(standing.unseen for standing in self.standings)

    #
    # Lines
    #

    @cached_property
    def lines(self) -> list[ShownLine]:
        """The required rules, but for those that are open without approval."""
        rules = [rule for resolution in self.resolutions for rule in resolution.effective_rules]
        return self._lines(rule for rule in rules if rule.standing != UNAPPROVED)

    @cached_property
    def to_close(self) -> list[ShownLine]:
        return self._lines(self._open_at('to_close'), self._firewalls('to_close'))

    @cached_property
    def unapproved(self) -> list[ShownLine]:
        """The required rules that are open without approval."""
        rules = [rule for resolution in self.resolutions for rule in resolution.effective_rules]
        return self._lines((rule for rule in rules if rule.standing == UNAPPROVED), self._firewalls('unapproved'))

    @property
    def zones(self):
        """(zone, label, lines) in the order of the choices; inbound before outbound."""
        for zone, label in ZoneChoices:
            if found := [line for line in self.lines if line.zone == zone]:
                yield zone, label, found

    def _open_at(self, name):
        """What is to be closed, on any firewall or on the one of the page."""
        if self.point is None:
            return [rule for standing in self.standings for rule in getattr(standing, name)]
        return [
            rule
            for standing in self.standings
            for firewall in standing.firewalls
            if firewall.ref and firewall.ref.id == self.point
            for rule in getattr(firewall, name)
        ]

    def _firewalls(self, name):
        """A function: rule -> the firewalls on which it is to be closed, or open without approval."""
        at = {
            standing.resolution.gateway.id: [(f.ref, RuleSet(getattr(f, name))) for f in standing.firewalls]
            for standing in self.standings
        }
        found = {}

        def firewalls(rule):
            key = (rule.gateway.id, rule.key)
            if key not in found:
                found[key] = tuple(ref for ref, rules in at[rule.gateway.id] if permitted([rule], rules))
            return found[key]

        return firewalls

    def _lines(self, rules, firewalls=lambda rule: ()):
        lines = shown_lines(rules, rule_keys, firewalls, lambda rule: rule.standing)
        return [line for line in lines if self._shown(line)]

    def _shown(self, line):
        for name in ('direction', 'zone', 'standing'):
            if (asked := self.filters.get(name)) and getattr(line, name) != asked:
                return False
        text = self.filters.get('q')
        return not text or text.casefold() in _search_text(line)


def _search_text(line):
    """The text of a line to which the quick search applies."""
    remote, flows = line.remote, line.flows
    texts = [
        *(str(address) for address in (*line.local, *remote.addresses)),
        *(ref.name for ref in remote.endpoints),
        *remote.dns_names,
        *(str(spec) for spec in line.services),
        *(f'{f.name} {f.purpose} {f.role.name}' for f in flows),
        *line.tickets,
        # The stable ID of a rule, as in files
        *(rule.key for rule in line.rules),
    ]
    return ' '.join(texts).casefold()
