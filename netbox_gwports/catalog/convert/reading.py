"""Reads one row of the table: what it states, what a person decided instead, and what is undecided."""

import re
from dataclasses import dataclass, field, replace

from . import ends, openings, purposes
from .answers import FOOTNOTES, LEAVE_UNDECIDED, OPTIONAL, ZONES_OF, Answers, Decision
from .cells import Cell, Line, Record, lines_of
from .conditions import Condition
from .directions import Product
from .ends import Ends
from .errors import Reporter, Undecided, short
from .openings import Opening
from .portcells import STRUCK, plain
from .purposes import Item
from .remotes import ROLES, UNNAMED, Remote, derive

__all__ = ('Reading', 'read')

# Limits of the format
MOST_PORTS, MOST_NAMES = 500, 500
# Columns whose grammars know what is struck through
GRAMMARS = {'ports', 'tcp', 'udp', 'local_ports', 'remote_ports', 'protocol'}
# What must not be opened, but not "must not be blocked"
BLOCKED = re.compile(
    r'\b(?:must|should|shall|has to|have to|can|may|needs? to)\s+be\s+(?:blocked|denied|closed|dropped|rejected)\b'
    r'|\b(?:do|must|should|may)\s+not\s+(?:be\s+)?(?:open|allow|permit)(?:ed)?\b'
    r'|^\s*(?:block(?:ed)?|deny|denied|drop|closed?|reject)\b',
    re.IGNORECASE,
)


@dataclass(slots=True)
class Reading:
    """A row of the table. ``dns_names`` and ``condition`` apply to all of it.

    ``remotes``: for each item, direction -> remote. ``undecided``: why the row cannot be written; empty if it can.
    ``local``: the connection passes no firewall.
    """

    number: int
    record: Record
    report: Reporter
    decision: Decision
    opening: Opening | None = None
    ends: Ends | None = None
    items: list[Item] = field(default_factory=list)
    dns_names: list[str] = field(default_factory=list)
    condition: Condition | None = None
    remotes: list[dict[str, Remote]] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)
    local: bool = False

    @property
    def left_out(self) -> bool:
        return self.local or self.decision.leave_out

    @property
    def written(self) -> bool:
        return not self.undecided and not self.left_out


def read(record: Record, number: int, product: Product, answers: Answers, report: Reporter) -> Reading:
    """Read a row. What is undecided in it is in the result: nothing is raised."""
    decision = answers.rows.get(number, Decision())
    record = _decided(_without_struck(record, report), decision)
    found = Reading(number, record, report, decision)
    if decision.leave_out:
        return found
    if ends.is_local(record):
        report('rows', 'local connection', 'the row is left out', 'nothing to do: it passes no firewall')
        found.local = True
        return found
    if not decision.data():
        _refuse_blocked(found)
    if record.unclear and not (decision.ports and decision.direction):
        found.undecided.append(Undecided('rows', record.unclear))
        return found
    description = _read_purposes(found)
    named = bool(found.dns_names) or any(item.dns_names for item in found.items)
    try:
        found.ends = ends.read(record, product, answers, description, named, report)
    except Undecided as e:
        found.undecided.append(e)
    directions = found.ends.directions if found.ends else ()
    try:
        found.opening = openings.read(record, directions, answers, report)
    except Undecided as e:
        found.undecided.append(e)
    if found.opening:
        _check_opening(found, answers)
    _read_remotes(found, answers)
    return found


def _decided(record: Record, decision: Decision) -> Record:
    """The record with the decisions in place of its cells."""
    cells = dict(record.cells)
    if decision.ports:
        cells = {name: cell for name, cell in cells.items() if name not in GRAMMARS}
        cells['ports'] = lines_of(decision.ports, record.line)
    if decision.direction:
        cells = {name: cell for name, cell in cells.items() if name not in ('in', 'out')}
        cells['direction'] = lines_of(decision.direction, record.line)
    if decision.application:
        cells['application'] = lines_of(decision.application, record.line)
    return replace(record, cells=cells)


def _without_struck(record: Record, report: Reporter) -> Record:
    cells: dict[str, Cell] = {}
    for name, cell in record.cells.items():
        if name not in GRAMMARS and any(STRUCK.search(line.text) for line in cell):
            report('rows', f'text in the column of {name} is struck through', 'left out', 'check the row')
            cell = tuple(Line(text, line.number, line.bullet) for line in cell if (text := plain(line.text)))
        cells[name] = cell
    return replace(record, cells=cells)


def _refuse_blocked(found: Reading) -> None:
    for column in ('purpose', 'notes', 'condition', 'direction'):
        for line in found.record.cells.get(column, ()):
            if match := BLOCKED.search(line.text):
                found.undecided.append(Undecided('rows', f'the table says {short(match[0])}'))
                return


def _read_purposes(found: Reading) -> str:
    """Read the purposes, and return the full description."""
    record, report, decided = found.record, found.report, found.decision.purposes
    cell = record.cells.get('purpose', ())
    found.items, names = purposes.read(cell, report)
    if not found.items:
        found.items = purposes.default_purpose(record, openings.name_of(record), report)
    for item, text in zip(found.items, decided, strict=False):
        item.text = text or item.text
    if len(names) > MOST_NAMES:
        report('dns_names', f'{len(names)} DNS names', f'the first {MOST_NAMES}', 'split the row')
    found.dns_names = names[:MOST_NAMES]
    found.condition = purposes.condition_of(record, report)
    return ' '.join(line.text for line in cell)


def _check_opening(found: Reading, answers: Answers) -> None:
    assert found.opening is not None
    if len(found.opening.specs) > MOST_PORTS:
        found.undecided.append(Undecided('ports', f'{len(found.opening.specs)} ports'))
    marks = set(found.opening.marks)
    if any(answers.footnotes.get(mark) == LEAVE_UNDECIDED for mark in marks):
        found.undecided.append(Undecided('ports', 'the footnote is undecided', FOOTNOTES))
    if optional := next((mark for mark in marks if answers.footnotes.get(mark) == OPTIONAL), ''):
        found.condition = found.condition or Condition(f'footnote {optional}', ())


def _read_remotes(found: Reading, answers: Answers) -> None:
    """Find the remote of each item; without one, the row is undecided unless its zone was answered."""
    if found.ends is None:
        return
    application = found.opening.application if found.opening else openings.name_of(found.record)
    found.dns_names = list(dict.fromkeys((*found.ends.dns_names, *found.dns_names)))[:MOST_NAMES]
    unnamed = False
    for item in found.items:
        remotes = {}
        for direction in found.ends.directions:
            named = bool(item.dns_names or found.dns_names)
            text = found.decision.remote or found.ends.remotes[direction]
            remote = derive(text, named, item.text, application, direction)
            zone = answers.zones.get(remote.slug) if remote.slug in ROLES else answers.zone_of(remote.slug, remote.name)
            unnamed |= remote.slug == UNNAMED[0] and not zone
            remotes[direction] = replace(remote, zone=zone) if zone else remote
        found.remotes.append(remotes)
    if unnamed:
        found.undecided.append(Undecided('role', 'the row does not state the remote', ZONES_OF))
