"""Which rules a single broader rule of the same gateway contains: marked, not hidden."""

from collections import defaultdict
from dataclasses import replace

from . import dns_names, ports
from .rule import Rule, Side

__all__ = ('contains', 'mark_covered')


def mark_covered(rules: list[Rule]) -> list[Rule]:
    """The same rules in the same order, each with the keys of the broader rules that contain it."""
    groups = defaultdict(list)
    for rule in rules:
        groups[rule.gateway, rule.direction, rule.zone, rule.protocol, rule.family].append(rule)
    covered = {}
    for group in groups.values():
        for rule in group:
            broader = [other.key for other in group if other is not rule and _covers(other, rule)]
            if broader:
                covered[rule.key] = tuple(sorted(broader))
    return [replace(rule, covered_by=covered[rule.key]) if rule.key in covered else rule for rule in rules]


def _covers(broad, narrow):
    if not contains(broad, narrow):
        return False
    # Two that contain each other (a prefix beside one of its addresses) open the same: one of them has to stay
    return not contains(narrow, broad) or broad.key < narrow.key


def contains(broad: Rule, narrow: Rule) -> bool:
    """Whether everything that ``narrow`` opens is opened by ``broad`` (same direction, zone, protocol and family)."""
    return (
        ports.contains(broad.ports, narrow.ports)
        and _side(broad.local, narrow.local)
        and _side(broad.remote, narrow.remote)
    )


def _side(broad: Side, narrow: Side) -> bool:
    if broad.any:
        return True
    if narrow.any:
        return False
    return all(any(b.contains(n) for b in broad.addresses) for n in narrow.addresses) and all(
        any(dns_names.covers(b, n) for b in broad.dns_names) for n in narrow.dns_names
    )
