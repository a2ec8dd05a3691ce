"""What one set of rules permits and another does not, port by port and address by address."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace

from . import ports
from .rule import Rule, Side

__all__ = ('uncovered',)


def uncovered(rules: Iterable[Rule], by: Iterable[Rule]) -> tuple[Rule, ...]:
    """The parts of ``rules`` that nothing in ``by`` permits, as rules with the same flows, in the same order.

    Several rules together may permit one. An address, prefix or range that is permitted in part is left whole.
    """
    permitting: dict[Hashable, list[Rule]] = defaultdict(list)
    for rule in by:
        permitting[_place(rule)].append(rule)
    return tuple(part for rule in rules for part in _parts(rule, permitting[_place(rule)]))


def _place(rule: Rule) -> Hashable:
    return rule.gateway, rule.direction, rule.zone, rule.protocol, rule.family


def _parts(rule: Rule, by: list[Rule]) -> Iterator[Rule]:
    """The rest of a rule as products of both ends: its pairs of ends grouped by the ports that are left to them."""
    remotes_of = defaultdict(list)
    for local in rule.local.parts:
        for remote in rule.remote.parts:
            permitted = [p for r in by if r.local.contains(local) and r.remote.contains(remote) for p in r.ports]
            if left := ports.subtract(rule.ports, permitted):
                remotes_of[local, left].append(remote)
    locals_of = defaultdict(list)
    for (local, left), remotes in remotes_of.items():
        locals_of[tuple(remotes), left].append(local)
    for (met, left), locals_ in locals_of.items():
        yield replace(rule, ports=left, local=Side.union(locals_), remote=Side.union(met), covered_by=())
