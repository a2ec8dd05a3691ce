"""nftables and iptables."""

import re

from ..base import Work, Written
from ..options import HOST, Options
from .base import FirewallExporter
from .guard import generate
from .policy import protocols

__all__ = ('IP6TablesExporter', 'IPTablesExporter', 'NFTablesExporter')

TABLE = 'filtering_policies'
# What a host cannot do without: itself, and finding its neighbours
OWN = """ct state established,related accept
        iifname "lo" accept
        oifname "lo" accept
        icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept"""
NEIGHBOURS = range(133, 137)


class LinuxExporter(FirewallExporter):
    options = (*FirewallExporter.options, 'perspective', 'gateway_interface', 'interface')
    perspectives = ('transit', 'host')
    mark = '#'

    def tells_zones(self, zone: str, options: Options) -> bool:
        # The interface that packets pass says the zone; for the gateway itself, only if its zones are apart
        return bool(options.interfaces.get(zone)) and bool(options.gateway_interface or options.perspective == HOST)

    def interfaces(self, term, options):
        """(in, out) of the packets of a term, where they are known."""
        remote = options.interfaces.get(term.zone, '')
        local = '' if options.perspective == HOST else options.gateway_interface
        return (remote, local) if term.direction == 'inbound' else (local, remote)


class NFTablesExporter(LinuxExporter):
    name, label, extension = 'nftables', 'nftables', 'nft'
    how = 'Load it with: nft -f FILE (check it first with: nft -c -f FILE)'
    protocols = protocols('tcp', 'udp', 'sctp', 'icmp', 'icmpv6', 'esp', 'ah', 'gre')
    replaces = (
        f'REPLACES the table inet {TABLE}, in one step. It drops all that passes its hooks and is not permitted here, '
        'also what other tables accept'
    )

    def write(self, work: Work) -> Written:
        found, policy = self.terms(work), self.policy(work)
        hooks = {'forward': found}
        if work.options.perspective == HOST:
            hooks = {
                'input': [term for term in found if term.direction == 'inbound'],
                'output': [term for term in found if term.direction == 'outbound'],
            }
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
        if work.options.perspective == HOST:
            text = text.replace('ct state established,related accept', OWN)
        # aerleon says each rule once for each family, and these name theirs
        text = re.sub(r'^(.+\n)\1', r'\1', text, flags=re.MULTILINE)
        # Made if it is not there, so that it can be deleted: the file is loaded as one transaction
        again = f'table inet {TABLE}\ndelete table inet {TABLE}\n'
        return self.written(work, f'#!/usr/sbin/nft -f\n{self.top(work)}{again}{text}', found)


class IPTablesExporter(LinuxExporter):
    name, label, extension = 'iptables', 'iptables (IPv4)', 'rules'
    how = 'Load it with: iptables-restore FILE (check it first with: iptables-restore --test FILE)'
    families, version, icmp = (4,), 'inet', 'icmp'
    protocols = protocols('tcp', 'udp', 'sctp', 'icmp', 'esp', 'ah', 'gre')
    replaces = 'REPLACES the whole filter table of this family: what is not permitted here is dropped'

    def write(self, work: Work) -> Written:
        found, policy = self.terms(work), self.policy(work)
        chains = {'FORWARD': found}
        if work.options.perspective == HOST:
            chains = {
                'INPUT': [term for term in found if term.direction == 'inbound'],
                'OUTPUT': [term for term in found if term.direction == 'outbound'],
            }
        action = 'DROP' if work.options.final_deny else 'ACCEPT'
        # Without it no reply passes
        established = {'name': 'established', 'option': 'established', 'protocol': ['tcp', 'udp', self.icmp],
                       'action': 'accept'}  # fmt: skip
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
    how = 'Load it with: ip6tables-restore FILE (check it first with: ip6tables-restore --test FILE)'
    families, version, icmp = (6,), 'inet6', 'icmpv6'
    protocols = protocols('tcp', 'udp', 'sctp', 'icmpv6', 'esp', 'ah', 'gre')
