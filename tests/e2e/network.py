"""A small DMZ of network namespaces:

    internet --- outer --- dmz --- inner --- internal
                                     '------ management

``dmz`` holds all addresses of the gateways. Real packets, real firewalls; needs root.
"""

import ipaddress
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ('Network', 'why_not')

ZONES = ('internet', 'outer', 'dmz', 'inner', 'internal', 'management')
# Link: (zone, interface, addresses), both ends
LINKS = (
    (
        ('internet', 'eth0', ('198.51.100.2/24', '2001:db8:f::2/64')),
        ('outer', 'wan', ('198.51.100.1/24', '2001:db8:f::1/64')),
    ),
    (
        ('internal', 'eth0', ('10.1.255.2/16', '2001:db8:1:ffff::2/48')),
        ('inner', 'lan', ('10.1.255.1/16', '2001:db8:1:ffff::1/48')),
    ),
    (('management', 'eth0', ('10.99.255.2/24',)), ('inner', 'mgt', ('10.99.255.1/24',))),
)
# The firewalls' ends of the DMZ, which is a bridge
BRIDGED = {'outer': ('192.0.2.1/24', '2001:db8:d::1/64'), 'inner': ('192.0.2.2/24', '2001:db8:d::2/64')}
ROUTES = {
    'internet': ('default via 198.51.100.1', 'default via 2001:db8:f::1'),
    'outer': ('10.0.0.0/8 via 192.0.2.2', '2001:db8:1::/48 via 2001:db8:d::2', 'default via 198.51.100.2',
              'default via 2001:db8:f::2'),
    'dmz': ('default via 192.0.2.1', 'default via 2001:db8:d::1', '10.0.0.0/8 via 192.0.2.2',
            '2001:db8:1::/48 via 2001:db8:d::2'),
    'inner': ('10.99.0.0/16 via 10.99.255.2', '10.20.0.0/16 dev dmz', '10.99.0.11/32 dev dmz',
              'default via 192.0.2.1', 'default via 2001:db8:d::1'),
    'internal': ('default via 10.1.255.1', 'default via 2001:db8:1:ffff::1'),
    'management': ('default via 10.99.255.1',),
}  # fmt: skip


def why_not(*commands) -> str:
    """Why no packets can be sent on this machine, or nothing."""
    if os.name != 'posix' or os.geteuid() != 0:
        return 'real packets need root'
    for command in ('ip', *commands):
        if shutil.which(command) is None:
            return f'real packets need {command}'
    name = f'gwp-{os.getpid()}-try'
    if subprocess.run(['ip', 'netns', 'add', name], capture_output=True).returncode:
        return 'this machine has no network namespaces'
    subprocess.run(['ip', 'netns', 'del', name], capture_output=True)
    return ''


class Network:
    """Used as a context; ``hosts`` are the addresses of each zone, beside those of its link."""

    def __init__(self, hosts: dict[str, set[str]]):
        self.hosts = hosts
        self.probers = {}

    def name(self, zone):
        return f'gwp-{os.getpid()}-{zone}'

    def __enter__(self):
        try:
            self._make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc):
        for prober in self.probers.values():
            prober.kill()
            prober.wait()
        for zone in ZONES:
            subprocess.run(['ip', 'netns', 'del', self.name(zone)], capture_output=True)

    def run(self, zone, *command, stdin=None):
        """A command in the namespace of a zone; fails with what it said."""
        done = subprocess.run(
            ['ip', 'netns', 'exec', self.name(zone), *command], input=stdin, capture_output=True, text=True
        )
        assert done.returncode == 0, f'{zone}: {" ".join(command)}: {done.stderr}'
        return done.stdout

    def ip(self, zone, text):
        done = subprocess.run(['ip', '-n', self.name(zone), *text.split()], capture_output=True, text=True)
        assert done.returncode == 0, f'{zone}: ip {text}: {done.stderr}'

    def _make(self):
        for zone in ZONES:
            subprocess.run(['ip', 'netns', 'add', self.name(zone)], check=True)
            self.ip(zone, 'link set lo up')
            # Link-local addresses are there at once, instead of after two seconds of looking for others
            self.run(zone, 'sysctl', '-qw', 'net.ipv6.conf.default.accept_dad=0')
        for (a, a_if, a_addresses), (b, b_if, b_addresses) in LINKS:
            self._link(a, a_if, b, b_if)
            self._address(a, a_if, a_addresses)
            self._address(b, b_if, b_addresses)
        self.ip('dmz', 'link add name lan0 type bridge')
        self.ip('dmz', 'link set lan0 up')
        for zone, addresses in BRIDGED.items():
            self._link(zone, 'dmz', 'dmz', f'to-{zone}')
            self.ip('dmz', f'link set to-{zone} master lan0')
            self._address(zone, 'dmz', addresses)
        for zone, hosts in self.hosts.items():
            device = 'lan0' if zone == 'dmz' else 'eth0'
            for host in sorted(hosts):
                on_link = zone == 'dmz' and ipaddress.ip_address(host) in ipaddress.ip_network('192.0.2.0/24')
                length = 24 if on_link else 64 if ':' in host and zone == 'dmz' else 128 if ':' in host else 32
                self._address(zone, device, [f'{host}/{length}'])
        for zone, routes in ROUTES.items():
            for route in routes:
                self.ip(zone, f'{"-6 " if "::" in route else ""}route add {route}')
        for zone in ('outer', 'inner'):
            self.run(zone, 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1')
        script = Path(__file__).parent / 'prober.py'
        for zone in ('internet', 'dmz', 'internal', 'management'):
            self.probers[zone] = subprocess.Popen(
                ['ip', 'netns', 'exec', self.name(zone), sys.executable, '-S', str(script)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )

    def _link(self, a, a_if, b, b_if):
        subprocess.run(
            ['ip', 'link', 'add', a_if, 'netns', self.name(a), 'type', 'veth', 'peer', 'name', b_if, 'netns',
             self.name(b)],
            check=True,
        )  # fmt: skip
        self.ip(a, f'link set {a_if} up')
        self.ip(b, f'link set {b_if} up')

    def _address(self, zone, device, addresses):
        for address in addresses:
            self.ip(zone, f'addr add {address} dev {device}{" nodad" if ":" in address else ""}')

    def ask(self, zone, **said):
        prober = self.probers[zone]
        prober.stdin.write(json.dumps(said) + '\n')
        prober.stdin.flush()
        answer = prober.stdout.readline()
        assert answer, f'the prober of {zone} ended'
        return json.loads(answer)

    def listen(self, where: dict[str, set[tuple[str, str, int]]]):
        for zone, each in where.items():
            self.ask(zone, listen=sorted(each))

    def probe(self, zone, probes) -> list[str]:
        """What became of each probe: passed, dropped or the name of an error."""
        return self.ask(zone, probe=[(p.protocol, p.source, p.destination, p.port) for p in probes])
