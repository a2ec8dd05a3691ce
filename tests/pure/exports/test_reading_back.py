"""What is read back from every file is what the rules say."""

import re
from dataclasses import replace

import pytest

from netbox_gwports.exports import Material, Options
from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.needs import Member

from ..rules.build import address, endpoint, local
from .readers import ANY, joined
from .samples import (
    BLIND,
    EVERY,
    FIREWALLS,
    SAMPLE,
    ZONED,
    expected,
    fits,
    known,
    material,
    needs,
    permitted,
    plain,
    read,
    render,
    said,
    sample,
    text_of,
)


@pytest.mark.parametrize('name', FIREWALLS)
def test_a_file_permits_what_its_rules_say_and_nothing_more(name):
    rendering = plain(name)
    wanted = {rule.key for rule in sample().rules if fits(name, rule)}
    assert rendering.rendered == wanted
    written = [rule for rule in sample().rules if rule.key in wanted and not wanted & {*rule.covered_by}]
    specific, denies, anys = expected(name, written)
    assert joined(read(name, rendering)) == joined(specific + denies + anys)
    assert any(rule.remote.any for rule in written)


@pytest.mark.parametrize('name', BLIND)
def test_specific_permits_come_first_then_denies_then_any(name):
    places = {}
    for atom in read(name, plain(name)):
        kind = 1 if not atom.permit else 2 if ANY in (atom.source, atom.destination) else 0
        places.setdefault((atom.where, atom.family), []).append(kind)
    assert places and all(kinds == sorted(kinds) for kinds in places.values())
    assert any({0, 1, 2} == {*kinds} for kinds in places.values())


@pytest.mark.parametrize('name', BLIND)
def test_without_known_networks_any_is_left_out_and_what_it_covered_is_written(name):
    found = Material((sample(),))
    rendering = render(name, found)
    reasons = {entry.key: entry.reason for entry in rendering.skipped}
    for rule in sample().rules:
        if rule.remote.any and fits(name, rule):
            assert reasons[rule.key] == 'any_networks'
    specific, _, _ = expected(name, [r for r in sample().rules if fits(name, r) and not r.remote.any])
    assert joined(read(name, rendering)) == joined(specific)
    covered = [rule for rule in sample().rules if rule.covered_by]
    assert [r.remote.addresses[0].ends[0] for r in covered if r.zone == 'internet'] == ['198.51.100.7']
    assert name == 'ip6tables' or '198.51.100.7' in rendering.content


@pytest.mark.parametrize('name', FIREWALLS)
@pytest.mark.parametrize('version', [4, 6])
def test_remotes_of_one_family_open_nothing_in_the_other(name, version):
    remote, own, other = {
        4: (['10.1.0.53', '10.3.0.0/16'], '192.0.2.10', '2001:db8::10'),
        6: (['2001:db8:1::53', '2001:db8:1:3::/64'], '2001:db8::10', '192.0.2.10'),
    }[version]
    rendering = render(name, material(('outbound', 'udp/53 tcp/443', 'internal', remote)))
    atoms = read(name, rendering)
    assert {atom.family for atom in atoms} <= {version}
    # ::10 is the end of nothing else here
    assert other not in rendering.content and 'any' not in {a.source for a in atoms} | {a.destination for a in atoms}
    assert not rendering.rendered or own in rendering.content


@pytest.mark.parametrize('name', [n for n in EVERY if n not in FIREWALLS])
def test_a_document_names_no_address_of_the_other_family(name):
    rendering = render(name, material(('outbound', 'udp/53', 'internal', ['10.1.0.53'])))
    assert '192.0.2.10' in text_of(rendering) and '2001:db8::10' not in text_of(rendering)


@pytest.mark.parametrize('name', FIREWALLS)
def test_many_ports_and_every_named_one_are_read_back(name):
    ports = [21, 22, 23, 25, 49, 53, 69, 80, 88, 110, 111, 119, 123, 137, 138, 139, 143, 161, 162, 389, 443, 445, 465,
             500, 512, 513, 514, 520, 543, 554, 587, 636, 750, 993, 1352, 1433, 1494, 1521, 1645, 1720, 1723, 2049,
             2748, 3020, 3389, 5060, 5190, 5510, 5631, 5632, 8443]  # fmt: skip
    specs = ' '.join(f'{protocol}/{port}' for protocol in ('tcp', 'udp') for port in ports)
    found = material(('inbound', f'{specs} tcp/20000-20050 tcp/1-19', 'internal', ['10.1.0.1', '2001:db8:1::1']))
    rules = [rule for rule in found.rules if fits(name, rule)]
    assert permitted(name, found) == joined(sum((said(name, rule) for rule in rules), []))


@pytest.mark.parametrize('name', FIREWALLS)
def test_every_port_of_a_protocol_is_no_other_protocol(name):
    found = material(('outbound', 'tcp/any', 'internal', ['10.1.0.3', '2001:db8:1::3']))
    rendering = render(name, found)
    rules = [rule for rule in found.rules if fits(name, rule)]
    assert rendering.rendered == {rule.key for rule in rules} and rules
    assert joined(read(name, rendering)) == joined(sum((said(name, rule) for rule in rules), []))


@pytest.mark.parametrize('name', ZONED)
def test_a_host_name_of_several_groups_and_families_is_written_in_each(name):
    wants = (
        ('outbound', 'tcp/443', 'internet', 'a.example.com b.example.com'),
        ('outbound', 'tcp/80', 'internet', 'a.example.com'),
        ('outbound', 'tcp/25', 'internet', 'c.example.com b.example.com'),
    )
    found = material(*wants)
    rendering = render(name, found)
    assert joined(read(name, rendering)) == joined(sum((said(name, rule) for rule in found.rules), []))
    assert not re.search(r'\b240\.|\b100::', rendering.content)


@pytest.mark.parametrize('name', BLIND)
def test_a_rule_is_covered_only_by_an_any_that_holds_its_addresses_here(name):
    """Any is the networks that were said: an address beside them, or within those of another zone, is not in it."""
    found = material(
        ('inbound', 'tcp/8080', 'internal', 'any'),
        ('inbound', 'tcp/8080', 'internal', ['172.16.0.1', '10.1.0.1']),
        ('inbound', 'tcp/25', 'internet', 'any'),
        ('inbound', 'tcp/25', 'internet', ['10.7.0.1']),
    )
    rendering = render(name, found, known(name))
    permits = [a.source for a in read(name, rendering) if a.permit]
    if name != 'ip6tables':
        assert {'172.16.0.1/32', '10.7.0.1/32'} <= {*permits}
    assert {rule.key for rule in found.rules if fits(name, rule)} == rendering.rendered


@pytest.mark.parametrize('name', FIREWALLS)
def test_nothing_to_write_permits_nothing(name):
    rendering = render(
        name, material(('outbound', 'ip/99', 'internal', ['10.1.0.1'])), Options(standings=('approved',))
    )
    assert rendering.rendered == frozenset() and read(name, rendering) == []


def test_terms_are_named_by_their_rules_and_not_by_objects():
    found = needs(*SAMPLE)
    flows = tuple(
        replace(f, id=f.id + 100, endpoints=tuple(
            replace(e, ref=Ref('other', 9, e.ref.name), members=tuple(
                Member('other', tuple(replace(a, refs=(Ref('other', 8, 'x'),)) for a in m.addresses)) for m in e.members
            )) for e in f.endpoints
        )) for f in found.flows
    )  # fmt: skip
    other = resolve(replace(found, flows=flows))
    for name in FIREWALLS:
        assert render(name, Material((sample(),))).content == render(name, Material((other,))).content


@pytest.mark.parametrize('name', FIREWALLS)
def test_ends_in_different_vrfs_are_refused(name):
    addresses = (local('192.0.2.10', vrf=7), local('2001:db8::10', vrf=7))
    found = material(('outbound', 'tcp/443', 'internal', ['10.1.0.1', '2001:db8:1::1']), addresses=addresses)
    assert 'vrf' in {e.reason for e in render(name, found).skipped} and not render(name, found).rendered


@pytest.mark.parametrize('name', FIREWALLS)
def test_addresses_that_are_in_two_vrfs_are_not_written_into_one_file(name):
    def one(number, own, remote):
        found = needs(('outbound', 'tcp/443', 'internal', []), addresses=(local(own, vrf=number),), number=number)
        bound = endpoint(1, members=[Member('server', (address(remote, number),))])
        return resolve(replace(found, flows=(replace(found.flows[0], endpoints=(bound,)),)))

    # The gateway's own, or an address in a network of the other VRF: each would be opened in the other as well
    for own, remote in (('192.0.2.10', '10.9.0.1'), ('192.0.2.77', '10.1.0.0/24')):
        rendering = render(name, Material((one(1, '192.0.2.10', '10.1.0.1'), one(2, own, remote))))
        assert not rendering.rendered
        assert name == 'ip6tables' or {e.reason for e in rendering.skipped} == {'vrf'}
    # Nothing in common: both are written, and the file says where they belong
    rendering = render(name, Material((one(1, '192.0.2.10', '10.1.0.1'), one(2, '192.0.2.11', '10.1.0.2'))))
    assert len(rendering.rendered) == (0 if name == 'ip6tables' else 2)
    assert name == 'ip6tables' or 'Note: addresses are in VRF vrf1, vrf2' in rendering.content
