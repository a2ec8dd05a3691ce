"""Terms as aerleon's policy: filters, networks and services by name."""

import hashlib
from dataclasses import dataclass, field

from netaddr import iprange_to_cidrs

from ...rules.ports import number, port_text
from ...rules.rule import Side
from .terms import Term

__all__ = ('Policy', 'protocols')

# The protocols that aerleon knows by name: number -> name
NAMED = {
    0: 'hopopt', 1: 'icmp', 2: 'igmp', 4: 'ipip', 6: 'tcp', 17: 'udp', 27: 'rdp', 41: 'ipv6', 46: 'rsvp', 47: 'gre',
    50: 'esp', 51: 'ah', 58: 'icmpv6', 89: 'ospf', 103: 'pim', 112: 'vrrp', 115: 'l2tp', 132: 'sctp', 136: 'udplite',
}  # fmt: skip


def protocols(*names: str) -> frozenset[int]:
    """Numbers of these protocols; none: all that aerleon knows."""
    return frozenset(n for n, name in NAMED.items() if not names or name in names)


@dataclass
class Policy:
    """Collects what the terms refer to, each address group and service list once."""

    logging: bool = False
    every_port: bool = False  # said as a range, where a term without ports would mean every protocol
    option: str = ''  # of each term that is logged
    networks: dict = field(default_factory=dict)
    services: dict = field(default_factory=dict)

    def term(self, term: Term, interfaces: tuple[str, str] = ('', '')) -> dict:
        """One term; ``interfaces`` are those that the packets come in by and go out by."""
        said = {
            'name': term.name,
            'protocol': NAMED[number(term.protocol)],
            'action': 'accept' if term.permit else 'deny',
        }
        if term.comment:
            said['comment'] = term.comment
        for end, side in (('source', term.source), ('destination', term.destination)):
            if side.dns_names:
                said[f'{end}-fqdn'] = self._group('H', side, [{'fqdn': dns_name} for dns_name in side.dns_names])
            elif not side.any:
                # An end without addresses would be any: _group() refuses it
                said[f'{end}-address'] = self._group('N', side, [{'address': text} for text in _networks(side)])
        # Every port is said by leaving them out
        if term.ports and (self.every_port or [port_text(s.first, s.last) for s in term.ports] != ['any']):
            said['destination-port'] = self._service(term)
        for end, interface in zip(('source', 'destination'), interfaces, strict=True):
            if interface:
                said[f'{end}-interface'] = interface
        if self.logging:
            said['logging'] = 'true'
            if self.option:
                said['option'] = self.option
        return said

    def _group(self, kind, side: Side, values):
        if not values:
            raise ValueError('an end without addresses')
        # Named by what is in it: an object of this name that is on the box already holds the same
        name = f'GW{kind}{hashlib.sha256(repr(values).encode()).hexdigest()[:10].upper()}'
        self.networks[name] = {'values': values}
        return name

    def _service(self, term):
        ports = [port_text(s.first, s.last).replace('any', f'{s.first}-{s.last}') for s in term.ports]
        name = f'{NAMED[number(term.protocol)].upper()}_{"_".join(ports).replace("-", "TO")}'
        self.services[name] = [{'protocol': NAMED[number(term.protocol)], 'port': port} for port in ports]
        return name


def _networks(side):
    return [str(network) for address in side.addresses for network in iprange_to_cidrs(*address.ends)]
