"""The cells of ports, protocol and application -> port specs of a service."""

import re
from dataclasses import dataclass

from ...rules import ports
from .cells import Cell, Record, text_of
from .errors import Teller, short
from .portcells import NOTHING, Piece, pieces
from .protocols import Transport, is_known, of_application, of_cell, usual_application, usual_transport

__all__ = ('Opening', 'read')

WIDE = 10_000


@dataclass(frozen=True, slots=True)
class Opening:
    """``specs`` canonical, none where nothing could be read.

    ``name`` is what the table calls the service, ``application`` the protocol on these ports; '' where nobody says it.
    """

    specs: tuple[str, ...]
    name: str
    application: str


def read(record: Record, tell: Teller) -> Opening:
    """What the row opens. Everything that its cells do not say in so many words is told."""
    name = '' if NOTHING.fullmatch(said := text_of(record.cells.get('application', ()))) else said
    # "Web mail" in a column of services is a name, not a protocol
    application = name[:50].strip() if is_known(name) else ''
    transport = of_cell(text_of(record.cells.get('protocol', ())), tell)
    if transport.application and not application:
        application = transport.application
        tell(
            'application_protocol',
            'the column of protocols names no transport',
            f'{application} as the application',
            'check both',
        )
    if 'source_ports' in record.cells and not re.fullmatch(
        r'(?i)any|all|ephemeral|dynamic|high|-|\*', source := text_of(record.cells['source_ports'])
    ):
        tell('ports', f'source ports {short(source)}', 'nothing of them', 'catalogs hold destination ports only')
    found: set[str] = set()
    for column, names in (('ports', None), ('tcp', ('tcp',)), ('udp', ('udp',))):
        if cell := record.cells.get(column, ()):
            given = Transport(names) if names else transport
            found |= _specs(cell, record.cells.get('protocol', ()), given, application, tell)
    if not found and not record.cells.keys() & {'ports', 'tcp', 'udp'}:
        # "ICMP" beside an empty cell of ports
        found = {name for name in transport.names if name not in ports.WITH_PORTS}
    specs = tuple(str(spec) for spec in ports.merge(ports.parse(spec) for spec in found))
    if specs and not application:
        application = usual_application(specs)
        if application:
            tell(
                'application_protocol',
                f'{short(name)} is none' if name else 'no column names it',
                f'{application}, usual on {specs[0]}',
                'check it',
            )
        else:
            unsure = f'{short(name)} is no protocol that is known here' if name else 'nothing names the application'
            tell('application_protocol', unsure, 'none', 'say what is spoken')
    return Opening(specs, name or application, application)


def _specs(cell: Cell, protocol_cell: Cell, transport: Transport, application: str, tell: Teller) -> set[str]:
    if len(cell) > 1 and len(cell) == len(protocol_cell):
        tell('ports', 'as many lines of ports as of protocols', 'them pair by pair', 'check that they belong together')
        found = set()
        for line, protocol in zip(cell, protocol_cell, strict=True):
            # What is not sure of the protocols was told for the whole cell
            found |= _one((line,), of_cell(protocol.text, None), application, tell)
        return found
    return _one(cell, transport, application, tell)


def _one(cell: Cell, transport: Transport, application: str, tell: Teller) -> set[str]:
    text = '\n'.join(line.text for line in cell)
    found = pieces(text, transport.names, tell)
    specs: set[str] = set()
    if not found:
        if portless := [name for name in transport.names if name not in ports.WITH_PORTS]:
            return set(portless)
        if NOTHING.fullmatch(text.strip()) and any(name in ports.WITH_PORTS for name in transport.names):
            tell('ports', f'{"/".join(transport.names)} without a port', 'nothing for it', 'say which ports are meant')
        return specs
    bare = [piece for piece in found if not piece.protocols]
    if bare:
        names = transport.names or _missing(bare, application, tell)
        carrying = [name for name in names if name in ports.WITH_PORTS]
        if portless := [name for name in names if name not in ports.WITH_PORTS]:
            tell(
                'ports',
                f'{"/".join(portless)} has no ports, the cell says {short(text)}',
                '/'.join(portless),
                'check whether a type is meant, and write it into the notes',
            )
        specs.update(portless)
        if len(carrying) > 1 and len(bare) > 1:
            tell(
                'ports',
                f'{"/".join(carrying)} beside {short(text)}',
                'every port with every protocol',
                'check whether they belong together pair by pair',
            )
        found = [Piece(piece.first, piece.last, tuple(carrying)) if piece in bare else piece for piece in found]
    for piece in found:
        if piece.last - piece.first >= WIDE and (piece.first, piece.last) != (1, ports.HIGHEST):
            tell(
                'ports',
                f'{piece.first}-{piece.last} is very wide',
                'it as destination ports',
                'check that no source ports are meant',
            )
        for name in piece.protocols:
            with_ports = name in ports.WITH_PORTS
            specs.add(f'{name}/{ports.port_text(piece.first, piece.last)}' if with_ports else name)
    return specs


def _missing(bare: list[Piece], application: str, tell: Teller) -> tuple[str, ...]:
    """Nobody says the protocol: what is usual for the application, or for the port."""
    names, why = of_application(application), f'usual for {application}'
    if not names:
        names, why = usual_transport(bare[0].first), 'most usual on such a port'
    if (bare[0].first, bare[0].last) == (1, ports.HIGHEST) and not of_application(application):
        names, why = ('tcp', 'udp'), 'any protocol may be meant'
    tell('ports', 'no protocol is given', f'{" and ".join(names)}, {why}', 'check it')
    return names
