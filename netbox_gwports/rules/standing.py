"""Where rules stand: what is to be requested, opened and closed, from what is required, approved and open.

All three are sets of rules of one gateway, compared part by part: see ``subtract``. Approved and open rules are those
of change requests as they were then, so that no edit of addresses or endpoints changes what counts as approved.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from .addresses import Ref
from .constants import APPROVED, IN_PLACE, NOT_REQUESTED, REJECTED, REQUESTED, TO_CLOSE, UNAPPROVED
from .rule import Resolution, Rule
from .subtract import RuleSet, permitted, remove, removed, split, uncovered

__all__ = ('Change', 'Firewall', 'History', 'Standing', 'approved', 'closing', 'counts', 'opened', 'stand')


@dataclass(frozen=True, slots=True)
class Change:
    """What one change request opens and closes for a gateway, or what of it was done on one firewall.

    ``holds`` False: its approval has expired. What it closed stays closed.
    """

    opens: tuple[Rule, ...] = ()
    closes: tuple[Rule, ...] = ()
    holds: bool = True


@dataclass(frozen=True, slots=True)
class History:
    """The changes of one gateway, each list in the order in which they were decided or done.

    ``implemented`` has those of each firewall; None is *no firewall recorded*.
    """

    requested: tuple[Change, ...] = ()
    rejected: tuple[Change, ...] = ()
    approved: tuple[Change, ...] = ()
    implemented: Mapping[Ref | None, tuple[Change, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Firewall:
    """What is left to do on one firewall for one gateway; ``ref`` None: no firewall recorded.

    ``unapproved`` is open without approval, whether it is required or not.
    """

    ref: Ref | None
    to_open: tuple[Rule, ...] = ()
    in_place: tuple[Rule, ...] = ()
    to_close: tuple[Rule, ...] = ()
    unapproved: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The requirements of a gateway with the standing of each rule; a rule that stands in two ways is split.

    ``to_close`` are the rules that are open on any firewall and no longer required.
    """

    resolution: Resolution
    to_close: tuple[Rule, ...] = ()
    firewalls: tuple[Firewall, ...] = ()

    def rules(self, *standings: str) -> tuple[Rule, ...]:
        """The effective rules with one of these standings."""
        return tuple(rule for rule in self.resolution.effective_rules if rule.standing in standings)

    @property
    def to_request(self) -> tuple[Rule, ...]:
        """Required and neither approved nor requested, open or not."""
        return self.rules(NOT_REQUESTED, REJECTED, UNAPPROVED)

    @property
    def to_open(self) -> tuple[Rule, ...]:
        return self.rules(APPROVED)

    @property
    def in_place(self) -> tuple[Rule, ...]:
        return self.rules(IN_PLACE)

    @property
    def unapproved(self) -> tuple[Rule, ...]:
        """Open without approval on any firewall."""
        return _union(firewall.unapproved for firewall in self.firewalls)


def counts(standing: Standing) -> dict[str, int]:
    """A standing in numbers, the same wherever they are shown. Rules are the effective ones.

    ``to_request`` includes rules that are open without approval; ``unapproved`` also counts those that are open and
    not required, which ``to_close`` has as well. ``clear_text`` counts rules with an unencrypted flow that nobody
    documented a mitigation for, also those that a broader rule covers or that cross no firewall.
    """
    resolution = standing.resolution
    rules = resolution.effective_rules
    return {
        'rules': len(rules),
        'to_request': len(standing.to_request),
        'requested': len(standing.rules(REQUESTED)),
        'to_open': len(standing.to_open),
        'in_place': len(standing.in_place),
        'to_close': len(standing.to_close),
        'unapproved': len(standing.unapproved),
        'open_items': sum(entry.is_open_item for entry in resolution.unresolved),
        'clear_text': sum(
            any(flow.clear_text and not flow.mitigation for flow in rule.flows) for rule in resolution.rules
        ),
    }


def closing(rules: Iterable[Rule], required: Iterable[Rule]) -> Change:
    """The change that closes these rules, and opens what is still required of them.

    A rule may be open on a firewall that it no longer crosses, and *any* or a wildcard cannot be closed in part.
    """
    closes = tuple(rules)
    return Change(opens=removed(required, closes), closes=closes)


def approved(changes: Iterable[Change]) -> tuple[Rule, ...]:
    """What is approved after these changes. Where a part of *any* was closed, nothing of it is."""
    rules: tuple[Rule, ...] = ()
    for change in changes:
        rules = (*remove(rules, change.closes), *(change.opens if change.holds else ()))
    return rules


def opened(changes: Iterable[Change]) -> tuple[Rule, ...]:
    """What is open after these changes. Where a part of *any* was closed, *any* still is."""
    rules: tuple[Rule, ...] = ()
    for change in changes:
        rules = (*uncovered(rules, change.closes), *change.opens)
    return rules


@dataclass(frozen=True, slots=True)
class _Known:
    """The sets of one gateway that its rules are compared with."""

    approved: RuleSet
    requested: RuleSet
    rejected: RuleSet
    opened: Mapping[Ref | None, RuleSet]
    with_ticket: tuple[Rule, ...]


def stand(resolution: Resolution, history: History, crossing: Mapping[str, Iterable[Ref]]) -> Standing:
    """The standing of every rule of a gateway.

    ``crossing`` has the firewalls that separate the gateway from each zone. A rule is in place when all firewalls that
    it crosses confirmed it; where there is none, when somebody confirmed it without one.
    """
    allowed = approved(history.approved)
    asked = _opens(history.requested)
    refused = _opens(history.rejected)
    open_at = {ref: opened(changes) for ref, changes in history.implemented.items()}
    known = _Known(
        RuleSet(allowed),
        RuleSet(asked),
        RuleSet(refused),
        {ref: RuleSet(rules) for ref, rules in open_at.items()},
        tuple(rule for rule in (*allowed, *asked, *refused) if rule.tickets),
    )
    crossed = {zone: tuple(refs) for zone, refs in crossing.items() if refs}
    parts = {
        # No firewall sees a rule within one segment
        rule.key: (rule,) if rule.same_segment else tuple(_parts(rule, known, crossed.get(rule.zone, (None,))))
        for rule in resolution.rules
    }
    stood = replace(resolution, rules=_merged(resolution.rules, parts))
    firewalls = tuple(_firewalls(stood.effective_rules, known, open_at, crossed))
    return Standing(stood, _union(firewall.to_close for firewall in firewalls), firewalls)


def _opens(changes: Iterable[Change]) -> tuple[Rule, ...]:
    return tuple(rule for change in changes for rule in change.opens)


def _parts(rule: Rule, known: _Known, at: tuple[Ref | None, ...]) -> Iterable[Rule]:
    """The parts of a rule that crosses these firewalls, from the least to the most advanced standing."""
    inside, left = split([rule], known.approved)
    placed = inside
    unapproved: tuple[Rule, ...] = ()
    for ref in at:
        there = known.opened.get(ref, RuleSet(()))
        placed = permitted(placed, there)
        found, left = split(left, there)
        unapproved += found
    requested, left = split(left, known.requested)
    rejected, left = split(left, known.rejected)
    for standing, parts in (
        (NOT_REQUESTED, left),
        (REJECTED, rejected),
        (REQUESTED, requested),
        (UNAPPROVED, unapproved),
        (APPROVED, uncovered(inside, placed)),
        (IN_PLACE, placed),
    ):
        for part in parts:
            yield replace(part, standing=standing, tickets=_tickets(part, known.with_ticket))


def _merged(rules: Iterable[Rule], parts: Mapping[str, tuple[Rule, ...]]) -> tuple[Rule, ...]:
    """The parts in the order of their rules. Equal parts of two rules are one, with the flows of both."""
    merged: dict[str, Rule] = {}
    for rule in rules:
        broader = {part.key for key in rule.covered_by for part in parts[key]}
        for part in parts[rule.key]:
            if twin := merged.get(part.key):
                flows = {flow.id: flow for flow in (*twin.flows, *part.flows)}
                part = replace(part, flows=tuple(flows[pk] for pk in sorted(flows)))
                # Where one of them has to stay, it stays
                broader = broader & set(twin.covered_by)
            merged[part.key] = replace(part, covered_by=tuple(sorted(broader - {part.key})))
    return tuple(merged.values())


def _firewalls(
    rules: tuple[Rule, ...],
    known: _Known,
    open_at: Mapping[Ref | None, tuple[Rule, ...]],
    crossed: Mapping[str, tuple[Ref, ...]],
) -> Iterable[Firewall]:
    """What is left to do on each firewall that a rule crosses or on which something is open."""
    refs = {ref for found in crossed.values() for ref in found} | {ref for ref in open_at if ref}
    for ref in (*sorted(refs), None):
        # Where no firewall was recorded, what any rule needs is not closed: it may have moved to a firewall since
        required = [rule for rule in rules if ref is None or ref in crossed.get(rule.zone, ())]
        here = [rule for rule in required if ref or not crossed.get(rule.zone)]
        in_place, to_open = split(permitted(here, known.approved), known.opened.get(ref, ()))
        found = Firewall(
            ref,
            to_open=to_open,
            in_place=in_place,
            to_close=_close(uncovered(open_at.get(ref, ()), required)),
            unapproved=uncovered(open_at.get(ref, ()), known.approved),
        )
        if ref or to_open or in_place or found.to_close or found.unapproved:
            yield found


def _close(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(replace(rule, standing=TO_CLOSE) for rule in rules)


def _union(sets: Iterable[Iterable[Rule]]) -> tuple[Rule, ...]:
    """All of them, without what another one has already."""
    found: tuple[Rule, ...] = ()
    for rules in sets:
        for rule in rules:
            found += uncovered([rule], found)
    return found


def _tickets(part: Rule, known: Iterable[Rule]) -> tuple[str, ...]:
    """The tickets of the rules that permit anything of this part."""
    return tuple(sorted({ticket for rule in known if permitted([part], [rule]) for ticket in rule.tickets}))
