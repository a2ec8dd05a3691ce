"""Access lists of Cisco: IOS, NX-OS and ASA. One list a direction and family."""

import re
from itertools import groupby

from ..base import Work, Written
from .base import FirewallExporter
from .guard import generate
from .policy import protocols
from .terms import Term

__all__ = ('ASAExporter', 'IOSExporter', 'NXOSExporter')

LISTS = {'inbound': 'GWPORTS-IN', 'outbound': 'GWPORTS-OUT'}


class ACLExporter(FirewallExporter):
    target = ''
    headers = {4: '{name} extended', 6: '{name}-V6 inet6'}
    protocols = protocols('tcp', 'udp', 'icmp', 'icmpv6', 'esp', 'ah', 'gre')
    extension = 'cfg'

    def write(self, work: Work) -> Written:
        found, policy = self.terms(work), self.policy(work)
        filters = []
        # A list holds the terms of its direction and family in their order
        for (direction, family), group in groupby(
            sorted(found, key=lambda t: (t.direction, t.family)), key=lambda t: (t.direction, t.family)
        ):
            header = self.headers[family].format(name=LISTS[direction])
            filters.append({
                'header': {'targets': {self.target: header}, 'comment': 'netbox-gwports'},
                'terms': [policy.term(term) for term in group],
            })  # fmt: skip
        text = generate(filters, policy.networks, policy.services) if filters else ''
        return self.written(work, self.top(work) + self.finished(work, _plain(text), found), found)

    def finished(self, work: Work, text: str, found: list[Term]) -> str:
        """With an explicit deny at the end of each list, where that was asked for."""
        return text


def _plain(text):
    """Without the keywords of revision control, which nothing here fills in."""
    return re.sub(r'^.*\$(Id|Date|Revision):\$.*\n', '', text, flags=re.MULTILINE)


class IOSExporter(ACLExporter):
    name, label, target = 'cisco_ios', 'Cisco IOS', 'cisco'
    # The packet is matched before the translation from outside
    translates = 'outside'
    how = 'Paste it in configuration mode; bind GWPORTS-IN on the remotes side, GWPORTS-OUT on the side of the gateways'
    replaces = (
        'REPLACES the access lists GWPORTS-IN, GWPORTS-OUT and their -V6 twins. Lists of IOS are stateless: replies '
        'pass only where a stateful inspection or reflexive list permits them'
    )

    def finished(self, work: Work, text: str, found: list[Term]) -> str:
        if not work.options.final_deny:
            return text
        log = ' log' if work.options.logging else ''
        text = re.sub(
            r'^(ip access-list .*\n(?:.*\n)*?)exit$', rf'\1 deny ip any any{log}\nexit', text, flags=re.MULTILINE
        )
        return re.sub(
            r'^(ipv6 access-list .*\n(?:.*\n)*?)exit$', rf'\1 deny ipv6 any any{log}\nexit', text, flags=re.MULTILINE
        )


class NXOSExporter(IOSExporter):
    name, label, target = 'cisco_nxos', 'Cisco NX-OS', 'cisconx'
    replaces = IOSExporter.replaces.replace('IOS', 'NX-OS')


class ASAExporter(ACLExporter):
    name, label, target = 'cisco_asa', 'Cisco ASA', 'ciscoasa'
    # Real addresses since 8.3
    translates = 'inside'
    families = (4,)
    headers = {4: '{name}'}
    protocols = protocols('tcp', 'udp', 'icmp', 'esp', 'ah', 'gre')
    how = 'Paste it in configuration mode, then bind the lists again with access-group'
    replaces = 'REPLACES the access lists GWPORTS-IN and GWPORTS-OUT; clearing a list may unbind it from its interface'

    def finished(self, work: Work, text: str, found: list[Term]) -> str:
        if not work.options.final_deny:
            return text
        log = ' log' if work.options.logging else ''
        names = sorted({LISTS[term.direction] for term in found})
        return text + ''.join(f'\naccess-list {name} extended deny ip any any{log}' for name in names) + '\n'
