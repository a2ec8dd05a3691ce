"""The draft: an entry for each row that is decided, the rows that are not, the doubts, and the questions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ...rules.constants import ZONES
from ..document import read as read_catalog
from ..errors import CatalogError
from ..safeyaml import LONGEST
from ..writing import Inline, InlineList, dump
from . import reading, tables
from .answers import Answers, Decision
from .columns import FIELDS
from .directions import Product
from .errors import MEANING, OPENS, WORDING, ConversionError, Doubt, Doubts, Reporter, short
from .head import Head
from .questions import Question, questions
from .reading import Reading
from .registry import Registry
from .remotes import UNNAMED
from .rows import Rows

__all__ = ('LEFT_OUT', 'UNDECIDED', 'WRITTEN', 'Draft', 'Row', 'convert')

MOST_ROWS = 2000
LONGEST_PRINTED, LONGEST_PARTIAL = 300, 200
# The state of a row
WRITTEN, UNDECIDED, LEFT_OUT = 'written', 'undecided', 'left out'


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table beside what was understood.

    ``printed``: (heading, text) of its cells. ``remotes``: slugs of roles. ``why``: what is undecided, or why the row
    is left out. What could not be read is empty.
    """

    number: int
    line: int
    state: str
    printed: tuple[tuple[str, str], ...]
    ports: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    remotes: tuple[str, ...] = ()
    application: str = ''
    purposes: tuple[str, ...] = ()
    dns_names: tuple[str, ...] = ()
    feature: str = ''
    why: tuple[str, ...] = ()
    decision: Decision = field(default_factory=Decision)
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """``text``: a catalog in YAML; no catalog if no row is decided. ``rows``: the number of rows in it.

    ``doubts`` and ``table`` are in the order of the table. ``questions``: those whose answers decide most.
    """

    text: str
    doubts: tuple[Doubt, ...]
    rows: int
    table: tuple[Row, ...] = ()
    questions: tuple[Question, ...] = ()
    answers: Answers = field(default_factory=Answers)

    @property
    def undecided(self) -> tuple[Row, ...]:
        return tuple(row for row in self.table if row.state == UNDECIDED)

    def commented(self) -> str:
        """The text, preceded by its doubts as comments; only as many as fit into the maximum size of a catalog."""
        lines, room = [], LONGEST - len(self.text) - 200
        for number, doubt in enumerate(self.doubts):
            line = f'# {doubt}\n'
            if (room := room - len(line)) < 0:
                lines.append(f'# and {len(self.doubts) - number} more doubts\n')
                break
            lines.append(line)
        head = '# Draft: delete each comment below after checking it.\n' if lines else ''
        return ''.join([head, *lines, self.text])


def convert(
    source: str | bytes,
    *,
    head: Head,
    kind: str | None = None,
    answers: Answers | None = None,
    zones: Iterable[str] = ZONES,
) -> Draft:
    """Convert a table of ports to a draft catalog. ``kind`` is one of KINDS, or None to detect it.

    ``answers`` are those to the questions of an earlier draft of the same table; ``zones`` those that the site knows.

    Raises ConversionError if the source is too long or has no recognizable columns or rows, or if ``head`` or
    ``answers`` have invalid values.
    """
    head, doubts, answers, zones = head.checked(), Doubts(), answers or Answers(), tuple(zones)
    _check_answers(answers, zones)
    found = tables.read(source, kind, answers, doubts)
    if len(found.records) > MOST_ROWS:
        raise ConversionError(
            found.records[MOST_ROWS].line,
            f'has {len(found.records)} rows',
            f'a catalog may have at most {MOST_ROWS}: convert it in parts',
        )
    product = Product(head.manufacturer, head.name, answers.itself)
    readings = [
        reading.read(record, number, product, answers, doubts.at(record.line, number))
        for number, record in enumerate(found.records, 1)
    ]
    text, written, roles = _write(head, readings, answers, doubts, zones)
    in_order = doubts.sorted({r.number: r.opening.specs for r in readings if r.opening and r.written})
    return Draft(
        text=text,
        doubts=tuple(in_order),
        rows=len(written),
        table=tuple(_row(r, written.get(r.number, {}), roles, in_order) for r in readings),
        questions=tuple(questions(found, readings, answers, zones)),
        answers=answers,
    )


def _check_answers(answers: Answers, zones: tuple[str, ...]) -> None:
    for heading, name in answers.columns.items():
        if name not in FIELDS:
            mend = f'use one of {", ".join(FIELDS)}'
            raise ConversionError(0, f'column {short(heading)} cannot contain {short(name)}', mend)
    for zone in answers.zones.values():
        if zone not in zones:
            raise ConversionError(0, f'zone {short(zone)} is not known', f'use one of {", ".join(zones)}')


def _write(
    head: Head, readings: list[Reading], answers: Answers, doubts: Doubts, zones: tuple[str, ...]
) -> tuple[str, dict[int, dict[str, Any]], Registry]:
    """(text, number -> entry of each decided row, roles and features)."""
    decided = [r for r in readings if r.written]
    registry = Registry([r.opening for r in decided if r.opening])
    rows = Rows(registry)
    written = {r.number: rows.write(r) for r in decided}
    for r in readings:
        if not r.left_out:
            for undecided in r.undecided:
                r.report(
                    undecided.field,
                    undecided.why,
                    'nothing: the row is undecided',
                    'decide or leave out',
                    weight=MEANING,
                )
    _report_document(registry, doubts.at())
    partial = _partial(readings)
    catalog = {
        'format': 1,
        'manufacturer': Inline(name=head.manufacturer, slug=head.manufacturer_slug),
        'name': head.name,
        'version': head.version,
        'slug': head.slug,
        **({'partial': partial} if partial else {}),
        'features': list(registry.features.values()),
        'roles': list(registry.roles.values()),
        'services': list(registry.services.values()),
        'rows': list(written.values()),
        'draft': _draft(readings, answers),
    }
    text = dump(catalog)
    if written:
        try:
            read_catalog(text, 'draft', zones=zones)
        except CatalogError as e:
            # Tables that exceed a limit of the format, such as one with 600 conditions
            raise ConversionError(0, f'does not give a valid catalog: {e.problems[0]}', 'convert it in parts') from None
    return text, written, registry


def _partial(readings: list[Reading]) -> str:
    """What the draft lacks of the table: rows that are undecided, and those that a person left out."""
    parts = []
    for what, numbers in (
        ('undecided', [r.number for r in readings if r.undecided and not r.left_out]),
        ('left out', [r.number for r in readings if r.decision.leave_out]),
    ):
        if numbers:
            parts.append(f'{len(numbers)} of {len(readings)} rows {what}: {", ".join(map(str, numbers))}')
    text = '; '.join(parts)
    return text if len(text) <= LONGEST_PARTIAL else f'{text[: LONGEST_PARTIAL - 1].rpartition(",")[0]}…'


def _draft(readings: list[Reading], answers: Answers) -> dict[str, Any]:
    """The part of the document that only matters until the draft is complete."""
    undecided = [
        dict(
            row=r.number,
            line=r.record.line,
            printed=' | '.join(text for _, text in r.record.printed)[:LONGEST_PRINTED] or '-',
            undecided=InlineList(dict.fromkeys(undecided.why[:200] for undecided in r.undecided)),
        )
        for r in readings
        if r.undecided and not r.left_out
    ]
    stated = {'answers': answers.data(), 'undecided': undecided}
    return {name: value for name, value in stated.items() if value}


def _row(r: Reading, entry: dict[str, Any], registry: Registry, doubts: list[Doubt]) -> Row:
    found = (remote for each in r.remotes for remote in each.values())
    # A remote that the row does not state is shown only where it was answered
    remotes = dict.fromkeys(registry.slug_of(remote) for remote in found if r.written or remote.slug != UNNAMED[0])
    return Row(
        number=r.number,
        line=r.record.line,
        state=LEFT_OUT if r.left_out else WRITTEN if r.written else UNDECIDED,
        printed=r.record.printed,
        ports=r.opening.specs if r.opening else (),
        directions=r.ends.directions if r.ends else (),
        remotes=tuple(remotes),
        application=r.opening.application if r.opening else '',
        purposes=tuple(item['purpose'] for item in entry['items']) if entry else tuple(i.text for i in r.items),
        dns_names=tuple(dict.fromkeys([*r.dns_names, *(name for item in r.items for name in item.dns_names)])),
        feature=entry.get('feature', ''),
        why=('local connection',) if r.local else tuple(dict.fromkeys(undecided.why for undecided in r.undecided)),
        decision=r.decision,
        doubts=tuple(doubt for doubt in doubts if doubt.row == r.number),
    )


def _report_document(registry: Registry, report: Reporter) -> None:
    report(
        'purpose',
        "descriptions are the vendor's property",
        'the first words of each',
        'rewrite all purposes in your own words',
    )
    report(
        'roles',
        'a table does not state the zone of a remote, or whether any address is meant',
        'the usual zone and kind of each role',
        'check all roles, and use roles that already exist in NetBox',
    )
    if registry.features:
        report(
            'features',
            'a table does not state which features are in use by default',
            'all features are off',
            'add enabled_by_default, group and parent where they apply',
        )
    if clear := registry.clear_text():
        report(
            'clear_text',
            f'usually unencrypted: {short(", ".join(clear), 300)}',
            'not set',
            'add clear_text: true where data is sent in clear text',
            weight=WORDING,
        )
    if any('icmp' in service['ports'] for service in registry.services.values()):
        report(
            'ports',
            'ICMP for IPv4 and ICMPv6 are separate protocols',
            'icmp',
            'add icmpv6 where it is meant',
            weight=OPENS,
        )
