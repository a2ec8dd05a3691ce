"""Recognizes columns by the headings that vendors use."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .answers import IGNORED
from .directions import of_text
from .errors import Reporter, Undecided
from .portcells import EMPTY
from .portcells import read as read_ports
from .protocols import of_cell

__all__ = ('EXPECTED', 'FIELDS', 'Column', 'acceptable', 'recognize', 'segment')

EXPECTED = 'a row of headings with a column of ports (Port, Ports, Port number) and others such as Protocol, Direction'
# Field -> its headings, in the singular. "tcp" and "udp" are columns with the ports of that protocol
NAMES = {
    'ports': (
        'port, port number, port no, port #, port range, destination port, dest port, dst port, default port, '
        'listening port, server port, network port, service port, required port, open port, tcp / udp port, '
        'port / protocol, protocol / port, port and protocol, protocol and port, port & protocol, port ( protocol ), '
        'destination port number, port number / protocol, firewall port, dest port number, dst port number, '
        'destination port range, tcp / udp port number, port / transport, transport / port, listen port, '
        'tcp port / udp port'
    ),
    'tcp': 'tcp, tcp port',
    'udp': 'udp, udp port',
    'source_ports': 'source port, src port, client port, source port number, source port range',
    'local_ports': 'local port, local port number, local port range',
    'remote_ports': 'remote port, remote port number, remote port range, foreign port',
    'in': 'in, inbound, incoming, ingress',
    'out': 'out, outbound, outgoing, egress',
    'protocol': (
        'protocol, transport, transport protocol, network protocol, ip protocol, layer 4 protocol, l4 protocol, '
        'protocol type, transport layer, tcp / udp, udp / tcp, tcp or udp, transport type, transport layer protocol'
    ),
    'application': (
        'application, service, app, application protocol, service protocol, application / service protocol, '
        'application / service, service / application, service name, application layer protocol, service type, '
        'application name, protocol name, service / protocol, application / protocol'
    ),
    'direction': (
        'direction, in / out, inbound / outbound, traffic direction, connection direction, flow direction, traffic, '
        'in or out, direction of traffic, initiated, flow, traffic flow'
    ),
    'source': (
        'source, from, src, source host, source address, source ip, source ip address, initiator, client, originator, '
        'source server, source system, source device, source component, from host, origin, src ip, src host, '
        'src address, src ip address, source zone, source network, initiated by, initiator of connection, source name'
    ),
    'destination': (
        'destination, to, dst, dest, target, destination host, destination address, destination ip, receiver, '
        'destination ip address, destination server, destination url, destination system, destination device, '
        'target host, to host, destination component, destination hostname, destination domain, dest ip, dst ip, '
        'dest host, dest address, dst host, dst address, dest ip address, dst ip address, destination zone, '
        'destination network, '
        'responder, listener, destination name, destination host name, destination fqdn'
    ),
    'dns_names': (
        'host, hostname, host name, url, fqdn, domain, domain name, server, server name, address, ip address, remote, '
        'remote host, endpoint, hostname / url, url / hostname, host / url, remote system, peer, website, uri, '
        'hostname / ip, remote address, host / ip address, host / ip, web address, remote server, hostname / ip address'
    ),
    'purpose': (
        'purpose, description, used for, use, usage, function, reason, detail, explanation, what for, why, details, '
        'purpose / description, description / purpose, used by, usage description, use case, what it is used for'
    ),
    'condition': 'condition, required, optional, when, feature, mandatory, required / optional, needed when, needed if',
    'notes': 'note, comment, remark, additional information, further information, more information, hint',
}
# Any other heading is recognized by single words, and reported as a doubt
WORDS = (
    (('source', 'port'), 'source_ports'), (('port',), 'ports'), (('application',), 'application'),
    (('service',), 'application'), (('protocol',), 'protocol'), (('transport',), 'protocol'),
    (('direction',), 'direction'), (('source',), 'source'), (('destination',), 'destination'),
    (('hostname',), 'dns_names'),
    (('host',), 'dns_names'), (('url',), 'dns_names'), (('purpose',), 'purpose'), (('description',), 'purpose'),
    (('note',), 'notes'), (('comment',), 'notes'),
)  # fmt: skip
OPENINGS = {'ports', 'tcp', 'udp', 'local_ports', 'remote_ports'}
ENDS = {'source', 'destination'}
# Words that are headings only where cells are told apart: "In" may be a cell
TICKED = ('in', 'out')
TOKEN = re.compile(r'\w+|[/&#()]')
FIELDS = (*NAMES, IGNORED)
# A second column of the same field
SECOND = {'purpose': 'notes', 'protocol': 'application', 'notes': 'notes'}
# So many filled cells are enough to recognize a column by what they contain
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Column:
    """``field`` is one of FIELDS, or '' for an unknown one; ``certain``: the heading is in NAMES, or was answered."""

    heading: str
    field: str
    certain: bool = True


def _words(heading: str) -> tuple[str, ...]:
    text = heading.casefold().replace('(s)', 's').replace('(es)', 'es')
    return tuple(word.removesuffix('s') if len(word) > 3 else word for word in TOKEN.findall(text))


KNOWN = {_words(name): field for field, names in NAMES.items() for name in names.split(', ')}
LONGEST_NAME = max(map(len, KNOWN))


def recognize(
    headings: Iterable[str], rows: Sequence[Sequence[str]] = (), answers: Mapping[str, str] | None = None
) -> list[Column]:
    """The columns with these headings. ``rows``: the texts of the cells below; ``answers``: heading -> field.

    A certain column wins over an earlier doubtful one of the same field. A second column of the same field becomes a
    related field or unknown. A column with an unknown heading is recognized by what it contains.
    """
    headings = list(headings)
    answered = {heading.casefold(): field for heading, field in (answers or {}).items()}
    columns = [_named(heading, answered) for heading in headings]
    columns = _unique(columns)
    columns = _by_contents(columns, rows, set(answered))
    fields = {column.field for column in columns}
    # A column "Protocol" with "TCP 443" holds ports
    if not fields & OPENINGS and 'protocol' in fields:
        columns = [Column(c.heading, 'ports', False) if c.field == 'protocol' else c for c in columns]
    # Without a column of purposes, the notes are the best description of a row
    if 'purpose' not in fields and 'notes' in fields:
        columns = [Column(c.heading, 'purpose', c.certain) if c.field == 'notes' else c for c in columns]
    return columns


def _named(heading: str, answered: Mapping[str, str]) -> Column:
    if heading.casefold() in answered:
        return Column(heading, answered[heading.casefold()])
    words = _words(heading)
    if words in KNOWN:
        return Column(heading, KNOWN[words])
    if 0 < len(words) <= 8:
        return Column(heading, next((field for keys, field in WORDS if set(keys) <= set(words)), ''), False)
    return Column(heading, '', False)


def _unique(columns: list[Column]) -> list[Column]:
    found = list(columns)
    taken: set[str] = {IGNORED}
    # Certain columns first, each group from left to right
    for index in sorted(range(len(columns)), key=lambda index: not columns[index].certain):
        column = columns[index]
        if column.field in taken and column.field != IGNORED:
            related = SECOND.get(column.field, '')
            column = found[index] = Column(column.heading, related if related not in taken - {'notes'} else '', False)
        taken.add(column.field)
    return found


def _by_contents(columns: list[Column], rows: Sequence[Sequence[str]], answered: set[str]) -> list[Column]:
    """Recognize columns by their cells: directions under headings of words, ports and protocols under unknown ones."""
    for field, words, is_one in (
        ('direction', {'', 'purpose', 'notes', 'condition'}, _is_direction),
        ('ports', {''}, _is_ports),
        ('protocol', {''}, _is_protocol),
        ('purpose', {''}, _is_prose),
    ):
        fields = {column.field for column in columns}
        if field in fields or field == 'ports' and fields & OPENINGS or field == 'direction' and fields >= ENDS:
            continue
        for index, column in enumerate(columns):
            texts = [row[index] for row in rows if index < len(row) and not EMPTY.fullmatch(row[index])]
            free = column.field in words and column.heading.casefold() not in answered
            if free and len(texts) >= min(ENOUGH, len(rows)) and texts and all(map(is_one, texts)):
                columns[index] = replace(column, field=field, certain=False)
                break
    return columns


def _is_prose(text: str) -> bool:
    return len(text.split()) > 2


def _is_direction(text: str) -> bool:
    return bool(of_text(text)[0])


def _is_ports(text: str) -> bool:
    try:
        return any(piece.first for piece in read_ports(text, (), Reporter.silent()).pieces)
    except Undecided:
        return False


def _is_protocol(text: str) -> bool:
    try:
        return bool(of_cell(text, Reporter.silent()).names)
    except Undecided:
        return False


def acceptable(columns: list[Column]) -> bool:
    """Whether these headings belong to a table of ports: at least one column of ports and one other."""
    fields = {column.field for column in columns} - {'', IGNORED}
    # A sentence that contains "port" is not a heading
    certain = any(column.certain for column in columns if column.field)
    return bool(fields & OPENINGS) and len(fields) > 1 and certain


def segment(text: str) -> list[str] | None:
    """The headings in a line that has lost its tabs; None if it contains any other word."""
    tokens = list(TOKEN.finditer(text.replace('(s)', 's')))
    text, headings, at = text.replace('(s)', 's'), [], 0
    while at < len(tokens):
        for length in range(min(LONGEST_NAME, len(tokens) - at), 0, -1):
            heading = text[tokens[at].start() : tokens[at + length - 1].end()]
            if KNOWN.get(_words(heading)) not in (None, *TICKED):
                headings.append(heading)
                at += length
                break
        else:
            return None
    return headings or None
