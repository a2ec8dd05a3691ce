"""Port specs: ``tcp/443``, ``udp/5000-5010``, ``sctp/any`` and the portless ``icmp``, ``esp``, ``ip/99``.

One canonical form everywhere, so that equal ports are equal strings: lower case, sorted by protocol and port,
overlapping and adjacent ranges merged, ``1-65535`` written ``any``.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

__all__ = (
    'PORTLESS',
    'PROTOCOLS',
    'WITH_PORTS',
    'PortSpec',
    'canonical',
    'canonical_map',
    'contains',
    'merge',
    'number',
    'parse',
    'parse_map',
    'port_text',
    'subtract',
    'translate',
)

# Protocols that carry ports, and those that never do, with their IANA protocol numbers
WITH_PORTS = {'tcp': 6, 'udp': 17, 'sctp': 132}
PORTLESS = {'icmp': 1, 'gre': 47, 'esp': 50, 'ah': 51, 'icmpv6': 58}
PROTOCOLS = WITH_PORTS | PORTLESS

NAMES = {n: name for name, n in PROTOCOLS.items()}
HIGHEST = 65535
PORTS = re.compile(r'(\d{1,5})(?:-(\d{1,5}))?')


class PortSpec(NamedTuple):
    """One protocol and one inclusive range of ports; ``first`` and ``last`` are 0 for a portless protocol."""

    protocol: str
    first: int
    last: int

    @property
    def space(self) -> str:
        """Only ports of one protocol have anything in common."""
        return self.protocol

    def __str__(self) -> str:
        return f'{self.protocol}/{port_text(self.first, self.last)}' if self.first else self.protocol


def port_text(first: int, last: int) -> str:
    """``443``, ``5000-5010`` or ``any``."""
    if (first, last) == (1, HIGHEST):
        return 'any'
    return str(first) if first == last else f'{first}-{last}'


def number(protocol: str) -> int:
    """The IANA number of a canonical protocol name, ``ip/99`` included."""
    return PROTOCOLS[protocol] if protocol in PROTOCOLS else int(protocol.removeprefix('ip/'))


def parse(spec: str) -> PortSpec:
    """Read one port spec. Raises ValueError with a message that names the spec and how to correct it."""
    protocol, slash, ports = str(spec).strip().lower().partition('/')
    if protocol in WITH_PORTS:
        if not ports:
            raise ValueError(f'"{spec}" needs ports: write {protocol}/443, {protocol}/5000-5010 or {protocol}/any.')
        return PortSpec(protocol, *_range(spec, ports))
    if protocol in PORTLESS:
        if slash:
            raise ValueError(f'"{spec}": {protocol} has no ports: write {protocol}.')
        return PortSpec(protocol, 0, 0)
    # Not 0: most firewalls take it for every protocol
    if protocol == 'ip' and re.fullmatch(r'\d{1,3}', ports) and 1 <= int(ports) <= 255:
        name = NAMES.get(int(ports), f'ip/{int(ports)}')
        if name in WITH_PORTS:
            raise ValueError(f'"{spec}" is {name}, which needs ports: write {name}/443 or {name}/any.')
        return PortSpec(name, 0, 0)
    known = ', '.join([*(f'{p}/PORT' for p in WITH_PORTS), *PORTLESS])
    raise ValueError(f'"{spec}" is not a port spec: use {known} or ip/NUMBER (1 to 255).')


def _range(spec: str, ports: str) -> tuple[int, int]:
    if ports == 'any':
        return 1, HIGHEST
    if not (found := PORTS.fullmatch(ports)):
        raise ValueError(f'"{spec}": write a port (443), a range (5000-5010) or any.')
    first = int(found[1])
    last = int(found[2] or first)
    if not 1 <= first <= last <= HIGHEST:
        raise ValueError(f'"{spec}": ports are 1 to {HIGHEST}, the lower one first.')
    return first, last


def merge(specs: Iterable[PortSpec]) -> tuple[PortSpec, ...]:
    """The same ports in as few specs as possible, sorted by protocol and port."""
    merged: list[PortSpec] = []
    for spec in sorted(set(specs)):
        top = merged[-1] if merged else None
        if top and top.protocol == spec.protocol and spec.first <= top.last + 1:
            merged[-1] = top._replace(last=max(top.last, spec.last))
        else:
            merged.append(spec)
    return tuple(merged)


def canonical(specs: Iterable[str]) -> list[str]:
    """Canonical spec strings of the same ports. Raises ValueError for the first one that is not a port spec."""
    return [str(spec) for spec in merge(parse(spec) for spec in specs)]


def subtract(specs: Iterable[PortSpec], others: Iterable[PortSpec]) -> tuple[PortSpec, ...]:
    """The ports of ``specs`` that are not in ``others``."""
    others = merge(others)
    left = []
    for spec in merge(specs):
        first = spec.first
        for other in others:
            if other.protocol != spec.protocol or other.last < first or other.first > spec.last:
                continue
            if other.first > first:
                left.append(PortSpec(spec.protocol, first, other.first - 1))
            first = other.last + 1
        if first <= spec.last:
            left.append(PortSpec(spec.protocol, first, spec.last))
    return tuple(left)


def contains(outer: Sequence[PortSpec], inner: Iterable[PortSpec]) -> bool:
    """Whether every port of ``inner`` is a port of ``outer``, which is merged."""
    # Only the last one that begins at or before the first port can have all of them
    before = ((outer[: bisect_right(outer, (i.protocol, i.first, HIGHEST))][-1:], i) for i in inner)
    return all(any(o.protocol == i.protocol and i.last <= o.last for o in found) for found, i in before)


def parse_map(text: str) -> tuple[PortSpec, PortSpec]:
    """Read ``tcp/22=tcp/2222``: a published port spec and the one under which a remote is reached here.

    Raises ValueError with a message that names the text and how to correct it.
    """
    left, equals, right = str(text).partition('=')
    if not equals:
        raise ValueError(f'"{text}" is not a port mapping: write the published and the local port, as tcp/22=tcp/2222.')
    published, here = parse(left), parse(right)
    if published.protocol not in WITH_PORTS or here.protocol != published.protocol:
        raise ValueError(f'"{text}": map ports of one protocol (tcp, udp or sctp), as tcp/22=tcp/2222.')
    if here.first != here.last and here.last - here.first != published.last - published.first:
        raise ValueError(f'"{text}": map to one port or to as many as are published.')
    return published, here


def canonical_map(texts: Iterable[str]) -> list[str]:
    """Canonical mappings, sorted by published port. Raises ValueError for what is not a mapping or overlaps another."""
    pairs = sorted({parse_map(text) for text in texts})
    for (one, _here), (other, _there) in pairwise(pairs):
        if one.protocol == other.protocol and other.first <= one.last:
            raise ValueError(f'{one} and {other} overlap: map each published port once.')
    return [f'{published}={here}' for published, here in pairs]


def translate(specs: Iterable[PortSpec], port_map: Iterable[tuple[PortSpec, PortSpec]]) -> tuple[PortSpec, ...]:
    """The ports under which a remote is reached: published ones are replaced, those that are not mapped stay."""
    left, found = merge(specs), []
    for published, here in port_map:
        rest = subtract(left, [published])
        for spec in subtract(left, rest):
            # As many ports as are published: each keeps its place among them
            offset = 0 if here.first == here.last else spec.first - published.first
            length = 0 if here.first == here.last else spec.last - spec.first
            found.append(here._replace(first=here.first + offset, last=here.first + offset + length))
        left = rest
    return merge([*left, *found])
