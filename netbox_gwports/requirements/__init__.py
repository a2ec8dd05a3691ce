"""From the database to rules: loads gateways, flows and endpoints, and calls the resolver.

The number of queries does not depend on the number of flows, addresses and gateways; gateways are loaded in chunks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import batched

from django.db.models import Q

from ..choices import RemoteRoleKindChoices
from ..models import Gateway, RemoteEndpoint, RequiredFlow
from ..rules.addresses import Ref
from ..rules.build import resolve
from ..rules.needs import Flow, GatewayNeeds
from ..rules.remotes import remotes_of
from ..rules.rule import Resolution
from .endpoints import load_endpoints
from .flows import hidden_counts, load_flows
from .gateways import load_gateways
from .refs import ref

__all__ = ('flows_of_endpoint', 'load', 'load_each', 'requirements', 'stream')

CHUNK = 100


def requirements(gateways: Iterable[Gateway], user=None, flows=None) -> list[Resolution]:
    """The requirements of these gateways, in the same order. The caller must have restricted the gateways.

    With a ``user``, only flows and remotes that they may view are resolved, and the others are counted as hidden.
    ``flows`` (a RequiredFlow queryset) limits the flows that are resolved.
    """
    gateways = list(gateways)
    needs = load(gateways, user, flows)
    hidden = hidden_counts(needs, user)
    resolved = []
    for gateway in gateways:
        resolution = resolve(needs[gateway.pk])
        resolved.append(replace(resolution, hidden=resolution.hidden + hidden.get(gateway.pk, 0)))
    return resolved


def stream(gateways, user=None, flows=None) -> Iterator[Resolution]:
    """The requirements of a queryset of gateways, one by one, in constant memory."""
    for chunk in batched(gateways.values_list('pk', flat=True).iterator(), CHUNK):
        yield from requirements(Gateway.objects.filter(pk__in=chunk).order_by('pk'), user, flows)


def load(gateways: Iterable[Gateway], user=None, flows=None) -> dict[int, GatewayNeeds]:
    """Gateway pk -> the input of ``resolve``.

    ``flows`` is a queryset that limits the required flows, or a list of flows to use in their place.
    """
    pks = [gateway.pk for gateway in gateways]
    needed = flows if isinstance(flows, list) else _needed(pks, flows, user)
    peering = {flow.gateway_id for flow in needed if flow.remote_role.kind == RemoteRoleKindChoices.PEERS}
    facts = load_gateways(pks, user, peering)
    endpoints, named = load_endpoints(facts, needed, user)
    own = load_flows(needed, named)
    return {
        pk: GatewayNeeds(
            ref=gateway.ref,
            flows=own.get(pk, ()),
            addresses=gateway.addresses,
            chosen=gateway.chosen,
            endpoints=endpoints[pk],
            peers=gateway.peers,
            zone_networks=gateway.zone_networks,
        )
        for pk, gateway in facts.items()
    }


def _needed(gateways, flows, user):
    flows = RequiredFlow.objects.all() if flows is None else flows
    if user is not None:
        flows = flows.restrict(user, 'view')
    needed = flows.needed().filter(gateway__in=gateways).order_by('pk')
    return list(needed.select_related('remote_role', 'feature', 'template'))


def load_each(gateways, user=None) -> Iterator[GatewayNeeds]:
    """The input of ``resolve`` for a queryset of gateways, one by one, in constant memory."""
    for chunk in batched(gateways.order_by('pk').iterator(CHUNK), CHUNK):
        yield from load(chunk, user).values()


def flows_of_endpoint(endpoint: RemoteEndpoint, user) -> list[tuple[Ref, Flow]]:
    """(gateway, flow) of every required flow that resolves to this endpoint, as far as the user may view them.

    These are the flows affected by a change or deletion of the endpoint.
    """
    gateways = Gateway.objects.restrict(user, 'view')
    if endpoint.role.kind != RemoteRoleKindChoices.PROXY:
        # A web proxy may serve any flow; other endpoints are used through their role or by direct assignment
        flows = RequiredFlow.objects.filter(Q(remote_role=endpoint.role_id) | Q(endpoints=endpoint)).values('gateway')
        gateways = gateways.filter(pk__in=flows)
    found = []
    for needs in load_each(gateways, user):
        met = [f for f in needs.flows if ref(endpoint) in {s.endpoint for s in remotes_of(f, needs) or ()}]
        found += [(needs.ref, flow) for flow in met]
    return found
