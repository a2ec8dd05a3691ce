"""A rule: what a firewall must permit. Computed, never stored."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from . import dns_names
from .addresses import Address, Ref
from .constants import INBOUND, NOT_REQUESTED
from .needs import Flow
from .ports import PortSpec, port_text

__all__ = ('Note', 'Resolution', 'Rule', 'Side', 'Unresolved')


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a rule: exactly one of *any address of the rule's zone*, addresses, or DNS names.

    ``endpoints`` are the remote endpoints and peer gateways that gave it.
    """

    any: bool = False
    addresses: tuple[Address, ...] = ()
    dns_names: tuple[str, ...] = ()
    endpoints: tuple[Ref, ...] = ()

    @property
    def kind(self) -> str:
        return 'any' if self.any else 'dns_names' if self.dns_names else 'addresses'

    @property
    def parts(self) -> tuple['Side', ...]:
        """Its smallest pieces: any, one address or one DNS name."""
        if self.any:
            return (self,)
        return (
            *(replace(self, addresses=(address,), dns_names=()) for address in self.addresses),
            *(replace(self, addresses=(), dns_names=(name,)) for name in self.dns_names),
        )

    def contains(self, other: 'Side') -> bool:
        """Whether every address and DNS name of the other side is one of this side, both in the same zone."""
        if self.any or other.any:
            return self.any
        return all(any(mine.contains(a) for mine in self.addresses) for a in other.addresses) and all(
            any(dns_names.covers(mine, name) for mine in self.dns_names) for name in other.dns_names
        )

    @classmethod
    def union(cls, sides: Iterable['Side']) -> 'Side':
        """All that the sides hold, sorted; an address keeps the objects of each side that names it."""
        sides = list(sides)
        refs: dict[Address, set[Ref]] = defaultdict(set)
        for address in (address for side in sides for address in side.addresses):
            refs[address].update(address.refs)
        return cls(
            any=any(side.any for side in sides),
            addresses=tuple(
                replace(address, refs=tuple(sorted(refs[address])))
                for address in sorted(refs, key=lambda address: address.sort_key)
            ),
            dns_names=tuple(sorted({name for side in sides for name in side.dns_names})),
            endpoints=tuple(sorted({ref for side in sides for ref in side.endpoints})),
        )


# Without slots: they have no room for what is computed once for each rule
@dataclass(frozen=True)
class Rule:
    """What a firewall must permit for one gateway, of one protocol and one family, with every flow that needs it.

    ``ports`` are canonical specs of ``protocol``; ``local`` is the gateway's end. ``via_proxy_to`` is what a web proxy
    has to reach for the gateway. ``covered_by`` holds the keys of single broader rules that contain this one.
    ``standing`` (one of STANDINGS, or TO_CLOSE) and ``tickets`` come from change requests, not from flows: rules that
    differ only there are equal.
    """

    gateway: Ref
    direction: str
    zone: str
    family: int
    protocol: str
    ports: tuple[PortSpec, ...]
    local: Side
    remote: Side
    flows: tuple[Flow, ...]
    same_segment: bool = False
    via_proxy_to: tuple[str, ...] = ()
    covered_by: tuple[str, ...] = ()
    standing: str = field(default=NOT_REQUESTED, compare=False)
    tickets: tuple[str, ...] = field(default=(), compare=False)

    @property
    def source(self) -> Side:
        return self.remote if self.direction == INBOUND else self.local

    @property
    def destination(self) -> Side:
        return self.local if self.direction == INBOUND else self.remote

    @property
    def port_list(self) -> tuple[str, ...]:
        """``443``, ``5000-5010`` or ``any``; empty for a portless protocol."""
        return tuple(port_text(spec.first, spec.last) for spec in self.ports if spec.first)

    @cached_property
    def content(self) -> tuple[Any, ...]:
        """What two rules of one gateway have in common when they permit the same."""
        return (
            self.direction,
            self.zone,
            self.protocol,
            tuple(str(spec) for spec in self.ports),
            tuple(_text(address) for address in self.local.addresses),
            'any' if self.remote.any else self.remote.dns_names or tuple(_text(a) for a in self.remote.addresses),
        )

    @cached_property
    def key(self) -> str:
        """A hash of the gateway and the content, not of flows or position: the same in every call."""
        return hashlib.sha256(repr((self.gateway.id, self.content)).encode()).hexdigest()[:16]

    @property
    def clear_text(self) -> bool:
        return any(flow.clear_text for flow in self.flows)


def _text(address: Address) -> str:
    return f'{address}@{address.vrf.id}' if address.vrf else str(address)


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A flow, or a part of one, that yields no rule: ``reason`` is a code, ``detail`` says it in words.

    ``zone`` is the one that its rule would have.
    """

    flow: Flow
    reason: str
    detail: str
    zone: str

    @property
    def is_open_item(self) -> bool:
        """Whether it needs attention: what an *any* rule permits already does not."""
        return self.reason != 'permitted_by_any'


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """What a reader of the rules of one zone has to know: which address of a machine was taken, what is offline."""

    zone: str
    text: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """The requirements of one gateway. ``hidden`` counts required flows that the reader may not see."""

    gateway: Ref
    rules: tuple[Rule, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    not_applicable: tuple[Flow, ...] = ()
    hidden: int = 0
    notes: tuple[Note, ...] = ()

    @property
    def effective_rules(self) -> tuple[Rule, ...]:
        """The rules that a firewall must have: neither covered by a broader one nor within one segment."""
        return tuple(rule for rule in self.rules if not rule.covered_by and not rule.same_segment)
