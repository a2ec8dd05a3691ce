"""Firewalls whose policies are between zones: Juniper SRX, Palo Alto PAN-OS, Fortinet FortiOS.

Host names get there by the target's own means. aerleon knows them for SRX only: for the others each name is written as
an address that nobody has, and the object of that address is rewritten into one of the name.
"""

import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from dataclasses import replace

from ...choices import ZoneChoices
from ...rules.addresses import Address, parse
from ...rules.rule import Side
from ..base import Work, Written
from ..rendering import ExportError
from .base import FirewallExporter
from .guard import generate
from .policy import Policy, protocols

__all__ = ('FortiOSExporter', 'PANOSExporter', 'SRXExporter')

# Of ranges that are reserved or discarded: no rule names an address of them
PLACEHOLDERS = {4: parse('240.0.0.0/4'), 6: parse('100::/64')}


class ZonedExporter(FirewallExporter):
    options = (*(o for o in FirewallExporter.options if o != 'final_deny'), 'gateway_zone', 'zone_name')
    target = ''
    mixed = ' mixed'

    def refuse(self, rule, options):
        reserved = PLACEHOLDERS[rule.family]
        if any(_lies_in(reserved, a) for a in (*rule.local.addresses, *rule.remote.addresses)):
            return 'reserved', f'it names an address of {reserved}, which no network has'
        return super().refuse(rule, options)

    def tells_zones(self, zone, options):
        # Two zones of NetBox may be one of the firewall
        names = {value: options.zone_names.get(value) or value for value in ZoneChoices.values()}
        return list(names.values()).count(names.get(zone, zone)) <= 1

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
        ]  # fmt: skip

    def warnings(self, work: Work):
        unnamed = sorted({rule.zone for rule in work.rules if not work.options.zone_names.get(rule.zone)})
        if not work.options.gateway_zone:
            unnamed.append('the gateways')
        told = (f'No name was given for the zone of {", ".join(unnamed)}: NetBox has its own.',) if unnamed else ()
        return (*super().warnings(work), *told)


class SRXExporter(ZonedExporter):
    name, label, target, extension, mixed = 'juniper_srx', 'Juniper SRX', 'srx', 'conf', ''
    names = ('exact',)
    protocols = protocols('tcp', 'udp', 'icmp', 'icmpv6', 'esp', 'ah', 'gre')
    mark = '#'
    how = 'Merge it with: load replace FILE, look at show | compare, then commit confirmed'
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


class PlaceholderExporter(ZonedExporter):
    names = ('exact', 'wildcard')

    def write(self, work: Work) -> Written:
        found, policy = self.terms(work), self.policy(work)
        hosts = sorted({(t.family, host) for t in found for side in (t.source, t.destination) for host in side.hosts})
        standing = {said: _numbered(said[0], number) for number, said in enumerate(hosts, 1)}
        terms = [self._standing(term, standing) for term in found]
        text = generate(self.filters(work, policy, terms), policy.networks, policy.services) if found else ''
        text = self.rewrite(text, {str(address): host for (_family, host), address in standing.items()})
        if any(re.search(rf'(?<![0-9a-f:.]){re.escape(str(address))}(?![0-9a-f:.])', text)
               for address in standing.values()):  # fmt: skip
            raise ExportError('a placeholder of a host name was left in the file')
        return self.written(work, self.finished(work, text), found)

    def _standing(self, term, standing):
        sides = {
            name: Side(addresses=tuple(standing[term.family, host] for host in side.hosts))
            for name in ('source', 'destination')
            if (side := getattr(term, name)).hosts
        }
        return replace(term, **sides)

    def rewrite(self, text: str, names: dict[str, str]) -> str:
        """The objects of the placeholders (address -> name) as objects of the names; all of them, or ExportError."""
        raise NotImplementedError

    def finished(self, work: Work, text: str) -> str:
        return self.top(work) + text


def _numbered(family, number):
    first = PLACEHOLDERS[family].first + number
    return Address(family, first, first)


def _lies_in(reserved, address):
    return reserved.meets(replace(address, vrf=None))


class PANOSExporter(PlaceholderExporter):
    name, label, target, extension = 'paloalto_panos', 'Palo Alto PAN-OS', 'paloalto', 'xml'
    media_type = 'application/xml; charset=utf-8'
    # Before the translation
    translates = 'outside'
    # Exact only: an address object holds no wildcard
    names = ('exact',)
    protocols = protocols('tcp', 'udp', 'icmp', 'icmpv6', 'esp', 'ah', 'gre')
    how = 'Merge it with: load config partial, section by section; it is no whole configuration'
    replaces = 'A fragment: loaded as a whole configuration it would replace the one of the box'

    def rewrite(self, text, names):
        if not text:
            return text
        root = ET.fromstring(text)
        written = set()
        for entry in root.iter('entry'):
            found = entry.find('ip-netmask')
            if found is not None and (name := names.get(address := found.text.split('/')[0])):
                found.tag, found.text = 'fqdn', name
                # In an object of each group that names it
                written.add(address)
        if len(written) != len(names):
            raise ExportError(f'{len(written)} of {len(names)} host names were written')
        return ET.tostring(root, encoding='unicode', xml_declaration=False)

    def finished(self, work, text):
        lines = re.sub('-{2,}', '-', '\n'.join(self.head(work)))
        return f'<?xml version="1.0" encoding="utf-8"?>\n<!--\n{lines}\n-->\n{text or "<config/>"}\n'


class FortiOSExporter(PlaceholderExporter):
    name, label, target, extension = 'fortinet_fortios', 'Fortinet FortiOS', 'fortigate', 'conf'
    # aerleon writes every other protocol as the service ALL
    protocols = protocols('tcp', 'udp')
    mark = '#'
    how = 'Paste it, or run it as a script; new policies go to the end, in this order'
    replaces = 'ADDS policies with numbers of the box; address and service objects of the same names are changed'

    def policy(self, work):
        # A policy without ports gets the service ALL, every other protocol with it
        return Policy(logging=work.options.logging, every_port=True, option='log_traffic_mode_all')

    def refuse(self, rule, options):
        if rule.family == 6 and any(host.startswith('*.') for host in rule.remote.hosts):
            return 'host_names', f'{self.label} knows wildcard names for IPv4 only'
        return super().refuse(rule, options)

    def rewrite(self, text, names):
        count = 0
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
            count += bool(done)
        if count != len(names):
            raise ExportError(f'{count} of {len(names)} host names were written')
        start = text.find('config firewall policy')
        # 0 is the next free number of the box: 1 would be somebody else's policy
        return text[:start] + re.sub(r'^(\s+edit) \d+$', r'\1 0', text[start:], flags=re.MULTILINE)
