"""aerleon's own policy, for those who generate for their targets themselves."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import yaml

from ...rules.ports import number, port_text
from ..base import Work, Written
from ..text import comment
from .base import FirewallExporter, cidrs
from .terms import Term

__all__ = ('PolicyExporter',)

# The protocols that aerleon knows by name: number -> name
NAMED = {
    0: 'hopopt', 1: 'icmp', 2: 'igmp', 4: 'ipip', 6: 'tcp', 17: 'udp', 27: 'rdp', 41: 'ipv6', 46: 'rsvp', 47: 'gre',
    50: 'esp', 51: 'ah', 58: 'icmpv6', 89: 'ospf', 103: 'pim', 112: 'vrrp', 115: 'l2tp', 132: 'sctp', 136: 'udplite',
}  # fmt: skip


class PolicyExporter(FirewallExporter):
    name, label, extension = 'aerleon', 'aerleon policy (YAML)', 'yaml'
    media_type = 'application/yaml; charset=utf-8'
    protocols = frozenset(NAMED)
    dns_name_kinds = ('exact', 'wildcard')
    mark = '#'
    apply_hint = 'Two documents: the policy, to which a target is added, and its definitions of networks and services'

    def unlisted(self, work: Work) -> str:
        return 'The target that is added decides about traffic that is not listed'

    def write(self, work: Work) -> Written:
        terms, policy = self.terms(work), Policy(work.options.logging)
        header = {'comment': work.prefix, 'targets': {'TARGET': 'OPTIONS'}}
        filters = {'filters': [{'header': header, 'terms': [policy.term(term) for term in terms]}]}
        documents = [filters, {'networks': policy.networks, 'services': policy.services}]
        return self.written(self.top(work) + yaml.safe_dump_all(documents, sort_keys=False, width=120), terms)


@dataclass
class Policy:
    """Collects what the terms refer to, each address group and service list once."""

    logging: bool = False
    networks: dict[str, Any] = field(default_factory=dict)
    services: dict[str, Any] = field(default_factory=dict)

    def term(self, term: Term) -> dict[str, Any]:
        written: dict[str, Any] = {
            'name': term.name,
            'protocol': NAMED[number(term.protocol)],
            'action': 'accept' if term.permit else 'deny',
            'comment': comment(term.comment),
        }
        for end, side in (('source', term.source), ('destination', term.destination)):
            if side.dns_names:
                written[f'{end}-fqdn'] = self._group('H', [{'fqdn': dns_name} for dns_name in side.dns_names])
            elif not side.any:
                values = [{'address': network} for address in side.addresses for network in cidrs(address)]
                # Without addresses it would mean any: _group() refuses that
                written[f'{end}-address'] = self._group('N', values)
        # A term without ports permits all of them
        if term.ports and [port_text(s.first, s.last) for s in term.ports] != ['any']:
            written['destination-port'] = self._service(term)
        if self.logging:
            written['logging'] = 'true'
        return written

    def _group(self, kind: str, values: list[dict[str, str]]) -> str:
        if not values:
            raise ValueError('one end of the term has no addresses')
        name = f'GW{kind}{hashlib.sha256(repr(values).encode()).hexdigest()[:10].upper()}'
        self.networks[name] = {'values': values}
        return name

    def _service(self, term: Term) -> str:
        ports = [port_text(spec.first, spec.last) for spec in term.ports]
        name = f'{NAMED[number(term.protocol)].upper()}_{"_".join(ports).replace("-", "TO")}'
        self.services[name] = [{'protocol': NAMED[number(term.protocol)], 'port': port} for port in ports]
        return name
