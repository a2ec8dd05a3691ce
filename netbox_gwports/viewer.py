"""The gateway of a device or virtual machine for whoever is looking: the one module that knows the current request."""

from netbox.context import current_request

from .models import EnforcementPoint, Gateway

__all__ = ('current_user', 'gateway_of', 'needed_flows', 'point_of', 'visible_gateway', 'visible_point')


def current_user():
    """The user of the current request; None outside of one."""
    request = current_request.get()
    return request.user if request else None


def gateway_of(machine):
    """A queryset of the host's gateway, one or none, unrestricted."""
    field = 'device' if machine._meta.model_name == 'device' else 'virtual_machine'
    return Gateway.objects.filter(**{field: machine.pk})


def point_of(machine):
    """A queryset of the host's enforcement point, one or none, unrestricted."""
    field = 'device' if machine._meta.model_name == 'device' else 'virtual_machine'
    return EnforcementPoint.objects.filter(**{field: machine.pk})


def visible_point(machine) -> EnforcementPoint | None:
    """The host's enforcement point as the current user may see it. One query a page: kept on the host."""
    if not hasattr(machine, '_gwports_visible_point'):
        request = current_request.get()
        machine._gwports_visible_point = point_of(machine).restrict(request.user, 'view').first() if request else None
    return machine._gwports_visible_point


def visible_gateway(machine) -> Gateway | None:
    """The host's gateway as the current user may see it. One query a page: kept on the host."""
    if not hasattr(machine, '_gwports_visible_gateway'):
        request = current_request.get()
        found = gateway_of(machine).restrict(request.user, 'view').first() if request else None
        machine._gwports_visible_gateway = found
    return machine._gwports_visible_gateway


def needed_flows(machine) -> int:
    """How many needed flows the current user may see: flows, not rules, since every page of the host counts them."""
    gateway = visible_gateway(machine)
    if gateway is None:
        return 0
    return gateway.flows.restrict(current_request.get().user, 'view').needed().count()
