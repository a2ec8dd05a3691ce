"""The draft: one entry for each row that could be read, and what there is to doubt."""

from dataclasses import dataclass

from ..document import read as read_catalog
from ..errors import CatalogError
from ..safeyaml import LONGEST
from ..writing import Inline, dump
from . import ends, openings, purposes, tables
from .cells import Record
from .directions import Product
from .errors import ConversionError, Doubt, Doubts, Teller, short
from .head import Head
from .registry import Registry
from .rows import Reading, Rows

__all__ = ('Draft', 'convert')

# What the format holds
MOST_ROWS, MOST_PORTS, MOST_HOSTS = 2000, 500, 500


@dataclass(frozen=True, slots=True)
class Draft:
    """``text`` is a catalog in YAML, ``rows`` the number of rows that are in it, ``doubts`` in the table's order."""

    text: str
    doubts: tuple[Doubt, ...]
    rows: int

    def commented(self) -> str:
        """The text below its doubts as comments, as many of them as leave it short enough to be loaded."""
        lines, room = [], LONGEST - len(self.text) - 200
        for number, doubt in enumerate(self.doubts):
            line = f'# {doubt}\n'
            if (room := room - len(line)) < 0:
                lines.append(f'# and {len(self.doubts) - number} more doubts\n')
                break
            lines.append(line)
        head = '# A draft: delete each line below when it has been looked at.\n' if lines else ''
        return ''.join([head, *lines, self.text])


def convert(text: str, *, head: Head, kind: str | None = None) -> Draft:
    """A table of ports as a draft of a catalog. ``kind`` is csv, tsv, html, text, or None to find out.

    Raises ConversionError: the text is too long, it has no columns that can be recognised or no row that can be read,
    or ``head`` cannot be written.
    """
    head, doubts = head.checked(), Doubts()
    records = tables.read(text, kind, doubts)
    if len(records) > MOST_ROWS:
        raise ConversionError(records[MOST_ROWS].line, f'has {len(records)} rows', f'a catalog holds {MOST_ROWS}')
    product = Product(head.manufacturer, head.name)
    readings = [
        reading
        for number, record in enumerate(records, 1)
        if (reading := _reading(record, number, product, doubts.at(record.line, number)))
    ]
    if not readings:
        first = next((str(doubt) for doubt in _sorted(doubts) if 'left out' in doubt.wrote), '')
        raise ConversionError(
            records[0].line,
            f'none of {len(records)} rows could be read; {short(first, 300)}',
            'each needs ports, and a direction or a source and destination',
        )
    registry = Registry([reading.opening for reading in readings])
    written = Rows(registry)
    rows = [written.write(reading) for reading in readings]
    _tell_document(registry, doubts.at())
    catalog = {
        'format': 1,
        'manufacturer': Inline(name=head.manufacturer, slug=head.manufacturer_slug),
        'name': head.name,
        'version': head.version,
        'slug': head.slug,
        'features': list(registry.features.values()),
        'roles': list(registry.roles.values()),
        'services': list(registry.services.values()),
        'rows': rows,
    }
    text = dump(catalog)
    try:
        read_catalog(text, 'draft')
    except CatalogError as e:
        # Tables that are larger than the format, such as one with 600 conditions
        raise ConversionError(0, f'is no catalog: {e.problems[0]}', 'convert it in parts') from None
    return Draft(text, tuple(_sorted(doubts)), len(rows))


def _reading(record: Record, number: int, product: Product, tell: Teller) -> Reading | None:
    if ends.is_local(record):
        tell('rows', 'a connection within the machine', 'nothing: left out', 'no firewall sees it')
        return None
    opening = openings.read(record, tell)
    items, row_hosts = purposes.read(record.cells.get('purpose', ()), tell)
    items = items or purposes.unsaid(record, opening.application, tell)
    condition = purposes.beside(record, tell)
    said = ' '.join(line.text for line in record.cells.get('purpose', ()))
    named = bool(row_hosts) or any(item.dns_names for item in items)
    both = ends.read(record, product, said, named, tell)
    dns_names = list(dict.fromkeys((*both.dns_names, *row_hosts)))
    missing = 'port that can be read' if not opening.specs else 'direction' if not both.directions else ''
    if missing or len(opening.specs) > MOST_PORTS:
        tell(
            'rows',
            f'no {missing}' if missing else f'{len(opening.specs)} ports',
            'nothing: the row is left out',
            'write the row by hand',
        )
        return None
    if len(dns_names) > MOST_HOSTS:
        tell('dns_names', f'{len(dns_names)} hosts', f'the first {MOST_HOSTS}', 'split the row')
    return Reading(number, opening, both, items, dns_names[:MOST_HOSTS], condition, tell)


def _sorted(doubts: Doubts) -> list[Doubt]:
    """As one reads the table, what is about the whole of it first."""
    return sorted(doubts.found, key=lambda doubt: (doubt.row or 0, doubt.line))


def _tell_document(registry: Registry, tell: Teller) -> None:
    tell('purpose', "sentences are the vendor's property", 'their first words', 'say all purposes in your own words')
    tell(
        'roles',
        'no table says in which zone a remote is, or whether any address is meant',
        'zone and kind of each role as is usual',
        'check all roles, and reuse those of NetBox',
    )
    if registry.features:
        tell(
            'features',
            'no table says what is in use by default',
            'every feature as off',
            'write enabled_by_default, group and parent where they fit',
        )
    if clear := registry.clear_text():
        tell(
            'clear_text',
            f'{short(", ".join(clear), 300)} can usually be read on the way',
            'nothing',
            'write clear_text: true where it matters',
        )
    if any('icmp' in service['ports'] for service in registry.services.values()):
        tell('ports', 'ICMP of IPv4 and IPv6 are two protocols', 'icmp as printed', 'add icmpv6 where it is meant')
