"""nftables and iptables."""

import re
import shlex

from .atoms import ANY, WITH_PORTS, Atom, family_of, network, port_range, product


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
            said[words[0]] = [network(value) for value in _nft_set(words[1])]
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
            protocol, ports = word, [port_range(value) for value in _nft_set(words[1])]
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
    return product(permit, where, family, protocol, ports, said.get('saddr', [ANY]), said.get('daddr', [ANY]))


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
    sides = [[ANY if said[end] == ANY else network(said[end])] for end in ('-s', '-d')]
    if family_of(sides[0][0], sides[1][0]) != family:
        raise ValueError(said)
    protocol = {'ipv6-icmp': 'icmpv6'}.get(said['-p'], said['-p'])
    ports = [port_range(port) for port in said.get('--dports', said.get('--dport', '')).split(',') if port]
    return product(permit, _between(hook, said.get('-i'), said.get('-o')), family, protocol, ports, *sides)
