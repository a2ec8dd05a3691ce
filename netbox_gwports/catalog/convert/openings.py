"""Reads the cells of ports, protocol and application as a service."""

import re
from dataclasses import dataclass

from ...rules import ports
from .cells import Cell, Record, text_of
from .errors import Reporter, short
from .portcells import EMPTY, Piece, pieces
from .protocols import Transport, is_known, of_application, of_cell, usual_application, usual_transport

__all__ = ('Opening', 'read')

WIDE = 10_000


@dataclass(frozen=True, slots=True)
class Opening:
    """``specs``: ports in canonical form, empty if none could be read.

    ``name``: the table's name of the service; ``application``: the application protocol. Either is '' if not stated.
    """

    specs: tuple[str, ...]
    name: str
    application: str


def read(record: Record, report: Reporter) -> Opening:
    """The service of a row. Anything its cells do not state explicitly is reported."""
    name = '' if EMPTY.fullmatch(stated := text_of(record.cells.get('application', ()))) else stated
    # "Web mail" in a column of services is the name of a service, not a protocol
    application = name[:50].strip() if is_known(name) else ''
    transport = of_cell(text_of(record.cells.get('protocol', ())), report)
    if transport.application and not application:
        application = transport.application
        report(
            'application_protocol',
            'the column of protocols has no transport protocol',
            f'{application} as application protocol',
            'check both',
        )
    if 'source_ports' in record.cells and not re.fullmatch(
        r'(?i)any|all|ephemeral|dynamic|high|-|\*', source := text_of(record.cells['source_ports'])
    ):
        report(
            'ports',
            f'source ports {short(source)}',
            'left out',
            'nothing to do: catalogs contain destination ports only',
        )
    found: set[str] = set()
    for column, names in (('ports', None), ('tcp', ('tcp',)), ('udp', ('udp',))):
        if cell := record.cells.get(column, ()):
            given = Transport(names) if names else transport
            found |= _specs(cell, record.cells.get('protocol', ()), given, application, report)
    if not found and not record.cells.keys() & {'ports', 'tcp', 'udp'}:
        # "ICMP" beside an empty cell of ports
        found = {name for name in transport.names if name not in ports.WITH_PORTS}
    specs = tuple(str(spec) for spec in ports.merge(ports.parse(spec) for spec in found))
    if specs and not application:
        application = usual_application(specs)
        if application:
            report(
                'application_protocol',
                f'{short(name)} is not a known protocol' if name else 'not stated',
                f'{application}, the usual protocol on {specs[0]}',
                'check it',
            )
        else:
            unsure = f'{short(name)} is not a known protocol' if name else 'not stated'
            report('application_protocol', unsure, 'none', 'enter the application protocol')
    return Opening(specs, name or application, application)


def _specs(cell: Cell, protocol_cell: Cell, transport: Transport, application: str, report: Reporter) -> set[str]:
    if len(cell) > 1 and len(cell) == len(protocol_cell):
        report(
            'ports', 'as many lines of ports as of protocols', 'matched line by line', 'check that they belong together'
        )
        found = set()
        for line, protocol in zip(cell, protocol_cell, strict=True):
            # Doubts about the protocols were reported for the whole cell
            found |= _one((line,), of_cell(protocol.text, None), application, report)
        return found
    return _one(cell, transport, application, report)


def _one(cell: Cell, transport: Transport, application: str, report: Reporter) -> set[str]:
    text = '\n'.join(line.text for line in cell)
    found = pieces(text, transport.names, report)
    specs: set[str] = set()
    if not found:
        if portless := [name for name in transport.names if name not in ports.WITH_PORTS]:
            return set(portless)
        if EMPTY.fullmatch(text.strip()) and any(name in ports.WITH_PORTS for name in transport.names):
            report('ports', f'{"/".join(transport.names)} without a port', 'left out', 'add the ports')
        return specs
    bare = [piece for piece in found if not piece.protocols]
    if bare:
        names = transport.names or _missing(bare, application, report)
        carrying = [name for name in names if name in ports.WITH_PORTS]
        if portless := [name for name in names if name not in ports.WITH_PORTS]:
            report(
                'ports',
                f'{"/".join(portless)} has no ports, but the cell contains {short(text)}',
                '/'.join(portless),
                'check whether this is an ICMP type, and document it in the notes',
            )
        specs.update(portless)
        if len(carrying) > 1 and len(bare) > 1:
            report(
                'ports',
                f'{"/".join(carrying)} with {short(text)}',
                'every port with every protocol',
                'check whether each port belongs to one protocol only',
            )
        found = [Piece(piece.first, piece.last, tuple(carrying)) if piece in bare else piece for piece in found]
    for piece in found:
        if piece.last - piece.first >= WIDE and (piece.first, piece.last) != (1, ports.HIGHEST):
            report(
                'ports',
                f'{piece.first}-{piece.last} is very wide',
                'the range as destination ports',
                'check that these are not source ports',
            )
        for name in piece.protocols:
            with_ports = name in ports.WITH_PORTS
            specs.add(f'{name}/{ports.port_text(piece.first, piece.last)}' if with_ports else name)
    return specs


def _missing(bare: list[Piece], application: str, report: Reporter) -> tuple[str, ...]:
    """The protocols for ports without one: those usual for the application, or else for the port."""
    names, why = of_application(application), f'usual for {application}'
    if not names:
        names, why = usual_transport(bare[0].first), 'most common on this port'
    if (bare[0].first, bare[0].last) == (1, ports.HIGHEST) and not of_application(application):
        names, why = ('tcp', 'udp'), 'any protocol may be meant'
    report('ports', 'protocol not stated', f'{" and ".join(names)}, {why}', 'check it')
    return names
