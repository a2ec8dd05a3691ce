"""What another release of its product would open and close for one gateway. Nothing is changed to find out."""

import copy
from dataclasses import dataclass

from ..models import FlowTemplate, Gateway, GatewayProfile, ProfileFeature, RequiredFlow
from ..reconcile import Plan, plans, restrict
from ..rules.build import resolve
from ..rules.rule import Resolution, Rule, Unresolved
from ..rules.subtract import uncovered
from . import load, requirements

__all__ = ('Upgrade', 'advance', 'give_up', 'upgrade')


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A gateway on its way to ``profile``: the rules that it has now and will have, and the difference.

    ``opens`` and ``closes`` are exact: parts of rules where the rest stays. ``unanswered`` are needs that yield no rule
    then and are not unresolved now. ``plan`` is what becomes of the flows. ``dropped`` are features in use that the
    release does not know, ``offered`` those that it has on by default and the gateway does not use. ``hidden`` counts
    what the reader may not see: above 0, the difference is not all.
    """

    gateway: Gateway
    profile: GatewayProfile
    now: Resolution
    then: Resolution
    opens: tuple[Rule, ...]
    closes: tuple[Rule, ...]
    unanswered: tuple[Unresolved, ...]
    plan: Plan
    dropped: tuple[ProfileFeature, ...]
    offered: tuple[ProfileFeature, ...]
    hidden: int


def upgrade(gateway: Gateway, profile: GatewayProfile, user=None) -> Upgrade:
    """What running ``profile`` would change for this gateway, as far as ``user`` may see; None sees everything.

    Features in use stay in use where the release knows them by the same slug.
    """
    now = requirements([gateway], user)[0]
    plan = plans([gateway], profile)[gateway.pk]
    seen = plan if user is None else restrict({gateway.pk: plan}, user)[gateway.pk]
    then = resolve(load([gateway], user, flows=_flows(gateway, seen, user))[gateway.pk])
    known = {(u.flow.name, u.flow.purpose, u.reason, u.detail) for u in now.unresolved}
    dropped, offered = _features(gateway, profile, user)
    return Upgrade(
        gateway=gateway,
        profile=profile,
        now=now,
        then=then,
        opens=uncovered(then.effective_rules, _crossing(now)),
        closes=uncovered(now.effective_rules, _crossing(then)),
        unanswered=tuple(
            u
            for u in then.unresolved
            if u.is_open_item and (u.flow.name, u.flow.purpose, u.reason, u.detail) not in known
        ),
        plan=seen,
        dropped=dropped,
        offered=offered,
        hidden=now.hidden + then.hidden + seen.hidden,
    )


def advance(gateway: Gateway, profile: GatewayProfile) -> bool:
    """One step towards ``profile``; True when it runs that release now.

    The first makes it the next profile, so that what both releases need is wanted; the second takes it over. Raises
    ValidationError.
    """
    gateway.snapshot()
    taken_over = gateway.next_profile_id == profile.pk
    if taken_over:
        gateway.profile, gateway.next_profile = profile, None
    else:
        gateway.next_profile = profile
    gateway.full_clean()
    gateway.save()
    return taken_over


def give_up(gateway: Gateway):
    """Stay with the release that it runs: what only the next one needed is retired."""
    gateway.snapshot()
    gateway.next_profile = None
    gateway.full_clean()
    gateway.save()


def _crossing(resolution):
    return [rule for rule in resolution.rules if not rule.same_segment]


def _flows(gateway, plan, user):
    """The gateway's flows as the plan leaves them; new ones have numbers below 0."""
    flows = RequiredFlow.objects.filter(gateway=gateway).select_related('remote_role', 'feature', 'template')
    if user is not None:
        flows = flows.restrict(user, 'view')
    flows = {flow.pk: flow for flow in flows}
    for change in plan.delete:
        flows.pop(change.flow.pk, None)
    for change in (*plan.update, *plan.retire):
        if change.flow.pk in flows:
            flows[change.flow.pk] = _changed(flows[change.flow.pk], change)
    for number, change in enumerate(plan.create, 1):
        flow = RequiredFlow(pk=-number, gateway=gateway)
        flows[flow.pk] = _changed(flow, change)
    for flow in flows.values():
        flow.gateway = gateway
    return [flow for flow in flows.values() if flow.is_needed()]


def _changed(flow, change):
    flow = copy.copy(flow)
    flow._state = copy.copy(flow._state)
    flow._state.fields_cache = dict(flow._state.fields_cache)
    for name, value in change.values.items():
        setattr(flow, name, value)
    if change.template:
        template: FlowTemplate = change.template
        flow.template = template
        for name in ('remote_role', 'feature'):
            if f'{name}_id' in change.values:
                setattr(flow, name, getattr(template, name))
    return flow


def _features(gateway, profile, user):
    used = gateway.features.all()
    known = profile.features.all()
    if user is not None:
        used, known = used.restrict(user, 'view'), known.restrict(user, 'view')
    used, known = {f.slug: f for f in used}, {f.slug: f for f in known}
    # What the release knew and left off was a choice; what is new to it was none
    had = set(gateway.profile.features.values_list('slug', flat=True))
    return (
        tuple(f for slug, f in sorted(used.items()) if slug not in known),
        tuple(f for slug, f in sorted(known.items()) if f.enabled_by_default and slug not in had),
    )
