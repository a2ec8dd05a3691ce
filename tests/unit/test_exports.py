"""Exports: what is read back from every file is what the rules say, and what a file lacks is told."""

import csv
import io
import json
import os
import random
import re
import shutil
import subprocess
import threading
from dataclasses import replace
from functools import cache
from importlib import import_module
from ipaddress import ip_address, summarize_address_range

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured
from openpyxl import load_workbook

from netbox_gwports.exports import (
    Exporter,
    ExportError,
    Incomplete,
    Material,
    OptionError,
    Options,
    Unavailable,
    Written,
    formats,
    get,
    render,
)
from netbox_gwports.exports.firewall.guard import generate
from netbox_gwports.exports.options import READERS as KNOWN
from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.needs import Member

from .build import address, endpoint, flow, gateway, local
from .readers import ANY, READERS, Atom, joined

FIREWALLS, ZONED = tuple(READERS), ('juniper_srx', 'paloalto_panos', 'fortinet_fortios')
BLIND = tuple(name for name in FIREWALLS if name not in ZONED)
CISCO = ('cisco_ios', 'cisco_nxos', 'cisco_asa')
# What says exact host names by means of its own
NAMING = (*ZONED, 'cisco_asa')
LINUX = ('nftables', 'iptables', 'ip6tables')
EVERY = tuple(formats())
TEXTS = tuple(name for name in EVERY if name != 'xlsx')
DUAL = (local('192.0.2.10'), local('2001:db8::10'))
NETWORKS = {
    'internal': (address('10.0.0.0/8'), address('2001:db8:1::/48')),
    'dmz': (address('192.0.2.0/25'),),
    'management': (),
}
OTHER = {'internet': ('internal', 'dmz', 'management')}
# What each says of the sample below; every other protocol of it is left out with a reason
PROTOCOLS = {
    'nftables': 'tcp udp sctp icmp icmpv6 esp ah gre',
    'iptables': 'tcp udp sctp icmp esp ah gre',
    'ip6tables': 'tcp udp sctp icmpv6 esp gre',
    'cisco_ios': 'tcp udp icmp icmpv6 esp ah gre',
    'cisco_nxos': 'tcp udp icmp icmpv6 esp ah gre',
    'cisco_asa': 'tcp udp icmp esp ah gre',
    'juniper_srx': 'tcp udp icmp icmpv6 esp ah gre',
    'paloalto_panos': 'tcp udp icmp icmpv6 esp ah gre',
    'fortinet_fortios': 'tcp udp',
    'aerleon': 'tcp udp sctp icmp icmpv6 esp ah gre ip/112',
}
NASTY = (
    'x"; accept # \' `id` $(id) ; drop\n permit ip any any\n-A FORWARD -j ACCEPT\n*/ policy p { then { permit; } } /*\n'
    'end\nconfig firewall policy\nedit 1\nset action accept\nnext\n]]></rule><entry name="p"/> --> --- <!-- | \\ \u2028'
)
FORMULAS = ('=cmd()', '+1', '-1', '@SUM(1)', '\t=1', '\r=1', '\n=1')


def needs(*wants, addresses=DUAL, number=1, **facts):
    """A gateway of (direction, specs, zone, end) with an end of members, ``any`` or host names, each flow its own."""
    flows = []
    for n, (direction, specs, zone, end) in enumerate(wants, 1):
        names = isinstance(end, str) and end != 'any'
        said = {'any': True} if end == 'any' else {'dns_names': tuple(end.split())} if names else {'members': end}
        flows.append(
            replace(
                flow(n, direction=direction, specs=specs.split(), **facts), endpoints=(endpoint(n, zone=zone, **said),)
            )
        )
    return gateway(flows, addresses, number=number)


SAMPLE = (
    ('outbound', 'udp/53 tcp/53', 'internal', ['10.1.0.53', '2001:db8:1::53']),
    ('inbound', 'tcp/22 tcp/443 tcp/8000-8010', 'internal', ['10.1.0.5-10.1.0.9', '10.2.0.0/24']),
    ('inbound', 'tcp/22 udp/161', 'management', ['10.9.0.0/24']),
    ('inbound', 'udp/514', 'internal', ['2001:db8:1::5-2001:db8:1::9', '2001:db8:1:2::/64']),
    ('inbound', 'tcp/25', 'internet', 'any'),
    ('outbound', 'tcp/25', 'internet', 'any'),
    ('inbound', 'tcp/25', 'internet', ['198.51.100.7']),
    ('inbound', 'tcp/8080', 'internal', 'any'),
    ('outbound', 'tcp/443', 'internet', 'a.example.com b.example.com'),
    ('outbound', 'tcp/8443', 'internet', 'b.example.com'),
    ('outbound', 'tcp/80', 'internet', '*.example.net'),
    ('outbound', 'icmp icmpv6', 'internal', ['10.1.0.1', '2001:db8:1::1']),
    ('inbound', 'esp ah gre ip/112 ip/99 sctp/5000-5001', 'internal', ['10.1.0.2', '2001:db8:1::2']),
    ('outbound', 'tcp/any udp/any sctp/any', 'internal', ['10.1.0.3', '2001:db8:1::3']),
    ('inbound', 'tcp/993', 'dmz', ['192.0.2.99']),
    ('outbound', 'tcp/995', 'internal', []),
)


@cache
def sample(number=1):
    return resolve(needs(*SAMPLE, number=number))


def material(*wants, **facts):
    return Material((resolve(needs(*wants, **facts)),))


def text_of(rendering):
    """What is in the file, for formats that are no text the text of their cells."""
    if isinstance(rendering.content, str):
        return rendering.content
    return '\n'.join(str(c) for row in cells(rendering) for c in row if c is not None)


def cells(rendering):
    return list(load_workbook(io.BytesIO(rendering.content)).active.iter_rows(values_only=True))


def where(name, direction, zone):
    if name in LINUX:
        return 'forward'
    if name in ZONED:
        return f'{zone}>dmz' if direction == 'inbound' else f'dmz>{zone}'
    return direction if name in CISCO else ''


def networks(addresses):
    return [
        str(network) for a in addresses for network in summarize_address_range(*(ip_address(end) for end in a.ends))
    ]


def said(name, rule, remote=None, permit=True):
    """The atoms of one rule."""
    ends = [networks(rule.local.addresses), remote or [*networks(rule.remote.addresses), *rule.remote.dns_names]]
    remotes_of, destinations = ends[::-1] if rule.direction == 'inbound' else ends
    place = where(name, rule.direction, rule.zone)
    return [
        Atom(permit, place, rule.family, rule.protocol, (p.first, p.last) if p.first else None, s, d)
        for p in rule.ports
        for s in remotes_of
        for d in destinations
    ]


def expected(name, rules, known=NETWORKS):
    """(specific permits, denies, permits of any): what a file of these rules has to say."""
    specific, denies, anys = [], [], []
    for rule in rules:
        if not rule.remote.any:
            specific += said(name, rule)
        elif name in ZONED:
            anys += said(name, rule, [ANY])
        elif rule.zone == 'internet':
            anys += said(name, rule, [ANY])
            denied = [n for zone in OTHER['internet'] for n in known[zone] if n.family == rule.family]
            denies += said(name, rule, networks(denied), permit=False) if denied else []
        else:
            specific += said(name, rule, networks(n for n in known[rule.zone] if n.family == rule.family))
    return specific, denies, anys


def read(name, rendering):
    """The atoms of a file without its last denies and neighbour discovery."""
    return [a for a in READERS[name](rendering.content) if a.protocol not in (ANY, 'nd-na', 'nd-ns')]


def permitted(name, found, options=None):
    return joined(read(name, render(name, found, options or Options())))


def known(name, **more):
    return Options(networks={} if name in ZONED else NETWORKS, **more)


def fits(name, rule):
    """Whether a format says the rule, from what its syntax can say."""
    if rule.family not in {'iptables': (4,), 'cisco_asa': (4,), 'ip6tables': (6,)}.get(name, (4, 6)):
        return False
    if rule.protocol not in PROTOCOLS[name].split():
        return False
    if name == 'nftables' and (rule.protocol, rule.family) == ('ah', 6):
        return False
    wildcard = any(host.startswith('*.') for host in rule.remote.dns_names)
    if name == 'fortinet_fortios':
        return not (wildcard and rule.family == 6)
    return not rule.remote.dns_names or name == 'aerleon' or (name in NAMING and not wildcard)


# What is read back is what the rules say


@pytest.mark.parametrize('name', FIREWALLS)
def test_a_file_permits_what_its_rules_say_and_nothing_more(name):
    rendering = render(name, Material((sample(),)), known(name))
    wanted = {rule.key for rule in sample().rules if fits(name, rule)}
    assert rendering.rendered == wanted
    written = [rule for rule in sample().rules if rule.key in wanted and not wanted & {*rule.covered_by}]
    specific, denies, anys = expected(name, written)
    assert joined(read(name, rendering)) == joined(specific + denies + anys)
    assert any(rule.remote.any for rule in written)


@pytest.mark.parametrize('name', BLIND)
def test_specific_permits_come_first_then_denies_then_any(name):
    places = {}
    for atom in read(name, render(name, Material((sample(),)), known(name))):
        kind = 1 if not atom.permit else 2 if ANY in (atom.source, atom.destination) else 0
        places.setdefault((atom.where, atom.family), []).append(kind)
    assert places and all(kinds == sorted(kinds) for kinds in places.values())
    assert any({0, 1, 2} == {*kinds} for kinds in places.values())


@pytest.mark.parametrize('name', BLIND)
def test_without_known_networks_any_is_left_out_and_what_it_covered_is_written(name):
    found = Material((sample(),))
    rendering = render(name, found)
    reasons = {entry.key: entry.reason for entry in rendering.skipped}
    for rule in sample().rules:
        if rule.remote.any and fits(name, rule):
            assert reasons[rule.key] == 'any_networks'
    specific, _, _ = expected(name, [r for r in sample().rules if fits(name, r) and not r.remote.any])
    assert joined(read(name, rendering)) == joined(specific)
    covered = [rule for rule in sample().rules if rule.covered_by]
    assert [r.remote.addresses[0].ends[0] for r in covered if r.zone == 'internet'] == ['198.51.100.7']
    assert name == 'ip6tables' or '198.51.100.7' in rendering.content


@pytest.mark.parametrize('name', FIREWALLS)
@pytest.mark.parametrize('version', [4, 6])
def test_remotes_of_one_family_open_nothing_in_the_other(name, version):
    remote, own, other = {
        4: (['10.1.0.53', '10.3.0.0/16'], '192.0.2.10', '2001:db8::10'),
        6: (['2001:db8:1::53', '2001:db8:1:3::/64'], '2001:db8::10', '192.0.2.10'),
    }[version]
    rendering = render(name, material(('outbound', 'udp/53 tcp/443', 'internal', remote)))
    atoms = read(name, rendering)
    assert {atom.family for atom in atoms} <= {version}
    # ::10 is the end of nothing else here
    assert other not in rendering.content and 'any' not in {a.source for a in atoms} | {a.destination for a in atoms}
    assert not rendering.rendered or own in rendering.content


@pytest.mark.parametrize('name', [n for n in EVERY if n not in FIREWALLS])
def test_a_document_names_no_address_of_the_other_family(name):
    rendering = render(name, material(('outbound', 'udp/53', 'internal', ['10.1.0.53'])))
    assert '192.0.2.10' in text_of(rendering) and '2001:db8::10' not in text_of(rendering)


@pytest.mark.parametrize('name', FIREWALLS)
def test_many_ports_and_every_named_one_are_read_back(name):
    ports = [21, 22, 23, 25, 49, 53, 69, 80, 88, 110, 111, 119, 123, 137, 138, 139, 143, 161, 162, 389, 443, 445, 465,
             500, 512, 513, 514, 520, 543, 554, 587, 636, 750, 993, 1352, 1433, 1494, 1521, 1645, 1720, 1723, 2049,
             2748, 3020, 3389, 5060, 5190, 5510, 5631, 5632, 8443]  # fmt: skip
    specs = ' '.join(f'{protocol}/{port}' for protocol in ('tcp', 'udp') for port in ports)
    found = material(('inbound', f'{specs} tcp/20000-20050 tcp/1-19', 'internal', ['10.1.0.1', '2001:db8:1::1']))
    rules = [rule for rule in found.rules if fits(name, rule)]
    assert permitted(name, found) == joined(sum((said(name, rule) for rule in rules), []))


@pytest.mark.parametrize('name', FIREWALLS)
def test_every_port_of_a_protocol_is_no_other_protocol(name):
    found = material(('outbound', 'tcp/any', 'internal', ['10.1.0.3', '2001:db8:1::3']))
    rendering = render(name, found)
    rules = [rule for rule in found.rules if fits(name, rule)]
    assert rendering.rendered == {rule.key for rule in rules} and rules
    assert joined(read(name, rendering)) == joined(sum((said(name, rule) for rule in rules), []))
    assert '"ALL"' not in rendering.content


@pytest.mark.parametrize('name', ZONED)
def test_a_host_name_of_several_groups_and_families_is_written_in_each(name):
    wants = (
        ('outbound', 'tcp/443', 'internet', 'a.example.com b.example.com'),
        ('outbound', 'tcp/80', 'internet', 'a.example.com'),
        ('outbound', 'tcp/25', 'internet', 'c.example.com b.example.com'),
    )
    found = material(*wants)
    rendering = render(name, found)
    assert joined(read(name, rendering)) == joined(sum((said(name, rule) for rule in found.rules), []))
    assert not re.search(r'\b240\.|\b100::', rendering.content)


@pytest.mark.parametrize('name', BLIND)
def test_a_rule_is_covered_only_by_an_any_that_holds_its_addresses_here(name):
    """Any is the networks that were said: an address beside them, or within those of another zone, is not in it."""
    found = material(
        ('inbound', 'tcp/8080', 'internal', 'any'),
        ('inbound', 'tcp/8080', 'internal', ['172.16.0.1', '10.1.0.1']),
        ('inbound', 'tcp/25', 'internet', 'any'),
        ('inbound', 'tcp/25', 'internet', ['10.7.0.1']),
    )
    rendering = render(name, found, known(name))
    permits = [a.source for a in read(name, rendering) if a.permit]
    if name != 'ip6tables':
        assert {'172.16.0.1/32', '10.7.0.1/32'} <= {*permits}
    assert {rule.key for rule in found.rules if fits(name, rule)} == rendering.rendered


@pytest.mark.parametrize('name', FIREWALLS)
def test_nothing_to_write_permits_nothing(name):
    rendering = render(name, material(('outbound', 'ip/99', 'internal', ['10.1.0.1'])))
    assert rendering.rendered == frozenset() and read(name, rendering) == []


@pytest.mark.parametrize('name', CISCO)
def test_every_list_that_a_file_replaces_is_in_it_and_ends(name):
    """A list that lost its last rule must not stay on the box as it was, nor be empty, which permits all."""
    for options in (Options(), Options(final_deny=False)):
        for wants in ((), SAMPLE[:1], SAMPLE[1:2]):
            content = render(name, material(*wants), options).content
            atoms = READERS[name](content)
            lists = [('', '')] if name == 'cisco_asa' else [('', ''), ('-V6', 'v6')]
            for suffix, _version in lists:
                for start in ('GWPORTS-IN', 'GWPORTS-OUT'):
                    assert re.search(rf'^(no|clear configure) .*{start}{suffix}$', content, re.MULTILINE)
            denied = [a.where for a in atoms if a.protocol == ANY]
            if options.final_deny:
                assert sorted(denied) == sorted(['inbound', 'outbound'] * len(lists))
            assert {a.where for a in atoms} == {'inbound', 'outbound'}


@pytest.mark.parametrize('name', CISCO[:2])
def test_an_ipv6_list_that_ends_with_a_deny_lets_neighbours_be_found(name):
    atoms = READERS[name](render(name, Material((sample(),)), known(name)).content)
    for place in ('inbound', 'outbound'):
        there = [a.protocol for a in atoms if a.where == place]
        assert there.count('nd-na') == there.count('nd-ns') == 1
        assert there[there.index('nd-na') :][:3] == ['nd-na', 'nd-ns', ANY]


@pytest.mark.parametrize('name', ZONED)
def test_zones_of_one_name_are_not_told_apart(name):
    """Any of the Internet would be any of the inner zone too, where both are one zone of the firewall."""
    found = material(('inbound', 'tcp/25', 'internet', 'any'), ('inbound', 'tcp/26', 'management', 'any'))
    one = Options(gateway_zone='DMZ', zone_names={'internet': 'OUT', 'internal': 'OUT', 'management': 'MGMT'})
    assert {entry.reason for entry in render(name, found, one).skipped} == {'any_networks'}
    atoms = read(name, render(name, found, replace(one, networks=NETWORKS)))
    denied = [a.source for a in atoms if not a.permit]
    assert {a.where for a in atoms} == {'OUT>DMZ', 'MGMT>DMZ'}
    assert sorted(denied) == ['10.0.0.0/8', '192.0.2.0/25', '2001:db8:1::/48']
    assert [a.permit for a in atoms if a.where == 'OUT>DMZ'] == [False] * 3 + [True] * 2
    assert 'networks' in get(name).options


# Nothing is lost, and what is left out is told


@pytest.mark.parametrize('name', EVERY)
@pytest.mark.parametrize('options', [Options(), Options(networks=NETWORKS), Options(zones=('internal',)),
                                     Options(states=('approved',)), Options(directions=('outbound',)),
                                     Options(perspective='host')])  # fmt: skip
def test_every_rule_is_written_or_left_out_with_a_reason(name, options):
    rendering = render(name, Material((sample(),)), options)
    wanted = {rule.key for rule in sample().rules if options.includes(rule.zone, rule.direction)}
    skipped = [entry.key for entry in rendering.skipped if entry.key]
    assert rendering.rendered | {*skipped} == wanted and not rendering.rendered & {*skipped}
    assert all(entry.reason and entry.detail and entry.flows for entry in rendering.skipped)
    assert [e.reason for e in rendering.skipped if not e.key] == ['no_remote']


@pytest.mark.parametrize('name', TEXTS)
def test_the_head_names_every_flow_that_is_left_out(name):
    needy = [
        replace(n, ref=Ref('netbox_gwports.gateway', i, f'gateway-with-a-long-name-{i}'))
        for i, n in enumerate([needs(*SAMPLE)] * 20, 1)
    ]
    rendering = render(name, Material(tuple(map(resolve, needy))))
    plain = ' '.join(re.sub(r'^[#! ]+', '', line) for line in rendering.content.splitlines())
    for entry in rendering.skipped:
        for told in entry.flows:
            assert told in plain.replace('&#x27;', "'"), told
    assert f'Left out: {len(rendering.skipped)}' in rendering.content


@pytest.mark.parametrize('name', EVERY)
def test_strict_refuses_what_is_not_complete(name):
    with pytest.raises(Incomplete) as caught:
        render(name, Material((sample(),)), Options(strict=True))
    assert 'service 16: purpose 16' in str(caught.value) and caught.value.skipped
    complete = resolve(needs(('outbound', 'tcp/443', 'internal', ['10.1.0.1']), addresses=DUAL[:1]))
    if name != 'ip6tables':
        assert render(name, Material((complete,)), Options(strict=True)).skipped == ()
    with pytest.raises(Incomplete, match='2 flows are not visible'):
        render(name, Material((replace(complete, hidden=2),)), Options(strict=True))


@pytest.mark.parametrize('name', TEXTS)
def test_what_is_partial_or_hidden_is_told(name):
    found = Material((replace(sample(), hidden=3),), partial={1: 'the table lacks its first page'})
    content = render(name, found).content
    assert '3 flows were not visible' in content and 'Partial: the table lacks its first page' in content


# Text of people stays text


def nasty(text):
    found = needs(*SAMPLE)
    flows = tuple(
        replace(f, name=text, purpose=text, ticket=text, row=text, notes=text, justification=text,
                role=replace(f.role, name=text),
                endpoints=tuple(replace(e, ref=replace(e.ref, name=text)) for e in f.endpoints))
        for f in found.flows
    )  # fmt: skip
    return Material((resolve(replace(found, flows=flows, ref=replace(found.ref, name=text))),), partial={1: text})


@pytest.mark.parametrize('name', FIREWALLS)
@pytest.mark.parametrize('text', [NASTY, *FORMULAS, '---', '-->', '*/', '"', '\\', 'x' * 3000, '\u202e\x00\x1b[2J'])
def test_no_text_becomes_configuration(name, text):
    plain = render(name, Material((sample(),)), known(name))
    bad = render(name, nasty(text), known(name))
    assert READERS[name](bad.content) == READERS[name](plain.content)
    assert bad.rendered == plain.rendered


@pytest.mark.parametrize('text', FORMULAS)
def test_no_cell_is_a_formula(text):
    found = nasty(text)
    starts = ('=', '+', '-', '@', '\t', '\r', '\n')
    rows = list(csv.reader(io.StringIO(render('csv', found).content, newline='')))
    assert not [c for row in rows for c in row if c.startswith(starts)]
    sheet = load_workbook(io.BytesIO(render('xlsx', found).content)).active
    filled = [c for row in sheet.iter_rows() for c in row if c.value is not None]
    assert filled and {c.data_type for c in filled} == {'s'}
    assert not [c for c in filled if c.value.startswith(starts)]


@pytest.mark.parametrize('text', [NASTY, '<script>alert(1)</script>', 'a | b | c', '`|`', '\x00\x1b|', '\\|'])
def test_documents_say_the_text_as_it_is(text):
    found = nasty(text)
    loaded = json.loads(render('json', found).content)
    assert loaded == yaml.safe_load(render('yaml', found).content)
    assert {f['purpose'] for line in loaded['lines'] for f in line['flows']} == {text}
    assert loaded['gateways'] == [text]
    html = render('html', found).content
    assert '<script' not in html and html.count('<h1>') == 1
    tables = [line for line in render('markdown', found).content.splitlines() if line.startswith('| ')]
    columns = {len(re.findall(r'(?<!\\)(?:\\\\)*\|', line)) for line in tables}
    assert columns == {11} and '<script' not in '\n'.join(tables)
    width = {len(row) for row in cells(render('xlsx', found))}
    assert width == {10}


# Where several are made at once


def test_threads_do_not_get_each_others_addresses():
    names = ('nftables', 'iptables', 'cisco_ios', 'juniper_srx', 'fortinet_fortios')
    numbers, wrong = range(1, 9), []
    found = {
        n: material(
            ('outbound', 'tcp/443 udp/53', 'internal', [f'10.{n}.0.1']), addresses=(local(f'192.0.2.{n}'),), number=n
        )
        for n in numbers
    }
    alone = {(n, name): render(name, found[n]).content for n in numbers for name in names}

    def work(number):
        for turn in range(25):
            name = names[turn % len(names)]
            content = render(name, found[number]).content
            others = [o for o in numbers if o != number and f'10.{o}.0.1' in content]
            if others or content != alone[number, name]:
                wrong.append((number, name, others))

    threads = [threading.Thread(target=work, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize('name', TEXTS)
def test_the_same_rules_give_the_same_text_in_whatever_order_they_come(name):
    first, second = needs(*SAMPLE), needs(*SAMPLE[:3], number=2, addresses=(local('192.0.2.20'),))
    before = render(name, Material((resolve(first), resolve(second))), known(name))
    shuffled = list(first.flows)
    random.Random(3).shuffle(shuffled)
    after = render(name, Material((resolve(replace(first, flows=tuple(shuffled))), resolve(second))), known(name))
    assert before == after


# What aerleon would misread is refused

TERM = {'name': 't', 'protocol': 'tcp', 'action': 'accept', 'source-address': 'A', 'destination-port': 'P'}
DEFINED = {'A': {'values': [{'address': '192.0.2.1/32'}]}}, {'P': [{'protocol': 'tcp', 'port': '443'}]}


def guarded(**changes):
    term = {**TERM, **{key.replace('_', '-'): value for key, value in changes.items()}}
    header = {'targets': {'nftables': 'mixed forward'}}
    return generate([{'header': header, 'terms': [term]}], *DEFINED)


def test_the_guard_lets_a_sound_policy_pass():
    assert 'ip saddr 192.0.2.1/32' in guarded()


@pytest.mark.parametrize('changes', [
    {'source_address': None}, {'source_address': ''}, {'source_address': []}, {'destination_port': ()},
    {'destination_prot': 'P'}, {'expiration': 'never'}, {'protocol': ['tcp', 'udp']}, {'protocol': ['tcp']},
    {'source_address': 'MISSING'}, {'action': 'perhaps'},
])  # fmt: skip
def test_the_guard_refuses_what_aerleon_would_take_for_something_else(changes):
    with pytest.raises(ExportError):
        guarded(**changes)


def test_the_guard_refuses_warnings():
    header = {'targets': {'speedway': 'FORWARD DROP inet'}}
    term = {'name': 't', 'protocol': 'icmpv6', 'action': 'accept'}
    with pytest.raises(ExportError, match='did not write all of it'):
        generate([{'header': header, 'terms': [term]}], *DEFINED)
    with pytest.raises(ExportError):
        generate([{'header': {'targets': {'no_such_target': ''}}, 'terms': [TERM]}], *DEFINED)


def test_the_guard_leaves_no_handler_behind():
    from absl import logging

    before = list(logging.get_absl_logger().handlers), logging.get_absl_logger().propagate
    with pytest.raises(ExportError):
        guarded(source_address='MISSING')
    assert (list(logging.get_absl_logger().handlers), logging.get_absl_logger().propagate) == before


# Options


def configured(monkeypatch, module, **values):
    monkeypatch.setattr(import_module(f'netbox_gwports.exports.{module}'), 'get_plugin_config', lambda _, n: values[n])


@pytest.mark.parametrize('name', EVERY)
def test_only_the_states_asked_for_and_where_wanted_only_what_is_approved(name, monkeypatch):
    flows = [
        replace(f, status=status)
        for f, status in zip(
            needs(*[('outbound', f'tcp/{p}', 'internal', ['10.1.0.1']) for p in (1001, 1002, 1003, 1004)]).flows,
            ('planned', 'requested', 'approved', 'implemented'),
            strict=True,
        )
    ]
    if name == 'ip6tables':
        flows = [replace(f, endpoints=(endpoint(1, members=['2001:db8:1::1']),)) for f in flows]
    found = Material((resolve(gateway(flows, DUAL)),))
    by_port = {rule.ports[0].first: rule.key for rule in found.rules}

    def ports(options):
        rendering = render(name, found, options)
        assert {e.reason for e in rendering.skipped} <= {'state'}
        return [port for port, key in sorted(by_port.items()) if key in rendering.rendered]

    assert ports(Options(states=('planned', 'approved'))) == [1001, 1003]
    assert ports(Options()) == [1001, 1002, 1003, 1004]
    configured(monkeypatch, 'render', require_approval=True)
    approved = [1003, 1004] if name in FIREWALLS else [1001, 1002, 1003, 1004]
    assert ports(Options()) == approved
    assert ports(Options(states=('planned',))) == ([] if name in FIREWALLS else [1001])
    assert ports(Options(states=('planned', 'implemented'))) == ([1004] if name in FIREWALLS else [1001, 1004])


def test_a_document_says_what_covers_a_rule_only_if_it_holds_it():
    broad = flow(1, kind='any', role='everybody', zone='internet', specs=('tcp/443',), status='planned')
    narrow = flow(2, role='vendor', zone='internet', specs=('tcp/443',), status='approved')
    needs = gateway([broad, narrow], endpoints=[endpoint(1, 'vendor', 'internet', ['198.51.100.7'])])
    found = Material((resolve(needs),))

    def parts(options):
        return [
            (line['flows'][0]['id'], line['covered'])
            for line in json.loads(render('json', found, options).content)['lines']
        ]

    assert parts(Options()) == [(1, False), (2, True)]
    assert parts(Options(states=('approved',))) == [(2, False)]


@pytest.mark.parametrize('name', FIREWALLS)
def test_nat_writes_the_address_that_the_policy_matches(name):
    wants = (('inbound', 'tcp/443', 'internal', ['10.1.0.1']), ('outbound', 'tcp/53', 'internal', ['10.1.0.2']))
    outside = {address('192.0.2.10'): (address('203.0.113.10'), address('203.0.113.11'))}
    found = replace(material(*wants, addresses=DUAL[:1]), outside=outside)
    rendering = render(name, found, Options(nat=True))
    wanted = {rule.key for rule in found.rules}
    if name == 'ip6tables':
        return
    assert rendering.rendered == wanted
    ends = {(a.source, a.destination) for a in read(name, rendering)}
    translated = name in ('cisco_ios', 'cisco_nxos', 'paloalto_panos')
    assert (get(name).translates == 'outside') == translated
    inbound = ['203.0.113.10/32', '203.0.113.11/32'] if translated else ['192.0.2.10/32']
    assert ends == {('192.0.2.10/32', '10.1.0.2/32'), *(('10.1.0.1/32', end) for end in inbound)}
    plain = {(a.source, a.destination) for a in read(name, render(name, found))}
    assert plain == {('192.0.2.10/32', '10.1.0.2/32'), ('10.1.0.1/32', '192.0.2.10/32')}


def test_nat_of_two_gateways_with_one_outside_address_keeps_both_keys():
    want = ('inbound', 'tcp/443', 'internal', ['10.1.0.1'])
    two = [resolve(needs(want, addresses=(local(f'192.0.2.{n}'),), number=n)) for n in (1, 2)]
    outside = {address(f'192.0.2.{n}'): (address('203.0.113.10'),) for n in (1, 2)}
    rendering = render('cisco_ios', Material(tuple(two), outside=outside), Options(nat=True))
    assert rendering.rendered == {rule.key for found in two for rule in found.rules}
    assert {a.destination for a in read('cisco_ios', rendering)} == {'203.0.113.10/32'}


@pytest.mark.parametrize('name', FIREWALLS)
def test_the_gateways_own_firewall_has_rules_of_its_segment_too(name):
    found = Material((resolve(gateway(
        needs(('inbound', 'tcp/443', 'dmz', ['192.0.2.20', '2001:db8::20']),
              ('inbound', 'tcp/25', 'internal', ['10.1.0.1', '2001:db8:1::1'])).flows,
        [local('192.0.2.10', segment='192.0.2.0/24'), local('2001:db8::10', segment='2001:db8::/64')])),))  # fmt: skip
    same = {rule.key for rule in found.rules if rule.same_segment}
    transit = render(name, found)
    assert same and not same & transit.rendered
    assert {e.reason for e in transit.skipped if e.key in same} == {'same_segment'}
    host = render(name, found, Options(perspective='host'))
    if name not in LINUX:
        assert host.rendered == frozenset() and {e.reason for e in host.skipped} == {'perspective'}
        return
    rules = [rule for rule in found.rules if fits(name, rule)]
    assert host.rendered == {rule.key for rule in rules}
    assert {a.destination for a in read(name, host)} == {n for r in rules for n in networks(r.local.addresses)}
    atoms = READERS[name](host.content)
    assert {a.where for a in atoms if a.permit} == {'input'}
    # What nobody needs is dropped in both directions
    assert sorted(a.where for a in atoms if a.protocol == ANY) == ['input', 'output']
    assert re.search(r'iifname "lo" accept|-A INPUT -i lo -j ACCEPT', host.content)
    assert re.search(r'oifname "lo" accept|-A OUTPUT -o lo -j ACCEPT', host.content)
    if name != 'iptables':
        assert re.search(r'nd-neighbor-solicit|--icmpv6-type 135', host.content)


@pytest.mark.parametrize('name', LINUX)
@pytest.mark.parametrize('perspective', ['transit', 'host'])
def test_a_hook_without_rules_drops_all_the_same(name, perspective):
    hooks = {'transit': ['forward'], 'host': ['input', 'output']}[perspective]
    for wants in ((), SAMPLE[1:2], (SAMPLE[0],)):
        atoms = READERS[name](render(name, material(*wants), Options(perspective=perspective)).content)
        assert sorted(a.where for a in atoms if a.protocol == ANY) == hooks
        without = render(name, material(*wants), Options(perspective=perspective, final_deny=False)).content
        assert not [a for a in READERS[name](without) if a.protocol == ANY]


@pytest.mark.parametrize('name', ['iptables', 'ip6tables'])
def test_replies_pass_whatever_the_protocol(name):
    content = render(name, Material((sample(),)), known(name)).content
    replies = re.findall(r'^-A F_established (.*)-j ACCEPT$', content, re.MULTILINE)
    told = {re.search(r'-p (\S+)', line)[1].replace('ipv6-icmp', 'icmpv6') for line in replies}
    assert told >= {*PROTOCOLS[name].split()}


@pytest.mark.parametrize('name', FIREWALLS)
def test_the_last_deny_may_be_left_out_and_logging_asked_for(name):
    found = Material((sample(),))
    plain, without = (READERS[name](render(name, found, known(name, final_deny=f)).content) for f in (True, False))
    ends = [a for a in plain if a.protocol == ANY]
    assert not [a for a in without if a.protocol == ANY]
    assert bool(ends) == (name in (*LINUX, *CISCO)) == ('final_deny' in get(name).options)
    logged = render(name, found, known(name, logging=True))
    assert joined(read(name, logged)) == joined([a for a in plain if a.protocol not in (ANY, 'nd-na', 'nd-ns')])
    marks = {
        'nftables': 'log prefix',
        'iptables': '-j LOG',
        'ip6tables': '-j LOG',
        'juniper_srx': 'session-close',
        'paloalto_panos': '<log-end>yes',
        'fortinet_fortios': 'set logtraffic all',
        'aerleon': 'logging:',
    }
    assert logged.content.count(marks.get(name, ' log\n')) >= len(logged.rendered) / 4
    assert marks.get(name, ' log\n') not in render(name, found, known(name)).content


@pytest.mark.parametrize('name', LINUX)
def test_interfaces_make_any_exact_without_networks(name):
    interfaces = {'internet': 'wan0', 'internal': 'lan0'}
    options = Options(gateway_interface='dmz0', interfaces=interfaces)
    found = Material((sample(),))
    rendering = render(name, found, options)
    wanted = {rule.key for rule in sample().rules if fits(name, rule)}
    assert rendering.rendered == wanted
    atoms = joined(read(name, rendering))
    anys = {(a.where, a.ports) for a in atoms if ANY in (a.source, a.destination)}
    internet = {('forward wan0>dmz0', (25, 25)), ('forward dmz0>wan0', (25, 25))}
    assert anys == {*internet, ('forward lan0>dmz0', (8080, 8080))}
    assert all(a.permit for a in atoms)
    # Two zones behind one interface are one for it, and without the gateways' own side nothing is said of transit
    for other in (
        Options(gateway_interface='dmz0', interfaces={'internet': 'wan0', 'internal': 'wan0'}),
        Options(interfaces=interfaces),
    ):
        reasons = {e.key: e.reason for e in render(name, found, other).skipped}
        assert {reasons[r.key] for r in sample().rules if r.remote.any and fits(name, r)} == {'any_networks'}


def test_a_zone_selects_rules_and_what_is_left_out():
    found = Material((sample(),))
    rendering = render('json', found, Options(zones=('internet',)))
    assert rendering.rendered == {rule.key for rule in sample().rules if rule.zone == 'internet'}
    assert rendering.skipped == ()


@pytest.mark.parametrize('name', EVERY)
def test_a_direction_selects_rules_and_lets_the_other_be(name):
    for direction in ('inbound', 'outbound'):
        for perspective in ('transit', 'host'):
            options = known(name, directions=(direction,), perspective=perspective)
            rendering = render(name, Material((sample(),)), options)
            keys = {rule.key for rule in sample().rules if rule.direction == direction}
            assert rendering.rendered | {e.key for e in rendering.skipped if e.key} == keys
            places = {a.where for a in READERS[name](rendering.content)} if name in FIREWALLS else set()
            if name in CISCO:
                assert places == {direction}
            if name in LINUX and perspective == 'host':
                assert places == {{'inbound': 'input', 'outbound': 'output'}[direction]}


@pytest.mark.parametrize('name', FIREWALLS)
def test_addresses_that_are_in_two_vrfs_are_not_written_into_one_file(name):
    def one(number, own, remote):
        found = needs(('outbound', 'tcp/443', 'internal', []), addresses=(local(own, vrf=number),), number=number)
        bound = endpoint(1, members=[Member('server', (address(remote, number),))])
        return resolve(replace(found, flows=(replace(found.flows[0], endpoints=(bound,)),)))

    # The gateway's own, or an address in a network of the other VRF: each would be opened in the other as well
    for own, remote in (('192.0.2.10', '10.9.0.1'), ('192.0.2.77', '10.1.0.0/24')):
        rendering = render(name, Material((one(1, '192.0.2.10', '10.1.0.1'), one(2, own, remote))))
        assert not rendering.rendered
        assert name == 'ip6tables' or {e.reason for e in rendering.skipped} == {'vrf'}
    # Nothing in common: both are written, and the file says where they belong
    rendering = render(name, Material((one(1, '192.0.2.10', '10.1.0.1'), one(2, '192.0.2.11', '10.1.0.2'))))
    assert len(rendering.rendered) == (0 if name == 'ip6tables' else 2)
    assert name == 'ip6tables' or 'Mind: addresses are in VRF vrf1, vrf2' in rendering.content


def test_what_else_the_reader_has_to_know_stands_on_top():
    rendering = render('juniper_srx', Material((sample(),)), Options(gateway_zone='dmz'))
    assert 'no name was given for the zone of' in ' '.join(rendering.content.replace('# ', '').splitlines()[:12])
    assert not render('juniper_srx', Material((sample(),)), known('juniper_srx', gateway_zone='dmz', zone_names={
        zone: zone for zone in ('internet', 'internal', 'dmz', 'management')})).warnings  # fmt: skip


def test_a_zone_that_the_gateways_are_in_themselves_is_not_told_apart():
    found = material(('outbound', 'tcp/443', 'internet', 'any'))
    for zone, rendered in (('dmz', True), ('untrust', False)):
        options = Options(gateway_zone=zone, zone_names={'internet': 'untrust'})
        assert bool(render('juniper_srx', found, options).rendered) == rendered


def test_terms_are_named_by_their_content_and_not_by_objects():
    found = needs(*SAMPLE)
    flows = tuple(
        replace(f, id=f.id + 100, endpoints=tuple(
            replace(e, ref=Ref('other', 9, e.ref.name), members=tuple(
                Member('other', tuple(replace(a, refs=(Ref('other', 8, 'x'),)) for a in m.addresses)) for m in e.members
            )) for e in f.endpoints
        )) for f in found.flows
    )  # fmt: skip
    other = resolve(replace(found, flows=flows))
    for name in FIREWALLS:
        assert render(name, Material((sample(),))).content == render(name, Material((other,))).content


@pytest.mark.parametrize('name', ('paloalto_panos', 'fortinet_fortios', 'cisco_asa'))
def test_reserved_addresses_are_refused(name):
    found = material(('outbound', 'tcp/443', 'internal', ['240.0.0.7', '100::7']))
    assert {e.reason for e in render(name, found).skipped} == {'reserved'}


@pytest.mark.parametrize('name', FIREWALLS)
def test_ends_in_different_vrfs_are_refused(name):
    addresses = (local('192.0.2.10', vrf=7), local('2001:db8::10', vrf=7))
    found = material(('outbound', 'tcp/443', 'internal', ['10.1.0.1', '2001:db8:1::1']), addresses=addresses)
    assert 'vrf' in {e.reason for e in render(name, found).skipped} and not render(name, found).rendered


SAID = {
    'zone': (['dmz', 'internal'], 'zones', ('dmz', 'internal'), ['moon']),
    'direction': (['inbound'], 'directions', ('inbound',), ['sideways']),
    'state': (['planned'], 'states', ('planned',), ['retired']),
    'perspective': (['host'], 'perspective', 'host', ['side']),
    'logging': (['TRUE'], 'logging', True, ['perhaps']),
    'final_deny': (['off'], 'final_deny', False, ['2']),
    'nat': (['1'], 'nat', True, ['x']),
    'strict': (['yes'], 'strict', True, ['x']),
    'gateway_zone': (['DMZ_1'], 'gateway_zone', 'DMZ_1', ['a b']),
    'gateway_interface': (['ge-0/0/1.0'], 'gateway_interface', 'ge-0/0/1.0', ['x"; accept']),
    'zone_name': (['internet:untrust'], 'zone_names', {'internet': 'untrust'}, ['internet:a;b']),
    'interface': (['dmz:eth0', 'internal:eth1'], 'interfaces', {'dmz': 'eth0', 'internal': 'eth1'}, ['eth0']),
    'networks': (
        ['internal:10.0.0.0/8, 2001:db8::/32', 'internal:172.16.0.0/12', 'dmz:'],
        'networks',
        {'internal': tuple(map(address, ('10.0.0.0/8', '2001:db8::/32', '172.16.0.0/12'))), 'dmz': ()},
        ['internal:10.0.0.1/8'],
    ),
}


@pytest.mark.parametrize('name', SAID)
def test_options_are_read_and_an_error_names_its_field(name):
    texts, attribute, value, wrong = SAID[name]
    assert getattr(Options.read({name: texts}), attribute) == value
    with pytest.raises(OptionError) as caught:
        Options.read({name: wrong})
    assert caught.value.field == name and str(caught.value).startswith(f'{name}: ')


def test_options_have_defaults_and_no_others():
    assert {*KNOWN} == {*SAID}
    assert all({*exporter.options} <= {*SAID} for exporter in formats().values())
    assert Options.read({}, strict=True).strict and not Options.read({'strict': ['0']}, strict=True).strict
    assert Options.read({'zone': [''], 'state': ['']}) == Options()
    with pytest.raises(OptionError) as caught:
        Options.read({'nope': ['1']})
    assert caught.value.field == 'nope'
    for wrong in ('internal:0.0.0.0/0', 'internal:x', 'moon:10.0.0.0/8'):
        with pytest.raises(OptionError):
            Options.read({'networks': [wrong]})


# The registry


class Mine(Exporter):
    name, label, extension = 'mine', 'Mine', 'mine'

    def refuse(self, rule, options):
        return ('no_udp', 'it cannot say UDP') if rule.protocol == 'udp' else None

    def write(self, work):
        return Written('\n'.join(work.header), work.keys)


class Forgetful(Mine):
    name = 'forgetful'

    def write(self, work):
        return Written('', frozenset())


class Again(Mine):
    name = 'csv'


class Nameless(Exporter):
    pass


class Needy(Mine):
    name, label, requires = 'needy', 'Needy', ('no_such_module', 'extra')


def test_an_own_exporter_is_registered_and_held_to_the_same(monkeypatch):
    here = __name__
    configured(monkeypatch, 'registry', exporters=[f'{here}.Mine', f'{here}.Forgetful', f'{here}.Needy'])
    assert [*formats()][-3:] == ['mine', 'forgetful', 'needy'] and get('mine') is get('mine')
    found = material(('outbound', 'udp/53 tcp/53', 'internal', ['10.1.0.1']), addresses=DUAL[:1])
    rendering = render('mine', found, title='a-title')
    assert rendering.filename == 'a-title.mine' and [e.reason for e in rendering.skipped] == ['no_udp']
    with pytest.raises(ExportError, match='neither written nor left out'):
        render('forgetful', found)
    with pytest.raises(Unavailable, match=r'netbox-gwports\[extra\]'):
        render('needy', found)
    with pytest.raises(ExportError, match='no format "nothing"'):
        render('nothing', found)


@pytest.mark.parametrize('path', [
    'no.such.module', f'{__name__}.Missing', f'{__name__}.Again', f'{__name__}.Nameless', f'{__name__}.SAID', 'nodots',
])  # fmt: skip
def test_a_wrong_path_of_an_exporter_is_told(monkeypatch, path):
    configured(monkeypatch, 'registry', exporters=[path])
    with pytest.raises(ImproperlyConfigured, match='netbox_gwports: '):
        formats()


# The programs themselves read what was written for them

CHECKS = {
    'nftables': ('nft', '-c', '-f'),
    'iptables': ('iptables-restore', '--test'),
    'ip6tables': ('ip6tables-restore', '--test'),
}
WAYS = {
    'networks': {},
    'logging': {'logging': True},
    'open': {'final_deny': False},
    'host': {'perspective': 'host'},
    'host, inbound only': {'perspective': 'host', 'zones': ('management',)},
    'interfaces': {'gateway_interface': 'dmz0', 'interfaces': {'internet': 'wan0', 'internal': 'lan0'}},
    'nothing': {'states': ('implemented',)},
    'nothing on the host': {'states': ('implemented',), 'perspective': 'host'},
}


@pytest.mark.parametrize('name', CHECKS)
@pytest.mark.parametrize('way', WAYS)
@pytest.mark.parametrize('text', ['plain', NASTY])
def test_the_programs_take_the_files(name, way, text, tmp_path):
    program, *arguments = CHECKS[name]
    missing = [each for each in (program, 'unshare') if not shutil.which(each)]
    if missing:
        pytest.skip(f'{missing[0]} is not installed')
    apart = ['unshare', '-n']
    if os.geteuid() or subprocess.run([*apart, 'true'], capture_output=True).returncode:
        pytest.skip('a network namespace of its own needs root')
    path = tmp_path / 'rules'
    path.write_text(render(name, nasty(text), known(name, **WAYS[way])).content)
    done = subprocess.run([*apart, program, *arguments, str(path)], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, '')
