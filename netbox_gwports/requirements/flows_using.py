"""The required flows whose remote is one of some endpoints, as a condition for lists of any length.

The same decision as in ``rules.remotes``, in SQL, for which the gateways need not be loaded. A test compares the two.
"""

from dcim.models import Site
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from ..choices import EndpointScopeChoices
from ..models import Gateway, GatewayGroup, RemoteEndpoint, RequiredFlow
from ..visible import visible

__all__ = ('flows_using',)


def flows_using(endpoints, user=None):
    """A Q of RequiredFlow: one of these endpoints (a list of pks, all visible to the user) is a remote of the flow.

    These are the endpoints assigned to the flow; otherwise, unless it has DNS names that are not replaceable, those of
    its role with the most specific scope that has any for the gateway. Web proxies are not considered.
    Groups, sites and the gateway itself count only if the user may view them. That an endpoint with a more specific
    scope takes precedence, as it does in the rules, is not a secret.
    """
    own = RequiredFlow.endpoints.through.objects.filter(requiredflow=OuterRef('pk'))
    bound, narrower = Q(), Q()
    seen = {
        EndpointScopeChoices.GROUPS: Q(groups__in=visible(GatewayGroup, user)),
        EndpointScopeChoices.SITES: Q(sites__in=visible(Site, user)),
    }
    for scope, gateways in _scopes().items():
        applying = RemoteEndpoint.objects.filter(role=OuterRef('remote_role'), scope=scope)
        here = applying.filter(gateways & seen.get(scope, Q()), pk__in=endpoints)
        # Where it applies everywhere, nothing of the gateway is looked at
        known = Q() if scope == EndpointScopeChoices.EVERYWHERE else Q(gateway__in=visible(Gateway, user))
        bound |= ~narrower & known & Q(Exists(here))
        narrower |= Q(Exists(applying.filter(gateways)))
    by_role = ~Exists(own) & (Q(dns_names=[]) | Q(replaceable=True)) & bound
    return Q(Exists(own.filter(remoteendpoint__in=endpoints))) | by_role


def _scopes():
    """Scope -> a Q of endpoints whose scope includes the gateway of the outer flow, the most specific scope first."""
    site = Coalesce(
        OuterRef('gateway__device__site'),
        OuterRef('gateway__virtual_machine__site'),
        OuterRef('gateway__virtual_machine__cluster___site'),
    )
    lists = {
        EndpointScopeChoices.GATEWAYS: Q(gateways=OuterRef('gateway')),
        EndpointScopeChoices.GROUPS: Q(groups=OuterRef('gateway__group')),
        EndpointScopeChoices.SITES: Q(sites=site),
        EndpointScopeChoices.EVERYWHERE: Q(),
    }
    return {scope: lists[scope] for scope in EndpointScopeChoices.values()}
