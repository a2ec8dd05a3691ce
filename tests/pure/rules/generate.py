"""Gateways by chance, made so that every case of resolving comes up often. Equal seeds give equal gateways.

All addresses, ports and names come from small pools, so that they meet, contain and miss each other, and so that a
reference can enumerate them: ``HOSTS`` and ``PORTS`` hold every value at which anything in the pools begins or ends,
and its neighbours.
"""

from dataclasses import replace
from functools import cache
from ipaddress import ip_address, ip_network
from random import Random

from netbox_gwports.rules.addresses import Address, Ref, Vrf
from netbox_gwports.rules.needs import Endpoint, Flow, GatewayNeeds, LocalAddress, Member, Peer
from netbox_gwports.rules.ports import PortSpec

__all__ = ('HOSTS', 'NAMES', 'PORTS', 'gateway', 'span', 'spec')

ZONES = ('internet', 'internal', 'dmz', 'management')
# Own address, the subnet in which it stands
OWN = (
    ('192.0.2.10', '192.0.2.0/28'),
    ('192.0.2.11', '192.0.2.0/28'),
    ('10.20.0.11', '10.20.0.8/29'),
    ('192.0.2.100', '192.0.2.96/28'),
    ('192.0.2.101', ''),
    ('2001:db8::10', '2001:db8::10/124'),
    ('2001:db8::11', '2001:db8::10/124'),
    ('2001:db8:20::11', ''),
)
PEERS = (('192.0.2.12', ''), ('192.0.2.13', ''), ('10.20.0.12', ''), ('2001:db8::12', ''), ('192.0.2.10', ''))
REMOTES = (
    '10.1.0.1 10.1.0.2 10.1.0.0/30 10.1.0.0/29 10.1.0.4-10.1.0.6 10.20.0.9 10.20.0.8/29 10.20.0.12-10.20.0.14 '
    '10.0.0.0/8 192.0.2.5 192.0.2.10 192.0.2.11 192.0.2.8/30 192.0.2.97 192.0.2.0/24 192.0.2.14-192.0.2.17 '
    '203.0.113.7 203.0.113.4/30 '
    '2001:db8:1::1 2001:db8:1::/126 2001:db8::10 2001:db8::12 2001:db8::18-2001:db8::21 2001:db8:f::7 2001:db8:20::9'
).split()
NETWORKS = {
    'internal': ('10.1.0.0/16', '10.0.0.0/8', '2001:db8:1::/48'),
    'dmz': ('192.0.2.0/24', '10.20.0.0/16', '10.1.0.0/30', '2001:db8::/48', '10.1.0.0/16'),
    'management': ('10.20.0.0/16', '192.0.2.96/28'),
    'internet': ('203.0.113.0/24', '2001:db8:f::/48'),
}
NAMES = ('x.example.net', 'cdn.x.example.net', '*.example.net', '*.x.example.net', 'example.net', 'time.example.org')
SPECS = (
    'tcp/443 tcp/443 tcp/80 tcp/80-84 tcp/82 tcp/22 tcp/any udp/53 udp/5000-5003 udp/5004 icmp icmpv6 esp ip/99'
).split()
# Published port, the one here; those of one map do not overlap
MAPS = (
    (('tcp/443', 'tcp/8443'), ('tcp/80', 'tcp/8080'), ('udp/53', 'udp/5353')),
    (('tcp/80-84', 'tcp/9080-9084'), ('tcp/22', 'tcp/2222')),
    (('tcp/80', 'tcp/82'), ('tcp/82', 'tcp/80')),
    (('tcp/80-443', 'tcp/8080'), ('udp/5001-5009', 'udp/6000')),
)
# Slug, kind, zone
ROLES = (
    ('web', 'any', 'internet'),
    ('clients', 'any', 'internal'),
    ('dns', 'named', 'internal'),
    ('vendor', 'named', 'internet'),
    ('administrators', 'named', 'management'),
    ('peers', 'peers', 'dmz'),
    ('cluster', 'peers', 'dmz'),
)


@cache
def span(text: str, vrf: int = 0) -> Address:
    """The interval of an address, a prefix or a range, read without the parser that is to be tested."""
    if '-' in text:
        first, last = map(ip_address, text.split('-'))
    elif '/' in text:
        first, last = ip_network(text)[0], ip_network(text)[-1]
    else:
        first = last = ip_address(text)
    return Address(first.version, int(first), int(last), Vrf(vrf, f'vrf {vrf}') if vrf else None)


@cache
def spec(text: str) -> PortSpec:
    protocol, _, ports = text.partition('/')
    if protocol not in ('tcp', 'udp'):
        return PortSpec(text, 0, 0)
    first, _, last = ports.replace('any', '1-65535').partition('-')
    return PortSpec(protocol, int(first), int(last or first))


def _edges(pairs):
    return {value for first, last in pairs for value in (first - 1, first, last, last + 1)}


def _hosts(family):
    texts = {*REMOTES, *(text for pair in (*OWN, *PEERS) for text in pair if text)}
    texts |= {text for networks in NETWORKS.values() for text in networks}
    return sorted(_edges((a.first, a.last) for a in map(span, texts) if a.family == family))


HOSTS = {4: _hosts(4), 6: _hosts(6)}
_MAPPED = [spec(text) for pairs in MAPS for pair in pairs for text in pair]
# Whole ranges where they are mapped, so that every port has its image and its origin among them
PORTS = sorted(
    {port for port in _edges((s.first, s.last) for s in [*map(spec, SPECS), *_MAPPED]) if 1 <= port <= 65535}
    | {*range(80, 85), *range(9080, 9085), *range(5000, 5005)}
)


def gateway(random: Random, number: int = 1) -> GatewayNeeds:
    """A gateway with one to four flows and whatever may be at their other ends."""
    flows = tuple(_flow(random, number) for number in range(1, random.choice((2, 3, 4, 4))))
    if random.random() < 0.4:
        flows += (_twin(random, flows[0]),)
    # Roles that nobody is bound to: their flows go to any or to the peers, or to nobody
    unbound = {'peers', 'nobody', *random.sample(('web', 'vendor', 'clients'), random.choice((0, 1, 1)))}
    roles = [flow.role_slug for flow in flows if flow.role_slug not in unbound] or ['dns']
    endpoints = [_endpoint(random, n, random.choice(roles)) for n in range(1, random.choice((3, 4, 5, 6, 7)))]
    if random.random() < 0.5:
        endpoints += [_proxy(random, n) for n in range(20, random.choice((21, 21, 22)))]
    peers = (
        [_peer(random, n) for n in range(30, 30 + random.choice((0, 1, 2)))]
        if any(flow.role_kind == 'peers' for flow in flows)
        else []
    )
    return GatewayNeeds(
        ref=Ref('netbox_gwports.gateway', number, f'gateway {number}'),
        flows=tuple(random.sample(flows, len(flows))),
        addresses=_own(random, OWN, random.choice((1, 2, 2, 3, 3, 4))),
        chosen=random.random() > 0.04,
        endpoints=tuple(random.sample(endpoints, len(endpoints))),
        peers=tuple(peers),
        zone_networks=_networks(random) if random.random() < 0.3 else (),
    )


def _flow(random, number):
    slug, kind, zone = random.choice((*ROLES, ('vendor', 'named', 'internet'), ('peers', 'peers', 'dmz')))
    named = random.random() < 0.2
    return Flow(
        id=number,
        name=f'service {number}',
        purpose=f'purpose {number}',
        direction=random.choice(('inbound', 'outbound', 'outbound')),
        role=Ref('netbox_gwports.remoterole', ROLES.index((slug, kind, zone)) + 1, slug),
        role_slug=slug,
        role_kind=kind,
        role_zone=zone,
        # Canonical, as they are stored
        ports=_canonical(random.sample(SPECS, random.choice((1, 1, 2, 3)))),
        application_protocol=random.choice(('HTTPS', 'HTTPS', 'http', 'DNS')),
        dns_names=tuple(random.sample(NAMES, random.choice((1, 1, 2)))) if named else (),
        replaceable=random.random() < 0.5,
        zone=random.choice(('', '', *ZONES)) if named else '',
        direct=random.random() < 0.15,
        endpoints=tuple(_endpoint(random, 10 * number, slug) for _ in range(1)) if random.random() < 0.15 else None,
    )


def _twin(random, flow):
    """Another flow of the same ports: often the same connections, or some that *any* permits already."""
    if flow.role_kind == 'any' and random.random() < 0.6:
        slug, kind = 'nobody', 'named'
    else:
        slug, kind, _zone = random.choice([role for role in ROLES if role[2] == flow.role_zone])
    other = replace(flow, id=9, purpose='purpose 9', role_slug=slug, role_kind=kind)
    return other if random.random() < 0.5 else replace(other, dns_names=(), zone='', endpoints=None)


def _canonical(texts):
    """Sorted, overlapping and neighbouring ranges joined."""
    found = []
    for each in sorted(set(map(spec, texts))):
        if found and found[-1].protocol == each.protocol and each.first <= found[-1].last + 1:
            found[-1] = found[-1]._replace(last=max(found[-1].last, each.last))
        else:
            found.append(each)
    return tuple(found)


def _vrf(random):
    return 7 if random.random() < 0.12 else 0


def _members(random, count):
    found = []
    for number in range(count):
        if random.random() < 0.05:
            found.append(Member(f'machine {number}', ()))
        elif random.random() < 0.02:
            found.append(Member('everybody', (Address(4, 0, 2**32 - 1),)))
        else:
            texts = random.sample(REMOTES, random.choice((1, 1, 1, 2)))
            found.append(Member(' and '.join(texts), tuple(span(text, _vrf(random)) for text in texts)))
    return tuple(found)


def _endpoint(random, number, slug):
    zone = next(zone for known, _, zone in ROLES if known == slug)
    kind = random.random()
    return Endpoint(
        ref=Ref('netbox_gwports.remoteendpoint', number, f'endpoint {number}'),
        role=slug,
        zone=random.choice(ZONES) if random.random() < 0.25 else zone,
        members=_members(random, random.choice((1, 2, 2, 3)) if kind < 0.9 else 0),
        dns_names=tuple(random.sample(NAMES, 1)) if 0.75 < kind < 0.93 else (),
        any=0.92 < kind < 0.96,
        port_map=_port_map(random) if random.random() < 0.25 else (),
        scope=random.choice((0, 2, 3, 3)),
        visible=random.random() > 0.03,
    )


def _port_map(random):
    return tuple((spec(published), spec(here)) for published, here in random.choice(MAPS))


def _proxy(random, number):
    own = random.random() < 0.15
    return Endpoint(
        ref=Ref('netbox_gwports.remoteendpoint', number, f'endpoint {number}'),
        role=random.choice(('proxy', 'proxy', 'second proxy')),
        zone=random.choice(('internal', 'internal', 'dmz')),
        members=(Member('own', (span(random.choice(OWN)[0]),)),)
        if own
        else _members(random, random.choice((0, 1, 1, 2))),
        port_map=_port_map(random) if random.random() < 0.8 else (),
        scope=random.choice((2, 3)),
        proxy=True,
        visible=random.random() > 0.05,
    )


def _own(random, pool, count):
    return tuple(
        LocalAddress(
            address=span(text, vrf := _vrf(random)),
            zones=frozenset(random.sample(ZONES, random.choice((0, 0, 0, 0, 0, 1, 2)))),
            use=random.choice(('both', 'both', 'both', 'both', 'inbound', 'outbound')),
            segment=span(segment, vrf) if segment else None,
            lost='moved to another machine' if random.random() < 0.06 else '',
        )
        for text, segment in random.sample(pool, count)
    )


def _peer(random, number):
    return Peer(
        ref=Ref('netbox_gwports.gateway', number, f'peer {number}'),
        addresses=_own(random, PEERS, random.choice((1, 1, 2, 3))),
        chosen=random.random() > 0.1,
        visible=random.random() > 0.05,
    )


def _networks(random):
    return tuple(
        (zone, tuple(span(text) for text in random.sample(networks, random.randint(1, 2))))
        for zone, networks in NETWORKS.items()
        if random.random() < 0.5
    )
