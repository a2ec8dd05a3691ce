"""Decisions that are made in Python and in SQL, or for saved and unsaved objects: both give the same answer."""

from datetime import timedelta
from itertools import combinations, product

from dcim.models import Site
from django.test import SimpleTestCase, TestCase
from django.utils import timezone
from virtualization.models import Cluster, ClusterType, VirtualMachine

from netbox_gwports.choices import FlowStatusChoices, GatewayStatusChoices
from netbox_gwports.models import Gateway, RemoteEndpoint, RequiredFlow
from netbox_gwports.models.sites import at_sites, site_id_of
from netbox_gwports.reconcile import with_parents
from netbox_gwports.reconcile.features import ancestors, complete, in_use
from netbox_gwports.requirements import load
from netbox_gwports.requirements.flows_using import flows_using
from netbox_gwports.rules.remotes import remotes_of

from . import factories


class NeededTests(TestCase):
    def test_the_query_and_the_method_agree(self):
        today = timezone.localdate()
        days = (None, today - timedelta(days=1), today, today + timedelta(days=1))
        gateways = {}
        for status in GatewayStatusChoices.values():
            gateways[status] = factories.gateway()
            Gateway.objects.filter(pk=gateways[status].pk).update(status=status)
        made = []
        for status, day, gateway in product(FlowStatusChoices.values(), days, gateways.values()):
            made.append(factories.flow(gateway, factories.role(), status=status, valid_until=day, justification='x'))
        flows = RequiredFlow.objects.filter(pk__in=[flow.pk for flow in made]).select_related('gateway')
        needed = {flow.pk for flow in flows if flow.is_needed()}
        wanted = RequiredFlow.objects.needed().filter(pk__in=[flow.pk for flow in made])
        self.assertEqual(needed, {*wanted.values_list('pk', flat=True)})
        # One status in which it is required, three days that have not passed, all statuses of gateways but one
        self.assertEqual(len(needed), 3 * (len(gateways) - 1))


class SiteTests(TestCase):
    def test_python_and_sql_agree(self):
        here, there = factories.site(), factories.site('Site 2')
        kind = ClusterType.objects.create(name='Kind', slug='kind')
        clusters = [None, *(Cluster.objects.create(name=str(site), type=kind, scope=site) for site in (here, there))]
        machines = [factories.device(at=here), factories.device(at=there)]
        for number, (cluster, site) in enumerate(product(clusters, (None, here, there))):
            if cluster or site:
                # Without validation: NetBox refuses a site that is not its cluster's, but may hold one
                machines.append(
                    VirtualMachine.objects.bulk_create([
                        VirtualMachine(name=f'vm{number}', cluster=cluster, site=site)
                    ])[0]
                )
        gateways = [factories.gateway(None, machine) for machine in machines]
        self.assertGreater(len(gateways), 8)
        for gateway in gateways:
            gateway = Gateway.objects.get(pk=gateway.pk)
            self.assertEqual(site_id_of(gateway.machine), gateway.site.pk)
            sites = [
                site for site in Site.objects.all() if Gateway.objects.filter(at_sites(Gateway, [site]), pk=gateway.pk)
            ]
            self.assertEqual(sites, [gateway.site])


class FeatureTests(SimpleTestCase):
    # 3 depends on 2, 2 on 1; 5 and 6 on each other; 7 on one that is unknown
    PARENT_OF = {1: None, 2: 1, 3: 2, 4: None, 5: 6, 6: 5, 7: 99}

    def test_ancestors(self):
        self.assertEqual([ancestors(pk, self.PARENT_OF) for pk in (1, 3, 5, 7)], [(), (2, 1), (6, 5), (99,)])

    def test_complete(self):
        self.assertEqual(complete({3}, self.PARENT_OF), {1, 2, 3})
        self.assertEqual(complete({5}, self.PARENT_OF), {5, 6})

    def test_in_use(self):
        self.assertEqual(in_use(self.PARENT_OF), {1, 2, 3, 4})
        self.assertEqual(in_use({2: 1, 3: 2, 4: None}), {4})


class FeatureQueryTests(TestCase):
    def test_parents_cost_one_query_whatever_their_number(self):
        profile, parent, features = factories.profile(), None, []
        for number in range(4):
            parent = factories.feature(profile, f'f{number}', parent=parent)
            features.append(parent)
        with self.assertNumQueries(1):
            found = with_parents(features[-1:])
        self.assertEqual({feature.pk for feature in found}, {feature.pk for feature in features})
        with self.assertNumQueries(0):
            with_parents(features)


class RemoteTests(TestCase):
    def test_the_filter_and_the_resolver_find_the_same_flows_of_an_endpoint(self):
        group, here = factories.group(), factories.site('Here')
        first = factories.gateway(None, factories.device(at=here), group=group)
        gateways = [first, factories.gateway(None, factories.device(at=here)), factories.gateway(group=group)]
        scopes = {'gateways': [first], 'groups': [group], 'sites': [here], 'everywhere': None}
        other = factories.endpoint(factories.role('other'), any_address=True, justification='x')
        facts = ({}, {'dns_names': ['a.example']}, {'dns_names': ['a.example'], 'replaceable': True},
                 {'endpoints': [other]})  # fmt: skip
        # Another role for each choice of scopes in which it has endpoints
        for chosen in [names for count in range(5) for names in combinations(scopes, count)]:
            role = factories.role(f'in-{"-".join(chosen) or "none"}')
            for scope in chosen:
                lists = {scope: scopes[scope]} if scopes[scope] else {}
                factories.endpoint(role, scope=scope, any_address=True, justification='x', **lists)
            for gateway, more in product(gateways, facts):
                factories.flow(gateway, role, **more)
        found = {endpoint.pk: set() for endpoint in RemoteEndpoint.objects.all()}
        for needs in load(gateways).values():
            for flow in needs.flows:
                for remote in remotes_of(flow, needs):
                    if remote.endpoint:
                        found[remote.endpoint.id].add(flow.id)
        for pk, flows in found.items():
            using = RequiredFlow.objects.filter(flows_using([pk]))
            self.assertEqual({*using.values_list('pk', flat=True)}, flows)
        self.assertEqual(len(found), 33)
        self.assertGreater(sum(map(bool, found.values())), 20)
