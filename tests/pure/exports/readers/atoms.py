"""Atoms: what a configuration permits or denies, piece by piece."""

from ipaddress import ip_address, ip_network, summarize_address_range
from typing import NamedTuple

ANY, EVERY = 'any', (1, 65535)
NUMBERS = {1: 'icmp', 6: 'tcp', 17: 'udp', 47: 'gre', 50: 'esp', 51: 'ah', 58: 'icmpv6', 112: 'ip/112', 132: 'sctp'}
WITH_PORTS = ('tcp', 'udp', 'sctp')


class Atom(NamedTuple):
    """``where`` is the chain, the list or the pair of zones; ``ports`` is None for what has none."""

    permit: bool
    where: str
    family: int
    protocol: str
    ports: tuple[int, int] | None
    source: str
    destination: str


def joined(atoms):
    """The same atoms with adjacent ports joined, without order."""
    groups = {}
    for atom in atoms:
        groups.setdefault(atom._replace(ports=None), set()).add(atom.ports)
    found = set()
    for atom, ports in groups.items():
        if None in ports:
            assert ports == {None}
            found.add(atom)
            continue
        first, last = None, None
        for a, b in sorted(ports):
            if last is not None and a <= last + 1:
                last = max(last, b)
                continue
            if last is not None:
                found.add(atom._replace(ports=(first, last)))
            first, last = a, b
        found.add(atom._replace(ports=(first, last)))
    return found


def network(text):
    return str(ip_network(text))


def networks(text):
    """The networks of an address, a prefix or a range."""
    if '-' in text:
        return [str(each) for each in summarize_address_range(*map(ip_address, text.split('-')))]
    return [network(text)]


def family_of(*ends):
    families = {ip_network(end).version for end in ends if end and end[0] in '0123456789abcdef' and '/' in end}
    if len(families) > 1:
        raise ValueError(f'families mixed: {ends}')
    return families.pop() if families else None


def port_range(text, names=()):
    first, _, last = str(text).replace(':', '-').partition('-')
    found = tuple(int(names.get(port, port) if names else port) for port in (first, last or first))
    return max(found[0], 1), found[1]


def product(permit, where, family, protocol, ports, remotes_of, destinations):
    """Protocols with ports have all of them where none is said."""
    ports = (ports or [EVERY]) if protocol in WITH_PORTS else [None]
    return [
        Atom(permit, where, family, protocol, port, source, destination)
        for port in ports
        for source in remotes_of
        for destination in destinations
    ]
