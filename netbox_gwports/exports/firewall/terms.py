"""Rules as the terms of a policy, permit or deny, in the order that is safe. Each rule is a term with its key as name.

Rules are not joined here: a term that many rules share could neither keep the tickets of each gateway nor be removed
alone, and its name would change with its neighbours.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ...rules.addresses import Address
from ...rules.constants import DIRECTIONS, INBOUND, INTERNET
from ...rules.ports import PortSpec
from ...rules.rule import Rule, Side
from ..base import Work
from ..options import Options
from ..text import comment

__all__ = ('Term', 'blind_order', 'gateway_sides', 'rest', 'term_of')


@dataclass(frozen=True, slots=True)
class Term:
    """``name`` is the key of a rule, or begins with ``not-`` or ``rest-`` for a deny. ``protocol`` is empty for all.

    ``ports`` are those of ``protocol``, empty for a portless one; ``key`` is that of the rule that it permits.
    """

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
    key: str = ''

    @property
    def any(self) -> bool:
        return self.source.any or self.destination.any

    @property
    def order(self) -> tuple[object, ...]:
        ends = (self.source, self.destination)
        return (
            self.zone,
            self.direction,
            self.protocol,
            self.ports,
            self.family,
            [([a.sort_key for a in side.addresses], side.dns_names) for side in ends],
            self.name,
        )


def term_of(rule: Rule, work: Work, outside: bool) -> Term:
    """The term of one rule; ``outside`` is whether the target matches the address before NAT."""
    local = published(work, rule) if outside else rule.local
    ends = (rule.remote, local) if rule.direction == INBOUND else (local, rule.remote)
    return Term(
        name=rule.key,
        permit=True,
        direction=rule.direction,
        zone=rule.zone,
        family=rule.family,
        protocol=rule.protocol,
        ports=tuple(spec for spec in rule.ports if spec.first),
        source=_bare(ends[0]),
        destination=_bare(ends[1]),
        comment=facts(rule, work),
        key=rule.key,
    )


def facts(rule: Rule, work: Work) -> str:
    """What the comment of a rule tells: its gateway, its tickets and its reasons. The only place that knows them."""
    reasons = dict.fromkeys(flow.purpose for flow in rule.flows)
    # A long name must leave room for the reasons, but keeps the ID that tells it from another one
    name, bracket, identity = work.material.label(rule.gateway).partition(' (ID ')
    identity = bracket + identity
    gateway = comment(name, 32 - len(identity)) + identity
    return ': '.join(part for part in (gateway, ' '.join(rule.tickets), ', '.join(reasons)) if part)


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
            specific.append(_with_remote(term, options.networks[term.zone]))
        else:
            known = [network for zone in options.site.other_zones(term.zone) for network in options.networks[zone]]
            if _of(term.family, known):
                deny = replace(
                    term, name=f'not-{term.name}', permit=False, key='', comment='any is any address of its zone'
                )
                denies.append(_with_remote(deny, known))
            anys.append(term)
    return [*specific, *denies, *anys]


def gateway_sides(work: Work, outside: bool) -> dict[tuple[str, int], Side]:
    """(direction, family) -> the addresses of the gateways, as destinations of inbound and as sources of outbound
    traffic.

    Those of all rules of the material count: also of those that are not in this file.
    """
    addresses: defaultdict[tuple[str, int], set[Address]] = defaultdict(set)
    for rule in work.material.rules:
        for direction in DIRECTIONS:
            side = published(work, rule) if outside and direction == INBOUND == rule.direction else rule.local
            addresses[direction, rule.family].update(side.addresses)
    return {place: _bare(Side(addresses=tuple(found))) for place, found in sorted(addresses.items())}


def rest(work: Work, outside: bool) -> list[Term]:
    """The denies of all other traffic of these gateways: one for each direction, zone and family of their rules."""
    zones = sorted({rule.zone for rule in work.material.rules})
    return [
        Term(
            name=f'rest-{"in" if direction == INBOUND else "out"}{family}-{zone}',
            permit=False,
            direction=direction,
            zone=zone,
            family=family,
            protocol='',
            ports=(),
            source=Side(any=True) if direction == INBOUND else local,
            destination=local if direction == INBOUND else Side(any=True),
            comment='the rest of these gateways',
        )
        for (direction, family), local in gateway_sides(work, outside).items()
        for zone in zones
        if work.options.includes(zone, direction)
    ]


def published(work: Work, rule: Rule) -> Side:
    """The gateway's end under the addresses by which others reach it: for inbound destinations only."""
    if rule.direction != INBOUND:
        return rule.local
    outside = work.material.outside
    # An outside address of the other family belongs to another rule
    addresses = {
        translated
        for address in rule.local.addresses
        for translated in [o for o in outside.get(address, ()) if o.family == rule.family] or [address]
    }
    return replace(rule.local, addresses=tuple(addresses))


def _bare(side: Side) -> Side:
    """Without VRFs and without addresses that another one contains: some targets refuse overlapping members."""
    found = {replace(address, vrf=None) for address in side.addresses}
    kept = [a for a in found if not any(other != a and other.contains(a) for other in found)]
    return replace(side, addresses=tuple(sorted(kept, key=lambda address: address.sort_key)), endpoints=())


def _with_remote(term: Term, networks: Iterable[Address]) -> Term:
    remote = _bare(Side(addresses=_of(term.family, networks)))
    return replace(term, source=remote) if term.source.any else replace(term, destination=remote)


def _of(family: int, networks: Iterable[Address]) -> tuple[Address, ...]:
    return tuple(network for network in networks if network.family == family)
