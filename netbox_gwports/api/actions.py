"""Shared by the actions of several view sets."""

from netbox.api.authentication import TokenPermissions
from rest_framework.exceptions import ValidationError

from ..models import GatewayProfile

__all__ = ('COMPUTED', 'posting', 'visible_profile')

# Computed results are neither filtered nor paginated
COMPUTED = {'filterset_class': None, 'pagination_class': None}


def posting(permission):
    """Permission classes of an action whose POST requires ``permission`` instead of "add"."""
    perms_map = {**TokenPermissions.perms_map, 'POST': [f'%(app_label)s.{permission}_%(model_name)s']}
    return [type('PostingPermissions', (TokenPermissions,), {'perms_map': perms_map})]


def visible_profile(request, name):
    """The profile with the ID in this query parameter, if the user may view it."""
    value = request.query_params.get(name, '')
    visible = GatewayProfile.objects.restrict(request.user, 'view')
    found = visible.filter(pk=value).first() if value.isdecimal() and len(value) < 10 else None
    if found is None:
        raise ValidationError({name: [f'Specify the ID of a gateway profile, e.g. ?{name}=1.']})
    return found
