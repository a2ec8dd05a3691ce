"""The input of ``resolve`` from the database."""

from collections.abc import Iterable, Iterator
from itertools import batched

from ..choices import RemoteRoleKindChoices
from ..models import Gateway, RequiredFlow
from ..rules.needs import GatewayNeeds
from .endpoints import load_endpoints
from .flows import load_flows
from .gateways import load_gateways

__all__ = ('CHUNK', 'load', 'load_each')

CHUNK = 100


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
            crossing=gateway.crossing,
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
