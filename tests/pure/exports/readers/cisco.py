"""Access lists of Cisco."""

import re

from .atoms import ANY, EVERY, NUMBERS, WITH_PORTS, Atom, family_of, network, port_range

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
# Keywords of the IPv6 lists of IOS and NX-OS; everything else they take as a number
CISCO_V6 = ('tcp', 'udp', 'icmp', 'esp', 'ahp', 'sctp', 'ipv6')
LISTS = {'IN': 'inbound', 'OUT': 'outbound', 'IN6': 'inbound', 'OUT6': 'outbound'}
NAME = r'[A-Z][A-Z0-9-]*-(IN6?|OUT6?)-[0-9A-F]{8}'
# What binds a list to an interface
BINDING = re.compile(
    rf'interface \S+|exit| ip access-group {NAME} in| ipv6 traffic-filter {NAME} in|'
    rf'access-group {NAME} in interface \S+'
)


def cisco(text):
    atoms, where, family, last = [], None, None, 0
    for line in text.splitlines():
        words = line.split()
        if not words or line.startswith('!') or (where and words[0] == 'remark'):
            continue
        if found := re.fullmatch(rf'ip(v6)? access-list (?:extended )?{NAME}', line):
            family, where, last = (6 if found[1] else 4), LISTS[found[2]], 0
            assert bool(found[1]) == found[2].endswith('6')
        elif line == 'exit':
            where = None
        elif where:
            # Numbered, so that an entry that is entered again is the same entry
            if words[0].isdigit():
                sequence, *words = words
            else:
                *words, keyword, sequence = words
                assert keyword == 'sequence' and family == 6
            assert int(sequence) > last
            last = int(sequence)
            atoms.append(_cisco_entry(words, where, family, any('/' in word for word in words)))
        elif not BINDING.fullmatch(line):
            if not re.fullmatch(r'configure session [\w-]+|verify|commit', line):
                raise ValueError(line)
    return atoms


def asa(text):
    objects = dict(re.findall(r'^object network (\S+)\n fqdn v[46] (\S+)$', text, re.MULTILINE))
    text = re.sub(r'^object network \S+\n fqdn v[46] \S+\n', '', text, flags=re.MULTILINE)
    atoms = []
    for line in text.splitlines():
        if not line.strip() or line.startswith('!') or BINDING.fullmatch(line):
            continue
        found = re.fullmatch(rf'access-list {NAME} (remark|extended) (.+)', line)
        if not found:
            raise ValueError(line)
        if found[2] == 'extended':
            atoms.append(_cisco_entry(found[3].split(), LISTS[found[1]], None, False, masks=True, objects=objects))
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
        protocol = NUMBERS.get(int(protocol), f'ip/{protocol}')
    elif family == 6:
        if protocol not in CISCO_V6:
            raise ValueError(f'no keyword of an IPv6 list: {words}')
        protocol = {'icmp': 'icmpv6'}.get(protocol, protocol)
    protocol = {'ahp': 'ah', 'icmp6': 'icmpv6'}.get(protocol, protocol)
    ends, family = _ends(rest, family, masks, objects)
    ports = EVERY if protocol in WITH_PORTS else None
    if rest and rest[0] in ('eq', 'range'):
        count = {'eq': 1, 'range': 2}[rest.pop(0)]
        ports = port_range('-'.join(str(ASA_PORTS[p]) if masks and not p.isdigit() else p for p in rest[:count]))
        del rest[:count]
    if rest not in ([], ['log']) or family_of(*ends) != (family or family_of(*ends)):
        raise ValueError(words)
    family = family_of(*ends)
    return Atom(action == 'permit', where, family, protocol, ports, *ends)


def _ends(rest, family, masks, objects):
    """The source and the destination, which are taken from the words, and the family that they say."""
    ends = []
    for _ in range(2):
        word = rest.pop(0)
        if word == ANY and not masks:
            ends.append(ANY)
        elif word in ('any4', 'any6') and masks:
            assert family in (None, int(word[3]))
            family = int(word[3])
            ends.append(ANY)
        elif word == 'host':
            ends.append(network(rest.pop(0)))
        elif word == 'object':
            ends.append(objects[rest.pop(0)])
        elif '/' in word:
            ends.append(network(word))
        elif masks:
            ends.append(network(f'{word}/{rest.pop(0)}'))
        else:
            wild = [255 - int(part) for part in rest.pop(0).split('.')]
            ends.append(network(f'{word}/{".".join(map(str, wild))}'))
    return ends, family
