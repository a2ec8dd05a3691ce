"""What documents contain, before it is formatted: one row for each line, and one for everything that is left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ...rules.addresses import Address
from ...rules.compact import Line, compact
from ...rules.constants import INBOUND, OUTBOUND
from ...rules.ports import port_text
from ...rules.rule import Rule, Side
from .. import shape
from ..base import Work
from ..text import standing_text

__all__ = ('COLUMNS', 'Row', 'as_data', 'rows')

OPEN, COVERED, SAME_SEGMENT = 'to permit', 'covered by a broader line', 'same segment: no firewall sees it'
COLUMNS = (
    'gateways',
    'direction',
    'zone',
    'source',
    'destination',
    'service',
    'why',
    'standing',
    'tickets',
    'note',
    'rules',
)


@dataclass(frozen=True, slots=True)
class Row:
    """Texts, one or several for each of COLUMNS; ``line`` is None for what is left out."""

    part: str
    gateways: str = ''
    direction: str = ''
    zone: str = ''
    source: tuple[str, ...] = ()
    destination: tuple[str, ...] = ()
    service: str = ''
    why: tuple[str, ...] = ()
    standing: str = ''
    tickets: str = ''
    note: str = ''
    rules: str = ''
    line: Line | None = None

    def cells(self) -> tuple[str, ...]:
        """One text for each column."""
        return (
            self.gateways,
            self.direction,
            self.zone,
            ', '.join(self.source),
            ', '.join(self.destination),
            self.service,
            '; '.join(self.why),
            self.standing,
            self.tickets,
            self.note,
            self.rules,
        )


def rows(work: Work) -> Iterator[Row]:
    """Lines to permit, those that a broader one covers, those that no firewall sees; then what is left out."""
    for part, line in _lines(_rules(work)):
        yield _row(part, line, work)
    for entry in work.skipped:
        yield Row('left out', entry.gateway, why=entry.flows, standing='left out', note=entry.detail, rules=entry.key)


def _lines(rules: Iterable[Rule]) -> Iterator[tuple[str, Line]]:
    parts: dict[str, list[Rule]] = {OPEN: [], COVERED: [], SAME_SEGMENT: []}
    for rule in rules:
        parts[SAME_SEGMENT if rule.same_segment else COVERED if rule.covered_by else OPEN].append(rule)
    for part, together in parts.items():
        for line in compact(together, separate_by=lambda rule: rule.standing, twins=True):
            yield part, line


def _rules(work: Work) -> Iterator[Rule]:
    """The rules, covered by those in this document, too: others may be of a standing that was not asked for."""
    for rule in work.rules:
        covered_by = tuple(key for key in rule.covered_by if key in work.keys)
        # A copy would have to compute its key again
        yield rule if covered_by == rule.covered_by else replace(rule, covered_by=covered_by)


def _row(part: str, line: Line, work: Work) -> Row:
    notes = [] if part == OPEN else [part]
    if line.via_proxy_to:
        notes.append(f'through the proxy to {", ".join(line.via_proxy_to)}')
    return Row(
        part=part,
        gateways=', '.join(work.material.label(ref) for ref in line.gateways),
        direction=line.direction.capitalize(),
        zone=work.options.site.label(line.zone),
        source=_side(line, line.source, work, is_local=line.direction == OUTBOUND),
        destination=_side(line, line.destination, work, is_local=line.direction == INBOUND),
        service=_services(line),
        why=tuple(f'{f.name}: {f.purpose}' + (f' (row {f.row})' if f.row else '') for f in line.flows),
        standing=standing_text(line.standing).capitalize(),
        tickets=', '.join(line.tickets),
        note='; '.join(notes),
        rules=', '.join(rule.key for rule in line.rules),
        line=line,
    )


def _side(line: Line, side: Side, work: Work, is_local: bool) -> tuple[str, ...]:
    if side.any:
        families = f', IPv{line.families[0]}' if len(line.families) == 1 else ''
        return (f'any ({work.options.site.label(line.zone)}{families})',)
    names = [] if is_local else [ref.name for ref in side.endpoints]
    addresses = [_address(address, work, is_local and line.direction == INBOUND) for address in side.addresses]
    first, *rest = (*side.dns_names, *addresses)
    return (f'{", ".join(names)}: {first}' if names else first, *rest)


def _address(address: Address, work: Work, is_destination: bool) -> str:
    text = f'{address} [{address.vrf.name}]' if address.vrf else str(address)
    outside = work.material.outside.get(address, ()) if is_destination else ()
    return f'{text} (outside {", ".join(map(str, outside))})' if outside else text


def _services(line: Line) -> str:
    """tcp/443, udp/53: as everywhere in the plugin."""
    return ', '.join(
        f'{spec.protocol}/{port_text(spec.first, spec.last)}' if spec.first else spec.protocol for spec in line.services
    )


def as_data(work: Work) -> dict[str, Any]:
    """The whole export as plain values, for JSON and YAML: see docs/rule-shape.md."""
    rules = list(_rules(work))
    return {
        'format': shape.FORMAT,
        'version': shape.VERSION,
        'header': list(work.header),
        'gateways': [shape.ref_data(resolution.gateway) for resolution in work.material.resolutions],
        'rules': [shape.rule_data(rule) for rule in rules],
        'lines': [shape.line_data(line) for _part, line in _lines(rules)],
        'nat': list(_nat(work)),
        'skipped': [shape.skipped_data(entry) for entry in work.skipped],
        'hidden': work.material.hidden,
    }


def _nat(work: Work) -> Iterator[dict[str, Any]]:
    """The addresses that others connect to, with those under which they reach them."""
    destinations = {address for rule in work.rules if rule.direction == INBOUND for address in rule.local.addresses}
    for address in sorted(destinations & work.material.outside.keys(), key=lambda address: address.sort_key):
        outside = work.material.outside[address]
        yield {**shape.address_data(address), 'outside': [shape.address_data(each) for each in outside]}
