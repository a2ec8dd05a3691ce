"""The changes of a branch in words: rows for the page, and Markdown for a comment or a ticket."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..choices import DirectionChoices, StandingChoices, ZoneChoices
from ..rules.compact import Line, compact
from ..rules.ports import port_text
from ..rules.rule import Rule, Side
from .changes import Changes, ObjectChanges

__all__ = ('Row', 'markdown', 'notices', 'rows', 'rule_text')


@dataclass(frozen=True, slots=True)
class Row:
    """One line that opens or closes, as texts. ``gateways`` are names."""

    opens: bool
    gateways: str
    direction: str
    zone: str
    source: str
    destination: str
    service: str
    reasons: tuple[str, ...]
    standing: str

    @property
    def action(self) -> str:
        return _('Opens') if self.opens else _('Closes')


def rows(changes: ObjectChanges) -> list[Row]:
    """First what opens, then what closes."""
    return [*_rows(changes.opens, True), *_rows(changes.closes, False)]


def _rows(rules, opens) -> Iterable[Row]:
    for line in compact(rules, separate_by=lambda rule: rule.standing, twins=True):
        yield Row(
            opens=opens,
            gateways=', '.join(ref.name for ref in line.gateways),
            direction=_label(DirectionChoices, line.direction),
            zone=_label(ZoneChoices, line.zone),
            source=_side(line.source, line, line.direction == 'outbound'),
            destination=_side(line.destination, line, line.direction == 'inbound'),
            service=_services(line),
            reasons=tuple(dict.fromkeys(f'{flow.name}: {flow.purpose}' for flow in line.flows)),
            standing=_label(StandingChoices, line.standing),
        )


def rule_text(rule: Rule) -> str:
    """One rule in a sentence: ``tcp/53 from 192.0.2.1 to 10.1.0.53 (DNS: Names)``."""
    row = next(iter(_rows([rule], True)))
    return _('{service} from {source} to {destination} ({reasons})').format(
        service=row.service, source=row.source, destination=row.destination, reasons='; '.join(row.reasons)
    )


def _label(choices, value):
    return str(dict(choices).get(value, value))


def _side(side: Side, line: Line, local) -> str:
    if side.any:
        return _('any ({zone})').format(zone=_label(ZoneChoices, line.zone))
    names = '' if local else ', '.join(ref.name for ref in side.endpoints)
    texts = [*side.dns_names, *(f'{a} [{a.vrf.name}]' if a.vrf else str(a) for a in side.addresses)]
    return f'{names}: {", ".join(texts)}' if names else ', '.join(texts)


def _services(line: Line) -> str:
    return ', '.join(
        f'{spec.protocol}/{port_text(spec.first, spec.last)}' if spec.first else spec.protocol for spec in line.services
    )


def notices(changes: Changes) -> list[str]:
    """What a reader has to know before trusting the lists."""
    found = []
    if n := changes.behind:
        found.append(
            ngettext(
                '{n} change in main may affect these rules and is not in this branch: sync the branch first.',
                '{n} changes in main may affect these rules and are not in this branch: sync the branch first.',
                n,
            ).format(n=n)
        )
    if n := changes.hidden:
        found.append(
            ngettext(
                '{n} more rule opens or closes that is not visible to you.',
                '{n} more rules open or close that are not visible to you.',
                n,
            ).format(n=n)
        )
    if n := changes.hidden_gateways:
        found.append(
            ngettext(
                'Rules change for {n} more gateway that is not visible to you.',
                'Rules change for {n} more gateways that are not visible to you.',
                n,
            ).format(n=n)
        )
    if n := changes.hidden_points:
        found.append(
            ngettext(
                'Rules change on {n} more enforcement point that is not visible to you.',
                'Rules change on {n} more enforcement points that are not visible to you.',
                n,
            ).format(n=n)
        )
    return found


def markdown(changes: Changes, name: str) -> str:
    """The whole of it, for a pull request or a ticket."""
    parts = [f'# {_("Firewall changes of branch {name}").format(name=_escaped(name))}', '']
    parts += [f'> {_escaped(notice)}' for notice in notices(changes)] + ['']
    if not changes.gateways and not changes.points:
        parts += [_('Merging this branch opens and closes nothing that you may see.'), '']
    for title, found in (
        (_('By Gateway'), changes.gateways),
        (_('By Enforcement Point'), changes.points),
    ):
        if found:
            parts += [f'## {title}', '']
        for each in found:
            parts += [f'### {_escaped(each.ref.name)}', '', *_table(each)]
    return '\n'.join(parts)


def _table(changes):
    head = (
        '',
        _('Gateways'),
        _('Direction'),
        _('Zone'),
        _('Source'),
        _('Destination'),
        _('Service'),
        _('Reason'),
        _('Standing'),
    )
    found = []
    if table := rows(changes):
        found += [_cells(head), _cells(['---'] * len(head))]
    for row in table:
        cells = (
            row.action,
            row.gateways,
            row.direction,
            row.zone,
            row.source,
            row.destination,
            row.service,
            '; '.join(row.reasons),
            row.standing,
        )
        found.append(_cells(map(_escaped, cells)))
    if found:
        found.append('')
    for entry in changes.open_items:
        found.append(f'- {_escaped(_("New open item"))}: {_escaped(f"{entry.flow.name}: {entry.detail}")}')
    return [*found, ''] if changes.open_items else found


def _cells(texts):
    return f'| {" | ".join(texts)} |'


def _escaped(text):
    """Text as it stands, in Markdown and in the HTML that it becomes."""
    text = ' '.join(str(text).split()).replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
    return re.sub(r'([\\`*_{}\[\]|#!~])', r'\\\1', text)
