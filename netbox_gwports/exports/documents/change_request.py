"""The document of a change request: what it still opens and closes on each firewall, and who vouched for it.

It never asks for what was done already: such lines are listed apart, with the reason.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jinja2 import Template

from ...rules.needs import Flow
from ...rules.ports import port_text
from ...rules.rule import Rule, Side
from .. import shape
from ..rendering import ExportError, Rendering
from ..site import Site
from ..text import slug
from .pages import environment, escape, table_row

__all__ = (
    'CHANGE_FORMATS',
    'ChangeDocument',
    'ChangeItem',
    'LeftOut',
    'Section',
    'Signed',
    'change_data',
    'change_rendering',
    'rule_text',
)

OPEN, CLOSE = 'open', 'close'
COLUMNS = ('rule', 'gateway', 'zone', 'source', 'destination', 'service', 'why', 'clear text')
STATEFUL = (
    'Firewalls are assumed to be stateful: replies and related ICMP need no rule. "any" is any address of its zone.'
)
SIGNATURES = ('Requested by', 'Approved by', 'Implemented by', 'Tested by')
# Would be printed as something that it is not
INVISIBLE = re.compile(r'[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """A rule, or the part of one that is left; ``line`` is the stable id of the whole."""

    action: str
    rule: Rule
    line: str


@dataclass(frozen=True, slots=True)
class Section:
    """What is to be done on one firewall."""

    firewall: str
    items: tuple[ChangeItem, ...] = ()

    def of(self, action: str) -> tuple[ChangeItem, ...]:
        return tuple(item for item in self.items if item.action == action)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the request does not include, and why."""

    gateway: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A sign-off: ``time`` and ``valid_until`` as text, ``firewall`` empty for decisions."""

    kind: str
    user: str
    time: str
    firewall: str = ''
    note: str = ''


@dataclass(frozen=True, slots=True)
class ChangeDocument:
    """A change request as the document shows it. ``requested`` and ``approved`` are those that hold."""

    title: str
    status: str
    ticket: str = ''
    emergency: bool = False
    valid_until: str = ''
    reason: str = ''
    risk: str = ''
    test_plan: str = ''
    back_out: str = ''
    digest: str = ''
    requested: Signed | None = None
    approved: Signed | None = None
    sign_offs: tuple[Signed, ...] = ()
    sections: tuple[Section, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    site: Site = field(default_factory=Site)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """(label, text) of everything that is said about the request as a whole."""
        return (
            ('Ticket', self.ticket or 'none'),
            ('Status', self.status),
            ('Emergency', 'yes: may be implemented before it is approved' if self.emergency else 'no'),
            ('Valid until', self.valid_until or 'no expiry'),
            ('Requested by', _by(self.requested)),
            ('Approved by', _by(self.approved)),
            ('Reason', self.reason or 'not given'),
            ('Risk', self.risk or 'not given'),
            ('Test plan', self.test_plan or 'not given'),
            ('Back-out plan', self.back_out or 'not given'),
            ('Digest', self.digest),
        )


def _by(signed: Signed | None) -> str:
    return ', '.join(filter(None, (signed.user, signed.time))) if signed else 'nobody yet'


def change_rendering(document: ChangeDocument, format: str) -> Rendering:
    """The document in one of CHANGE_FORMATS. Raises ExportError for another format."""
    try:
        write, extension, media_type = CHANGE_FORMATS[format]
    except KeyError:
        raise ExportError(f'Unknown format "{format}": use one of {", ".join(CHANGE_FORMATS)}') from None
    rules = frozenset(item.rule.key for section in document.sections for item in section.items)
    name = slug(document.ticket or document.title)
    return Rendering(write(document), f'change-{name}.{extension}', media_type, rules, ())


def rule_text(rule: Rule, site: Site = Site()) -> str:
    """A rule with its reasons in one line."""
    text = f'{_services(rule)} {_side(site, rule, rule.source)} to {_side(site, rule, rule.destination)}'
    return f'{text} ({"; ".join(_reason(flow) for flow in rule.flows)})' if rule.flows else text


def cells(document: ChangeDocument, item: ChangeItem) -> tuple[str, ...]:
    """One text for each of COLUMNS."""
    rule = item.rule
    part = '' if rule.key == item.line else f' (in part: {rule.key})'
    return (
        item.line + part,
        rule.gateway.name,
        document.site.label(rule.zone),
        _side(document.site, rule, rule.source),
        _side(document.site, rule, rule.destination),
        _services(rule),
        '; '.join(_reason(flow) for flow in rule.flows),
        '; '.join(dict.fromkeys(_mitigation(flow) for flow in rule.flows if flow.clear_text)),
    )


def _side(site: Site, rule: Rule, side: Side) -> str:
    if side.any:
        return f'any ({site.label(rule.zone)}, IPv{rule.family})'
    addresses = (f'{a} [{a.vrf.name}]' if a.vrf else str(a) for a in side.addresses)
    ends = ', '.join((*side.dns_names, *addresses))
    if rule.via_proxy_to and side is rule.remote:
        ends += f' (proxy to {", ".join(rule.via_proxy_to)})'
    return ends


def _services(rule: Rule) -> str:
    return ', '.join(
        f'{spec.protocol}/{port_text(spec.first, spec.last)}' if spec.first else spec.protocol for spec in rule.ports
    )


def _reason(flow: Flow) -> str:
    row = f' (row {flow.row})' if flow.row else ''
    justification = f': {flow.justification}' if flow.justification else ''
    return f'{flow.name}: {flow.purpose}{row}{justification}'


def _mitigation(flow: Flow) -> str:
    return f'Unencrypted: {flow.mitigation or "no mitigation documented"}'


def _parts(document: ChangeDocument) -> Iterable[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    """(heading, columns, rows) of every table."""
    for section in document.sections:
        for action, heading in ((OPEN, 'Open'), (CLOSE, 'Close')):
            if items := section.of(action):
                yield f'{heading} on {section.firewall}', COLUMNS, [cells(document, item) for item in items]
    rows: list[tuple[str, ...]]
    if document.left_out:
        rows = [(entry.gateway, entry.what, entry.why) for entry in document.left_out]
        yield 'Not included', ('gateway', 'what', 'why'), rows
    if document.sign_offs:
        rows = [(s.kind, s.user, s.time, s.firewall, s.note) for s in document.sign_offs]
        yield 'Sign-offs', ('sign-off', 'user', 'time', 'firewall', 'note'), rows
    yield 'Signatures', ('', 'name', 'date', 'signature'), [(text, '', '', '') for text in SIGNATURES]


def _notes(document: ChangeDocument) -> tuple[str, ...]:
    nothing = () if document.sections else ('Nothing is left to open or to close.',)
    return (*document.warnings, *nothing, STATEFUL)


def _visible(value: str) -> str:
    return INVISIBLE.sub(' ', value)


def _markdown(document: ChangeDocument) -> str:
    def text(value: str) -> str:
        return escape(_visible(value))

    parts = [f'# Change request: {text(document.title)}', '']
    parts += [f'- **{label}**: {text(value)}' for label, value in document.facts]
    parts += ['', *(f'{text(note)}\n' for note in _notes(document))]
    for heading, columns, rows in _parts(document):
        parts += [f'## {text(heading)}', '', table_row(columns), table_row(['---'] * len(columns))]
        parts += [table_row(map(text, row)) for row in rows]
        parts.append('')
    return '\n'.join(parts)


def _html(document: ChangeDocument) -> str:
    parts = list(_parts(document))
    return _template().render(document=document, parts=parts, notes=_notes(document))


@cache
def _template() -> Template:
    found = environment()
    found.filters['visible'] = _visible
    return found.get_template('change_request.html')


def _json(document: ChangeDocument) -> str:
    return json.dumps(change_data(document), ensure_ascii=False, indent=1) + '\n'


def change_data(document: ChangeDocument) -> dict[str, Any]:
    """The document as plain values; a rule has the shape of docs/rule-shape.md."""
    return {
        'format': 'netbox-gwports/change-request',
        'version': 1,
        **{
            name: getattr(document, name)
            for name in ('title', 'ticket', 'status', 'emergency', 'valid_until', 'reason', 'risk', 'test_plan')
        },
        'back_out': document.back_out,
        'digest': document.digest,
        'requested': _signed(document.requested),
        'approved': _signed(document.approved),
        'firewalls': [
            {
                'firewall': section.firewall,
                'open': [_item(item) for item in section.of(OPEN)],
                'close': [_item(item) for item in section.of(CLOSE)],
            }
            for section in document.sections
        ],
        'not_included': [{'gateway': e.gateway, 'what': e.what, 'why': e.why} for e in document.left_out],
        'sign_offs': [_signed(signed) for signed in document.sign_offs],
        'warnings': list(document.warnings),
    }


def _signed(signed: Signed | None) -> dict[str, str] | None:
    if signed is None:
        return None
    return {name: getattr(signed, name) for name in ('kind', 'user', 'time', 'firewall', 'note')}


def _item(item: ChangeItem) -> dict[str, Any]:
    reasons = [
        {'flow': shape.flow_data(f), 'clear_text': f.clear_text, 'mitigation': f.mitigation} for f in item.rule.flows
    ]
    return {'line': item.line, 'rule': shape.rule_data(item.rule), 'reasons': reasons}


# Name -> (writer, extension, media type)
CHANGE_FORMATS = {
    'markdown': (_markdown, 'md', 'text/markdown; charset=utf-8'),
    'html': (_html, 'html', 'text/html; charset=utf-8'),
    'json': (_json, 'json', 'application/json'),
}
