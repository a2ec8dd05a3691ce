"""Port specs: ``tcp/443``, ``udp/5000-5010``, ``sctp/any`` and the portless ``icmp``, ``esp``, ``ip/99``.

One canonical form everywhere, so that equal openings are equal strings: lower case, sorted by protocol and port,
overlapping and adjacent ranges merged, ``1-65535`` written ``any``.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

__all__ = (
    'PORTLESS',
    'PROTOCOLS',
    'WITH_PORTS',
    'PortSpec',
    'canonical',
    'contains',
    'merge',
    'number',
    'parse',
    'port_text',
    'subtract',
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

    def __str__(self):
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
    """Read one port spec. Raises ValueError with a sentence that names the spec and the mend."""
    protocol, slash, ports = str(spec).strip().lower().partition('/')
    if protocol in WITH_PORTS:
        if not ports:
            raise ValueError(f'"{spec}" needs ports: write {protocol}/443, {protocol}/5000-5010 or {protocol}/any.')
        return PortSpec(protocol, *_range(spec, ports))
    if protocol in PORTLESS:
        if slash:
            raise ValueError(f'"{spec}": {protocol} has no ports: write {protocol}.')
        return PortSpec(protocol, 0, 0)
    if protocol == 'ip' and re.fullmatch(r'\d{1,3}', ports) and int(ports) <= 255:
        name = NAMES.get(int(ports), f'ip/{int(ports)}')
        if name in WITH_PORTS:
            raise ValueError(f'"{spec}" is {name}, which needs ports: write {name}/443 or {name}/any.')
        return PortSpec(name, 0, 0)
    known = ', '.join([*(f'{p}/PORT' for p in WITH_PORTS), *PORTLESS])
    raise ValueError(f'"{spec}" is not a port spec: use {known} or ip/NUMBER (0 to 255).')


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
    """Canonical spec strings of the same ports. Raises ValueError for the first spec that is none."""
    return [str(spec) for spec in merge(parse(spec) for spec in specs)]


def subtract(specs: Iterable[PortSpec], others: Iterable[PortSpec]) -> tuple[PortSpec, ...]:
    """The ports of ``specs`` that are none of ``others``."""
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


def contains(outer: Iterable[PortSpec], inner: Iterable[PortSpec]) -> bool:
    """Whether every port of ``inner`` is a port of ``outer``."""
    outer = merge(outer)
    return all(
        any(o.protocol == i.protocol and o.first <= i.first and i.last <= o.last for o in outer) for i in merge(inner)
    )
