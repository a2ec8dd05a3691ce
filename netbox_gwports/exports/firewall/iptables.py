"""iptables and ip6tables: chains of our own, replaced in one step, and one jump to each that is set once."""

from collections.abc import Iterable, Iterator
from itertools import batched, product

from ...rules.ports import number
from ...rules.rule import Side
from ..base import Work, Written
from ..options import HOST
from ..text import comment
from .base import ALL_PORTS, cidrs
from .linux import NEIGHBOURS, LinuxExporter
from .terms import Term, gateway_sides

__all__ = ('IP6TablesExporter', 'IPTablesExporter')

# multiport takes 15 ports, of which a range counts as two
MOST_RANGES = 7
SUFFIXES = {'forward': 'FWD', 'input': 'IN', 'output': 'OUT'}
REPLIES = '-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT'


class IPTablesExporter(LinuxExporter):
    name, label, extension = 'iptables', 'iptables (IPv4)', 'rules'
    command = 'iptables'
    families: tuple[int, ...] = (4,)
    apply_hint = (
        'Load the file with iptables-restore --noflush FILE, then run the commands at its top once; '
        'without --noflush all other rules would be lost'
    )

    def steps(self, work: Work) -> tuple[str, ...]:
        jumps = [(hook.upper(), self._name(hook, work)) for hook in self.hooks(work, [])]
        command = f'{self.command} -w'
        return (
            f'Load: {self.command}-restore --noflush FILE',
            '      (replaces these chains in one step; without --noflush all other rules would be lost)',
            *(
                f'Once: {command} -C {hook} -j {chain} 2>/dev/null || {command} -I {hook} 1 -j {chain}'
                for hook, chain in jumps
            ),
            *(
                f'Remove: {command} -D {hook} -j {chain}; {command} -F {chain}; {command} -X {chain}'
                for hook, chain in jumps
            ),
            'Established connections continue until they end, even if this file no longer permits them.',
        )

    def write(self, work: Work) -> Written:
        terms = self.terms(work)
        hooks = self.hooks(work, terms)
        names = {hook: self._name(hook, work) for hook in hooks}
        # With --noflush, a chain that is named here is emptied and filled again in one step, and no other one is
        lines = [
            '*filter',
            *(f':{name} - [0:0]' for name in names.values()),
            *(f'-A {names[hook]} {rule}' for hook, group in hooks.items() for rule in self._chain(hook, group, work)),
            'COMMIT',
        ]
        return self.written(self.top(work) + '\n'.join(lines) + '\n', terms)

    @staticmethod
    def _name(hook: str, work: Work) -> str:
        return f'{work.prefix}-{SUFFIXES[hook]}'.upper()

    def _chain(self, hook: str, terms: Iterable[Term], work: Work) -> Iterator[str]:
        denies = [term for term in self.rest(work) if hook in ('forward', self.hook(term.direction))]
        if work.options.perspective == HOST:
            yield f'-{"i" if hook == "input" else "o"} lo -j ACCEPT'
            if 6 in self.families:
                yield from (f'-p ipv6-icmp --icmpv6-type {kind} -j ACCEPT' for kind in NEIGHBOURS)
        if work.options.final_deny or work.options.perspective == HOST:
            yield REPLIES
        else:
            yield from dict.fromkeys(f'{match} {REPLIES}' for match in self._replies(work))
        for term in terms:
            yield from self._rules(term, work)
        if work.options.final_deny:
            yield '-j DROP'
            return
        text = '-m comment --comment "rest the rest of these gateways" -j DROP'
        yield from dict.fromkeys(
            f'{ends} {text}' for term in denies if term.family in self.families for ends in _ends(term)
        )

    def _replies(self, work: Work) -> Iterator[str]:
        """The ends of replies: to and from the gateways only, since other traffic is left to the rules of others."""
        for (_direction, family), side in gateway_sides(work, outside=False).items():
            if family in self.families:
                yield from (match for option in ('-s', '-d') for match in _addresses(option, side))

    def _rules(self, term: Term, work: Work) -> Iterator[str]:
        incoming, outgoing = self.interfaces(term, work.options)
        interfaces = ' '.join(f'{key} {name}' for key, name in (('-i', incoming), ('-o', outgoing)) if name)
        text = comment(f'{term.name} {term.comment}', 250)
        for ends, service in product(_ends(term), _services(term)):
            match = ' '.join(part for part in (interfaces, ends, service) if part)
            if work.options.logging and term.permit:
                yield f'{match} -j LOG --log-prefix "{term.name} "'
            yield f'{match} -m comment --comment "{text}" -j {"ACCEPT" if term.permit else "DROP"}'


class IP6TablesExporter(IPTablesExporter):
    name, label = 'ip6tables', 'ip6tables (IPv6)'
    command = 'ip6tables'
    families = (6,)
    apply_hint = IPTablesExporter.apply_hint.replace('iptables', 'ip6tables')


def _ends(term: Term) -> Iterator[str]:
    for source, destination in product(_addresses('-s', term.source), _addresses('-d', term.destination)):
        yield ' '.join(part for part in (source, destination) if part)


def _addresses(option: str, side: Side) -> list[str]:
    if side.any:
        return ['']
    if not side.addresses:
        raise ValueError('one end of the term has no addresses')
    return [f'{option} {network}' for address in side.addresses for network in cidrs(address)]


def _services(term: Term) -> Iterator[str]:
    protocol = {'icmpv6': 'ipv6-icmp'}.get(term.protocol, term.protocol)
    protocol = str(number(term.protocol)) if '/' in protocol else protocol
    ports = [(spec.first, spec.last) for spec in term.ports]
    if not ports or ports == [ALL_PORTS]:
        yield f'-p {protocol}'
        return
    for chunk in batched(ports, MOST_RANGES):
        texts = [f'{first}:{last}' if last > first else f'{first}' for first, last in chunk]
        many = '-m multiport --dports' if len(texts) > 1 else f'-m {protocol} --dport'
        yield f'-p {protocol} {many} {",".join(texts)}'
