"""Answers and decisions: what they change, and what stays undecided without them."""

import pytest

from netbox_gwports.catalog.convert import Answers, ConversionError, Decision, Head, convert
from netbox_gwports.catalog.convert.directions import Product
from netbox_gwports.catalog.document import read

HEAD = Head('Example', 'Mail Gateway', '2.1')


def draft(*rows, head='Port,Protocol,Direction,Host,Purpose', **answers):
    return convert('\n'.join([head, *rows]), head=HEAD, kind='csv', answers=Answers(**answers))


@pytest.mark.parametrize('cell', ['UDP 53', '"TCP 25, 80 UDP"', 'udp/53'])
def test_a_cell_of_ports_that_contradicts_the_column_of_protocols_is_undecided(cell):
    assert draft(f'{cell},TCP,Out,a.example.net,x').table[0].state == 'undecided'


def test_a_cell_with_a_protocol_for_some_ports_only_is_undecided():
    assert draft('"IP protocol 50, 443",ESP,Out,a.example.net,x').table[0].state == 'undecided'


def test_every_port_is_written_and_asked_about_and_left_undecided_on_request():
    row = 'any,TCP,Out,a.example.net,x'
    written = draft(row)
    assert written.table[0].ports == ('tcp/any',)
    assert 'any_ports' in {question.name for question in written.questions}
    assert any(doubt.weight == 'opens' for doubt in written.table[0].doubts)
    assert draft(row, any_ports='undecided').table[0].state == 'undecided'


@pytest.mark.parametrize(('direction', 'ports'), [('In', ('tcp/25',)), ('Out', ('tcp/465',)), ('Both', ()), ('', ())])
def test_local_and_remote_ports(direction, ports):
    found = draft(
        f'25,465,TCP,{direction},x', head='Local Port,Remote Port,Protocol,Direction,Purpose', zones={'*': 'dmz'}
    )
    assert found.table[0].ports == ports
    assert (found.table[0].state == 'written') == bool(ports)


def test_an_answered_protocol_holds_and_the_usual_one_is_told():
    (row,) = draft('53,,Out,a.example.net,x', protocol='tcp').table
    assert row.ports == ('tcp/53',)
    assert any('udp' in doubt.wrote and doubt.weight == 'opens' for doubt in row.doubts)


def test_a_direction_that_source_and_destination_contradict_is_told():
    head = 'Source,Destination,Port,Protocol,Direction,Purpose'
    (row,) = draft('Mail Gateway,Internet,25,TCP,In,x', head=head, zones={'*': 'internet'}).table
    assert row.directions == ('inbound',)
    assert any(doubt.field == 'direction' and doubt.weight == 'opens' for doubt in row.doubts)


def test_the_name_of_the_product_is_more_certain_than_a_general_word():
    product = Product('Example', 'Mail Gateway')
    assert product.directions('Mail Gateway', 'Gateway') == ('outbound',)
    assert product.directions('Appliance', 'Gateway') == ('outbound', 'inbound')
    assert Product('Example', 'Mail Gateway', ['Scanner']).directions('Scanner', 'Mail Gateway') == ('outbound',)


def test_no_more_than_five_questions():
    head = 'Port,Protocol,Direction,Source,Destination,Colour,Purpose'
    rows = (
        '"25,465",TCP,Out,,,red,x',
        '443,,Out,,,red,x',
        '9999,,Out,,,red,x',
        '8443 *,TCP,Out,,,red,x',
        '80,TCP,,,,red,x',
        'any,TCP,Out,,,red,x',
        '81,TCP,,Relay,Sink,red,x',
    )
    assert len(draft(*rows, head=head).questions) == 5


def test_a_row_whose_cells_cannot_be_told_apart_waits_for_ports_and_direction():
    text = 'Port\tProtocol\tDirection\tDescription\n25\tTCP\tIn\tMail\n21 XYZ In/Out\n'

    def row(**decision):
        answers = Answers(zones={'*': 'internal'}, rows={2: Decision(**decision)})
        return convert(text, head=HEAD, kind='text', answers=answers).table[1]

    assert [row(**d).state for d in ({}, {'ports': 'tcp/21'}, {'direction': 'in'})] == ['undecided'] * 3
    decided = row(ports='tcp/21', direction='both')
    assert (decided.state, decided.ports, decided.directions) == ('written', ('tcp/21',), ('outbound', 'inbound'))


def test_roles_of_the_same_name_are_one():
    head = 'Port,Protocol,Direction,Remote,Purpose'
    found = draft('25,TCP,Out,Partner hosts,a', '26,TCP,Out,partner Hosts,b', '27,TCP,Out,Partner: hosts,c', head=head)
    roles = read(found.text).roles
    assert len({role.slug for role in roles}) == len(roles) == len({role.name.casefold() for role in roles})


def test_decisions_replace_cells_and_a_row_can_be_left_out():
    rows = ('443,TCP,Out,a.example.net,Web', 'x,TCP,Out,b.example.net,Other')
    decided = {
        1: Decision(ports='udp/443', direction='in', remote='administrators', purposes=('Own words',)),
        2: Decision(leave_out=True),
    }
    found = draft(*rows, rows=decided)
    first, second = found.table
    assert (first.ports, first.directions, first.remotes) == (('udp/443',), ('inbound',), ('administrators',))
    assert (first.purposes, second.state) == (('Own words',), 'left out')
    assert read(found.text).partial == '1 of 2 rows left out: 2'


def test_footnotes():
    row = '443 *,TCP,Out,a.example.net,Web'
    assert draft(row).questions[0].about == ('*',)
    assert read(draft(row, footnotes={'*': 'optional'}).text).flows[0].feature
    assert not read(draft(row, footnotes={'*': 'remark'}).text).flows[0].feature
    assert draft(row, footnotes={'*': 'undecided'}).table[0].state == 'undecided'


def test_answers_are_the_same_after_they_were_remembered():
    answers = Answers(
        columns={'Colour': 'ignored'},
        itself=('Scanner',),
        direction='inbound',
        protocol='tcp/udp',
        footnotes={'*': 'remark'},
        zones={'*': 'dmz'},
        comma='ports',
        any_ports='undecided',
        tables=(1, 2),
        rows={3: Decision(ports='tcp/1', purposes=('a', 'b'), leave_out=True)},
    )
    assert Answers.of(answers.data()) == answers


@pytest.mark.parametrize(
    'data',
    [
        [],
        {'nothing': 1},
        {'direction': 'sideways'},
        {'zones': ['dmz']},
        {'itself': 'Scanner'},
        {'tables': 5},
        {'tables': ['one']},
        {'footnotes': {'*': 'maybe'}},
        {'rows': {'0': {}}},
        {'rows': {'x': {}}},
        {'rows': {'1': {'colour': 'red'}}},
        {'rows': {'1': {'ports': 5}}},
        {'rows': {'1': {'ports': 'a\nb'}}},
    ],
)
def test_invalid_answers(data):
    with pytest.raises(ConversionError):
        Answers.of(data)


def test_a_column_contains_a_field_that_there_is():
    with pytest.raises(ConversionError, match='cannot contain "colour"'):
        draft('443,TCP,Out,a.example.net,Web', columns={'Host': 'colour'})


def test_a_zone_that_the_site_does_not_know():
    with pytest.raises(ConversionError, match='zone "moon"'):
        draft('443,TCP,Out,a.example.net,Web', zones={'*': 'moon'})
