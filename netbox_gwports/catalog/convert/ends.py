"""The two ends of a connection: its directions, the description of the remote, and its DNS names."""

import re
from dataclasses import dataclass

from . import names
from .answers import DIRECTION, ITSELF, Answers
from .cells import NO_TICK, TICK, Record, text_of
from .directions import IN, OUT, Product, in_prose, of_text
from .errors import OPENS, Reporter, Undecided, short
from .portcells import EMPTY, plain

__all__ = ('Ends', 'is_local', 'read')

LOCAL = re.compile(r'(?i)\s*(?:localhost|loopback|127\.0\.0\.1|::1)(?:\s+only)?\s*')


@dataclass(frozen=True, slots=True)
class Ends:
    """``directions``: one or both. ``remotes``: direction -> the table's description of the remote, or ''."""

    directions: tuple[str, ...]
    remotes: dict[str, str]
    dns_names: tuple[str, ...]


@dataclass(slots=True)
class _Row:
    record: Record
    product: Product
    answers: Answers
    # The full description in the row, and whether it contains DNS names
    purpose: str
    named: bool
    # Column -> the words in it
    texts: dict[str, str]
    report: Reporter

    def between(self) -> tuple[str, ...]:
        """The directions that source and destination give."""
        return self.product.directions(self.texts['source'], self.texts['destination'])


def read(record: Record, product: Product, answers: Answers, purpose: str, named: bool, report: Reporter) -> Ends:
    """``purpose``: the full description in the row; ``named``: whether it contains DNS names.

    Raises Undecided if the row does not say who opens the connection.
    """
    texts, dns_names = {}, {}
    for column in ('source', 'destination', 'dns_names'):
        texts[column], dns_names[column] = _words(record, column, report)
    named = named or bool(dns_names['destination'] or dns_names['dns_names'])
    row = _Row(record, product, answers, purpose, named, texts, report)
    directions = _stated(row) or row.between() or _derived(row, dns_names)
    remotes, found = {}, []
    for direction in directions:
        far = 'destination' if direction == OUT else 'source'
        words = next((texts[c] for c in (far, 'dns_names') if texts[c] and not product.is_in(texts[c])), '')
        if len(directions) == 2 and row.between() == directions:
            words = 'peer gateways'
            report('role', 'the product is at both ends', 'peer gateways', 'check it')
        remotes[direction] = words
        found += [*dns_names[far], *dns_names['dns_names']]
    _check(row, directions)
    return Ends(directions, remotes, tuple(dict.fromkeys(found)))


def is_local(record: Record) -> bool:
    """Whether the connection is local to the machine: catalogs omit these."""
    return any(
        LOCAL.fullmatch(text_of(record.cells.get(column, ()))) for column in ('source', 'destination', 'dns_names')
    )


def _words(record: Record, column: str, report: Reporter) -> tuple[str, list[str]]:
    """(description, DNS names) of a cell with an end of the connection."""
    words, dns_names = [], []
    for line in record.cells.get(column, ()):
        text = plain(line.text)
        if EMPTY.fullmatch(text):
            continue
        if names.only_names(text):
            dns_names += names.from_cell(text, report, line.number)
        elif found := names.in_prose(text, report, line.number):
            dns_names += found
        else:
            words.append(text)
    return ', '.join(words), dns_names


def _stated(row: _Row) -> tuple[str, ...]:
    """The directions in the column of directions, or in the columns with a tick for each."""
    ticks = _ticked(row)
    text = plain(text_of(row.record.cells.get('direction', ())))
    if EMPTY.fullmatch(text):
        return ticks
    directions, alternative = of_text(text)
    if len(directions) == 2:
        _report_both(row, text, alternative)
    if not directions and (parts := row.product.split(text)) and (directions := row.product.directions(*parts)):
        row.texts['source'] = row.texts['source'] or parts[0]
        row.texts['destination'] = row.texts['destination'] or parts[1]
    if not directions:
        if not (directions := row.between()):
            raise Undecided('direction', f'{short(text)} is not a direction', ITSELF if parts else DIRECTION)
        row.report(
            'direction', f'{short(text)} is not a direction', 'derived from source and destination', 'use In or Out'
        )
    return directions


def _ticked(row: _Row) -> tuple[str, ...]:
    found = []
    for column, direction in (('out', OUT), ('in', IN)):
        text = text_of(row.record.cells.get(column, ()))
        if TICK.fullmatch(text):
            found.append(direction)
        elif not NO_TICK.fullmatch(text) and not EMPTY.fullmatch(text):
            raise Undecided('direction', f'{short(text)} in the column of a direction is not understood')
    if len(found) == 2:
        _report_both(row, 'a tick for each direction', False)
    return tuple(found)


def _report_both(row: _Row, text: str, alternative: bool) -> None:
    row.report(
        'direction',
        f'{short(text)} means {"one of two directions" if alternative else "both directions"}',
        'two flows for each purpose',
        'make each a feature' if alternative else 'set not_opened on the direction in which no connection is opened',
        weight=OPENS,
    )


def _derived(row: _Row, dns_names: dict[str, list[str]]) -> tuple[str, ...]:
    """Derive the direction from the context, most reliable first."""
    cells, texts, report = row.record.cells, row.texts, row.report
    printed = {column for column in ('source', 'destination') if texts[column] or dns_names[column]}
    if len(printed) == 2:
        # Neither end is the product. A word such as "inbound" is not enough to tell which one is meant
        raise Undecided('direction', f'neither {short(texts["source"])} nor the other end is the product', ITSELF)
    for text, where in ((row.record.heading, 'the heading'), (row.purpose, 'the purpose')):
        if len(directions := in_prose(text) or (of_text(text)[0] if text else ())) == 1:
            report('direction', f'stated only by {where} {short(text)}', directions[0], 'check it')
            return directions
    if row.answers.direction:
        report('direction', 'not stated', f'{row.answers.direction}, as answered', 'check it')
        return (row.answers.direction,)
    if printed and not {'source', 'destination'} <= cells.keys():
        (column,) = printed
        direction = IN if column == 'source' else OUT
        report('direction', f'only a {column} is stated', f'{direction}: the product is at the other end', 'check it')
        return (direction,)
    if row.named:
        report('direction', 'not stated', f'{OUT}, because the row has DNS names', 'check it')
        return (OUT,)
    raise Undecided('direction', 'the row states no direction', DIRECTION)


def _check(row: _Row, directions: tuple[str, ...]) -> None:
    """Report rows that contradict themselves."""
    if len(directions) != 1:
        return
    other = IN if directions[0] == OUT else OUT
    if in_prose(row.purpose) == (other,):
        row.report(
            'direction',
            f'{short(row.purpose)} says {other}',
            f'{directions[0]}, as printed',
            'correct it, and enter the vendor\'s word into "printed"',
            weight=OPENS,
        )
    if row.between() == (other,):
        row.report(
            'direction',
            'the product is at the other end',
            f'{directions[0]}, as printed',
            'check which side connects',
            weight=OPENS,
        )
