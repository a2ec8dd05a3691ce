"""A change request as a document for people to read and sign, from what is open on the firewalls now."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from ..choices import ChangeActionChoices, ChangeRequestStatusChoices, SignOffKindChoices
from ..export_formats import site
from ..exports import Rendering
from ..exports.documents.change_request import (
    ChangeDocument,
    ChangeItem,
    LeftOut,
    Section,
    Signed,
    change_rendering,
    rule_text,
)
from ..history import load_histories, rule_of
from ..models import ChangeLine, ChangeRequest, EnforcementPoint, Gateway, SignOff
from ..requirements import SeenStanding, standings
from ..rules.standing import opened
from ..rules.subtract import permitted, remove, uncovered
from .progress import Progress, progress
from .sign import request_digest

__all__ = ('change_document',)

KIND, STATUS, OPEN = SignOffKindChoices, ChangeRequestStatusChoices, ChangeActionChoices.OPEN


def change_document(request: ChangeRequest, user, format: str = 'markdown') -> Rendering:
    """The document of a change request in one of CHANGE_FORMATS, limited to what the user may view.

    The caller must have restricted the request. Raises ExportError for another format.
    """
    # Its status may have been read before the last sign-off
    request = ChangeRequest.objects.get(pk=request.pk)
    every = list(request.lines.select_related('change_request').order_by('pk'))
    gateways = list(Gateway.objects.restrict(user, 'view').filter(change_lines__in=every).distinct().order_by('pk'))
    visible = set(ChangeLine.objects.restrict(user, 'view').filter(change_request=request).values_list('pk', flat=True))
    names = {gateway.pk for gateway in gateways}
    lines = [line for line in every if line.pk in visible and (line.gateway_id is None or line.gateway_id in names)]
    sign_offs = list(request.sign_offs.order_by('pk'))
    seen = set(SignOff.objects.restrict(user, 'view').filter(change_request=request).values_list('pk', flat=True))
    last = next((s for s in reversed(sign_offs) if s.kind in KIND.DECISIONS), None)
    holds = last is not None and last.kind == request.status
    decisions = {s.kind: s for s in sign_offs if s.kind in KIND.DECISIONS}
    found = progress(lines, sign_offs)
    firewalls = _firewalls(found, user)
    sections, left_out = _sections(lines, found, firewalls)
    stood = standings(gateways, user)
    document = ChangeDocument(
        **{name: getattr(request, name) for name in ('title', 'ticket', 'emergency', 'reason', 'risk', 'test_plan')},
        back_out=request.back_out,
        status=str(request.get_status_display()),
        valid_until=str(request.valid_until or ''),
        digest=request_digest(request, every),
        requested=_signed(decisions.get(KIND.REQUESTED), seen) if not request.is_draft else None,
        approved=_signed(last, seen) if holds and last.kind == KIND.APPROVED else None,
        sign_offs=tuple(_signed(s, seen) for s in sign_offs if s.pk in seen),
        sections=sections,
        left_out=(*left_out, *(entry for standing in stood for entry in _not_requested(standing, lines))),
        warnings=tuple(_warnings(request, last, len(every) - len(lines), len(sign_offs) - len(seen), stood)),
        site=site(),
    )
    return change_rendering(document, format)


def _firewalls(found: Progress, user) -> dict[int | None, str]:
    visible = EnforcementPoint.objects.restrict(user, 'view').in_bulk([pk for pk in found.points if pk])
    names = {pk: str(visible[pk]) if pk in visible else _('a firewall that you may not view') for pk in found.points}
    return {**names, None: _('no firewall recorded')}


def _sections(lines, found, firewalls):
    """What is left to do on each firewall, and what is not and why."""
    open_at = {
        (gateway, ref and ref.id): opened(changes)
        for gateway, history in load_histories({line.gateway_id for line in lines if line.gateway_id}).items()
        for ref, changes in history.implemented.items()
    }
    sections = []
    left_out = [
        LeftOut(line.gateway_name, rule_text(rule_of(line)), _('The gateway was deleted'))
        for line in lines
        if line.gateway_id is None
    ]
    for point in found.points:
        here = [line for line in lines if line.pk in found.lines(point)]
        closes = [rule_of(line) for line in here if line.action != OPEN]
        items = []
        for line in here:
            rule, there = rule_of(line), open_at.get((line.gateway_id, point), ())
            if line.pk in found.done.get(point, ()):
                parts, why = (), _('Implemented on {firewall}')
            elif line.action == OPEN:
                # What this request closes has to be opened again, even if it is open now
                parts, why = uncovered([rule], remove(there, closes)), _('In place on {firewall}')
            else:
                parts, why = permitted([rule], there), _('Not open on {firewall}')
            items += [ChangeItem(line.action, part, line.rule_key) for part in parts]
            if not parts:
                left_out.append(LeftOut(line.gateway_name, rule_text(rule), why.format(firewall=firewalls[point])))
        if items:
            sections.append(Section(firewalls[point], tuple(items)))
    return tuple(sections), left_out


def _not_requested(standing: SeenStanding, lines: Iterable[ChangeLine]) -> Iterable[LeftOut]:
    """Open items, and what other change requests have to open and close."""
    gateway = standing.resolution.gateway
    here = [line for line in lines if line.gateway_id == gateway.id]
    opens = [rule_of(line) for line in here if line.action == OPEN]
    closes = [rule_of(line) for line in here if line.action != OPEN]
    for rule in uncovered(standing.to_request, opens):
        yield LeftOut(gateway.name, rule_text(rule), _('To open, but not part of this request'))
    for rule in uncovered(standing.to_close, closes):
        yield LeftOut(gateway.name, rule_text(rule), _('To close, but not part of this request'))
    for entry in standing.resolution.unresolved:
        if entry.is_open_item:
            yield LeftOut(gateway.name, f'{entry.flow.name}: {entry.flow.purpose}', entry.detail)


def _signed(sign_off: SignOff | None, seen: set[int]) -> Signed | None:
    if sign_off is None:
        return None
    if sign_off.pk not in seen:
        return Signed(kind=str(sign_off.get_kind_display()), user=_('not visible to you'), time='')
    return Signed(
        kind=str(sign_off.get_kind_display()),
        user=sign_off.user_name,
        time=timezone.localtime(sign_off.time).strftime('%Y-%m-%d %H:%M %Z'),
        firewall=sign_off.enforcement_point_name,
        note=sign_off.note,
    )


def _warnings(request, last, lines: int, sign_offs: int, stood: Iterable[SeenStanding]) -> Iterable[str]:
    if request.status in (STATUS.REJECTED, STATUS.WITHDRAWN):
        yield _('Nothing of this change request may be implemented: it was rejected or withdrawn.')
    valid_until = last.valid_until if last else request.valid_until
    if valid_until and valid_until < timezone.localdate():
        yield _('This change request expired on {date}: what it opens is no longer approved.').format(date=valid_until)
    if lines:
        yield _('{count} lines are not visible to you: this document is incomplete.').format(count=lines)
    if sign_offs:
        yield _('{count} sign-offs are not visible to you.').format(count=sign_offs)
    if hidden := sum(standing.resolution.hidden for standing in stood):
        yield _('{count} flows are not visible to you: open items may be missing.').format(count=hidden)
