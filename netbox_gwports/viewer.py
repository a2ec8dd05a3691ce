"""The gateway of a machine, and its standing, as the current user may view it.

The only module that reads the current request.
"""

from netbox.context import current_request
from utilities.permissions import get_permission_for_model, permission_is_exempt

from .db import in_branch
from .models import ChangeLine, EnforcementPoint, Gateway, RemoteEndpoint, RequiredFlow, StandingSummary
from .models.sites import at_sites

__all__ = (
    'current_user',
    'gateway_of',
    'gateways_at',
    'gateways_in',
    'may_view_standing',
    'point_of',
    'rule_count',
    'visible_gateway',
    'visible_point',
    'visible_summaries',
    'visible_summary',
)

# What the rules of a gateway are computed from, beside the gateway and its peers
STANDING_OF = (RequiredFlow, RemoteEndpoint, ChangeLine)


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
        found = None
        if request:
            # What every page of the gateway names
            gateways = gateway_of(machine).select_related('profile', 'group')
            found = gateways.restrict(request.user, 'view').first()
        if found:
            setattr(found, 'device' if found.device_id else 'virtual_machine', machine)
        machine._gwports_visible_gateway = found
    return machine._gwports_visible_gateway


def may_view_standing(user) -> bool:
    """Whether the user may view the stored numbers of the gateways that they may view.

    These are computed from all flows, endpoints and change lines: a permission with constraints is not enough.
    """
    return all(_may_view_all(user, model) for model in STANDING_OF)


def _may_view_all(user, model) -> bool:
    """Whether the user may view every object of the model. As in RestrictedQuerySet.restrict()."""
    permission = get_permission_for_model(model, 'view')
    if (user.is_active and user.is_superuser) or permission_is_exempt(permission):
        return True
    # Fills the cache, which has the constraints of each permission
    if permission not in user.get_all_permissions():
        return False
    return any(not constraints for constraints in user._object_perm_cache[permission])


def visible_summaries(user=None):
    """A queryset of the stored summaries that the user may view; without a user (a job, a script) all of them.

    None within a branch: they are those of main. None of a gateway with a peer that the user may not view, either.
    """
    if in_branch(Gateway):
        return StandingSummary.objects.none()
    summaries = StandingSummary.objects.all()
    if user is None:
        return summaries
    if not may_view_standing(user):
        return summaries.none()
    if _may_view_all(user, Gateway):
        return summaries
    visible = Gateway.objects.restrict(user, 'view').values('pk')
    hidden = Gateway.objects.exclude(pk__in=visible).exclude(group=None)
    return summaries.filter(gateway__in=visible).exclude(gateway__group__in=hidden.values('group'))


def visible_summary(machine) -> StandingSummary | None:
    """The summary of the machine's gateway if the current user may view it. Cached on the machine."""
    if not hasattr(machine, '_gwports_visible_summary'):
        found, gateway = None, visible_gateway(machine)
        if gateway is not None:
            found = visible_summaries(current_user()).filter(gateway=gateway).first()
        machine._gwports_visible_summary = found
    return machine._gwports_visible_summary


def rule_count(machine) -> int | None:
    """Number of rules that firewalls must have for the machine's gateway, as stored.

    Never computed, since every page of the machine calls it. None where the user may not view it, and where it may
    have changed since.
    """
    summary = visible_summary(machine)
    return None if summary is None or summary.stale else summary.rules


def gateways_in(group) -> int:
    """Number of gateways of a group that the current user may view."""
    return _count(group.gateways.all())


def gateways_at(site) -> int:
    """Number of gateways at a site that the current user may view. One query on each of its pages."""
    return _count(Gateway.objects.filter(at_sites(Gateway, [site.pk])))


def _count(gateways):
    user = current_user()
    return gateways.restrict(user, 'view').count() if user else 0
