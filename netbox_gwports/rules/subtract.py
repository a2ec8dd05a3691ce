"""What one set of rules opens and another does not, port by port and address by address."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from . import dns_names, ports
from .rule import Rule, Side

__all__ = ('uncovered',)


def uncovered(rules: Iterable[Rule], by: Iterable[Rule]) -> tuple[Rule, ...]:
    """The parts of ``rules`` that nothing in ``by`` permits, as rules with the same reasons, in the same order.

    Several rules together may permit one. An address, prefix or range that is permitted in part counts as a whole.
    """
    permitting = defaultdict(list)
    for rule in by:
        permitting[_place(rule)].append(rule)
    return tuple(part for rule in rules for part in _parts(rule, permitting[_place(rule)]))


def _place(rule):
    return rule.gateway, rule.direction, rule.zone, rule.protocol, rule.family


def _parts(rule, by) -> Iterator[Rule]:
    """The rest of a rule as products of both ends: its pairs of ends grouped by the ports that are left to them."""
    remotes_of = defaultdict(list)
    for local in rule.local.addresses:
        for remote in _atoms(rule.remote):
            left = ports.subtract(rule.ports, _permitted(local, remote, by))
            if left:
                remotes_of[local, left].append(remote)
    locals_of = defaultdict(list)
    for (local, left), remotes in remotes_of.items():
        locals_of[tuple(remotes), left].append(local)
    for (remotes, left), local in locals_of.items():
        yield replace(
            rule,
            ports=left,
            local=replace(rule.local, addresses=tuple(local)),
            remote=_joined(rule.remote, remotes),
            covered_by=(),
        )


def _atoms(side: Side) -> list[Side]:
    """Its smallest pieces: any, one address or one host name."""
    if side.any:
        return [side]
    return [
        *(replace(side, addresses=(address,), dns_names=()) for address in side.addresses),
        *(replace(side, addresses=(), dns_names=(dns_name,)) for dns_name in side.dns_names),
    ]


def _joined(side, atoms):
    return replace(
        side,
        addresses=tuple(address for atom in atoms for address in atom.addresses),
        dns_names=tuple(dns_name for atom in atoms for dns_name in atom.dns_names),
    )


def _permitted(local, remote, by):
    return [
        spec
        for rule in by
        if any(address.contains(local) for address in rule.local.addresses) and _covers(rule.remote, remote)
        for spec in rule.ports
    ]


def _covers(side, atom):
    if side.any or atom.any:
        return side.any
    return all(any(mine.contains(a) for mine in side.addresses) for a in atom.addresses) and all(
        any(dns_names.covers(mine, dns_name) for mine in side.dns_names) for dns_name in atom.dns_names
    )
