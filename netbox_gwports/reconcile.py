"""Profile and features of a gateway -> its required flows.

``make_plan`` is a pure function over loaded objects; ``reconcile`` loads, plans and applies under a lock, inside the
caller's transaction. It runs when a gateway is created and when its features, its profile or the end of its life
change, by whichever way; a catalogue that was imported again touches no gateway until somebody asks.
"""

import contextlib
from collections import defaultdict
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import prefetch_related_objects
from django.db.models.signals import post_save

from .choices import FlowStatusChoices, GatewayStatusChoices
from .models import FlowTemplate, Gateway, ProfileFeature, RequiredFlow
from .pairing import Need, pair

__all__ = (
    'Change',
    'Plan',
    'collected',
    'gateway_saved',
    'make_plan',
    'plans',
    'reconcile',
    'requested',
    'with_parents',
)

# What a flow copies from its template: attribute of the flow -> how the template says it
FACTS = {
    'name': lambda t: t.service.name,
    'application_protocol': lambda t: t.service.application_protocol,
    'ports': lambda t: list(t.service.ports),
    'clear_text': lambda t: t.service.clear_text,
    'direction': lambda t: t.direction,
    'remote_role_id': lambda t: t.remote_role_id,
    'remote_hosts': lambda t: list(t.remote_hosts),
    'hosts_replaceable': lambda t: t.hosts_replaceable,
    'zone': lambda t: t.zone,
    'purpose': lambda t: t.purpose,
    'feature_id': lambda t: t.feature_id,
    'direct': lambda t: t.direct,
}
ENDED = (GatewayStatusChoices.DECOMMISSIONING, GatewayStatusChoices.RETIRED)


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a plan. ``values`` are the attributes to set; ``before`` what they replace.

    ``kept`` names facts that the vendor changed and a person had changed before: the person's value stays.
    """

    template: FlowTemplate | None
    flow: RequiredFlow | None = None
    values: dict = field(default_factory=dict)
    before: dict = field(default_factory=dict)
    kept: tuple[str, ...] = ()

    def __str__(self):
        return str(self.flow or f'{self.template.service.name}: {self.template.purpose}')


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to change so that a gateway's flows follow its profile and features."""

    create: tuple[Change, ...] = ()
    update: tuple[Change, ...] = ()
    retire: tuple[Change, ...] = ()
    delete: tuple[Change, ...] = ()
    keep: int = 0

    def __bool__(self):
        return bool(self.create or self.update or self.retire or self.delete)

    @property
    def counts(self) -> dict[str, int]:
        return {
            'create': len(self.create),
            'update': len(self.update),
            'retire': len(self.retire),
            'delete': len(self.delete),
            'keep': self.keep,
        }


#
# The plan
#


def make_plan(gateway: Gateway, features: Iterable[ProfileFeature], templates: Iterable[FlowTemplate],
              flows: Iterable[RequiredFlow]) -> Plan:  # fmt: skip
    """Compare what the profile asks for with the flows that are there. Asks the database nothing.

    ``templates`` are those of the gateway's profile; ``flows`` all of the gateway's, with their templates loaded.
    """
    flows = list(flows)
    ended = gateway.status in ENDED
    in_use = _effective(features)
    wanted = {} if ended else {t.pk: t for t in templates if _is_wanted(t, in_use)}
    template_of = _follow_profile(gateway, flows, wanted)

    create = [Change(t, values=_initial(t)) for pk, t in wanted.items() if pk not in template_of.values()]
    steps = defaultdict(list)
    for flow in flows:
        template = wanted.get(template_of.get(flow.pk))
        if template:
            step, change = _needed(flow, template)
        elif flow.template_id is None and not ended:
            step, change = _by_hand(flow)
        else:
            step, change = _not_needed(flow)
        steps[step].append(change)
    return Plan(tuple(create), tuple(steps['update']), tuple(steps['retire']), tuple(steps['delete']),
                len(steps['keep']))  # fmt: skip


def _effective(features):
    """Features in use: those whose ancestors are all chosen too."""
    parent_of = {f.pk: f.parent_id for f in features}

    def in_use(pk, below=()):
        parent = parent_of[pk]
        return parent is None or (parent in parent_of and parent not in below and in_use(parent, (*below, pk)))

    return {pk for pk in parent_of if in_use(pk)}


def _is_wanted(template, features):
    return not template.withdrawn and (template.feature_id is None or template.feature_id in features)


def _follow_profile(gateway, flows, wanted):
    """Flow pk -> template pk, where flows of another release continue with the template they pair with."""
    template_of = {f.pk: f.template_id for f in flows if f.template_id}
    left = [f for f in flows if f.template_id and f.template.service.profile_id != gateway.profile_id]
    free = [t for pk, t in wanted.items() if pk not in template_of.values()]
    for old, new in pair([_as_need(f.template, f) for f in left], [_as_need(t, t) for t in free]):
        if old and new:
            template_of[old.of.pk] = new.of.pk
    return template_of


def _as_need(template, of):
    return Need(
        service=template.service.name,
        direction=template.direction,
        role=template.remote_role.slug,
        purpose=template.purpose,
        feature=template.feature.slug if template.feature else '',
        hosts=frozenset(template.remote_hosts),
        source=(template.source_row or 0, template.source_item or 0),
        of=of,
    )


def _facts(template):
    return {name: fact(template) for name, fact in FACTS.items()}


def _initial(template):
    """The attributes of a new flow. What the vendor lists without our opening it starts as waived, with the reason."""
    values = _facts(template)
    values['taken'] = {**_facts(template), 'not_opened': template.not_opened}
    values['template_id'] = template.pk
    if template.not_opened:
        values |= {'status': FlowStatusChoices.WAIVED, 'justification': template.not_opened}
    return values


def _needed(flow, template):
    values, kept = {}, []
    theirs = {**_facts(template), 'not_opened': template.not_opened}
    if flow.template_id != template.pk:
        values['template_id'] = template.pk
    if flow.taken != theirs:
        values['taken'] = theirs
    for name in FACTS:
        base, mine = flow.taken.get(name), getattr(flow, name)
        if theirs[name] in (base, mine):
            continue
        if mine == base:
            values[name] = theirs[name]
        else:
            kept.append(name)
    values |= _status(flow, template)
    if not values:
        return 'keep', None
    before = {name: getattr(flow, name) for name in values}
    return 'update', Change(template, flow, values, before, tuple(kept))


def _status(flow, template):
    """Changes of the status that the vendor's word or the flow's own past ask for."""
    if flow.returns_to:
        return _returned(flow)
    base = flow.taken.get('not_opened', '')
    if template.not_opened == base:
        return {}
    if flow.status == FlowStatusChoices.WAIVED and base and flow.justification == base:
        opened = {} if template.not_opened else {'status': FlowStatusChoices.PLANNED}
        return {'justification': template.not_opened, **opened}
    if flow.status == FlowStatusChoices.PLANNED and not base and not flow.justification:
        return {'status': FlowStatusChoices.WAIVED, 'justification': template.not_opened}
    return {}


def _by_hand(flow):
    """Left alone, unless the gateway's end had begun and was taken back."""
    if not flow.returns_to:
        return 'keep', None
    values = _returned(flow)
    return 'update', Change(None, flow, values, {name: getattr(flow, name) for name in values})


def _returned(flow):
    if flow.status == FlowStatusChoices.RETIRED:
        # It was closed because it was not needed; it is needed again, so it has to be opened again
        return {'status': FlowStatusChoices.PLANNED, 'returns_to': ''}
    return {'status': flow.returns_to, 'returns_to': ''}


def _not_needed(flow):
    if flow.status in (FlowStatusChoices.APPROVED, FlowStatusChoices.IMPLEMENTED):
        values = {'status': FlowStatusChoices.RETIRING, 'returns_to': flow.status}
        return 'retire', Change(flow.template, flow, values, {name: getattr(flow, name) for name in values})
    if flow.status in (FlowStatusChoices.RETIRING, FlowStatusChoices.RETIRED):
        return 'keep', None
    return 'delete', Change(flow.template, flow)


#
# Loading and applying
#


def plans(gateways: Iterable[Gateway]) -> dict[int, Plan]:
    """Gateway pk -> plan, at a fixed number of queries whatever the number of gateways."""
    gateways = list(gateways)
    templates, features, flows = defaultdict(list), defaultdict(list), defaultdict(list)
    related = ('service', 'remote_role', 'feature')
    for template in FlowTemplate.objects.filter(
        service__profile__in={g.profile_id for g in gateways}
    ).select_related(*related).order_by('source_row', 'source_item', 'pk'):  # fmt: skip
        templates[template.service.profile_id].append(template)
    for link in Gateway.features.through.objects.filter(gateway__in=gateways).select_related('profilefeature'):
        features[link.gateway_id].append(link.profilefeature)
    for flow in RequiredFlow.objects.filter(gateway__in=gateways).select_related(
        *(f'template__{name}' for name in related)
    ).order_by('pk'):  # fmt: skip
        flows[flow.gateway_id].append(flow)
    return {g.pk: make_plan(g, features[g.pk], templates[g.profile_id], flows[g.pk]) for g in gateways}


def reconcile(pk: int) -> Plan:
    """Bring the flows of one gateway up to date and return what was done. Safe when two run at once."""
    with transaction.atomic():
        # NO KEY: inserting a flow holds FOR KEY SHARE on this row, which a plain FOR UPDATE would wait for
        gateway = Gateway.objects.select_for_update(no_key=True, of=('self',)).filter(pk=pk).first()
        if gateway is None:
            return Plan()
        plan = plans([gateway])[pk]
        _apply(gateway, plan)
    return plan


def _apply(gateway, plan):
    # First what goes: a flow that continues under another template may need the place of one that is deleted
    if plan.delete:
        RequiredFlow.objects.filter(pk__in=[change.flow.pk for change in plan.delete]).delete()
    for change in (*plan.retire, *plan.update):
        flow = change.flow
        flow.snapshot()
        for name, value in change.values.items():
            setattr(flow, name, value)
        flow.save()
    _create(gateway, plan.create)


def _create(gateway, changes):
    if not changes:
        return
    flows = [RequiredFlow(gateway=gateway, **change.values) for change in changes]
    custom_fields = {
        cf.name: cf.default for cf in flows[0].custom_fields if cf.default is not None
    }  # fmt: skip
    for flow in flows:
        flow.custom_field_data = dict(custom_fields)
    RequiredFlow.objects.bulk_create(flows)
    # Everything that NetBox does for a new object (change log, events, search) hangs on this signal; with the
    # related objects loaded beforehand it costs a third of saving one by one
    prefetch_related_objects(flows, 'tags', 'endpoints', 'template', 'remote_role', 'feature')
    for flow in flows:
        post_save.send(
            sender=RequiredFlow, instance=flow, created=True, raw=False, using=DEFAULT_DB_ALIAS, update_fields=None
        )


#
# When it runs
#

_pending: ContextVar[set | None] = ContextVar('netbox_gwports_pending', default=None)


@contextlib.contextmanager
def collected():
    """Everything inside is one change: each gateway is reconciled once, when the outermost block ends.

    Opens a transaction, so that a failing reconcile leaves nothing behind. For code that changes a gateway in
    several steps (its profile, then its features).
    """
    if _pending.get() is not None:
        yield
        return
    with transaction.atomic():
        token = _pending.set(set())
        try:
            yield
            pending = _pending.get()
        finally:
            _pending.reset(token)
        # In the order of their keys, so that two transactions never wait for each other's locks
        for pk in sorted(pending):
            reconcile(pk)


def requested(pk: int):
    """Reconcile this gateway: now, or at the end of the surrounding ``collected()``."""
    pending = _pending.get()
    if pending is None:
        reconcile(pk)
    else:
        pending.add(pk)


def with_parents(features: Iterable[ProfileFeature]) -> list[ProfileFeature]:
    """The same features and all their ancestors: a feature is in use only together with its parents."""
    found = {feature.pk: feature for feature in features}
    missing = {f.parent_id for f in found.values()} - found.keys() - {None}
    while missing:
        found |= ProfileFeature.objects.in_bulk(missing)
        missing = {f.parent_id for f in found.values()} - found.keys() - {None}
    return list(found.values())


def gateway_saved(gateway: Gateway, before: tuple | None):
    """Called by Gateway.save() in its transaction; ``before`` is the stored (profile, status), None when created."""
    if before is None:
        gateway.features.set(with_parents(gateway.profile.features.filter(enabled_by_default=True)))
        requested(gateway.pk)
        return
    profile_id, status = before
    if profile_id != gateway.profile_id:
        # The same features, as the new release knows them
        slugs = gateway.features.values_list('slug', flat=True)
        gateway.features.set(with_parents(gateway.profile.features.filter(slug__in=list(slugs))))
        requested(gateway.pk)
    elif (status in ENDED) != (gateway.status in ENDED):
        requested(gateway.pk)
