"""The few questions whose answers decide most of what a table leaves open."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ...rules.constants import DIRECTIONS, ZONES
from .answers import (
    ANY_PORTS,
    COLUMNS,
    COMMA,
    DIRECTION,
    FOOTNOTES,
    ITSELF,
    LEAVE_UNDECIDED,
    OPTIONAL,
    PORTS,
    PROTOCOL,
    REMARK,
    TABLES,
    THOUSANDS,
    TRANSPORTS,
    ZONES_OF,
    Answers,
)
from .cells import text_of
from .columns import FIELDS
from .reading import Reading
from .remotes import ROLES, UNNAMED
from .tables import Tables

__all__ = ('MOST', 'Question', 'questions')

MOST = 5
# Parts of a question, such as headings
MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class Question:
    """``name``: the key of the answer. ``about``: headings, footnote marks, roles, texts or tables that it asks about.

    ``options``: the possible answers; empty for texts. ``rows``: the rows that it concerns; empty for all.
    """

    name: str
    text: str
    options: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()


def questions(
    tables: Tables, readings: list[Reading], answers: Answers, zones: Iterable[str] = ZONES
) -> list[Question]:
    """At most MOST questions that are not answered yet, those that concern most rows first."""
    found = [
        _columns(tables, answers, len(readings)),
        _tables(tables, answers, len(readings)),
        _itself(readings, answers),
        _undecided(readings, DIRECTION, 'Who opens the connection in rows that do not say so?', DIRECTIONS),
        _undecided(readings, PROTOCOL, 'Which protocol do ports without one use?', TRANSPORTS),
        _undecided(readings, COMMA, 'What does a comma between digits separate?', (PORTS, THOUSANDS)),
        _footnotes(readings, answers),
        _zones(readings, answers, tuple(zones)),
        _any_ports(readings, answers),
    ]
    asked = [question for question in found if question]
    first = (COLUMNS, TABLES)
    asked.sort(key=lambda question: (question.name not in first, -len(question.rows)))
    return asked[:MOST]


def _undecided(readings: list[Reading], name: str, text: str, options: tuple[str, ...]) -> Question | None:
    rows = _waiting(readings, name)
    return Question(name, text, options, rows=rows) if rows else None


def _waiting(readings: list[Reading], name: str) -> tuple[int, ...]:
    return tuple(
        reading.number
        for reading in readings
        if not reading.left_out and any(undecided.question == name for undecided in reading.undecided)
    )


def _columns(tables: Tables, answers: Answers, rows: int) -> Question | None:
    about = [heading for heading in tables.unknown if heading not in answers.columns]
    if not about or not rows:
        return None
    shown = tuple(about[:MOST_PARTS])
    read_as = ', '.join(f'{heading}: {tables.unknown[heading] or "not read"}' for heading in shown)
    return Question(COLUMNS, f'What do these columns contain? ({read_as})', FIELDS, shown)


def _tables(tables: Tables, answers: Answers, rows: int) -> Question | None:
    if len(tables.names) < 2 or answers.tables or not rows:
        return None
    about = tuple(f'{number}: {name}' for number, name in tables.names.items())[:MOST_PARTS]
    return Question(TABLES, 'Which of these tables belong to the product? (all are read)', (), about)


def _itself(readings: list[Reading], answers: Answers) -> Question | None:
    rows = _waiting(readings, ITSELF)
    if not rows or answers.itself:
        return None
    seen: Counter[str] = Counter()
    for reading in readings:
        if reading.number in rows:
            for column in ('source', 'destination'):
                if text := text_of(reading.record.cells.get(column, ())):
                    seen[text[:100]] += 1
    about = tuple(text for text, _ in seen.most_common(MOST_PARTS))
    return Question(ITSELF, 'What does the table call the product?', (), about, rows)


def _footnotes(readings: list[Reading], answers: Answers) -> Question | None:
    rows, marks = [], dict[str, None]()
    for reading in readings:
        if open_marks := [m for m in (reading.opening.marks if reading.opening else ()) if m not in answers.footnotes]:
            rows.append(reading.number)
            marks.update(dict.fromkeys(open_marks))
    if not rows:
        return None
    options = (REMARK, OPTIONAL, LEAVE_UNDECIDED)
    return Question(
        FOOTNOTES, 'What do these footnotes say about the ports?', options, tuple(marks)[:MOST_PARTS], tuple(rows)
    )


def _zones(readings: list[Reading], answers: Answers, zones: tuple[str, ...]) -> Question | None:
    rows, slugs = dict[int, None](), dict[str, None]()
    for reading in readings:
        for remotes in reading.remotes:
            for remote in remotes.values():
                if remote.slug not in ROLES and not answers.zone_of(remote.slug, remote.name) and not reading.left_out:
                    rows[reading.number] = slugs[remote.slug] = None
    if not rows:
        return None
    # Rows that wait for the answer come first
    about = sorted(slugs, key=lambda slug: slug != UNNAMED[0])[:MOST_PARTS]
    return Question(ZONES_OF, 'In which zones are these remotes?', zones, tuple(about), tuple(rows))


def _any_ports(readings: list[Reading], answers: Answers) -> Question | None:
    rows = tuple(reading.number for reading in readings if reading.opening and reading.opening.is_any)
    if not rows or answers.any_ports:
        return None
    return Question(ANY_PORTS, 'These rows say every port. Leave them undecided?', (LEAVE_UNDECIDED,), rows=rows)
