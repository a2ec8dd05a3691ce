"""Loads the input of plans, and applies a plan under a lock."""

import copy
from collections import defaultdict
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, prefetch_related_objects
from django.db.models.signals import post_save
from extras.models import CustomField, JournalEntry, TaggedItem

from ..db import atomic, write_alias
from ..history import flows_with_openings
from ..locks import lock_catalogs
from ..models import FlowTemplate, Gateway, GatewayProfile, ProfileFeature, RequiredFlow
from .change import Plan
from .features import complete
from .plan import make_plan
from .visibility import restrict

__all__ = ('PlanChanged', 'plans', 'reconcile')


class PlanChanged(Exception):
    """The plan is no longer the one that was reviewed."""


def plans(gateways: Iterable[Gateway], profile: GatewayProfile | None = None) -> dict[int, Plan]:
    """Gateway pk -> plan, at a fixed number of queries whatever the number of gateways.

    ``profile`` asks for the plans as if the gateways ran that release already.
    """
    gateways = [g if profile is None else _as_if(g, profile) for g in gateways]
    templates, flows = defaultdict(list), defaultdict(list)
    related = ('service', 'remote_role', 'feature')
    profiles = {pk for g in gateways for pk in (g.profile_id, g.next_profile_id) if pk}
    for template in (
        FlowTemplate.objects
        .filter(service__profile__in=profiles)
        .select_related(*related)
        .order_by('row', 'item', 'pk')
    ):
        templates[template.service.profile_id].append(template)
    features = _features(gateways)
    defaults = {field.name: field.default for field in CustomField.objects.get_for_model(RequiredFlow)}
    for flow in (
        RequiredFlow.objects
        .filter(gateway__in=gateways)
        .select_related('remote_role', 'feature', *(f'template__{name}' for name in related))
        .annotate(linked=_linked())
        .order_by('pk')
    ):
        flow.linked = flow.linked or any(
            value not in (None, defaults.get(name)) for name, value in flow.custom_field_data.items()
        )
        flows[flow.gateway_id].append(flow)
    kept = flows_with_openings([g.pk for g in gateways])
    return {
        g.pk: make_plan(
            g,
            features[g.pk, g.profile_id],
            templates[g.profile_id],
            flows[g.pk],
            features.get((g.pk, g.next_profile_id), ()),
            templates[g.next_profile_id],
            kept,
        )
        for g in gateways
    }


def _linked():
    """Whether somebody named endpoints, set tags or wrote into the journal of a flow (custom fields are added)."""
    kind = ContentType.objects.get_for_model(RequiredFlow)
    return (
        Exists(RequiredFlow.endpoints.through.objects.filter(requiredflow=OuterRef('pk')))
        | Exists(TaggedItem.objects.filter(content_type=kind, object_id=OuterRef('pk')))
        | Exists(JournalEntry.objects.filter(assigned_object_type=kind, assigned_object_id=OuterRef('pk')))
    )


def _as_if(gateway, profile):
    gateway = copy.copy(gateway)
    gateway.profile, gateway.next_profile = profile, None
    return gateway


def _features(gateways):
    """(gateway pk, profile pk) -> its features in use, as its profile and its next one know them."""
    chosen, found = defaultdict(list), {}
    links = Gateway.features.through.objects.filter(gateway__in=[g.pk for g in gateways])
    for link in links.select_related('profilefeature'):
        chosen[link.gateway_id].append(link.profilefeature)
    asked = {(g.pk, profile) for g in gateways for profile in (g.profile_id, g.next_profile_id) if profile}
    for gateway, profile in asked:
        if all(feature.profile_id == profile for feature in chosen[gateway]):
            found[gateway, profile] = chosen[gateway]
    if others := {profile for gateway, profile in asked - found.keys()}:
        known = ProfileFeature.objects.filter(profile__in=others).in_bulk()
        for gateway, profile in asked - found.keys():
            found[gateway, profile] = _as_known(chosen[gateway], profile, known)
    return found


def _as_known(features, profile, known):
    """The same features in another release, with their parents there."""
    slugs = {feature.slug for feature in features}
    chosen = [pk for pk, feature in known.items() if feature.profile_id == profile and feature.slug in slugs]
    return [known[pk] for pk in complete(chosen, {pk: feature.parent_id for pk, feature in known.items()})]


def reconcile(pk: int, agreed: str | None = None, user=None) -> Plan:
    """Bring the flows of one gateway up to date and return what was done. Safe when two run at once.

    ``agreed`` is the digest of the plan that was reviewed: PlanChanged is raised, and nothing changed, if
    another plan is left to apply. With a ``user``, only what this user may view is returned; all of it is applied.
    """
    with atomic(Gateway):
        lock_catalogs(write_alias(Gateway), shared=True)
        # NO KEY: inserting a flow holds FOR KEY SHARE on this row, which a plain FOR UPDATE would wait for
        gateway = Gateway.objects.select_for_update(no_key=True, of=('self',)).filter(pk=pk).first()
        if gateway is None:
            return Plan()
        # Before they are read: a decision that is being saved now must not be overwritten
        flows = RequiredFlow.objects.filter(gateway=pk).select_for_update(no_key=True, of=('self',))
        list(flows.values_list('pk'))
        plan = plans([gateway])[pk]
        # Where nothing is left to do, somebody did it, perhaps this very request before it was repeated
        if agreed is not None and plan and plan.digest != agreed:
            raise PlanChanged
        # Before it is applied: afterwards, deleted flows would count as hidden
        seen = plan if user is None else restrict({pk: plan}, user)[pk]
        _apply(gateway, plan)
    return seen


def _apply(gateway, plan):
    # Deletions first: a flow that continues under another template may need the place of a deleted one
    if plan.delete:
        RequiredFlow.objects.filter(pk__in=[change.flow.pk for change in plan.delete]).delete()
    for change in (*plan.withdraw, *plan.update):
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
    custom_fields = {cf.name: cf.default for cf in flows[0].custom_fields if cf.default is not None}
    for flow in flows:
        flow.custom_field_data = dict(custom_fields)
    RequiredFlow.objects.bulk_create(flows)
    # Everything that NetBox does for a new object (change log, events, search) hangs on this signal; with the
    # related objects loaded beforehand it costs a third of saving one by one
    prefetch_related_objects(flows, 'tags', 'endpoints', 'template', 'remote_role', 'feature')
    using = write_alias(RequiredFlow)
    for flow in flows:
        post_save.send(sender=RequiredFlow, instance=flow, created=True, raw=False, using=using, update_fields=None)
