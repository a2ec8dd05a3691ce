"""Access lists of Cisco: IOS, NX-OS and ASA. One list a direction and family."""

import hashlib
import re
from itertools import product

from ..base import Work, Written
from .base import FirewallExporter
from .guard import generate
from .placeholders import Placeholders, reserved
from .policy import protocols
from .terms import Term

__all__ = ('ASAExporter', 'IOSExporter', 'NXOSExporter')

LISTS = {'inbound': 'GWPORTS-IN', 'outbound': 'GWPORTS-OUT'}


class ACLExporter(FirewallExporter):
    target = ''
    headers = {4: '{name} extended', 6: '{name}-V6 inet6'}
    empty: dict[int, str] = {}
    protocols = protocols('tcp', 'udp', 'icmp', 'icmpv6', 'esp', 'ah', 'gre')
    extension = 'cfg'

    def write(self, work: Work) -> Written:
        found, policy = self.terms(work), self.policy(work)
        placeholders, filters, empty = Placeholders(found), [], ''
        # A list holds the terms of its direction and family in their order
        for direction, family in product(work.options.directions or LISTS, self.families):
            group = [term for term in found if (term.direction, term.family) == (direction, family)]
            if not group:
                # What an earlier file opened must not stay; and a list without entries would permit all
                empty += self.empty[family].format(name=LISTS[direction], log=' log' if work.options.logging else '')
                continue
            header = self.headers[family].format(name=LISTS[direction])
            filters.append({
                'header': {'targets': {self.target: header}, 'comment': 'netbox-gwports'},
                'terms': [policy.term(placeholders.put(term)) for term in group],
            })
        text = generate(filters, policy.networks, policy.services) if filters else ''
        text = placeholders.check(*self.rewrite(self.finished(work, _plain(text), found), placeholders.names))
        return self.written(work, self.top(work) + (f'{text.rstrip()}\n' if text else '') + empty, found)

    def finished(self, work: Work, text: str, found: list[Term]) -> str:
        """With an explicit deny at the end of each list, where that was asked for."""
        return text

    def rewrite(self, text: str, names: dict[str, str]) -> tuple[str, set[str]]:
        """(the text with names instead of their placeholders, the placeholders that were there)."""
        return text, set()


def _plain(text):
    """Without the keywords of revision control, which nothing here fills in."""
    return re.sub(r'^.*\$(Id|Date|Revision):\$.*\n', '', text, flags=re.MULTILINE)


# An explicit deny of all IPv6 comes before the implicit permits without which nobody finds his neighbours
NEIGHBOURS = ' permit icmp any any nd-na\n permit icmp any any nd-ns\n'
IPV6 = 'no ipv6 access-list {name}-V6\nipv6 access-list {name}-V6\n' + NEIGHBOURS + ' deny ipv6 any any{log}\nexit\n\n'
LIST = re.compile(r'^(ip|ipv6) access-list .*\n(?:.*\n)*?(?=exit$)', re.MULTILINE)


class IOSExporter(ACLExporter):
    name, label, target = 'cisco_ios', 'Cisco IOS', 'cisco'
    empty = {
        4: 'no ip access-list extended {name}\nip access-list extended {name}\n deny ip any any{log}\nexit\n\n',
        6: IPV6,
    }
    # The packet is matched before the translation from outside
    translates = 'outside'
    apply_hint = (
        'Paste it in configuration mode; bind GWPORTS-IN on the remotes side, GWPORTS-OUT on the side of the gateways'
    )
    replaces = (
        'REPLACES the access lists GWPORTS-IN, GWPORTS-OUT and their -V6 twins. Lists of IOS are stateless: replies '
        'pass only where a stateful inspection or reflexive list permits them'
    )

    def finished(self, work: Work, text: str, found: list[Term]) -> str:
        log = ' log' if work.options.logging else ''

        def end(found):
            entries, version = found[0], found[1]
            # The authentication header is ahp; GRE has a keyword in lists of IPv4 only
            entries = re.sub(r'^( (?:permit|deny)) ah ', r'\1 ahp ', entries, flags=re.MULTILINE)
            if version == 'ipv6':
                entries = re.sub(r'^( (?:permit|deny)) gre ', r'\1 47 ', entries, flags=re.MULTILINE)
            if not work.options.final_deny:
                return entries
            return f'{entries}{NEIGHBOURS if version == "ipv6" else ""} deny {version} any any{log}\n'

        return LIST.sub(end, text)


class NXOSExporter(IOSExporter):
    name, label, target = 'cisco_nxos', 'Cisco NX-OS', 'cisconx'
    empty = {4: 'no ip access-list {name}\nip access-list {name}\n deny ip any any{log}\nexit\n\n', 6: IPV6}
    replaces = IOSExporter.replaces.replace('IOS', 'NX-OS')


class ASAExporter(ACLExporter):
    name, label, target = 'cisco_asa', 'Cisco ASA', 'ciscoasa'
    # Real addresses since 8.3
    translates = 'inside'
    families = (4,)
    headers = {4: '{name}'}
    empty = {4: 'clear configure access-list {name}\naccess-list {name} extended deny ip any any{log}\n'}
    names = ('exact',)
    protocols = protocols('tcp', 'udp', 'icmp', 'esp', 'ah', 'gre')
    apply_hint = 'Paste it in configuration mode, then bind the lists again with access-group'
    replaces = 'REPLACES the access lists GWPORTS-IN and GWPORTS-OUT; clearing a list may unbind it from its interface'

    def refuse(self, rule, options):
        return reserved(rule) or super().refuse(rule, options)

    def rewrite(self, text, names):
        objects, written = '', set()
        for address, name in names.items():
            # Named by the host name: an object of this name that is on the box already is the same
            label = f'GWH{hashlib.sha256(name.encode()).hexdigest()[:10].upper()}'
            text, done = re.subn(rf'\bhost {re.escape(address)}(?=\s)', f'object {label}', text)
            if done:
                written.add(address)
                objects += f'object network {label}\n fqdn v4 {name}\n'
        return objects + text, written

    def finished(self, work: Work, text: str, found: list[Term]) -> str:
        if not work.options.final_deny:
            return text
        log = ' log' if work.options.logging else ''
        names = sorted({LISTS[term.direction] for term in found})
        return text + ''.join(f'\naccess-list {name} extended deny ip any any{log}' for name in names) + '\n'
