"""Readers of firewall configuration, one a syntax: what a written file permits and denies, in its order.

Written from the syntaxes and not from the exporters. What they do not know they refuse, so nothing that somebody's text
has become is overlooked.
"""

import re
import shlex
import xml.etree.ElementTree as ET
from ipaddress import ip_network
from typing import NamedTuple

import yaml

__all__ = ('READERS', 'Atom', 'joined')

ANY, EVERY = 'any', (1, 65535)
NUMBERS = {1: 'icmp', 6: 'tcp', 17: 'udp', 47: 'gre', 50: 'esp', 51: 'ah', 58: 'icmpv6', 112: 'ip/112', 132: 'sctp'}
WITH_PORTS = ('tcp', 'udp', 'sctp')


class Atom(NamedTuple):
    """``where`` is the chain, the list or the pair of zones; ``ports`` is None for what has none."""

    permit: bool
    where: str
    family: int
    protocol: str
    ports: tuple[int, int] | None
    source: str
    destination: str


def joined(atoms):
    """The same atoms with adjacent ports joined, without order."""
    groups = {}
    for atom in atoms:
        groups.setdefault(atom._replace(ports=None), set()).add(atom.ports)
    found = set()
    for atom, ports in groups.items():
        if None in ports:
            assert ports == {None}
            found.add(atom)
            continue
        first, last = None, None
        for a, b in sorted(ports):
            if last is not None and a <= last + 1:
                last = max(last, b)
                continue
            if last is not None:
                found.add(atom._replace(ports=(first, last)))
            first, last = a, b
        found.add(atom._replace(ports=(first, last)))
    return found


def _network(text):
    return str(ip_network(text))


def _family(*ends):
    families = {ip_network(end).version for end in ends if end and end[0] in '0123456789abcdef' and '/' in end}
    if len(families) > 1:
        raise ValueError(f'families mixed: {ends}')
    return families.pop() if families else None


def _port(text, names=()):
    first, _, last = str(text).replace(':', '-').partition('-')
    found = tuple(int(names.get(port, port) if names else port) for port in (first, last or first))
    return max(found[0], 1), found[1]


def _product(permit, where, family, protocol, ports, remotes_of, destinations):
    """Protocols with ports have all of them where none is said."""
    ports = (ports or [EVERY]) if protocol in WITH_PORTS else [None]
    return [
        Atom(permit, where, family, protocol, port, source, destination)
        for port in ports
        for source in remotes_of
        for destination in destinations
    ]


def nftables(text):
    chains, bases, chain = {}, {}, None
    for line in (line.strip() for line in text.splitlines()):
        if not line or line.startswith('#') or line in ('}', 'table inet filtering_policies {'):
            continue
        if line in ('table inet filtering_policies', 'delete table inet filtering_policies'):
            continue
        if found := re.fullmatch(r'chain ([\w-]+) \{', line):
            chain = chains.setdefault(found[1], [])
        elif re.fullmatch(r'comment "[^"\\]*"', line):
            continue
        elif found := re.fullmatch(r'type filter hook (\w+) priority 0; policy (drop|accept);', line):
            bases[found[1]] = chain
            chain.append(f'policy {found[2]}')
        else:
            chain.append(line)
    atoms = []
    for hook, rules in bases.items():
        for rule in rules[1:]:
            if rule.startswith('jump '):
                for inner in chains[rule.removeprefix('jump ')]:
                    atoms += _nft_rule(hook, inner)
            elif rule not in NFT_OWN:
                raise ValueError(rule)
        if rules[0] == 'policy drop':
            atoms.append(Atom(False, hook, 0, ANY, None, ANY, ANY))
    return atoms


NFT_OWN = (
    'ct state established,related accept',
    'iifname "lo" accept',
    'oifname "lo" accept',
    'icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept',
)


def _nft_rule(hook, rule):
    words = re.findall(r'\{[^}]*\}|"[^"]*"|\S+', rule)
    said, protocol, ports, family, permit = {}, None, [], None, None
    while words:
        word = words.pop(0)
        if permit is not None:
            raise ValueError(rule)
        if word in ('iifname', 'oifname'):
            said[word] = words.pop(0).strip('"')
        elif word in ('ip', 'ip6') and words[0] in ('saddr', 'daddr'):
            family = {'ip': 4, 'ip6': 6}[word]
            said[words[0]] = [_network(value) for value in _nft_set(words[1])]
            del words[:2]
        elif word == 'ip' and words[0] == 'protocol':
            if family == 6:
                raise ValueError(f'IPv4 header in an IPv6 rule: {rule}')
            protocol = words[1]
            del words[:2]
        elif word == 'meta' and words[0] == 'l4proto':
            protocol = words[1]
            del words[:2]
        elif word in WITH_PORTS and words[0] == 'dport':
            protocol, ports = word, [_port(value) for value in _nft_set(words[1])]
            del words[:2]
        elif (word, *words[:2]) == ('ct', 'state', 'new'):
            del words[:2]
        elif word == 'log':
            del words[:2]
        elif word in ('accept', 'drop'):
            permit = word == 'accept'
        else:
            raise ValueError(rule)
    if permit is None or not protocol or not family:
        raise ValueError(rule)
    where = _between(hook, said.get('iifname'), said.get('oifname'))
    return _product(permit, where, family, protocol, ports, said.get('saddr', [ANY]), said.get('daddr', [ANY]))


def _nft_set(text):
    return [value.strip() for value in text.strip('{} ').split(',')]


def _between(hook, incoming, outgoing):
    return f'{hook} {incoming or "*"}>{outgoing or "*"}' if incoming or outgoing else hook


def iptables(text, family=4):
    chains, order, policies = {}, [], {}
    lines = [line.rstrip() for line in text.splitlines() if line and not line.startswith('#')]
    if lines[0] != '*filter' or lines[-1] != 'COMMIT':
        raise ValueError(lines[0])
    for line in lines[1:-1]:
        words = shlex.split(line)
        if line.startswith(':'):
            policies[words[0][1:]] = words[1]
            order.append(words[0][1:])
        elif words[0] == '-N':
            chains[words[1]] = []
        elif words[0] == '-A':
            chains.setdefault(words[1], []).append(words[2:])
        else:
            raise ValueError(line)
    atoms = []
    for hook in order:
        for rule in chains.get(hook, []):
            if len(rule) == 2 and rule[0] == '-j' and rule[1] in chains:
                for inner in chains[rule[1]]:
                    atoms += _ipt_rule(hook.lower(), inner, family)
            elif not _ipt_own(rule):
                raise ValueError(rule)
        if policies[hook] == 'DROP':
            atoms.append(Atom(False, hook.lower(), 0, ANY, None, ANY, ANY))
    return atoms


def ip6tables(text):
    return iptables(text, 6)


def _ipt_own(rule):
    return rule in (['-i', 'lo', '-j', 'ACCEPT'], ['-o', 'lo', '-j', 'ACCEPT']) or (
        rule[:3] == ['-p', 'ipv6-icmp', '--icmpv6-type'] and rule[3] in ('133', '134', '135', '136')
    )


def _ipt_rule(hook, words, family):
    said, states = {'-s': ANY, '-d': ANY}, 'NEW'
    words = list(words)
    while words:
        word, value = words.pop(0), words.pop(0)
        if word == '--state':
            states = value
        elif word in ('-s', '-d', '-p', '-i', '-o', '-j', '--dport', '--dports', '--comment', '--log-prefix'):
            said[word] = value
        elif (word, value) not in (('-m', 'state'), ('-m', 'multiport'), ('-m', 'comment')):
            raise ValueError([word, value])
    if '-j' not in said or said['-j'] == 'LOG':
        return []
    permit = {'ACCEPT': True, 'DROP': False}[said['-j']]
    if 'NEW' not in states.split(','):
        return []
    sides = [[ANY if said[end] == ANY else _network(said[end])] for end in ('-s', '-d')]
    if _family(sides[0][0], sides[1][0]) != family:
        raise ValueError(said)
    protocol = {'ipv6-icmp': 'icmpv6'}.get(said['-p'], said['-p'])
    ports = [_port(port) for port in said.get('--dports', said.get('--dport', '')).split(',') if port]
    return _product(permit, _between(hook, said.get('-i'), said.get('-o')), family, protocol, ports, *sides)


ASA_PORTS = {
    'aol': 5190, 'bgp': 179, 'biff': 512, 'bootpc': 68, 'bootps': 67, 'chargen': 19, 'cifs': 3020, 'citrix-ica': 1494,
    'cmd': 514, 'ctiqbe': 2748, 'daytime': 13, 'discard': 9, 'dnsix': 195, 'domain': 53, 'echo': 7, 'exec': 512,
    'finger': 79, 'ftp': 21, 'ftp-data': 20, 'gopher': 70, 'h323': 1720, 'hostname': 101, 'http': 80, 'https': 443,
    'ident': 113, 'imap4': 143, 'irc': 194, 'isakmp': 500, 'kerberos': 750, 'klogin': 543, 'kshell': 544, 'ldap': 389,
    'ldaps': 636, 'login': 513, 'lotusnotes': 1352, 'lpd': 515, 'mobile-ip': 434, 'nameserver': 42, 'netbios-dgm': 138,
    'netbios-ns': 137, 'netbios-ssn': 139, 'nfs': 2049, 'nntp': 119, 'ntp': 123, 'pcanywhere-data': 5631,
    'pcanywhere-status': 5632, 'pim-auto-rp': 496, 'pop2': 109, 'pop3': 110, 'pptp': 1723, 'radius': 1645,
    'radius-acct': 1646, 'rip': 520, 'rsh': 514, 'rtsp': 554, 'secureid-udp': 5510, 'sip': 5060, 'smtp': 25,
    'snmp': 161, 'snmptrap': 162, 'sqlnet': 1521, 'ssh': 22, 'sunrpc': 111, 'syslog': 514, 'tacacs': 49, 'talk': 517,
    'telnet': 23, 'tftp': 69, 'time': 37, 'uucp': 540, 'vxlan': 4789, 'who': 513, 'whois': 43, 'www': 80, 'xdmcp': 177,
}  # fmt: skip
LISTS = {'GWPORTS-IN': 'inbound', 'GWPORTS-OUT': 'outbound'}
# Keywords of the IPv6 lists of IOS and NX-OS; everything else they take as a number
CISCO_V6 = ('tcp', 'udp', 'icmp', 'esp', 'ahp', 'sctp', 'ipv6')


def cisco(text):
    atoms, where, family = [], None, None
    for line in text.splitlines():
        words = line.split()
        if not words or line.startswith('!') or words[0] == 'remark':
            continue
        if words[0] == 'no' and 'access-list' in words and where is None:
            continue
        if found := re.fullmatch(r'ip(v6)? access-list (?:extended )?(GWPORTS-(?:IN|OUT))(-V6)?', line):
            family, where = (6 if found[1] else 4), LISTS[found[2]]
            assert bool(found[1]) == bool(found[3])
        elif line == 'exit':
            where = None
        elif where and words[0] in ('permit', 'deny'):
            atoms.append(_cisco_entry(words, where, family, '/' in line))
        else:
            raise ValueError(line)
    return atoms


def asa(text):
    objects = dict(re.findall(r'^object network (\w+)\n fqdn v4 (\S+)$', text, re.MULTILINE))
    text = re.sub(r'^object network \w+\n fqdn v4 \S+\n', '', text, flags=re.MULTILINE)
    atoms = []
    for line in text.splitlines():
        if not line.strip() or line.startswith('!') or re.fullmatch(r'clear configure access-list GWPORTS-\w+', line):
            continue
        found = re.fullmatch(r'access-list (GWPORTS-\w+) (remark|extended) (.+)', line)
        if not found:
            raise ValueError(line)
        if found[2] == 'extended':
            atoms.append(_cisco_entry(found[3].split(), LISTS[found[1]], 4, False, masks=True, objects=objects))
    return atoms


def _cisco_entry(words, where, family, prefixes, masks=False, objects=None):
    action, protocol, *rest = words
    if protocol in ('ip', 'ipv6'):
        if rest[:2] != [ANY, ANY] or rest[2:] not in ([], ['log']) or action != 'deny':
            raise ValueError(words)
        return Atom(False, where, 0, ANY, None, ANY, ANY)
    if rest[:2] == [ANY, ANY] and protocol == 'icmp' and rest[2] in ('nd-na', 'nd-ns') and family == 6:
        return Atom(True, where, 6, rest[2], None, ANY, ANY)
    if protocol.isdigit():
        protocol = NUMBERS[int(protocol)]
    elif family == 6:
        if protocol not in CISCO_V6:
            raise ValueError(f'no keyword of an IPv6 list: {words}')
        protocol = {'icmp': 'icmpv6'}.get(protocol, protocol)
    protocol = {'ahp': 'ah'}.get(protocol, protocol)
    ends = []
    for _ in range(2):
        word = rest.pop(0)
        if word == ANY:
            ends.append(ANY)
        elif word == 'host':
            ends.append(_network(rest.pop(0)))
        elif word == 'object':
            ends.append(objects[rest.pop(0)])
        elif '/' in word:
            ends.append(_network(word))
        elif masks:
            ends.append(_network(f'{word}/{rest.pop(0)}'))
        else:
            wild = [255 - int(part) for part in rest.pop(0).split('.')]
            ends.append(_network(f'{word}/{".".join(map(str, wild))}'))
    ports = EVERY if protocol in WITH_PORTS else None
    if rest and rest[0] in ('eq', 'range'):
        count = {'eq': 1, 'range': 2}[rest.pop(0)]
        ports = _port('-'.join(str(ASA_PORTS[p]) if masks and not p.isdigit() else p for p in rest[:count]))
        del rest[:count]
    if rest not in ([], ['log']) or _family(*ends) != family:
        raise ValueError(words)
    return Atom(action == 'permit', where, family, protocol, ports, *ends)


def srx(text):
    text = re.sub(r'^#.*\n', '', text, flags=re.MULTILINE)
    tree = _blocks(iter(re.findall(r'[{};\[\]]|[^\s{};\[\]]+', re.sub(r'/\*.*?\*/', ' ', text, flags=re.DOTALL))))
    if not tree:
        return []
    if {words for words, _ in tree} != {('security',), ('applications',)}:
        raise ValueError([words for words, _ in tree])
    top = {words[0]: inner for words, inner in tree}
    objects, sets, applications, bundles, atoms = {}, {}, {}, {}, []
    for words, inner in top['applications']:
        if words[0] == 'application':
            applications[words[1]] = [entry for entry, _ in inner]
        elif words[0] == 'application-set':
            bundles[words[1]] = [entry[1] for entry, _ in inner]
        else:
            raise ValueError(words)
    security = {words[0]: inner for words, inner in top['security']}
    if security.keys() != {'address-book', 'policies'}:
        raise ValueError(security.keys())
    for words, inner in dict(security['address-book'])[('global',)]:
        if words[0] == 'address-set':
            sets[words[1]] = [entry[1] for entry, _ in inner]
        elif inner:
            ((entry, _),) = inner
            assert entry[0] == 'dns-name'
            objects[words[1]] = entry[1]
        else:
            objects[words[1]] = _network(words[2])
    for words, policies in security['policies']:
        assert (words[0], words[2]) == ('from-zone', 'to-zone')
        for name, body in policies:
            assert name[0] == 'policy'
            match = {entry[0]: [w for w in entry[1:] if w not in '[]'] for entry, _ in dict(body)[('match',)]}
            ends = [
                [ANY] if match[end] == [ANY] else [objects[o] for group in match[end] for o in sets[group]]
                for end in ('source-address', 'destination-address')
            ]
            # An end of names has no family of its own
            family = _family(*ends[0], *ends[1])
            permit = [entry for entry, _ in dict(body)[('then',)] if entry[0] != 'log']
            for application in (a for bundle in match['application'] for a in bundles[bundle]):
                for entry in applications[application]:
                    said = dict(zip(entry[2::2], entry[3::2], strict=True))
                    protocol = {'icmp6': 'icmpv6'}.get(said['protocol'], said['protocol'])
                    ports = [_port(said['destination-port'])] if 'destination-port' in said else []
                    where = f'{words[1]}>{words[3]}'
                    atoms += _product(permit == [('permit',)], where, family, protocol, ports, *ends)
    return atoms


def _blocks(words):
    found, said = [], []
    for word in words:
        if word == '{':
            found.append((tuple(said), _blocks(words)))
            said = []
        elif word == ';':
            found.append((tuple(said), []))
            said = []
        elif word == '}':
            break
        else:
            said.append(word)
    if said:
        raise ValueError(said)
    return found


PANOS_APPLICATIONS = {'icmp': 'icmp', 'ipv6-icmp': 'icmpv6', 'ipsec-esp': 'esp', 'ipsec-ah': 'ah', 'gre': 'gre'}


def panos(text):
    root = ET.fromstring(text.encode())
    system = root.find('devices/entry/vsys/entry')
    if system is None:
        return []
    objects, atoms = {}, []
    for entry in system.find('address'):
        fqdn, netmask = entry.findtext('fqdn'), entry.findtext('ip-netmask')
        assert (fqdn is None) != (netmask is None)
        objects[entry.get('name')] = fqdn or _network(netmask)
    groups = {entry.get('name'): _members(entry, 'static') for entry in system.find('address-group')}
    services = {}
    for entry in system.find('service'):
        (protocol,) = entry.find('protocol')
        services[entry.get('name')] = protocol.tag, [_port(p) for p in protocol.findtext('port').split(',')]
    for rule in system.find('rulebase/security/rules'):
        ends = [
            [ANY] if _members(rule, end) == [ANY] else [objects[o] for g in _members(rule, end) for o in groups[g]]
            for end in ('source', 'destination')
        ]
        (origin,), (target,) = _members(rule, 'from'), _members(rule, 'to')
        assert rule.findtext('rule-type') in ((None, 'intrazone') if origin == target else ('interzone',))
        permit, family = rule.findtext('action') == 'allow', _family(*ends[0], *ends[1])
        applications, said = _members(rule, 'application'), _members(rule, 'service')
        if applications == [ANY]:
            for name in said:
                protocol, ports = services[name]
                atoms += _product(permit, f'{origin}>{target}', family, protocol, ports, *ends)
        else:
            assert said == ['application-default']
            for application in applications:
                protocol = PANOS_APPLICATIONS[application]
                atoms += _product(permit, f'{origin}>{target}', family, protocol, [], *ends)
    return atoms


def _members(entry, path):
    return [member.text for member in entry.findall(f'{path}/member')]


def fortios(text):
    tables, table, entry = {}, None, None
    for line in (line.strip() for line in text.splitlines()):
        if not line or line.startswith('#'):
            continue
        words = shlex.split(line)
        if words[0] == 'config' and table is None:
            table = tables.setdefault(' '.join(words[1:]), [])
        elif words[0] == 'edit' and entry is None and len(words) == 2:
            entry = {'edit': words[1]}
        elif words[0] == 'set' and entry is not None:
            entry[words[1]] = words[2:]
        elif line == 'next':
            table.append(entry)
            entry = None
        elif line == 'end' and entry is None:
            table = None
        else:
            raise ValueError(line)
    known = {f'firewall {name}' for name in ('address', 'address6', 'addrgrp', 'addrgrp6', 'service custom', 'policy')}
    if tables.keys() - known:
        raise ValueError(tables.keys())
    atoms, named = [], {4: {}, 6: {}}
    for family, suffix in ((4, ''), (6, '6')):
        for entry in tables.get(f'firewall address{suffix}', []):
            (kind,) = entry['type']
            value = entry['fqdn'][0] if kind == 'fqdn' else None
            value = value or _network('/'.join(entry['subnet'] if family == 4 else entry['ip6']))
            named[family][entry['edit']] = [value]
        for entry in tables.get(f'firewall addrgrp{suffix}', []):
            named[family][entry['edit']] = [v for member in entry['member'] for v in named[family][member]]
        named[family]['all'] = [ANY]
    services = {}
    for entry in tables.get('firewall service custom', []):
        said = {key: value for key, value in entry.items() if key.endswith('-portrange')}
        assert len(said) == 1 and len(entry) == 2
        ((key, ports),) = said.items()
        services[entry['edit']] = key.removesuffix('-portrange'), [_port(port) for port in ports]
    for entry in tables.get('firewall policy', []):
        assert entry['edit'] == '0' and entry['schedule'] == ['always']
        family = 6 if 'srcaddr6' in entry else 4
        suffix = '6' if family == 6 else ''
        assert ('srcaddr' in entry) == (family == 4)
        ends = [[v for name in entry[f'{end}addr{suffix}'] for v in named[family][name]] for end in ('src', 'dst')]
        permit = entry.get('action', ['deny']) == ['accept']
        where = f'{entry["srcintf"][0]}>{entry["dstintf"][0]}'
        for name in entry['service']:
            protocol, ports = services[name]
            atoms += _product(permit, where, family, protocol, ports, *ends)
    return atoms


def aerleon(text):
    policy, definitions = yaml.safe_load_all(text)
    assert policy.keys() == {'filters'} and definitions.keys() == {'networks', 'services'}
    atoms = []
    for term in (term for entry in policy['filters'] for term in entry['terms']):
        left = set(term) - {'name', 'comment', 'action', 'protocol', 'destination-port', 'logging'}
        assert left <= {f'{end}-{kind}' for end in ('source', 'destination') for kind in ('address', 'fqdn')}
        ends = []
        for end in ('source', 'destination'):
            address, fqdn = term.get(f'{end}-address'), term.get(f'{end}-fqdn')
            assert not (address and fqdn)
            values = definitions['networks'][address or fqdn]['values'] if address or fqdn else []
            ends.append([v['fqdn'] if fqdn else _network(v['address']) for v in values] or [ANY])
        port = term.get('destination-port')
        ports = [_port(entry['port']) for entry in definitions['services'][port]] if port else []
        protocol = {'vrrp': 'ip/112'}.get(term['protocol'], term['protocol'])
        assert not port or {entry['protocol'] for entry in definitions['services'][port]} == {protocol}
        permit = {'accept': True, 'deny': False}[term['action']]
        atoms += _product(permit, '', _family(*ends[0], *ends[1]), protocol, ports, *ends)
    return atoms


READERS = {
    'nftables': nftables,
    'iptables': iptables,
    'ip6tables': ip6tables,
    'cisco_ios': cisco,
    'cisco_nxos': cisco,
    'cisco_asa': asa,
    'juniper_srx': srx,
    'paloalto_panos': panos,
    'fortinet_fortios': fortios,
    'aerleon': aerleon,
}
