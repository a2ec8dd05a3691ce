"""nftables: one table for each firewall or gateway, replaced in one transaction."""

from collections.abc import Iterable

from ...rules.ports import number, port_text
from ...rules.rule import Side
from ..base import Work, Written
from ..options import HOST
from ..text import comment
from .linux import NEIGHBOURS, LinuxExporter
from .terms import Term

__all__ = ('NFTablesExporter',)

# The kernel takes 128 bytes with the terminating one
LONGEST = 127
FAMILIES = {4: 'ip', 6: 'ip6'}


class NFTablesExporter(LinuxExporter):
    name, label, extension = 'nftables', 'nftables', 'nft'
    apply_hint = 'Check the file with nft -c -f FILE, then load it with nft -f FILE'

    def steps(self, work: Work) -> tuple[str, ...]:
        return (
            'Check: nft -c -f FILE',
            'Load: nft -f FILE (replaces this table in one transaction, and nothing else)',
            f'Remove: nft delete table inet {work.prefix}',
            'A packet has to be accepted by every table: what another one drops, this one cannot permit.',
            'Established connections continue until they end, even if this file no longer permits them.',
        )

    def write(self, work: Work) -> Written:
        terms = self.terms(work)
        table = f'table inet {work.prefix}'
        chains = '\n'.join(self._chain(hook, group, work) for hook, group in self.hooks(work, terms).items())
        # Created if it does not exist, so that it can be deleted: the file is loaded as one transaction
        again = f'{table}\ndelete {table}\n\n'
        return self.written(f'#!/usr/sbin/nft -f\n{self.top(work)}{again}{table} {{\n{chains}}}\n', terms)

    def _chain(self, hook: str, terms: Iterable[Term], work: Work) -> str:
        rules = ['ct state established,related accept']
        if work.options.perspective == HOST:
            kinds = ', '.join(f'{kind}' for kind in NEIGHBOURS)
            rules += [f'{"iifname" if hook == "input" else "oifname"} "lo" accept']
            rules += [f'icmpv6 type {{ {kinds} }} accept']
        rules += [rule for term in terms for rule in self._rules(term, work)]
        rules += self._end(hook, work)
        policy = 'drop' if work.options.final_deny else 'accept'
        lines = [f'type filter hook {hook} priority 0; policy {policy};', *rules]
        return f'\tchain {hook} {{\n' + ''.join(f'\t\t{line}\n' for line in lines) + '\t}\n'

    def _rules(self, term: Term, work: Work) -> Iterable[str]:
        parts = []
        for key, interface in zip(('iifname', 'oifname'), self.interfaces(term, work.options), strict=True):
            if interface:
                parts.append(f'{key} "{interface}"')
        parts += _ends(term)
        parts.append(_service(term))
        if work.options.logging and term.permit:
            parts.append(f'log prefix "{work.prefix} {term.name} "')
        text = comment(f'{term.name} {term.comment}', LONGEST)
        yield ' '.join([*parts, 'counter', 'accept' if term.permit else 'drop', f'comment "{text}"'])

    def _end(self, hook: str, work: Work) -> Iterable[str]:
        """The deny of the rest, once for all zones: no interface can be told from another one here."""
        denies = dict.fromkeys(
            ' '.join([*_ends(term), f'counter drop comment "rest {term.comment}"'])
            for term in self.rest(work)
            if hook in ('forward', self.hook(term.direction))
        )
        return [] if work.options.final_deny else denies


def _ends(term: Term) -> list[str]:
    family = FAMILIES[term.family]
    return [
        f'{family} {word} {_addresses(side)}'
        for word, side in (('saddr', term.source), ('daddr', term.destination))
        if not side.any
    ]


def _addresses(side: Side) -> str:
    if not side.addresses:
        raise ValueError('one end of the term has no addresses')
    return _set([str(address) for address in side.addresses])


def _set(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f'{{ {", ".join(values)} }}'


def _service(term: Term) -> str:
    ports = [port_text(spec.first, spec.last) for spec in term.ports]
    if ports and ports != ['any']:
        return f'{term.protocol} dport {_set(ports)}'
    return f'meta l4proto {number(term.protocol)}'
