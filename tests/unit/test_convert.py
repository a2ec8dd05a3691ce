"""A table becomes a draft, and what is not sure is said: tables of our own in the shapes that vendors print."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netbox_gwports.catalog.convert import ConversionError, Head, convert
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


def flows(draft):
    """(ports, direction, hosts) of each flow, in the order of the document."""
    catalog = read(draft.text)
    ports = {service.name: service.ports for service in catalog.services}
    return [(ports[flow.service], flow.direction, flow.hosts) for flow in catalog.flows]


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


def test_a_row_without_a_port_is_left_out_and_told():
    draft = convert(CSV + '\nsee below,TCP,Other,Out,Something', head=HEAD)
    assert draft.rows == 4
    assert any(doubt.row == 5 and 'left out' in doubt.wrote for doubt in draft.doubts)


@pytest.mark.parametrize('text', ['', 'no table', 'Colour,Size\nred,3\n', 'Port,Protocol,Direction,Purpose\n'])
def test_what_is_no_table_is_refused(text):
    with pytest.raises(ConversionError):
        convert(text, head=HEAD)


@given(st.lists(st.lists(st.text(max_size=12), min_size=5, max_size=5), max_size=6))
@settings(max_examples=150)
def test_whatever_the_cells_hold_the_draft_is_a_catalogue_or_there_is_none(cells):
    text = '\n'.join(['\t'.join(ROWS[0]), *('\t'.join(row) for row in cells)])
    try:
        draft = convert(text, head=HEAD, kind='tsv')
    except ConversionError:
        return
    assert read(draft.text).version == '2.1'


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
