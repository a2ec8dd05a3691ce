"""A thousand documents with mistakes in them: none is accepted, and none leaves anything behind."""

import copy

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from netbox_gwports.catalog.errors import CatalogError
from netbox_gwports.loading.loader import load, parse
from netbox_gwports.models import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole

from . import factories

GOOD = yaml.safe_load("""
format: 1
manufacturer: {name: Example, slug: example}
name: Mail Gateway
version: '2.1'
slug: example-2-1
source_url: https://www.example.com/ports
features:
  - {slug: base, name: Base, enabled_by_default: true}
  - {slug: more, name: More, parent: base}
roles:
  - {slug: servers, name: Servers, zone: internal}
  - {slug: anybody, name: Anybody, zone: internet, kind: any}
services:
  - {name: HTTPS, application_protocol: HTTPS, ports: [tcp/443]}
  - {name: DNS, ports: [udp/53, tcp/53], clear_text: true}
rows:
  - row: 1
    service: HTTPS
    direction: outbound
    role: anybody
    items:
      - {purpose: Fetch updates, dns_names: ['*.example.com'], key: updates}
      - purpose: Sell
        flows:
          - {direction: inbound}
          - {feature: more}
  - row: 2
    service: DNS
    items:
      - {direction: outbound, role: servers, feature: base, purpose: Resolve names}
""")
REQUIRED = {
    (): ('format', 'manufacturer', 'name', 'version', 'slug', 'services', 'rows'),
    ('manufacturer',): ('name', 'slug'),
    ('features', 0): ('slug', 'name'),
    ('roles', 1): ('slug', 'name', 'zone'),
    ('services', 1): ('name', 'ports'),
    ('rows', 0): ('service', 'items'),
    ('rows', 1, 'items', 0): ('direction', 'role', 'purpose'),
}


def mappings(data, path=()):
    """The paths of all mappings."""
    if isinstance(data, dict):
        yield path
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, part in parts:
        yield from mappings(part, (*path, key))


def scalars(data, path=()):
    if isinstance(data, dict | list):
        for key, part in data.items() if isinstance(data, dict) else enumerate(data):
            yield from scalars(part, (*path, key))
    else:
        yield path


def at(data, path):
    for part in path:
        data = data[part]
    return data


def put(path, value):
    def mutate(data):
        at(data, path[:-1])[path[-1]] = copy.deepcopy(value)

    return mutate


def drop(path, key):
    return lambda data: at(data, path).pop(key, None)


def add(path, value):
    return lambda data: at(data, path).append(copy.deepcopy(value))


KEYS = st.text('abcdefghijklmnopqrstuvwxyz_-', min_size=1, max_size=20).filter(
    lambda key: f'"{key}"' not in str(parse_keys())
)


def parse_keys():
    from netbox_gwports.catalog.structure import schema

    return str(schema()).replace("'", '"')


WRONG = [None, [], {}, [1], {'a': 1}, 1.5, -1, 'x' * 2001, 'a\x07']
NO_HOSTS = ['', '*', 'a b', 'http://a.example/', '*.*.example', 'a..b', '192.0.2.1', '-', 'a.example:443']
# Each breaks the document by itself, wherever else it is broken
mutations = st.one_of(
    st.tuples(st.sampled_from(list(mappings(GOOD))), KEYS).map(lambda m: put((*m[0], m[1]), 'x')),
    st.sampled_from([(path, key) for path, keys in REQUIRED.items() for key in keys]).map(lambda m: drop(*m)),
    st.tuples(st.sampled_from(list(scalars(GOOD))), st.sampled_from(WRONG)).map(lambda m: put(*m)),
    st.sampled_from(['tcp/0', 'tcp/65536', 'tcp/', 'tcp/9-8', 'udp', 'icmp/1', 'ip/256', 'any', '443', 'tcp 443']).map(
        lambda spec: add(('services', 0, 'ports'), spec)
    ),
    st.sampled_from(NO_HOSTS).map(lambda host: add(('rows', 0, 'items', 0, 'dns_names'), host)),
    st.sampled_from([
        put(('rows', 1, 'service'), 'Nothing'),
        put(('rows', 0, 'role'), 'nobody'),
        put(('rows', 1, 'items', 0, 'feature'), 'unheard-of'),
        put(('features', 1, 'parent'), 'unheard-of'),
        put(('features', 1, 'parent'), 'more'),
        put(('features', 0, 'parent'), 'more'),
        add(('features',), {'slug': 'base', 'name': 'Other'}),
        add(('features',), {'slug': 'other', 'name': 'Base'}),
        add(('services',), {'name': 'https', 'ports': ['tcp/1']}),
        add(('roles',), {'slug': 'servers', 'name': 'Again', 'zone': 'dmz'}),
        add(('rows', 0, 'items'), {'purpose': 'fetch updates'}),
        add(('rows', 0, 'items'), {'purpose': 'Other', 'key': 'updates'}),
        add(('rows', 0, 'items'), {'item': 1, 'purpose': 'Other'}),
        put(('roles', 0, 'kind'), 'peers'),
        put(('roles', 1, 'zone'), 'moon'),
        put(('rows', 0, 'direction'), 'both'),
        put(('format',), 2),
        put(('version',), 2.1),
        put(('slug',), 'a slug'),
        put(('source_url',), 'example.com'),
        put(('services',), []),
        put(('rows', 1, 'items', 0, 'replaceable'), True),
    ]),
)


def counts():
    return [
        model.objects.count() for model in (GatewayProfile, ProfileFeature, GatewayService, RemoteRole, FlowTemplate)
    ]


class MutationTests(TestCase):
    def setUp(self):
        # Known here with this kind, so that another is refused
        factories.role('servers', 'internal')

    def test_the_document_itself_is_good(self):
        load(parse(yaml.safe_dump(GOOD)))
        self.assertEqual(counts(), [1, 2, 2, 2, 4])

    @given(st.lists(mutations, min_size=1, max_size=3), st.sampled_from([False] * 4 + [True]))
    @settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
    def test_mistakes(self, broken, loaded):
        if loaded:
            load(parse(yaml.safe_dump(GOOD)))
        before, data = counts(), copy.deepcopy(GOOD)
        # What cannot be reached any more was broken by one before
        done = 0
        for mutate in broken:
            try:
                mutate(data)
            except (KeyError, IndexError, TypeError, AttributeError):
                continue
            done += 1
        self.assertTrue(done)
        with self.assertRaises(CatalogError) as caught:
            load(parse(yaml.safe_dump(data, allow_unicode=True)))
        for problem in caught.exception.problems:
            self.assertTrue(problem.message and '\n' not in str(problem))
            self.assertNotIn('None', problem.message)
        self.assertEqual(counts(), before)
