"""What actions of several view sets share."""

from netbox.api.authentication import TokenPermissions
from rest_framework.exceptions import ValidationError

from ..models import GatewayProfile

__all__ = ('COMPUTED', 'posting', 'visible_profile')

# A computed answer is neither filtered nor paged
COMPUTED = {'filterset_class': None, 'pagination_class': None}


def posting(permission):
    """Permissions of an action whose POST needs ``permission`` instead of the one to add."""
    perms_map = {**TokenPermissions.perms_map, 'POST': [f'%(app_label)s.{permission}_%(model_name)s']}
    return [type('PostingPermissions', (TokenPermissions,), {'perms_map': perms_map})]


def visible_profile(request, name):
    """The profile whose ID a parameter of the query names."""
    value = request.query_params.get(name, '')
    visible = GatewayProfile.objects.restrict(request.user, 'view')
    found = visible.filter(pk=value).first() if value.isdecimal() and len(value) < 10 else None
    if found is None:
        raise ValidationError({name: [f'Name the ID of a gateway profile: ?{name}=1.']})
    return found
