"""Sign-offs of a change request: each under its lock, once, and with the digest of what was seen."""

from collections.abc import Collection, Iterable
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from netbox.plugins import get_plugin_config

from ..choices import ChangeActionChoices, ChangeRequestStatusChoices, SignOffKindChoices, SignOffOriginChoices
from ..db import atomic
from ..history import load_histories, rule_of
from ..models import ChangeLine, ChangeRequest, EnforcementPoint, Gateway, SignOff
from ..reconcile import PlanChanged
from ..requirements.upgrade import StepRefused
from ..requirements.zones import load_firewall_facts
from ..rules.standing import opened
from ..rules.stored import digest
from ..rules.subtract import RuleSet, permitted

__all__ = (
    'Signature',
    'approve',
    'firewalls_of',
    'implement',
    'needs_other_eyes',
    'record',
    'reject',
    'request_digest',
    'roll_back',
    'submit',
    'withdraw',
)

KIND, STATUS = SignOffKindChoices, ChangeRequestStatusChoices
# Decision -> the statuses in which it may be taken
ALLOWED = {
    KIND.REQUESTED: (STATUS.DRAFT, STATUS.REJECTED, STATUS.WITHDRAWN),
    KIND.APPROVED: (STATUS.REQUESTED,),
    KIND.REJECTED: (STATUS.REQUESTED,),
    KIND.WITHDRAWN: (STATUS.REQUESTED, STATUS.APPROVED),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: ``agreed`` is the digest of what they saw (None: whatever it is, as in a script)."""

    user: settings.AUTH_USER_MODEL
    agreed: str | None = None
    note: str = ''
    origin: str = SignOffOriginChoices.PERSON


def request_digest(request: ChangeRequest, lines: Iterable[ChangeLine]) -> str:
    """Identifies what is signed: the lines, and what was said about risk, test and validity."""
    signed = {name: str(getattr(request, name) or '') for name in ChangeRequest.SIGNED}
    return digest([
        signed,
        *(
            {'line': line.pk, 'gateway': line.gateway_name, 'action': line.action, 'rule': line.content}
            for line in lines
        ),
    ])


def submit(pk: int, signature: Signature) -> SignOff:
    """Submit a draft for approval. From then on its lines are fixed."""
    return _decide(pk, KIND.REQUESTED, signature)


def approve(pk: int, signature: Signature) -> SignOff:
    """Approve all lines. With the setting ``four_eyes``, not by the user who submitted them."""
    return _decide(pk, KIND.APPROVED, signature)


def reject(pk: int, signature: Signature) -> SignOff:
    return _decide(pk, KIND.REJECTED, signature)


def withdraw(pk: int, signature: Signature) -> SignOff:
    """Take back a request, or the approval with it."""
    return _decide(pk, KIND.WITHDRAWN, signature)


def implement(
    pk: int, signature: Signature, point: EnforcementPoint | None = None, lines: Collection[int] | None = None
) -> SignOff:
    """Record on one firewall that lines were implemented: those with these primary keys, or all that concern it.

    ``point`` None: where no firewall is recorded. Raises ValidationError for lines that do not concern the firewall.
    """
    with _locked(pk, signature) as (request, known, seen):
        _lock_point(point)
        if request.status != STATUS.APPROVED and not (request.emergency and request.status == STATUS.REQUESTED):
            raise StepRefused(_('The change request is not approved. Only emergency changes are implemented before.'))
        if _last(request, request.status).digest != seen:
            raise StepRefused(_('The change request is no longer what was signed.'))
        concerned = {line.pk for line in firewalls_of(known).get(_key(point), ())}
        chosen = _chosen(lines, known, concerned)
        left = chosen - _done(request, point)
        if not left and (last := _last(request, KIND.IMPLEMENTED, point)):
            return last
        if not left:
            raise StepRefused(_('Nothing in this change request concerns this firewall.'))
        return _sign(request, KIND.IMPLEMENTED, signature, seen, point=point, lines=sorted(left))


def roll_back(
    pk: int, signature: Signature, point: EnforcementPoint | None = None, lines: Collection[int] | None = None
) -> SignOff:
    """Record on one firewall that lines were undone there: those with these primary keys, or all of them."""
    with _locked(pk, signature) as (request, known, seen):
        done = _done(request, point)
        chosen = _chosen(lines, known, {line.pk for line in known}) & done
        if not chosen and (last := _last(request, KIND.ROLLED_BACK, point)):
            return last
        if not chosen:
            raise StepRefused(_('Nothing in this change request was implemented on this firewall.'))
        return _sign(request, KIND.ROLLED_BACK, signature, seen, point=point, lines=sorted(chosen))


def record(request: ChangeRequest, signature: Signature, points: Iterable[EnforcementPoint | None]) -> None:
    """Submit, approve and implement a draft in one step, for those who work without tickets."""
    with atomic(ChangeRequest):
        submit(request.pk, signature)
        approve(request.pk, signature)
        for point in points:
            implement(request.pk, signature, point)


def firewalls_of(lines: Iterable[ChangeLine]) -> dict[int | None, list[ChangeLine]]:
    """Enforcement point pk -> the lines that concern it now; None: those that concern no firewall.

    Rules are opened on the firewalls that separate their zone from the gateway, and closed where they are open.
    """
    lines = [line for line in lines if line.gateway_id]
    gateways = Gateway.objects.in_bulk({line.gateway_id for line in lines})
    crossing = {pk: facts.crossing for pk, facts in load_firewall_facts(gateways).items()}
    open_at = {
        pk: {ref and ref.id: RuleSet(opened(changes)) for ref, changes in history.implemented.items()}
        for pk, history in load_histories(gateways).items()
    }
    found = {}
    for line in lines:
        points = {ref.id for ref in crossing[line.gateway_id].get(line.zone, ())} or {None}
        if line.action == ChangeActionChoices.CLOSE:
            rule = rule_of(line)
            points |= {pk for pk, rules in open_at.get(line.gateway_id, {}).items() if permitted([rule], rules)}
        for point in points:
            found.setdefault(point, []).append(line)
    return found


def _decide(pk, kind, signature):
    with _locked(pk, signature) as (request, lines, seen):
        if request.status == kind:
            return _last(request, kind)
        if request.status not in ALLOWED[kind]:
            raise StepRefused(
                _('A change request with the status "{status}" cannot be set to "{kind}".').format(
                    status=request.get_status_display(), kind=dict(KIND)[kind]
                )
            )
        if not lines:
            raise StepRefused(_('The change request has no lines.'))
        if kind == KIND.APPROVED and needs_other_eyes(request, signature.user):
            raise StepRefused(_('You submitted this change request. Somebody else has to approve it.'))
        sign_off = _sign(request, kind, signature, seen, valid_until=request.valid_until)
        request.snapshot()
        request.decide(kind)
    return sign_off


def needs_other_eyes(request: ChangeRequest, user) -> bool:
    """Whether the setting ``four_eyes`` forbids this user to approve a submitted request."""
    return get_plugin_config('netbox_gwports', 'four_eyes') and _last(request, KIND.REQUESTED).user_id == user.pk


@contextmanager
def _locked(pk, signature):
    """(request, its lines, their digest) under a lock; PlanChanged if the digest is not the one that was seen."""
    with atomic(ChangeRequest):
        # Before the request, see locks.py: a gateway is not deleted while something is recorded for it
        concerned = Gateway.objects.filter(pk__in=ChangeLine.objects.filter(change_request=pk).values('gateway'))
        list(concerned.order_by('pk').select_for_update(no_key=True, of=('self',)).values_list('pk', flat=True))
        request = ChangeRequest.objects.select_for_update(of=('self',)).get(pk=pk)
        lines = list(request.lines.order_by('pk'))
        visible = Gateway.objects.restrict(signature.user, 'view').filter(change_lines__in=lines).values('pk')
        if request.lines.exclude(gateway=None).exclude(gateway__in=visible).exists():
            raise StepRefused(_('You may not view all gateways of this change request.'))
        if ChangeLine.objects.restrict(signature.user, 'view').filter(change_request=request).count() != len(lines):
            raise StepRefused(_('You may not view all lines of this change request.'))
        seen = request_digest(request, lines)
        if signature.agreed is not None and signature.agreed != seen:
            raise PlanChanged
        yield request, lines, seen


def _lock_point(point):
    """A firewall is not deleted while something is recorded on it."""
    if point:
        EnforcementPoint.objects.select_for_update(no_key=True, of=('self',)).get(pk=point.pk)


def _sign(request, kind, signature, seen, point=None, **facts):
    user = signature.user
    sign_off = SignOff(
        kind=kind,
        change_request=request,
        enforcement_point=point,
        enforcement_point_name=str(point) if point else '',
        digest=seen,
        user=user,
        user_name=user.get_username(),
        note=signature.note,
        origin=signature.origin,
        **facts,
    )
    sign_off.full_clean()
    sign_off.save()
    return sign_off


def _chosen(lines, known, concerned):
    if lines is None:
        return concerned
    lines = set(lines)
    if lines - {line.pk for line in known}:
        raise ValidationError({'lines': _('Select lines of this change request.')})
    if lines - concerned:
        raise ValidationError({'lines': _('Select lines that concern this firewall.')})
    return lines


def _done(request, point):
    """The primary keys of the lines that are implemented on this firewall."""
    done = set()
    for sign_off in _on(request, point):
        if sign_off.kind == KIND.IMPLEMENTED:
            done |= {*sign_off.lines}
        else:
            done -= {*sign_off.lines}
    return done


def _on(request, point):
    found = request.sign_offs.filter(kind__in=(KIND.IMPLEMENTED, KIND.ROLLED_BACK), enforcement_point=point)
    # Without a name: no firewall was recorded, rather than one that was deleted since
    return (found if point else found.filter(enforcement_point_name='')).order_by('pk')


def _last(request, kind, point=None):
    if kind in KIND.DECISIONS:
        return request.sign_offs.filter(kind=kind).order_by('pk').last()
    return _on(request, point).filter(kind=kind).last()


def _key(point) -> int | None:
    return point.pk if point else None
