"""Requesting whatever is still to be requested: the same call again changes nothing."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from ..choices import ChangeActionChoices, ChangeRequestStatusChoices, SignOffKindChoices, StandingChoices
from ..db import atomic
from ..history import load_histories
from ..models import ChangeLine, ChangeRequest, Gateway
from ..reconcile import PlanChanged
from ..requirements import SeenStanding, standings
from ..requirements.upgrade import StepRefused
from ..rules.standing import History
from ..rules.subtract import uncovered
from .lines import draft
from .pending import PendingClosings
from .sign import Signature, submit

__all__ = ('left_to_request', 'request_rules')

ACTION, STATUS, KIND = ChangeActionChoices, ChangeRequestStatusChoices, SignOffKindChoices


def request_rules(
    gateways: Iterable[Gateway],
    signature: Signature,
    keys: Collection[str] | None = None,
    request: ChangeRequest | None = None,
    as_draft: bool = False,
    **fields,
) -> tuple[ChangeRequest, bool]:
    """(the change request with what is still to be requested for these gateways, whether it was created).

    ``keys`` selects rules; without it, all are requested but those that were rejected. A draft with the same ticket
    (or, without a ticket, the same title) is extended, unless ``request`` is given. It is submitted unless
    ``as_draft``. Where nothing is left to request, the result is the last change request for these gateways with
    this ticket or title.

    The caller must have restricted the gateways and the request. Raises PlanChanged for an unknown key,
    ChangeRequest.DoesNotExist if the user may not request such a change, and what ``draft`` and ``submit`` raise.
    """
    user = signature.user
    with atomic(ChangeRequest):
        # One at a time, so that the second of two equal requests finds the first
        pks = [gateway.pk for gateway in gateways]
        gateways = list(Gateway.objects.select_for_update(no_key=True, of=('self',)).filter(pk__in=pks).order_by('pk'))
        found = standings(gateways, user)
        if keys is not None:
            _check_known(gateways, found, keys, user)
        left = left_to_request(gateways, found, keys)
        known = _known(gateways, keys, fields)
        created = False
        if left:
            drafts = known.filter(status=STATUS.DRAFT).restrict(user, 'request')
            if request is not None:
                # Before anything of it is changed: the permission may have constraints
                ChangeRequest.objects.restrict(user, 'request').get(pk=request.pk)
            target = request or drafts.first()
            created = target is None
            request = draft(gateways, user, left, target, **fields)
        elif request is None:
            request = known.restrict(user, 'view').first()
            if request is None:
                raise StepRefused(_('There is nothing to open or to close.'))
        if request.is_draft:
            # The permission may have constraints
            ChangeRequest.objects.restrict(user, 'request').get(pk=request.pk)
            if not as_draft:
                submit(request.pk, signature)
                request.refresh_from_db()
    return request, created


def left_to_request(
    gateways: Iterable[Gateway], standings: Iterable[SeenStanding], keys: Collection[str] | None = None
) -> dict[int, set[str]]:
    """Gateway pk -> the keys of the rules that no submitted change request opens or closes yet. Four queries.

    Without ``keys``, rejected rules are not requested again.
    """
    gateways = list(gateways)
    pks = [gateway.pk for gateway in gateways]
    histories, closing = load_histories(pks), PendingClosings.load(pks)
    left = {}
    for gateway, standing in zip(gateways, standings, strict=True):
        history = histories.get(gateway.pk, History())
        asked = [rule for change in history.requested for rule in change.opens]
        wanted = {
            rule.key
            for rule in standing.to_request
            if (keys is not None or rule.standing != StandingChoices.REJECTED) and uncovered([rule], asked)
        }
        wanted |= {rule.key for rule in standing.to_close if not closing.is_requested(rule, history)}
        if found := wanted if keys is None else wanted & set(keys):
            left[gateway.pk] = found
    return left


def _known(gateways, keys, fields):
    """The change requests for these gateways with this ticket or title, the last one first."""
    lines = ChangeLine.objects.filter(gateway__in=gateways)
    if keys is not None:
        lines = lines.filter(rule_key__in=keys)
    if ticket := fields.get('ticket'):
        same = {'ticket': ticket}
    else:
        same = {'ticket': '', 'title': fields.get('title', '')}
    found = ChangeRequest.objects.filter(pk__in=lines.values('change_request'), **same)
    return found.exclude(status=STATUS.WITHDRAWN).order_by('-pk')


def _check_known(gateways, standings, keys, user):
    """PlanChanged for the key of a rule that is neither shown now nor in a change request."""
    unknown = set(keys) - {
        rule.key for each in standings for rule in (*each.resolution.effective_rules, *each.to_close)
    }
    if not unknown:
        return
    lines = ChangeLine.objects.restrict(user, 'view').filter(gateway__in=gateways, rule_key__in=unknown)
    if unknown - set(lines.values_list('rule_key', flat=True)):
        raise PlanChanged
