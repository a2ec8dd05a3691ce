"""What another release would open and close for one gateway, computed without changing anything."""

import copy
from dataclasses import dataclass

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from ..db import atomic, write_alias
from ..history import load_histories
from ..locks import lock_catalogs
from ..models import FlowTemplate, Gateway, GatewayProfile, ProfileFeature, RequiredFlow
from ..reconcile import Plan, PlanChanged, plans, restrict
from ..rules.build import resolve
from ..rules.rule import Resolution, Rule, Unresolved
from ..rules.standing import History, stand
from ..rules.subtract import uncovered
from . import load, requirements

__all__ = ('STEPS', 'StepRefused', 'Upgrade', 'take_step', 'upgrade')

STEPS = ('prepare', 'complete', 'cancel')


class StepRefused(Exception):
    """Another step has to be taken first; the message says which."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The effect of upgrading a gateway to ``profile``: the rules before and after, and the difference.

    ``opens`` and ``closes`` are exact: only the differing part of a rule. ``open_items`` are unresolved flows that are
    not unresolved now. ``plan`` holds the changes to the required flows. ``dropped`` are features in use that the
    release does not have, ``offered`` features that it enables by default and the gateway does not use. If ``hidden``
    is above 0, the difference is incomplete, since the user may not view all flows. ``digest`` identifies what was
    reviewed: see ``take_step``.
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
    digest: str


def upgrade(gateway: Gateway, profile: GatewayProfile, user=None) -> Upgrade:
    """The effect of upgrading this gateway to ``profile``, limited to what ``user`` may view (None: everything).

    Features in use are kept if the release has them by the same slug.
    """
    now = requirements([gateway], user)[0]
    plan = plans([gateway], profile)[gateway.pk]
    seen = plan if user is None else restrict({gateway.pk: plan}, user)[gateway.pk]
    needs = load([gateway], user, flows=_flows(gateway, seen, user))[gateway.pk]
    history = load_histories([gateway.pk]).get(gateway.pk, History())
    then = stand(resolve(needs), history, dict(needs.crossing)).resolution
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
        digest=_digest(gateway, profile, plan),
    )


def take_step(pk: int, step: str, profile: GatewayProfile, agreed: str | None = None) -> Gateway:
    """Prepare, complete or cancel the upgrade of a gateway to ``profile``, and return the gateway as it is then.

    A step that was already taken changes nothing, so that a request can be repeated; concurrent requests wait for
    each other. ``agreed`` is the digest of the upgrade that was reviewed: PlanChanged is raised if it is another one.
    Raises StepRefused if another step has to be taken first, ValidationError, and Gateway.DoesNotExist.
    """
    with atomic(Gateway):
        lock_catalogs(write_alias(Gateway), shared=True)
        # NO KEY, as in reconcile()
        gateway = Gateway.objects.select_for_update(no_key=True, of=('self',)).get(pk=pk)
        if _is_taken(gateway, step, profile):
            return gateway
        if why := _refusal(gateway, step, profile):
            raise StepRefused(why)
        if agreed is not None and _digest(gateway, profile, plans([gateway], profile)[pk]) != agreed:
            raise PlanChanged
        gateway.snapshot()
        if step == 'complete':
            gateway.profile = profile
        # The flows of both releases are required while there is a next profile
        gateway.next_profile = profile if step == 'prepare' else None
        gateway.full_clean()
        gateway.save()
    return gateway


def _is_taken(gateway, step, profile):
    runs = gateway.profile_id == profile.pk
    if step == 'cancel':
        return gateway.next_profile_id is None and not runs
    return runs or (step == 'prepare' and gateway.next_profile_id == profile.pk)


def _refusal(gateway, step, profile):
    if step == 'cancel' and gateway.profile_id == profile.pk:
        return _('The upgrade is already complete.')
    if gateway.next_profile_id not in (None, profile.pk):
        return _('Cancel the current upgrade first.')
    if step == 'complete' and gateway.next_profile_id is None:
        return _('Prepare the upgrade first.')
    return ''


def _digest(gateway, profile, plan):
    """Equal while the same upgrade of the same gateway does the same to its flows."""
    content = (gateway.pk, gateway.profile_id, gateway.next_profile_id, profile.pk, plan.digest)
    return salted_hmac('netbox_gwports.upgrade', repr(content), algorithm='sha256').hexdigest()


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
    for change in (*plan.update, *plan.withdraw):
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
