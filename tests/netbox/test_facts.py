"""Every fact of a flow is in every layer from the catalog to the rules: generated from the table of facts."""

from dataclasses import fields as dataclass_fields
from dataclasses import replace

from django.test import SimpleTestCase, TestCase

from netbox_gwports.catalog.canonical import canonical
from netbox_gwports.loading.export import catalog_of
from netbox_gwports.loading.loader import load, parse
from netbox_gwports.loading.release_difference import difference
from netbox_gwports.models import FlowTemplate, GatewayProfile, GatewayService, RemoteRole, RequiredFlow
from netbox_gwports.models.mixins import FlowFactsMixin
from netbox_gwports.reconcile import plans, reconcile
from netbox_gwports.reconcile.plan import make_plan
from netbox_gwports.requirements.flows import flow_needs
from netbox_gwports.rules import needs
from netbox_gwports.rules.facts import FACTS, Change, Kind, StatedBy, copied, of_service, of_template
from tests.pure.catalog.samples import catalog, sample

from . import factories
from .test_layers import LAYERS

# The fields of a model that are no facts of a flow
PLACE = {'id', 'service', 'row', 'item', 'withdrawn'}
DECISIONS = {'id', 'gateway', 'template', 'template_values', 'endpoints', 'justification', 'mitigation',
             'valid_until', 'port_ranges', 'status', 'status_before_withdrawal'}  # fmt: skip
OF_NETBOX = {'created', 'last_updated', 'custom_field_data', 'description', 'comments', 'owner', 'tags'}


def loaded(second=(), version='1.0') -> GatewayProfile:
    text = canonical(catalog(second, version))
    load(parse(text))
    return GatewayProfile.objects.get(slug=catalog(second, version).slug)


def in_use(profile):
    """A gateway of the profile with all its features, reconciled."""
    gateway = factories.gateway(profile)
    gateway.features.set(profile.features.all())
    return gateway


class TableTests(SimpleTestCase):
    def names(self, model, other):
        return {field.name for field in model._meta.concrete_fields} - OF_NETBOX - other

    def test_the_models_have_no_other_fields_and_none_less(self):
        self.assertEqual(self.names(FlowTemplate, PLACE), {fact.name for fact in of_template()})
        self.assertEqual(
            self.names(GatewayService, {'id', 'profile', 'port_ranges'}), {fact.name for fact in of_service()}
        )
        self.assertEqual(self.names(RequiredFlow, DECISIONS), {fact.name for fact in copied()})
        shared = {field.name for field in FlowFactsMixin._meta.get_fields()}
        self.assertLessEqual(shared, {fact.name for fact in of_template() if fact.copied})

    def test_every_layer_has_every_fact(self):
        stating = {StatedBy.SERVICE: GatewayService, StatedBy.TEMPLATE: FlowTemplate}
        for fact in FACTS:
            for model in {stating[fact.stated_by], *([RequiredFlow] if fact.copied else [])}:
                for layer in ('form', 'import_form', 'table', 'serializer', 'graphql'):
                    with self.subTest(fact=fact.name, model=model.__name__, layer=layer):
                        self.assertIn(fact.name, LAYERS[layer](model))


class CatalogTests(TestCase):
    def test_what_is_loaded_is_written(self):
        for fact in FACTS:
            for second in ((), (fact.name,)):
                with self.subTest(fact=fact.name, second=bool(second)):
                    found = catalog_of(loaded(second))
                    expected = catalog(second)
                    self.assertEqual(replace(found.flows[0], entry=''), expected.flows[0])
                    self.assertEqual(found.services, expected.services)
            GatewayProfile.objects.all().delete()

    def test_a_change_in_the_catalog_is_one_step(self):
        for fact in FACTS:
            if fact.identifies and fact.stated_by is StatedBy.SERVICE:
                # Another service: one is deleted and one created
                continue
            with self.subTest(fact.name):
                loaded()
                steps = load(parse(canonical(catalog((fact.name,))))).changes
                # A role that is new to NetBox is created, too
                steps = [step for step in steps if not isinstance(step.instance, RemoteRole)]
                self.assertEqual([(step.action, [*step.values]) for step in steps], [('update', [fact.name])])
            GatewayProfile.objects.all().delete()

    def test_releases_are_compared_by_every_fact(self):
        for fact in FACTS:
            with self.subTest(fact.name):
                old, new = loaded(version='1.0'), loaded((fact.name,), version='2.0')
                entries = difference(old, new).entries
                if fact.name == 'key':
                    # Stated keys that differ: another need
                    self.assertEqual({entry.kind for entry in entries}, {'added', 'removed'})
                    continue
                (entry,) = entries
                # Both give a reason why nothing is opened
                kind = Change.REWORDED if fact.name == 'not_opened' else fact.change
                self.assertEqual((entry.kind, len(entry.facts)), (kind, 1))
            GatewayProfile.objects.all().delete()


class FlowTests(TestCase):
    """Facts on their way from the template to the rules of a gateway."""

    def test_a_flow_copies_every_fact_and_remembers_it(self):
        gateway = in_use(loaded())
        flow = gateway.flows.get()
        for fact in copied():
            with self.subTest(fact.name):
                value = fact.value(fact.source(flow.template))
                self.assertTrue(value)
                self.assertEqual(getattr(flow, fact.attribute), value)
                self.assertEqual(flow.template_values[fact.attribute], value)

    def test_a_flow_follows_every_fact_unless_it_was_edited(self):
        for fact in copied():
            if fact.identifies and fact.stated_by is StatedBy.SERVICE:
                # Another service is another template
                continue
            with self.subTest(fact.name):
                gateway = in_use(loaded())
                load(parse(canonical(catalog((fact.name,)))))
                (change,) = plans([gateway])[gateway.pk].update
                self.assertEqual({*change.values}, {'template_values', fact.attribute})
                flow = gateway.flows.get()
                RequiredFlow.objects.filter(pk=flow.pk).update(
                    template_values=flow.template_values | {fact.attribute: 'something else'}
                )
                (change,) = plans([gateway])[gateway.pk].update
                self.assertEqual(({*change.values}, change.kept), ({'template_values'}, (fact.attribute,)))
                reconcile(gateway.pk)
            gateway.delete()
            GatewayProfile.objects.all().delete()

    def test_a_next_release_needs_flows_of_its_own_where_it_opens_something_else(self):
        """Asked of the plan itself: what a release opens decides whether both releases need a flow."""
        for fact in copied():
            if fact.identifies:
                # A template with another identity may have no partner
                continue
            with self.subTest(fact.name):
                old, new = loaded(version='1.0'), loaded((fact.name,), version='2.0')
                gateway = factories.gateway(old)
                gateway.next_profile = new
                templates = {
                    profile: list(
                        FlowTemplate.objects.filter(service__profile=profile).select_related(
                            'service', 'remote_role', 'feature'
                        )
                    )
                    for profile in (old, new)
                }
                plan = make_plan(gateway, old.features.all(), templates[old], [], new.features.all(), templates[new])
                self.assertEqual(len(plan.create), 2 if fact.opens else 1)
            gateway.delete()
            GatewayProfile.objects.all().delete()

    def test_rules_have_every_fact(self):
        gateway = in_use(loaded())
        flow = flow_needs(gateway.flows.select_related('remote_role', 'feature', 'template').get())
        for fact in FACTS:
            if not fact.in_rules:
                continue
            with self.subTest(fact.name):
                value = getattr(flow, {'remote_role': 'role'}.get(fact.name, fact.name))
                if fact.kind is Kind.REFERENCE:
                    self.assertEqual(value.id, getattr(gateway.flows.get(), fact.attribute))
                elif fact.kind is Kind.PORTS:
                    self.assertEqual(tuple(str(spec) for spec in value), sample(fact))
                else:
                    self.assertEqual(value, sample(fact))
        self.assertLessEqual({'role', 'feature'}, {field.name for field in dataclass_fields(needs.Flow)})
