"""From the flows of a gateway to its rules. The one resolver: page, APIs and exports all call ``resolve``."""

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby

from .addresses import Address
from .cover import mark_covered
from .needs import Flow, GatewayNeeds, facing
from .ports import contains, merge
from .remotes import Remote, remotes_of
from .rule import Resolution, Rule, Side, Unresolved

__all__ = ('REASONS', 'resolve')

# In this order: the first that applies is told
REASONS = ('no_remote', 'addresses_not_chosen', 'no_address', 'no_common_family', 'permitted_by_any')
FAMILIES = (4, 6)
# Protocols that exist in one family only
FAMILY_OF = {'icmp': 4, 'icmpv6': 6}


@dataclass(frozen=True, slots=True)
class _Part:
    """The smallest piece of a remote that can fail on its own: any, the host names, or one member."""

    label: str
    kind: str  # any, hosts or addresses
    addresses: tuple[Address, ...] = ()


def resolve(gateway: GatewayNeeds) -> Resolution:
    """The rules of one gateway and everything that yields none, in an order that depends on the content only.

    Nothing that cannot be resolved becomes a rule: it is told, with a reason of ``REASONS``.
    """
    rules: dict[tuple, list[Rule]] = defaultdict(list)
    unresolved, unnamed, not_applicable, hidden = [], [], [], 0
    for flow in sorted(gateway.flows, key=lambda f: f.id):
        remotes = remotes_of(flow, gateway)
        if remotes is None:
            not_applicable.append(flow)
        elif not all(remote.visible for remote in remotes):
            hidden += 1
        elif not remotes:
            unnamed.append(flow)
        else:
            made, failures = _resolve_flow(flow, remotes, gateway)
            for rule in made:
                rules[rule.content].append(rule)
            unresolved += failures
    merged = mark_covered([_merge(same) for same in rules.values()])
    unresolved += [_unnamed(flow, merged) for flow in unnamed]
    return Resolution(
        gateway=gateway.ref,
        rules=tuple(sorted(merged, key=_order)),
        unresolved=tuple(sorted(set(unresolved), key=lambda u: (u.flow.id, REASONS.index(u.reason), u.detail, u.zone))),
        not_applicable=tuple(not_applicable),
        hidden=hidden,
    )


def _order(rule):
    addresses = [address.sort_key for address in rule.remote.addresses]
    return rule.zone, rule.direction, rule.ports, rule.family, rule.remote.kind, addresses, rule.key


def _resolve_flow(flow, remotes, gateway):
    made, failures, met = [], [], set()
    for remote in remotes:
        locals_ = facing(gateway.addresses, remote.zone, flow.direction) if gateway.chosen else ()
        specs = remote.ports if remote.ports and flow.direction == 'outbound' else flow.ports
        good = []
        for part in _parts(flow, remote):
            families, failure = _families(part, locals_, specs, gateway, remote.zone)
            if failure:
                failures.append(Unresolved(flow, *failure, remote.zone))
            else:
                good.append(part)
                met |= {spec for spec in specs for family in families if FAMILY_OF.get(spec.protocol, family) == family}
        made += _rules(flow, remote, good, locals_, specs, gateway)
    if not made:
        return [], [_first(flow, failures)]
    lost = [
        Unresolved(flow, 'no_common_family', f'{spec} meets no address of its family here', remote.zone)
        for remote in remotes
        for spec in (remote.ports if remote.ports and flow.direction == 'outbound' else flow.ports)
        if spec not in met
    ]
    return made, failures + lost


def _parts(flow: Flow, remote: Remote) -> list[_Part]:
    if remote.is_empty:
        return [_Part(f'{remote.endpoint.name} names nobody', 'addresses')]
    parts = [_Part('any', 'any')] if remote.any else []
    if remote.dns_names:
        parts.append(_Part(', '.join(remote.dns_names), 'dns_names'))
    return parts + [_Part(member.label, 'addresses', member.addresses) for member in remote.members]


def _families(part, locals_, specs, gateway, zone):
    """The families in which a part can be met, or (reason, detail) why it cannot."""
    if part.kind == 'addresses':
        usable = [address for address in part.addresses if not address.is_all]
        if not usable:
            return None, ('no_remote', _without_address(part))
        if all(address in locals_ for address in usable) and len(locals_) == 1:
            return None, ('no_remote', f'{part.label} is the gateway itself')
    if not gateway.chosen:
        return None, ('addresses_not_chosen', f'Nobody said which addresses {gateway.ref.name} uses')
    if not locals_:
        return None, ('no_address', f'{gateway.ref.name} has no address that faces the zone {zone}')
    local = {address.family for address in locals_}
    if part.kind == 'addresses':
        # A family counts only where a permit between two different addresses is left
        local = {a.family for a in usable for own in locals_ if own.family == a.family and own != a}
        if not local and any(address in locals_ for address in usable):
            return None, ('no_remote', f'{part.label} is the gateway itself')
    families = {f for f in local if any(FAMILY_OF.get(spec.protocol, f) == f for spec in specs)}
    if not families:
        return None, ('no_common_family', f'{part.label} and {gateway.ref.name} share no address family')
    return families, None


def _without_address(part):
    return part.label if part.label.endswith('names nobody') else f'{part.label} has no address'


def _first(flow, failures):
    reason = min((failure.reason for failure in failures), key=REASONS.index)
    told = [failure for failure in failures if failure.reason == reason]
    details = sorted({failure.detail for failure in told})
    return Unresolved(flow, reason, '; '.join(details), min(failure.zone for failure in told))


def _rules(flow, remote, parts, locals_, specs, gateway):
    """The rules of one remote: per kind, family, protocol and place, as exact products of both ends."""
    endpoints = (remote.endpoint,) if remote.endpoint else ()
    made = []
    for family in FAMILIES:
        own = tuple(address for address in locals_ if address.family == family)
        if not own:
            continue
        usable = merge(spec for spec in specs if FAMILY_OF.get(spec.protocol, family) == family)
        ends = [(own, Side(any=True, endpoints=endpoints), False) for part in parts if part.kind == 'any']
        if any(part.kind == 'dns_names' for part in parts):
            ends.append((own, Side(dns_names=tuple(sorted(remote.dns_names)), endpoints=endpoints), False))
        addresses = {
            address: address
            for part in parts
            for address in part.addresses
            if address.family == family and not address.is_all
        }
        ends += [
            (local, Side(addresses=found, endpoints=endpoints), same)
            for local, found, same in _products(own, addresses.values(), gateway.segments)
        ]
        for protocol, ports in groupby(usable, key=lambda spec: spec.protocol):
            ports = tuple(ports)
            made += [
                Rule(gateway.ref, flow.direction, remote.zone, family, protocol, ports, Side(addresses=local), side,
                     (flow,), same, remote.via_proxy_to)
                for local, side, same in ends
            ]  # fmt: skip
    return made


def _products(own, remote, segments):
    """Split into (local, remote, same segment) so that no address meets itself and no place is mixed."""
    groups = defaultdict(list)
    for address in remote:
        local = tuple(mine for mine in own if mine != address)
        if local:
            groups[local, any(segment.contains(address) for segment in segments)].append(address)
    for (local, same), addresses in sorted(groups.items(), key=lambda g: ([a.sort_key for a in g[0][0]], g[0][1])):
        yield local, tuple(sorted(addresses, key=lambda a: a.sort_key)), same


def _merge(same: list[Rule]) -> Rule:
    """Rules of one content as one, with all their flows and everything they know."""
    first = same[0]
    if len(same) == 1:
        return first
    return replace(
        first,
        flows=tuple(sorted({flow for rule in same for flow in rule.flows}, key=lambda f: f.id)),
        local=_merge_sides([rule.local for rule in same]),
        remote=_merge_sides([rule.remote for rule in same]),
        via_proxy_to=tuple(sorted({text for rule in same for text in rule.via_proxy_to})),
    )


def _merge_sides(sides):
    refs = defaultdict(set)
    for side in sides:
        for address in side.addresses:
            refs[address] |= set(address.refs)
    return replace(
        sides[0],
        addresses=tuple(replace(address, refs=tuple(sorted(refs[address]))) for address in sides[0].addresses),
        endpoints=tuple(sorted({ref for side in sides for ref in side.endpoints})),
    )


def _unnamed(flow, rules):
    """A need for which nobody is named; where an *any* of its zone permits its ports already, nobody has to be."""
    permitted = merge(
        spec
        for rule in rules
        if rule.remote.any and rule.direction == flow.direction and rule.zone == flow.role_zone
        for spec in rule.ports
    )
    if contains(permitted, flow.ports):
        detail = f'{flow.role.name}: any address of its zone is permitted already'
        return Unresolved(flow, 'permitted_by_any', detail, flow.role_zone)
    return Unresolved(flow, 'no_remote', f'Nobody is named for {flow.role.name}', flow.role_zone)
