"""fwshift, a program by others, reads the files of each format: all of them decide every connection alike.

It runs as a program of its own; see demo/requirements/fwshift.txt. It reads whole configurations, so each file is first
put onto a firewall that has the zones and interfaces.
"""

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from netbox_gwports.exports import Options

from .samples import CISCO, FIREWALLS, LINUX, NETWORKS, material, render

OWN = Path(__file__).parents[3] / '.netbox' / 'fwshift' / 'bin' / 'fwshift'
ZONES = ('internet', 'internal', 'gw')
# What every format can say, so that no difference is one of what was left out
COMMON = (
    ('outbound', 'udp/53 tcp/53', 'internal', ['10.1.0.53', '2001:db8:1::53']),
    ('inbound', 'tcp/22 tcp/443 tcp/8000-8010', 'internal', ['10.1.0.5-10.1.0.9', '10.2.0.0/24']),
    ('inbound', 'udp/514', 'internal', ['2001:db8:1::5-2001:db8:1::9', '2001:db8:1:2::/64']),
    ('inbound', 'tcp/25', 'internet', 'any'),
    ('outbound', 'tcp/25', 'internet', 'any'),
    ('outbound', 'icmp icmpv6', 'internal', ['10.1.0.1', '2001:db8:1::1']),
    ('inbound', 'esp gre', 'internal', ['10.1.0.2']),
    ('outbound', 'tcp/any', 'internal', ['10.1.0.3', '2001:db8:1::3']),
)
MORE = ('inbound', 'tcp/2222 udp/2222', 'internal', ['10.1.0.77', '2001:db8:1::77'])
# What is behind each zone: lists of Cisco look at where a packet comes in, and not at where it goes
BEHIND = {
    'internal': '10.0.0.0/8,2001:db8:1::/48',
    'gw': '192.0.2.10/32,2001:db8::10/128',
    'internet': '198.51.100.0/24,2001:db8:f::/48',
}
READ_AS = {
    'nftables': 'nftables',
    'iptables': 'iptables',
    'ip6tables': 'ip6tables',
    'cisco_ios': 'ios',
    'cisco_asa': 'asa',
    'juniper_srx': 'junos',
    'paloalto_panos': 'panos',
    'fortinet_fortios': 'fortios',
}
# No format is left out by accident: these it does not read
NOT_READ = {'cisco_nxos', 'aerleon', 'ansible_panos', 'ansible_fortios', 'ansible_checkpoint'}


def program():
    found = os.environ.get('FWSHIFT') or (str(OWN) if OWN.exists() else shutil.which('fwshift'))
    if not found:
        pytest.skip('fwshift is not installed: see demo/requirements/fwshift.txt')
    return found


@cache
def boxed(name, by_networks=False, more=False):
    """The configuration of a firewall that holds the file."""
    names = {zone: zone for zone in NETWORKS} | {'internet': 'internet'}
    options = {'final_deny': name in LINUX}
    if name in CISCO or by_networks:
        options['networks'] = NETWORKS
    if not by_networks:
        options |= {'gateway_interface': 'gw', 'interfaces': names, 'gateway_zone': 'gw', 'zone_names': names}
    text = render(name, material(*COMMON, *([MORE] if more else [])), Options(**options)).content
    if name in ('iptables', 'ip6tables'):
        # As the program for saving prints it, with the jump that is set once
        text = text.replace('*filter\n', '*filter\n:FORWARD DROP [0:0]\n')
        text = text.replace('COMMIT', '-A FORWARD -j GWP-GW1-FWD\nCOMMIT')
    elif name == 'juniper_srx':
        # As it is with inheritance displayed
        text = re.sub(r'^#.*\n', '', text, flags=re.MULTILINE)
        text = re.sub(r'\Agroups \{\n    replace: \S+ \{\n|    \}\n\}\napply-groups \S+;\n\Z', '', text)
        zones = ''.join(f'security-zone {zone} {{ interfaces {{ {zone}.0; }} }}\n' for zone in (*names, 'gw'))
        text += f'security {{\nzones {{\n{zones}}}\n}}\n'
    elif name == 'paloalto_panos':
        # As a configuration in set format, which holds no other commands
        text = ''.join(line for line in text.splitlines(keepends=True) if line.startswith('set '))
    return text


def compared(tmp_path, first, second):
    """The differences of two configurations, each a (format, text): only where both ends are behind known zones."""
    command = [program(), 'compare', '--json', '--fail-on', 'none']
    for zone, networks in BEHIND.items():
        command += ['--zone-network', f'{zone}={networks}']
    for number, (option, (name, text)) in enumerate(zip(('--from', '--from-second'), (first, second), strict=True)):
        (tmp_path / f'{number}').write_text(text)
        command += [option, READ_AS[name]]
    done = subprocess.run(
        [*command, str(tmp_path / '0'), str(tmp_path / '1')], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert not answer['compared_by_name_only'] and not answer['not_followed_in_detail']
    return [entry for entry in answer['differences'] if entry['from'] in ZONES and entry['to'] in ZONES]


# What the program cannot decide, or what the platforms do, as the beginnings of services; docs/exports.md lists it
UNDECIDED = {
    # Neighbor discovery, which a list of IPv6 has to permit
    'cisco_ios': ('icmp6 type 135-136',),
    # An application is told by its packets, and not by its protocol alone
    'paloalto_panos': ('icmp', 'ip/47 (gre)', 'ip/50 (esp)', 'tcp/0'),
    # All ports are 1 to 65535 where a policy needs ports, and 0 besides where it does not
    'juniper_srx': ('tcp/0',),
    'fortinet_fortios': ('tcp/0',),
}


def decided(name, differences):
    """(from, to, change) -> services, without what is undecided."""
    found = {}
    for entry in differences:
        # Within a zone, PAN-OS permits everything by default
        if not (name == 'paloalto_panos' and entry.get('inside_the_zone')):
            told = {service for connection in entry['connections'] for service in connection['services']}
            if left := {service for service in told if not service.startswith(UNDECIDED.get(name, ()))}:
                found.setdefault((entry['from'], entry['to'], entry['change']), set()).update(left)
    return found


@pytest.mark.parametrize('name', [name for name in READ_AS if name != 'nftables'])
def test_another_program_finds_no_difference_between_the_formats(name, tmp_path):
    reference = boxed('nftables', by_networks=name in CISCO)
    assert decided(name, compared(tmp_path, ('nftables', reference), (name, boxed(name)))) == {}


@pytest.mark.parametrize('name', [name for name in READ_AS if name != 'nftables'])
def test_the_program_would_find_one(name, tmp_path):
    """One rule more in the reference."""
    reference = boxed('nftables', by_networks=name in CISCO, more=True)
    found = decided(name, compared(tmp_path, ('nftables', reference), (name, boxed(name))))
    assert found == {('internal', 'gw', 'closed'): {'tcp/2222', 'udp/2222'}}


def test_every_format_is_read_or_known_not_to_be():
    assert {*READ_AS} | NOT_READ == {*FIREWALLS}
