"""Palo Alto PAN-OS: set commands for the candidate configuration, which one commit applies."""

from collections.abc import Iterable, Iterator

from ...rules.constants import TO_CLOSE
from ...rules.ports import PROTOCOLS
from ...rules.rule import Side
from ..base import Work, Written
from ..text import comment
from .base import ALL_PORTS
from .terms import Term
from .zoned import ZonedExporter, labels

__all__ = ('APPLICATIONS', 'PANOSExporter', 'ports_text', 'removed', 'service_label')

# What App-ID identifies: ping is an application of its own
APPLICATIONS = {
    'icmp': ('icmp', 'ping'),
    'icmpv6': ('ipv6-icmp', 'ping6'),
    'esp': ('ipsec-esp',),
    'ah': ('ipsec-ah',),
    'gre': ('gre',),
}
RULES = 'rulebase security rules'


class PANOSExporter(ZonedExporter):
    name, label, extension = 'paloalto_panos', 'Palo Alto PAN-OS', 'set'
    options = (*ZonedExporter.options, 'present')
    # Before the translation
    translates = 'outside'
    # Exact names only: an address object holds no wildcard
    dns_name_kinds = ('exact',)
    protocols = frozenset(PROTOCOLS[name] for name in ('tcp', 'udp', *APPLICATIONS))
    mark = '#'
    apply_hint = 'Paste it in configuration mode, check with show config diff, then commit'

    def steps(self, work: Work) -> tuple[str, ...]:
        return (
            'Load: set cli scripting-mode on; configure; paste the commands; show config diff; commit',
            f'      (changes rules, objects and a tag named {work.prefix}-... only)',
            f'Once: move {RULES} {work.prefix} before your final deny',
            f'      (these rules follow the disabled rule {work.prefix}, wherever it is)',
            *self.closing(work),
        )

    def closing(self, work: Work) -> tuple[str, ...]:
        """What a reader has to know of rules that an earlier file created."""
        return (
            f'Rules {work.prefix}-... of an earlier file stay unless this file removes them at its end: list the',
            'rules on the firewall in the option present.',
        )

    def write(self, work: Work) -> Written:
        terms = self.policies(work)
        lines = [
            f'set tag {work.prefix} comments "netbox-gwports"',
            *(f'set {line}' for line in self._objects(terms, work)),
            f'set {RULES} {work.prefix} from any to any source any destination any application any service any',
            f'set {RULES} {work.prefix} action deny disabled yes tag {work.prefix}',
            *(line for term in terms for line in self._rule(term, work)),
        ]
        anchor = work.prefix
        for term in terms:
            name = f'{work.prefix}-{term.name}'
            lines.append(f'move {RULES} {name} after {anchor}')
            anchor = name
        lines += [f'delete {RULES} {work.prefix}-{key}' for key in removed(work)]
        return self.written(self.top(work) + '\n'.join(lines) + '\n', terms)

    def _objects(self, terms: Iterable[Term], work: Work) -> list[str]:
        found: dict[str, None] = {}
        for term in terms:
            for side in (term.source, term.destination):
                for label, value in labels(side, term.family).items():
                    kind = 'fqdn' if label.startswith('dns') else 'ip-netmask'
                    found.setdefault(f'address {work.prefix}-{label} {kind} {value}')
            if term.protocol and term.protocol not in APPLICATIONS:
                found.setdefault(
                    f'service {service_label(term, work)} protocol {term.protocol} port {ports_text(term)}'
                )
        return sorted(found)

    def _rule(self, term: Term, work: Work) -> Iterator[str]:
        source, destination = self.pair(term, work.options)
        start = f'set {RULES} {work.prefix}-{term.name}'
        applications = APPLICATIONS.get(term.protocol, ('any',))
        if term.protocol:
            service = 'application-default' if term.protocol in APPLICATIONS else service_label(term, work)
        else:
            service = 'any'
        # What is set again is added to what a list holds: an object or a zone that changed must not stay
        yield f'delete {start.removeprefix("set ")}'
        yield f'{start} from {source} to {destination}'
        yield f'{start} source {_side(term.source, term.family, work)}'
        yield f'{start} destination {_side(term.destination, term.family, work)}'
        yield f'{start} application {_members(applications)} service {service}'
        yield f'{start} action {"allow" if term.permit else "deny"} tag {work.prefix}'
        yield f'{start} log-end {"yes" if work.options.logging else "no"}'
        yield f'{start} description "{comment(f"{term.name} {term.comment}", 250)}"'


def removed(work: Work) -> list[str]:
    """The keys of rules on the firewall that are no longer in this file."""
    to_close = {rule.key for rule in work.material.rules if rule.standing == TO_CLOSE}
    return sorted(({*work.options.present, *work.material.present} | to_close) - work.keys)


def _members(values: Iterable[str]) -> str:
    first, *others = values
    return f'[ {" ".join((first, *others))} ]' if others else first


def _side(side: Side, family: int, work: Work) -> str:
    if side.any:
        return 'any'
    if not (found := labels(side, family)):
        raise ValueError('one end of the term has no addresses')
    return _members(f'{work.prefix}-{label}' for label in found)


def ports_text(term: Term) -> str:
    if [(spec.first, spec.last) for spec in term.ports] == [ALL_PORTS]:
        return '1-65535'
    return ','.join(f'{s.first}-{s.last}' if s.last > s.first else f'{s.first}' for s in term.ports)


def service_label(term: Term, work: Work) -> str:
    name = f'{term.protocol}-{ports_text(term).replace(",", "_")}'
    return f'{work.prefix}-{name if len(name) <= 40 else f"{term.protocol}-{term.name}"}'
