"""A cell of ports or protocols is understood as a whole, or it is undecided as a whole."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netbox_gwports.catalog.convert import Answers, Head, convert, markup
from netbox_gwports.catalog.convert.cells import lines_of
from netbox_gwports.catalog.convert.errors import Doubts, Reporter, Undecided
from netbox_gwports.catalog.convert.portcells import read
from netbox_gwports.catalog.convert.protocols import of_cell
from netbox_gwports.rules.ports import HIGHEST

HEAD = Head('Example', 'Mail Gateway', '2.1')


def specs(text, given=(), **options):
    """The ports of a cell as text, or None if it is undecided."""
    try:
        cell = read(text, given, Reporter.silent(), **options)
    except Undecided:
        return None
    found = []
    for first, last, protocols in cell.pieces:
        ports = '' if not first else 'any' if (first, last) == (1, HIGHEST) else str(first)
        ports += f'-{last}' if last != first and ports != 'any' else ''
        found.append('/'.join(part for part in ('+'.join(protocols), ports) if part))
    return ' '.join(found)


def doubts(text, given=()):
    found = Doubts()
    read(text, given, found.at())
    return list(found.found)


TRAPS = {
    # Footnote marks are no ports, and never any port
    '443 *': '443', '443*': '443', '3478 **': '3478', '443 [1]': '443', '443 (1)': '443', '443 †': '443', '443¹': '443',
    '443 1': None, '80, 443 2': None, '* 443': None, '*443': None,
    # Any is what the whole cell says
    'Any': 'any', '*': 'any', 'All ports': 'any', 'TCP any': 'tcp/any', 'tcp/*': 'tcp/any', '0-65535': 'any',
    'any TCP/UDP port': 'tcp+udp/any', 'All UDP 500': None, '22, any': None, 'any except 25': None, 'any/443': None,
    '443 or any port > 1024': None, 'any standard NFS port': None, '1-65535 (not 25)': None,
    # A comma between digits
    '1,024-65,535': '1024-65535', '50,000-59,999': '50000-59999', '8,080': '8080', '1,433': None, '25,465': None,
    '80,443': '80 443', '25,465,587': '25 465 587', '25, 465': '25 465', '1.433': None, "1'433": None,
    '1 024 - 65 535': None,
    # Other numbers
    '443 (TLS 1.2)': '443', '443 TLS 1.2': '443', '443 1.2': None, '28260 (6.x) / 49160 (5.x)': None, '443 v2': None,
    '2101* +11': None, '1024+': '1024-65535', '>=1024': '1024-65535', '>1023': '1024-65535', '80+443': '80 443',
    '443 (8443)': None, '443 -> 11443': None, '70000': None, '0': None, '00443': None, '25465465': None,
    'TCP 9-3': None, '5060-5061-5062': None, '443 (inbound)': None, 'TCP/80 etc.': None, 'see below': None,
    'ephemeral': None, '49152-65535 (dynamic)': None, '443 ~~80~~': '443', '~~443~~ 8443': '8443', '25¦465': None,
    # Protocols belong to the ports beside them
    'TCP: 80, 443, UDP: 53': 'tcp/80 tcp/443 udp/53', '53/udp, 443/tcp': 'udp/53 tcp/443',
    'UDP 500, UDP 4500, ESP': 'esp udp/500 udp/4500', '25 (TCP), 53 (UDP)': 'tcp/25 udp/53',
    '443 TCP/UDP': 'tcp+udp/443', 'TCP 25 465 UDP': None, 'TCP 80, 443/UDP 53': None, 'TCP': None,
    # Separators, ranges, words
    '20/21': '20 21', '80 443': '80 443', '80 / 443 / 22': '80 443 22', '10000:10010': '10000-10010',
    '17500– 17515': '17500-17515', '36002 to 59999': '36002-59999', '25 or 465': '25 465', 'Ports 80 and 443': '80 443',
    'HTTPS (443)': '443', '443 (default)': '443', '443.': '443', 'n/a': '', '–': '', 'ICMP': 'icmp', 'ip/99': 'ip/99',
}  # fmt: skip


@pytest.mark.parametrize(('text', 'outcome'), TRAPS.items())
def test_traps(text, outcome):
    assert specs(text) == outcome


@pytest.mark.parametrize(
    ('html', 'outcome'),
    [
        ('443&nbsp;<sup>*</sup>', '443'),
        ('443<sup>1</sup>', '443'),
        ('443<sup>1', '443'),
        ('443<sup><a href="#n">[1]</a></sup>', '443'),
        ('<span>25</span><span>465</span>', None),
        ('<b>4</b>43', None),
        ('<span>25</span> <span>465</span>', '25 465'),
        ('<p>25</p><p>465</p>', '25 465'),
        ('443 <del>80</del>', '443'),
        ('<s>80</s>443', '443'),
        ('443 <strike>80<br>81</strike>', '443'),
        ('4<wbr>43', '443'),
        ('65&nbsp;535', None),
        ('25&#8203;465', None),
        ('443<span>/tcp</span>', 'tcp/443'),
    ],
)
def test_traps_of_html(html, outcome):
    cell = markup.read(f'<table><tr><td>{html}</td><td>x</td></tr></table>')[0].rows[0].cells[0]
    assert specs('\n'.join(line.text for line in cell)) == outcome


@pytest.mark.parametrize('gap', '\u00a0\u00ad\u2002\u2009\u202f\u200b\u200d\u2061\u3000\ufeff\u2060')
def test_invisible_characters_neither_join_nor_separate_numbers(gap):
    assert specs(lines_of(f'25{gap}465', 1)[0].text) is None
    assert specs(lines_of(f'443{gap}*', 1)[0].text) == '443'


CELLS = [text for text, outcome in TRAPS.items() if outcome and 'any' not in outcome and '~' not in text]
MARKS = ['*', '**', ' *', '†', ' ‡', '[1]', ' [2]', '[a]', '(3)', ' §', '¹']


@pytest.mark.parametrize('mark', MARKS)
def test_a_mark_changes_no_port_and_is_told(mark):
    read_with_mark = 0
    for text in CELLS:
        if text[-1].isalnum() and (outcome := specs(text + mark)) is not None:
            read_with_mark += 1
            assert outcome == specs(text)
            assert any('footnote' in doubt.unsure for doubt in doubts(text + mark))
    assert read_with_mark > 10


@pytest.mark.parametrize('word', ['except', 'TCPish', 'not', 'v2', 'x', 'from', '6.x', '1.2', '→', '=', '"', '#', '@'])
def test_a_token_that_is_not_understood_makes_the_whole_cell_undecided(word):
    for text in CELLS:
        assert specs(f'{text} {word}') is None
        assert specs(f'{word} {text}') is None


@given(
    st.lists(
        st.one_of(
            st.integers(0, 70000).map(str),
            st.sampled_from([
                *',;/-–+*&()[]:.',
                ' ',
                ' ',
                'tcp',
                'UDP',
                'any',
                'all',
                'or',
                'and',
                'to',
                '>',
                'TLS 1.2',
            ]),
            st.text(max_size=2),
        ),
        max_size=8,
    ),
    st.sampled_from([(), ('tcp',), ('tcp', 'udp')]),
)
@settings(max_examples=150)
def test_no_port_that_the_cell_does_not_print_is_ever_read(parts, given_protocols):
    text = ''.join(parts)
    try:
        cell = read(text, given_protocols, Reporter.silent())
    except Undecided:
        return
    numbers = {int(n) for n in re.findall(r'\d+', text)} | {int(n) for n in re.findall(r'\d+', text.replace(',', ''))}
    for first, last, _ in cell.pieces:
        if (first, last) == (1, HIGHEST):
            assert cell.is_any and not numbers - {0, 1, HIGHEST}
        else:
            assert first in numbers | {0} | {n + 1 for n in numbers if '>' in text}
            assert last in numbers | {0} or last == HIGHEST and {'>', '+', 'above'} & set(text)


def test_the_comma_is_what_was_answered():
    assert specs('1,433', comma='thousands') == '1433'
    assert specs('1,433', comma='ports') == '1 433'
    assert specs('1,024-65,535', comma='ports') is None


@pytest.mark.parametrize(
    'text',
    [
        'any',
        '25 or 465',
        '1024+',
        '8,080',
        '443 *',
        '443 ~~80~~',
        '25, 53/udp',
        '25, 53 (UDP)',
        'tcp/25, 53',
        'TCP/443 (HTTPS), 80',
    ],
)
def test_what_may_mean_something_else_is_told(text):
    assert doubts(text)


@pytest.mark.parametrize('text', ['443', 'TCP 443', '80, 443', '25 (TCP), 53 (UDP)', '10000-10010'])
def test_what_is_plain_is_not(text):
    assert not doubts(text)


@pytest.mark.parametrize(
    ('text', 'names', 'application'),
    [
        ('TCP', ('tcp',), ''),
        ('TCP / UDP', ('tcp', 'udp'), ''),
        ('TCP/IP', ('tcp',), ''),
        ('TCP*', ('tcp',), ''),
        ('HTTPS', ('tcp',), 'HTTPS'),
        ('TCP (HTTPS)', ('tcp',), 'HTTPS'),
        ('6', ('tcp',), ''),
        ('GRE (47)', ('gre',), ''),
        ('VRRP', ('ip/112',), ''),
        ('any', ('tcp', 'udp'), ''),
        ('Foo', (), 'Foo'),
        ('-', (), ''),
        ('TCP (not UDP)', None, ''),
        ('TCP 443', None, ''),
        ('UDP, see note', None, ''),
    ],
)
def test_protocols(text, names, application):
    try:
        found = of_cell(text, Reporter.silent())
    except Undecided:
        assert names is None
    else:
        assert (found.names, found.application) == (names, application)


def table(*rows, head='Port,Protocol,Direction,Host,Purpose'):
    return '\n'.join([head, *rows])


def draft(*rows, **options):
    return convert(table(*rows), head=HEAD, answers=Answers(**options))


def test_a_cell_that_is_not_understood_leaves_its_row_undecided_and_in_the_draft():
    found = draft('443,TCP,Out,a.example.net,Updates', '28260 (6.x),TCP,Out,b.example.net,Sync')
    assert found.rows == 1
    (row,) = found.undecided
    assert (row.number, row.line, row.ports, row.directions) == (2, 3, (), ('outbound',))
    assert dict(row.printed)['Port'] == '28260 (6.x)'
    assert 'partial: 1 of 2 rows undecided' in found.text.replace("'", '')


@pytest.mark.parametrize('text', ['must be blocked', 'This port should be blocked.', 'Do not open', 'Deny'])
def test_a_row_that_must_be_blocked_is_not_opened(text):
    assert draft(f'443,TCP,Out,a.example.net,{text}').rows == 0
    assert draft('443,TCP,Out,a.example.net,This traffic must not be blocked').rows == 1


def test_parallel_lists_are_matched_one_by_one():
    found = draft('514 514 6514,TCP UDP SSL,Out,a.example.net,Logs')
    assert found.table[0].ports == ('tcp/514', 'tcp/6514', 'udp/514')


@pytest.mark.parametrize('tick', ['x', 'X', 'yes', 'Y', '✓', '✔', '•', '●', '☑'])
@pytest.mark.parametrize('kind', ['html', 'csv'])
def test_a_tick_for_each_direction(tick, kind):
    rows = [
        ('Port', 'Protocol', 'In', 'Out', 'Purpose'),
        ('443', 'TCP', tick, tick, 'Web'),
        ('25', 'TCP', tick, '', 'a'),
    ]
    text = '\n'.join(','.join(row) for row in rows)
    if kind == 'html':
        text = f'<table>{"".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)}</table>'
    found = convert(text, head=HEAD, kind=kind)
    assert [row.directions for row in found.table] == [('outbound', 'inbound'), ('inbound',)]


@pytest.mark.parametrize('text', ['443', 'maybe', '(x)', 'x*'])
def test_another_text_in_the_column_of_a_direction_is_undecided(text):
    found = convert(f'Port,Protocol,In,Out,Purpose\n443,TCP,{text},x,Web\n', head=HEAD, kind='csv')
    assert any('direction' in why for why in found.table[0].why)


def test_yes_and_no_below_protocols():
    text = 'Port,TCP,UDP,Direction,Host\n53,Yes,Yes,Out,a.example.net\n25,Yes,No,Out,a.example.net\n'
    assert [row.ports for row in convert(text, head=HEAD).table] == [('tcp/53', 'udp/53'), ('tcp/25',)]


def test_a_certain_later_column_beats_a_doubtful_earlier_one():
    text = 'Port name,Port,Protocol,Direction,Host\nWeb 443,8443,TCP,Out,a.example.net\n'
    assert convert(text, head=HEAD).table[0].ports == ('tcp/8443',)


def test_a_column_is_recognized_by_what_it_contains_and_that_is_told():
    text = (
        'Puerto,Protocolo,Sentido,Host\n443,TCP,Out,a.example.net\n53,UDP,Out,b.example.net\n22,TCP,In,c.example.net\n'
    )
    found = convert(text, head=HEAD, kind='csv')
    assert [row.ports for row in found.table] == [('tcp/443',), ('udp/53',), ('tcp/22',)]
    (question,) = (question for question in found.questions if question.name == 'columns')
    assert question.about == ('Puerto', 'Protocolo', 'Sentido')
    swapped = convert(text, head=HEAD, kind='csv', answers=Answers(columns={'Puerto': 'ignored', 'Sentido': 'ports'}))
    assert not swapped.rows


def test_the_word_inbound_does_not_tell_the_direction_where_both_ends_are_printed():
    text = 'Source,Destination,Port,Protocol,Purpose\nScanner,Relay,25,TCP,Inbound mail\n'
    found = convert(text, head=HEAD)
    assert found.table[0].state == 'undecided' and found.questions[0].name == 'itself'
    assert set(found.questions[0].about) == {'Scanner', 'Relay'}
    answered = convert(text, head=HEAD, answers=Answers(itself=('Scanner',)))
    assert answered.table[0].directions == ('outbound',)


def test_a_row_that_was_copied_without_its_shape_swallows_no_other():
    text = 'Port\tProtocol\tDirection\tDescription\n25\tTCP\tIn\tMail\n22 SFTP In/Out\n21 XYZ In/Out\n80\tTCP\tOut\tWeb'
    found = convert(text, head=HEAD, kind='text', answers=Answers(zones={'*': 'internal'}))
    assert [(row.state, row.ports) for row in found.table] == [
        ('written', ('tcp/25',)),
        ('written', ('tcp/22',)),
        ('undecided', ()),
        ('written', ('tcp/80',)),
    ]
    assert dict(found.table[2].printed) == {'': '21 XYZ In/Out'}
