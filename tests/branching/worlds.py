"""A site in main, branches of it, and everything of ours that a database holds, to compare two of them."""

import contextlib
import uuid

from django.apps import apps
from django.db import connections
from django.test import RequestFactory
from netbox.context_managers import event_tracking
from netbox_branching.models import Branch
from netbox_branching.utilities import activate_branch
from users.models import User

from netbox_gwports.models import Gateway
from netbox_gwports.requirements import requirements

from ..netbox import factories as make

__all__ = ('World', 'content', 'rules')

# When something was written is not what it says
TIMES = {'created', 'last_updated', 'data_synced'}


class World:
    """One gateway of the product of the factories, with a DNS server that plays its role, behind a firewall."""

    def __init__(self):
        self.user = User.objects.create(username='Engineer', is_superuser=True)
        self.branches = []
        self.product = make.product(name='Mail gateway', version='1.0')
        self.site = make.site()
        self.group = make.group()
        machine = make.device('gw1')
        make.ip('192.0.2.1/24', machine, primary=True)
        self.gateway = make.gateway(self.product, machine, group=self.group)
        server = make.device('dns1')
        self.dns = make.ip('10.1.0.53/24', server, primary=True)
        make.endpoint(make.role('dns-servers'), 'DNS servers', devices=[server])
        self.networks = make.prefix('10.1.0.0/16')
        self.firewall = make.enforcement_point(make.device('fw1'), groups=[self.group])
        make.enforcement_zone(self.firewall, 'internal', prefixes=[self.networks])
        make.enforcement_zone(self.firewall, 'internet')

    @contextlib.contextmanager
    def request(self, branch=None):
        """Everything inside is one request of the user, with change log."""
        request = RequestFactory().get('/')
        request.id, request.user = uuid.uuid4(), self.user
        with activate_branch(branch), event_tracking(request):
            yield request

    def branch(self, name='Branch', strategy='iterative'):
        branch = Branch(name=name, merge_strategy=strategy)
        branch.save(provision=False)
        branch.provision(user=self.user)
        branch.refresh_from_db()
        self.branches.append(branch)
        return branch

    def merge(self, branch, strategy):
        branch = Branch.objects.get(pk=branch.pk)
        branch.merge_strategy = strategy
        branch.save()
        branch.merge(user=self.user)

    def sync(self, branch):
        Branch.objects.get(pk=branch.pk).sync(user=self.user)

    def revert(self, branch):
        Branch.objects.get(pk=branch.pk).revert(user=self.user)

    def close(self):
        for branch in self.branches:
            connections[branch.connection_name].close()
            branch.deprovision()


def rules(branch=None):
    """Every gateway's rules there, with their reasons."""
    with activate_branch(branch):
        return {
            str(resolution.gateway.name): sorted(
                (*map(str, rule.content), tuple(sorted((f.id, f.name, f.purpose, f.status) for f in rule.flows)))
                for rule in resolution.rules
            )
            for resolution in requirements(Gateway.objects.order_by('pk'))
        }


def content(branch=None):
    """Every row of our tables there, link tables included, as the database has them."""
    alias = branch.connection_name if branch else 'default'
    found = {}
    for model in apps.get_app_config('netbox_gwports').get_models(include_auto_created=True):
        fields = [f for f in model._meta.concrete_fields if f.name not in TIMES]
        if model._meta.auto_created:
            # Their keys are given anew when a change is replayed
            fields = [f for f in fields if not f.primary_key]
        rows = model.objects.using(alias).order_by().values_list(*(f.attname for f in fields))
        found[model._meta.label] = sorted(
            tuple(zip((f.attname for f in fields), map(repr, row), strict=True)) for row in rows
        )
    return found
