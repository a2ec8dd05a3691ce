"""What a gateway needs and what is known of the other ends: the input of ``build.resolve``, as plain data."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from .addresses import Address, Ref
from .ports import PortSpec

__all__ = ('Endpoint', 'Flow', 'GatewayNeeds', 'LocalAddress', 'Member', 'Peer', 'claiming', 'facing')


@dataclass(frozen=True, slots=True)
class LocalAddress:
    """An address of a gateway. ``zones`` empty: every zone that no other address faces in the same direction.

    ``segment`` is the subnet in which it stands (own mask and VRF; a virtual address counts where it stands), None
    where that is unknown. ``lost`` says why it may no longer be used: it keeps its zones, so that they are not handed
    to another address, and yields no rule. ``note`` is what a reader of its rules has to know.
    ``foreign``: another machine publishes it for the gateway.
    """

    address: Address
    zones: frozenset[str] = frozenset()
    use: str = 'both'  # both, inbound or outbound
    segment: Address | None = None
    lost: str = ''
    note: str = ''
    foreign: bool = False

    def fits(self, direction: str) -> bool:
        return self.use in ('both', direction)


@dataclass(frozen=True, slots=True)
class Member:
    """One thing that an endpoint names (an address, a prefix, a device…) and the addresses it stands for.

    ``others`` are addresses of the same machine that were not taken; ``note`` is what a reader has to know of it.
    """

    label: str
    addresses: tuple[Address, ...] = ()
    others: tuple[Address, ...] = ()
    note: str = ''


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Who plays a role, in one zone. ``scope`` is the rank of its scope, 0 for the narrowest.

    ``port_map`` are pairs of a published port spec and the one under which this remote is reached here; ports that it
    does not name stay as they are. ``visible`` False: the reader may not know it exists.
    """

    ref: Ref
    role: str
    zone: str
    members: tuple[Member, ...] = ()
    dns_names: tuple[str, ...] = ()
    any: bool = False
    port_map: tuple[tuple[PortSpec, PortSpec], ...] = ()
    scope: int = 0
    proxy: bool = False
    visible: bool = True


@dataclass(frozen=True, slots=True)
class Peer:
    """Another gateway of the group that runs the same product.

    ``chosen`` False: nobody said which addresses it uses.
    """

    ref: Ref
    addresses: tuple[LocalAddress, ...] = ()
    chosen: bool = True
    visible: bool = True
    note: str = ''


@dataclass(frozen=True, slots=True)
class Flow:
    """A need of a gateway. Identity is the id; the rest is facts and what people said of it."""

    id: int
    name: str = field(compare=False)
    purpose: str = field(compare=False)
    direction: str = field(compare=False)
    role: Ref = field(compare=False)
    role_slug: str = field(compare=False)
    role_kind: str = field(compare=False)
    role_zone: str = field(compare=False)
    ports: tuple[PortSpec, ...] = field(compare=False)
    application_protocol: str = field(default='', compare=False)
    dns_names: tuple[str, ...] = field(default=(), compare=False)
    replaceable: bool = field(default=False, compare=False)
    zone: str = field(default='', compare=False)
    direct: bool = field(default=False, compare=False)
    clear_text: bool = field(default=False, compare=False)
    # The flow's own endpoints; None: it has none and its role decides
    endpoints: tuple[Endpoint, ...] | None = field(default=None, compare=False)
    status: str = field(default='required', compare=False)
    feature: Ref | None = field(default=None, compare=False)
    row: str = field(default='', compare=False)
    printed: str = field(default='', compare=False)
    notes: str = field(default='', compare=False)
    justification: str = field(default='', compare=False)
    mitigation: str = field(default='', compare=False)
    valid_until: str = field(default='', compare=False)

    @property
    def is_web(self) -> bool:
        """Whether a web proxy takes it, where there is one."""
        web = self.application_protocol.upper() in ('HTTP', 'HTTPS')
        return self.direction == 'outbound' and web and not self.direct


# Without slots: they have no room for what all flows of a gateway share
@dataclass(frozen=True)
class GatewayNeeds:
    """One gateway, its required flows, and everything that may be at the other end.

    ``endpoints`` are those whose scope applies to the gateway, of every role and scope; ``chosen`` False: its addresses
    were not chosen, so none may be guessed. ``zone_networks`` are the networks that each zone is known to hold; of a
    zone that is not listed nothing is known. ``crossing`` are the firewalls between the gateway and each zone: they
    have no part in what is resolved.
    """

    ref: Ref
    flows: tuple[Flow, ...] = ()
    addresses: tuple[LocalAddress, ...] = ()
    chosen: bool = True
    endpoints: tuple[Endpoint, ...] = ()
    peers: tuple[Peer, ...] = ()
    zone_networks: tuple[tuple[str, tuple[Address, ...]], ...] = ()
    crossing: tuple[tuple[str, tuple[Ref, ...]], ...] = ()

    @cached_property
    def bound(self) -> dict[str, list[Endpoint]]:
        """Role -> its endpoints in the narrowest scope that has one; scopes are not mixed."""
        playing: dict[str, list[Endpoint]] = defaultdict(list)
        for endpoint in self.endpoints:
            playing[endpoint.role].append(endpoint)
        narrowest = {role: min(endpoint.scope for endpoint in found) for role, found in playing.items()}
        return {role: [e for e in found if e.scope == narrowest[role]] for role, found in playing.items()}

    @cached_property
    def proxies(self) -> list[Endpoint]:
        """The web proxies of the gateway; none where it is one itself."""
        roles = sorted({endpoint.role for endpoint in self.endpoints if endpoint.proxy})
        proxies = [endpoint for role in roles for endpoint in self.bound[role]]
        # A lost address no longer is the gateway's, one that another machine publishes never was
        own = [local.address for local in self.addresses if not (local.lost or local.foreign)]
        met = [address for proxy in proxies for member in proxy.members for address in member.addresses]
        return [] if any(_is_same(mine, address) for mine in own for address in met) else proxies


def _is_same(mine: Address, address: Address) -> bool:
    """Whether both are one address: not one within a prefix, and not two objects of IPAM that happen to be equal."""
    objects = [{ref for ref in a.refs if ref.type == 'ipam.ipaddress'} for a in (mine, address)]
    return mine == address and (not all(objects) or not objects[0].isdisjoint(objects[1]))


def claiming(addresses: tuple[LocalAddress, ...], zone: str, direction: str) -> tuple[LocalAddress, ...]:
    """The addresses of a gateway that face a zone in one direction, whatever their family; lost ones too.

    Those that name the zone; where none does, those that name no zone.
    """
    fitting = [local for local in addresses if local.fits(direction)]
    named = [local for local in fitting if zone in local.zones]
    return tuple(named or [local for local in fitting if not local.zones])


def facing(addresses: tuple[LocalAddress, ...], zone: str, direction: str) -> tuple[Address, ...]:
    """The addresses that a gateway uses towards a zone in one direction, whatever their family."""
    used = {local.address for local in claiming(addresses, zone, direction) if not local.lost}
    return tuple(sorted(used, key=lambda address: address.sort_key))
