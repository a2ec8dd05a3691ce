"""Loading the files of nftables and iptables: beside others, twice, smaller, empty, and what passes meanwhile.

The commands are those that the file itself names at its top. Real packets through a real firewall; needs root.
"""

import csv
import os
import re
import threading
from dataclasses import dataclass, replace

import pytest

from netbox_gwports.exports import Empty, Material, Options, collect, render
from netbox_gwports.rules.build import resolve

from ..pure.exports.samples import NASTY, needs
from ..pure.rules.build import local
from .network import Network, why_not

FORMATS = collect()
REMOTE, GATEWAYS, OTHER = '198.51.100.7', ('192.0.2.10', '192.0.2.20'), '192.0.2.50'
LARGE = ('inbound', 'tcp/443 tcp/25', 'internet', [REMOTE])
SMALL = ('inbound', 'tcp/443', 'internet', [REMOTE])
SECOND = ('inbound', 'tcp/8443 udp/500', 'internet', [REMOTE])


@dataclass(frozen=True)
class Probe:
    protocol: str
    source: str
    destination: str
    port: int


# What is tried, each under the name that it has in the tables
PROBES = {
    'kept': Probe('tcp', REMOTE, GATEWAYS[0], 443),
    'removed later': Probe('tcp', REMOTE, GATEWAYS[0], 25),
    'never listed': Probe('tcp', REMOTE, GATEWAYS[0], 22),
    'another gateway': Probe('tcp', REMOTE, GATEWAYS[1], 8443),
    'another gateway, udp': Probe('udp', REMOTE, GATEWAYS[1], 500),
    'another gateway, never listed': Probe('tcp', REMOTE, GATEWAYS[1], 22),
    'foreign, accepted': Probe('tcp', REMOTE, OTHER, 80),
    'foreign, dropped': Probe('tcp', REMOTE, OTHER, 81),
}
FOREIGN = {'foreign, accepted'}


def written(name, want, number=1, text='', **chosen):
    """The file of one gateway."""
    found = needs(want, addresses=(local(GATEWAYS[number - 1]),), number=number)
    if text:
        flows = tuple(replace(flow, name=text, purpose=text) for flow in found.flows)
        found = replace(found, flows=flows, ref=replace(found.ref, name=text))
    resolution = resolve(found)
    if text:
        rules = tuple(replace(rule, tickets=(text,)) for rule in resolution.rules)
        resolution = replace(resolution, rules=rules)
    return render(FORMATS[name], Material((resolution,)), Options(**chosen)).content


class Box:
    """The firewall in the network, with rules of others: one that drops, and one in its own input."""

    foreign: tuple[str, ...] = ()
    state = ''

    def __init__(self, network):
        self.network = network
        for command in self.foreign:
            self.sh(command)
        self.others = self.listed()

    def sh(self, command, stdin=None):
        return self.network.run('outer', 'sh', '-c', command, stdin=stdin)

    def load(self, text):
        """Run what the header of the file says."""
        load = re.search(r'^# Load: (.*?FILE)', text, re.MULTILINE)[1]
        self.sh(load.replace('FILE', '/dev/stdin'), stdin=text)
        for once in re.findall(r'^# Once: (.*)$', text, re.MULTILINE):
            self.sh(once)

    def listed(self):
        return re.sub(r'\[\d+:\d+\]|^#.*\n', '', self.sh(self.state), flags=re.MULTILINE)

    def foreign_kept(self):
        """Every line of before is still there, in its order."""
        lines = iter(self.listed().splitlines())
        return all(any(line == found for found in lines) for line in self.others.splitlines())

    def seen(self):
        """The names of the probes that pass."""
        for _ in range(3):
            # A busy machine may answer late: what passes once passes
            found = dict(zip(PROBES, self.network.probe('internet', PROBES.values()), strict=True))
            if {*found.values()} <= {'passed', 'dropped'}:
                break
        return {name for name, result in found.items() if result == 'passed'}


class NFTables(Box):
    name, programs = 'nftables', ('nft',)
    foreign = (
        'nft add table inet mine',
        "nft add chain inet mine forward '{ type filter hook forward priority 10; policy accept; }'",
        f'nft add rule inet mine forward ip daddr {OTHER} tcp dport 81 drop',
        "nft add chain inet mine input '{ type filter hook input priority 0; policy accept; }'",
        'nft add rule inet mine input tcp dport 22 drop',
    )
    state = 'nft -s list ruleset'


class IPTables(Box):
    name, programs = 'iptables', ('iptables', 'iptables-restore', 'iptables-save')
    foreign = (
        f'iptables -A FORWARD -d {OTHER} -p tcp --dport 81 -j DROP',
        'iptables -A INPUT -p tcp --dport 22 -j DROP',
        'iptables -N MINE',
        'iptables -A MINE -j RETURN',
    )
    state = 'iptables-save -t filter'


@pytest.fixture(scope='module')
def network():
    if why := why_not():
        pytest.skip(why)
    hosts = {'internet': {REMOTE}, 'dmz': {*GATEWAYS, OTHER, '2001:db8:d::10'}, 'internal': set(), 'management': set()}
    with Network(hosts) as found:
        found.listen({'dmz': {(p.protocol, p.destination, p.port) for p in PROBES.values()}})
        yield found


@pytest.fixture(params=[NFTables, IPTables], ids=lambda box: box.name)
def box(request, network):
    if why := why_not(*request.param.programs):
        pytest.skip(why)
    for program, reset in (('nft', 'nft flush ruleset'), ('iptables', 'iptables -F; iptables -X')):
        if not why_not(program):
            network.run('outer', 'sh', '-c', reset)
    return request.param(network)


def test_files_live_beside_others_and_each_replaces_only_itself(box):
    large, small, second = (
        written(box.name, LARGE),
        written(box.name, SMALL),
        written(box.name, SECOND, number=2),
    )
    gateway = {'kept', 'removed later', 'never listed'}
    another = {'another gateway', 'another gateway, udp', 'another gateway, never listed'}
    table = []

    def expect(step, *names):
        found = box.seen()
        table.extend((step, name, *(str(name in each) for each in (names, found))) for name in PROBES)
        assert found == {*names}, step
        assert box.foreign_kept(), step

    expect('before', *gateway, *another, *FOREIGN)
    box.load(large)
    expect('first gateway', 'kept', 'removed later', *another, *FOREIGN)
    box.load(second)
    listed = {'another gateway', 'another gateway, udp'}
    expect('second gateway beside it', 'kept', 'removed later', *listed, *FOREIGN)
    before = box.listed()
    for text in (large, second):
        box.load(text)
    assert box.listed() == before
    expect('both again', 'kept', 'removed later', *listed, *FOREIGN)
    box.load(small)
    expect('a smaller one of the first gateway', 'kept', *listed, *FOREIGN)
    box.load(written(box.name, SMALL, standings=('approved',), allow_empty=True))
    expect('an empty one of the first gateway', *listed, *FOREIGN)
    box.load(large)
    expect('the first one again', 'kept', 'removed later', *listed, *FOREIGN)
    if folder := os.environ.get('PROBE_TABLES'):
        with open(f'{folder}/{box.name}-loading.csv', 'w', newline='', encoding='utf-8') as file:
            writer = csv.writer(file, lineterminator='\n')
            writer.writerow(('step', 'connection', 'expected to pass', 'passed'))
            writer.writerows(table)
    # What the header says removes all of it
    for text in (large, second):
        for command in re.findall(r'^# Remove: (.*)$', text, re.MULTILINE):
            box.sh(command)
    assert box.listed() == box.others


def test_the_rest_of_the_gateways_may_be_left_to_others_and_everything_may_be_denied(box):
    box.load(written(box.name, SMALL, deny_gateways=False))
    assert box.seen() == {*PROBES} - {'foreign, dropped'}
    box.load(written(box.name, SMALL, final_deny=True))
    assert box.seen() == {'kept'}


def test_hostile_text_stays_text_where_it_is_loaded(box):
    box.load(written(box.name, LARGE))
    seen = box.seen()
    box.load(written(box.name, LARGE, text=NASTY))
    assert box.seen() == seen
    assert box.foreign_kept()


def test_an_empty_file_is_refused_unless_it_is_wanted(box):
    with pytest.raises(Empty, match='allow_empty'):
        written(box.name, SMALL, standings=('approved',))


def test_loading_never_opens_more_and_never_interrupts(box):
    """Connections are tried without a pause while a larger and a smaller file take turns."""
    files = [written(box.name, want) for want in (LARGE, SMALL)]
    box.load(files[0])
    never, always = ('never listed', 'foreign, dropped'), ('kept', 'foreign, accepted')
    tried = [PROBES[name] for name in (*never * 20, *always * 4)]
    results, done = [], threading.Event()

    def try_them():
        while not done.is_set():
            results.extend(zip(tried, box.network.probe('internet', tried), strict=True))

    prober = threading.Thread(target=try_them)
    prober.start()
    try:
        for turn in range(60):
            box.load(files[turn % 2])
    finally:
        done.set()
        prober.join()
    assert len(results) >= len(tried) * 2
    passed = {name: [result == 'passed' for probe, result in results if probe == PROBES[name]] for name in PROBES}
    assert not any(any(passed[name]) for name in never)
    assert all(all(passed[name]) for name in always)
