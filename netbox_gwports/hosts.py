"""The gateway of a device or virtual machine for whoever is looking: the one module that knows the current request."""

from netbox.context import current_request

from .models import EnforcementPoint, Gateway

__all__ = ('current_user', 'gateway_of', 'needed_flows', 'point_of', 'visible_gateway', 'visible_point')


def current_user():
    """The user of the current request; None outside of one."""
    request = current_request.get()
    return request.user if request else None


def gateway_of(host):
    """A queryset of the host's gateway, one or none, unrestricted."""
    field = 'device' if host._meta.model_name == 'device' else 'virtual_machine'
    return Gateway.objects.filter(**{field: host.pk})


def point_of(host):
    """A queryset of the host's enforcement point, one or none, unrestricted."""
    field = 'device' if host._meta.model_name == 'device' else 'virtual_machine'
    return EnforcementPoint.objects.filter(**{field: host.pk})


def visible_point(host) -> EnforcementPoint | None:
    """The host's enforcement point as the current user may see it. One query a page: kept on the host."""
    if not hasattr(host, '_gwports_visible_point'):
        request = current_request.get()
        host._gwports_visible_point = point_of(host).restrict(request.user, 'view').first() if request else None
    return host._gwports_visible_point


def visible_gateway(host) -> Gateway | None:
    """The host's gateway as the current user may see it. One query a page: kept on the host."""
    if not hasattr(host, '_gwports_visible_gateway'):
        request = current_request.get()
        found = gateway_of(host).restrict(request.user, 'view').first() if request else None
        host._gwports_visible_gateway = found
    return host._gwports_visible_gateway


def needed_flows(host) -> int:
    """How many needed flows the current user may see: flows, not rules, since every page of the host counts them."""
    gateway = visible_gateway(host)
    if gateway is None:
        return 0
    return gateway.flows.restrict(current_request.get().user, 'view').needed().count()
