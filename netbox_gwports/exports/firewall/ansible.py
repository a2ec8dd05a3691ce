"""Variables for Ansible: the arguments of the modules of each vendor's collection, in the order of a play.

Modules replace what has the same name. A play removes what has the prefix and is not in the file, so that loading a
smaller file closes what is no longer in it: docs/ansible-and-nornir.md has one for each collection.
"""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

import yaml

from ...rules.ports import number
from ...rules.rule import Rule, Side
from ..base import Reason, Work, Written
from ..options import Options
from ..text import comment
from . import fortios, panos
from .base import FirewallExporter
from .terms import Term
from .zoned import ZonedExporter, labels

__all__ = ('AnsibleCheckPointExporter', 'AnsibleFortiOSExporter', 'AnsiblePANOSExporter')

type Data = dict[str, Any]


class _Dumper(yaml.SafeDumper):
    """Without aliases, which people find hard to read."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class AnsibleExporter(FirewallExporter):
    extension, media_type, mark = 'yaml', 'application/yaml; charset=utf-8', '#'
    collection = ''

    def steps(self, work: Work) -> tuple[str, ...]:
        return (
            f'Variables for the modules of {self.collection}. Each item holds the arguments of one call, and the lists',
            f'are in the order of a play. The play removes what is named {work.prefix}-... and is not in this file.',
        )

    def write(self, work: Work) -> Written:
        terms = self.policies(work)
        data = {'gwports_prefix': work.prefix, **self.variables(terms, work)}
        text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, width=120)
        return self.written(self.top(work) + text, terms)

    def policies(self, work: Work) -> list[Term]:
        return [*self.terms(work), *self.rest(work)]

    @abstractmethod
    def variables(self, terms: list[Term], work: Work) -> Data:
        """Name of a variable -> its value."""


class AnsiblePANOSExporter(AnsibleExporter, ZonedExporter):
    name, label, collection = 'ansible_panos', 'Ansible variables for PAN-OS', 'paloaltonetworks.panos'
    translates = 'outside'
    dns_name_kinds = ('exact',)
    protocols = panos.PANOSExporter.protocols
    apply_hint = 'Variables for a play with the collection paloaltonetworks.panos'

    def variables(self, terms: list[Term], work: Work) -> Data:
        rules, before = [], work.prefix
        for term in terms:
            rules.append({**self._rule(term, work), 'location': 'after', 'existing_rule': before})
            before = f'{work.prefix}-{term.name}'
        return {
            'gwports_panos_tags': [{'name': work.prefix, 'comments': 'netbox-gwports'}],
            'gwports_panos_addresses': [
                {'name': name, 'value': value, 'address_type': 'fqdn' if is_name else 'ip-netmask'}
                for name, value, is_name, _family in _objects(terms, work)
            ],
            'gwports_panos_services': _unique(
                {
                    'name': panos.service_label(term, work),
                    'protocol': term.protocol,
                    'destination_port': panos.ports_text(term),
                }
                for term in terms
                if term.protocol and term.protocol not in panos.APPLICATIONS
            ),
            # Where it is does not matter: an administrator places it before the final deny
            'gwports_panos_anchor': {
                'rule_name': work.prefix,
                'action': 'deny',
                'disabled': True,
                'tag_name': [work.prefix],
            },
            'gwports_panos_rules': rules,
        }

    def _rule(self, term: Term, work: Work) -> Data:
        source, destination = self.pair(term, work.options)
        if not term.protocol:
            service = 'any'
        elif term.protocol in panos.APPLICATIONS:
            service = 'application-default'
        else:
            service = panos.service_label(term, work)
        return {
            'rule_name': f'{work.prefix}-{term.name}',
            'source_zone': [source],
            'destination_zone': [destination],
            'source_ip': _side(term.source, term.family, work, 'any'),
            'destination_ip': _side(term.destination, term.family, work, 'any'),
            'application': list(panos.APPLICATIONS.get(term.protocol, ('any',))),
            'service': [service],
            'action': 'allow' if term.permit else 'deny',
            'log_end': work.options.logging,
            'tag_name': [work.prefix],
            'description': comment(f'{term.name} {term.comment}', 250),
        }


class AnsibleFortiOSExporter(AnsibleExporter, ZonedExporter):
    name, label, collection = 'ansible_fortios', 'Ansible variables for FortiOS', 'fortinet.fortios'
    dns_name_kinds = ('exact', 'wildcard')
    apply_hint = 'Variables for a play with the collection fortinet.fortios'

    def refuse(self, rule: Rule, options: Options) -> Reason | None:
        if rule.family == 6 and any(dns_name.startswith('*.') for dns_name in rule.remote.dns_names):
            return 'dns_names', f'{self.label} supports wildcard names for IPv4 only'
        return super().refuse(rule, options)

    def variables(self, terms: list[Term], work: Work) -> Data:
        fortios.check_numbers(work, terms)
        numbers = [fortios.policy_number(work, name) for name in ('', *(term.name for term in terms))]
        objects = list(_objects(terms, work))
        return {
            **{
                f'gwports_fortios_address{"es" if family == 4 else "es6"}': [
                    {
                        'name': name,
                        **{key: text.strip('"') for key, text in fortios.address_settings(value, family, dns)},
                    }
                    for name, value, dns, of in objects
                    if of == family
                ]
                for family in (4, 6)
            },
            'gwports_fortios_services': _unique(
                {
                    'name': fortios.service_label(term, work),
                    **{key.replace('-', '_'): text for key, text in fortios.service_settings(term)},
                }
                for term in terms
                if term.protocol
            ),
            'gwports_fortios_anchor': {
                **_policy(numbers[0], work.prefix, ('any', 'any'), 'deny'),
                'srcaddr': _names(['all']),
                'dstaddr': _names(['all']),
                'service': _names(['ALL']),
                'status': 'disable',
            },
            'gwports_fortios_policies': [self._policy(term, work) for term in terms],
            'gwports_fortios_moves': [
                {'self': str(current), 'after': str(before)}
                for before, current in zip(numbers, numbers[1:], strict=False)
            ],
        }

    def _policy(self, term: Term, work: Work) -> Data:
        suffix = '6' if term.family == 6 else ''
        return {
            **_policy(
                fortios.policy_number(work, term.name),
                fortios.policy_name(work, term.name),
                self.pair(term, work.options),
                'accept' if term.permit else 'deny',
            ),
            f'srcaddr{suffix}': _names(_side(term.source, term.family, work, 'all')),
            f'dstaddr{suffix}': _names(_side(term.destination, term.family, work, 'all')),
            'service': _names([fortios.service_label(term, work) if term.protocol else 'ALL']),
            'logtraffic': 'all' if work.options.logging else 'disable',
            'comments': comment(f'{term.name} {term.comment}', 250),
        }


class AnsibleCheckPointExporter(AnsibleExporter):
    """An access layer of its own, which a rule of the policy points to: everything in it is ours."""

    name, label, collection = 'ansible_checkpoint', 'Ansible variables for Check Point', 'check_point.mgmt'
    options = (*FirewallExporter.options, 'deny_gateways')
    # A domain with its subdomains would include the domain itself, which a wildcard does not
    dns_name_kinds = ('exact',)
    apply_hint = 'Variables for a play with the collection check_point.mgmt'

    def steps(self, work: Work) -> tuple[str, ...]:
        return (
            *super().steps(work),
            f'The access layer {work.prefix} holds these rules only: add a rule to your policy once whose action is',
            'that layer. Packets that reach the end of the layer are treated as it says.',
        )

    def unlisted(self, work: Work) -> str:
        if work.options.deny_gateways:
            return 'Other traffic of the gateways is denied. Anything else that reaches the layer is dropped, too'
        return 'Anything that reaches the end of the layer is dropped'

    def variables(self, terms: list[Term], work: Work) -> Data:
        hosts, networks, domains = [], [], []
        for name, value, is_name, family in _objects(terms, work):
            address, _, length = value.partition('/')
            if is_name:
                domains.append({'name': f'.{value}', 'is_sub_domain': False})
            elif length == ('128' if family == 6 else '32'):
                hosts.append({'name': name, 'ip_address': address})
            else:
                networks.append({'name': name, 'subnet': address, 'mask_length': int(length)})
        return {
            'gwports_checkpoint_layer': {'name': work.prefix, 'applications_and_url_filtering': False},
            'gwports_checkpoint_hosts': hosts,
            'gwports_checkpoint_networks': networks,
            'gwports_checkpoint_dns_domains': _unique(domains),
            **{
                f'gwports_checkpoint_services_{protocol}': _unique(
                    {'name': name, 'port': port}
                    for term in terms
                    for name, port in _checkpoint_services(term, work)
                    if term.protocol == protocol
                )
                for protocol in ('tcp', 'udp', 'sctp')
            },
            'gwports_checkpoint_services_other': _unique(
                {'name': name, 'ip_protocol': number(term.protocol)}
                for term in terms
                if term.protocol and not term.ports
                for name, _port in _checkpoint_services(term, work)
            ),
            'gwports_checkpoint_rules': [self._rule(term, work) for term in terms],
        }

    def _rule(self, term: Term, work: Work) -> Data:
        services = [name for name, _port in _checkpoint_services(term, work)] if term.protocol else ['Any']
        return {
            'layer': work.prefix,
            'name': f'{work.prefix}-{term.name}',
            'source': _checkpoint_side(term.source, term, work),
            'destination': _checkpoint_side(term.destination, term, work),
            'service': services,
            'action': 'Accept' if term.permit else 'Drop',
            'track': {'type': 'Log' if work.options.logging else 'None'},
            'comments': comment(f'{term.name} {term.comment}', 250),
        }


def _objects(terms: Iterable[Term], work: Work) -> Iterable[tuple[str, str, bool, int]]:
    """(name, network or DNS name, whether it is a DNS name, family) of each object."""
    found = {
        (f'{work.prefix}-{label}', value, label.startswith('dns'), term.family)
        for term in terms
        for side in (term.source, term.destination)
        for label, value in labels(side, term.family).items()
    }
    return sorted(found)


def _side(side: Side, family: int, work: Work, every: str) -> list[str]:
    if side.any:
        return [every]
    if not (found := labels(side, family)):
        raise ValueError('one end of the term has no addresses')
    return [f'{work.prefix}-{label}' for label in found]


def _unique(items: Iterable[Data]) -> list[Data]:
    return list({item['name']: item for item in items}.values())


def _names(names: Iterable[str]) -> list[Data]:
    return [{'name': name} for name in names]


def _policy(policy_id: int, name: str, pair: tuple[str, str], action: str) -> Data:
    return {
        'policyid': policy_id,
        'name': name,
        'srcintf': _names([pair[0]]),
        'dstintf': _names([pair[1]]),
        'action': action,
        'schedule': 'always',
    }


def _checkpoint_services(term: Term, work: Work) -> list[tuple[str, str]]:
    """(name, port or range) of each service; the port is empty for a protocol without ports."""
    ports = [f'{s.first}-{s.last}' if s.last > s.first else f'{s.first}' for s in term.ports] or ['']
    protocol = term.protocol.replace('/', '')
    return [(f'{work.prefix}-{protocol}-{port}'.rstrip('-'), port) for port in ports]


def _checkpoint_side(side: Side, term: Term, work: Work) -> list[str]:
    if side.any:
        # The other end is of one family
        return ['Any']
    return [f'.{name}' for name in side.dns_names] or _side(side, term.family, work, 'Any')
