"""What a person answered about a table: to the questions, and cell by cell. A draft remembers it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ...rules.constants import DIRECTIONS
from .errors import ConversionError, short

__all__ = (
    'ANY_PORTS',
    'COLUMNS',
    'COMMA',
    'DIRECTION',
    'FOOTNOTES',
    'IGNORED',
    'ITSELF',
    'LEAVE_UNDECIDED',
    'OPTIONAL',
    'PORTS',
    'PROTOCOL',
    'REMARK',
    'TABLES',
    'THOUSANDS',
    'TRANSPORTS',
    'ZONES_OF',
    'Answers',
    'Decision',
)

# The names of the answers
COLUMNS, ITSELF, DIRECTION, FOOTNOTES, ZONES_OF = 'columns', 'itself', 'direction', 'footnotes', 'zones'
COMMA, ANY_PORTS, TABLES, PROTOCOL = 'comma', 'any_ports', 'tables', 'protocol'
TRANSPORTS = ('tcp', 'udp', 'tcp/udp')
# What a comma between digits separates
PORTS, THOUSANDS = 'ports', 'thousands'
# What a footnote says: nothing about the ports, or that the row is optional; and of footnotes and cells that mean any
# port: the row stays undecided
REMARK, OPTIONAL, LEAVE_UNDECIDED = 'remark', 'optional', 'undecided'
# A column that is not read
IGNORED = 'ignored'
MOST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about one row, in place of what the table says; empty: as the table says.

    ``ports`` and ``direction`` are texts as in a table. ``remote`` is a role, by slug or in words. ``purposes`` are in
    the order of the row.
    """

    ports: str = ''
    direction: str = ''
    remote: str = ''
    application: str = ''
    purposes: tuple[str, ...] = ()
    leave_out: bool = False

    def data(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in ('ports', 'direction', 'remote', 'application', 'leave_out')}
        return {name: value for name, value in {**values, 'purposes': list(self.purposes)}.items() if value}


@dataclass(frozen=True, slots=True)
class Answers:
    """All are optional.

    ``columns``: heading -> field, or IGNORED. ``itself``: what the table calls the product. ``direction``: of rows that
    state none. ``protocol``: of ports that state none, one of TRANSPORTS. ``footnotes``: mark -> REMARK, OPTIONAL or
    LEAVE_UNDECIDED. ``zones``: slug of a role, or its name, or ``*`` -> zone. ``comma``: PORTS or THOUSANDS.
    ``any_ports``: LEAVE_UNDECIDED, or '' to write them. ``tables``: the numbers of the tables to read, from 1; all if
    empty. ``rows``: number of a row, from 1 -> Decision.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    itself: tuple[str, ...] = ()
    direction: str = ''
    footnotes: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    comma: str = ''
    protocol: str = ''
    any_ports: str = ''
    tables: tuple[int, ...] = ()
    rows: Mapping[int, Decision] = field(default_factory=dict)

    @classmethod
    def of(cls, data: object) -> 'Answers':
        """The answers in plain data, such as parsed YAML or JSON. Raises ConversionError for anything else."""
        data = {} if data is None else data
        known = {f.name for f in fields(cls)}
        if not isinstance(data, dict) or not data.keys() <= known:
            unknown = sorted(map(str, data.keys() - known)) if isinstance(data, dict) else ''
            raise ConversionError(0, f'answers {short(str(unknown))} are unknown', f'use {", ".join(sorted(known))}')
        return cls(
            columns=_texts(data.get(COLUMNS), COLUMNS),
            itself=_list(data.get(ITSELF), ITSELF),
            direction=_one_of(data.get(DIRECTION), DIRECTION, DIRECTIONS),
            footnotes=_texts(data.get(FOOTNOTES), FOOTNOTES, (REMARK, OPTIONAL, LEAVE_UNDECIDED)),
            zones=_texts(data.get(ZONES_OF), ZONES_OF),
            comma=_one_of(data.get(COMMA), COMMA, (PORTS, THOUSANDS)),
            protocol=_one_of(data.get(PROTOCOL), PROTOCOL, TRANSPORTS),
            any_ports=_one_of(data.get(ANY_PORTS), ANY_PORTS, (LEAVE_UNDECIDED,)),
            tables=_numbers(data.get(TABLES)),
            rows={
                _number(number, 'rows'): _decision(number, decided)
                for number, decided in _mapping(data.get('rows'), 'rows').items()
            },
        )

    def data(self) -> dict[str, Any]:
        """As plain data, without what is empty."""
        values: dict[str, Any] = {
            COLUMNS: dict(self.columns),
            ITSELF: list(self.itself),
            DIRECTION: self.direction,
            FOOTNOTES: dict(self.footnotes),
            ZONES_OF: dict(self.zones),
            COMMA: self.comma,
            PROTOCOL: self.protocol,
            ANY_PORTS: self.any_ports,
            TABLES: list(self.tables),
            'rows': {str(number): row.data() for number, row in sorted(self.rows.items()) if row.data()},
        }
        return {name: value for name, value in values.items() if value}

    def zone_of(self, slug: str, name: str = '') -> str:
        """The zone for a role, or ''. ``*`` answers for all."""
        return next((self.zones[key] for key in (slug, name, '*') if key and key in self.zones), '')


def _refuse(name: str, value: object, mend: str) -> ConversionError:
    return ConversionError(0, f'answer {name} {short(str(value))} is not valid', mend)


def _mapping(value: object, name: str) -> dict[Any, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > 2000:
        raise _refuse(name, value, 'use a mapping')
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or len(value) > MOST_TEXT or not value.isprintable():
        raise _refuse(name, value, f'use up to {MOST_TEXT} printable characters on one line')
    return value.strip()


def _texts(value: object, name: str, choices: tuple[str, ...] = ()) -> dict[str, str]:
    found = {_text(key, name): _text(text, name) for key, text in _mapping(value, name).items()}
    for text in found.values():
        if choices and text not in choices:
            raise _refuse(name, text, f'use {", ".join(choices)}')
    return found


def _list(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple, type(None))) or len(value or ()) > 200:
        raise _refuse(name, value, 'use a list of texts')
    return tuple(_text(text, name) for text in value or ())


def _numbers(value: object) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple, type(None))) or len(value or ()) > 200:
        raise _refuse(TABLES, value, 'use a list of numbers')
    return tuple(_number(number, TABLES) for number in value or ())


def _one_of(value: object, name: str, choices: tuple[str, ...]) -> str:
    if value in (None, ''):
        return ''
    if value not in choices:
        raise _refuse(name, value, f'use {", ".join(choices)}')
    return str(value)


def _number(value: object, name: str) -> int:
    # JSON has texts for keys
    text = str(value)
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:9]) <= 32767:
        raise _refuse(name, value, 'use the number of a row, from 1')
    return int(text)


def _decision(number: object, values: object) -> Decision:
    data = _mapping(values, f'rows {number}')
    known = {f.name for f in fields(Decision)}
    if unknown := sorted(map(str, data.keys() - known)):
        raise _refuse(f'rows {number}', ', '.join(unknown), f'use {", ".join(sorted(known))}')
    texts = {name: _text(data.get(name) or '', name) for name in known - {'purposes', 'leave_out'}}
    return Decision(**texts, purposes=_list(data.get('purposes'), 'purposes'), leave_out=bool(data.get('leave_out')))
