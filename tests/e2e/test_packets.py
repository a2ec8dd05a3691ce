"""The configurations of nftables and iptables, proven with real packets.

The demo's gateways with every feature: each permitted connection passes, and its neighbours are dropped: one port off,
from another source, the other way round, and the gateways to internal hosts on every port that is open to *any*.
"""

import csv
import os
import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

import pytest
from django.test import TestCase
from users.models import User

from demo import data
from netbox_gwports.export_formats import render
from netbox_gwports.exports import Options
from netbox_gwports.models import Gateway
from netbox_gwports.requirements.material import material
from netbox_gwports.rules.addresses import parse

from .network import Network, why_not

NETWORKS = {
    'internal': ('10.1.0.0/16', '2001:db8:1::/48'),
    'dmz': ('192.0.2.0/24', '10.20.0.0/24', '2001:db8:d::/64'),
    'management': ('10.99.0.0/16',),
}
# Hosts that are in no rule
STRANGERS = {
    'internet': ('198.51.100.77', '2001:db8:f::77'),
    'internal': ('10.1.9.9', '2001:db8:1::9'),
    'management': ('10.99.200.9',),
    'dmz': (),
}
# Connections that no firewall may let through, whatever is permitted to any
LATERAL = (25, 80, 443)


@dataclass(frozen=True)
class Probe:
    """One connection to try, and why."""

    protocol: str
    source: str
    destination: str
    port: int
    kind: str


def zone_of(address):
    found = ip_address(address)
    for zone, networks in NETWORKS.items():
        if any(found in ip_network(network) for network in networks):
            return zone
    return 'internet'


def host(address):
    """A host of an address, prefix or range."""
    return str(ip_address(address.first) if address.first == address.last else ip_address(address.first + 1))


class Rules:
    """What the rules permit, computed independently: the oracle."""

    def __init__(self, rules):
        self.rules = [rule for rule in rules if rule.remote.kind != 'dns_names' and rule.protocol in ('tcp', 'udp')]
        self.own = {host(a) for rule in rules for a in rule.local.addresses}

    def permits(self, probe):
        return any(self._permits(rule, probe) for rule in self.rules)

    def _permits(self, rule, probe):
        remote, local = probe.source, probe.destination
        if rule.direction == 'outbound':
            remote, local = local, remote
        if rule.protocol != probe.protocol or rule.family != ip_address(local).version:
            return False
        return (
            any(spec.first <= probe.port <= spec.last for spec in rule.ports)
            and any(parse(local) == a for a in rule.local.addresses)
            and (
                zone_of(remote) == rule.zone
                if rule.remote.any
                else any(a.contains(parse(remote)) for a in rule.remote.addresses)
            )
        )

    def probes(self):
        """Each permitted connection and its neighbours, each once."""
        found = {}
        for rule in self.rules:
            for local in rule.local.addresses:
                for remote in self._remotes(rule):
                    for spec in rule.ports:
                        for probe in self._around(rule, host(local), remote, spec):
                            found.setdefault((probe.protocol, probe.source, probe.destination, probe.port), probe)
        for own in self.own:
            for other in STRANGERS['internal']:
                if ip_address(own).version == ip_address(other).version:
                    for port in LATERAL:
                        found.setdefault(('tcp', own, other, port), Probe('tcp', own, other, port, 'gateway to inside'))
        for outside, inside in zip(STRANGERS['internet'], STRANGERS['internal'], strict=True):
            for port in LATERAL:
                found[('tcp', outside, inside, port)] = Probe('tcp', outside, inside, port, 'lateral')
        return [probe for probe in found.values() if probe.source != probe.destination]

    def _remotes(self, rule):
        if rule.remote.any:
            return [a for a in STRANGERS[rule.zone] if ip_address(a).version == rule.family]
        return [host(address) for address in rule.remote.addresses]

    def _around(self, rule, local, remote, spec):
        source, destination = (remote, local) if rule.direction == 'inbound' else (local, remote)
        yield Probe(rule.protocol, source, destination, spec.first, 'permitted')
        if spec.last != spec.first:
            yield Probe(rule.protocol, source, destination, spec.last, 'permitted')
        for port in {spec.first - 1, spec.last + 1} & {*range(1, 65536)}:
            yield Probe(rule.protocol, source, destination, port, 'one port off')
        yield Probe(rule.protocol, destination, source, spec.first, 'other direction')
        yield Probe('udp' if rule.protocol == 'tcp' else 'tcp', source, destination, spec.first, 'other protocol')
        for zone, strangers in STRANGERS.items():
            for stranger in strangers:
                if ip_address(stranger).version == rule.family and zone != 'dmz':
                    ends = (stranger, local) if rule.direction == 'inbound' else (local, stranger)
                    yield Probe(rule.protocol, *ends, spec.first, f'another remote ({zone})')


class PacketTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        data.load(User.objects.create_superuser('root'))
        for gateway in Gateway.objects.all():
            gateway.features.set(gateway.profile.features.all())
        cls.material = material(Gateway.objects.order_by('pk'))
        cls.networks = {zone: tuple(map(parse, networks)) for zone, networks in NETWORKS.items()}

    def prove(self, name, load, perspective='transit'):
        """Load the rendered files with ``load(network, zone)`` and compare what is seen with what is expected."""
        rules = [r for r in self.material.rules if not r.same_segment]
        oracle = Rules(rules)
        probes = oracle.probes()
        hosts = {zone: set(strangers) for zone, strangers in STRANGERS.items()}
        for probe in probes:
            for address in (probe.source, probe.destination):
                hosts['dmz' if address in oracle.own else zone_of(address)].add(address)

        def home(address):
            return next(zone for zone, addresses in hosts.items() if address in addresses)

        table = []
        with Network(hosts) as network:
            listen = {}
            for probe in probes:
                listen.setdefault(home(probe.destination), set()).add((probe.protocol, probe.destination, probe.port))
            network.listen(listen)
            mine = {zone: self.sent(zone, probes, home, oracle, perspective) for zone in network.probers}
            # Without a firewall everything passes: what is dropped afterwards, it drops
            for zone, each in mine.items():
                self.assertEqual({*self.seen(network, zone, each, each)} - {'passed'}, set(), zone)
            for zone in ('dmz',) if perspective == 'host' else ('outer', 'inner'):
                load(network, zone)
            for zone, each in mine.items():
                seen = self.seen(network, zone, each, [probe for probe in each if oracle.permits(probe)])
                table += [
                    (probe, 'passed' if oracle.permits(probe) else 'dropped', found)
                    for probe, found in zip(each, seen, strict=True)
                ]
        self.write(f'{name}-{perspective}', table)
        wrong = [row for row in table if row[1] != ('passed' if row[2] == 'passed' else 'dropped')]
        self.assertEqual(wrong, [], f'{len(wrong)} of {len(table)} probes')
        # Not a network in which nothing passes, or everything
        kinds = {(probe.kind.split(' (')[0], expected) for probe, expected, _seen in table}
        self.assertLessEqual(
            {
                ('permitted', 'passed'),
                ('one port off', 'dropped'),
                ('other direction', 'dropped'),
                ('another remote', 'dropped'),
                ('gateway to inside', 'dropped'),
            },
            kinds,
        )
        for protocol in ('tcp', 'udp'):
            for version in (4, 6):
                passed = [
                    p
                    for p, expected, _seen in table
                    if expected == 'passed' and p.protocol == protocol and ip_address(p.source).version == version
                ]
                self.assertTrue(passed, f'{protocol} over IPv{version}')

    @staticmethod
    def seen(network, zone, probes, permitted):
        """The result of each probe; those expected to pass are retried, since a busy machine may respond too late."""
        found = dict(zip(probes, network.probe(zone, probes), strict=True))
        for _ in range(3):
            late = [probe for probe in permitted if found[probe] != 'passed']
            if late:
                found |= zip(late, network.probe(zone, late), strict=True)
        return [found[probe] for probe in probes]

    @staticmethod
    def sent(zone, probes, home, oracle, perspective):
        """What a zone sends that a firewall sees; that of the gateways themselves sees their own packets only."""
        return [
            probe
            for probe in probes
            if home(probe.source) == zone
            and home(probe.destination) != zone
            and (perspective != 'host' or {probe.source, probe.destination} & oracle.own)
        ]

    @staticmethod
    def write(name, table):
        """With PROBE_TABLES=FOLDER, what was sent, expected and seen."""
        if folder := os.environ.get('PROBE_TABLES'):
            with open(f'{folder}/{name}.csv', 'w', newline='', encoding='utf-8') as file:
                writer = csv.writer(file, lineterminator='\n')
                writer.writerow(('protocol', 'source', 'destination', 'port', 'why it was sent', 'expected', 'seen'))
                for p, expected, seen in table:
                    writer.writerow((p.protocol, p.source, p.destination, p.port, p.kind, expected, seen))

    def files(self, perspective, *names, **options):
        # Everything else is dropped: the neighbors of a connection are not only the gateways'
        said = Options(perspective=perspective, networks=self.networks, final_deny=True, **options)
        return [render(name, self.material, said).content for name in names]

    def nftables(self, perspective, **options):
        if why := why_not('nft'):
            pytest.skip(why)
        (text,) = self.files(perspective, 'nftables', **options)
        self.prove('nftables', lambda network, zone: network.run(zone, 'nft', '-f', '-', stdin=text), perspective)

    def iptables(self, perspective):
        if why := why_not('iptables-restore', 'ip6tables-restore'):
            pytest.skip(why)
        four, six = self.files(perspective, 'iptables', 'ip6tables')

        def load(network, zone):
            for text in (four, six):
                # As its header says: the chains, then the jumps to them
                command = re.search(r'^# Load: (\S+ --noflush)', text, re.MULTILINE)[1].split()
                network.run(zone, *command, '--test', stdin=text)
                network.run(zone, *command, stdin=text)
                for once in re.findall(r'^# Once: (.*)$', text, re.MULTILINE):
                    network.run(zone, 'sh', '-c', once)

        self.prove('iptables', load, perspective)

    def test_nftables_on_the_way(self):
        self.nftables('transit')

    def test_nftables_with_logging(self):
        self.nftables('transit', logging=True)

    def test_nftables_on_the_gateway(self):
        self.nftables('host')

    def test_iptables_on_the_way(self):
        self.iptables('transit')

    def test_iptables_on_the_gateway(self):
        self.iptables('host')
