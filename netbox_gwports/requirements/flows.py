"""Required flows as the plain values of ``rules``, and the number of those hidden from a user."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count

from ..models import RequiredFlow
from ..rules.facts import FACTS, Kind, copied
from ..rules.needs import Flow
from ..rules.ports import parse
from .refs import ref

__all__ = ('flow_needs', 'hidden_counts', 'load_flows')


def load_flows(flows: Iterable[RequiredFlow], named: dict) -> dict[int, tuple[Flow, ...]]:
    """Gateway pk -> its flows; ``named`` maps flow pks to the endpoints assigned to them."""
    found = defaultdict(list)
    for flow in flows:
        found[flow.gateway_id].append(flow_needs(flow, named.get(flow.pk)))
    return {gateway: tuple(own) for gateway, own in found.items()}


def flow_needs(flow: RequiredFlow, endpoints=None) -> Flow:
    template = flow.template
    return Flow(
        id=flow.pk,
        role=ref(flow.remote_role),
        role_slug=flow.remote_role.slug,
        role_kind=flow.remote_role.kind,
        role_zone=flow.remote_role.zone,
        feature=ref(flow.feature) if flow.feature else None,
        **{fact.name: _plain(fact, flow) for fact in copied() if fact.kind is not Kind.REFERENCE},
        **{fact.name: getattr(template, fact.name) if template else '' for fact in FACTS if fact.documented},
        row=template.row_label if template else '',
        endpoints=endpoints,
        status=flow.status,
        justification=flow.justification,
        mitigation=flow.mitigation,
        valid_until=str(flow.valid_until or ''),
    )


def _plain(fact, flow):
    value = getattr(flow, fact.name)
    if fact.kind is Kind.PORTS:
        return tuple(parse(spec) for spec in value)
    return tuple(value) if fact.is_list else value


def hidden_counts(needs: dict, user) -> dict[int, int]:
    """Gateway pk -> number of its required flows that the user may not view."""
    if user is None:
        return {}
    needed = RequiredFlow.objects.needed().filter(gateway__in=needs)

    def count(queryset):
        return dict(queryset.order_by().values_list('gateway').annotate(n=Count('pk', distinct=True)))

    seen = count(needed.restrict(user, 'view'))
    return {pk: n - seen.get(pk, 0) for pk, n in count(needed).items()}
