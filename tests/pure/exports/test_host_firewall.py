"""The gateway's own firewall, replies, and the end of a file."""

import re

import pytest

from netbox_gwports.exports import (
    Material,
    Options,
)

from ..rules.build import local
from .readers import ANY, READERS, joined
from .samples import (
    CISCO,
    FIREWALLS,
    FORMATS,
    LINUX,
    PROTOCOLS,
    SAMPLE,
    fits,
    known,
    material,
    networks,
    plain,
    plain_atoms,
    read,
    render,
    sample,
)


@pytest.mark.parametrize('name', FIREWALLS)
def test_the_gateways_own_firewall_has_rules_of_its_segment_too(name):
    addresses = [local('192.0.2.10', segment='192.0.2.0/24'), local('2001:db8::10', segment='2001:db8::/64')]
    found = material(
        ('inbound', 'tcp/443', 'dmz', ['192.0.2.20', '2001:db8::20']),
        ('inbound', 'tcp/25', 'internal', ['10.1.0.1', '2001:db8:1::1']),
        addresses=addresses,
    )
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
    content = plain(name).content
    replies = re.findall(r'^-A F_established (.*)-j ACCEPT$', content, re.MULTILINE)
    told = {re.search(r'-p (\S+)', line)[1].replace('ipv6-icmp', 'icmpv6') for line in replies}
    assert told >= {*PROTOCOLS[name].split()}


@pytest.mark.parametrize('name', FIREWALLS)
def test_the_last_deny_may_be_left_out_and_logging_asked_for(name):
    found = Material((sample(),))
    with_deny = plain_atoms(name)
    without = READERS[name](render(name, found, known(name, final_deny=False)).content)
    ends = [a for a in with_deny if a.protocol == ANY]
    assert not [a for a in without if a.protocol == ANY]
    assert bool(ends) == (name in (*LINUX, *CISCO)) == ('final_deny' in FORMATS[name].options)
    logged = render(name, found, known(name, logging=True))
    assert joined(read(name, logged)) == joined([a for a in with_deny if a.protocol not in (ANY, 'nd-na', 'nd-ns')])
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
    assert marks.get(name, ' log\n') not in plain(name).content
