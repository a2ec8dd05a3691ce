"""The two ends of a connection: its directions, the description of the remote, and its DNS names."""

import re
from dataclasses import dataclass

from . import names
from .cells import Record, text_of
from .directions import IN, OUT, Product, in_prose, of_text
from .errors import Reporter, short
from .portcells import EMPTY

__all__ = ('Ends', 'is_local', 'read')

LOCAL = re.compile(r'(?i)\s*(?:localhost|loopback|127\.0\.0\.1|::1)(?:\s+only)?\s*')


@dataclass(frozen=True, slots=True)
class Ends:
    """``directions``: empty if unknown. ``remotes``: direction -> the table's description of the remote, or ''."""

    directions: tuple[str, ...]
    remotes: dict[str, str]
    dns_names: tuple[str, ...]


def read(record: Record, product: Product, purpose: str, named: bool, report: Reporter) -> Ends:
    """``purpose``: the full description in the row; ``named``: whether it contains DNS names."""
    texts, dns_names = {}, {}
    for column in ('source', 'destination', 'dns_names'):
        texts[column], dns_names[column] = _words(record, column, report)
    ways = _of_column(record, product, texts, report)
    if not ways:
        ways = product.way(texts['source'], texts['destination'])
    named = named or bool(dns_names['destination'] or dns_names['dns_names'])
    ways = ways or _guessed(record, purpose, named, report)
    remotes, found = {}, []
    for way in ways:
        far = 'destination' if way == OUT else 'source'
        words = next((texts[c] for c in (far, 'dns_names') if texts[c] and not product.is_in(texts[c])), '')
        if product.is_in(texts[far]) and len(ways) == 2 and product.way(texts['source'], texts['destination']) == ways:
            words = 'peer gateways'
            report('role', 'the product is at both ends', 'peer gateways', 'check it')
        remotes[way] = words
        found += [*dns_names[far], *dns_names['dns_names']]
    _check(record, ways, product, texts, purpose, report)
    return Ends(ways, remotes, tuple(dict.fromkeys(found)))


def is_local(record: Record) -> bool:
    """Whether the connection is local to the machine: catalogs omit these."""
    return any(
        LOCAL.fullmatch(text_of(record.cells.get(column, ()))) for column in ('source', 'destination', 'dns_names')
    )


def _words(record: Record, column: str, report: Reporter) -> tuple[str, list[str]]:
    """(description, DNS names) of a cell with an end of the connection."""
    words, dns_names = [], []
    for line in record.cells.get(column, ()):
        if EMPTY.fullmatch(line.text):
            continue
        if names.only_names(line.text):
            dns_names += names.from_cell(line.text, report, line.number)
        elif found := names.in_prose(line.text, report, line.number):
            dns_names += found
        else:
            words.append(line.text)
    return ', '.join(words), dns_names


def _of_column(record: Record, product: Product, texts: dict[str, str], report: Reporter) -> tuple[str, ...]:
    text = text_of(record.cells.get('direction', ()))
    if EMPTY.fullmatch(text):
        return ()
    ways, alternative = of_text(text)
    if len(ways) == 2:
        kind = 'one of two directions' if alternative else 'both directions'
        report(
            'direction',
            f'{short(text)} means {kind}',
            'two flows for each purpose',
            'make each a feature'
            if alternative
            else 'set not_opened on the direction in which no connection is opened',
        )
    if not ways and (parts := product.split(text)) and (ways := product.way(*parts)):
        texts['source'], texts['destination'] = texts['source'] or parts[0], texts['destination'] or parts[1]
    if not ways:
        report(
            'direction',
            f'{short(text)} is not a direction',
            'derived from the rest of the row, if possible',
            'use In or Out',
        )
    return ways


def _guessed(record: Record, purpose: str, named: bool, report: Reporter) -> tuple[str, ...]:
    """Derive the direction from context, most reliable first."""
    for text, where in ((record.heading, 'the heading'), (purpose, 'the purpose')):
        if len(ways := in_prose(text) or (of_text(text)[0] if text else ())) == 1:
            report('direction', f'stated only by {where} {short(text)}', ways[0], 'check it')
            return ways
    if named:
        report('direction', 'not stated', f'{OUT}, because the row has DNS names', 'check it')
        return (OUT,)
    return ()


def _check(
    record: Record, ways: tuple[str, ...], product: Product, texts: dict[str, str], purpose: str, report: Reporter
) -> None:
    """Report rows that contradict themselves."""
    if len(ways) != 1:
        return
    other = IN if ways[0] == OUT else OUT
    if in_prose(purpose) == (other,):
        report(
            'direction',
            f'{short(purpose)} says {other}',
            f'{ways[0]}, as printed',
            'correct it, and enter the vendor\'s word into "printed"',
        )
    if product.way(texts['source'], texts['destination']) == (other,):
        report('direction', 'the product is at the other end', f'{ways[0]}, as printed', 'check which side connects')
