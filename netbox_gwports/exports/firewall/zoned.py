"""Firewalls whose policies are between zones: Juniper SRX, Palo Alto PAN-OS, Fortinet FortiOS."""

import re
import xml.etree.ElementTree as ET
from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable

from ...rules.constants import DMZ, INBOUND
from ...rules.rule import Rule
from ..base import Reason, Work, Written
from ..options import Options
from ..rendering import ExportError
from .base import FirewallExporter
from .guard import Filter, generate
from .placeholders import Placeholders, reserved
from .policy import Policy, protocol_numbers
from .terms import Term

__all__ = ('FortiOSExporter', 'PANOSExporter', 'SRXExporter')


class ZonedExporter(FirewallExporter):
    options = (*(o for o in FirewallExporter.options if o != 'final_deny'), 'gateway_zone', 'zone_name')
    target = ''
    mixed = ' mixed'

    def distinguishes(self, zone: str, options: Options) -> bool:
        # Two zones of NetBox may be one zone of the firewall, which may also hold the gateways
        names = [_zone_name(known, options) for known in options.site.zones]
        name = _zone_name(zone, options)
        has_gateways = zone != DMZ and name == options.gateway_zone
        return names.count(name) <= 1 and not has_gateways

    def filters(self, work: Work, policy: Policy, terms: Iterable[Term]) -> list[Filter]:
        """One filter for each pair of zones."""
        gateways = work.options.gateway_zone or DMZ
        pairs: defaultdict[tuple[str, str], list[Term]] = defaultdict(list)
        for term in terms:
            remotes = _zone_name(term.zone, work.options)
            pairs[(remotes, gateways) if term.direction == INBOUND else (gateways, remotes)].append(term)
        return [
            {
                'header': {
                    'targets': {self.target: f'from-zone {source} to-zone {destination}{self.mixed}'},
                    'comment': 'netbox-gwports',
                },
                'terms': [policy.term(term) for term in group],
            }
            for (source, destination), group in sorted(pairs.items())
        ]

    def warnings(self, rules: Iterable[Rule], options: Options) -> tuple[str, ...]:
        rules = list(rules)
        unnamed = sorted({rule.zone for rule in rules if not options.zone_names.get(rule.zone)})
        if not options.gateway_zone:
            unnamed.append('the gateways')
        text = f"no name was given for the zone of {', '.join(unnamed)}, so NetBox's own is used"
        return (*super().warnings(rules, options), *([text] if unnamed else ()))


def _zone_name(zone: str, options: Options) -> str:
    return options.zone_names.get(zone) or zone


class SRXExporter(ZonedExporter):
    name, label, target, extension, mixed = 'juniper_srx', 'Juniper SRX', 'srx', 'conf', ''
    dns_name_kinds = ('exact',)
    protocols = protocol_numbers('tcp', 'udp', 'icmp', 'icmpv6', 'esp', 'ah', 'gre')
    mark = '#'
    apply_hint = 'Merge it with: load replace FILE, look at show | compare, then commit confirmed'
    replaces = 'ADDS to what is there: policies, address book entries and applications of its own names'

    def write(self, work: Work) -> Written:
        terms, policy = self.terms(work), self.policy(work)
        text = generate(self.filters(work, policy, terms), policy.networks, policy.services) if terms else ''
        # As aerleon writes them, they would replace all policies and all applications of the box
        text = re.sub(r'^(\s*)replace: (address-book|policies|applications) \{', r'\1\2 {', text, flags=re.MULTILINE)
        if 'replace:' in text:
            raise ExportError('the configuration would replace what is on the box')
        text = re.sub(r'/\*\s*\$Id:\$\s*\$Date:\$\s*\$Revision:\$\s*\*/', '', text)
        return self.written(work, self.top(work) + text, terms)


class NamingExporter(ZonedExporter):
    """DNS names are objects of the target, which are rewritten from objects of placeholders."""

    dns_name_kinds: tuple[str, ...] = ('exact', 'wildcard')

    def refuse(self, rule: Rule, options: Options) -> Reason | None:
        return reserved(rule) or super().refuse(rule, options)

    def write(self, work: Work) -> Written:
        terms, policy = self.terms(work), self.policy(work)
        placeholders = Placeholders(terms)
        filters = self.filters(work, policy, map(placeholders.put, terms))
        text = generate(filters, policy.networks, policy.services) if terms else ''
        text = placeholders.check(*self.rewrite(text, placeholders.names))
        return self.written(work, self.finished(work, text), terms)

    @abstractmethod
    def rewrite(self, text: str, names: dict[str, str]) -> tuple[str, set[str]]:
        """The text with objects of DNS names instead of those of placeholders, and the placeholders that were found."""

    def finished(self, work: Work, text: str) -> str:
        return self.top(work) + text


class PANOSExporter(NamingExporter):
    name, label, target, extension = 'paloalto_panos', 'Palo Alto PAN-OS', 'paloalto', 'xml'
    media_type = 'application/xml; charset=utf-8'
    # Before the translation
    translates = 'outside'
    # Exact names only: an address object holds no wildcard
    dns_name_kinds = ('exact',)
    protocols = protocol_numbers('tcp', 'udp', 'icmp', 'icmpv6', 'esp', 'ah', 'gre')
    apply_hint = 'Merge it with: load config partial, section by section; it is no whole configuration'
    replaces = 'A fragment: loaded as a whole configuration it would replace the one of the box'

    def rewrite(self, text: str, names: dict[str, str]) -> tuple[str, set[str]]:
        if not text:
            return '', set()
        root = ET.fromstring(text)
        written: set[str] = set()
        for entry in root.iter('entry'):
            address = entry.find('ip-netmask')
            if address is None or not address.text:
                continue
            # It may occur several times: in an object of each group that names it
            if name := names.get(host := address.text.split('/')[0]):
                address.tag, address.text = 'fqdn', name
                written.add(host)
        for rule in root.iter('entry'):
            kind, ends = rule.find('rule-type'), [rule.findtext(f'{end}/member') for end in ('from', 'to')]
            if kind is not None and ends[0] == ends[1]:
                kind.text = 'intrazone'
        return ET.tostring(root, encoding='unicode', xml_declaration=False), written

    def finished(self, work: Work, text: str) -> str:
        lines = re.sub('-{2,}', '-', '\n'.join(self.head(work)))
        return f'<?xml version="1.0" encoding="utf-8"?>\n<!--\n{lines}\n-->\n{text or "<config/>"}\n'


class FortiOSExporter(NamingExporter):
    name, label, target, extension = 'fortinet_fortios', 'Fortinet FortiOS', 'fortigate', 'conf'
    # aerleon writes every other protocol as the service ALL
    protocols = protocol_numbers('tcp', 'udp')
    mark = '#'
    apply_hint = 'Paste it, or run it as a script; new policies go to the end, in this order'
    replaces = 'ADDS policies with numbers of the box; address and service objects of the same names are changed'

    def policy(self, work: Work) -> Policy:
        # A policy without ports gets the service ALL, which includes every other protocol
        return Policy(logging=work.options.logging, every_port=True, option='log_traffic_mode_all')

    def refuse(self, rule: Rule, options: Options) -> Reason | None:
        if rule.family == 6 and any(dns_name.startswith('*.') for dns_name in rule.remote.dns_names):
            return 'dns_names', f'{self.label} supports wildcard names for IPv4 only'
        return super().refuse(rule, options)

    def rewrite(self, text: str, names: dict[str, str]) -> tuple[str, set[str]]:
        written: set[str] = set()
        for address, name in names.items():
            if ':' in address:
                kind, value = 'set type ipprefix', f'set ip6 {address}/128'
            else:
                kind, value = 'set type ipmask', f'set subnet {address} 255.255.255.255'
            text, done = re.subn(
                rf'{kind}\n(\s+){re.escape(value)}\n',
                _as_fqdn(name),
                text,
            )
            if done:
                written.add(address)
        start = text.find('config firewall policy')
        # 0 is the next free number on the box: 1 may be an existing policy
        return text[:start] + re.sub(r'^(\s+edit) \d+$', r'\1 0', text[start:], flags=re.MULTILINE), written


def _as_fqdn(name: str) -> Callable[[re.Match[str]], str]:
    return lambda match: f'set type fqdn\n{match[1]}set fqdn "{name}"\n'
