"""Short ways to say what a gateway needs, for tests without a database."""

from netbox_gwports.rules.addresses import Ref, Vrf, parse
from netbox_gwports.rules.needs import Endpoint, Flow, GatewayNeeds, LocalAddress, Member, Peer
from netbox_gwports.rules.ports import merge
from netbox_gwports.rules.ports import parse as parse_port


def address(text, vrf=None):
    from dataclasses import replace

    return replace(parse(text), vrf=Vrf(vrf, f'vrf{vrf}') if vrf else None)


def ports(*specs):
    return merge(parse_port(spec) for spec in specs)


def local(text, *zones, use='both', vrf=None):
    return LocalAddress(address(text, vrf), frozenset(zones), use)


def flow(
    number=1, direction='outbound', role='dns', kind='named', zone='internal', specs=('udp/53',), dns_names=(), **facts
):
    facts.setdefault('name', f'service {number}')
    facts.setdefault('purpose', f'purpose {number}')
    return Flow(id=number, direction=direction, role=Ref('role', 1, role), role_slug=role, role_kind=kind,
                role_zone=zone, ports=ports(*specs), dns_names=tuple(dns_names), **facts)  # fmt: skip


def endpoint(number=1, role='dns', zone='internal', members=(), scope=3, specs=None, **facts):
    found = tuple(m if isinstance(m, Member) else Member(m, (address(m),)) for m in members)
    return Endpoint(Ref('netbox_gwports.remoteendpoint', number, f'endpoint {number}'), role, zone, found, scope=scope,
                    ports=ports(*specs) if specs else None, **facts)  # fmt: skip


def peer(number, *addresses, chosen=True):
    return Peer(Ref('netbox_gwports.gateway', number, f'peer {number}'), addresses, chosen)


def gateway(flows=(), addresses=(local('192.0.2.10'),), endpoints=(), peers=(), segments=(), chosen=True, number=1):
    ref = Ref('netbox_gwports.gateway', number, f'gateway {number}')
    return GatewayNeeds(
        ref, tuple(flows), tuple(addresses), chosen, tuple(address(s) for s in segments), tuple(endpoints), tuple(peers)
    )


def said(rule):
    """(source, destination, ports) of a rule, as text."""

    def side(s):
        return 'any' if s.any else ' '.join([*map(str, s.addresses), *s.dns_names])

    return side(rule.source), side(rule.destination), ' '.join(map(str, rule.ports))
