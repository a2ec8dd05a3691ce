"""A table becomes a draft, and what is not sure is said: tables of our own in the shapes that vendors print."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbox_gwports.catalog.convert import Answers, ConversionError, Head
from netbox_gwports.catalog.convert import convert as convert_table
from netbox_gwports.catalog.document import read

HEAD = Head('Example', 'Mail Gateway', '2.1')
ROWS = (
    ('Port', 'Protocol', 'Service', 'Direction', 'Purpose'),
    ('25', 'TCP', 'SMTP', 'In', 'Receives mail'),
    ('53', 'TCP/UDP', 'DNS', 'Out', 'Resolves names'),
    ('443', 'TCP', 'HTTPS', 'Out', 'Updates from *.updates.example.net'),
    ('5000-5010', 'UDP', 'Sync', 'In / Out', 'Talks to its peers'),
)
CSV = '\n'.join(','.join(row) for row in ROWS)
TSV = '\n'.join('\t'.join(row) for row in ROWS)
HTML = f'<table>{"".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)}</table>'


def convert(text, **options):
    """With the answer that says where remotes are of which the table says nothing."""
    return convert_table(text, **{'answers': Answers(zones={'*': 'internal'}), **options})


def flows(draft):
    """(ports, direction, hosts) of each flow, in the order of the document."""
    catalog = read(draft.text)
    ports = {service.name: service.ports for service in catalog.services}
    return [(ports[flow.service], flow.direction, flow.dns_names) for flow in catalog.flows]


@pytest.mark.parametrize(('kind', 'text'), [('csv', CSV), ('tsv', TSV), ('html', HTML), (None, CSV), (None, HTML)])
def test_every_kind_of_table_gives_the_same_draft(kind, text):
    draft = convert(text, head=HEAD, kind=kind)
    assert draft.rows == 4
    assert flows(draft) == [
        (('tcp/25',), 'inbound', ()),
        (('tcp/53', 'udp/53'), 'outbound', ()),
        (('tcp/443',), 'outbound', ('*.updates.example.net',)),
        (('udp/5000-5010',), 'outbound', ()),
        (('udp/5000-5010',), 'inbound', ()),
    ]


def test_the_head_is_what_was_said():
    catalog = read(convert(CSV, head=HEAD).text)
    assert (catalog.manufacturer_slug, catalog.name, catalog.version) == ('example', 'Mail Gateway', '2.1')
    assert catalog.slug == 'example-mail-gateway-2-1'


def test_what_the_table_does_not_say_is_a_doubt_with_its_line():
    doubts = convert(CSV, head=HEAD).doubts
    whole = {doubt.field for doubt in doubts if doubt.row is None}
    assert {'purpose', 'roles'} <= whole
    # Who is at the other end stands in no column
    assert {(doubt.line, doubt.row) for doubt in doubts if doubt.field == 'role'} >= {(2, 1), (3, 2), (4, 3), (5, 4)}
    both = [doubt for doubt in doubts if doubt.row == 4 and doubt.field == 'direction']
    assert both and both[0].line == 5


def test_a_row_without_a_port_stays_undecided_and_is_told():
    draft = convert(CSV + '\nsee below,TCP,Other,Out,Something', head=HEAD)
    assert draft.rows == 4
    assert [row.number for row in draft.undecided] == [5]
    assert any(doubt.row == 5 and 'the row is undecided' in doubt.wrote for doubt in draft.doubts)
    assert read(draft.text).partial == '1 of 5 rows undecided: 5'


@pytest.mark.parametrize('text', ['', 'no table', 'Colour,Size\nred,3\n', 'Port,Protocol,Direction,Purpose\n'])
def test_what_is_no_table_is_refused(text):
    with pytest.raises(ConversionError):
        convert(text, head=HEAD)


@given(st.lists(st.lists(st.text(max_size=12), min_size=5, max_size=5), max_size=6))
def test_whatever_the_cells_hold_the_draft_is_a_catalog_or_there_is_none(cells):
    text = '\n'.join(['\t'.join(ROWS[0]), *('\t'.join(row) for row in cells)])
    try:
        draft = convert(text, head=HEAD, kind='tsv')
    except ConversionError:
        return
    assert not draft.rows or read(draft.text).version == '2.1'
    assert draft.rows + len(draft.undecided) == len(draft.table)


def test_a_draft_with_its_doubts_as_comments_can_be_loaded_too():
    draft = convert(CSV, head=HEAD)
    assert draft.commented().startswith('# ')
    assert read(draft.commented()) == read(draft.text)


def test_html_cells_that_span_rows_and_list_their_lines():
    html = (
        '<table><tr><th>Port</th><th>Protocol</th><th>Direction</th><th>Purpose</th></tr>'
        '<tr><td rowspan="2">443</td><td rowspan="2">TCP</td><td>Out</td><td>Updates</td></tr>'
        '<tr><td>In</td><td>Administration</td></tr>'
        '<tr><td>80<br>8080</td><td>TCP</td><td>Out</td><td><ul><li>Downloads</li><li>Reports</li></ul></td></tr>'
        '</table>'
    )
    draft = convert(html, head=HEAD)
    assert [(ports, direction) for ports, direction, _hosts in flows(draft)] == [
        (('tcp/443',), 'outbound'),
        (('tcp/443',), 'inbound'),
        (('tcp/80', 'tcp/8080'), 'outbound'),
        (('tcp/80', 'tcp/8080'), 'outbound'),
    ]


def test_source_and_destination_tell_the_direction():
    text = (
        'Source,Destination,Port,Protocol,Purpose\nMail Gateway,Internet,25,TCP,Send\nAny,Mail Gateway,443,TCP,Manage\n'
    )
    assert [direction for _ports, direction, _hosts in flows(convert(text, head=HEAD))] == ['outbound', 'inbound']


COPIED = """Which ports to open

Port Network Protocol Application / Service Protocol Direction Description
25 TCP SMTP In / Out
  • Carry mail.

  • Carry reports to:

    reports.example.net

22

TCP SSH

In

  • Work on the console (only the shell module).

443 TCP HTTPS Out

*.example.org

  • Fetch lists. (You may also add extra.example.com.)

  • Check the licence, if using licences.
"""


def test_text_that_has_lost_its_tabs_is_read_by_the_form_of_its_cells():
    draft = convert(COPIED, head=HEAD)
    assert draft.rows == 3
    assert flows(draft) == [
        (('tcp/25',), 'outbound', ()),
        (('tcp/25',), 'inbound', ()),
        (('tcp/25',), 'outbound', ('reports.example.net',)),
        (('tcp/25',), 'inbound', ('reports.example.net',)),
        (('tcp/22',), 'inbound', ()),
        (('tcp/443',), 'outbound', ('*.example.org',)),
        (('tcp/443',), 'outbound', ('extra.example.com',)),
        (('tcp/443',), 'outbound', ('*.example.org',)),
    ]
    features = [flow.feature for flow in read(draft.text).flows]
    assert features == ['', '', '', '', 'shell-module', '', 'fetch-lists-option', 'licences']
    places = {(doubt.line, doubt.row) for doubt in draft.doubts if doubt.field == 'feature'}
    assert places == {(17, 2), (23, 3), (25, 3)}


def test_tabs_with_cells_over_several_lines():
    text = (
        'Port\tProtocol\tDirection\tDescription\n25\tTCP\tIn / Out\t\n• Receive\n• Deliver\n\n'
        '53\tTCP / UDP\tOut\tResolve\nnames\n'
    )
    catalog = read(convert(text, head=HEAD, kind='text').text)
    assert [(flow.row, flow.item, flow.purpose) for flow in catalog.flows][::2] == [
        (1, 1, 'Receive'),
        (1, 2, 'Deliver'),
        (2, 1, 'Resolve names'),
    ]


def test_columns_of_words_that_nothing_tells_apart_are_refused():
    with pytest.raises(ConversionError, match='cannot separate the columns'):
        convert('Port Source Destination Notes\n25 users gateway mail\n', head=HEAD)


def test_a_name_in_the_column_of_services_is_no_protocol():
    text = 'Service,Port,Protocol,Direction,Purpose\nWeb mail,443,TCP,In,Read mail\nHeartbeat,7,TCP,In,Live\n'
    draft = convert(text, head=HEAD)
    services = [(service.name, service.application_protocol) for service in read(draft.text).services]
    assert services == [('Web mail', 'HTTPS'), ('Heartbeat', '')]
    assert [doubt.row for doubt in draft.doubts if doubt.field == 'application_protocol'] == [1, 2]


def test_a_heading_within_the_table_takes_no_direction_back():
    html = (
        '<h2>Inbound ports</h2><table><tr><th>Port</th><th>Transport</th><th>Used for</th></tr>'
        '<tr><td colspan="3">Optional</td></tr><tr><td>161</td><td>UDP</td><td>Polling</td></tr>'
        '<tr><td colspan="3">Outbound</td></tr><tr><td>162</td><td>UDP</td><td>Alerts</td></tr></table>'
    )
    draft = convert(html, head=HEAD)
    assert [direction for _ports, direction, _hosts in flows(draft)] == ['inbound', 'outbound']
    assert [doubt.row for doubt in draft.doubts if doubt.field == 'direction'] == [1, 2]


@pytest.mark.parametrize(
    ('cell', 'specs', 'doubted'),
    [
        ('TCP 443', ['tcp/443'], False),
        ('tcp/443', ['tcp/443'], False),
        ('443 TCP/UDP', ['tcp/443', 'udp/443'], False),
        ('TCP: 80, 443, UDP: 53', ['tcp/80', 'tcp/443', 'udp/53'], False),
        ('53/udp, 443/tcp', ['tcp/443', 'udp/53'], False),
        ('UDP 500, UDP 4500, ESP', ['esp', 'udp/500', 'udp/4500'], False),
        ('25, 587', ['tcp/25', 'tcp/587'], True),
        ('80/443', ['tcp/80', 'tcp/443'], True),
        ('17500– 17515 TCP', ['tcp/17500-17515'], False),
        ('389 or 636', ['tcp/389', 'tcp/636'], True),
        ('any TCP/UDP', ['tcp/any', 'udp/any'], True),
        ('TCP 443*', ['tcp/443'], True),
    ],
)
def test_shapes_of_ports(cell, specs, doubted):
    draft = convert(f'Ports\tDirection\tPurpose\n{cell}\tOut\tWork', head=HEAD)
    assert list(read(draft.text).services[0].ports) == specs
    assert any(doubt.field == 'ports' and doubt.row for doubt in draft.doubts) == doubted


@pytest.mark.parametrize('cell', ['any', 'ephemeral', '70000', 'TCP 9-3', 'see below', '-'])
def test_what_is_no_destination_port_is_undecided(cell):
    draft = convert(f'Ports\tDirection\tPurpose\n{cell}\tOut\tWork', head=HEAD)
    assert (draft.rows, len(draft.undecided)) == (0, 1)


def test_addresses_and_placeholders_are_no_hosts():
    dns_names = '192.0.2.7, TEAM.example.com, https://a.example.net:8443/x'
    text = f'Port,Protocol,Direction,Host,Purpose\n443,TCP,Out,"{dns_names}",Ask\n'
    draft = convert(text, head=HEAD)
    assert flows(draft) == [(('tcp/443',), 'outbound', ('a.example.net',))]
    assert len([doubt for doubt in draft.doubts if doubt.field == 'dns_names']) == 3


def test_a_row_that_contradicts_itself_is_told():
    draft = convert('Port,Protocol,Direction,Purpose\n161,UDP,Out,SNMP inbound\n', head=HEAD)
    assert flows(draft)[0][1] == 'outbound'
    assert any(doubt.field == 'direction' and 'says inbound' in doubt.unsure for doubt in draft.doubts)


def test_the_example_of_the_docs():
    page = (Path(__file__).parents[3] / 'docs/converting-a-table.md').read_text(encoding='utf-8')
    table, draft, doubts = (page.split(f'```{name}\n')[1].split('```')[0] for name in ('csv', 'yaml', 'text'))
    made = convert_table(table, head=HEAD)
    assert made.text == draft
    assert '\n'.join(map(str, made.doubts)) + '\n' == doubts


@given(st.text(max_size=400), st.sampled_from(['csv', 'tsv', 'html', 'text', None]))
def test_whatever_the_text_it_is_a_draft_or_the_error_of_the_package(text, kind):
    for whole in (text, f'Port\tProtocol\tDirection\tDescription\n25\tTCP\tIn\t{text}'):
        try:
            draft = convert(whole, head=HEAD, kind=kind)
        except ConversionError:
            continue
        assert not draft.rows or read(draft.text) == read(draft.commented())


@pytest.mark.parametrize(
    'remote', ['All internal servers', 'Public web servers', 'External partners', 'any DNS server']
)
def test_no_remote_that_the_table_narrows_becomes_any(remote):
    text = f'Source,Destination,Port,Protocol,Purpose\nMail Gateway,{remote},443,TCP,Talks\n'
    assert {role.kind for role in read(convert(text, head=HEAD).text).roles} == {'named'}


@pytest.mark.parametrize(('remote', 'kind'), [('Any', 'any'), ('Internet', 'any'), ('any host', 'any'), ('', 'named')])
def test_any_is_what_the_table_says_and_a_doubt(remote, kind):
    text = f'Source,Destination,Port,Protocol,Service,Direction,Purpose\nGateway,{remote},25,TCP,SMTP,Out,Delivers\n'
    draft = convert(text, head=HEAD)
    assert [role.kind for role in read(draft.text).roles] == [kind]
    assert any(doubt.field == 'role' and doubt.row == 1 for doubt in draft.doubts)


def test_no_line_break_of_a_cell_ends_a_comment():
    draft = convert(HTML.replace('Receives mail', 'Receives\u2028format: 2\x85name: Other'), head=HEAD)
    assert read(draft.commented()) == read(draft.text)
