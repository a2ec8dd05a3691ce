"""From the database to rules: loads gateways, flows and endpoints, and calls the one resolver.

A fixed number of queries for any number of flows, addresses and gateways; many gateways come in chunks.
"""

from collections.abc import Iterable, Iterator
from itertools import batched

from ..models import Gateway, RequiredFlow
from ..rules.build import resolve
from ..rules.needs import GatewayNeeds
from ..rules.rule import Resolution
from .endpoints import load_endpoints
from .flows import hidden_counts, load_flows
from .gateways import load_gateways

__all__ = ('load', 'requirements', 'stream')

CHUNK = 100


def requirements(gateways: Iterable[Gateway], user=None, flows=None) -> list[Resolution]:
    """The requirements of these gateways, in their order. They must be gateways that the reader may see.

    ``user`` sees only flows and remotes that permissions show, and how many are hidden; None sees everything.
    ``flows`` (a RequiredFlow queryset) narrows what is resolved.
    """
    gateways = list(gateways)
    needs = load(gateways, user, flows)
    hidden = hidden_counts(needs, user)
    resolved = []
    for gateway in gateways:
        resolution = resolve(needs[gateway.pk])
        resolved.append(
            Resolution(
                resolution.gateway,
                resolution.rules,
                resolution.unresolved,
                resolution.not_applicable,
                resolution.hidden + hidden.get(gateway.pk, 0),
            )
        )
    return resolved


def stream(gateways, user=None, flows=None) -> Iterator[Resolution]:
    """The requirements of a queryset of gateways, one after the other, with flat memory."""
    for chunk in batched(gateways.values_list('pk', flat=True).iterator(), CHUNK):
        yield from requirements(Gateway.objects.filter(pk__in=chunk).order_by('pk'), user, flows)


def load(gateways: Iterable[Gateway], user=None, flows=None) -> dict[int, GatewayNeeds]:
    """Gateway pk -> everything that ``resolve`` needs to know."""
    flows = RequiredFlow.objects.all() if flows is None else flows
    if user is not None:
        flows = flows.restrict(user, 'view')
    facts = load_gateways([gateway.pk for gateway in gateways], user)
    needed = list(flows.needed().filter(gateway__in=facts).order_by('pk').select_related(
        'remote_role', 'feature', 'template'
    ))  # fmt: skip
    endpoints, named = load_endpoints(facts, needed, user)
    return {
        pk: GatewayNeeds(
            ref=gateway.ref,
            flows=load_flows(pk, needed, named),
            addresses=gateway.addresses,
            chosen=gateway.chosen,
            segments=gateway.segments,
            endpoints=endpoints[pk],
            peers=gateway.peers,
        )
        for pk, gateway in facts.items()
    }
