"""aerleon's own policy, for those who generate for their targets themselves."""

import yaml

from ..base import Work, Written
from .base import FirewallExporter

__all__ = ('PolicyExporter',)


class PolicyExporter(FirewallExporter):
    name, label, extension = 'aerleon', 'aerleon policy (YAML)', 'yaml'
    media_type = 'application/yaml; charset=utf-8'
    # This file is not in the syntax of a target, so aerleon itself is not needed
    requires = None
    options = tuple(option for option in FirewallExporter.options if option != 'final_deny')
    dns_name_kinds = ('exact', 'wildcard')
    mark = '#'
    apply_hint = 'Two documents: the policy, to which a target is added, and its definitions of networks and services'

    def write(self, work: Work) -> Written:
        terms, policy = self.terms(work), self.policy(work)
        filters = {
            'filters': [
                {
                    'header': {'comment': 'netbox-gwports', 'targets': {'TARGET': 'OPTIONS'}},
                    'terms': [policy.term(term) for term in terms],
                }
            ]
        }
        documents = [filters, {'networks': policy.networks, 'services': policy.services}]
        return self.written(work, self.top(work) + yaml.safe_dump_all(documents, sort_keys=False, width=120), terms)
