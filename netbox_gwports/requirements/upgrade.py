"""What another release would open and close for one gateway, computed without changing anything."""

import copy
from dataclasses import dataclass

from ..models import FlowTemplate, Gateway, GatewayProfile, ProfileFeature, RequiredFlow
from ..reconcile import Plan, plans, restrict
from ..rules.build import resolve
from ..rules.rule import Resolution, Rule, Unresolved
from ..rules.subtract import uncovered
from . import load, requirements

__all__ = ('Upgrade', 'advance', 'cancel_upgrade', 'upgrade')


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The effect of upgrading a gateway to ``profile``: the rules before and after, and the difference.

    ``opens`` and ``closes`` are exact: only the differing part of a rule. ``open_items`` are unresolved flows that are
    not unresolved now. ``plan`` holds the changes to the required flows. ``dropped`` are features in use that the
    release does not have, ``offered`` features that it enables by default and the gateway does not use. If ``hidden``
    is above 0, the difference is incomplete, since the user may not view all flows.
    """

    gateway: Gateway
    profile: GatewayProfile
    now: Resolution
    then: Resolution
    opens: tuple[Rule, ...]
    closes: tuple[Rule, ...]
    open_items: tuple[Unresolved, ...]
    plan: Plan
    dropped: tuple[ProfileFeature, ...]
    offered: tuple[ProfileFeature, ...]
    hidden: int


def upgrade(gateway: Gateway, profile: GatewayProfile, user=None) -> Upgrade:
    """The effect of upgrading this gateway to ``profile``, limited to what ``user`` may view (None: everything).

    Features in use are kept if the release has them by the same slug.
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
        open_items=tuple(
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
    """Take the next step of an upgrade to ``profile``; True if the upgrade is now complete.

    The first step sets it as the next profile, so that the flows of both releases are required. The second makes it
    the current profile. Raises ValidationError.
    """
    gateway.snapshot()
    complete = gateway.next_profile_id == profile.pk
    if complete:
        gateway.profile, gateway.next_profile = profile, None
    else:
        gateway.next_profile = profile
    gateway.full_clean()
    gateway.save()
    return complete


def cancel_upgrade(gateway: Gateway):
    """Keep the current release: flows required only by the next one are retired."""
    gateway.snapshot()
    gateway.next_profile = None
    gateway.full_clean()
    gateway.save()


def _crossing(resolution):
    return [rule for rule in resolution.rules if not rule.same_segment]


def _flows(gateway, plan, user):
    """The gateway's flows after applying the plan; new ones have negative pks."""
    flows = RequiredFlow.objects.filter(gateway=gateway).select_related('remote_role', 'feature', 'template')
    if user is not None:
        flows = flows.restrict(user, 'view')
    flows = {flow.pk: flow for flow in flows}
    for change in plan.delete:
        flows.pop(change.flow.pk, None)
    for change in (*plan.update, *plan.retire, *plan.withdraw):
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
    # A feature that the current release has was turned off on purpose; only new features are offered
    had = set(gateway.profile.features.values_list('slug', flat=True))
    return (
        tuple(f for slug, f in sorted(used.items()) if slug not in known),
        tuple(f for slug, f in sorted(known.items()) if f.enabled_by_default and slug not in had),
    )
