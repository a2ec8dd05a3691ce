"""Policies between zones."""

import re
import shlex
import xml.etree.ElementTree as ET

from .atoms import ANY, family_of, network, port_range, product


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
            objects[words[1]] = network(words[2])
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
            family = family_of(*ends[0], *ends[1])
            permit = [entry for entry, _ in dict(body)[('then',)] if entry[0] != 'log']
            for application in (a for bundle in match['application'] for a in bundles[bundle]):
                for entry in applications[application]:
                    said = dict(zip(entry[2::2], entry[3::2], strict=True))
                    protocol = {'icmp6': 'icmpv6'}.get(said['protocol'], said['protocol'])
                    ports = [port_range(said['destination-port'])] if 'destination-port' in said else []
                    where = f'{words[1]}>{words[3]}'
                    atoms += product(permit == [('permit',)], where, family, protocol, ports, *ends)
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
        objects[entry.get('name')] = fqdn or network(netmask)
    groups = {entry.get('name'): _members(entry, 'static') for entry in system.find('address-group')}
    services = {}
    for entry in system.find('service'):
        (protocol,) = entry.find('protocol')
        services[entry.get('name')] = protocol.tag, [port_range(p) for p in protocol.findtext('port').split(',')]
    for rule in system.find('rulebase/security/rules'):
        ends = [
            [ANY] if _members(rule, end) == [ANY] else [objects[o] for g in _members(rule, end) for o in groups[g]]
            for end in ('source', 'destination')
        ]
        (origin,), (target,) = _members(rule, 'from'), _members(rule, 'to')
        assert rule.findtext('rule-type') in ((None, 'intrazone') if origin == target else ('interzone',))
        permit, family = rule.findtext('action') == 'allow', family_of(*ends[0], *ends[1])
        applications, said = _members(rule, 'application'), _members(rule, 'service')
        if applications == [ANY]:
            for name in said:
                protocol, ports = services[name]
                atoms += product(permit, f'{origin}>{target}', family, protocol, ports, *ends)
        else:
            assert said == ['application-default']
            for application in applications:
                protocol = PANOS_APPLICATIONS[application]
                atoms += product(permit, f'{origin}>{target}', family, protocol, [], *ends)
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
            value = value or network('/'.join(entry['subnet'] if family == 4 else entry['ip6']))
            named[family][entry['edit']] = [value]
        for entry in tables.get(f'firewall addrgrp{suffix}', []):
            named[family][entry['edit']] = [v for member in entry['member'] for v in named[family][member]]
        named[family]['all'] = [ANY]
    services = {}
    for entry in tables.get('firewall service custom', []):
        said = {key: value for key, value in entry.items() if key.endswith('-portrange')}
        assert len(said) == 1 and len(entry) == 2
        ((key, ports),) = said.items()
        services[entry['edit']] = key.removesuffix('-portrange'), [port_range(port) for port in ports]
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
            atoms += product(permit, where, family, protocol, ports, *ends)
    return atoms
