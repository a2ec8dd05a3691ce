"""aerleon's own policy, for those who generate for their targets themselves."""

import yaml

from ..base import Work, Written
from .base import FirewallExporter

__all__ = ('PolicyExporter',)


class PolicyExporter(FirewallExporter):
    name, label, extension = 'aerleon', 'aerleon policy (YAML)', 'yaml'
    media_type = 'application/yaml; charset=utf-8'
    # It writes no syntax of a target
    requires = None
    options = tuple(option for option in FirewallExporter.options if option != 'final_deny')
    names = ('exact', 'wildcard')
    mark = '#'
    apply_hint = 'Two documents: the policy, to which a target is added, and its definitions of networks and services'

    def write(self, work: Work) -> Written:
        found, policy = self.terms(work), self.policy(work)
        said = {
            'filters': [
                {
                    'header': {'comment': 'netbox-gwports', 'targets': {'TARGET': 'OPTIONS'}},
                    'terms': [policy.term(term) for term in found],
                }
            ]
        }
        documents = [said, {'networks': policy.networks, 'services': policy.services}]
        return self.written(work, self.top(work) + yaml.safe_dump_all(documents, sort_keys=False, width=120), found)
