"""The gateway of a machine as the current user may view it. The only module that reads the current request."""

from netbox.context import current_request

from .models import EnforcementPoint, Gateway
from .models.sites import at_sites

__all__ = (
    'current_user',
    'gateway_of',
    'gateways_at',
    'gateways_in',
    'point_of',
    'required_flow_count',
    'visible_gateway',
    'visible_point',
)


def current_user():
    """The user of the current request; None outside a request."""
    request = current_request.get()
    return request.user if request else None


def gateway_of(machine):
    """An unrestricted queryset of the machine's gateway (at most one)."""
    field = 'device' if machine._meta.model_name == 'device' else 'virtual_machine'
    return Gateway.objects.filter(**{field: machine.pk})


def point_of(machine):
    """An unrestricted queryset of the machine's enforcement point (at most one)."""
    field = 'device' if machine._meta.model_name == 'device' else 'virtual_machine'
    return EnforcementPoint.objects.filter(**{field: machine.pk})


def visible_point(machine) -> EnforcementPoint | None:
    """The machine's enforcement point if the current user may view it. Cached on the machine: one query per page."""
    if not hasattr(machine, '_gwports_visible_point'):
        request = current_request.get()
        machine._gwports_visible_point = point_of(machine).restrict(request.user, 'view').first() if request else None
    return machine._gwports_visible_point


def visible_gateway(machine) -> Gateway | None:
    """The machine's gateway if the current user may view it. Cached on the machine: one query per page."""
    if not hasattr(machine, '_gwports_visible_gateway'):
        request = current_request.get()
        found = gateway_of(machine).restrict(request.user, 'view').first() if request else None
        machine._gwports_visible_gateway = found
    return machine._gwports_visible_gateway


def required_flow_count(machine) -> int:
    """Number of required flows that the current user may view. Not rules, since every page of the machine calls it."""
    gateway = visible_gateway(machine)
    if gateway is None:
        return 0
    return gateway.flows.restrict(current_request.get().user, 'view').needed().count()


def gateways_in(group) -> int:
    """Number of gateways of a group that the current user may view."""
    return _count(group.gateways.all())


def gateways_at(site) -> int:
    """Number of gateways at a site that the current user may view. One query on each of its pages."""
    return _count(Gateway.objects.filter(at_sites(Gateway, [site.pk])))


def _count(gateways):
    user = current_user()
    return gateways.restrict(user, 'view').count() if user else 0
