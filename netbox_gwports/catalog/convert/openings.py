"""Reads the cells of ports, protocol and application as a service."""

import re
from dataclasses import dataclass

from ...rules import ports
from ...rules.constants import INBOUND, OUTBOUND
from .answers import ANY_PORTS, FOOTNOTES, LEAVE_UNDECIDED, PROTOCOL, Answers
from .cells import NO_TICK, TICK, Cell, Record, text_of
from .errors import MEANING, OPENS, WORDING, Reporter, Undecided, short
from .knowledge import is_known, of_application, usual_application, usual_transport
from .portcells import EMPTY, Piece, PortCell, plain
from .portcells import read as read_ports
from .protocols import Transport, of_cell

__all__ = ('Opening', 'name_of', 'read')

WIDE = 10_000
NO_SOURCE_PORTS = re.compile(r'(?i)(?:any|all|ephemeral|dynamic|high|random|[-–—*]|n/?a)(?:\s+ports?)?|')
# Columns of ports -> their protocol; those of local and remote ports depend on the direction
PORT_COLUMNS = {'ports': '', 'tcp': 'tcp', 'udp': 'udp'}


@dataclass(frozen=True, slots=True)
class Opening:
    """``specs``: ports in canonical form. ``marks``: the footnote marks in the cells of ports and protocol.

    ``name``: the table's name of the service; ``application``: the application protocol. Either is '' if not stated.
    """

    specs: tuple[str, ...]
    name: str
    application: str
    marks: tuple[str, ...] = ()
    is_any: bool = False


def name_of(record: Record) -> str:
    """The table's name of the service, or ''."""
    return '' if EMPTY.fullmatch(stated := text_of(record.cells.get('application', ()))) else plain(stated)


def read(record: Record, directions: tuple[str, ...], answers: Answers, report: Reporter) -> Opening:
    """The service of a row. Anything its cells do not state explicitly is reported.

    Raises Undecided if they state no ports, or something that is not understood.
    """
    name = name_of(record)
    # "Web mail" in a column of services is the name of a service, not a protocol
    application = name[:50].strip() if is_known(name) else ''
    protocol_cell = record.cells.get('protocol', ())
    transport = _ticked(record) or of_cell(text_of(protocol_cell), report)
    if transport.application and not application:
        application = transport.application
        if not transport.names or of_application(application) == transport.names:
            report(
                'application_protocol',
                'the column of protocols has no transport protocol',
                f'{application} as application protocol',
                'check both',
            )
    _report_source_ports(record, report)
    cells = _Cells(record, transport, application, answers, report)
    for column in ('ports',) if _ticked(record) else _columns(record, directions):
        cells.read(column)
    if not cells.specs:
        cells.specs.update(name for name in transport.names if name not in ports.WITH_PORTS)
    if not cells.specs:
        raise Undecided('ports', 'the row states no port')
    marks = tuple(dict.fromkeys((*cells.marks, *transport.marks)))
    if undecided := [mark for mark in marks if answers.footnotes.get(mark) == LEAVE_UNDECIDED]:
        raise Undecided('ports', f'the footnote {undecided[0]} is undecided', FOOTNOTES)
    if cells.is_any and answers.any_ports == LEAVE_UNDECIDED:
        raise Undecided('ports', 'every port', ANY_PORTS)
    specs = tuple(str(spec) for spec in ports.merge(ports.parse(spec) for spec in cells.specs))
    application = application or (' '.join(cells.applications)[:50] if len(cells.applications) == 1 else '')
    if not application:
        application = _usual(specs, name, report)
    return Opening(specs, name or application, application, marks, cells.is_any)


def _ticked(record: Record) -> Transport | None:
    """The protocols with a tick in a column "TCP" or "UDP" beside a column of ports; None without such columns."""
    texts = {name: text_of(record.cells[name]) for name in ('tcp', 'udp') if name in record.cells}
    if not record.cells.get('ports') or not texts or record.cells.get('protocol'):
        return None
    if not all(TICK.fullmatch(text) or NO_TICK.fullmatch(text) for text in texts.values()):
        return None
    return Transport(tuple(name for name, text in texts.items() if TICK.fullmatch(text)))


def _usual(specs: tuple[str, ...], name: str, report: Reporter) -> str:
    unsure = f'{short(name)} is not a known protocol' if name else 'not stated'
    if application := usual_application(specs):
        report('application_protocol', unsure, f'{application}, the usual protocol on {specs[0]}', 'check it')
    else:
        report('application_protocol', unsure, 'none', 'enter the application protocol')
    return application


def _report_source_ports(record: Record, report: Reporter) -> None:
    source = text_of(record.cells.get('source_ports', ()))
    if not NO_SOURCE_PORTS.fullmatch(source):
        report(
            'ports',
            f'source ports {short(source)}',
            'left out',
            'nothing to do: catalogs contain destination ports only',
            weight=WORDING,
        )


def _columns(record: Record, directions: tuple[str, ...]) -> list[str]:
    """The columns with the destination ports of the row."""
    columns = [column for column in PORT_COLUMNS if record.cells.get(column)]
    ends = {INBOUND: 'local_ports', OUTBOUND: 'remote_ports'}
    if columns or not record.cells.keys() & set(ends.values()):
        return columns
    if not directions:
        raise Undecided('ports', 'local and remote ports, but no direction')
    chosen = list(dict.fromkeys(ends[direction] for direction in directions))
    texts = {text_of(record.cells.get(column, ())).casefold() for column in chosen}
    if len(texts) > 1:
        raise Undecided('ports', 'local and remote ports differ, and the row has two directions')
    return chosen[:1]


class _Cells:
    """Collects what the cells of ports of one row state."""

    def __init__(
        self, record: Record, transport: Transport, application: str, answers: Answers, report: Reporter
    ) -> None:
        self.record, self.transport, self.application = record, transport, application
        self.answers, self.report = answers, report
        self.specs: set[str] = set()
        self.marks: list[str] = []
        self.applications: list[str] = []
        self.is_any = False

    def read(self, column: str) -> None:
        cell, protocols = self.record.cells.get(column, ()), self.record.cells.get('protocol', ())
        if protocol := PORT_COLUMNS.get(column):
            # A column "TCP" is empty where the row has only UDP
            self._one(text_of(cell), Transport((protocol,)))
        elif self._zipped(cell, protocols):
            return
        else:
            self._one('\n'.join(line.text for line in cell), self.transport)

    def _zipped(self, cell: Cell, protocols: Cell) -> bool:
        """Match lists of ports and protocols that are parallel, line by line or word by word."""
        rows = [(line.text, other.text) for line, other in zip(cell, protocols, strict=False)]
        if len(cell) < 2 or len(cell) != len(protocols):
            words, names = text_of(cell).split(), text_of(protocols).split()
            # "514 514 6514" with "TCP UDP SSL": a port that is printed twice cannot mean the same twice
            if len(words) != len(names) or len(set(words)) == len(words) or not all(w.isdecimal() for w in words):
                return False
            rows = list(zip(words, names, strict=True))
        self.report(
            'ports', 'as many ports as protocols', 'matched one by one', 'check that they belong together', weight=OPENS
        )
        for text, name in rows:
            # Doubts about the protocols were reported for the whole cell
            self._one(text, of_cell(name, Reporter.silent()))
        return True

    def _one(self, text: str, transport: Transport) -> None:
        cell = read_ports(text, tuple(dict.fromkeys(transport.names)), self.report, self.answers.comma)
        self.marks += cell.marks
        self.applications += cell.applications
        self.is_any |= cell.is_any
        for piece in self._with_protocols(cell, text, transport):
            if piece.last - piece.first >= WIDE and not cell.is_any:
                self.report(
                    'ports',
                    f'{piece.first}-{piece.last} is very wide',
                    'the range as destination ports',
                    'check that these are not source ports',
                    weight=OPENS,
                )
            for name in piece.protocols:
                with_ports = name in ports.WITH_PORTS
                self.specs.add(f'{name}/{ports.port_text(piece.first, piece.last)}' if with_ports else name)

    def _with_protocols(self, cell: PortCell, text: str, transport: Transport) -> list[Piece]:
        bare = [piece for piece in cell.pieces if not piece.protocols]
        if not bare:
            return list(cell.pieces)
        names = tuple(dict.fromkeys(transport.names)) or self._missing(bare, cell)
        carrying = tuple(name for name in names if name in ports.WITH_PORTS)
        portless = [name for name in names if name not in ports.WITH_PORTS]
        numbers = {str(ports.number(name)) for name in portless}
        if portless and not (not carrying and text.strip() in numbers):
            self.report(
                'ports',
                f'{"/".join(portless)} has no ports, but the cell contains {short(text)}',
                '/'.join(portless),
                'check whether this is an ICMP type, and document it in the notes',
                weight=OPENS,
            )
        self.specs.update(portless)
        if len(carrying) > 1 and len(bare) > 1:
            self.report(
                'ports',
                f'{"/".join(carrying)} with {short(text)}',
                'every port with every protocol',
                'check whether each port belongs to one protocol only',
                weight=OPENS,
            )
        return [piece._replace(protocols=carrying) if piece in bare else piece for piece in cell.pieces]

    def _missing(self, bare: list[Piece], cell: PortCell) -> tuple[str, ...]:
        """The protocols for ports without one: those of the answer, or usual for the application, or for the ports."""
        application = self.application or ' '.join(cell.applications)
        names, why = of_application(application), f'usual for {application}'
        if not names and not cell.is_any:
            usual = {usual_transport(piece.first) for piece in bare if piece.first == piece.last}
            names = usual.pop() if len(usual) == 1 and all(piece.first == piece.last for piece in bare) else ()
            why = 'usual on this port'
        if answered := tuple(self.answers.protocol.split('/')) if self.answers.protocol else ():
            other = f', but {" and ".join(names)} is {why}' if names and names != answered else ''
            wrote = f'{" and ".join(answered)}, as answered{other}'
            self.report('ports', 'protocol not stated', wrote, 'check it', weight=OPENS if other else MEANING)
            return answered
        if not names:
            raise Undecided('ports', 'the row states no protocol', PROTOCOL)
        self.report('ports', 'protocol not stated', f'{" and ".join(names)}, {why}', 'check it', weight=OPENS)
        return names
