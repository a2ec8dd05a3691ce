"""The stored summaries: the standing of each gateway in numbers, computed again after what may have moved it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import CharField, Max
from django.db.models.expressions import RawSQL
from django.utils import timezone
from netbox.plugins import get_plugin_config

from ..choices import GatewayStatusChoices, SignOffKindChoices
from ..models import Gateway, SignOff, StandingSummary
from ..reconcile import plans
from ..requirements import standings
from ..requirements.zones import load_firewall_facts
from ..rules.standing import counts
from .review import standing_digest

__all__ = ('Moved', 'refresh', 'summarize')

# What is computed: everything but the relation, and whether it is still true
COMPUTED = (*StandingSummary.COUNTS, 'behind', 'no_firewall', 'review_due', 'digest')


@dataclass(frozen=True, slots=True)
class Moved:
    """A summary that was computed again: as it was and as it is."""

    gateway: Gateway
    before: StandingSummary
    after: StandingSummary


def summarize(gateways: Iterable[Gateway]) -> dict[int, StandingSummary]:
    """Gateway pk -> its summary, not saved. The number of queries does not depend on the number of gateways."""
    gateways = list(gateways)
    known = {gateway.pk: gateway for gateway in gateways}
    behind = plans(gateways)
    firewalls = load_firewall_facts(known)
    due = _reviews(gateways)
    found = {}
    for gateway, standing in zip(gateways, standings(gateways), strict=True):
        crosses = any(not rule.same_segment for rule in standing.resolution.rules)
        found[gateway.pk] = StandingSummary(
            gateway=gateway,
            **counts(standing),
            behind=bool(behind[gateway.pk]),
            no_firewall=crosses and not any(firewalls[gateway.pk].crossing.values()),
            review_due=due[gateway.pk],
            digest=standing_digest(standing),
            stale=False,
        )
    return found


def _reviews(gateways) -> dict[int, date | None]:
    """Gateway pk -> the day on which the next review is due. A retired gateway needs none."""
    interval = get_plugin_config('netbox_gwports', 'review_interval')
    if not interval:
        return dict.fromkeys(gateway.pk for gateway in gateways)
    reviewed = dict(
        SignOff.objects
        .filter(kind=SignOffKindChoices.REVIEWED, gateway__in=gateways)
        .order_by()
        .values_list('gateway')
        .annotate(last=Max('time'))
    )
    return {
        gateway.pk: None
        if gateway.status == GatewayStatusChoices.RETIRED
        else timezone.localdate(reviewed.get(gateway.pk, gateway.created)) + timedelta(days=interval)
        for gateway in gateways
    }


def refresh(pks: Iterable[int]) -> list[Moved]:
    """Compute and store the summaries of some gateways, at most a chunk of them. A fixed number of queries.

    A summary that is marked as stale meanwhile is left as it is: whoever marked it asked for another computation.
    """
    gateways = list(
        Gateway.objects.filter(pk__in=pks).select_related('device', 'virtual_machine', 'profile').order_by('pk')
    )
    StandingSummary.objects.bulk_create([StandingSummary(gateway=g) for g in gateways], ignore_conflicts=True)
    before = {summary.gateway_id: summary for summary in _versions(gateways)}
    computed = summarize(gateways)
    moved = []
    with transaction.atomic():
        for summary in _versions(gateways).order_by('pk').select_for_update():
            old = before.get(summary.gateway_id)
            if old is None or old.version != summary.version:
                continue
            for name in COMPUTED:
                setattr(summary, name, getattr(computed[summary.gateway_id], name))
            summary.stale, summary.computed = False, timezone.now()
            moved.append(Moved(computed[summary.gateway_id].gateway, old, summary))
        StandingSummary.objects.bulk_update([m.after for m in moved], [*COMPUTED, 'stale', 'computed'])
    return moved


def _versions(gateways):
    """Summaries with the version of their row: marking one as stale makes another version, even if it is already."""
    version = RawSQL('xmin::text', (), output_field=CharField())
    return StandingSummary.objects.filter(gateway__in=gateways).annotate(version=version)
