"""Which rules a single broader rule of the same gateway contains: marked, not hidden."""

from collections import defaultdict
from dataclasses import replace

from . import ports
from .rule import Rule

__all__ = ('contains', 'mark_covered')


def mark_covered(rules: list[Rule]) -> list[Rule]:
    """The same rules in the same order, each with the keys of the broader rules that contain it."""
    groups = defaultdict(list)
    for rule in rules:
        groups[rule.gateway, rule.direction, rule.zone, rule.protocol, rule.family].append(rule)
    covered = {}
    for group in groups.values():
        for rule in group:
            broader = [other.key for other in group if _covers(other, rule)]
            if broader:
                covered[rule.key] = tuple(sorted(broader))
    return [replace(rule, covered_by=covered[rule.key]) if rule.key in covered else rule for rule in rules]


def _covers(broad: Rule, narrow: Rule) -> bool:
    # Two rules that contain each other (a prefix beside one of its addresses) open the same: one of them has to stay
    return contains(broad, narrow) and (not contains(narrow, broad) or broad.key < narrow.key)


def contains(broad: Rule, narrow: Rule) -> bool:
    """Whether ``broad`` permits everything that ``narrow`` does; both have one direction, zone, protocol and family."""
    return (
        ports.contains(broad.ports, narrow.ports)
        and broad.local.contains(narrow.local)
        and broad.remote.contains(narrow.remote)
    )
