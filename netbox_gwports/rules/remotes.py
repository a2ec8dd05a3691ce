"""Who is at the other end of a flow: chosen by what is configured, never by what it yields."""

from dataclasses import dataclass

from .addresses import Ref
from .constants import INTERNET
from .needs import Endpoint, Flow, GatewayNeeds, Member, Peer, facing
from .ports import PortSpec, translate

__all__ = ('Remote', 'remotes_of')

OPPOSITE = {'inbound': 'outbound', 'outbound': 'inbound'}


@dataclass(frozen=True, slots=True)
class Remote:
    """One remote of a flow in one zone.

    ``endpoint`` is the endpoint or the peer that gave it; None for published hosts and for any.
    """

    zone: str
    any: bool = False
    dns_names: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    endpoint: Ref | None = None
    port_map: tuple[tuple[PortSpec, PortSpec], ...] = ()
    visible: bool = True
    via_proxy_to: tuple[str, ...] = ()

    def ports_of(self, flow: Flow) -> tuple[PortSpec, ...]:
        """The ports under which the flow's service is reached here."""
        return translate(flow.ports, self.port_map) if flow.direction == 'outbound' else flow.ports

    @property
    def is_empty(self) -> bool:
        return not (self.any or self.dns_names or self.members)


def remotes_of(flow: Flow, gateway: GatewayNeeds) -> list[Remote] | None:
    """The remotes of a flow, web proxy applied; empty where nobody is named, None where there can be nobody.

    There can be nobody for the peers of a gateway that has none.
    """
    chosen = _choose(flow, gateway)
    if chosen is None:
        return None
    proxies = gateway.proxies if flow.is_web else []
    if not proxies:
        return chosen
    # An endpoint that lost its members yields nothing: not a way through the proxy either
    to_internet = [remote for remote in chosen if remote.zone == INTERNET and not remote.is_empty]
    if chosen and not to_internet or not chosen and flow.role_zone != INTERNET:
        return chosen
    # One rule to the proxy replaces all of them; what lies behind it is for the proxy's allow-list. A remote that the
    # reader may not see must not show there either
    via_proxy_to = tuple(sorted({text for remote in to_internet for text in _texts(remote)}))
    visible = all(remote.visible for remote in to_internet)
    direct = [remote for remote in chosen if remote not in to_internet]
    return direct + [_of_endpoint(p, via_proxy_to=via_proxy_to, visible=p.visible and visible) for p in proxies]


def _choose(flow: Flow, gateway: GatewayNeeds) -> list[Remote] | None:
    if flow.endpoints is not None:
        return [_of_endpoint(endpoint) for endpoint in flow.endpoints]
    playing = gateway.bound.get(flow.role_slug)
    if flow.dns_names and not (flow.replaceable and playing):
        return [Remote(zone=flow.zone or INTERNET, dns_names=flow.dns_names)]
    if playing:
        return [_of_endpoint(endpoint) for endpoint in playing]
    if flow.role_kind == 'any':
        return [Remote(zone=flow.role_zone, any=True)]
    if flow.role_kind == 'peers':
        return [_of_peer(peer, flow) for peer in gateway.peers] or None
    return []


def _of_endpoint(endpoint: Endpoint, via_proxy_to: tuple[str, ...] = (), visible: bool | None = None) -> Remote:
    return Remote(
        zone=endpoint.zone,
        any=endpoint.any,
        dns_names=endpoint.dns_names,
        members=endpoint.members,
        endpoint=endpoint.ref,
        port_map=endpoint.port_map,
        visible=endpoint.visible if visible is None else visible,
        via_proxy_to=via_proxy_to,
    )


def _of_peer(peer: Peer, flow: Flow) -> Remote:
    """A peer is met at the addresses that it would itself use towards the zone, never at all its addresses."""
    addresses = facing(peer.addresses, flow.role_zone, OPPOSITE[flow.direction]) if peer.chosen else ()
    members = (Member(peer.ref.name, addresses, note=peer.note),)
    return Remote(zone=flow.role_zone, members=members, endpoint=peer.ref, visible=peer.visible)


def _texts(remote: Remote) -> list[str]:
    return [*remote.dns_names, *(str(address) for member in remote.members for address in member.addresses)]
