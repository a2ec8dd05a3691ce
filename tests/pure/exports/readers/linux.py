"""nftables and iptables."""

import re
import shlex

from .atoms import ANY, NUMBERS, WITH_PORTS, Atom, family_of, network, networks, port_range, product

NFT_OWN = (
    'ct state established,related accept',
    'iifname "lo" accept',
    'oifname "lo" accept',
    'icmpv6 type { 133, 134, 135, 136 } accept',
)


def nftables(text):
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith('#')]
    table = lines[0]
    # Created, deleted and written again: one transaction, one table
    assert re.fullmatch(r'table inet [A-Za-z][\w-]*', table) and lines[1] == f'delete {table}'
    assert lines[2] == f'{table} {{' and lines[-1] == '}'
    atoms, hook, policy = [], None, None
    for line in lines[3:-1]:
        if found := re.fullmatch(r'chain (input|output|forward) \{', line):
            hook, policy = found[1], None
        elif line == '}':
            if policy == 'drop':
                atoms.append(Atom(False, hook, 0, ANY, None, ANY, ANY))
            hook = None
        elif found := re.fullmatch(rf'type filter hook {hook} priority 0; policy (drop|accept);', line):
            policy = found[1]
        elif not hook or not policy:
            raise ValueError(line)
        elif line not in NFT_OWN:
            atoms += _nft_rule(hook, line)
    return atoms


def _nft_rule(hook, rule):
    words = re.findall(r'\{[^}]*\}|"[^"]*"|\S+', rule)
    said, protocol, ports, family, permit = {}, None, [], None, None
    while words:
        word = words.pop(0)
        if permit is not None and word != 'comment':
            raise ValueError(rule)
        if word in ('iifname', 'oifname'):
            said[word] = words.pop(0).strip('"')
        elif word in ('ip', 'ip6') and words[0] in ('saddr', 'daddr'):
            family = {'ip': 4, 'ip6': 6}[word]
            said[words[0]] = [each for value in _nft_set(words[1]) for each in networks(value)]
            del words[:2]
        elif word == 'meta' and words[0] == 'l4proto':
            protocol = NUMBERS.get(int(words[1]), f'ip/{words[1]}')
            del words[:2]
        elif word in WITH_PORTS and words[0] == 'dport':
            protocol, ports = word, [port_range(value) for value in _nft_set(words[1])]
            del words[:2]
        elif word == 'log':
            del words[:2]
        elif word == 'comment' and permit is not None:
            assert len(words) == 1 and len(words[0]) <= 129 and words[0][0] == words[0][-1] == '"'
            words.pop()
        elif word in ('accept', 'drop'):
            permit = word == 'accept'
        elif word != 'counter':
            raise ValueError(rule)
    if permit is None or not family or (permit and not protocol):
        raise ValueError(rule)
    where = _between(hook, said.get('iifname'), said.get('oifname'))
    return product(permit, where, family, protocol or ANY, ports, said.get('saddr', [ANY]), said.get('daddr', [ANY]))


def _nft_set(text):
    return [value.strip() for value in text.strip('{} ').split(',')]


def _between(hook, incoming, outgoing):
    return f'{hook} {incoming or "*"}>{outgoing or "*"}' if incoming or outgoing else hook


HOOKS = {'FWD': 'forward', 'IN': 'input', 'OUT': 'output'}
REPLIES = ['-m', 'conntrack', '--ctstate', 'ESTABLISHED,RELATED', '-j', 'ACCEPT']


def iptables(text, family=4):
    lines = [line.rstrip() for line in text.splitlines() if line and not line.startswith('#')]
    if lines[0] != '*filter' or lines[-1] != 'COMMIT':
        raise ValueError(lines[0])
    chains, atoms = {}, []
    for line in lines[1:-1]:
        words = shlex.split(line)
        if line.startswith(':'):
            # Our own chains only: a built-in one would get a policy
            found = re.fullmatch(r':([A-Z][\w-]*-(FWD|IN|OUT)) - \[0:0\]', line)
            chains[found[1]] = HOOKS[found[2]]
        elif words[0] == '-A' and words[1] in chains:
            atoms += _ipt_rule(chains[words[1]], words[2:], family)
        else:
            raise ValueError(line)
    return atoms


def ip6tables(text):
    return iptables(text, 6)


def _ipt_own(rule):
    return rule in (['-i', 'lo', '-j', 'ACCEPT'], ['-o', 'lo', '-j', 'ACCEPT']) or (
        rule[:3] == ['-p', 'ipv6-icmp', '--icmpv6-type'] and rule[3] in ('133', '134', '135', '136')
    )


def _ipt_rule(hook, words, family):
    if _ipt_own(words) or words[-6:] == REPLIES:
        return []
    if words == ['-j', 'DROP']:
        return [Atom(False, hook, 0, ANY, None, ANY, ANY)]
    said = {'-s': ANY, '-d': ANY}
    words = list(words)
    while words:
        word, value = words.pop(0), words.pop(0)
        if word in ('-s', '-d', '-p', '-i', '-o', '-j', '--dport', '--dports', '--comment', '--log-prefix'):
            said[word] = value
        elif word != '-m' or value not in ('multiport', 'comment', 'tcp', 'udp', 'sctp'):
            raise ValueError([word, value])
    if said['-j'] == 'LOG':
        return []
    permit = {'ACCEPT': True, 'DROP': False}[said['-j']]
    sides = [[ANY if said[end] == ANY else network(said[end])] for end in ('-s', '-d')]
    if family_of(sides[0][0], sides[1][0]) != family or (permit and '-p' not in said):
        raise ValueError(said)
    protocol = {'ipv6-icmp': 'icmpv6'}.get(said.get('-p', ANY), said.get('-p', ANY))
    protocol = NUMBERS.get(int(protocol), f'ip/{protocol}') if protocol.isdigit() else protocol
    ports = [port_range(port) for port in said.get('--dports', said.get('--dport', '')).split(',') if port]
    return product(permit, _between(hook, said.get('-i'), said.get('-o')), family, protocol, ports, *sides)
