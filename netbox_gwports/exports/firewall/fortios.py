"""Fortinet FortiOS: policies with numbers of their own, which follow one policy that an administrator places."""

import hashlib
from collections.abc import Iterable

from ...rules.ports import number
from ...rules.rule import Rule, Side
from ..base import Reason, Work, Written
from ..options import Options
from ..rendering import ExportError
from ..text import comment
from .panos import removed
from .terms import Term
from .zoned import ZonedExporter, labels

__all__ = (
    'FortiOSExporter',
    'address_settings',
    'check_numbers',
    'policy_name',
    'policy_number',
    'service_label',
    'service_settings',
)

# Numbers of policies go to 4294967294; below this one are those that people and the firewall itself give
LOWEST = 2_000_000_000
COMMENT = 250


class FortiOSExporter(ZonedExporter):
    name, label, extension = 'fortinet_fortios', 'Fortinet FortiOS', 'conf'
    options = (*ZonedExporter.options, 'present')
    dns_name_kinds = ('exact', 'wildcard')
    mark = '#'
    apply_hint = 'Paste it in the VDOM, in a transaction where the version has them (execute config-transaction start)'

    def refuse(self, rule: Rule, options: Options) -> Reason | None:
        if rule.family == 6 and any(dns_name.startswith('*.') for dns_name in rule.remote.dns_names):
            return 'dns_names', f'{self.label} supports wildcard names for IPv4 only'
        return super().refuse(rule, options)

    def steps(self, work: Work) -> tuple[str, ...]:
        return (
            'Load: execute config-transaction start; paste the file; execute config-transaction commit',
            f'      (changes policies and objects named {work.prefix}-... only; without a transaction, in this order)',
            f'Once: config firewall policy; move {policy_number(work, "")} before NUMBER-OF-YOUR-FINAL-DENY; end',
            f'      (these policies follow the disabled policy {work.prefix}, wherever it is)',
            f'Policies {work.prefix}-... of an earlier file stay unless this file removes them at its end: list the',
            'rules on the firewall in the option present.',
        )

    def write(self, work: Work) -> Written:
        terms = self.policies(work)
        check_numbers(work, terms)
        text = _objects(terms, work) + _services(terms, work)
        policies = [self._anchor(work), *(self._policy(term, work) for term in terms)]
        anchor = policy_number(work, '')
        for term in terms:
            current = policy_number(work, term.name)
            policies.append(f'    move {current} after {anchor}\n')
            anchor = current
        policies += [f'    delete {policy_number(work, key)}\n' for key in removed(work)]
        text += f'config firewall policy\n{"".join(policies)}end\n'
        return self.written(self.top(work) + text, terms)

    def _anchor(self, work: Work) -> str:
        return _entry(
            policy_number(work, ''),
            ('name', _quoted(work.prefix)),
            ('status', 'disable'),
            ('srcintf', '"any"'),
            ('dstintf', '"any"'),
            ('srcaddr', '"all"'),
            ('dstaddr', '"all"'),
            ('action', 'deny'),
            ('schedule', '"always"'),
            ('service', '"ALL"'),
            ('comments', '"netbox-gwports: the policies of this name follow"'),
        )

    def _policy(self, term: Term, work: Work) -> str:
        source, destination = self.pair(term, work.options)
        suffix = '6' if term.family == 6 else ''
        return _entry(
            policy_number(work, term.name),
            ('name', _quoted(policy_name(work, term.name))),
            ('srcintf', _quoted(source)),
            ('dstintf', _quoted(destination)),
            (f'srcaddr{suffix}', _side(term.source, term.family, work)),
            (f'dstaddr{suffix}', _side(term.destination, term.family, work)),
            ('action', 'accept' if term.permit else 'deny'),
            ('schedule', '"always"'),
            ('service', _quoted(service_label(term, work)) if term.protocol else '"ALL"'),
            ('logtraffic', 'all' if work.options.logging else 'disable'),
            ('comments', _quoted(comment(f'{term.name} {term.comment}', COMMENT))),
        )


def _entry(number_or_name: str | int, *settings: tuple[str, str]) -> str:
    lines = ''.join(f'        set {key} {value}\n' for key, value in settings)
    return f'    edit {number_or_name}\n{lines}    next\n'


def _quoted(text: str) -> str:
    return f'"{text}"'


def policy_number(work: Work, name: str) -> int:
    """The number of a policy, which depends on the prefix and its name only: edited again, it is the same policy."""
    digest = hashlib.sha256(f'{work.prefix} {name}'.encode()).hexdigest()
    return LOWEST + int(digest[:12], 16) % 2_000_000_000


def check_numbers(work: Work, terms: Iterable[Term]) -> None:
    """Raises ExportError if two policies would have one number, of which the second would replace the first."""
    names: dict[int, str] = {}
    for name in ('', *(term.name for term in terms)):
        if names.setdefault(policy_number(work, name), name) != name:
            raise ExportError(f'Two policies would have the number {policy_number(work, name)}: choose another prefix.')


def policy_name(work: Work, name: str) -> str:
    """The name of a policy, of at most 35 characters."""
    text = f'{work.prefix}-{name}'
    return text if len(text) <= 35 else f'{text[:26]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}'


def _objects(terms: Iterable[Term], work: Work) -> str:
    found: dict[int, dict[str, str]] = {4: {}, 6: {}}
    for term in terms:
        for side in (term.source, term.destination):
            found[term.family] |= labels(side, term.family)
    text = ''
    for family, objects in found.items():
        entries = [
            _entry(_quoted(f'{work.prefix}-{label}'), *address_settings(value, family, label.startswith('dns')))
            for label, value in sorted(objects.items())
        ]
        if entries:
            text += f'config firewall address{"6" if family == 6 else ""}\n{"".join(entries)}end\n'
    return text


def address_settings(value: str, family: int, is_name: bool) -> Iterable[tuple[str, str]]:
    if is_name:
        return ('type', 'fqdn'), ('fqdn', _quoted(value))
    if family == 6:
        return ('type', 'ipprefix'), ('ip6', value)
    host, _, length = value.partition('/')
    mask = 2**32 - 2 ** (32 - int(length))
    return ('type', 'ipmask'), ('subnet', f'{host} {".".join(str(mask >> shift & 255) for shift in (24, 16, 8, 0))}')


def _services(terms: Iterable[Term], work: Work) -> str:
    found = {service_label(term, work): term for term in terms if term.protocol}
    entries = [_entry(_quoted(name), *service_settings(term)) for name, term in sorted(found.items())]
    return f'config firewall service custom\n{"".join(entries)}end\n' if entries else ''


def service_settings(term: Term) -> Iterable[tuple[str, str]]:
    """aerleon writes ALL for what is neither TCP nor UDP; the system has more."""
    if term.ports:
        # With a colon it would be a source port
        ports = ' '.join(f'{s.first}-{s.last}' if s.last > s.first else f'{s.first}' for s in term.ports)
        return ('protocol', 'TCP/UDP/SCTP'), (f'{term.protocol}-portrange', ports)
    if term.protocol in ('icmp', 'icmpv6'):
        return (('protocol', {'icmp': 'ICMP', 'icmpv6': 'ICMP6'}[term.protocol]),)
    return ('protocol', 'IP'), ('protocol-number', str(number(term.protocol)))


def service_label(term: Term, work: Work) -> str:
    ports = '_'.join(f'{s.first}-{s.last}' if s.last > s.first else f'{s.first}' for s in term.ports)
    name = f'{term.protocol.replace("/", "")}-{ports}'.rstrip('-')
    return f'{work.prefix}-{name if len(name) <= 40 else f"{term.protocol}-{term.name}"}'


def _side(side: Side, family: int, work: Work) -> str:
    if side.any:
        return '"all"'
    if not (found := labels(side, family)):
        raise ValueError('one end of the term has no addresses')
    return ' '.join(_quoted(f'{work.prefix}-{label}') for label in found)
