"""A rule has one shape in REST, GraphQL, JSON and YAML, and both schemas describe it."""

import json
from dataclasses import fields, is_dataclass
from typing import get_args

import yaml
from django.test import SimpleTestCase
from rest_framework.serializers import ListSerializer, Serializer

from demo import data
from netbox_gwports.api.rules import RuleSerializer, UnresolvedSerializer
from netbox_gwports.exports.shape import rule_data, unresolved_data
from netbox_gwports.graphql.types import RuleType, UnresolvedType
from netbox_gwports.models import Gateway, RemoteEndpoint
from netbox_gwports.requirements import requirements

from .rest import RestTests


def from_serializer(serializer):
    """Nested keys that a serializer describes."""
    if isinstance(serializer, ListSerializer):
        serializer = serializer.child
    if not isinstance(serializer, Serializer):
        return None
    return {name: from_serializer(field) for name, field in serializer.fields.items()}


def from_type(kind):
    """Nested keys of a type of GraphQL."""
    for inner in (kind, *get_args(kind)):
        if is_dataclass(inner):
            return {field.name: from_type(inner.__annotations__[field.name]) for field in fields(inner)}
    return None


def merged(values):
    """Nested keys of data, whatever of it is empty somewhere."""
    found = {}
    for value in values:
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                for key, inner in each.items():
                    found.setdefault(key, []).append(inner)
    return {key: merged(inner) for key, inner in found.items()} or None


def selection(keys):
    return ' '.join(key if inner is None else f'{key} {{ {selection(inner)} }}' for key, inner in keys.items())


class DescriptionTests(SimpleTestCase):
    def test_both_schemas_have_the_same_keys(self):
        for serializer, kind in ((RuleSerializer, RuleType), (UnresolvedSerializer, UnresolvedType)):
            described = from_serializer(serializer())
            self.assertEqual(described, from_type(kind))
            # Deep enough to prove something
            self.assertIsNotNone(described.get('flows', described.get('flow'))['feature'])


class ShapeTests(RestTests):
    @classmethod
    def setUpTestData(cls):
        data.load(None)
        cls.gateway = Gateway.objects.get(device__name='seg01')
        cls.gateway.features.set(cls.gateway.profile.features.all())
        # Something must stay unresolved
        RemoteEndpoint.objects.filter(role__slug='dns-servers').delete()
        (cls.resolution,) = requirements([cls.gateway])

    def answers(self, name):
        """What each of them says of the gateway's rules, or of what is unresolved."""
        (rest,) = self.rest('get', f'requirements/?gateway_id={self.gateway.pk}')['results']
        keys = from_type({'rules': RuleType, 'unresolved': UnresolvedType}[name])
        query = f'{{ gwports_gateway(id: {self.gateway.pk}) {{ {name} {{ {selection(keys)} }} }} }}'
        return rest[name], self.graphql(query)['gwports_gateway'][name]

    def file(self, name):
        path = f'/api/plugins/gwports/gateways/{self.gateway.pk}/export/?format_name={name}'
        return self.client.get(path, **self.header).content

    def test_rules_are_the_same_key_by_key(self):
        rest, graphql = self.answers('rules')
        as_json, as_yaml = json.loads(self.file('json'))['rules'], yaml.safe_load(self.file('yaml'))['rules']
        self.assertEqual(len(rest), len(self.resolution.rules))
        self.assertEqual({len(answer) for answer in (graphql, as_json, as_yaml)}, {len(rest)})
        for rule, *others in zip(rest, graphql, as_json, as_yaml, strict=True):
            for other, where in zip(others, ('GraphQL', 'JSON', 'YAML'), strict=True):
                self.assertEqual(list(rule), list(other), where)
                for key in rule:
                    self.assertEqual(rule[key], other[key], f'{key} in {where}')

    def test_unresolved_flows_are_the_same_key_by_key(self):
        rest, graphql = self.answers('unresolved')
        self.assertTrue(rest)
        self.assertEqual(rest, graphql)
        self.assertEqual(rest, [unresolved_data(entry) for entry in self.resolution.unresolved])

    def test_the_schemas_describe_what_there_is(self):
        rules = merged([rule_data(rule) for rule in self.resolution.rules])
        described = from_serializer(RuleSerializer())
        self.assertEqual(rules['source']['addresses'].keys(), described['source']['addresses'].keys())
        self.assertEqual(rules['flows'].keys(), described['flows'].keys())
        self.assertEqual(rules.keys(), described.keys())
        self.assertEqual(rules['source'].keys(), described['source'].keys())
        self.assertEqual(rules['gateway'], described['gateway'])
        self.assertEqual(merged([unresolved_data(e) for e in self.resolution.unresolved]).keys(), {
            *from_serializer(UnresolvedSerializer())
        })  # fmt: skip
