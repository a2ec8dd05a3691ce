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
    assert {a.where for a in atoms if a.protocol == ANY} == {'input', 'output'}
    assert re.search(r'iifname "lo" accept|-A GWP-GW1-IN -i lo -j ACCEPT', host.content)
    assert re.search(r'oifname "lo" accept|-A GWP-GW1-OUT -o lo -j ACCEPT', host.content)
    if name != 'iptables':
        assert re.search(r'icmpv6 type { 133, 134, 135, 136 }|--icmpv6-type 135', host.content)


@pytest.mark.parametrize('name', LINUX)
@pytest.mark.parametrize('perspective', ['transit', 'host'])
def test_a_final_deny_is_in_every_hook_and_otherwise_only_the_gateways_are_denied(name, perspective):
    hooks = {'transit': ['forward'], 'host': ['input', 'output']}[perspective]
    for wants in ((), SAMPLE[:1]):
        found = material(*wants)

        def denies(found=found, **chosen):
            content = render(name, found, Options(perspective=perspective, **chosen)).content
            return [a for a in READERS[name](content) if a.protocol == ANY]

        assert sorted((a.where, a.source, a.destination) for a in denies(final_deny=True)) == [
            (hook, ANY, ANY) for hook in hooks
        ]
        assert not denies(deny_gateways=False)
        rest = {(a.source, a.destination) for a in denies()}
        own = {'iptables': ['192.0.2.10/32'], 'ip6tables': ['2001:db8::10/128']}
        own = own.get(name, ['192.0.2.10/32', '2001:db8::10/128']) if wants else []
        assert {(ANY, address) for address in own} | {(address, ANY) for address in own} == rest


@pytest.mark.parametrize('name', ['iptables', 'ip6tables'])
def test_replies_pass_whatever_the_protocol_but_only_those_of_the_gateways(name):
    address = '192.0.2.10/32' if name == 'iptables' else '2001:db8::10/128'
    replies = re.findall(
        r'^-A GWP-GW1-FWD (.*)-m conntrack --ctstate \S+ -j ACCEPT$', plain(name).content, re.MULTILINE
    )
    assert sorted(replies) == [f'-d {address} ', f'-s {address} ']


@pytest.mark.parametrize('name', FIREWALLS)
def test_what_happens_to_the_rest_is_an_option_and_the_header_tells(name):
    found = Material((sample(),))
    has = {option: option in FORMATS[name].options for option in ('final_deny', 'deny_gateways')}
    own = {'192.0.2.10/32', '2001:db8::10/128'}

    def written(**chosen):
        content = render(name, found, known(name, **chosen)).content
        return content, [a for a in READERS[name](content) if a.protocol == ANY]

    told = 'Other traffic of the gateways', 'Everything that is not listed is denied'
    content, rest = written()
    assert (told[0] in content) == has['deny_gateways'] == bool(rest and name not in CISCO)
    assert all({a.source, a.destination} & own for a in rest) or name in CISCO
    content, none = written(deny_gateways=False)
    assert told[0] not in content and (bool(none) == (name in CISCO) == (told[1] in content))
    content, final = written(final_deny=True)
    assert (told[1] in content) == (has['final_deny'] or name in CISCO)
    assert has['final_deny'] == ([(a.source, a.destination) for a in final] == [(ANY, ANY)] and name not in CISCO)


@pytest.mark.parametrize('name', FIREWALLS)
def test_logging_may_be_asked_for(name):
    logged = render(name, Material((sample(),)), known(name, logging=True))
    assert joined(read(name, logged)) == joined([
        a for a in plain_atoms(name) if a.protocol not in (ANY, 'nd-na', 'nd-ns')
    ])
    marks = {
        'nftables': 'log prefix',
        'iptables': '-j LOG',
        'ip6tables': '-j LOG',
        'juniper_srx': 'session-close',
        'paloalto_panos': 'log-end yes',
        'fortinet_fortios': 'set logtraffic all',
        'ansible_panos': 'log_end: true',
        'ansible_fortios': 'logtraffic: all',
        'ansible_checkpoint': 'type: Log',
        'aerleon': 'logging:',
        'cisco_ios': ' log',
    }
    mark = marks.get(name, ' log\n')
    assert logged.content.count(mark) >= len(logged.rendered) / 4
    assert mark not in plain(name).content
