"""What another release of its product would open and close for one gateway. Nothing is changed to find out."""

import copy
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from ..choices import FlowStatusChoices, GatewayStatusChoices
from ..models import FlowTemplate, Gateway, GatewayProfile, ProfileFeature, RequiredFlow
from ..reconcile import Plan, PlanChanged, plans, restrict
from ..rules.build import resolve
from ..rules.rule import Resolution, Rule, Unresolved
from ..rules.subtract import uncovered
from . import load, requirements

__all__ = ('STEPS', 'StepRefused', 'Upgrade', 'take_step', 'upgrade')

STEPS = ('prepare', 'complete', 'cancel')


class StepRefused(Exception):
    """Another step comes first; the text says which."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A gateway on its way to ``profile``: the rules that it has now and will have, and the difference.

    ``opens`` and ``closes`` are exact: parts of rules where the rest stays. ``unanswered`` are needs that yield no rule
    then and are not unresolved now. ``plan`` is what becomes of the flows. ``dropped`` are features in use that the
    release does not know, ``offered`` those that it has on by default and the gateway does not use. ``hidden`` counts
    what the reader may not see: above 0, the difference is not all. ``digest`` names what was seen: see ``take_step``.
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
    digest: str


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
        digest=_digest(gateway, profile, plan),
    )


def take_step(pk: int, step: str, profile: GatewayProfile, agreed: str | None = None) -> Gateway:
    """Prepare, complete or cancel the upgrade of a gateway to ``profile``, and return the gateway as it is then.

    A step that was done already changes nothing, so that a request may be repeated; two at once come one after the
    other. ``agreed`` is the digest of the upgrade that somebody saw: PlanChanged is raised where it is another.
    Raises StepRefused where another step has to come first, ValidationError, and Gateway.DoesNotExist.
    """
    with transaction.atomic():
        # NO KEY, as in reconcile()
        gateway = Gateway.objects.select_for_update(no_key=True, of=('self',)).get(pk=pk)
        if _is_done(gateway, step, profile):
            return gateway
        if why := _refusal(gateway, step, profile):
            raise StepRefused(why)
        if agreed is not None and _digest(gateway, profile, plans([gateway], profile)[pk]) != agreed:
            raise PlanChanged
        gateway.snapshot()
        if step == 'complete':
            gateway.profile = profile
        # What both releases need is wanted while there is a next one
        gateway.next_profile = profile if step == 'prepare' else None
        gateway.full_clean()
        gateway.save()
    return gateway


def _is_done(gateway, step, profile):
    runs = gateway.profile_id == profile.pk
    if step == 'cancel':
        return gateway.next_profile_id is None and not runs
    return runs or (step == 'prepare' and gateway.next_profile_id == profile.pk)


def _refusal(gateway, step, profile):
    if step == 'cancel' and gateway.profile_id == profile.pk:
        return _('The upgrade was completed.')
    if gateway.next_profile_id not in (None, profile.pk):
        return _('Another upgrade is prepared: cancel it first.')
    if step == 'complete' and gateway.next_profile_id is None:
        return _('Prepare the upgrade first.')
    return ''


def _digest(gateway, profile, plan):
    """Equal while the same upgrade of the same gateway does the same to its flows."""
    said = (gateway.pk, gateway.profile_id, gateway.next_profile_id, profile.pk, plan.digest)
    return salted_hmac('netbox_gwports.upgrade', repr(said), algorithm='sha256').hexdigest()


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
    today = timezone.localdate()
    return [
        flow
        for flow in flows.values()
        if flow.status in FlowStatusChoices.WANTED
        and (flow.valid_until is None or flow.valid_until >= today)
        and gateway.status != GatewayStatusChoices.RETIRED
    ]


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
