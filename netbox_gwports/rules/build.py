"""From the flows of a gateway to its rules. The one resolver: page, APIs and exports all call ``resolve``."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import Any

from .addresses import Address
from .cover import mark_covered
from .needs import Flow, GatewayNeeds, Member, claiming
from .ports import PortSpec, contains, merge
from .remotes import Remote, remotes_of
from .rule import Note, Resolution, Rule, Side, Unresolved
from .zones import misplaced

__all__ = ('REASONS', 'resolve')

# In this order: the first that applies is told
REASONS = ('no_remote', 'addresses_not_chosen', 'no_address', 'wrong_zone', 'no_common_family', 'permitted_by_any')
FAMILIES = (4, 6)
# Protocols that exist in one family only
FAMILY_OF = {'icmp': 4, 'icmpv6': 6}


@dataclass(frozen=True, slots=True)
class _Part:
    """The smallest piece of a remote that can fail on its own: any, the DNS names, or one member."""

    label: str
    kind: str  # any, dns_names or addresses
    addresses: tuple[Address, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Own:
    """The addresses of the gateway that face one zone in one direction.

    ``usable`` maps an address to the subnets in which it stands; ``unusable`` has (family, reason, detail) of the
    others: they keep their place and yield no rule. ``families`` are those that it has in this direction, whatever
    they face.
    """

    usable: dict[Address, tuple[Address, ...]]
    unusable: tuple[tuple[int, str, str], ...]
    families: frozenset[int]
    notes: tuple[str, ...] = ()

    def of_family(self, family: int) -> tuple[Address, ...]:
        return tuple(address for address in self.usable if address.family == family)


def resolve(gateway: GatewayNeeds) -> Resolution:
    """The rules of one gateway and everything that yields none, in an order that depends on the content only.

    Nothing that cannot be resolved becomes a rule: it is told, with a reason of ``REASONS``.
    """
    rules: dict[tuple[Any, ...], list[Rule]] = defaultdict(list)
    notes: set[Note] = set()
    unresolved, unnamed, not_applicable, hidden = [], [], [], 0

    @cache
    def own_of(zone: str, direction: str) -> _Own:
        return _own(gateway, zone, direction)

    for flow in sorted(gateway.flows, key=lambda f: f.id):
        remotes = remotes_of(flow, gateway)
        if remotes is None:
            not_applicable.append(flow)
        elif not all(remote.visible for remote in remotes):
            hidden += 1
        elif not remotes:
            unnamed.append(flow)
        else:
            made, failures, told = _resolve_flow(flow, remotes, gateway, own_of)
            notes |= told
            for rule in made:
                rules[rule.content].append(rule)
            unresolved += failures
    merged = mark_covered([_merge(same) for same in rules.values()])
    permitted = _permitted_to_any(merged)
    unresolved += [_unnamed(flow, permitted[flow.direction, flow.role_zone]) for flow in unnamed]
    return Resolution(
        gateway=gateway.ref,
        rules=tuple(sorted(merged, key=_order)),
        unresolved=tuple(sorted(set(unresolved), key=lambda u: (u.flow.id, REASONS.index(u.reason), u.detail, u.zone))),
        not_applicable=tuple(not_applicable),
        hidden=hidden,
        notes=tuple(sorted(notes)),
    )


def _order(rule: Rule) -> tuple[Any, ...]:
    addresses = [address.sort_key for address in rule.remote.addresses]
    return rule.zone, rule.direction, rule.ports, rule.family, rule.remote.kind, addresses, rule.key


def _resolve_flow(
    flow: Flow, remotes: list[Remote], gateway: GatewayNeeds, own_of: Callable[[str, str], _Own]
) -> tuple[list[Rule], list[Unresolved], set[Note]]:
    made: list[Rule] = []
    failures: list[Unresolved] = []
    met: set[PortSpec] = set()
    reached: list[Remote] = []
    notes: set[Note] = set()
    for remote in remotes:
        own = own_of(remote.zone, flow.direction)
        specs = remote.ports_of(flow)
        good = []
        for part in _parts(flow, remote):
            addresses, families, gaps = _meet(part, own, specs, gateway, remote.zone)
            failures += [Unresolved(flow, reason, detail, remote.zone) for reason, detail in gaps]
            if families:
                good.append(replace(part, addresses=addresses))
                met |= {spec for spec in specs for family in families if _exists(spec, family)}
        if good:
            reached.append(remote)
            notes |= {Note(remote.zone, text) for text in (*own.notes, *(t for part in good for t in part.notes))}
            made += _rules(flow, remote, good, own, specs, gateway)
    if not made:
        return [], [_first(flow, failures)], set()
    unmet = [
        Unresolved(flow, 'no_common_family', f'{spec} meets no address of its family here', remote.zone)
        for remote in reached
        for spec in remote.ports_of(flow)
        if spec not in met
    ]
    return made, failures + unmet, notes


def _own(gateway: GatewayNeeds, zone: str, direction: str) -> _Own:
    # Own addresses may be outside the zone that they face, but not in another one
    networks = [(name, tuple(n for n in held if not n.is_all)) for name, held in gateway.zone_networks]
    usable: dict[Address, list[Address]] = defaultdict(list)
    unusable: list[tuple[int, str, str]] = []
    notes: list[str] = []
    for local in claiming(gateway.addresses, zone, direction) if gateway.chosen else ():
        if local.lost:
            unusable.append((local.address.family, 'no_address', local.lost))
        elif why := misplaced(local.address, zone, networks):
            unusable.append((local.address.family, 'wrong_zone', why))
        else:
            usable[local.address] += [local.segment] if local.segment else []
            notes += [local.note] if local.note else []
    return _Own(
        usable={address: tuple(usable[address]) for address in sorted(usable, key=lambda a: a.sort_key)},
        unusable=tuple(unusable),
        families=frozenset(a.address.family for a in gateway.addresses if a.fits(direction) and not a.lost),
        notes=tuple(notes),
    )


def _exists(spec: PortSpec, family: int) -> bool:
    return FAMILY_OF.get(spec.protocol, family) == family


def _parts(flow: Flow, remote: Remote) -> list[_Part]:
    if remote.is_empty:
        name = remote.endpoint.name if remote.endpoint else flow.role.name
        return [_Part(f'{name} has no members', 'addresses')]
    parts = [_Part('any', 'any')] if remote.any else []
    if remote.dns_names:
        parts.append(_Part(', '.join(remote.dns_names), 'dns_names'))
    return parts + [_Part(m.label, 'addresses', m.addresses, _notes(m)) for m in remote.members]


def _notes(member: Member) -> tuple[str, ...]:
    notes = [member.note] if member.note else []
    if member.others:
        used, others = (', '.join(map(str, addresses)) for addresses in (member.addresses, member.others))
        notes.append(f'{member.label}: {used} is used; it also has {others}')
    return tuple(notes)


def _meet(
    part: _Part, own: _Own, specs: tuple[PortSpec, ...], gateway: GatewayNeeds, zone: str
) -> tuple[tuple[Address, ...], set[int], list[tuple[str, str]]]:
    """(the addresses of a part that may be met, the families in which it is met, what is not met as (reason, detail)).

    Every family that the gateway has and the part needs is met or told.
    """
    named = [address for address in part.addresses if not address.is_all]
    if part.kind == 'addresses' and not named:
        return (), set(), [('no_remote', _without_address(part))]
    if not gateway.chosen:
        return (), set(), [('addresses_not_chosen', f'No addresses selected for {gateway.ref.name}')]
    if not (own.usable or own.unusable):
        return (), set(), [('no_address', f'{gateway.ref.name} has no address that faces the zone {zone}')]
    where = [(address, misplaced(address, zone, gateway.zone_networks)) for address in named]
    gaps = [('wrong_zone', why) for _address, why in where if why]
    placed = tuple(address for address, why in where if not why)
    if part.kind == 'addresses' and not placed:
        return (), set(), gaps
    existing = {f for f in FAMILIES if any(_exists(spec, f) for spec in specs)}
    wanted = existing & {address.family for address in placed} if placed else existing
    met = {family for family in wanted if _pairs(placed, own.of_family(family), family)}
    gaps += [(reason, detail) for family, reason, detail in own.unusable if family in wanted]
    unmet = wanted - met - {family for family, _reason, _detail in own.unusable}
    if not met and not gaps:
        return (), set(), [_nothing(part, placed, own, gateway, zone)]
    gaps += [
        ('no_common_family', f'{gateway.ref.name} has no IPv{family} address that faces the zone {zone}')
        for family in unmet & own.families
        # A part that is the gateway itself in this family has nothing to meet there
        if not any(address in own.usable for address in placed if address.family == family)
    ]
    return placed, met, gaps


def _pairs(placed: tuple[Address, ...], local: tuple[Address, ...], family: int) -> bool:
    """Whether a permit between two different addresses is left in this family; any and DNS names meet every address."""
    if not placed:
        return bool(local)
    return any(address.family == family and mine != address for address in placed for mine in local)


def _nothing(part: _Part, placed: tuple[Address, ...], own: _Own, gateway: GatewayNeeds, zone: str) -> tuple[str, str]:
    """(reason, detail) of a part that is met in no family."""
    if any(address in own.usable for address in placed):
        return 'no_remote', f'{part.label} is the gateway itself'
    if not own.usable:
        return 'no_address', f'{gateway.ref.name} has no address that faces the zone {zone}'
    return 'no_common_family', f'{part.label} and {gateway.ref.name} share no address family'


def _without_address(part: _Part) -> str:
    return part.label if part.label.endswith('has no members') else f'{part.label} has no address'


def _first(flow: Flow, failures: list[Unresolved]) -> Unresolved:
    reason = min((failure.reason for failure in failures), key=REASONS.index)
    told = [failure for failure in failures if failure.reason == reason]
    details = sorted({failure.detail for failure in told})
    return Unresolved(flow, reason, '; '.join(details), min(failure.zone for failure in told))


def _rules(
    flow: Flow, remote: Remote, parts: list[_Part], own: _Own, specs: tuple[PortSpec, ...], gateway: GatewayNeeds
) -> list[Rule]:
    """The rules of one remote: per kind, family, protocol and place, as exact products of both ends."""
    endpoints = (remote.endpoint,) if remote.endpoint else ()
    made: list[Rule] = []
    # An address that several members name keeps what each of them says of it
    named = Side.union(Side(addresses=part.addresses) for part in parts).addresses
    for family in FAMILIES:
        mine = own.of_family(family)
        if not mine:
            continue
        usable = merge(spec for spec in specs if _exists(spec, family))
        ends = [(mine, Side(any=True, endpoints=endpoints), False) for part in parts if part.kind == 'any']
        if any(part.kind == 'dns_names' for part in parts):
            ends.append((mine, Side(dns_names=tuple(sorted(remote.dns_names)), endpoints=endpoints), False))
        ends += [
            (local, Side(addresses=found, endpoints=endpoints), same)
            for local, found, same in _products(own, mine, [a for a in named if a.family == family])
        ]
        for protocol, group in groupby(usable, key=lambda spec: spec.protocol):
            ports = tuple(group)
            made += [
                Rule(
                    gateway=gateway.ref,
                    direction=flow.direction,
                    zone=remote.zone,
                    family=family,
                    protocol=protocol,
                    ports=ports,
                    local=Side(addresses=local),
                    remote=side,
                    flows=(flow,),
                    same_segment=same,
                    via_proxy_to=remote.via_proxy_to,
                )
                for local, side, same in ends
            ]
    return made


def _products(
    own: _Own, mine: tuple[Address, ...], remote: list[Address]
) -> Iterator[tuple[tuple[Address, ...], tuple[Address, ...], bool]]:
    """Split into (local, remote, same segment) so that no address meets itself and no place is mixed.

    Same segment is asked of each pair: the remote lies in the subnet in which that local address stands.
    """
    groups: dict[tuple[tuple[Address, ...], bool], list[Address]] = defaultdict(list)
    for address in remote:
        for same in (False, True):
            local = tuple(a for a in mine if a != address and any(s.contains(address) for s in own.usable[a]) == same)
            if local:
                groups[local, same].append(address)
    for (local, same), addresses in groups.items():
        yield local, tuple(addresses), same


def _merge(same: list[Rule]) -> Rule:
    """Rules of one content as one, with all their flows and everything they know."""
    first = same[0]
    if len(same) == 1:
        return first
    return replace(
        first,
        flows=tuple(sorted({flow for rule in same for flow in rule.flows}, key=lambda f: f.id)),
        remote=Side.union(rule.remote for rule in same),
        via_proxy_to=tuple(sorted({text for rule in same for text in rule.via_proxy_to})),
    )


def _permitted_to_any(rules: list[Rule]) -> Mapping[tuple[str, str], tuple[PortSpec, ...]]:
    """(direction, zone) -> the ports on which any address of the zone is permitted."""
    found: dict[tuple[str, str], set[PortSpec]] = defaultdict(set)
    for rule in rules:
        if rule.remote.any:
            found[rule.direction, rule.zone].update(rule.ports)
    return defaultdict(tuple, {place: merge(specs) for place, specs in found.items()})


def _unnamed(flow: Flow, permitted: tuple[PortSpec, ...]) -> Unresolved:
    """A flow without a remote; where an *any* of its zone permits its ports already, it needs none."""
    if contains(permitted, flow.ports):
        detail = f'{flow.role.name}: any address of its zone is permitted already'
        return Unresolved(flow, 'permitted_by_any', detail, flow.role_zone)
    return Unresolved(flow, 'no_remote', f'No endpoint for {flow.role.name}', flow.role_zone)
