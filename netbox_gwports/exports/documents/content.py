"""What documents say, before it gets a form: one row a line, and one for each thing that is left out."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...choices import DirectionChoices, FlowStatusChoices, ZoneChoices
from ...rules.compact import Line, compact
from ...rules.ports import port_text
from ...rules.rule import Side
from ..base import Work

__all__ = ('COLUMNS', 'Row', 'as_data', 'rows', 'services')

OPEN, COVERED, SAME_SEGMENT = 'to permit', 'covered by a broader line', 'same segment: no firewall sees it'
COLUMNS = ('gateways', 'direction', 'zone', 'source', 'destination', 'service', 'why', 'state', 'tickets', 'note')


@dataclass(frozen=True, slots=True)
class Row:
    """Texts, each as COLUMNS says; ``line`` is None for what is left out."""

    part: str
    gateways: str
    direction: str
    zone: str
    source: tuple[str, ...]
    destination: tuple[str, ...]
    service: str
    why: tuple[str, ...]
    state: str
    tickets: str
    note: str
    line: Line | None = None

    def cells(self) -> tuple[str, ...]:
        """One text a column."""
        return (
            self.gateways, self.direction, self.zone, ', '.join(self.source), ', '.join(self.destination), self.service,
            '; '.join(self.why), self.state, self.tickets, self.note,
        )  # fmt: skip


def rows(work: Work) -> Iterator[Row]:
    """Lines to permit, those that a broader one covers, those that no firewall sees; then what is left out."""
    parts = {OPEN: [], COVERED: [], SAME_SEGMENT: []}
    for rule in work.rules:
        # By a rule that is in this document, too: another state may not have been asked for
        covered = not work.keys.isdisjoint(rule.covered_by)
        parts[SAME_SEGMENT if rule.same_segment else COVERED if covered else OPEN].append(rule)
    for part, rules in parts.items():
        for line in compact(rules, separate_by=lambda rule: rule.state, twins=True):
            yield _row(part, line, work)
    for entry in work.skipped:
        yield Row('left out', entry.gateway, '', '', (), (), '', entry.flows, 'left out', '', entry.detail)


def _row(part, line, work):
    flows = line.flows
    notes = [f'through the proxy to {", ".join(line.via_proxy_to)}'] if line.via_proxy_to else []
    if part != OPEN:
        notes.insert(0, part)
    return Row(
        part=part,
        gateways=', '.join(ref.name for ref in line.gateways),
        direction=str(dict(DirectionChoices)[line.direction]),
        zone=_label(ZoneChoices, line.zone),
        source=_side(line, line.source, work, line.direction == 'outbound'),
        destination=_side(line, line.destination, work, line.direction == 'inbound'),
        service=services(line),
        why=tuple(f'{f.name}: {f.purpose}' + (f' (row {f.row})' if f.row else '') for f in flows),
        state=_label(FlowStatusChoices, line.state),
        tickets=', '.join(dict.fromkeys(f.ticket for f in flows if f.ticket)),
        note='; '.join(notes),
        line=line,
    )


def _label(choices, value):
    return str(dict(choices).get(value, value))


def _side(line, side: Side, work, local) -> tuple[str, ...]:
    if side.any:
        families = f', IPv{line.families[0]}' if len(line.families) == 1 else ''
        return (f'any ({_label(ZoneChoices, line.zone)}{families})',)
    names = [] if local else [ref.name for ref in side.endpoints]
    addresses = [_address(address, work, local and line.direction == 'inbound') for address in side.addresses]
    first, *rest = (*side.dns_names, *addresses)
    return (f'{", ".join(names)}: {first}' if names else first, *rest)


def _address(address, work, published):
    text = f'{address} [{address.vrf.name}]' if address.vrf else str(address)
    outside = work.material.outside.get(address, ()) if published else ()
    return f'{text} (outside {", ".join(map(str, outside))})' if outside else text


def services(line: Line) -> str:
    """tcp/443, udp/53: as everywhere in the plugin."""
    return ', '.join(
        f'{spec.protocol}/{port_text(spec.first, spec.last)}' if spec.first else spec.protocol for spec in line.services
    )


def as_data(work: Work) -> dict:
    """The whole export as plain values, for JSON and YAML."""
    return {
        'header': list(work.header),
        'gateways': list(work.material.gateways),
        'lines': [_as_data(row, work) for row in rows(work) if row.line],
        'skipped': [
            {'key': e.key, 'gateway': e.gateway, 'flows': list(e.flows), 'reason': e.reason, 'detail': e.detail}
            for e in work.skipped
        ],
        'hidden': work.material.hidden,
    }


def _as_data(row, work):
    line = row.line
    return {
        'keys': [rule.key for rule in line.rules],
        'gateways': [ref.name for ref in line.gateways],
        'direction': line.direction,
        'zone': line.zone,
        'families': list(line.families),
        'services': [str(spec) for spec in line.services],
        'source': _side_data(line.source, work, line.direction == 'outbound', line.direction),
        'destination': _side_data(line.destination, work, line.direction == 'inbound', line.direction),
        'via_proxy_to': list(line.via_proxy_to),
        'state': line.state,
        'same_segment': line.same_segment,
        'covered': row.part == COVERED,
        'flows': [
            {'id': f.id, 'name': f.name, 'purpose': f.purpose, 'row': f.row, 'status': f.status, 'ticket': f.ticket}
            for f in line.flows
        ],
    }


def _side_data(side, work, local, direction):
    found = {
        'any': side.any,
        'addresses': [str(address) for address in side.addresses],
        'dns_names': list(side.dns_names),
        'endpoints': [] if local else [ref.name for ref in side.endpoints],
    }
    if vrfs := sorted({address.vrf.name for address in side.addresses if address.vrf}):
        found['vrfs'] = vrfs
    if local and direction == 'inbound':
        found['outside'] = sorted({str(o) for a in side.addresses for o in work.material.outside.get(a, ())})
    return found
