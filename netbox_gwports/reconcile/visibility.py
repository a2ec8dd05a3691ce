"""Plans restricted to what a user may view."""

from collections.abc import Iterable
from dataclasses import replace

from ..models import FlowTemplate, RequiredFlow
from .change import Change, Plan

__all__ = ('restrict',)


def restrict(plans: dict[int, Plan], user) -> dict[int, Plan]:
    """Gateway pk -> the same plan, with changes of objects that the user may not view only counted. Two queries.

    A new flow is visible to users who may view its template.
    """
    steps = [change for plan in plans.values() for _action, change in plan.steps]
    steps += [change for plan in plans.values() for change in plan.keep]
    flows = _visible(RequiredFlow, {c.flow.pk for c in steps if c.flow}, user)
    templates = _visible(FlowTemplate, {c.template.pk for c in steps if not c.flow}, user)

    def seen(changes: Iterable[Change]) -> tuple[Change, ...]:
        return tuple(c for c in changes if (c.flow.pk in flows if c.flow else c.template.pk in templates))

    found = {}
    for pk, plan in plans.items():
        shown = {action: seen(getattr(plan, action)) for action in ('create', 'update', 'withdraw', 'delete', 'keep')}
        count = len(list(plan.steps))
        shown_plan = replace(plan, **shown)
        found[pk] = replace(shown_plan, hidden=count - len(list(shown_plan.steps)), full_digest=plan.digest)
    return found


def _visible(model, pks, user):
    return set(model.objects.restrict(user, 'view').filter(pk__in=pks).values_list('pk', flat=True))
