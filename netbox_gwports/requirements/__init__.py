"""From the database to rules: loads gateways, flows and endpoints, and calls the resolver.

The number of queries does not depend on the number of flows, addresses and gateways; gateways are loaded in chunks.
"""

from django.db.models import Q

from ..choices import RemoteRoleKindChoices
from ..models import Gateway, RemoteEndpoint, RequiredFlow
from ..rules.addresses import Ref
from ..rules.needs import Flow
from ..rules.remotes import remotes_of
from .load import load, load_each
from .refs import ref
from .standing import SeenStanding, requirements, standings, stream

__all__ = (
    'SeenStanding',
    'flows_of_endpoint',
    'load',
    'load_each',
    'requirements',
    'standings',
    'stream',
)


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
