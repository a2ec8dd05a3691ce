"""What every format of firewall configuration keeps: see "Loading a file" in docs/exports.md."""

import re
from dataclasses import replace

import pytest

from netbox_gwports import exports
from netbox_gwports.exports import Empty, Material, Options
from netbox_gwports.exports.firewall import fortios
from netbox_gwports.rules.addresses import Ref
from netbox_gwports.rules.build import resolve

from ..rules.build import local
from .readers import ANY, READERS
from .samples import FIREWALLS, FORMATS, ZONED, known, material, needs, plain, read, render, sample

EVERY_FIREWALL = tuple(name for name, exporter in FORMATS.items() if exporter.kind == 'firewall')
# aerleon names the target itself
OWNING = tuple(name for name in EVERY_FIREWALL if name != 'aerleon')
LARGE = ('outbound', 'tcp/443 udp/53', 'internal', ['10.1.0.1', '2001:db8:1::1'])
SMALL = ('outbound', 'tcp/443', 'internal', ['10.1.0.1', '2001:db8:1::1'])
REMOVING = tuple(name for name in FIREWALLS if 'present' in FORMATS[name].options)


def two(number_of_second=2, name='', **facts):
    """Two gateways that need the same, with one ticket each."""
    found = []
    for number, ticket in ((1, 'CHG-1001'), (number_of_second, 'CHG-2002')):
        want = needs(LARGE, addresses=(local(f'192.0.2.{number}'), local(f'2001:db8::{number}')), number=number)
        flows = tuple(replace(flow, **facts) for flow in want.flows)
        ref = Ref('netbox_gwports.gateway', number, name or f'gateway {number}')
        resolution = resolve(replace(want, flows=flows, ref=ref))
        rules = tuple(replace(rule, tickets=(ticket,)) for rule in resolution.rules)
        found.append(replace(resolution, rules=rules))
    return Material(tuple(found))


def without_header(content):
    """The lines that are no comments."""
    return [line for line in content.splitlines() if not re.match(r'\s*([#!]|"//"|"[A-Z].*",?$)', line)]


@pytest.mark.parametrize('name', FIREWALLS)
def test_the_name_of_a_term_is_the_key_of_its_rule(name):
    rendering = plain(name)
    body = '\n'.join(without_header(rendering.content))
    written = {key for key in re.findall(r'\b[0-9a-f]{16}\b', body)}
    rules = {rule.key: rule for rule in sample().rules}
    assert written == {key for key in rendering.rendered if not rendering.rendered & {*rules[key].covered_by}}


@pytest.mark.parametrize('name', OWNING)
def test_names_begin_with_a_prefix_that_outlives_a_renamed_device(name):
    renamed = replace(sample(), gateway=Ref('netbox_gwports.gateway', 1, 'renamed'))
    for found, chosen, prefix in (
        (Material((sample(),)), {}, 'gwp-gw1'),
        (Material((renamed,)), {}, 'gwp-gw1'),
        (Material((sample(),), owner='fw3'), {}, 'gwp-fw3'),
        (Material((sample(),), owner='fw3'), {'prefix': 'gwp-mail'}, 'gwp-mail'),
    ):
        body = '\n'.join(without_header(render(name, found, known(name, **chosen)).content)).lower()
        # In names of tables, lists, rules and objects; the variables of a file have names of their own
        assert {*re.findall(r'gwp-[a-z0-9]+|gwp-mail', body)} == {prefix}


def test_several_gateways_have_a_prefix_of_their_own_which_does_not_depend_on_their_order():
    first, second = sample(), sample(2)
    prefixes = {Material(found).prefix for found in ((first,), (second,), (first, second), (second, first))}
    assert len(prefixes) == 3 and all(len(prefix) <= 12 for prefix in prefixes)


@pytest.mark.parametrize('name', FIREWALLS)
def test_a_ticket_is_claimed_for_its_own_gateway_only(name):
    lines = without_header(render(name, two(), known(name)).content)
    for own, other in (('1', '2'), ('2', '1')):
        told = [line for line in lines if f'gateway {own}:' in line]
        assert all(f'CHG-{own}00{own}' in line and f'CHG-{other}00{other}' not in line for line in told) and told


@pytest.mark.parametrize('name', EVERY_FIREWALL)
def test_two_gateways_of_one_name_are_told_apart(name):
    content = render(name, two(name='mail'), known(name)).content
    assert 'mail (ID 1)' in content and 'mail (ID 2)' in content


@pytest.mark.parametrize('name', FIREWALLS)
def test_a_long_name_keeps_the_id_that_tells_it_from_another(name):
    body = ' '.join(without_header(render(name, two(name='g' * 64), known(name)).content))
    assert '(ID 1): CHG-1001' in ' '.join(body.split()) and '(ID 2): CHG-2002' in ' '.join(body.split())


@pytest.mark.parametrize('name', ['fortinet_fortios', 'ansible_fortios'])
def test_two_policies_of_one_number_are_refused(name, monkeypatch):
    monkeypatch.setattr(fortios, 'policy_number', lambda work, name: 2_000_000_001 if name else 2_000_000_000)
    with pytest.raises(exports.ExportError, match='2000000001'):
        render(name, two(), known(name))


@pytest.mark.parametrize('name', FIREWALLS)
def test_a_long_name_leaves_room_for_ticket_and_reason_and_letters_stay_legible(name):
    found = two(name='g' * 64, purpose='Größe der Łódź: Проверка, ελληνικά, 検査')
    body = ' '.join(' '.join(without_header(render(name, found, known(name)).content)).split())
    assert 'CHG-1001: Grosse der Lodz: Proverka, ellinika, ??' in body
    assert body.isascii()


@pytest.mark.parametrize('name', EVERY_FIREWALL)
def test_an_empty_file_is_refused_unless_it_is_wanted(name):
    found = material(LARGE)
    standings = {'standings': ('approved',)}
    with pytest.raises(Empty, match='gateway 1.*allow_empty.*\n.*it is not requested'):
        exports.render(FORMATS[name], found, Options(**standings))
    assert exports.render(FORMATS[name], found, Options(**standings, allow_empty=True)).rendered == frozenset()


@pytest.mark.parametrize('name', REMOVING)
def test_rules_that_are_present_and_not_needed_are_removed(name):
    """One file after the other, as the firewall takes them: twice is once, and a smaller one closes what left."""
    large, small = material(LARGE), material(SMALL)
    texts = {
        'large': render(name, large).content,
        'small': render(name, small, Options(present=tuple(rule.key for rule in large.rules))).content,
    }
    read_large, read_small = (READERS[name](texts[size]) for size in ('large', 'small'))
    assert read_large != read_small
    for sequence, expected in (
        (('large', 'large'), read_large),
        (('large', 'small'), read_small),
        (('large', 'small', 'large'), read_large),
        (('small', 'large', 'small', 'small'), read_small),
    ):
        assert READERS[name]('\n'.join(texts[size] for size in sequence)) == expected
    # According to the records, without a word of the reader
    recorded = replace(small, present=frozenset(rule.key for rule in large.rules))
    assert render(name, recorded).content == texts['small']
    (resolution,) = large.resolutions
    needed = {rule.key for rule in small.rules}
    left = tuple(rule if rule.key in needed else replace(rule, standing='to_close') for rule in resolution.rules)
    to_close = Material((replace(resolution, rules=left),))
    assert READERS[name]('\n'.join((texts['large'], render(name, to_close).content))) == read_small


@pytest.mark.parametrize('name', ZONED)
def test_a_leg_of_the_gateways_has_the_name_for_its_zone(name):
    found = material(SMALL, ('inbound', 'tcp/25', 'internet', ['198.51.100.7', '2001:db8:f::7']))
    options = Options(gateway_zone='dmz0', leg_zones={'internet': 'dmz1'})
    assert {atom.where for atom in READERS[name](render(name, found, options).content)} == {
        'dmz0>internal', 'internal>dmz0', 'internet>dmz1', 'dmz1>internet',
    }  # fmt: skip


@pytest.mark.parametrize('name', ['nftables', 'iptables', 'ip6tables'])
def test_a_leg_of_the_gateways_has_the_interface_for_its_zone(name):
    found = material(SMALL, ('inbound', 'tcp/25', 'internet', ['198.51.100.7', '2001:db8:f::7']))
    options = Options(
        gateway_interface='eth0', leg_interfaces={'internet': 'eth1'}, interfaces={'internet': 'wan', 'internal': 'lan'}
    )
    assert {atom.where for atom in read(name, render(name, found, options))} == {
        'forward eth0>lan', 'forward wan>eth1',
    }  # fmt: skip


def test_nftables_counts_every_rule():
    rules = [line for line in plain('nftables').content.splitlines() if re.search(r' (accept|drop) comment ', line)]
    assert rules and all(' counter ' in line for line in rules)


@pytest.mark.parametrize('name', FIREWALLS)
def test_no_permit_is_of_every_protocol(name):
    assert not [atom for atom in READERS[name](plain(name).content) if atom.permit and atom.protocol == ANY]
