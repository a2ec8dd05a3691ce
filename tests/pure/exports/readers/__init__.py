"""Readers of firewall configuration, one a syntax: what a written file permits and denies, in its order.

Written from the syntaxes and not from the exporters. What they do not know they refuse, so nothing that somebody's text
has become is overlooked.
"""

from .ansible import ansible_checkpoint, ansible_fortios, ansible_panos
from .atoms import ANY, Atom, joined
from .cisco import asa, cisco
from .linux import ip6tables, iptables, nftables
from .policy import aerleon
from .zoned import fortios, panos, srx

__all__ = ('ANY', 'READERS', 'Atom', 'joined')

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
    'ansible_panos': ansible_panos,
    'ansible_fortios': ansible_fortios,
    'ansible_checkpoint': ansible_checkpoint,
    'aerleon': aerleon,
}
