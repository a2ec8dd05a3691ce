"""Access lists of Cisco IOS, NX-OS and ASA: new ones under a new name, then bound in place of the old ones.

A list that is bound is never changed: one that is deleted while bound passes everything, and one that is half written
locks out. The name of a list ends with a digest of its content, so that loading a file again changes nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import product

from ...rules.constants import INBOUND, OUTBOUND
from ...rules.ports import number
from ...rules.rule import Rule, Side
from ..base import Reason, Work, Written
from ..options import Options
from ..text import comment
from .base import ALL_PORTS, FirewallExporter, cidrs
from .terms import Term

__all__ = ('ASAExporter', 'IOSExporter', 'NXOSExporter')

LISTS = {INBOUND: 'IN', OUTBOUND: 'OUT'}
# The longest remark of each of them
REMARK = 100
# An explicit deny of all IPv6 precedes the implicit permits of neighbor discovery, so these have to be written
NEIGHBOURS = ('permit icmp any any nd-na', 'permit icmp any any nd-ns')
# What the lists have as a keyword; any other protocol is a number
KEYWORDS = {
    4: {'tcp': 'tcp', 'udp': 'udp', 'icmp': 'icmp', 'esp': 'esp', 'ah': 'ahp', 'gre': 'gre'},
    6: {'tcp': 'tcp', 'udp': 'udp', 'icmpv6': 'icmp', 'esp': 'esp', 'ah': 'ahp', 'sctp': 'sctp'},
}


class CiscoExporter(FirewallExporter):
    options = (*FirewallExporter.options, 'interface', 'gateway_interface', 'leg_interface')
    extension = 'cfg'

    def unlisted(self, work: Work) -> str:
        return (
            'Everything that is not listed is denied, including the traffic of other systems: an interface has one list'
        )

    def write(self, work: Work) -> Written:
        terms, log = self.terms(work), ' log' if work.options.logging else ''
        text, names = '', {}
        for direction, family in product(work.options.directions or LISTS, self.families):
            # A list without permits, too: what an earlier file opened must not stay
            group = [term for term in terms if (term.direction, term.family) == (direction, family)]
            entries = self.entries(group, family, log, work.prefix)
            digest = hashlib.sha256('\n'.join(entries).encode()).hexdigest()[:8]
            name = f'{work.prefix}-{LISTS[direction]}{"6" if family == 6 else ""}-{digest}'.upper()
            names[direction, family] = name
            text += self.access_list(name, family, entries)
        return self.written(self.top(work) + self.begin(work) + text + self.bind(work, names), terms)

    def steps(self, work: Work) -> tuple[str, ...]:
        return (
            'Load: paste the file in configuration mode. It creates lists under new names, then binds them.',
            'An interface has one list for each direction: export all gateways behind an interface as one file,',
            f'but first check that the list in place is one of these ({work.prefix.upper()}-...).',
            f'Clean up: remove lists {work.prefix.upper()}-... that are no longer bound.',
        )

    def entries(self, terms: Iterable[Term], family: int, log: str, prefix: str) -> list[str]:
        """The entries of one list, numbered, so that entering one again changes nothing."""
        lines: list[str] = []
        sequence = 10
        for term in terms:
            lines.append(f'remark {comment(f"{term.name} {term.comment}", REMARK)}')
            for entry in self.permits(term, prefix):
                lines.append(self.numbered(sequence, f'{entry}{log}', family))
                sequence += 10
        final = [*NEIGHBOURS, f'deny ipv6 any any{log}'] if family == 6 else [f'deny ip any any{log}']
        for entry in final:
            lines.append(self.numbered(sequence, entry, family))
            sequence += 10
        return lines

    def numbered(self, sequence: int, entry: str, family: int) -> str:
        return f'{sequence} {entry}'

    def permits(self, term: Term, prefix: str) -> Iterator[str]:
        action, protocol = 'permit' if term.permit else 'deny', self.protocol(term)
        ends = [self.ends(side, term.family, prefix) for side in (term.source, term.destination)]
        for source, destination, ports in product(*ends, _ports(term)):
            yield ' '.join(part for part in (action, protocol, source, destination, ports) if part)

    def protocol(self, term: Term) -> str:
        return KEYWORDS[term.family].get(term.protocol) or str(number(term.protocol))

    def ends(self, side: Side, family: int, prefix: str) -> list[str]:
        if side.any:
            return ['any']
        return [self.network(network) for address in side.addresses for network in cidrs(address)]

    def network(self, network: str) -> str:
        host, _, length = network.partition('/')
        if length in ('32', '128') and (length == '128') == (':' in host):
            return f'host {host}'
        if ':' in host:
            return network
        wildcard = 2 ** (32 - int(length)) - 1
        return f'{host} {".".join(str(wildcard >> shift & 255) for shift in (24, 16, 8, 0))}'

    def begin(self, work: Work) -> str:
        return ''

    def access_list(self, name: str, family: int, entries: list[str]) -> str:
        return f'{self.opening(name, family)}\n' + ''.join(f' {entry}\n' for entry in entries) + 'exit\n'

    def opening(self, name: str, family: int) -> str:
        return f'ipv6 access-list {name}' if family == 6 else f'ip access-list {name}'

    def bind(self, work: Work, names: dict[tuple[str, int], str]) -> str:
        """The commands that bind the lists, as comments where the interfaces are not known."""
        text = ''
        for direction in work.options.directions or LISTS:
            found = self._interfaces(direction, work)
            for interface in found or ['INTERFACE-OF-' + ('REMOTES' if direction == INBOUND else 'GATEWAYS')]:
                lines = self.binding(interface, {family: names[direction, family] for family in self.families})
                text += ''.join(line if found else f'! {line}' for line in lines)
        return text

    def _interfaces(self, direction: str, work: Work) -> list[str]:
        """Where traffic of a direction comes in."""
        options = work.options
        zones = sorted({rule.zone for rule in work.material.rules if options.includes(rule.zone, direction)})
        found = [options.interfaces.get(z) if direction == INBOUND else options.leg_interface(z) for z in zones]
        return sorted({name for name in found if name})

    def binding(self, interface: str, names: dict[int, str]) -> list[str]:
        return [
            f'interface {interface}\n',
            f' ip access-group {names[4]} in\n',
            f' ipv6 traffic-filter {names[6]} in\n',
            'exit\n',
        ]


class IOSExporter(CiscoExporter):
    name, label = 'cisco_ios', 'Cisco IOS'
    replies = 'replies pass only where inspection or reflexive lists permit them'
    # Packets from outside are matched before translation
    translates = 'outside'
    apply_hint = 'Paste it in configuration mode: it creates new lists and binds them in place of the old ones'

    def steps(self, work: Work) -> tuple[str, ...]:
        return (
            *super().steps(work),
            f'Lists of {self.label} are stateless: {self.replies}.',
        )

    def refuse(self, rule: Rule, options: Options) -> Reason | None:
        if rule.protocol == 'sctp' and rule.family == 4:
            # By its number it has no ports
            return 'protocol', f'{self.label} cannot express ports of sctp in IPv4 lists'
        return super().refuse(rule, options)

    def opening(self, name: str, family: int) -> str:
        return f'ipv6 access-list {name}' if family == 6 else f'ip access-list extended {name}'

    def numbered(self, sequence: int, entry: str, family: int) -> str:
        return f'{entry} sequence {sequence}' if family == 6 else f'{sequence} {entry}'


class NXOSExporter(IOSExporter):
    name, label = 'cisco_nxos', 'Cisco NX-OS'
    replies = 'replies need permits of their own, which this file does not have'
    apply_hint = 'Paste it: a configuration session creates new lists, binds them in place of the old ones and commits'

    def steps(self, work: Work) -> tuple[str, ...]:
        load, *others = super().steps(work)
        return ('Load: paste the file in exec mode. A configuration session applies all of it or nothing.', *others)

    def begin(self, work: Work) -> str:
        return f'configure session {work.prefix}\n'

    def opening(self, name: str, family: int) -> str:
        return f'ipv6 access-list {name}' if family == 6 else f'ip access-list {name}'

    def numbered(self, sequence: int, entry: str, family: int) -> str:
        return f'{sequence} {entry}'

    def bind(self, work: Work, names: dict[tuple[str, int], str]) -> str:
        return f'{super().bind(work, names)}verify\ncommit\n'


class ASAExporter(CiscoExporter):
    name, label = 'cisco_asa', 'Cisco ASA'
    # Real addresses since 8.3
    translates = 'inside'
    dns_name_kinds = ('exact',)
    # One list holds both families since 9.0
    families = (4, 6)
    apply_hint = 'Paste it in configuration mode: it creates new lists and binds them in place of the old ones'

    def write(self, work: Work) -> Written:
        terms, log = self.terms(work), ' log' if work.options.logging else ''
        text, names = '', {}
        for direction in work.options.directions or LISTS:
            entries = []
            for term in (term for term in terms if term.direction == direction):
                entries.append(f'remark {comment(f"{term.name} {term.comment}", REMARK)}')
                entries += [f'extended {entry}{log}' for entry in self.permits(term, work.prefix)]
            entries.append(f'extended deny ip any any{log}')
            digest = hashlib.sha256('\n'.join(entries).encode()).hexdigest()[:8]
            names[direction, 4] = name = f'{work.prefix}-{LISTS[direction]}-{digest}'.upper()
            text += ''.join(f'access-list {name} {entry}\n' for entry in entries)
        return self.written(self.top(work) + _objects(terms, work.prefix) + text + self.bind(work, names), terms)

    def bind(self, work: Work, names: dict[tuple[str, int], str]) -> str:
        return super().bind(work, names | {(direction, 6): name for (direction, _), name in names.items()})

    def binding(self, interface: str, names: dict[int, str]) -> list[str]:
        return [f'access-group {names[4]} in interface {interface}\n']

    def protocol(self, term: Term) -> str:
        return {'icmpv6': 'icmp6'}.get(term.protocol) or term.protocol.removeprefix('ip/')

    def ends(self, side: Side, family: int, prefix: str) -> list[str]:
        if side.any:
            return [f'any{family}']
        return [f'object {_object(name, family, prefix)}' for name in side.dns_names] or super().ends(
            side, family, prefix
        )

    def network(self, network: str) -> str:
        host, _, length = network.partition('/')
        if ':' in host or length == '32':
            return super().network(network)
        mask = 2**32 - 2 ** (32 - int(length))
        return f'{host} {".".join(str(mask >> shift & 255) for shift in (24, 16, 8, 0))}'


def _object(name: str, family: int, prefix: str) -> str:
    # Named by its content: an object of this name that is on the box already holds the same
    return f'{prefix.upper()}-{hashlib.sha256(f"{family} {name}".encode()).hexdigest()[:10].upper()}'


def _objects(terms: Iterable[Term], prefix: str) -> str:
    names = sorted({
        (name, term.family) for term in terms for side in (term.source, term.destination) for name in side.dns_names
    })
    return ''.join(
        f'object network {_object(name, family, prefix)}\n fqdn v{family} {name}\n' for name, family in names
    )


def _ports(term: Term) -> Iterator[str]:
    ranges = [(spec.first, spec.last) for spec in term.ports]
    if not ranges or ranges == [ALL_PORTS]:
        yield ''
        return
    for first, last in ranges:
        yield f'eq {first}' if first == last else f'range {first} {last}'
