"""The two ends of a connection: directions, what the table says about the remote, and its published hosts."""

import re
from dataclasses import dataclass

from . import names
from .cells import Record, text_of
from .directions import IN, OUT, Product, in_prose, of_text
from .errors import Teller, short
from .portcells import NOTHING

__all__ = ('Ends', 'is_local', 'read')

LOCAL = re.compile(r'(?i)\s*(?:localhost|loopback|127\.0\.0\.1|::1)(?:\s+only)?\s*')


@dataclass(frozen=True, slots=True)
class Ends:
    """``directions`` are none where the table does not say; ``remotes`` direction -> the table's words, or ''."""

    directions: tuple[str, ...]
    remotes: dict[str, str]
    dns_names: tuple[str, ...]


def read(record: Record, product: Product, purpose: str, named: bool, tell: Teller) -> Ends:
    """``purpose`` is all that the row says in words, ``named`` whether it names hosts there."""
    texts, dns_names = {}, {}
    for column in ('source', 'destination', 'dns_names'):
        texts[column], dns_names[column] = _words(record, column, tell)
    ways = _of_column(record, product, texts, tell)
    if not ways:
        ways = product.way(texts['source'], texts['destination'])
    named = named or bool(dns_names['destination'] or dns_names['dns_names'])
    ways = ways or _guessed(record, purpose, named, tell)
    remotes, found = {}, []
    for way in ways:
        far = 'destination' if way == OUT else 'source'
        words = next((texts[c] for c in (far, 'dns_names') if texts[c] and not product.is_in(texts[c])), '')
        if product.is_in(texts[far]) and len(ways) == 2 and product.way(texts['source'], texts['destination']) == ways:
            words = 'peer gateways'
            tell('role', 'both ends are the product', 'peers', 'check it')
        remotes[way] = words
        found += [*dns_names[far], *dns_names['dns_names']]
    _check(record, ways, product, texts, purpose, tell)
    return Ends(ways, remotes, tuple(dict.fromkeys(found)))


def is_local(record: Record) -> bool:
    """Connections within the machine are in no catalog."""
    return any(
        LOCAL.fullmatch(text_of(record.cells.get(column, ()))) for column in ('source', 'destination', 'dns_names')
    )


def _words(record: Record, column: str, tell: Teller) -> tuple[str, list[str]]:
    """(words, hosts) of a cell that says who; lines that are hosts are no words."""
    words, dns_names = [], []
    for line in record.cells.get(column, ()):
        if NOTHING.fullmatch(line.text):
            continue
        if names.only_hosts(line.text):
            dns_names += names.from_cell(line.text, tell, line.number)
        elif found := names.in_prose(line.text, tell, line.number):
            dns_names += found
        else:
            words.append(line.text)
    return ', '.join(words), dns_names


def _of_column(record: Record, product: Product, texts: dict[str, str], tell: Teller) -> tuple[str, ...]:
    text = text_of(record.cells.get('direction', ()))
    if NOTHING.fullmatch(text):
        return ()
    ways, alternative = of_text(text)
    if len(ways) == 2:
        kind = 'one or the other' if alternative else 'both'
        tell(
            'direction',
            f'{short(text)} says {kind}',
            'two flows for each purpose',
            'make each a feature' if alternative else 'write not_opened where the gateway only asks or only answers',
        )
    if not ways and (parts := product.split(text)) and (ways := product.way(*parts)):
        texts['source'], texts['destination'] = texts['source'] or parts[0], texts['destination'] or parts[1]
    if not ways:
        tell(
            'direction',
            f'{short(text)} is no direction',
            'what the rest of the row says, if it says one',
            'write In or Out',
        )
    return ways


def _guessed(record: Record, purpose: str, named: bool, tell: Teller) -> tuple[str, ...]:
    """What stands around the row, from the surest."""
    for text, where in ((record.heading, 'the heading'), (purpose, 'the purpose')):
        if len(ways := in_prose(text) or (of_text(text)[0] if text else ())) == 1:
            tell('direction', f'only {where} {short(text)} says one', ways[0], 'check it')
            return ways
    if named:
        tell('direction', 'nothing says one', f'{OUT}, as the row names hosts', 'check it')
        return (OUT,)
    return ()


def _check(
    record: Record, ways: tuple[str, ...], product: Product, texts: dict[str, str], purpose: str, tell: Teller
) -> None:
    """Tables that contradict themselves."""
    if len(ways) != 1:
        return
    other = IN if ways[0] == OUT else OUT
    if in_prose(purpose) == (other,):
        tell(
            'direction',
            f'{short(purpose)} says {other}',
            f'{ways[0]}, as printed',
            'correct it, and write the vendor\'s word into "printed"',
        )
    if product.way(texts['source'], texts['destination']) == (other,):
        tell('direction', 'the product stands at the other end', f'{ways[0]}, as printed', 'check who connects')
