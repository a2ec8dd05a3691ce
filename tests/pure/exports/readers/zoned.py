"""Policies between zones."""

import re
import shlex

from .atoms import ANY, NUMBERS, family_of, network, port_range, product


def srx(text):
    text = re.sub(r'^#.*\n', '', text, flags=re.MULTILINE)
    tree = _blocks(iter(re.findall(r'"[^"]*"|[{};\[\]]|[^\s{};\[\]]+', text)))
    # One group, which is replaced as a whole, and the statement that it is inherited
    (((outer,), groups), applied) = tree
    ((replaced, group), top) = groups[0][0], groups[0][1]
    assert outer == 'groups' and len(groups) == 1 and replaced == 'replace:'
    assert applied == (('apply-groups', group), [])
    if not top:
        return []
    top = {words[0]: inner for words, inner in top}
    assert top.keys() <= {'security', 'applications'}
    objects, applications, atoms = {}, {}, []
    for words, inner in top.get('applications', []):
        assert words[0] == 'application' and words[1].startswith(f'{group}-')
        applications[words[1]] = [entry for entry, _ in inner]
    security = {words: inner for words, inner in top['security']}
    assert security.keys() == {('address-book',), ('policies',)}
    ((book, entries),) = security[('address-book',)]
    assert book == ('global',)
    for words, inner in entries:
        assert words[0] == 'address' and words[1].startswith(f'{group}-')
        if inner:
            ((entry, _),) = inner
            assert entry[0] == 'dns-name'
            objects[words[1]] = entry[1]
        else:
            objects[words[1]] = network(words[2])
    for words, policies in security[('policies',)]:
        assert (words[0], words[2]) == ('from-zone', 'to-zone')
        for name, body in policies:
            assert name[0] == 'policy' and name[1].startswith(f'{group}-')
            match = {entry[0]: [w for w in entry[1:] if w not in '[]'] for entry, _ in dict(body)[('match',)]}
            ends, families = [], set()
            for end in ('source-address', 'destination-address'):
                if match[end][0].startswith('any-ipv'):
                    families.add(int(match[end][0][-1]))
                    ends.append([ANY])
                else:
                    ends.append([objects[name] for name in match[end]])
            # An end of names has no family of its own
            family = family_of(*ends[0], *ends[1])
            assert families <= {family}
            permit = [entry for entry, _ in dict(body)[('then',)] if entry[0] != 'log']
            where = f'{words[1]}>{words[3]}'
            if match['application'] == [ANY]:
                assert permit == [('deny',)]
                atoms += product(False, where, family, ANY, [], *ends)
                continue
            for entry in applications[match['application'][0]]:
                said = dict(
                    zip(entry[entry[0] == 'term' and 2 :: 2], entry[entry[0] == 'term' and 3 or 1 :: 2], strict=True)
                )
                protocol = {'icmp6': 'icmpv6'}.get(said['protocol'], said['protocol'])
                protocol = f'ip/{protocol}' if protocol.isdigit() else protocol
                ports = [port_range(said['destination-port'])] if 'destination-port' in said else []
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


class Candidate:
    """What set commands make of an empty configuration."""

    def __init__(self, text):
        self.tags, self.objects, self.services, self.rules, self.order = [], {}, {}, {}, []
        for line in text.splitlines():
            if line and not line.startswith('#'):
                verb, *words = shlex.split(line)
                rulebase = words[:3] == ['rulebase', 'security', 'rules']
                getattr(self, f'{verb}_rule' if rulebase else f'{verb}_{words[0]}')(words[3 if rulebase else 1 :])

    def set_tag(self, words):
        self.tags.append(words[0])

    def set_address(self, words):
        name, kind, value = words
        self.objects[name] = {'fqdn': str, 'ip-netmask': network}[kind](value)

    def set_service(self, words):
        name, _, protocol, _, ports = words
        self.services[name] = protocol, [port_range(port) for port in ports.split(',')]

    def set_rule(self, words):
        if words[0] not in self.rules:
            self.order.append(words[0])
        _settings(self.rules.setdefault(words[0], {}), words[1:])

    def delete_rule(self, words):
        (name,) = words
        if self.rules.pop(name, None):
            self.order.remove(name)

    def move_rule(self, words):
        name, after, anchor = words
        assert after == 'after'
        self.order.remove(name)
        self.order.insert(self.order.index(anchor) + 1, name)


def panos(text):
    found = Candidate(text)
    (prefix,) = {*found.tags}
    assert all(name.startswith(f'{prefix}-') for name in (*found.objects, *found.services))
    atoms = []
    for name in found.order:
        rule = found.rules[name]
        assert rule['tag'] == [prefix] and name.startswith(prefix)
        if rule.get('disabled') != ['yes']:
            atoms += _panos_rule(rule, found)
    return atoms


def _panos_rule(rule, found):
    ends = [[ANY] if rule[end] == [ANY] else [found.objects[o] for o in rule[end]] for end in ('source', 'destination')]
    (origin,), (target,) = rule['from'], rule['to']
    permit, family = rule['action'] == ['allow'], family_of(*ends[0], *ends[1])
    where = f'{origin}>{target}'
    if rule['application'] == rule['service'] == [ANY]:
        assert not permit
        return product(False, where, family, ANY, [], *ends)
    if rule['application'] == [ANY]:
        pieces = [found.services[service] for service in rule['service']]
    else:
        assert rule['service'] == ['application-default']
        # Echo is an application of its own
        assert ('icmp' in rule['application']) == ('ping' in rule['application'])
        assert ('ipv6-icmp' in rule['application']) == ('ping6' in rule['application'])
        pieces = [(PANOS_APPLICATIONS[a], []) for a in rule['application'] if a not in ('ping', 'ping6')]
    return [atom for piece in pieces for atom in product(permit, where, family, *piece, *ends)]


def _settings(rule, words):
    """Keys with a value, or a list in brackets: a list is added to."""
    while words:
        key, value, *words = words
        if value == '[':
            end = words.index(']')
            found, words = words[:end], words[end + 1 :]
        else:
            found = [value]
        if key in ('from', 'to', 'source', 'destination', 'application', 'service', 'tag'):
            rule[key] = list(dict.fromkeys([*rule.get(key, []), *found]))
        else:
            rule[key] = found


def _tables(text):
    """Table -> name -> its settings, and the policies in their order."""
    tables, table, entry, order = {}, None, None, []
    for line in (line.strip() for line in text.splitlines()):
        if not line or line.startswith('#'):
            continue
        words = shlex.split(line)
        policies = table == 'firewall policy'
        match words, table, entry:
            case ['config', *names], None, None:
                table = ' '.join(names)
                tables.setdefault(table, {})
            case ['edit', name], str(), None:
                entry = tables[table].setdefault(name, {})
                if policies and name not in order:
                    order.append(name)
            case ['set', key, *values], str(), dict():
                entry[key] = values
            case ['next'], str(), dict():
                entry = None
            case ['move', name, 'after', anchor], 'firewall policy', None:
                order.remove(name)
                order.insert(order.index(anchor) + 1, name)
            case ['delete', name], 'firewall policy', None:
                if tables[table].pop(name, None):
                    order.remove(name)
            case ['end'], str(), None:
                table = None
            case _:
                raise ValueError(line)
    return tables, order


def fortios(text):
    tables, order = _tables(text)
    known = {f'firewall {name}' for name in ('address', 'address6', 'service custom', 'policy')}
    if tables.keys() - known:
        raise ValueError(tables.keys())
    policies = tables['firewall policy']
    # Their names are unique in a VDOM, and no number is left to the firewall
    names = [entry['name'][0] for entry in policies.values()]
    assert len({*names}) == len(names) and all(len(name) <= 35 for name in names) and '0' not in policies
    prefix = names[0]
    assert all(name.startswith(prefix) for name in names)
    atoms, named = [], {4: {}, 6: {}}
    for family, suffix in ((4, ''), (6, '6')):
        for name, entry in tables.get(f'firewall address{suffix}', {}).items():
            assert name.startswith(f'{prefix}-')
            (kind,) = entry['type']
            value = entry['fqdn'][0] if kind == 'fqdn' else None
            value = value or network('/'.join(entry['subnet'] if family == 4 else entry['ip6']))
            named[family][name] = value
        named[family]['all'] = ANY
    services = {}
    for name, entry in tables.get('firewall service custom', {}).items():
        assert name.startswith(f'{prefix}-')
        services[name] = _fortios_service(**{key.replace('-', '_'): value for key, value in entry.items()})
    for number in order:
        if policies[number].get('status') != ['disable']:
            atoms += _fortios_policy(policies[number], named, services)
    return atoms


def _fortios_policy(entry, named, services):
    assert entry['schedule'] == ['always']
    family = 6 if 'srcaddr6' in entry else 4
    suffix = '6' if family == 6 else ''
    assert ('srcaddr' in entry) == (family == 4)
    ends = [[named[family][name] for name in entry[f'{end}addr{suffix}']] for end in ('src', 'dst')]
    permit = entry['action'] == ['accept']
    assert permit or entry['service'] != ['ALL'] or ANY in (ends[0] + ends[1])
    where = f'{entry["srcintf"][0]}>{entry["dstintf"][0]}'
    if entry['service'] == ['ALL']:
        assert not permit
        return product(False, where, family, ANY, [], *ends)
    return [atom for name in entry['service'] for atom in product(permit, where, family, *services[name], *ends)]


def _fortios_service(protocol, protocol_number=None, **ranges):
    if protocol == ['IP']:
        assert not ranges
        return NUMBERS.get(int(protocol_number[0]), f'ip/{protocol_number[0]}'), []
    if not ranges:
        return {'ICMP': 'icmp', 'ICMP6': 'icmpv6'}[protocol[0]], []
    assert protocol == ['TCP/UDP/SCTP'] and protocol_number is None
    ((key, ports),) = ranges.items()
    return key.removesuffix('_portrange'), [port_range(port) for port in ports]
