"""What holds for the lists of all models."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from utilities.testing import TestCase

from netbox_gwports import filtersets, forms, models, tables

from . import factories

# Lines are listed on the page of their change request, and summaries are columns of gateways
LISTED = [name for name in models.__all__ if name not in ('ChangeLine', 'StandingSummary')]


class ListTest(TestCase):
    def setUp(self):
        super().setUp()
        self.user.is_superuser = True
        self.user.save()

    def more(self):
        """As many more objects of every model as there are columns that could cost a query a row."""
        product = factories.product()
        gateways = []
        for make in (factories.device, factories.virtual_machine):
            gateways.append(factories.gateway(product, make(), features=product.features.all()))
            number = gateways[-1].pk
            factories.address(gateways[-1], f'192.0.2.{number % 250 + 1}/24', ['dmz'])
        role = factories.role('servers')
        for scope in ({'scope': 'gateways', 'gateways': gateways}, {'scope': 'sites', 'sites': [factories.site()]}):
            endpoint = factories.endpoint(
                role, devices=[factories.device()], virtual_machines=[factories.virtual_machine()], **scope
            )
            factories.flow(gateways[0], role, endpoints=[endpoint])
        group = factories.group(f'Group {number}')
        for make in (factories.device, factories.virtual_machine):
            point = factories.enforcement_point(make(), gateways=gateways, groups=[group])
            factories.enforcement_zone(point, prefixes=[factories.prefix(f'10.{point.pk % 250}.0.0/16')])
        factories.role(f'role-{number}')

    def test_queries_do_not_grow(self):
        """With every column shown: the name of a gateway, for one, is that of its host."""
        counts = {}
        for _ in range(2):
            self.more()
            self.more()
            for name in LISTED:
                model, table = getattr(models, name), getattr(tables, f'{name}Table')
                url = reverse(f'plugins:netbox_gwports:{model._meta.model_name}_list')
                columns = {'include_columns': ','.join(table.Meta.fields)}
                self.client.get(url, columns)
                with CaptureQueriesContext(connection) as context:
                    self.assertHttpStatus(self.client.get(url, columns), 200)
                counts.setdefault(name, set()).add(len(context))
        self.assertEqual({name: found for name, found in counts.items() if len(found) > 1}, {})

    def test_filter_forms(self):
        """Every field of a filter form is a filter, and stands in a fieldset."""
        for name in LISTED:
            with self.subTest(model=name):
                form = getattr(forms, f'{name}FilterForm')()
                filters = getattr(filtersets, f'{name}FilterSet').get_filters()
                listed = {item for fieldset in form.fieldsets for item in fieldset.items}
                self.assertEqual({*form.fields} - {*filters} - {'filter_id'}, set())
                self.assertEqual({*form.fields}, listed)
