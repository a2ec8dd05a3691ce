"""The lines of a change request, from the standing of rules."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from ..choices import ChangeActionChoices
from ..db import atomic
from ..history import load_histories
from ..models import ChangeLine, ChangeRequest, Gateway
from ..reconcile import PlanChanged
from ..requirements import SeenStanding, standings
from ..requirements.upgrade import StepRefused
from ..rules.rule import Rule
from ..rules.standing import Change, History, closing
from ..rules.stored import content, digest, reasons
from ..rules.subtract import uncovered
from .pending import PendingClosings

__all__ = ('change_lines', 'draft', 'lines_digest', 'rules_to_change')


def rules_to_change(
    standing: SeenStanding, keys: Collection[str] | None = None, pending: Collection[str] = ()
) -> Change:
    """What is to be requested for a gateway: rules to open and to close, all of them or those with these keys.

    ``pending`` are the keys of rules whose closing was requested before: they are not closed once more.

    What is closed as a whole although a part of it is required is opened again by the same change. Raises PlanChanged
    if there is nothing to request for a key, and StepRefused if rules that the user may not view would be closed.
    """
    opens = {rule.key: rule for rule in standing.to_request}
    closes = {rule.key: rule for rule in standing.to_close}
    if keys is not None:
        if set(keys) - opens.keys() - closes.keys():
            raise PlanChanged
        opens, closes = ({key: rule for key, rule in known.items() if key in keys} for known in (opens, closes))
    closes = {key: rule for key, rule in closes.items() if key not in pending}
    change = closing(closes.values(), standing.required)
    if uncovered(change.opens, standing.resolution.effective_rules):
        raise StepRefused(_('This would close rules that you may not view. Ask somebody who may view all flows.'))
    return replace(change, opens=_unique((*opens.values(), *change.opens)))


def _unique(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple({rule.key: rule for rule in rules}.values())


def change_lines(
    gateways: Iterable[Gateway], user, keys: Mapping[int, Collection[str]] | None = None
) -> list[ChangeLine]:
    """The lines of a change request for these gateways, not saved: what it closes, then what it opens, of each.

    ``keys`` and what is raised: see ``draft``.
    """
    gateways = [gateway for gateway in gateways if keys is None or gateway.pk in keys]
    pks = [gateway.pk for gateway in gateways]
    histories, closings = load_histories(pks), PendingClosings.load(pks)
    lines = []
    for gateway, standing in zip(gateways, standings(gateways, user), strict=True):
        history = histories.get(gateway.pk, History())
        pending = {rule.key for rule in standing.to_close if closings.is_requested(rule, history)}
        change = rules_to_change(standing, keys and keys[gateway.pk], pending)
        lines += _lines(gateway, ChangeActionChoices.CLOSE, change.closes)
        lines += _lines(gateway, ChangeActionChoices.OPEN, change.opens)
    return lines


def lines_digest(lines: Iterable[ChangeLine]) -> str:
    """Identifies what lines that are not part of a change request yet would open and close."""
    return digest({'gateway': line.gateway_id, 'action': line.action, 'rule': line.content} for line in lines)


def draft(
    gateways: Iterable[Gateway],
    user,
    keys: Mapping[int, Collection[str]] | None = None,
    request: ChangeRequest | None = None,
    agreed: str | None = None,
    **fields,
) -> ChangeRequest:
    """Create a change request for these gateways, or extend a draft; the caller must have restricted both.

    ``keys`` maps gateway pks to the keys of the rules to request; without it, all that is to be requested is. Lines
    that the draft has already are left as they are, and rules whose closing was requested are left out. ``agreed`` is
    the ``lines_digest`` of what the user saw: PlanChanged is raised if it is something else. Raises ValidationError for
    ``fields``, and what ``rules_to_change`` raises; StepRefused too where nothing is to be requested or the request was
    submitted.
    """
    with atomic(ChangeRequest):
        if request is None:
            request = ChangeRequest(**fields)
        else:
            request = ChangeRequest.objects.select_for_update(of=('self',)).get(pk=request.pk)
            if not request.is_draft:
                raise StepRefused(_('This change request was submitted already. Create another one.'))
            request.snapshot()
            for name, value in fields.items():
                setattr(request, name, value)
        lines = change_lines(gateways, user, keys)
        if not lines:
            raise StepRefused(_('There is nothing to open or to close.'))
        if agreed is not None and lines_digest(lines) != agreed:
            raise PlanChanged
        request.full_clean()
        request.save()
        for line in lines:
            line.change_request = request
        # The same rule may have been added before
        ChangeLine.objects.bulk_create(lines, ignore_conflicts=True)
    return request


def _lines(gateway, action, rules):
    # Of no change request yet
    nothing = ChangeRequest()
    return [
        ChangeLine(
            change_request=nothing,
            gateway=gateway,
            gateway_name=str(gateway),
            action=action,
            direction=rule.direction,
            zone=rule.zone,
            rule_key=rule.key,
            content=content(rule),
            reasons=reasons(rule),
        )
        for rule in rules
    ]
