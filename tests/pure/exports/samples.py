"""Samples, and what a file of them has to say."""

import io
from dataclasses import replace
from functools import cache
from ipaddress import ip_address, summarize_address_range
from itertools import cycle

from openpyxl import load_workbook

from netbox_gwports import exports
from netbox_gwports.exports import (
    Material,
    Options,
    collect,
)
from netbox_gwports.rules.build import resolve

from ..rules.build import address, endpoint, flow, gateway, local
from .readers import ANY, READERS, Atom, joined

FORMATS = collect()
FIREWALLS, ZONED = (
    tuple(READERS),
    ('juniper_srx', 'paloalto_panos', 'fortinet_fortios', 'ansible_panos', 'ansible_fortios'),
)
BLIND = tuple(name for name in FIREWALLS if name not in ZONED)
CISCO = ('cisco_ios', 'cisco_nxos', 'cisco_asa')
# Formats that can express exact DNS names
NAMING = (*ZONED, 'cisco_asa', 'ansible_checkpoint')
LINUX = ('nftables', 'iptables', 'ip6tables')
EVERY = tuple(FORMATS)
TEXTS = tuple(name for name in EVERY if name != 'xlsx')
DUAL = (local('192.0.2.10'), local('2001:db8::10'))
NETWORKS = {
    'internal': (address('10.0.0.0/8'), address('2001:db8:1::/48')),
    'dmz': (address('192.0.2.0/25'),),
    'management': (),
}
OTHER = {'internet': ('internal', 'dmz', 'management')}
# What each says of the sample below; every other protocol of it is left out with a reason
EVERY_PROTOCOL = 'tcp udp sctp icmp icmpv6 esp ah gre ip/112 ip/99'
PROTOCOLS = dict.fromkeys(FIREWALLS, EVERY_PROTOCOL) | {
    'paloalto_panos': 'tcp udp icmp icmpv6 esp ah gre',
    'ansible_panos': 'tcp udp icmp icmpv6 esp ah gre',
    'aerleon': 'tcp udp sctp icmp icmpv6 esp ah gre ip/112',
}
NASTY = (
    'x"; accept # \' `id` $(id) ; drop\n permit ip any any\n-A FORWARD -j ACCEPT\n*/ policy p { then { permit; } } /*\n'
    'end\nconfig firewall policy\nedit 1\nset action accept\nnext\n]]></rule><entry name="p"/> --> --- <!-- | \\ \u2028'
)
FORMULAS = ('=cmd()', '+1', '-1', '@SUM(1)', '\t=1', '\r=1', '\n=1')


def needs(*wants, addresses=DUAL, number=1, **facts):
    """A gateway of (direction, specs, zone, end) whose end is members, ``any`` or DNS names, one flow each."""
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


def render(name, material, options=None, **kwargs):
    """A file, also where it permits nothing: most tests are about something else."""
    options = replace(options or Options(), allow_empty=True)
    return exports.render(FORMATS[name], material, options, **kwargs)


@cache
def sample(number=1):
    return resolve(needs(*SAMPLE, number=number))


@cache
def plain(name):
    """The sample in a format, with the options that are known."""
    return render(name, Material((sample(),)), known(name))


@cache
def plain_atoms(name):
    return tuple(READERS[name](plain(name).content))


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
    """The atoms of a file without its denies of every protocol and neighbour discovery."""
    return [a for a in READERS[name](rendering.content) if a.protocol not in (ANY, 'nd-na', 'nd-ns')]


def permitted(name, found, options=None):
    return joined(read(name, render(name, found, options or Options())))


def known(name, **more):
    return Options(networks={} if name in ZONED else NETWORKS, **more)


def fits(name, rule):
    """Whether a format says the rule, from what its syntax can say."""
    if rule.family not in {'iptables': (4,), 'ip6tables': (6,)}.get(name, (4, 6)):
        return False
    if rule.protocol not in PROTOCOLS[name].split():
        return False
    if name in ('nftables', 'ip6tables') and (rule.protocol, rule.family) == ('ah', 6):
        return False
    if name in ('cisco_ios', 'cisco_nxos') and (rule.protocol, rule.family) == ('sctp', 4):
        return False
    wildcard = any(host.startswith('*.') for host in rule.remote.dns_names)
    if name in ('fortinet_fortios', 'ansible_fortios'):
        return not (wildcard and rule.family == 6)
    return not rule.remote.dns_names or name == 'aerleon' or (name in NAMING and not wildcard)


@cache
def nasty(*texts):
    """The sample with these texts in place of every text: the flows take them in turn, the gateway the first."""
    found = needs(*SAMPLE)
    flows = tuple(
        replace(
            f,
            name=text,
            purpose=text,
            row=text,
            notes=text,
            justification=text,
            role=replace(f.role, name=text),
            endpoints=tuple(replace(e, ref=replace(e.ref, name=text)) for e in f.endpoints),
        )
        for f, text in zip(found.flows, cycle(texts), strict=False)
    )
    first = texts[0]
    resolution = resolve(replace(found, flows=flows, ref=replace(found.ref, name=first)))
    rules = tuple(replace(rule, tickets=(text,)) for rule, text in zip(resolution.rules, cycle(texts), strict=False))
    return Material((replace(resolution, rules=rules),), partial={1: first})


def standing(resolution, **standings):
    """The rules of a resolution with other standings, by the first port of each: ``tcp443='in_place'``."""
    rules = (
        replace(rule, standing=standings.get(f'{rule.protocol}{rule.ports[0].first}', rule.standing))
        for rule in resolution.rules
    )
    return replace(resolution, rules=tuple(rules))
