"""Catalog documents: what is read, what is refused and with which words."""

import copy
import re
import string
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netbox_gwports.catalog import safeyaml
from netbox_gwports.catalog.document import Catalog, Flow, read
from netbox_gwports.catalog.errors import CatalogError
from netbox_gwports.catalog.structure import schema

from .. import plain_yaml

ROOT = Path(__file__).parents[3]
BUNDLED = (ROOT / 'netbox_gwports/catalog/bundled/clearswift-seg-6.3.yaml').read_text(encoding='utf-8')
DOCS = (ROOT / 'docs/catalog-format.md').read_text(encoding='utf-8')
HEAD = """
format: 1
manufacturer: {name: Example, slug: example}
name: Mail Gateway
version: '1.0'
slug: example-1-0
"""
BODY = """
features:
  - {slug: sync, name: Synchronisation}
roles:
  - {slug: servers, name: Servers, zone: internal}
services:
  - {name: HTTPS, ports: [tcp/443]}
rows:
  - row: 3
    service: HTTPS
    role: servers
    direction: outbound
    items:
      - purpose: First
      - purpose: Second
        flows:
          - {feature: sync}
          - {direction: inbound}
"""


def flows(text, **options) -> list[Flow]:
    return list(read(HEAD + text, **options).flows)


def refused(text, **options) -> list[str]:
    """What is wrong, one text a problem, without the file."""
    with pytest.raises(CatalogError) as caught:
        read(text, 'x.yaml', **options)
    found = [str(problem) for problem in caught.value.problems]
    assert all(problem.startswith('x.yaml: ') for problem in found)
    return [problem.removeprefix('x.yaml: ') for problem in found]


def changed(old, new) -> list[str]:
    text = HEAD + BODY
    assert text.count(old) == 1, old
    return refused(text.replace(old, new))


#
# Reading
#


def test_bundled():
    catalog = read(BUNDLED)
    assert len(catalog.flows) == 89
    assert catalog.version == '6.3'


def test_values():
    catalog = read(
        HEAD
        + BODY
        + """
source_url: https://www.example.com/ports?a=1
published: 2026-05-31
description: |
  A word
partial: Seen up to port 161
"""
    )
    assert catalog.published.isoformat() == '2026-05-31'
    assert catalog.source_url == 'https://www.example.com/ports?a=1'
    assert catalog.description == 'A word'
    assert catalog.partial == 'Seen up to port 161'
    assert catalog.roles[0].kind == 'named'
    assert catalog.flows == (
        Flow('HTTPS', 'outbound', 'servers', 'First', row=3, item=1, entry='rows[0].items[0] (row 3)'),
        Flow(
            'HTTPS', 'outbound', 'servers', 'Second', 'sync', row=3, item=2, entry='rows[0].items[1].flows[0] (row 3)'
        ),
        Flow('HTTPS', 'inbound', 'servers', 'Second', row=3, item=2, entry='rows[0].items[1].flows[1] (row 3)'),
    )


def test_canonical_ports_and_hosts():
    catalog = read(
        HEAD
        + """
services:
  - {name: S, ports: [UDP/53, tcp/80-81, tcp/82, tcp/1-65535, ' icmp ', ip/50]}
rows:
  - service: S
    direction: outbound
    role: servers
    dns_names: [WWW.Example.com., www.example.com, bücher.example, '*.example.net']
    items: [{purpose: Test}]
""",
        known_roles=['servers'],
    )
    assert catalog.services[0].ports == ('esp', 'icmp', 'tcp/any', 'udp/53')
    assert catalog.flows[0].dns_names == ('*.example.net', 'www.example.com', 'xn--bcher-kva.example')
    assert (catalog.flows[0].row, catalog.flows[0].item) == (None, None)


def test_nearest_wins():
    """Every key, said by the row, the item and the flow."""
    found = flows(
        """
features: [{slug: a, name: A}, {slug: b, name: B}, {slug: c, name: C}]
services: [{name: S, ports: [tcp/1]}]
rows:
  - service: S
    direction: outbound
    role: r1
    feature: a
    dns_names: [a.example]
    replaceable: true
    zone: dmz
    direct: true
    purpose: P1
    notes: N1
    not_opened: O1
    printed: X1
    items:
      - {}
      - direction: inbound
        role: r2
        feature: b
        dns_names: [b.example]
        replaceable: false
        zone: internal
        direct: false
        purpose: P2
        notes: N2
        not_opened: O2
        printed: X2
        flows:
          - {}
          - {direction: outbound, role: r3, feature: c, dns_names: [c.example], replaceable: true, zone: management,
             direct: true, purpose: P3, notes: N3, not_opened: O3, printed: X3}
""",
        known_roles=['r1', 'r2', 'r3'],
    )
    keys = ('direction', 'role', 'feature', 'dns_names', 'replaceable', 'direct', 'purpose', 'notes', 'not_opened',
            'printed')  # fmt: skip
    said = [tuple(getattr(flow, key) for key in keys) for flow in found]
    assert said == [
        ('outbound', 'r1', 'a', ('a.example',), True, True, 'P1', 'N1', 'O1', 'X1'),
        ('inbound', 'r2', 'b', ('b.example',), False, False, 'P2', 'N2', 'O2', 'X2'),
        ('outbound', 'r3', 'c', ('c.example',), True, True, 'P3', 'N3', 'O3', 'X3'),
    ]
    assert [flow.zone for flow in found] == ['dmz', 'internal', 'management']


def test_taken_back():
    """Empty text and an empty list take back what the row says."""
    found = flows(
        """
features: [{slug: a, name: A}]
services: [{name: S, ports: [tcp/1]}]
rows:
  - {service: S, direction: outbound, role: r, feature: a, dns_names: [a.example], notes: N, not_opened: O, printed: X,
     items: [{purpose: P, feature: '', dns_names: [], notes: '', not_opened: '', printed: ''}]}
""",
        known_roles=['r'],
    )
    assert found[0] == Flow('S', 'outbound', 'r', 'P', entry='rows[0].items[0]')


def test_item_numbers():
    """Positions from 1, unless an item says its own; a row may come in several parts."""
    found = flows(
        """
services: [{name: S, ports: [tcp/1]}, {name: T, ports: [tcp/2]}]
rows:
  - {row: 7, service: S, direction: outbound, role: r, items: [{purpose: A}, {purpose: B, item: 4}, {purpose: C}]}
  - {row: 7, service: T, direction: outbound, role: r, items: [{purpose: D, item: 2}]}
""",
        known_roles=['r'],
    )
    assert [(flow.row, flow.item) for flow in found] == [(7, 1), (7, 4), (7, 3), (7, 2)]


@pytest.mark.parametrize('kind', ['named', 'any', 'peers', 'proxy'])
def test_kinds(kind):
    text = (HEAD + BODY).replace('zone: internal}', f'zone: internal, kind: {kind}}}')
    assert read(text).roles[0].kind == kind


def test_yaml_1_2():
    """What YAML 1.1 turns into something else stays what it looks like."""
    found = flows(
        """
services: [{name: On, ports: [tcp/1], application_protocol: no, description: 22:22}]
rows: [{service: On, direction: outbound, role: off, items: [{purpose: yes, notes: 2026-05-31}]}]
""",
        known_roles=['off'],
    )
    assert (found[0].service, found[0].role, found[0].purpose, found[0].notes) == ('On', 'off', 'yes', '2026-05-31')


@pytest.mark.parametrize(
    ('url', 'valid'),
    [
        ('https://www.example.net', True),
        ('http://www.example.net:8080/a/b?c=d#e', True),
        ('https://user:secret@www.example.net/', True),
        ('https://192.0.2.1/ports', True),
        ('https://[2001:db8::1]:8443/ports', True),
        ('http://localhost/ports', True),
        ('https://bücher.example/ports', True),
        ('https://', False),
        ('https:///ports', False),
        ('https://intranet/ports', False),
        ('https://www.example.net:99999/', False),
        ('https://www.example.net:0/', False),
        ('https://www.example.net/a b', False),
        ('https://*.example.net/', False),
        ('https://-.example.net/', False),
        ('https://192.0.2.256/', False),
        ('https://[2001:db8::x]/', False),
        ('https://[192.0.2.1/', False),
    ],
)
def test_source_url(url, valid):
    text = HEAD + BODY + f'source_url: "{url}"'
    if valid:
        assert read(text).source_url == url
    else:
        assert refused(text) == [f'source_url: "{url}" is not a valid URL: use the form https://www.example.net/ports']


def test_zones_of_the_site():
    text = (HEAD + BODY).replace('zone: internal', 'zone: partners')
    assert refused(text) == ['roles[0]: zone: "partners" is not one of internet, internal, dmz, management']
    assert read(text, zones=['internet', 'partners']).roles[0].zone == 'partners'
    assert refused(HEAD + BODY, zones=['internet', 'partners']) == [
        'roles[0]: zone: "internal" is not one of internet, partners'
    ]


#
# Refusing
#

SLIPS = [
    # The head
    ("version: '1.0'", 'version: 1.0', 'version: 1.0 is a number to YAML, not text: the release, always in quotes '
     "('6.10'): without them it is a number, and 6.10 is 6.1"),
    ("version: '1.0'", 'version: 6', 'version: 6 is a number to YAML, not text: the release'),
    ("version: '1.0'", "version: ''", 'version: is empty: the release'),
    ("version: '1.0'", '', 'version: is missing: add it'),
    ('format: 1', 'format: 2', 'format: 2 is not a supported format: use 1'),
    ('format: 1', 'format: true', 'format: true is not a supported format: use 1'),
    ('format: 1', '', 'format: is missing: add it'),
    ('name: Mail Gateway', 'name: [Mail]', 'name: a list is not text'),
    ('name: Mail Gateway', 'name: true', 'name: true is a truth value to YAML, not text: 1 to 100 characters'),
    ('name: Mail Gateway', f'name: {"x" * 101}', 'name: is 101 characters long; at most 100 are allowed'),
    ('name: Mail Gateway', 'name: "Mail\\nGateway"', 'name: "Mail\\nGateway" is not valid: 1 to 100 characters on'),
    ('slug: example-1-0', 'slug: example 1', 'slug: "example 1" is not valid: up to 100 letters without accents'),
    ('{name: Example, slug: example}', 'Example', 'manufacturer: "Example" is not a mapping of keys and values'),
    ('{name: Example, slug: example}', '{name: Example}', 'manufacturer: slug: is missing: add it'),
    ('{name: Example, slug: example}', '', 'manufacturer: is empty: the vendor; created where NetBox has none with '
     'this slug: enter a value, or remove the key'),
    ('features:\n', 'published: 31.5.2026\nfeatures:\n', 'published: "31.5.2026" is not valid: the day on which'),
    ('features:\n', 'published: 2026-02-30\nfeatures:\n', 'published: "2026-02-30" is not a valid date: use '
     'the format 2026-05-31'),
    ('features:\n', 'source_url: www.example.com\nfeatures:\n', 'source_url: "www.example.com" is not valid: the '
     "vendor's page, with https://"),
    ('features:\n', 'source_url: "https://["\nfeatures:\n', 'source_url: "https://[" is not a valid URL'),
    ('features:\n', "partial: ''\nfeatures:\n", 'partial: is empty: what the document lacks'),
    ('features:\n', 'partial: true\nfeatures:\n', 'partial: true is a truth value to YAML, not text'),
    ('features:\n', 'source_url: javascript:alert(1)\nfeatures:\n', 'source_url: "javascript:alert(1)" is not valid'),
    ('features:\n', 'feature: []\nfeatures:\n', 'feature: is not a known key: did you mean features?'),
    ('features:\n', 'wholly: []\nfeatures:\n', 'wholly: is not a known key: remove it, or use description, '),
    # Definitions
    ('slug: sync, ', 'slug: sync, on: true, ', 'features[0]: on: is not a known key'),
    ('slug: sync, ', 'slug: sync, enabled_by_default: yes, ', 'features[0]: enabled_by_default: "yes" is not true or '
     'false, without quotes'),
    ('slug: sync, ', 'slug: sync, parent: x, ', 'features[0]: parent: "x" is not defined: add it to features'),
    ('slug: sync, ', 'slug: sync, parent: sync, ', 'features[0]: parent: "sync" is its own ancestor (sync < sync): '
     'remove the loop'),
    ('slug: sync, ', '', 'features[0]: slug: is missing: add it'),
    ('zone: internal}', 'zone: intern}', 'roles[0]: zone: "intern" is not one of internet, internal, dmz, management'),
    ('zone: internal}', 'zone: internal, kind: all}', 'roles[0]: kind: "all" is not one of named, any, peers, proxy'),
    ('slug: servers, ', '', 'roles[0]: slug: is missing: add it'),
    ('ports: [tcp/443]', 'ports: [443]', 'services[0]: ports: 443 is a number to YAML, not text: a port spec: tcp/443'),
    ('ports: [tcp/443]', 'ports: tcp/443', 'services[0]: ports: "tcp/443" is not a list: a list of port specs'),
    ('ports: [tcp/443]', 'ports: []', 'services[0]: ports: is an empty list: add at least 1 entry'),
    ('ports: [tcp/443]', 'ports: [tcp]', 'services[0]: ports: "tcp" needs ports: write tcp/443'),
    ('ports: [tcp/443]', 'ports: [tcp/0]', 'services[0]: ports: "tcp/0": ports are 1 to 65535'),
    ('ports: [tcp/443]', 'ports: [https]', 'services[0]: ports: "https" is not a port spec: use tcp/PORT'),
    ('ports: [tcp/443]', 'ports: [icmp/8]', 'services[0]: ports: "icmp/8": icmp has no ports: write icmp.'),
    ('name: HTTPS, ', '', 'services[0]: name: is missing: add it'),
    # Rows, items, flows
    ('row: 3', 'row: 0', 'rows[0] (row 0): row: 0 is too low: use 1 to 32767'),
    ('row: 3', 'row: 40000', 'rows[0] (row 40000): row: 40000 is too high: use 1 to 32767'),
    ('row: 3', 'row: 3.0', 'rows[0]: row: 3.0 is not a whole number, without quotes'),
    ('row: 3', 'row: "3"', 'rows[0]: row: "3" is not a whole number, without quotes'),
    ('row: 3', 'row: 0x3', 'rows[0]: row: "0x3" is not a whole number, without quotes'),
    ('row: 3', 'row: 010', 'rows[0]: row: "010" is not a whole number, without quotes'),
    ('row: 3', 'row: true', 'rows[0]: row: true is not a whole number, without quotes'),
    ('service: HTTPS', 'service: HTTP', 'rows[0] (row 3): service: "HTTP" is not defined: add it to services'),
    ('direction: outbound', 'direction: out', 'rows[0] (row 3): direction: "out" is not one of inbound, outbound'),
    ('{feature: sync}', '{feature: synch}', 'rows[0].items[1].flows[0] (row 3): feature: "synch" is not defined: '
     'add it to features'),
    ('{feature: sync}', '{role: server}', 'rows[0].items[1].flows[0] (row 3): role: "server" is not defined: add it '
     'to roles'),
    ('{feature: sync}', '{feature: x y}', 'rows[0].items[1].flows[0] (row 3): feature: "x y" is not valid: slug of a'),
    ('{feature: sync}', '{dns_names: [https://example.com/x]}', 'rows[0].items[1].flows[0] (row 3): dns_names: '
     '"https://example.com/x" is not a DNS name'),
    ('{feature: sync}', '{dns_names: [192.0.2.1]}', 'rows[0].items[1].flows[0] (row 3): dns_names: "192.0.2.1" is not '
     'a DNS name: enter addresses as addresses.'),
    ('{feature: sync}', '{dns_names: [a.*.example]}', 'rows[0].items[1].flows[0] (row 3): dns_names: "a.*.example": '
     'one wildcard is allowed'),
    ('{feature: sync}', '{dns_names: a.example}', 'rows[0].items[1].flows[0] (row 3): dns_names: "a.example" is not '
     'a list: a list of DNS names'),
    ('{feature: sync}', '{dns_names: [5], zone: dmz}',
     'rows[0].items[1].flows[0] (row 3): dns_names: 5 is a number to YAML'),
    ('{feature: sync}', '{dns_names: a.example, zone: dmz}',
     'rows[0].items[1].flows[0] (row 3): dns_names: "a.example" is'),
    ('{feature: sync}', '{zone: moon, dns_names: [a.example]}', 'rows[0].items[1].flows[0] (row 3): zone: "moon" is '
     'not one of internet, internal, dmz, management'),
    ('{feature: sync}', '{zone: dmz}', 'rows[0].items[1].flows[0] (row 3): zone: applies to DNS names, and '
     'there are none: add dns_names, or remove this key'),
    ('{feature: sync}', '{replaceable: true}', 'rows[0].items[1].flows[0] (row 3): replaceable: applies '
     'to DNS names'),
    ('{feature: sync}', '{direct: no}', 'rows[0].items[1].flows[0] (row 3): direct: "no" is not true or false'),
    ('{feature: sync}', '{featur: sync}', 'rows[0].items[1].flows[0] (row 3): featur: is not a known key: did you '
     'mean feature?'),
    ('{feature: sync}', 'sync', 'rows[0].items[1].flows[0] (row 3): "sync" is not a mapping of keys and values'),
    ('{feature: sync}', '{direction: inbound}', 'rows[0].items[1].flows[1] (row 3): purpose: duplicates '
     'rows[0].items[1].flows[0] (row 3): give each flow its own purpose'),
    ('{direction: inbound}', '{purpose: first}', 'rows[0].items[1].flows[1] (row 3): purpose: duplicates '
     'rows[0].items[0] (row 3)'),
    ('- purpose: First', '- notes: First', 'rows[0].items[0] (row 3): purpose: is missing: add it to the flow, its '
     'item or its row'),
    ('- purpose: First', '- purpose:', 'rows[0].items[0] (row 3): purpose: is empty: up to 200 characters on one line'),
    ('- purpose: First', f'- purpose: {"x" * 201}', 'rows[0].items[0] (row 3): purpose: is 201 characters long; at '
     'most 200 are allowed'),
    ('- purpose: First', '- {purpose: First, item: 2}', 'rows[0].items[1] (row 3): item: 2 is already used '
     'in this row by rows[0].items[0] (row 3): use another number'),
    ('- purpose: First', '- {purpose: First, item: 0}', 'rows[0].items[0] (row 3): item: 0 is too low'),
    ('- purpose: First', '- 5', 'rows[0].items[0] (row 3): 5 is not a mapping of keys and values'),
    ('row: 3', 'purpose: 5', 'rows[0]: purpose: 5 is a number to YAML, not text: up to 200 characters'),
]  # fmt: skip


@pytest.mark.parametrize(('old', 'new', 'message'), SLIPS)
def test_one_slip_is_reported_once(old, new, message):
    found = changed(old, new)
    assert len(found) == 1
    assert found[0].startswith(message)


@pytest.mark.parametrize(
    ('text', 'messages'),
    [
        ('', ['is not a mapping: start with "format: 1"']),
        ('- format: 1', ['is not a mapping: start with "format: 1"']),
        ('just a word', ['is not a mapping: start with "format: 1"']),
        (HEAD, ['services: is missing: add it', 'rows: is missing: add it']),
        (HEAD + 'services: []\nrows: []', ['rows: is an empty list', 'services: is an empty list']),
        (HEAD + 'services: {}\nrows: 5', ['rows: 5 is not a list', 'services: a mapping is not a list']),
        (
            HEAD + BODY.replace('role: servers', 'rolle: servers'),
            [
                'rows[0] (row 3): rolle: is not a known key: did you mean role?',
                'rows[0].items[0] (row 3): role: is missing: add it to the flow, its item or its row',
                'rows[0].items[1].flows[0] (row 3): role: is missing',
                'rows[0].items[1].flows[1] (row 3): role: is missing',
            ],
        ),
        (HEAD + BODY + 'rows: []', ['line 25, column 1: rows: appears twice: remove one of them']),
        (HEAD + BODY.replace('row: 3', 'row: 3\n    row: 4'), ['line 16, column 5: row: appears twice']),
        (HEAD + BODY + '5: x', ['line 25, column 1: a key is not text']),
        (HEAD + BODY + '[a]: x', ['line 25, column 1: a key is not text']),
        (HEAD + BODY + '? {a: b}\n: x', ['line 25, column 3: a key is not text']),
        (HEAD + BODY + '<<: {name: Other}', ['<<: is not a known key']),
        (HEAD + BODY.replace('First', '"Fir\\0st"'), ['line 20, column 18: a text contains control characters']),
        (HEAD + BODY.replace('First', '"Fir\\uD800st"'), ['line 20, column 18: a text contains control characters']),
        (HEAD + BODY + '---\na: b', ['line 25, column 1: is not valid YAML: but found another document']),
        ('a: [1, 2', ["line 1, column 9: is not valid YAML: expected ',' or ']'"]),
        ('a: b: c', ['line 1, column 5: is not valid YAML: mapping values are not allowed here']),
        ('\ta: b', ["line 1, column 1: is not valid YAML: found character '\\t' that cannot start any token"]),
        ('a: \x07', ['line 1, column 4: contains the character U+0007: remove it']),
        ('a: *b', ['line 1, column 4: anchors (&) and aliases (*) are not allowed']),
    ],
)
def test_several_slips(text, messages):
    found = refused(text)
    assert len(found) == len(messages)
    for problem, message in zip(found, messages, strict=True):
        assert problem.startswith(message)


def test_everything_at_once():
    """Shape and meaning, in all parts of the document."""
    text = BUNDLED.replace("version: '6.3'", 'version: 6.3').replace('tcp/443', 'tcp/99999')
    text = text.replace('kind: peers', 'kind: peer').replace('slug: cockpit', 'enabled_by_default: no, slug: cockpit')
    text = text.replace('4.sophosxl.net', 'http://4.sophosxl.net').replace('role: pmm-users', 'role: pmm-user')
    text = text.replace('  - row: 4\n', '  - row: 4\n    colour: red\n').replace('parent: avira,', 'parent: aviraa,')
    found = refused(text)
    assert sorted(problem.partition(': ')[0] for problem in found) == [
        'features[12]',
        'features[29]',
        'roles[16]',
        'rows[16].items[0] (row 17)',
        'rows[20].items[0] (row 21)',
        'rows[3] (row 4)',
        'services[14]',
        'version',
    ]


@pytest.mark.parametrize('name', ['features', 'roles', 'services'])
@pytest.mark.parametrize('field', ['slug', 'name'])
def test_twice(name, field):
    if (name, field) == ('services', 'slug'):
        return
    line = next(line for line in BODY[BODY.index(f'{name}:') :].splitlines() if line.startswith('  - {'))
    value = re.search(rf'{field}: ([\w-]+)', line)[1]
    other = line.replace('sync,', 'other,').replace('servers,', 'other,').replace('HTTPS,', 'Other,')
    other = other.replace('Synchronisation', 'Other').replace('Servers', 'Other')
    other = re.sub(rf'{field}: \w+', f'{field}: {value.upper()}', other)
    assert refused(HEAD + BODY.replace(line, f'{line}\n{other}')) == [
        f'{name}[1]: {field}: "{value.upper()}" is already used by {name}[0]: remove one of them, or change its {field}'
    ]


def test_circle_of_features():
    text = HEAD + BODY.replace(
        '  - {slug: sync, name: Synchronisation}',
        '  - {slug: sync, name: S, parent: b}\n  - {slug: a, name: A, parent: sync}\n'
        '  - {slug: b, name: B, parent: a}\n  - {slug: c, name: C, parent: a}',
    )
    assert refused(text) == [
        'features[0]: parent: "sync" is its own ancestor (sync < b < a < sync): remove the loop',
        'features[1]: parent: "a" is its own ancestor (a < sync < b < a): remove the loop',
        'features[2]: parent: "b" is its own ancestor (b < a < sync < b): remove the loop',
    ]


def test_item_without_row():
    text = (HEAD + BODY).replace('  - row: 3\n    service', '  - service')
    assert {(flow.row, flow.item) for flow in read(text).flows} == {(None, None)}
    assert refused(text.replace('- purpose: First', '- {purpose: First, item: 1}')) == [
        'rows[0].items[0]: item: numbers the items of a row: number the row, or remove this key'
    ]


def test_keys_are_unique():
    text = (
        (HEAD + BODY)
        .replace('- purpose: First', '- {purpose: First, key: a}')
        .replace('{feature: sync}', '{feature: sync, key: a}')
    )
    assert refused(text) == [
        'rows[0].items[1].flows[0] (row 3): key: "a" is already the key of rows[0].items[0] (row 3): use a unique key'
    ]


#
# Limits
#


@pytest.mark.parametrize(
    'text',
    [
        # The billion laughs, by aliases, by merge keys and by itself
        'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]',
        'a: &a {x: 1}\nb: {<<: *a}',
        '&a [*a]',
        '!!python/object/apply:os.system ["true"]',
        'a: !!timestamp x',
        'a: !!bool maybe',
        'a: !!int x',
        'a: !!binary x',
        '!!set {a, b}',
        '! x',
        'a: !custom {b: c}',
    ],
)
def test_no_tags_and_no_aliases(text):
    (message,) = refused(text)
    assert re.search(r'line \d+, column \d+: (anchors \(&\) and aliases|tags \(!\))', message)


@pytest.mark.parametrize(
    'text', ['[' * 5000, '{a: ' * 5000, '- ' * 5000, '\n'.join(' ' * n + 'a:' for n in range(500))]
)
def test_deep_nesting(text):
    started = time.perf_counter()
    (message,) = refused(text)
    assert message.endswith('is nested more than 12 levels deep: see the description of the format')
    assert time.perf_counter() - started < 5


def test_size():
    assert refused('# ' + 'x' * safeyaml.LONGEST) == [
        'is longer than 200,000 characters, more than any table of one release: check the file'
    ]


@pytest.mark.slow
def test_largest_document():
    """What the limit admits is told in reasonable time, and in as much as anybody reads."""
    rows = '- {}\n' * (safeyaml.LONGEST // 5 - 100)
    started = time.perf_counter()
    with pytest.raises(CatalogError) as caught:
        read(f'{HEAD}rows:\n{rows}')
    assert time.perf_counter() - started < 30
    lines = str(caught.value).splitlines()
    assert len(lines) == 201
    assert re.fullmatch(r'and \d+ more', lines[-1])


@pytest.mark.parametrize('digits', ['9' * 30, '9' * 5000, '1e999', '.5', '5.', '1_000', '-0', '+5'])
def test_numbers(digits):
    """Whatever YAML makes of it, a number where text belongs is refused and a text is a text."""
    text = (HEAD + BODY).replace('purpose: First', f'notes: {digits}\n        purpose: First')
    try:
        catalog = read(text)
    except CatalogError as e:
        assert 'notes' in str(e)
    else:
        assert catalog.flows[0].notes == digits


@pytest.mark.parametrize(
    ('old', 'new'),
    [
        ('role: servers', f'role: "{"x y " * 100}"'),
        ('role: servers', 'role: "a\\n\\nb"'),
        ('{feature: sync}', f'{{dns_names: ["a\\n{"b " * 50}"]}}'),
        ('tcp/443', '"tcp/\\n4\\u2028x"'),
        ('row: 3', f'"{"key " * 100}": 3'),
        ('row: 3', '"a\\nb": 3'),
    ],
)
def test_messages_are_lines(old, new):
    found = changed(old, new)
    assert all(len(problem.splitlines()) == 1 and len(problem) < 400 for problem in found)


#
# Mutations of the bundled document
#

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.sampled_from(['tcp/443', 'outbound', 'sftp', 'dns-servers', 'www.example.com', '*.example.com', '6.3', 'HTTPS']),
    st.text(alphabet=string.printable, max_size=5).map(lambda text: [text]),
)
ROWS = (10, 18, 23)


def _short():
    """The bundled document with few rows and what they need: the whole takes longer to read than all else to test."""
    data = plain_yaml.load(BUNDLED)
    rows = data['rows'] = [row for row in data['rows'] if row['row'] in ROWS]
    said = str(rows)
    data['features'] = [f for f in data['features'] if f"'{f['slug']}'" in said]
    data['roles'] = [r for r in data['roles'] if f"'{r['slug']}'" in said]
    data['services'] = [s for s in data['services'] if f"'{s['name']}'" in said]
    return data


SHORT = _short()
SHORT_TEXT = plain_yaml.dump(SHORT)
PLACES = []


def _places(value, path=()):
    """Paths of all that is in the document."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        PLACES.append((*path, key))
        _places(part, (*path, key))


_places(SHORT)


def _mutate(data, path, action, value):
    """Do one thing to what is at a path, if it is still there."""
    *way, last = path
    try:
        for part in way:
            data = data[part]
        old = data[last]
    except (KeyError, IndexError, TypeError):
        return
    if isinstance(data, str):
        return
    if action == 'delete':
        del data[last]
    elif action == 'replace':
        data[last] = value
    elif isinstance(data, list):
        # A copy: what appears twice would be written with an alias
        data.insert(last, copy.deepcopy(old))
    else:
        data[str(value) if action == 'key' else f'{last}_2'] = copy.deepcopy(old)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(['delete', 'replace', 'key', 'duplicate']), VALUES),
        min_size=1,
        max_size=3,
    )
)
def test_mutated(mutations):
    """Refused with words, or read as something valid: never another exception."""
    data = copy.deepcopy(SHORT)
    for path, action, value in mutations:
        _mutate(data, path, action, value)
    _read_or_refuse(plain_yaml.dump(data, allow_unicode=True))


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, len(SHORT_TEXT)), st.integers(0, 30), st.text(max_size=10))
def test_mutated_text(position, length, replacement):
    _read_or_refuse(SHORT_TEXT[:position] + replacement + SHORT_TEXT[position + length :])


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from('{}[]:,-&*!|>?#%@`"\'\\ \n\tab1.~<='), max_size=60))
def test_noise(text):
    _read_or_refuse(text)


def _read_or_refuse(text):
    try:
        catalog = read(text, 'x.yaml')
    except CatalogError as e:
        assert e.problems
        assert all(problem.message and '\n' not in str(problem) for problem in e.problems)
        return
    _check(catalog)


def _check(catalog: Catalog):
    """What loading relies on."""
    services = {service.name for service in catalog.services}
    features = {feature.slug: feature.parent for feature in catalog.features}
    roles = {role.slug for role in catalog.roles}
    assert all(service.ports for service in catalog.services)
    assert all(not parent or parent in features for parent in features.values())
    for flow in catalog.flows:
        assert flow.service in services
        assert flow.role in roles
        assert not flow.feature or flow.feature in features
        assert flow.direction in ('inbound', 'outbound')
        assert flow.purpose
        assert all(isinstance(text, str) for text in (flow.zone, flow.notes, flow.not_opened, flow.printed))
    needs = [(f.service, f.direction, f.role, f.feature, f.purpose.casefold()) for f in catalog.flows]
    assert len(set(needs)) == len(needs)
    assert type(catalog.version) is str


def test_short_document():
    assert len(read(SHORT_TEXT).flows) == 14


#
# The description of the format
#

BLOCKS = re.findall(r'```yaml\n(.*?)```', DOCS, re.DOTALL)
ROLES = re.findall(r'slug: ([\w-]+), name: [^,]+, zone', BUNDLED)


@pytest.mark.parametrize('block', BLOCKS)
def test_examples_of_the_description(block):
    catalog = read(block if block.startswith('format:') else HEAD + block, known_roles=ROLES)
    assert catalog.flows
    _read_or_refuse(block)


def test_description_is_complete():
    """Every key of the format is explained, and every example found."""
    assert len(BLOCKS) == 11
    keys = set()

    def collect(part):
        for key, value in part.get('properties', {}).items():
            keys.add(key)
            collect(value)

    collect(schema())
    for definition in schema()['$defs'].values():
        collect(definition)
    assert {key for key in keys if f'`{key}`' not in DOCS} == set()


def test_errors_of_the_description():
    text = (HEAD + BODY).replace("version: '1.0'", 'version: 2.1')
    assert refused(text)[0] in DOCS
    assert refused((HEAD + BODY).replace('tcp/443', 'tcp/70000'))[0].partition(': ')[2] in DOCS
    assert changed('{feature: sync}', '{role: bakcup-servers}')[0].partition(': ')[2] in DOCS


@pytest.mark.parametrize(
    ('text', 'reported'),
    [
        ('{"format": 1,}', 'line 1, column 14: is not valid JSON'),
        ('{"format": NaN}', 'is not valid JSON: NaN is not a number'),
        ('{"format": 1, "format": 1}', 'format: appears twice in a mapping'),
        ('{"a": ' + '[' * 12 + ']' * 12 + '}', 'is nested more than 12 levels deep'),
        ('{"a": ' + '[' * 90_000, 'is nested more than 12 levels deep'),
        ('{"a": ' + '1' * 5000 + '}', 'contains a number with thousands of digits'),
        ('{"name": "\\u0000"}', 'a text contains control characters'),
        ('{"a": "' + 'x' * 200_000 + '"}', 'is longer than 200,000 characters'),
    ],
)
def test_json_is_read_as_strictly(text, reported):
    with pytest.raises(CatalogError) as caught:
        read(text)
    assert any(reported in str(problem) for problem in caught.value.problems), str(caught.value)
