"""Terms as aerleon's policy, with the networks and services that they name."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from netaddr import iprange_to_cidrs

from ...rules.ports import number, port_text
from ...rules.rule import Side
from .terms import Term

__all__ = ('Policy', 'protocol_numbers')

# The protocols that aerleon knows by name: number -> name
NAMED = {
    0: 'hopopt', 1: 'icmp', 2: 'igmp', 4: 'ipip', 6: 'tcp', 17: 'udp', 27: 'rdp', 41: 'ipv6', 46: 'rsvp', 47: 'gre',
    50: 'esp', 51: 'ah', 58: 'icmpv6', 89: 'ospf', 103: 'pim', 112: 'vrrp', 115: 'l2tp', 132: 'sctp', 136: 'udplite',
}  # fmt: skip


def protocol_numbers(*names: str) -> frozenset[int]:
    """The numbers of these protocols; without names, of all that aerleon knows."""
    return frozenset(n for n, name in NAMED.items() if not names or name in names)


@dataclass
class Policy:
    """Collects what the terms refer to, each address group and service list once.

    ``every_port``: write all ports as a range, where a term without ports would permit every protocol. ``option`` is
    that of logged terms.
    """

    logging: bool = False
    every_port: bool = False
    option: str = ''
    networks: dict[str, Any] = field(default_factory=dict)
    services: dict[str, Any] = field(default_factory=dict)

    def term(self, term: Term, interfaces: tuple[str, str] = ('', '')) -> dict[str, Any]:
        """One term; ``interfaces`` are those through which the packets come in and go out."""
        written: dict[str, Any] = {
            'name': term.name,
            'protocol': NAMED[number(term.protocol)],
            'action': 'accept' if term.permit else 'deny',
        }
        if term.comment:
            written['comment'] = term.comment
        for end, side in (('source', term.source), ('destination', term.destination)):
            if side.dns_names:
                written[f'{end}-fqdn'] = self._group('H', [{'fqdn': dns_name} for dns_name in side.dns_names])
            elif not side.any:
                # Without addresses it would mean any: _group() refuses that
                written[f'{end}-address'] = self._group('N', [{'address': text} for text in _networks(side)])
        # A term without ports permits all of them
        if term.ports and (self.every_port or [port_text(s.first, s.last) for s in term.ports] != ['any']):
            written['destination-port'] = self._service(term)
        for end, interface in zip(('source', 'destination'), interfaces, strict=True):
            if interface:
                written[f'{end}-interface'] = interface
        if self.logging:
            written['logging'] = 'true'
            if self.option:
                written['option'] = self.option
        return written

    def _group(self, kind: str, values: list[dict[str, str]]) -> str:
        if not values:
            raise ValueError('one end of the term has no addresses')
        # Named by its content: an object of this name that is on the box already holds the same
        name = f'GW{kind}{hashlib.sha256(repr(values).encode()).hexdigest()[:10].upper()}'
        self.networks[name] = {'values': values}
        return name

    def _service(self, term: Term) -> str:
        ports = [port_text(s.first, s.last).replace('any', f'{s.first}-{s.last}') for s in term.ports]
        name = f'{NAMED[number(term.protocol)].upper()}_{"_".join(ports).replace("-", "TO")}'
        self.services[name] = [{'protocol': NAMED[number(term.protocol)], 'port': port} for port in ports]
        return name


def _networks(side: Side) -> list[str]:
    return [str(network) for address in side.addresses for network in iprange_to_cidrs(*address.ends)]
