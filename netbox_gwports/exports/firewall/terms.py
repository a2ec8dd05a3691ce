"""Lines as the terms of a policy: one protocol, one family, permit or deny, in the order that is safe."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from ...choices import ZoneChoices
from ...rules.addresses import Address
from ...rules.compact import Line
from ...rules.ports import PortSpec
from ...rules.rule import Rule, Side
from ..base import Work
from ..options import Options
from ..text import comment

__all__ = ('Term', 'blind_order', 'other_zones', 'published', 'terms')

INTERNET = ZoneChoices.INTERNET


@dataclass(frozen=True, slots=True)
class Term:
    """``ports`` are of ``protocol``, empty for a portless one; ``keys`` those of the rules that it permits."""

    name: str
    permit: bool
    direction: str
    zone: str
    family: int
    protocol: str
    ports: tuple[PortSpec, ...]
    source: Side
    destination: Side
    comment: str
    keys: frozenset[str]

    @property
    def any(self) -> bool:
        return self.source.any or self.destination.any


def terms(lines: Iterable[Line]) -> Iterator[Term]:
    """The permits of lines of one family each, one a protocol."""
    for line in lines:
        for protocol, specs in groupby(line.services, key=lambda spec: spec.protocol):
            specs = tuple(specs)
            rules = [rule for rule in line.rules if rule.protocol == protocol]
            yield _named(
                Term('', True, line.direction, line.zone, line.families[0], protocol,
                     tuple(spec for spec in specs if spec.first), line.source, line.destination, _why(rules),
                     frozenset(rule.key for rule in rules))
            )  # fmt: skip


def _named(term):
    """A name that depends on the content only, short enough for every target."""
    ends = [
        (side.any, [_said(address) for address in side.addresses], side.dns_names)
        for side in (term.source, term.destination)
    ]
    said = term.permit, term.direction, term.zone, term.family, term.protocol, [str(spec) for spec in term.ports], ends
    found = hashlib.sha256(repr(said).encode()).hexdigest()[:8]
    start = {'inbound': 'in', 'outbound': 'out'}[term.direction] if term.permit else 'not'
    return replace(term, name=f'{start}{term.family}-{term.protocol.replace("/", "")}-{found}')


def _said(address):
    return f'{address} {address.vrf.name}' if address.vrf else str(address)


def _why(rules):
    flows = sorted({flow for rule in rules for flow in rule.flows}, key=lambda flow: flow.id)
    reasons = dict.fromkeys(flow.purpose for flow in flows)
    tickets = dict.fromkeys(flow.ticket for flow in flows if flow.ticket)
    gateways = sorted({rule.gateway.name for rule in rules})
    return comment(' - '.join(part for part in (', '.join(gateways), ', '.join(tickets), ', '.join(reasons)) if part))


def other_zones(zone: str) -> tuple[str, ...]:
    """The zones whose networks *any* of this one does not mean."""
    return tuple(value for value in ZoneChoices.values() if value != zone)


def blind_order(found: Iterable[Term], options: Options) -> list[Term]:
    """For a target that cannot tell zones apart: the specific permits, then a deny of the gateways to and from the
    networks of the other zones, then the permits of any.

    *any* of a zone other than the Internet is the networks of that zone. That they are known was asked before.
    """
    specific, denies, anys = [], [], []
    for term in found:
        if not term.any:
            specific.append(term)
        elif term.zone != INTERNET:
            specific.append(_named(_with_remote(term, options.networks[term.zone])))
        else:
            known = [network for zone in other_zones(term.zone) for network in options.networks[zone]]
            if networks := _of(term.family, known):
                deny = replace(term, permit=False, keys=frozenset(), comment='any is any address of its zone')
                denies.append(_named(_with_remote(deny, networks)))
            anys.append(term)
    return [*specific, *denies, *anys]


def _with_remote(term, networks):
    remote = Side(addresses=_of(term.family, networks))
    return replace(term, source=remote) if term.source.any else replace(term, destination=remote)


def _of(family, networks: Iterable[Address]):
    found = {network for network in networks if network.family == family}
    return tuple(sorted(found, key=lambda network: network.sort_key))


def published(work: Work, rule: Rule) -> Rule:
    """The rule with the addresses under which others reach the gateway: for inbound destinations only."""
    if rule.direction != 'inbound':
        return rule
    outside = work.material.outside
    # An outside address of the other family is another rule's matter
    addresses = {
        found
        for address in rule.local.addresses
        for found in [o for o in outside.get(address, ()) if o.family == rule.family] or [address]
    }
    return replace(
        rule, local=replace(rule.local, addresses=tuple(sorted(addresses, key=lambda address: address.sort_key)))
    )
