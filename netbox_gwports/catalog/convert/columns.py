"""Recognizes columns by the headings that vendors use."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ('EXPECTED', 'Column', 'acceptable', 'recognize', 'segment')

EXPECTED = 'a row of headings with a column of ports (Port, Ports, Port number) and others such as Protocol, Direction'
# Field -> its headings, in the singular. "tcp" and "udp" are columns with the ports of that protocol
NAMES = {
    'ports': (
        'port, port number, port no, port #, port range, destination port, dest port, dst port, default port, '
        'listening port, server port, network port, service port, required port, open port, tcp / udp port, '
        'port / protocol, protocol / port, port and protocol, protocol and port, port & protocol, port ( protocol ), '
        'destination port number, port number / protocol, firewall port'
    ),
    'tcp': 'tcp, tcp port',
    'udp': 'udp, udp port',
    'source_ports': 'source port, src port, client port, source port number',
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
        'source server, source system, source device, source component, from host'
    ),
    'destination': (
        'destination, to, dst, dest, target, destination host, destination address, destination ip, receiver, '
        'destination ip address, destination server, destination url, destination system, destination device, '
        'target host, to host, destination component, destination hostname, destination domain'
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
OPENINGS = {'ports', 'tcp', 'udp'}
TOKEN = re.compile(r'\w+|[/&#()]')


@dataclass(frozen=True, slots=True)
class Column:
    """``field`` is a key of NAMES, or '' for an unknown column; ``certain``: the heading is in NAMES."""

    heading: str
    field: str
    certain: bool = True


def _words(heading: str) -> tuple[str, ...]:
    text = heading.casefold().replace('(s)', 's').replace('(es)', 'es')
    return tuple(word.removesuffix('s') if len(word) > 3 else word for word in TOKEN.findall(text))


KNOWN = {_words(name): field for field, names in NAMES.items() for name in names.split(', ')}
LONGEST_NAME = max(map(len, KNOWN))


def recognize(headings: Iterable[str]) -> list[Column]:
    """The columns with these headings. A second column of the same field becomes a related field or unknown."""
    columns: list[Column] = []
    for heading in headings:
        words = _words(heading)
        field, certain = KNOWN.get(words, ''), True
        if not field and 0 < len(words) <= 8:
            field = next((field for keys, field in WORDS if set(keys) <= set(words)), '')
            certain = False
        if any(column.field == field for column in columns):
            field, certain = {'purpose': 'notes', 'protocol': 'application', 'notes': 'notes'}.get(field, ''), False
        columns.append(Column(heading, field, certain))
    fields = {column.field for column in columns}
    # A column "Protocol" with "TCP 443" holds ports
    if not fields & OPENINGS and 'protocol' in fields:
        columns = [Column(c.heading, 'ports', False) if c.field == 'protocol' else c for c in columns]
    # Without a column of purposes, the notes are the best description of a row
    if 'purpose' not in fields and 'notes' in fields:
        columns = [Column(c.heading, 'purpose', c.certain) if c.field == 'notes' else c for c in columns]
    return columns


def acceptable(columns: list[Column]) -> bool:
    """Whether these headings belong to a table of ports: at least one column of ports and one other."""
    fields = {column.field for column in columns} - {''}
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
            if _words(heading) in KNOWN:
                headings.append(heading)
                at += length
                break
        else:
            return None
    return headings or None
