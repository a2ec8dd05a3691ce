"""AWS security groups as JSON for Terraform: one for each set of addresses of a gateway."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from netaddr import IPNetwork, IPSet

from ...rules.addresses import LENGTH, Address
from ...rules.constants import INBOUND, INTERNET
from ...rules.ports import number
from ...rules.rule import Rule, Side
from ..base import Reason, Work, Written
from ..options import Options
from ..text import comment
from .base import ALL_PORTS, FirewallExporter, cidrs
from .terms import Term, term_of

__all__ = ('AWSExporter',)

WITHOUT_PORTS = {'icmp': 'icmp', 'icmpv6': 'icmpv6'}


class AWSExporter(FirewallExporter):
    """A group is attached to an interface and permits only, so that it needs no deny and never denies anything.

    *any* of the Internet is all addresses without the networks of the other zones, since nothing can be denied.
    """

    name, label, extension, media_type = (
        'aws_terraform',
        'AWS security groups (Terraform)',
        'tf.json',
        'application/json',
    )
    perspectives = ('transit', 'host')
    apply_hint = 'Put it into a Terraform module, check with terraform plan, then terraform apply'

    def out_of_scope(self, rule: Rule, options: Options) -> Reason | None:
        # A group sees what is within a segment, too
        return None

    def refuse(self, rule: Rule, options: Options) -> Reason | None:
        if rule.protocol == 'sctp':
            return 'protocol', f'{self.label} cannot express ports of sctp'
        return super().refuse(rule, options)

    def steps(self, work: Work) -> tuple[str, ...]:
        return (
            'Load: put this file into a Terraform module and set the variable gwports_vpc_id',
            'Attach each group to the interfaces with the addresses in its description. A group is stateful',
            'A group has 60 rules in each direction unless the quota was raised',
        )

    def unlisted(self, work: Work) -> str:
        return 'Everything that no group of an interface lists is denied: these groups open nothing else'

    def write(self, work: Work) -> Written:
        terms = sorted((term_of(rule, work, outside=False) for rule in work.rules), key=lambda term: term.order)
        groups: dict[str, Any] = {}
        rules: dict[str, dict[str, Any]] = {'ingress': {}, 'egress': {}}
        for term in terms:
            local, remote = (
                (term.destination, term.source) if term.direction == INBOUND else (term.source, term.destination)
            )
            group = self._group(local, term, work)
            groups.setdefault(group, self._settings(group, local))
            direction = 'ingress' if term.direction == INBOUND else 'egress'
            pieces = product(_networks(remote, term, work.options), _services(term))
            for n, (network, service) in enumerate(pieces, 1):
                rules[direction][f'{work.prefix}-{term.name}-{n}'] = {
                    'security_group_id': f'${{aws_security_group.{group}.id}}',
                    f'cidr_ipv{term.family}': network,
                    **service,
                    # Which takes fewer characters than comments
                    'description': comment(f'{term.name} {term.comment}', 250).replace('?', '_'),
                }
        resources = {
            'aws_security_group': groups,
            **{f'aws_vpc_security_group_{way}_rule': found for way, found in rules.items()},
        }
        data = {
            '//': self.head(work),
            'variable': {'gwports_vpc_id': {'type': 'string'}},
            'resource': {kind: found for kind, found in resources.items() if found},
        }
        return self.written(json.dumps(data, indent=2) + '\n', terms)

    @staticmethod
    def _group(local: Side, term: Term, work: Work) -> str:
        """The name of the group of these addresses. Another set of addresses is another interface."""
        text = ' '.join(map(str, local.addresses))
        return f'{work.prefix}-{hashlib.sha256(text.encode()).hexdigest()[:8]}'

    @staticmethod
    def _settings(group: str, local: Side) -> dict[str, Any]:
        return {
            'name': group,
            'description': f'netbox-gwports: {comment(", ".join(map(str, local.addresses)), 230)}',
            'vpc_id': '${var.gwports_vpc_id}',
        }


def _networks(side: Side, term: Term, options: Options) -> list[str]:
    if not side.any:
        return [network for address in side.addresses for network in cidrs(address)]
    zones = options.site.other_zones(INTERNET) if term.zone == INTERNET else (term.zone,)
    known = [network for zone in zones for network in options.networks[zone] if network.family == term.family]
    if term.zone != INTERNET:
        return [network for address in known for network in cidrs(address)]
    every = IPSet([str(Address(term.family, 0, 2 ** LENGTH[term.family] - 1))])
    return [str(network) for network in (every - IPSet(_each(known))).iter_cidrs()]


def _each(networks: Iterable[Address]) -> list[IPNetwork]:
    return [IPNetwork(network) for address in networks for network in cidrs(address)]


def _services(term: Term) -> Iterator[dict[str, Any]]:
    if term.ports:
        for first, last in ((spec.first, spec.last) for spec in term.ports):
            ports = (0, 65535) if (first, last) == ALL_PORTS else (first, last)
            yield {'ip_protocol': term.protocol, 'from_port': ports[0], 'to_port': ports[1]}
    elif term.protocol in WITHOUT_PORTS:
        yield {'ip_protocol': WITHOUT_PORTS[term.protocol], 'from_port': -1, 'to_port': -1}
    else:
        yield {'ip_protocol': str(number(term.protocol))}
