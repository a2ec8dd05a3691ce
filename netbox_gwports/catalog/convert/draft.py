"""The draft: an entry for each row that could be read, and the doubts."""

from dataclasses import dataclass

from ..document import read as read_catalog
from ..errors import CatalogError
from ..safeyaml import LONGEST
from ..writing import Inline, dump
from . import ends, openings, purposes, tables
from .cells import Record
from .directions import Product
from .errors import ConversionError, Doubt, Doubts, Reporter, short
from .head import Head
from .registry import Registry
from .rows import Reading, Rows

__all__ = ('Draft', 'convert')

# Limits of the format
MOST_ROWS, MOST_PORTS, MOST_NAMES = 2000, 500, 500


@dataclass(frozen=True, slots=True)
class Draft:
    """``text``: a catalog in YAML; ``rows``: the number of rows in it; ``doubts`` are in the order of the table."""

    text: str
    doubts: tuple[Doubt, ...]
    rows: int

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


def convert(text: str, *, head: Head, kind: str | None = None) -> Draft:
    """Convert a table of ports to a draft catalog. ``kind`` is csv, tsv, html or text, or None to detect it.

    Raises ConversionError if the text is too long or has no recognizable columns or readable rows, or if ``head`` has
    invalid values.
    """
    head, doubts = head.checked(), Doubts()
    records = tables.read(text, kind, doubts)
    if len(records) > MOST_ROWS:
        raise ConversionError(
            records[MOST_ROWS].line,
            f'has {len(records)} rows',
            f'a catalog may have at most {MOST_ROWS}: convert it in parts',
        )
    product = Product(head.manufacturer, head.name)
    readings = [
        reading
        for number, record in enumerate(records, 1)
        if (reading := _reading(record, number, product, doubts.at(record.line, number)))
    ]
    if not readings:
        first = next((str(doubt) for doubt in _sorted(doubts) if 'row is left out' in doubt.wrote), '')
        raise ConversionError(
            records[0].line,
            f'none of the {len(records)} rows could be read; {short(first, 300)}',
            'each row needs ports, and a direction or a source and destination',
        )
    registry = Registry([reading.opening for reading in readings])
    written = Rows(registry)
    rows = [written.write(reading) for reading in readings]
    _report_document(registry, doubts.at())
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
        # Tables that exceed a limit of the format, such as one with 600 conditions
        raise ConversionError(0, f'does not give a valid catalog: {e.problems[0]}', 'convert it in parts') from None
    return Draft(text, tuple(_sorted(doubts)), len(rows))


def _reading(record: Record, number: int, product: Product, report: Reporter) -> Reading | None:
    if ends.is_local(record):
        report('rows', 'local connection', 'the row is left out', 'nothing to do: it passes no firewall')
        return None
    opening = openings.read(record, report)
    items, row_names = purposes.read(record.cells.get('purpose', ()), report)
    items = items or purposes.default_purpose(record, opening.application, report)
    condition = purposes.beside(record, report)
    description = ' '.join(line.text for line in record.cells.get('purpose', ()))
    named = bool(row_names) or any(item.dns_names for item in items)
    both = ends.read(record, product, description, named, report)
    dns_names = list(dict.fromkeys((*both.dns_names, *row_names)))
    missing = 'valid port' if not opening.specs else 'direction' if not both.directions else ''
    if missing or len(opening.specs) > MOST_PORTS:
        report(
            'rows',
            f'no {missing}' if missing else f'{len(opening.specs)} ports',
            'the row is left out',
            'add the row by hand',
        )
        return None
    if len(dns_names) > MOST_NAMES:
        report('dns_names', f'{len(dns_names)} DNS names', f'the first {MOST_NAMES}', 'split the row')
    return Reading(number, opening, both, items, dns_names[:MOST_NAMES], condition, report)


def _sorted(doubts: Doubts) -> list[Doubt]:
    """In the order of the table; those that apply to all of it come first."""
    return sorted(doubts.found, key=lambda doubt: (doubt.row or 0, doubt.line))


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
        )
    if any('icmp' in service['ports'] for service in registry.services.values()):
        report('ports', 'ICMP for IPv4 and ICMPv6 are separate protocols', 'icmp', 'add icmpv6 where it is meant')
