"""Short ways to say what a gateway needs and what a rule is, for tests without a database."""

from dataclasses import replace

from netbox_gwports.rules.addresses import Address, Ref, Vrf, parse
from netbox_gwports.rules.needs import Endpoint, Flow, GatewayNeeds, LocalAddress, Member, Peer
from netbox_gwports.rules.ports import merge, parse_map
from netbox_gwports.rules.ports import parse as parse_port
from netbox_gwports.rules.rule import Rule, Side


def address(text, vrf=None):
    return replace(parse(text), vrf=Vrf(vrf, f'vrf{vrf}') if vrf else None)


def ports(*specs):
    return merge(parse_port(spec) for spec in specs)


def local(text, *zones, use='both', vrf=None, segment=None, lost=''):
    return LocalAddress(address(text, vrf), frozenset(zones), use, segment and address(segment, vrf), lost)


def flow(
    number=1, direction='outbound', role='dns', kind='named', zone='internal', specs=('udp/53',), dns_names=(), **facts
):
    facts.setdefault('name', f'service {number}')
    facts.setdefault('purpose', f'purpose {number}')
    return Flow(
        id=number,
        direction=direction,
        role=Ref('role', 1, role),
        role_slug=role,
        role_kind=kind,
        role_zone=zone,
        ports=ports(*specs),
        dns_names=tuple(dns_names),
        **facts,
    )


def endpoint(number=1, role='dns', zone='internal', members=(), scope=3, port_map=(), **facts):
    found = tuple(m if isinstance(m, Member) else Member(m, (address(m),)) for m in members)
    return Endpoint(
        Ref('netbox_gwports.remoteendpoint', number, f'endpoint {number}'),
        role,
        zone,
        found,
        scope=scope,
        port_map=tuple(parse_map(text) for text in port_map),
        **facts,
    )


def peer(number, *addresses, chosen=True):
    return Peer(Ref('netbox_gwports.gateway', number, f'peer {number}'), addresses, chosen)


def gateway(flows=(), addresses=(local('192.0.2.10'),), endpoints=(), peers=(), chosen=True, number=1, networks=None):
    """``networks``: zone -> the networks that it holds, as text."""
    return GatewayNeeds(
        ref=Ref('netbox_gwports.gateway', number, f'gateway {number}'),
        flows=tuple(flows),
        addresses=tuple(addresses),
        chosen=chosen,
        endpoints=tuple(endpoints),
        peers=tuple(peers),
        zone_networks=tuple((zone, tuple(map(address, texts))) for zone, texts in (networks or {}).items()),
    )


def side(*ends, refs=(), endpoints=()):
    if ends == ('any',):
        return Side(any=True, endpoints=endpoints)
    names = tuple(end for end in ends if isinstance(end, str) and end[-1].isalpha())
    found = tuple(end if isinstance(end, Address) else address(end) for end in ends if end not in names)
    return Side(addresses=tuple(replace(a, refs=refs) for a in found), dns_names=names, endpoints=endpoints)


def rule(local=('192.0.2.10',), remote=('10.1.0.1',), specs=('tcp/443',), flows=(), **facts):
    found = {'direction': 'outbound', 'zone': 'internal', 'family': 4, 'protocol': 'tcp', 'gateway': Ref('g', 1, 'gw')}
    remote = remote if isinstance(remote, Side) else side(*remote)
    return Rule(**found | facts, ports=ports(*specs), local=side(*local), remote=remote, flows=tuple(flows))


def said(rule):
    """(source, destination, ports) of a rule, as text."""

    def side(s):
        return 'any' if s.any else ' '.join([*map(str, s.addresses), *s.dns_names])

    return side(rule.source), side(rule.destination), ' '.join(map(str, rule.ports))
