"""The shape of a rule in JSON and YAML, as docs/rule-shape.md describes it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from netbox_gwports.exports import Material, Options
from netbox_gwports.exports.shape import line_data, rule_data, unresolved_data
from netbox_gwports.rules.addresses import Ref, Vrf
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.compact import compact
from netbox_gwports.rules.needs import Member

from .. import plain_yaml
from ..rules.build import address, endpoint, flow, gateway, local
from .samples import DUAL, NASTY, SAMPLE, material, nasty, needs, render, sample

DOCS = Path(__file__).parents[3] / 'docs' / 'rule-shape.md'
# Key of a rule -> that of a line, where several rules may differ
PLURALS = {'key': 'keys', 'gateway': 'gateways', 'family': 'families'}


def exported(found, *arguments):
    return json.loads(render('json', found, *arguments).content)


def test_yaml_and_json_hold_the_same_rules():
    found = Material((sample(), sample(2)))
    as_json = exported(found)
    assert as_json == plain_yaml.load(render('yaml', found).content)
    assert as_json['rules'] == [rule_data(rule) for rule in found.rules] and as_json['rules']
    assert (as_json['format'], as_json['version']) == ('netbox-gwports/rules', 1)
    assert '*id' not in render('yaml', found).content


def test_a_rule_in_full():
    vrf, dns = Vrf(7, 'red'), Ref('ipam.ipaddress', 5, '10.1.0.53/24')
    server = replace(address('10.1.0.53'), vrf=vrf, refs=(Ref('dcim.device', 3, 'dns1'), dns))
    want = flow(
        4,
        specs=('tcp/5000-5010', 'tcp/443'),
        clear_text=True,
        row='7.2',
        feature=Ref('netbox_gwports.profilefeature', 2, 'NTP'),
    )
    servers = endpoint(9, members=[Member('dns1', (server,))])
    (rule,) = resolve(gateway([want], (local('192.0.2.10', vrf=7),), [servers], number=3)).rules
    rule = replace(rule, standing='approved', tickets=('CHG-1', 'CHG-2'))
    assert rule_data(rule) == {
        'key': rule.key,
        'gateway': {'id': 3, 'object_type': 'netbox_gwports.gateway', 'display': 'gateway 3'},
        'direction': 'outbound',
        'zone': 'internal',
        'family': 4,
        'protocol': 'tcp',
        'ports': ['443', '5000-5010'],
        'source': {
            'kind': 'addresses',
            'any': False,
            'addresses': [
                {
                    'address': '192.0.2.10',
                    'vrf': {'id': 7, 'object_type': 'ipam.vrf', 'display': 'vrf7'},
                    'object': None,
                }
            ],
            'dns_names': [],
            'endpoints': [],
        },
        'destination': {
            'kind': 'addresses',
            'any': False,
            'addresses': [
                {
                    'address': '10.1.0.53',
                    'vrf': {'id': 7, 'object_type': 'ipam.vrf', 'display': 'red'},
                    # The IPAM object rather than the device
                    'object': {'id': 5, 'object_type': 'ipam.ipaddress', 'display': '10.1.0.53/24'},
                }
            ],
            'dns_names': [],
            'endpoints': [{'id': 9, 'object_type': 'netbox_gwports.remoteendpoint', 'display': 'endpoint 9'}],
        },
        'via_proxy_to': [],
        'flows': [
            {
                'id': 4,
                'name': 'service 4',
                'purpose': 'purpose 4',
                'feature': {'id': 2, 'object_type': 'netbox_gwports.profilefeature', 'display': 'NTP'},
                'row': '7.2',
                'status': 'required',
            }
        ],
        'standing': 'approved',
        'tickets': ['CHG-1', 'CHG-2'],
        'clear_text': True,
        'same_segment': False,
        'covered_by': [],
    }


def test_a_line_has_the_keys_of_a_rule_with_lists():
    rules = [*sample().rules, *sample(2).rules]
    lines = compact(rules, twins=True)
    for line in lines:
        data, (first, *_others) = line_data(line), line.rules
        rule = rule_data(first)
        same = {PLURALS.get(key, key) for key in rule} - {'protocol', 'ports'}
        assert {*data} == same | {'services', 'rules'}
        assert [(entry['key'], entry['gateway']) for entry in data['rules']] == [
            (r.key, r.gateway.id) for r in line.rules
        ]
        assert sorted({id for entry in data['rules'] for id in entry['flows']}) == [f.id for f in line.flows]
        assert data['keys'] == [rule.key for rule in line.rules]
        assert {ref['display'] for ref in data['gateways']} == {rule.gateway.name for rule in line.rules}
        assert data['families'] == sorted({rule.family for rule in line.rules})
        for key in ('direction', 'zone', 'same_segment'):
            assert data[key] == rule[key]
        specs = [f'{s["protocol"]}/{port}' for s in data['services'] for port in s['ports'] or ['']]
        assert [spec.rstrip('/') if spec.endswith('/') else spec for spec in specs] == list(map(str, line.services))
    assert max(len(line.rules) for line in lines) > 1


def test_a_file_says_what_covers_a_rule_only_if_it_holds_it():
    broad = flow(1, kind='any', role='everybody', zone='internet', specs=('tcp/443',))
    narrow = flow(2, role='vendor', zone='internet', specs=('tcp/443',))
    found = gateway([broad, narrow], endpoints=[endpoint(1, 'vendor', 'internet', ['198.51.100.7'])])
    resolution = resolve(found)
    rules = tuple(replace(r, standing='approved') if r.covered_by else r for r in resolution.rules)
    found = Material((replace(resolution, rules=rules),))
    keys = {rule.flows[0].id: rule.key for rule in found.rules}
    for part in ('rules', 'lines'):
        whole = {entry['flows'][0]['id']: entry['covered_by'] for entry in exported(found)[part]}
        assert whole == {1: [], 2: [keys[1]]}
        (alone,) = exported(found, Options(standings=('approved',)))[part]
        assert alone['flows'][0]['id'] == 2 and alone['covered_by'] == []


def test_any_and_names_are_told_by_kind():
    found = exported(material(*SAMPLE))['rules']
    for rule in found:
        for side in (rule['source'], rule['destination']):
            filled = [kind for kind in ('addresses', 'dns_names') if side[kind]]
            assert side['any'] == (side['kind'] == 'any') and filled == ([] if side['any'] else [side['kind']])
    assert {rule['destination']['kind'] for rule in found} == {'any', 'addresses', 'dns_names'}


@pytest.mark.parametrize('zone, listed', [('internal', True), ('internet', False)])
def test_outside_addresses_are_listed_for_what_is_in_the_file(zone, listed):
    found = material(('inbound', 'tcp/443', 'internal', ['10.1.0.1']), addresses=DUAL[:1])
    outside = {address('192.0.2.10'): (address('203.0.113.10'),), address('192.0.2.99'): (address('203.0.113.99'),)}
    (*nat,) = exported(replace(found, outside=outside), Options(zones=(zone,)))['nat']
    expected = {'address': '192.0.2.10', 'vrf': None, 'object': None}
    translated = {'address': '203.0.113.10', 'vrf': None, 'object': None}
    assert nat == ([{**expected, 'outside': [translated]}] if listed else [])


def keys_of(data, path=''):
    """Every key of nested data by its path."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield f'{path}{key}'
            yield from keys_of(value, f'{path}{key}.')
    elif isinstance(data, list):
        for each in data:
            yield from keys_of(each, path)


def test_every_key_is_documented():
    found = exported(Material((resolve(needs(*SAMPLE)),)))
    keys = {path.rpartition('.')[2] for path in keys_of(found)}
    keys |= {path.rpartition('.')[2] for entry in sample().unresolved for path in keys_of(unresolved_data(entry))}
    documented = {*re.findall(r'`(\w+)`', DOCS.read_text(encoding='utf-8'))}
    assert keys <= documented


@pytest.mark.parametrize('texts', [('plain',), (NASTY,), ('emoji \U0001f525', 'C:\\dir', 'two\nlines', 'x' * 200)])
def test_yaml_is_the_same_without_libyaml(texts, monkeypatch):
    fast = render('yaml', nasty(*texts)).content
    monkeypatch.delattr(yaml, 'CSafeDumper', raising=False)
    assert render('yaml', nasty(*texts)).content == fast
