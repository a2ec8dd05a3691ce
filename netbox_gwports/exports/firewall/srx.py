"""Juniper SRX: a configuration group of our own, which is replaced as a whole and inherited by the configuration."""

from collections.abc import Iterable
from itertools import groupby

from ...rules.ports import WITH_PORTS, number
from ...rules.rule import Side
from ..base import Work, Written
from ..text import comment
from .terms import Term
from .zoned import ZonedExporter, labels

__all__ = ('SRXExporter',)

NAMES = {
    'tcp': 'tcp',
    'udp': 'udp',
    'icmp': 'icmp',
    'icmpv6': 'icmp6',
    'esp': 'esp',
    'ah': 'ah',
    'gre': 'gre',
    'sctp': 'sctp',
}


class SRXExporter(ZonedExporter):
    name, label, extension = 'juniper_srx', 'Juniper SRX', 'conf'
    dns_name_kinds = ('exact',)
    mark = '#'
    apply_hint = 'Load it with load replace FILE, check with show | compare, then commit confirmed'

    def steps(self, work: Work) -> tuple[str, ...]:
        group = work.prefix
        return (
            'Load: load replace FILE; show | compare; commit confirmed 5',
            f'      (replaces the configuration group {group}, and nothing else)',
            f'Check: show configuration security policies | display inheritance no-comments | match {group}',
            f'Remove: delete apply-groups {group}; delete groups {group}',
            'Policies of a group come after those of the configuration itself: a deny of everything between the same',
            'zones has to be the default policy or a global one, or it hides these.',
        )

    def write(self, work: Work) -> Written:
        terms = self.policies(work)
        body = _block('address-book', _block('global', _addresses(terms, work.prefix))) + self._policies(terms, work)
        group = _block('security', body) + _block('applications', _applications(terms, work.prefix))
        text = _block('groups', _block(f'replace: {work.prefix}', group) if group else f'replace: {work.prefix};\n')
        return self.written(f'{self.top(work)}{text}apply-groups {work.prefix};\n', terms)

    def _policies(self, terms: list[Term], work: Work) -> str:
        def pair(term: Term) -> tuple[str, str]:
            return self.pair(term, work.options)

        text = ''
        for (source, destination), group in groupby(sorted(terms, key=pair), key=pair):
            policies = ''.join(self._policy(term, work) for term in group)
            text += _block(f'from-zone {source} to-zone {destination}', policies)
        return _block('policies', text)

    def _policy(self, term: Term, work: Work) -> str:
        match = ''.join(
            f'{key} {value};\n'
            for key, value in (
                ('source-address', _side(term.source, term.family, work.prefix)),
                ('destination-address', _side(term.destination, term.family, work.prefix)),
                ('application', f'{work.prefix}-{_application(term)}' if term.protocol else 'any'),
            )
        )
        then = 'permit;\n' if term.permit else 'deny;\n'
        if work.options.logging and term.permit:
            then += _block('log', 'session-close;\n')
        text = f'description "{comment(f"{term.name} {term.comment}", 250)}";\n'
        return _block(f'policy {work.prefix}-{term.name}', text + _block('match', match) + _block('then', then))


def _block(name: str, body: str) -> str:
    """A block of the configuration, indented; nothing where it is empty."""
    lines = ''.join(f'    {line}\n' for line in body.splitlines())
    return f'{name} {{\n{lines}}}\n' if lines else ''


def _addresses(terms: Iterable[Term], prefix: str) -> str:
    found: dict[str, str] = {}
    for term in terms:
        for side in (term.source, term.destination):
            found |= labels(side, term.family)
    return ''.join(
        _block(f'address {prefix}-{label}', f'dns-name {value};\n')
        if label.startswith('dns')
        else f'address {prefix}-{label} {value};\n'
        for label, value in sorted(found.items())
    )


def _side(side: Side, family: int, prefix: str) -> str:
    if side.any:
        return f'any-ipv{family}'
    names = [f'{prefix}-{label}' for label in labels(side, family)]
    if not names:
        raise ValueError('one end of the term has no addresses')
    return names[0] if len(names) == 1 else f'[ {" ".join(names)} ]'


def _application(term: Term) -> str:
    ports = '_'.join(f'{spec.first}-{spec.last}' if spec.last > spec.first else f'{spec.first}' for spec in term.ports)
    name = f'{term.protocol.replace("/", "")}-{ports}'.rstrip('-')
    return name if len(name) <= 40 else f'{term.protocol}-{term.name}'


def _applications(terms: Iterable[Term], prefix: str) -> str:
    found = {_application(term): term for term in terms if term.protocol}
    return ''.join(
        _block(f'application {prefix}-{name}', ''.join(_entries(term))) for name, term in sorted(found.items())
    )


def _entries(term: Term) -> Iterable[str]:
    protocol = NAMES.get(term.protocol) or str(number(term.protocol))
    if term.protocol not in WITH_PORTS:
        yield f'protocol {protocol};\n'
    for n, spec in enumerate(term.ports, 1):
        ports = f'{spec.first}' if spec.first == spec.last else f'{spec.first}-{spec.last}'
        yield f'term t{n} protocol {protocol} destination-port {ports};\n'
