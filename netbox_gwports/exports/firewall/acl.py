"""Access lists of Cisco IOS, NX-OS and ASA: one for each direction and family."""

import hashlib
import re
from collections.abc import Mapping
from itertools import product

from ...rules.constants import INBOUND, OUTBOUND
from ...rules.rule import Rule
from ..base import Reason, Work, Written
from ..options import Options
from .base import FirewallExporter
from .guard import Filter, generate
from .placeholders import Placeholders, reserved
from .policy import protocol_numbers
from .terms import Term

__all__ = ('ASAExporter', 'IOSExporter', 'NXOSExporter')

LISTS = {INBOUND: 'GWPORTS-IN', OUTBOUND: 'GWPORTS-OUT'}


class ACLExporter(FirewallExporter):
    target = ''
    headers: Mapping[int, str] = {4: '{name} extended', 6: '{name}-V6 inet6'}
    empty: Mapping[int, str] = {}
    protocols = protocol_numbers('tcp', 'udp', 'icmp', 'icmpv6', 'esp', 'ah', 'gre')
    extension = 'cfg'

    def write(self, work: Work) -> Written:
        terms, policy = self.terms(work), self.policy(work)
        placeholders, empty = Placeholders(terms), ''
        filters: list[Filter] = []
        # A list holds the terms of its direction and family in their order
        for direction, family in product(work.options.directions or LISTS, self.families):
            group = [term for term in terms if (term.direction, term.family) == (direction, family)]
            if not group:
                # What an earlier file opened must not stay, and a list without entries would permit everything
                empty += self.empty[family].format(name=LISTS[direction], log=' log' if work.options.logging else '')
                continue
            header = self.headers[family].format(name=LISTS[direction])
            filters.append({
                'header': {'targets': {self.target: header}, 'comment': 'netbox-gwports'},
                'terms': [policy.term(placeholders.put(term)) for term in group],
            })
        text = generate(filters, policy.networks, policy.services) if filters else ''
        text = placeholders.check(*self.rewrite(self.finished(work, _plain(text), terms), placeholders.names))
        return self.written(work, self.top(work) + (f'{text.rstrip()}\n' if text else '') + empty, terms)

    def finished(self, work: Work, text: str, terms: list[Term]) -> str:
        """The text with an explicit deny at the end of each list, if that was asked for."""
        return text

    def rewrite(self, text: str, names: dict[str, str]) -> tuple[str, set[str]]:
        """The text with DNS names instead of placeholders, and the placeholders that were found."""
        return text, set()


def _plain(text: str) -> str:
    """The text without keywords of revision control, which nothing here fills in."""
    return re.sub(r'^.*\$(Id|Date|Revision):\$.*\n', '', text, flags=re.MULTILINE)


# An explicit deny of all IPv6 precedes the implicit permits of neighbour discovery, so these have to be written
NEIGHBOURS = ' permit icmp any any nd-na\n permit icmp any any nd-ns\n'
IPV6 = 'no ipv6 access-list {name}-V6\nipv6 access-list {name}-V6\n' + NEIGHBOURS + ' deny ipv6 any any{log}\nexit\n\n'
LIST = re.compile(r'^(ip|ipv6) access-list .*\n(?:.*\n)*?(?=exit$)', re.MULTILINE)


class IOSExporter(ACLExporter):
    name, label, target = 'cisco_ios', 'Cisco IOS', 'cisco'
    empty = {
        4: 'no ip access-list extended {name}\nip access-list extended {name}\n deny ip any any{log}\nexit\n\n',
        6: IPV6,
    }
    # Packets from outside are matched before translation
    translates = 'outside'
    apply_hint = (
        'Paste it in configuration mode; bind GWPORTS-IN on the remotes side, GWPORTS-OUT on the side of the gateways'
    )
    replaces = (
        'REPLACES the access lists GWPORTS-IN, GWPORTS-OUT and their -V6 twins. Lists of IOS are stateless: replies '
        'pass only where a stateful inspection or reflexive list permits them'
    )

    def finished(self, work: Work, text: str, terms: list[Term]) -> str:
        log = ' log' if work.options.logging else ''

        def end(match: re.Match[str]) -> str:
            entries, version = match[0], match[1]
            # The keyword of the authentication header is ahp; GRE has a keyword in IPv4 lists only
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
    dns_name_kinds = ('exact',)
    protocols = protocol_numbers('tcp', 'udp', 'icmp', 'esp', 'ah', 'gre')
    apply_hint = 'Paste it in configuration mode, then bind the lists again with access-group'
    replaces = 'REPLACES the access lists GWPORTS-IN and GWPORTS-OUT; clearing a list may unbind it from its interface'

    def refuse(self, rule: Rule, options: Options) -> Reason | None:
        return reserved(rule) or super().refuse(rule, options)

    def rewrite(self, text: str, names: dict[str, str]) -> tuple[str, set[str]]:
        objects = ''
        written: set[str] = set()
        for address, name in names.items():
            # Named by its content: an object of this name that is on the box already holds the same
            label = f'GWH{hashlib.sha256(name.encode()).hexdigest()[:10].upper()}'
            text, done = re.subn(rf'\bhost {re.escape(address)}(?=\s)', f'object {label}', text)
            if done:
                written.add(address)
                objects += f'object network {label}\n fqdn v4 {name}\n'
        return objects + text, written

    def finished(self, work: Work, text: str, terms: list[Term]) -> str:
        if not work.options.final_deny:
            return text
        log = ' log' if work.options.logging else ''
        names = sorted({LISTS[term.direction] for term in terms})
        return text + ''.join(f'\naccess-list {name} extended deny ip any any{log}' for name in names) + '\n'
