"""Every field of every model is in its form, import form, table, filter set, serializer and GraphQL type.

A field that a layer leaves out on purpose is listed in ``LEFT_OUT`` with the reason. A new field fails here until each
layer has it, and so does an entry of the list that is no longer needed.
"""

from functools import cache

from django.apps import apps
from django.db import models
from django.test import SimpleTestCase
from netbox.registry import registry
from utilities.api import get_graphql_type_for_model, get_serializer_for_model

from netbox_gwports import forms, tables
from netbox_gwports.models import StandingSummary

# Fields of NetBox's own base classes, and the layers in which NetBox has them in its own way
OF_NETBOX = {
    'custom_field_data': 'each custom field is a field of its own in every layer',
}


# The stored summary is computed: nobody edits it, and it is shown where its gateway is
MODELS = {
    model.__name__: model
    for model in apps.get_app_config('netbox_gwports').get_models()
    if model is not StandingSummary
}


def form(model):
    return set(getattr(forms, f'{model.__name__}Form').base_fields)


def import_form(model):
    return set(getattr(forms, f'{model.__name__}ImportForm').base_fields)


def table(model):
    return set(getattr(tables, f'{model.__name__}Table').base_columns)


def filterset(model):
    """The names of the filters and the fields at which they look."""
    filters = registry['filtersets'][model._meta.label_lower].base_filters
    return {*filters, *(each.field_name.partition('__')[0] for each in filters.values() if not each.method)}


def serializer(model):
    return set(get_serializer_for_model(model)().fields)


def graphql(model):
    return {field.python_name for field in get_graphql_type_for_model(model).__strawberry_definition__.fields}


LAYERS = {each.__name__: cache(each) for each in (form, import_form, table, filterset, serializer, graphql)}
# (model, field, layer) -> the names that stand for it there
OTHER_NAMES = {
    ('ChangeLine', 'content', 'serializer'): ('rule',),
    ('EnforcementPoint', 'gateways', 'filterset'): ('gateway_id',),
    ('EnforcementZone', 'enforcement_point', 'import_form'): ('device', 'virtual_machine'),
    ('FlowTemplate', 'dns_names', 'filterset'): ('dns_name',),
    ('FlowTemplate', 'item', 'table'): ('row',),
    ('GatewayAddress', 'gateway', 'import_form'): ('device', 'virtual_machine'),
    ('GatewayAddress', 'zones', 'filterset'): ('zone',),
    ('GatewayService', 'ports', 'filterset'): ('port', 'protocol'),
    ('RemoteEndpoint', 'dns_names', 'filterset'): ('dns_name',),
    ('RemoteEndpoint', 'literals', 'filterset'): ('remote_ip',),
    ('RequiredFlow', 'dns_names', 'filterset'): ('dns_name',),
    ('RequiredFlow', 'gateway', 'import_form'): ('device', 'virtual_machine'),
    ('RequiredFlow', 'ports', 'filterset'): ('port', 'protocol'),
    ('RequiredFlow', 'template', 'table'): ('row',),
    ('SignOff', 'enforcement_point', 'table'): ('enforcement_point_name',),
    ('SignOff', 'gateway', 'filterset'): ('gateway_id',),
    ('SignOff', 'gateway', 'table'): ('gateway_name',),
    ('SignOff', 'lines', 'filterset'): ('line_id',),
    ('SignOff', 'user', 'table'): ('user_name',),
}
BOUND = 'a profile is bound to a data file where its catalog is checked: in the form and in REST'
NO_COMMENTS = "NetBox's own filter sets do not filter by comments either: the search finds them"
DERIVED = 'only an update from the profile sets it'
LEFT_OUT = {
    ('ChangeLine', 'content', 'filterset'): 'lines are filtered by the key of the rule',
    ('ChangeLine', 'reasons', 'filterset'): 'lines are filtered by the key of the rule',
    ('SignOff', 'lines', 'table'): 'the page of a sign-off lists them',
    **{('GatewayProfile', field, 'import_form'): BOUND for field in ('data_source', 'data_file', 'auto_sync_enabled')},
    ('RemoteEndpoint', 'port_map', 'filterset'): 'flows are filtered by port, not the endpoints that they use',
    ('RequiredFlow', 'template', 'form'): DERIVED,
    ('RequiredFlow', 'template', 'import_form'): DERIVED,
    **{
        (model, 'comments', 'filterset'): NO_COMMENTS
        for model in (
            'ChangeRequest', 'EnforcementPoint', 'FlowTemplate', 'Gateway', 'GatewayGroup', 'GatewayProfile',
            'GatewayService', 'ProfileFeature', 'RemoteEndpoint', 'RemoteRole', 'RequiredFlow',
        )
    },
}  # fmt: skip


# Layers that a model does not have: lines come from rules and sign-offs from steps, which nobody writes or imports.
# The table of lines is that of rules.
NO_LAYER = {
    ('ChangeLine', 'table'),
    ('ChangeLine', 'form'),
    ('ChangeLine', 'import_form'),
    ('ChangeRequest', 'import_form'),
    ('SignOff', 'form'),
    ('SignOff', 'import_form'),
}


def fields(model):
    """Names of the concrete fields that people edit."""
    every = (*model._meta.concrete_fields, *model._meta.local_many_to_many)
    return [
        field.name
        for field in every
        if field.editable and not field.auto_created and not isinstance(field, models.GeneratedField)
    ]


def gaps():
    """(model, field, layer) of every field that a layer does not have under its own name."""
    return {
        (model.__name__, field, layer)
        for model in MODELS.values()
        for field in fields(model)
        if field not in OF_NETBOX
        for layer, names in LAYERS.items()
        if (model.__name__, layer) not in NO_LAYER and field not in names(model)
    }


class LayerTests(SimpleTestCase):
    def test_every_field_is_in_every_layer(self):
        self.assertGreater(len(MODELS), 11)
        self.assertEqual(gaps(), {*OTHER_NAMES, *LEFT_OUT})

    def test_the_other_names_are_there(self):
        for (model, field, layer), names in OTHER_NAMES.items():
            with self.subTest(model=model, field=field, layer=layer):
                self.assertLessEqual({*names}, LAYERS[layer](MODELS[model]))
