"""nftables and iptables."""

import re

from ...rules.ports import PROTOCOLS, number
from ..base import Work, Written
from ..options import HOST, Options
from .base import FirewallExporter
from .guard import generate
from .policy import protocols

__all__ = ('IP6TablesExporter', 'IPTablesExporter', 'NFTablesExporter')

TABLE = 'filtering_policies'
AH = PROTOCOLS['ah']
# What a host cannot do without: itself, and finding its neighbours
OWN = """ct state established,related accept
        iifname "lo" accept
        oifname "lo" accept
        icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept"""
HOOKS = {'inbound': 'input', 'outbound': 'output'}
NEIGHBOURS = range(133, 137)
# A chain without rules, which aerleon does not write: without it all would pass its hook
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

    def refuse(self, rule, options: Options):
        if rule.family == 6 and number(rule.protocol) == AH:
            # There it is an extension header: the kernel takes what follows it for the protocol
            return 'protocol', f'{self.label} never meets ah as the protocol of IPv6'
        return super().refuse(rule, options)

    def tells_zones(self, zone: str, options: Options) -> bool:
        # The interface that packets pass says the zone, if no other zone is behind it
        interface = options.interfaces.get(zone)
        apart = list(options.interfaces.values()).count(interface) == 1
        return bool(interface) and apart and bool(options.gateway_interface or options.perspective == HOST)

    def hooks(self, work, found):
        """Hook -> its terms. On the gateway itself each direction has its own; one that nobody asked for is let be."""
        if work.options.perspective != HOST:
            return {'forward': found}
        return {
            HOOKS[direction]: [term for term in found if term.direction == direction]
            for direction in work.options.directions or HOOKS
        }

    def interfaces(self, term, options):
        """(in, out) of the packets of a term, where they are known."""
        remote = options.interfaces.get(term.zone, '')
        local = '' if options.perspective == HOST else options.gateway_interface
        return (remote, local) if term.direction == 'inbound' else (local, remote)


class NFTablesExporter(LinuxExporter):
    name, label, extension = 'nftables', 'nftables', 'nft'
    apply_hint = 'Load it with: nft -f FILE (check it first with: nft -c -f FILE)'
    protocols = protocols('tcp', 'udp', 'sctp', 'icmp', 'icmpv6', 'esp', 'ah', 'gre')
    replaces = (
        f'REPLACES the table inet {TABLE}, in one step. It drops all that passes its hooks and is not permitted here, '
        'also what other tables accept'
    )

    def write(self, work: Work) -> Written:
        found, policy = self.terms(work), self.policy(work)
        hooks = self.hooks(work, found)
        # One filter a hook: an accept in one chain would not spare a packet the other
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
        # aerleon says each rule once for each family, and these name theirs; nft takes no IPv4 header in a rule of IPv6
        text = re.sub(r'^.*\bip6 [sd]addr .*\bip protocol .*\n', '', text, flags=re.MULTILINE)
        text = re.sub(r'^(.+\n)\1', r'\1', text, flags=re.MULTILINE)
        # Made if it is not there, so that it can be deleted: the file is loaded as one transaction
        again = f'table inet {TABLE}\ndelete table inet {TABLE}\n'
        return self.written(work, f'#!/usr/sbin/nft -f\n{self.top(work)}{again}{text}', found)


class IPTablesExporter(LinuxExporter):
    name, label, extension = 'iptables', 'iptables (IPv4)', 'rules'
    apply_hint = 'Load it with: iptables-restore FILE (check it first with: iptables-restore --test FILE)'
    families, version, replies = (4,), 'inet', ('tcp', 'udp', 'icmp', 'sctp', 'esp', 'ah', 'gre')
    protocols = protocols(*replies)
    replaces = 'REPLACES the whole filter table of this family: what is not permitted here is dropped'

    def write(self, work: Work) -> Written:
        found, policy = self.terms(work), self.policy(work)
        chains = {hook.upper(): group for hook, group in self.hooks(work, found).items()}
        action = 'DROP' if work.options.final_deny else 'ACCEPT'
        # Without it no reply passes, of whatever protocol
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
                r'^:(INPUT|OUTPUT) .*\n', lambda found: found[0] + self.own(found[1]), text, flags=re.MULTILINE
            )
        return self.written(work, self.top(work) + text, found)

    def own(self, chain):
        """What a host cannot do without: itself, and for IPv6 finding its neighbours."""
        rules = [f'-A {chain} -{"i" if chain == "INPUT" else "o"} lo -j ACCEPT']
        if self.version == 'inet6':
            rules += [f'-A {chain} -p ipv6-icmp --icmpv6-type {kind} -j ACCEPT' for kind in NEIGHBOURS]
        return ''.join(f'{rule}\n' for rule in rules)


class IP6TablesExporter(IPTablesExporter):
    name, label = 'ip6tables', 'ip6tables (IPv6)'
    apply_hint = 'Load it with: ip6tables-restore FILE (check it first with: ip6tables-restore --test FILE)'
    # aerleon says icmpv6 in whatever comes after it in the same term, too
    families, version, replies = (6,), 'inet6', ('tcp', 'udp', 'sctp', 'esp', 'gre', 'icmpv6')
    protocols = protocols(*replies)
