"""Addresses, prefixes and ranges as one type: an interval of one family in one VRF."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

__all__ = ('Address', 'Ref', 'Vrf', 'covered_families', 'parse')

LENGTH = {4: 32, 6: 128}
CLASS = {4: IPv4Address, 6: IPv6Address}


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A NetBox object behind a fact: enough to link to it, without a database."""

    type: str  # app_label.model
    id: int
    name: str = field(compare=False)


@dataclass(frozen=True, slots=True, order=True)
class Vrf:
    id: int
    name: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Address:
    """An inclusive interval of addresses. Two are equal when they are the same addresses in the same VRF.

    ``first`` and ``last`` are integers; ``vrf`` is None for the global table. ``refs`` are the objects that
    gave the address, for links; they are no part of its identity.
    """

    family: int
    first: int
    last: int
    vrf: Vrf | None = None
    refs: tuple[Ref, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        """A host without mask, a prefix in CIDR, otherwise ``first-last``."""
        size = self.last - self.first + 1
        first, last = self.ends
        if size == 1:
            return first
        if size.bit_count() == 1 and self.first % size == 0:
            return f'{first}/{LENGTH[self.family] - size.bit_length() + 1}'
        return f'{first}-{last}'

    @property
    def ends(self) -> tuple[str, str]:
        """The first and the last address as text."""
        return _host(self.family, self.first), _host(self.family, self.last)

    @property
    def sort_key(self) -> tuple[int, int, int, int]:
        return self.family, self.first, self.last, self.vrf.id if self.vrf else 0

    @property
    def space(self) -> tuple[int, Vrf | None]:
        """Only addresses of one space have anything in common."""
        return self.family, self.vrf

    @property
    def is_all(self) -> bool:
        """Whether it is every address of its family, which only *any* may stand for."""
        return self.first == 0 and self.last == 2 ** LENGTH[self.family] - 1

    def meets(self, other: 'Address') -> bool:
        """Whether they have an address in common."""
        return self.space == other.space and self.first <= other.last and other.first <= self.last

    def contains(self, other: 'Address') -> bool:
        """Whether every address of the other is one of this."""
        return self.space == other.space and self.first <= other.first and other.last <= self.last


# A gateway's own addresses are in each of its rules
@lru_cache(maxsize=1 << 14)
def _host(family: int, number: int) -> str:
    return str(CLASS[family](number))


def covered_families(addresses: Iterable[Address]) -> set[int]:
    """The families of which these addresses together, in one VRF, are every address."""
    end: dict[tuple[int, Vrf | None], int] = defaultdict(lambda: -1)
    for address in sorted(addresses, key=lambda a: a.sort_key):
        if address.first <= end[address.space] + 1:
            end[address.space] = max(end[address.space], address.last)
    return {family for (family, _vrf), last in end.items() if last == 2 ** LENGTH[family] - 1}


def parse(text: str) -> Address:
    """Read ``192.0.2.1``, ``192.0.2.0/24`` or ``192.0.2.1-192.0.2.9``.

    Raises ValueError with a message that names the text and how to correct it; every address of a family is refused,
    because *any* has to be chosen explicitly.
    """
    text = str(text).strip()
    try:
        if '-' in text:
            first, last = (ip_address(part.strip()) for part in text.split('-'))
        elif '/' in text:
            network = ip_network(text)
            first, last = network[0], network[-1]
        else:
            first = last = ip_address(text)
    except ValueError as e:
        if 'host bits' in str(e):
            raise ValueError(
                f'"{text}" has host bits set: write {ip_network(text, strict=False)} for the network, '
                f'or {text.split("/")[0]} for the host.'
            ) from None
        raise ValueError(f'"{text}" is not an address, a prefix or a range (first-last).') from None
    if first.version != last.version or int(first) > int(last):
        raise ValueError(f'"{text}" is not a range: both ends of one family, the lower one first.')
    if '%' in text:
        raise ValueError(f'"{text}" names an interface: leave out the part from %.')
    address = Address(first.version, int(first), int(last))
    if address.is_all:
        raise ValueError(f'"{text}" is every address: say so with "any address", which needs a justification.')
    return address
