"""Firewalls whose policies are between zones: Juniper SRX, Palo Alto PAN-OS, Fortinet FortiOS."""

import re
import xml.etree.ElementTree as ET
from abc import abstractmethod
from collections import defaultdict

from ...choices import ZoneChoices
from ..base import Work, Written
from ..rendering import ExportError
from .base import FirewallExporter
from .guard import generate
from .placeholders import Placeholders, reserved
from .policy import Policy, protocols

__all__ = ('FortiOSExporter', 'PANOSExporter', 'SRXExporter')


class ZonedExporter(FirewallExporter):
    options = (*(o for o in FirewallExporter.options if o != 'final_deny'), 'gateway_zone', 'zone_name')
    target = ''
    mixed = ' mixed'

    def tells_zones(self, zone, options):
        # Two zones of NetBox may be one of the firewall, and the gateways may be in it, too
        names = {value: options.zone_names.get(value) or value for value in ZoneChoices.values()}
        name = names.get(zone, zone)
        beside = zone != ZoneChoices.DMZ and name == options.gateway_zone
        return list(names.values()).count(name) <= 1 and not beside

    def names_of(self, work: Work):
        """(zone of the gateways, names of the other zones) as the firewall calls them."""
        options = work.options
        return options.gateway_zone or ZoneChoices.DMZ, lambda zone: options.zone_names.get(zone) or zone

    def filters(self, work, policy, found):
        gateways, name = self.names_of(work)
        pairs = defaultdict(list)
        for term in found:
            ends = (name(term.zone), gateways)
            pairs[ends if term.direction == 'inbound' else ends[::-1]].append(term)
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

    def warnings(self, rules, options):
        unnamed = sorted({rule.zone for rule in rules if not options.zone_names.get(rule.zone)})
        if not options.gateway_zone:
            unnamed.append('the gateways')
        told = (f"no name was given for the zone of {', '.join(unnamed)}, so NetBox's own stands there",)
        return (*super().warnings(rules, options), *(told if unnamed else ()))


class SRXExporter(ZonedExporter):
    name, label, target, extension, mixed = 'juniper_srx', 'Juniper SRX', 'srx', 'conf', ''
    names = ('exact',)
    protocols = protocols('tcp', 'udp', 'icmp', 'icmpv6', 'esp', 'ah', 'gre')
    mark = '#'
    apply_hint = 'Merge it with: load replace FILE, look at show | compare, then commit confirmed'
    replaces = 'ADDS to what is there: policies, address book entries and applications of its own names'

    def write(self, work: Work) -> Written:
        found, policy = self.terms(work), self.policy(work)
        text = generate(self.filters(work, policy, found), policy.networks, policy.services) if found else ''
        # As aerleon writes them they would take the place of all policies and all applications of the box
        text = re.sub(r'^(\s*)replace: (address-book|policies|applications) \{', r'\1\2 {', text, flags=re.MULTILINE)
        if 'replace:' in text:
            raise ExportError('the configuration would replace what is on the box')
        text = re.sub(r'/\*\s*\$Id:\$\s*\$Date:\$\s*\$Revision:\$\s*\*/', '', text)
        return self.written(work, self.top(work) + text, found)


class NamingExporter(ZonedExporter):
    """Host names are objects of the target, which are rewritten from objects of placeholders."""

    names = ('exact', 'wildcard')

    def refuse(self, rule, options):
        return reserved(rule) or super().refuse(rule, options)

    def write(self, work: Work) -> Written:
        found, policy = self.terms(work), self.policy(work)
        placeholders = Placeholders(found)
        filters = self.filters(work, policy, map(placeholders.put, found))
        text = generate(filters, policy.networks, policy.services) if found else ''
        text = placeholders.check(*self.rewrite(text, placeholders.names))
        return self.written(work, self.finished(work, text), found)

    @abstractmethod
    def rewrite(self, text: str, names: dict[str, str]) -> tuple[str, set[str]]:
        """(the text with objects of names instead of those of the placeholders, the placeholders that were there)."""

    def finished(self, work: Work, text: str) -> str:
        return self.top(work) + text


class PANOSExporter(NamingExporter):
    name, label, target, extension = 'paloalto_panos', 'Palo Alto PAN-OS', 'paloalto', 'xml'
    media_type = 'application/xml; charset=utf-8'
    # Before the translation
    translates = 'outside'
    # Exact only: an address object holds no wildcard
    names = ('exact',)
    protocols = protocols('tcp', 'udp', 'icmp', 'icmpv6', 'esp', 'ah', 'gre')
    apply_hint = 'Merge it with: load config partial, section by section; it is no whole configuration'
    replaces = 'A fragment: loaded as a whole configuration it would replace the one of the box'

    def rewrite(self, text, names):
        if not text:
            return '', set()
        root = ET.fromstring(text)
        written = set()
        for entry in root.iter('entry'):
            found = entry.find('ip-netmask')
            if found is not None and (name := names.get(address := found.text.split('/')[0])):
                found.tag, found.text = 'fqdn', name
                # In an object of each group that names it
                written.add(address)
        for rule in root.iter('entry'):
            # A zone beside itself is no pair of zones
            if (kind := rule.find('rule-type')) is not None and rule.findtext('from/member') == rule.findtext(
                'to/member'
            ):
                kind.text = 'intrazone'
        return ET.tostring(root, encoding='unicode', xml_declaration=False), written

    def finished(self, work, text):
        lines = re.sub('-{2,}', '-', '\n'.join(self.head(work)))
        return f'<?xml version="1.0" encoding="utf-8"?>\n<!--\n{lines}\n-->\n{text or "<config/>"}\n'


class FortiOSExporter(NamingExporter):
    name, label, target, extension = 'fortinet_fortios', 'Fortinet FortiOS', 'fortigate', 'conf'
    # aerleon writes every other protocol as the service ALL
    protocols = protocols('tcp', 'udp')
    mark = '#'
    apply_hint = 'Paste it, or run it as a script; new policies go to the end, in this order'
    replaces = 'ADDS policies with numbers of the box; address and service objects of the same names are changed'

    def policy(self, work):
        # A policy without ports gets the service ALL, every other protocol with it
        return Policy(logging=work.options.logging, every_port=True, option='log_traffic_mode_all')

    def refuse(self, rule, options):
        if rule.family == 6 and any(dns_name.startswith('*.') for dns_name in rule.remote.dns_names):
            return 'dns_names', f'{self.label} knows wildcard names for IPv4 only'
        return super().refuse(rule, options)

    def rewrite(self, text, names):
        written = set()
        for address, name in names.items():
            if ':' in address:
                kind, said = 'set type ipprefix', f'set ip6 {address}/128'
            else:
                kind, said = 'set type ipmask', f'set subnet {address} 255.255.255.255'
            text, done = re.subn(
                rf'{kind}\n(\s+){re.escape(said)}\n',
                lambda found, name=name: f'set type fqdn\n{found[1]}set fqdn "{name}"\n',
                text,
            )
            if done:
                written.add(address)
        start = text.find('config firewall policy')
        # 0 is the next free number of the box: 1 would be somebody else's policy
        return text[:start] + re.sub(r'^(\s+edit) \d+$', r'\1 0', text[start:], flags=re.MULTILINE), written
