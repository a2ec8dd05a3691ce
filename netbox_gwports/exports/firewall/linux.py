"""nftables and iptables."""

import re

from ...rules.constants import INBOUND, OUTBOUND
from ...rules.ports import PROTOCOLS, number
from ...rules.rule import Rule
from ..base import Reason, Work, Written
from ..options import HOST, Options
from .base import FirewallExporter
from .guard import generate
from .policy import protocol_numbers
from .terms import Term

__all__ = ('IP6TablesExporter', 'IPTablesExporter', 'NFTablesExporter')

TABLE = 'filtering_policies'
AH = PROTOCOLS['ah']
# What a host cannot do without: loopback, and neighbour discovery
OWN = """ct state established,related accept
        iifname "lo" accept
        oifname "lo" accept
        icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept"""
HOOKS = {INBOUND: 'input', OUTBOUND: 'output'}
NEIGHBOURS = range(133, 137)
# A chain without rules, which aerleon does not write: without it everything would pass its hook
EMPTY = """table inet {table} {{
    chain root-{hook} {{
        type filter hook {hook} priority 0; policy drop;
        ct state established,related accept
    }}
}}
"""


class LinuxExporter(FirewallExporter):
    options = (*FirewallExporter.options, 'perspective', 'gateway_interface', 'interface')
    perspectives = ('transit', 'host')
    mark = '#'

    def refuse(self, rule: Rule, options: Options) -> Reason | None:
        if rule.family == 6 and number(rule.protocol) == AH:
            # There it is an extension header: for the kernel, the protocol is what follows it
            return 'protocol', f'{self.label} does not see ah as a protocol of IPv6'
        return super().refuse(rule, options)

    def distinguishes(self, zone: str, options: Options) -> bool:
        # By the interface that packets pass, if no other zone is behind it
        interface = options.interfaces.get(zone)
        if not interface or list(options.interfaces.values()).count(interface) > 1:
            return False
        return bool(options.gateway_interface) or options.perspective == HOST

    def hooks(self, work: Work, terms: list[Term]) -> dict[str, list[Term]]:
        """Hook -> its terms. On the gateway itself each direction has a hook; one not exported is left alone."""
        if work.options.perspective != HOST:
            return {'forward': terms}
        return {
            HOOKS[direction]: [term for term in terms if term.direction == direction]
            for direction in work.options.directions or HOOKS
        }

    def interfaces(self, term: Term, options: Options) -> tuple[str, str]:
        """The interfaces through which the packets of a term come in and go out, where they are known."""
        remote = options.interfaces.get(term.zone, '')
        local = '' if options.perspective == HOST else options.gateway_interface
        return (remote, local) if term.direction == INBOUND else (local, remote)


class NFTablesExporter(LinuxExporter):
    name, label, extension = 'nftables', 'nftables', 'nft'
    apply_hint = 'Load it with: nft -f FILE (check it first with: nft -c -f FILE)'
    protocols = protocol_numbers('tcp', 'udp', 'sctp', 'icmp', 'icmpv6', 'esp', 'ah', 'gre')
    replaces = (
        f'REPLACES the table inet {TABLE}, in one step. It drops all that passes its hooks and is not permitted here, '
        'also what other tables accept'
    )

    def write(self, work: Work) -> Written:
        terms, policy = self.terms(work), self.policy(work)
        hooks = self.hooks(work, terms)
        # One filter for each hook: a packet accepted by one chain would still have to pass the others of its hook
        action = '' if work.options.final_deny else ' ACCEPT'
        filters = [
            {
                'header': {'targets': {'nftables': f'mixed {hook}{action}'}, 'comment': 'netbox-gwports'},
                'terms': [policy.term(term, self.interfaces(term, work.options)) for term in group],
            }
            for hook, group in hooks.items()
            if group
        ]
        text = generate(filters, policy.networks, policy.services) if filters else ''
        if work.options.final_deny:
            text += ''.join(EMPTY.format(table=TABLE, hook=hook) for hook, group in hooks.items() if not group)
        if work.options.perspective == HOST:
            text = text.replace('ct state established,related accept', OWN)
        # aerleon writes each rule for both families, though these name theirs; nft rejects IPv4 headers in IPv6 rules
        text = re.sub(r'^.*\bip6 [sd]addr .*\bip protocol .*\n', '', text, flags=re.MULTILINE)
        text = re.sub(r'^(.+\n)\1', r'\1', text, flags=re.MULTILINE)
        # Created if it does not exist, so that it can be deleted: the file is loaded as one transaction
        again = f'table inet {TABLE}\ndelete table inet {TABLE}\n'
        return self.written(work, f'#!/usr/sbin/nft -f\n{self.top(work)}{again}{text}', terms)


class IPTablesExporter(LinuxExporter):
    name, label, extension = 'iptables', 'iptables (IPv4)', 'rules'
    apply_hint = 'Load it with: iptables-restore FILE (check it first with: iptables-restore --test FILE)'
    families, version = (4,), 'inet'
    replies: tuple[str, ...] = ('tcp', 'udp', 'icmp', 'sctp', 'esp', 'ah', 'gre')
    protocols = protocol_numbers(*replies)
    replaces = 'REPLACES the whole filter table of this family: what is not permitted here is dropped'

    def write(self, work: Work) -> Written:
        terms, policy = self.terms(work), self.policy(work)
        chains = {hook.upper(): group for hook, group in self.hooks(work, terms).items()}
        action = 'DROP' if work.options.final_deny else 'ACCEPT'
        # Without it no reply passes
        established = {'name': 'established', 'option': 'established', 'protocol': [*self.replies], 'action': 'accept'}
        filters = [
            {
                'header': {'targets': {'speedway': f'{chain} {action} {self.version}'}, 'comment': 'netbox-gwports'},
                'terms': [established, *(policy.term(term, self.interfaces(term, work.options)) for term in group)],
            }
            for chain, group in chains.items()
        ]
        text = generate(filters, policy.networks, policy.services)
        if work.options.perspective == HOST:
            text = re.sub(
                r'^:(INPUT|OUTPUT) .*\n', lambda match: match[0] + self.own(match[1]), text, flags=re.MULTILINE
            )
        return self.written(work, self.top(work) + text, terms)

    def own(self, chain: str) -> str:
        """What a host cannot do without: loopback, and for IPv6 neighbour discovery."""
        rules = [f'-A {chain} -{"i" if chain == "INPUT" else "o"} lo -j ACCEPT']
        if self.version == 'inet6':
            rules += [f'-A {chain} -p ipv6-icmp --icmpv6-type {kind} -j ACCEPT' for kind in NEIGHBOURS]
        return ''.join(f'{rule}\n' for rule in rules)


class IP6TablesExporter(IPTablesExporter):
    name, label = 'ip6tables', 'ip6tables (IPv6)'
    apply_hint = 'Load it with: ip6tables-restore FILE (check it first with: ip6tables-restore --test FILE)'
    # icmpv6 comes last: aerleon also writes it into everything that follows it in the same term
    families, version = (6,), 'inet6'
    replies = ('tcp', 'udp', 'sctp', 'esp', 'gre', 'icmpv6')
    protocols = protocol_numbers(*replies)
