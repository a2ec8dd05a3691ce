"""Events of gateways, for NetBox's event rules: raised when a summary is computed and says something new.

The webhook or script of an event rule gets the gateway as ``data``, and the numbers of its summary as ``snapshots``
(``prechange`` and ``postchange``), which conditions may refer to as well.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from core.models import ObjectType
from django.utils import timezone
from extras.events import EventContext, flush_events

from ..choices import ChangeRequestStatusChoices, FlowStatusChoices, SignOffKindChoices
from ..event_types import EXPIRED, OPEN_WITHOUT_APPROVAL, REQUIREMENTS_CHANGED, REVIEW_DUE
from ..models import ChangeLine, Gateway, RequiredFlow, SignOff, StandingSummary
from .summary import Moved

__all__ = ('raise_events',)


def raise_events(moved: Iterable[Moved], today: date | None = None) -> list[tuple[str, Gateway]]:
    """Hand the events of these summaries to NetBox, and return them. Two queries, and those of the event rules."""
    moved = list(moved)
    today = today or timezone.localdate()
    expired = _expired(moved, today)
    raised = [(name, each) for each in moved for name in _names(each, each.gateway.pk in expired, today)]
    if raised:
        object_type = ObjectType.objects.get_for_model(Gateway)
        flush_events([_event(name, object_type, each) for name, each in raised])
    return [(name, each.gateway) for name, each in raised]


def _names(moved: Moved, expired: bool, today: date) -> Iterator[str]:
    """The most urgent one last: of several notifications on one object, NetBox keeps the last."""
    before, after = moved.before, moved.after
    # Without a digest it was never computed before
    if before.digest and before.digest != after.digest:
        yield REQUIREMENTS_CHANGED
    if after.is_review_due(today) and not before.is_review_due(timezone.localdate(before.computed)):
        yield REVIEW_DUE
    if expired:
        yield EXPIRED
    if after.unapproved > before.unapproved:
        yield OPEN_WITHOUT_APPROVAL


def _expired(moved: list[Moved], today: date) -> set[int]:
    """The pks of gateways with a flow or an approval whose last day has passed since the summary was computed."""
    since = {each.gateway.pk: timezone.localdate(each.before.computed) for each in moved}
    if not since or min(since.values()) >= today:
        return set()
    passed = {'valid_until__lt': today, 'valid_until__gte': min(since.values())}
    flows = RequiredFlow.objects.filter(gateway__in=since, status=FlowStatusChoices.REQUIRED, **passed)
    approvals = SignOff.objects.filter(
        kind=SignOffKindChoices.APPROVED, change_request__status=ChangeRequestStatusChoices.APPROVED, **passed
    )
    lines = ChangeLine.objects.filter(gateway__in=since, change_request__sign_offs__in=approvals)
    found = [
        *flows.values_list('gateway', 'valid_until'),
        *lines.values_list('gateway', 'change_request__valid_until').distinct().order_by(),
    ]
    return {pk for pk, last_day in found if last_day and last_day >= since[pk]}


def _event(name: str, object_type: ObjectType, moved: Moved) -> EventContext:
    # Without a request: nobody asked for what the passing of time or a background job found out
    return EventContext(
        object_type=object_type,
        object_id=moved.gateway.pk,
        object=moved.gateway,
        event_type=name,
        snapshots={'prechange': _numbers(moved.before), 'postchange': _numbers(moved.after)},
        user=None,
    )


def _numbers(summary: StandingSummary) -> dict:
    return summary.counts | {
        'behind': summary.behind,
        'no_firewall': summary.no_firewall,
        'review_due': summary.review_due and summary.review_due.isoformat(),
    }
