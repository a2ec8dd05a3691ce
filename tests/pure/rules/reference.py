"""What has to be permitted, one connection at a time: section 5 of the design again, by brute force.

It shares nothing with ``rules/`` but the shapes of its input, and enumerates single addresses and ports where the
resolver computes with intervals and products. What is slow here is meant to be.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from netbox_gwports.rules.addresses import Address
from netbox_gwports.rules.needs import Flow, GatewayNeeds

from .generate import HOSTS, NAMES, PORTS

__all__ = (
    'Connection',
    'Expected',
    'Why',
    'expected',
    'holds',
    'meets',
    'name_within',
    'permitted',
    'points',
    'ports_of',
    'within',
)

ORDER = ('no_remote', 'addresses_not_chosen', 'no_address', 'wrong_zone', 'no_common_family')


class Connection(NamedTuple):
    """One packet from or to a gateway. Hosts are (VRF id, number); a remote is a host, ``any`` or a DNS name."""

    direction: str
    zone: str
    same_segment: bool
    family: int
    protocol: str
    port: int
    local: tuple
    remote: tuple | str


@dataclass
class Why:
    """Why it is permitted: by which flows and endpoints, and to where beyond a web proxy."""

    flows: set = field(default_factory=set)
    endpoints: set = field(default_factory=set)
    beyond: set = field(default_factory=set)


@dataclass
class Expected:
    permits: dict[Connection, Why] = field(default_factory=lambda: defaultdict(Why))
    # (flow id, reason)
    open_items: set = field(default_factory=set)
    not_applicable: set = field(default_factory=set)
    hidden: int = 0
    # The names of the cases that this gateway reaches
    reached: set = field(default_factory=set)


class Source(NamedTuple):
    """Who is at the other end, in one zone: any, names, and members with their addresses."""

    zone: str
    any: bool = False
    names: tuple = ()
    members: tuple = ()
    ref: object = None
    port_map: tuple = ()
    visible: bool = True
    peer: bool = False
    beyond: frozenset = frozenset()


def expected(gateway: GatewayNeeds) -> Expected:
    found = Expected()
    nobody = []
    for flow in gateway.flows:
        sources = _sources(flow, gateway, found.reached)
        if sources is None:
            found.not_applicable.add(flow.id)
        elif any(not source.visible for source in sources):
            found.hidden += 1
        elif sources:
            _one_flow(flow, sources, gateway, found)
        else:
            nobody.append(flow)
    for flow in nobody:
        open_to_any = {
            (c.protocol, c.port)
            for c in found.permits
            if c.remote == 'any' and (c.direction, c.zone) == (flow.direction, flow.role_zone)
        }
        permitted_already = ports_of(flow.ports) <= open_to_any
        found.open_items.add((flow.id, 'permitted_by_any' if permitted_already else 'no_remote'))
    found.reached |= _reached(found, gateway)
    return found


def _reached(found, gateway):
    """What the result shows of the cases that this gateway reaches; some are noted on the way."""
    hosts = {host for c in found.permits for host in (c.local, c.remote) if isinstance(host, tuple)}
    wildcard = any(isinstance(c.remote, str) and c.remote.startswith('*.') for c in found.permits)
    cases = {
        'remote addresses': any(isinstance(c.remote, tuple) for c in found.permits),
        'any': any(c.remote == 'any' for c in found.permits),
        'DNS names': any(isinstance(c.remote, str) and c.remote != 'any' for c in found.permits),
        'wildcards': wildcard,
        'same segment': any(c.same_segment for c in found.permits),
        'both sides of a segment': len({c.same_segment for c in found.permits if isinstance(c.remote, tuple)}) == 2,
        'several own addresses': len({c.local for c in found.permits}) > 1,
        'several own addresses of a zone': len({(c.local, c.zone) for c in found.permits})
        > len({c.zone for c in found.permits}),
        'VRFs': any(host[0] for host in hosts),
        'both families': len({c.family for c in found.permits}) == 2,
        'both directions': len({c.direction for c in found.permits}) == 2,
        'shared connections': any(len(why.flows) > 1 for why in found.permits.values()),
        'allow-list of a proxy': any(why.beyond for why in found.permits.values()),
        'use': any(local.use != 'both' for local in gateway.addresses),
        'lost address': any(local.lost for local in gateway.addresses),
        'hidden': found.hidden > 0,
        'not applicable': bool(found.not_applicable),
    }
    return {name for name, reaches in cases.items() if reaches} | {reason for _flow, reason in found.open_items}


# -- 5.2 and 5.5: who is at the other end


def _sources(flow: Flow, gateway, reached):
    chosen = _configured(flow, gateway, reached)
    if chosen is None or flow.direction != 'outbound' or flow.direct:
        return chosen
    if flow.application_protocol.lower() not in ('http', 'https'):
        return chosen
    proxies = _narrowest(endpoint for endpoint in gateway.endpoints if endpoint.proxy)
    if not proxies:
        return chosen
    mine = {_host(local.address) for local in gateway.addresses if not local.lost}
    if any(_host(a) in mine for proxy in proxies for m in proxy.members for a in m.addresses if a.first == a.last):
        reached.add('the gateway is the proxy')
        return chosen
    # What lost its members reaches nobody, not by way of the proxy either
    through = [s for s in chosen if s.zone == 'internet' and (s.any or s.names or s.members)]
    if not through and (chosen or flow.role_zone != 'internet'):
        return chosen
    reached.add('through a proxy')
    beyond = {name for source in through for name in source.names}
    beyond |= {str(address) for source in through for addresses in source.members for address in addresses}
    visible = all(source.visible for source in through)
    return [source for source in chosen if source not in through] + [
        _of(proxy)._replace(beyond=frozenset(beyond), visible=proxy.visible and visible) for proxy in proxies
    ]


def _configured(flow, gateway, reached):
    if flow.endpoints is not None:
        reached.add('endpoints of the flow itself')
        return [_of(endpoint) for endpoint in flow.endpoints]
    playing = [endpoint for endpoint in gateway.endpoints if endpoint.role == flow.role_slug]
    if len({endpoint.scope for endpoint in playing}) > 1:
        reached.add('several scopes')
    playing = _narrowest(playing)
    if flow.dns_names and flow.replaceable and playing:
        reached.add('replaced names')
    if flow.dns_names and (not flow.replaceable or not playing):
        return [Source(flow.zone or 'internet', names=flow.dns_names)]
    if playing:
        return [_of(endpoint) for endpoint in playing]
    if flow.role_kind == 'any':
        return [Source(flow.role_zone, any=True)]
    if flow.role_kind == 'peers':
        return [_peer(peer, flow) for peer in gateway.peers] if gateway.peers else None
    return []


def _narrowest(endpoints):
    endpoints = list(endpoints)
    return [e for e in endpoints if not any(o.role == e.role and o.scope < e.scope for o in endpoints)]


def _of(endpoint):
    members = tuple(member.addresses for member in endpoint.members)
    return Source(
        zone=endpoint.zone,
        any=endpoint.any,
        names=endpoint.dns_names,
        members=members,
        ref=endpoint.ref,
        port_map=endpoint.port_map,
        visible=endpoint.visible,
    )


def _peer(peer, flow):
    back = 'inbound' if flow.direction == 'outbound' else 'outbound'
    used = [local for local in _facing(peer.addresses, flow.role_zone, back) if not local.lost] if peer.chosen else []
    members = (tuple(local.address for local in used),)
    return Source(flow.role_zone, members=members, ref=peer.ref, visible=peer.visible, peer=True)


# -- 5.4 and 5.13: from which of the gateway's addresses


def _facing(addresses, zone, direction):
    """Those that claim the zone: by name, else all without zones; a lost one keeps its claim."""
    usable_here = [local for local in addresses if local.use in ('both', direction)]
    if any(zone in local.zones for local in usable_here):
        return [local for local in usable_here if zone in local.zones]
    return [local for local in usable_here if not local.zones]


def _elsewhere(address, zone, gateway):
    """Whether the smallest network that holds the address is one of another zone only."""
    holding = [(n.last - n.first, name) for name, ns in gateway.zone_networks for n in ns if within(address, n)]
    return bool(holding) and zone not in {name for size, name in holding if size == min(holding)[0]}


# -- 5.6 to 5.9: the connections, and what is missing


def _one_flow(flow, sources, gateway, found):
    made, missing = set(), set()
    for source in sources:
        here = _facing(gateway.addresses, source.zone, flow.direction) if gateway.chosen else []
        ports = ports_of(flow.ports, source.port_map if flow.direction == 'outbound' else ())
        if source.port_map and ports != ports_of(flow.ports):
            found.reached.add('port map')
        pieces = [[piece] for piece in ('any',) if source.any]
        pieces += [list(source.names)] if source.names else []
        # Somebody is named, and nobody stands behind it
        pieces += [list(addresses) for addresses in source.members] or ([] if pieces else [[]])
        for piece in pieces:
            connections, reasons = _one_piece(flow, piece, source, here, ports, gateway)
            missing |= reasons
            made |= connections
            if connections and source.peer:
                found.reached.add('peers')
            if connections and any(isinstance(end, Address) and _is_range(end) for end in piece):
                found.reached.add('ranges')
            for connection in connections:
                why = found.permits[connection]
                why.flows.add(flow.id)
                why.beyond |= source.beyond
                why.endpoints |= {source.ref} if source.ref else set()
    if not made:
        found.open_items.add((flow.id, min(missing, key=ORDER.index)))
        return
    # icmp exists in IPv4 only, icmpv6 in IPv6 only
    for protocol in {s.protocol for s in flow.ports} & {'icmp', 'icmpv6'}:
        if protocol not in {connection.protocol for connection in made}:
            missing.add('no_common_family')
    found.open_items |= {(flow.id, reason) for reason in missing}


def _one_piece(flow, piece, source, here, ports, gateway):
    """(the connections of any, of names, or of the addresses of one member; the reasons for what it lacks)."""
    spans = [end for end in piece if isinstance(end, Address)]
    named = [a for a in spans if (a.first, a.last) != (0, 2 ** (32 if a.family == 4 else 128) - 1)]
    if len(spans) == len(piece) and not named:
        return set(), {'no_remote'}
    if not gateway.chosen:
        return set(), {'addresses_not_chosen'}
    if not here:
        return set(), {'no_address'}
    right = [a for a in named if not _elsewhere(a, source.zone, gateway)]
    reasons = {'wrong_zone'} if len(right) < len(named) else set()
    if spans and not right:
        return set(), reasons
    connections, silent = set(), set()
    for family in (4, 6):
        usable = [port for port in ports if {'icmp': 4, 'icmpv6': 6}.get(port[0], family) == family]
        if not usable or spans and not any(a.family == family for a in right):
            continue
        mine = [local for local in here if local.address.family == family]
        bad = [local for local in mine if local.lost or _elsewhere(local.address, source.zone, gateway)]
        reasons |= {'no_address' if local.lost else 'wrong_zone' for local in bad}
        good = [local for local in mine if local not in bad]
        pairs = {
            (same, _host(local.address), remote)
            for local in good
            for end in (right if spans else piece)
            for same, remote in _ends(local, end)
        }
        connections |= {
            Connection(flow.direction, source.zone, same, family, protocol, port, local, remote)
            for same, local, remote in pairs
            for protocol, port in usable
        }
        if not pairs and not bad:
            silent.add(family)
    return connections, reasons | _silent(flow, silent, right, here, bool(connections or reasons), gateway, source.zone)


def _silent(flow, families, right, here, told, gateway, zone):
    """Why a piece meets nobody in these families, where nothing else says it."""
    own = {_host(mine.address) for mine in here if not mine.lost and not _elsewhere(mine.address, zone, gateway)}
    itself = {a.family for a in right if a.first == a.last and _host(a) in own}
    if told:
        has = {
            local.address.family
            for local in gateway.addresses
            if not local.lost and local.use in ('both', flow.direction)
        }
        return {'no_common_family' for family in families & has if family not in itself}
    if itself:
        return {'no_remote'}
    return {'no_common_family'} if own else {'no_address'}


def _ends(local, end):
    """(same segment, atom) of every remote that a local address meets, itself left out."""
    same = isinstance(end, Address) and local.segment is not None and within(end, local.segment)
    return [(same, atom) for atom in _atoms(end, local.address)]


# -- atoms


def within(inner, outer):
    same_table = (inner.family, inner.vrf) == (outer.family, outer.vrf)
    return same_table and outer.first <= inner.first <= inner.last <= outer.last


def name_within(name, pattern):
    """Whether a DNS name, or every name of a wildcard, is one of the other."""
    inner, outer = name.split('.')[::-1], pattern.split('.')[::-1]
    return inner == outer or outer[-1] == '*' and inner[: len(outer) - 1] == outer[:-1] and len(inner) >= len(outer)


def _is_range(address):
    size = address.last - address.first + 1
    return bool(size & (size - 1)) or address.first % size > 0


def _host(address):
    return (address.vrf.id if address.vrf else 0), address.first, address.last - address.first


@cache
def _hosts(address):
    vrf = address.vrf.id if address.vrf else 0
    return [(vrf, number, 0) for number in HOSTS[address.family] if address.first <= number <= address.last]


@cache
def ports_of(specs, port_map=()):
    """(protocol, port) one by one, each as it is reached here; portless protocols have port 0."""
    found = set()
    for each in specs:
        for port in PORTS if each.first else [0]:
            if not each.first <= port <= each.last:
                continue
            there = port
            for published, here in port_map:
                if published.protocol == each.protocol and published.first <= port <= published.last:
                    there = here.first if here.first == here.last else here.first + port - published.first
            found.add((each.protocol, there))
    return found


def permitted(rules) -> dict[Connection, Why]:
    """The connections that rules or lines permit; a wildcard is one atom, not the names under it."""
    found = defaultdict(Why)
    for rule in rules:
        flows = {flow.id for flow in rule.flows}
        ports = ports_of(rule.services if hasattr(rule, 'services') else rule.ports)
        ends = ['any'] if rule.remote.any else [*rule.remote.dns_names, *rule.remote.addresses]
        for mine in rule.local if isinstance(rule.local, tuple) else rule.local.addresses:
            place = rule.direction, rule.zone, rule.same_segment, mine.family
            hosts = {host for end in ends for host in _atoms(end, mine)}
            for host in hosts:
                for protocol, port in ports:
                    why = found[Connection(*place, protocol, port, _host(mine), host)]
                    why.flows |= flows
                    why.endpoints |= {*rule.remote.endpoints}
                    why.beyond |= {*rule.via_proxy_to}
    return found


def _atoms(end, mine):
    """What a remote consists of for one own address: hosts of its family, without itself."""
    if not isinstance(end, Address):
        return [end]
    return [host for host in _hosts(end) if end.family == mine.family and host != _host(mine)]


def points(rules) -> set[Connection]:
    """The connections that rules permit, wherever their ends stand."""
    return {point._replace(same_segment=False) for point in permitted(rules)}


def _is_name(remote):
    return isinstance(remote, str) and remote != 'any'


def holds(point, others) -> bool:
    """Whether any of these connections permits this one."""
    if point in others or point._replace(remote='any') in others:
        return True
    if not _is_name(point.remote):
        return False
    return any(name_within(point.remote, remote) for remote in _names_beside(point, others))


def meets(point, others) -> bool:
    """Whether they have anything in common."""
    if holds(point, others):
        return True
    if point.remote == 'any':
        return any(other._replace(remote='any') == point for other in others)
    return _is_name(point.remote) and any(name_within(name, point.remote) for name in _names_beside(point, others))


def _names_beside(point, others):
    """The names of the examples that stand among the connections as this one does."""
    return [name for name in NAMES if point._replace(remote=name) in others]


def _is_name(remote):
    return isinstance(remote, str) and remote != 'any'
