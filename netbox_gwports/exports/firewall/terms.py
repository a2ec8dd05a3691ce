"""Lines as the terms of a policy: one protocol, one family, permit or deny, in the order that is safe."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from ...rules.addresses import Address
from ...rules.compact import Line
from ...rules.constants import INBOUND, INTERNET
from ...rules.ports import PortSpec
from ...rules.rule import Rule, Side
from ..base import Work
from ..options import Options
from ..text import comment

__all__ = ('Term', 'blind_order', 'published', 'terms')


@dataclass(frozen=True, slots=True)
class Term:
    """``ports`` are those of ``protocol``, empty for a portless one; ``keys`` are of the rules that it permits."""

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
    """The permits of lines that are of one family each: one term for each protocol."""
    for line in lines:
        for protocol, specs in groupby(line.services, key=lambda spec: spec.protocol):
            rules = [rule for rule in line.rules if rule.protocol == protocol]
            yield _named(
                Term(
                    name='',
                    permit=True,
                    direction=line.direction,
                    zone=line.zone,
                    family=line.families[0],
                    protocol=protocol,
                    ports=tuple(spec for spec in specs if spec.first),
                    source=line.source,
                    destination=line.destination,
                    comment=_reasons(rules),
                    keys=frozenset(rule.key for rule in rules),
                )
            )


def _named(term: Term) -> Term:
    """The term with a name that depends only on its content, short enough for every target."""
    ends = [
        (side.any, [_text(address) for address in side.addresses], side.dns_names)
        for side in (term.source, term.destination)
    ]
    content = (
        term.permit,
        term.direction,
        term.zone,
        term.family,
        term.protocol,
        [str(spec) for spec in term.ports],
        ends,
    )
    digest = hashlib.sha256(repr(content).encode()).hexdigest()[:8]
    start = {'inbound': 'in', 'outbound': 'out'}[term.direction] if term.permit else 'not'
    return replace(term, name=f'{start}{term.family}-{term.protocol.replace("/", "")}-{digest}')


def _text(address: Address) -> str:
    return f'{address} {address.vrf.name}' if address.vrf else str(address)


def _reasons(rules: list[Rule]) -> str:
    flows = sorted({flow for rule in rules for flow in rule.flows}, key=lambda flow: flow.id)
    reasons = dict.fromkeys(flow.purpose for flow in flows)
    tickets = sorted({ticket for rule in rules for ticket in rule.tickets})
    gateways = sorted({rule.gateway.name for rule in rules})
    return comment(' - '.join(part for part in (', '.join(gateways), ', '.join(tickets), ', '.join(reasons)) if part))


def blind_order(terms: Iterable[Term], options: Options) -> list[Term]:
    """For a target that cannot distinguish zones: the specific permits, then a deny of the gateways to and from the
    networks of the other zones, then the permits of any.

    *any* of a zone other than the Internet is written as the networks of that zone. Every network that is needed here
    is known: rules without them were refused.
    """
    specific, denies, anys = [], [], []
    for term in terms:
        if not term.any:
            specific.append(term)
        elif term.zone != INTERNET:
            specific.append(_named(_with_remote(term, options.networks[term.zone])))
        else:
            known = [network for zone in options.site.other_zones(term.zone) for network in options.networks[zone]]
            if networks := _of(term.family, known):
                deny = replace(term, permit=False, keys=frozenset(), comment='any is any address of its zone')
                denies.append(_named(_with_remote(deny, networks)))
            anys.append(term)
    return [*specific, *denies, *anys]


def _with_remote(term: Term, networks: Iterable[Address]) -> Term:
    remote = Side(addresses=_of(term.family, networks))
    return replace(term, source=remote) if term.source.any else replace(term, destination=remote)


def _of(family: int, networks: Iterable[Address]) -> tuple[Address, ...]:
    matching = {network for network in networks if network.family == family}
    return tuple(sorted(matching, key=lambda network: network.sort_key))


def published(work: Work, rule: Rule) -> Rule:
    """The rule with the addresses under which others reach the gateway: for inbound destinations only."""
    if rule.direction != INBOUND:
        return rule
    outside = work.material.outside
    # An outside address of the other family belongs to another rule
    addresses = {
        translated
        for address in rule.local.addresses
        for translated in [o for o in outside.get(address, ()) if o.family == rule.family] or [address]
    }
    return replace(
        rule, local=replace(rule.local, addresses=tuple(sorted(addresses, key=lambda address: address.sort_key)))
    )
