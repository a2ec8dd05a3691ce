"""The bundled catalogs against the vendors' tables: every number and fact here was counted and written by hand."""

from functools import cache
from pathlib import Path

import pytest

from netbox_gwports.catalog.document import read
from netbox_gwports.rules.ports import merge, parse

FOLDER = Path(__file__).parents[3] / 'netbox_gwports/catalog/bundled'
# Rows, flows, of these not opened, features, whether it is partial
EXPECTED = {
    'cisco-secure-email-gateway-14.2': (20, 35, 3, 23, True),
    'clearswift-seg-5.7': (14, 25, 7, 7, True),
    'clearswift-seg-6.3': (33, 89, 26, 36, False),
    'cloudflare-tunnel-10ead741': (13, 18, 0, 9, False),
    'microsoft-exchange-edge-transport-2019': (7, 9, 0, 2, False),
    'proxmox-mail-gateway-09e283f2': (8, 10, 0, 0, False),
}
# Number in the vendor's table -> what it prints: ports, and directions with the ends that were read into them
CISCO = {
    1: ('tcp/20 tcp/21', 'in backup-servers', 'out backup-servers'),
    2: ('tcp/22', 'in administrators', 'in backup-servers'),
    3: ('tcp/22', 'out backup-servers'),
    4: ('tcp/22', 'out backup-servers'),
    5: ('tcp/25', 'out internet-mail-hosts', 'out internal-mail-servers'),
    6: ('tcp/25', 'in internet-mail-hosts', 'in internal-mail-servers'),
    7: ('tcp/53 udp/53', 'out dns-servers', 'out internet-dns-servers'),
    8: ('tcp/80', 'in administrators'),
    9: ('tcp/80', 'out vendor-services'),
    10: ('tcp/80', 'out vendor-services'),
    11: ('tcp/80', 'out threat-feed-servers'),
    12: ('tcp/82', 'in quarantine-users'),
    13: ('tcp/83', 'in quarantine-users'),
    14: ('tcp/110', 'out mailbox-servers'),
    15: ('udp/123', 'in ntp-servers', 'out ntp-servers'),
    16: ('tcp/143', 'out mailbox-servers'),
    17: ('udp/161', 'in snmp-managers'),
    18: ('udp/162', 'out snmp-managers'),
    19: ('tcp/3268 tcp/389', 'out directory-servers'),
    20: ('tcp/3269 tcp/636', 'out directory-servers'),
}
CLEARSWIFT = {
    1: ('tcp/20', 'in backup-servers', 'out backup-servers'),
    2: ('tcp/21', 'in backup-servers', 'out backup-servers'),
    3: ('tcp/21', 'in backup-servers', 'out backup-servers'),
    4: ('tcp/22', 'in administrators'),
    5: ('tcp/22', 'out backup-servers', 'out lexical-data-servers'),
    6: ('tcp/25', 'in internet-mail-hosts', 'in internal-mail-servers'),
    7: ('tcp/25', 'out internet-mail-hosts', 'out internal-mail-servers'),
    8: ('tcp/53 udp/53', 'in vendor-lookup-servers', 'out vendor-lookup-servers'),
    9: ('tcp/53 udp/53', 'out dns-servers'),
    10: ('tcp/80', 'in pmm-users'),
    11: ('tcp/80', 'out vendor-services'),
    12: ('tcp/80', 'out vendor-services'),
    13: ('tcp/80', 'out vendor-services'),
    14: ('tcp/80', 'out vendor-services'),
}
CLOUDFLARE = {
    **dict.fromkeys((1, 2, 4, 7, 8), ('tcp/7844 udp/7844', 'out vendor-services')),
    **dict.fromkeys((3, 5), ('tcp/7844', 'out vendor-services')),
    6: ('udp/7844', 'out vendor-services'),
    **dict.fromkeys((9, 10, 11, 13), ('tcp/443', 'out vendor-services')),
    12: ('tcp/443', 'out cloudflare-access'),
}
EXCHANGE = {
    1: ('tcp/25', 'in internet-mail-hosts'),
    2: ('tcp/25', 'out internal-mail-servers'),
    3: ('tcp/25', 'in internal-mail-servers'),
    4: ('tcp/25', 'out internet-mail-hosts'),
    5: ('tcp/50636', 'in internal-mail-servers'),
    6: ('tcp/53 udp/53', 'out dns-servers'),
    7: ('tcp/1080-1081 tcp/23 tcp/3128 tcp/6588 tcp/80', 'out internet-mail-hosts'),
}
PROXMOX = {
    1: ('tcp/25', 'out internet-mail-hosts'),
    2: ('tcp/25', 'in internet-mail-hosts'),
    3: ('tcp/26', 'in internal-mail-servers'),
    4: ('udp/123', 'out ntp-servers'),
    5: ('tcp/2703', 'out razor-servers'),
    6: ('tcp/53 udp/53', 'out dns-servers'),
    7: ('tcp/80', 'out internet-web'),
    8: ('tcp/8006', 'in administrators'),
}


@cache
def read_bundled(name):
    return read((FOLDER / f'{name}.yaml').read_text(encoding='utf-8'), name)


def table(catalog):
    """Row -> (its ports, its directions and roles), as in the tables above."""
    ports = {service.name: service.ports for service in catalog.services}
    rows = {}
    for flow in catalog.flows:
        if flow.row:
            found = rows.setdefault(flow.row, (set(), set()))
            found[0].update(ports[flow.service])
            found[1].add(f'{flow.direction.removesuffix("bound")} {flow.role}')
    return {row: (' '.join(sorted(specs)), frozenset(ends)) for row, (specs, ends) in rows.items()}


def test_none_is_forgotten_here():
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(EXPECTED)


@pytest.mark.parametrize('name', EXPECTED)
def test_numbers(name):
    catalog = read_bundled(name)
    rows = {flow.row for flow in catalog.flows if flow.row}
    not_opened = [flow for flow in catalog.flows if flow.not_opened]
    assert rows == set(range(1, len(rows) + 1))
    assert (
        len(rows),
        len(catalog.flows),
        len(not_opened),
        len(catalog.features),
        bool(catalog.partial),
    ) == EXPECTED[name]
    # Nothing is defined for nobody
    assert {flow.service for flow in catalog.flows} == {service.name for service in catalog.services}
    assert {flow.role for flow in catalog.flows} == {role.slug for role in catalog.roles}
    assert {flow.feature for flow in catalog.flows} - {''} == {feature.slug for feature in catalog.features}
    # Where a row is printed in both directions, what is not opened is the inbound half; of FTP data, all of it
    ports = {service.name: set(service.ports) for service in catalog.services}
    data = [flow for flow in catalog.flows if ports[flow.service] & {'tcp/20', 'tcp/989'}]
    assert {flow.direction for flow in not_opened if flow not in data} <= {'inbound'}
    assert all(flow.not_opened for flow in data)


def test_nobody_connects_to_the_ports_from_which_ftp_sends_data():
    for name in EXPECTED:
        catalog = read_bundled(name)
        ports = {service.name: merge(map(parse, service.ports)) for service in catalog.services}
        for flow in catalog.flows:
            for port in (20, 989):
                opened = any(spec.protocol == 'tcp' and spec.first <= port <= spec.last for spec in ports[flow.service])
                assert flow.not_opened or not opened, (name, flow.row, flow.purpose)


@pytest.mark.parametrize(
    ('name', 'expected'),
    [
        ('cisco-secure-email-gateway-14.2', CISCO),
        ('clearswift-seg-5.7', CLEARSWIFT),
        ('cloudflare-tunnel-10ead741', CLOUDFLARE),
        ('microsoft-exchange-edge-transport-2019', EXCHANGE),
        ('proxmox-mail-gateway-09e283f2', PROXMOX),
    ],
)
def test_ports_and_directions_are_those_of_the_table(name, expected):
    assert table(read_bundled(name)) == {row: (ports, frozenset(ends)) for row, (ports, *ends) in expected.items()}


def dns_names(name):
    return {flow.row: flow.dns_names for flow in read_bundled(name).flows if flow.dns_names}


def test_hosts():
    assert dns_names('cisco-secure-email-gateway-14.2') == {
        9: ('downloads.ironport.com',),
        10: ('updates.ironport.com',),
    }
    assert dns_names('clearswift-seg-5.7') == {
        13: ('clearswiftstat.mailshell.net',),
        14: (
            'db11.spamcatcher.net',
            'ruledownloads.mailshell.net',
            'sn12.mailshell.net',
            'tisdk.mailshell.net',
            'verio.mailshell.net',
        ),
    }
    assert dns_names('cloudflare-tunnel-10ead741') == {
        1: ('region1.v2.argotunnel.com',), 2: ('region2.v2.argotunnel.com',),
        3: ('_v2-origintunneld._tcp.argotunnel.com',), 4: ('cftunnel.com',), 5: ('h2.cftunnel.com',),
        6: ('quic.cftunnel.com',), 7: ('us-region1.v2.argotunnel.com',), 8: ('us-region2.v2.argotunnel.com',),
        9: ('api.cloudflare.com',), 10: ('update.argotunnel.com',), 11: ('github.com',),
        13: ('pqtunnels.cloudflareresearch.com',),
    }  # fmt: skip
    assert dns_names('microsoft-exchange-edge-transport-2019') == dns_names('proxmox-mail-gateway-09e283f2') == {}


def test_choices_are_features_of_their_own():
    cisco, tunnel = read_bundled('cisco-secure-email-gateway-14.2'), read_bundled('cloudflare-tunnel-10ead741')
    assert [(f.direction, f.feature) for f in cisco.flows if f.row == 1 and not f.not_opened] == [
        ('inbound', 'ftp-fetch'),
        ('outbound', 'ftp-push'),
    ]
    assert {(f.service, f.feature) for f in tunnel.flows if f.row in (1, 2)} == {
        ('Tunnel (QUIC)', 'quic'),
        ('Tunnel (HTTP/2)', 'http2'),
    }
    # Only one way to carry the tunnel is on by default
    assert [feature.slug for feature in tunnel.features if feature.enabled_by_default] == ['quic']


def test_what_was_read_otherwise_keeps_the_word_of_the_vendor():
    (clock,) = (flow for flow in read_bundled('proxmox-mail-gateway-09e283f2').flows if flow.printed)
    assert (clock.row, clock.printed) == (4, 'TCP/UDP, to the Internet')


def test_two_needs_of_proxmox_stand_outside_its_table():
    outside = [flow for flow in read_bundled('proxmox-mail-gateway-09e283f2').flows if not flow.row]
    assert [(flow.service, flow.direction, flow.role) for flow in outside] == [
        ('SSH', 'inbound', 'administrators'),
        ('SMTP', 'outbound', 'internal-mail-servers'),
    ]
    assert all(flow.notes for flow in outside)


def test_clearswift_keeps_its_words_from_release_to_release():
    """Rows pair by the names of services, roles and features: one word changed, and a status is lost."""
    old, new = read_bundled('clearswift-seg-5.7'), read_bundled('clearswift-seg-6.3')
    assert (old.manufacturer_slug, old.name) == (new.manufacturer_slug, new.name)
    assert {feature.slug for feature in old.features} <= {feature.slug for feature in new.features}
    assert {role.slug for role in old.roles} <= {role.slug for role in new.roles}
    services = {service.name: service.ports for service in new.services}
    assert {s.name for s in old.services if services.get(s.name) != s.ports} == {'FTPS (explicit)'}
    changed = [(f.row, f.direction) for f in old.flows if _need(f) not in {_need(f) for f in new.flows}]
    # FTPS on another port, the inbound half of the look-ups, which 6.3 does not print, and PMM by HTTP
    assert changed == [*[(3, 'outbound'), (3, 'inbound')] * 2, (8, 'inbound'), (10, 'inbound')]


def _need(flow):
    return flow.service, flow.direction, flow.role, flow.feature, flow.purpose
