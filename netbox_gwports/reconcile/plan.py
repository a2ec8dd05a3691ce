"""The plan: a pure function over loaded objects."""

from collections import defaultdict
from collections.abc import Iterable

from ..choices import FlowStatusChoices, GatewayStatusChoices
from ..models import FlowTemplate, Gateway, ProfileFeature, RequiredFlow
from ..rules.facts import Kind, copied
from ..rules.pairing import identity_of, pair
from .change import Change, Plan
from .features import in_use

__all__ = ('ENDED', 'make_plan')

# What people write on a flow, beside its justification
WRITTEN = ('mitigation', 'valid_until', 'description', 'comments', 'owner_id')
ENDED = (GatewayStatusChoices.DECOMMISSIONING, GatewayStatusChoices.RETIRED)


def make_plan(
    gateway: Gateway,
    features: Iterable[ProfileFeature],
    templates: Iterable[FlowTemplate],
    flows: Iterable[RequiredFlow],
    next_features: Iterable[ProfileFeature] = (),
    next_templates: Iterable[FlowTemplate] = (),
    kept: frozenset[int] = frozenset(),
) -> Plan:
    """Compare the flow templates of the profile with the gateway's flows. Makes no queries.

    ``templates`` are those of the gateway's profile, ``next_templates`` those of its next one, each with the features
    in use; ``flows`` are all of the gateway's, with their templates loaded;
    ``kept`` are the pks of those with anything approved or open, which are never deleted.
    """
    flows = list(flows)
    ended = gateway.status in ENDED
    wanted = {} if ended else _wanted(templates, features)
    template_of = _follow_profile(gateway, flows, wanted)
    if not ended:
        wanted |= _beforehand(wanted, _wanted(next_templates, next_features))

    create = [Change(t, values=_initial(t)) for pk, t in wanted.items() if pk not in template_of.values()]
    steps = defaultdict(list)
    for flow in flows:
        template = wanted.get(template_of.get(flow.pk))
        if template:
            step, change = _needed(flow, template)
        elif flow.template_id is None:
            step, change = 'keep', Change(None, flow)
        else:
            step, change = _not_needed(flow, kept)
        steps[step].append(change)
    return Plan(tuple(create), *(tuple(steps[step]) for step in ('update', 'withdraw', 'delete', 'keep')))


def _wanted(templates, features):
    """Template pk -> template, of those that apply with these features."""
    used = in_use({feature.pk: feature.parent_id for feature in features})
    return {t.pk: t for t in templates if not t.withdrawn and (t.feature_id is None or t.feature_id in used)}


def _follow_profile(gateway, flows, wanted):
    """Flow pk -> template pk, where flows of another release continue with the template they pair with.

    A template that has a flow already (it was opened beforehand) keeps that one, and its partner ends.
    """
    template_of = {f.pk: f.template_id for f in flows if f.template_id}
    taken = set(template_of.values())
    staying = {gateway.profile_id, gateway.next_profile_id}
    left = [f for f in flows if f.template_id and f.template.service.profile_id not in staying]
    for old, new in pair([identity_of(f.template, f) for f in left], [identity_of(t, t) for t in wanted.values()]):
        if old and new and new.of.pk not in taken:
            template_of[old.of.pk] = new.of.pk
    return template_of


def _beforehand(wanted, following):
    """The templates of the next release that need openings of their own: the flow of a partner that opens the same
    stands for both until the release is taken over."""
    pairs = pair([identity_of(t, t) for t in wanted.values()], [identity_of(t, t) for t in following.values()])
    return {new.of.pk: new.of for old, new in pairs if new and not (old and _opening(old.of) == _opening(new.of))}


def _opening(template):
    """Everything that decides what a flow of this template opens."""
    facts = [fact.value(fact.source(template)) for fact in copied() if fact.opens]
    return facts, bool(template.not_opened)


def _facts(template):
    """What a flow copies from its template, by attribute."""
    return {fact.attribute: fact.value(fact.source(template)) for fact in copied()}


def _initial(template):
    """The attributes of a new flow. A template with ``not_opened`` starts as waived, for that reason."""
    values = _facts(template)
    values['template_values'] = {**_facts(template), 'not_opened': template.not_opened}
    values['template_id'] = template.pk
    if template.not_opened:
        values |= {'status': FlowStatusChoices.WAIVED, 'justification': template.not_opened}
    return values


def _needed(flow, template):
    facts = _facts(template)
    values, kept = _followed(flow, facts)
    theirs = {**facts, 'not_opened': template.not_opened}
    if flow.template_values != theirs:
        values = {'template_values': theirs} | values
    if flow.template_id != template.pk:
        values = {'template_id': template.pk} | values
    values |= _status(flow, template)
    if not values:
        return 'keep', Change(template, flow)
    before = {name: getattr(flow, name) for name in values}
    names = {
        fact.name: (_name(getattr(flow, fact.name)), _name(getattr(template, fact.name)))
        for fact in copied()
        if fact.kind is Kind.REFERENCE and fact.attribute in values
    }
    return 'update', Change(template, flow, values, before, tuple(kept), names)


def _followed(flow, facts):
    """(what changes with the template, what was edited here and stays although the template changed)."""
    values, kept = {}, []
    for name, theirs in facts.items():
        base, mine = flow.template_values.get(name), getattr(flow, name)
        if theirs in (base, mine):
            continue
        if mine == base:
            values[name] = theirs
        else:
            kept.append(name)
    return values, kept


def _name(related):
    return str(related) if related else None


def _status(flow, template):
    """Changes of the status because of ``not_opened`` or because the flow is needed again."""
    if flow.status_before_withdrawal:
        return {'status': flow.status_before_withdrawal, 'status_before_withdrawal': ''}
    base = flow.template_values.get('not_opened', '')
    if template.not_opened == base:
        return {}
    if flow.status == FlowStatusChoices.WAIVED and base and flow.justification == base:
        opened = {} if template.not_opened else {'status': FlowStatusChoices.REQUIRED}
        return {'justification': template.not_opened, **opened}
    if flow.status == FlowStatusChoices.REQUIRED and not base and not flow.justification:
        return {'status': FlowStatusChoices.WAIVED, 'justification': template.not_opened}
    return {}


def _not_needed(flow, kept):
    """What is approved or open, or somebody decided or wrote, is kept; the rest is deleted."""
    if flow.status == FlowStatusChoices.WITHDRAWN:
        return 'keep', Change(flow.template, flow)
    if not (flow.pk in kept or _is_decided(flow) or _is_written(flow)):
        return 'delete', Change(flow.template, flow)
    values = {'status': FlowStatusChoices.WITHDRAWN, 'status_before_withdrawal': flow.status}
    return 'withdraw', Change(flow.template, flow, values, {name: getattr(flow, name) for name in values})


def _is_decided(flow):
    """Whether its status is not the one that it was made with."""
    made_with = FlowStatusChoices.WAIVED if flow.template_values.get('not_opened') else FlowStatusChoices.REQUIRED
    return flow.status != made_with


def _is_written(flow):
    """Whether somebody wrote anything on it: text, dates, custom fields, other facts, or what is linked to it."""
    base = flow.template_values
    return bool(
        flow.justification not in ('', base.get('not_opened'))
        or any(getattr(flow, name) for name in WRITTEN)
        or any(getattr(flow, fact.attribute) != base.get(fact.attribute) for fact in copied())
        # Set where the flow was loaded: see apply.plans
        or getattr(flow, 'linked', False)
    )
