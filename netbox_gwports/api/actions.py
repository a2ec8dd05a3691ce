"""Shared by the actions of several view sets."""

from contextlib import contextmanager

from core.signals import clear_events
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, OperationalError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from netbox.api.authentication import TokenPermissions
from psycopg import errors
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.serializers import as_serializer_error
from utilities.exceptions import PreconditionFailed

from ..db import atomic
from ..models import GatewayProfile
from ..reconcile import PlanChanged
from ..requirements.upgrade import StepRefused

__all__ = ('COMPUTED', 'IF_MATCH', 'Conflict', 'agreed', 'conflict', 'posting', 'state_change', 'visible_profile')

# Computed results are neither filtered nor paginated
COMPUTED = {'filterset_class': None, 'pagination_class': None}
IF_MATCH = OpenApiParameter(
    'If-Match',
    str,
    OpenApiParameter.HEADER,
    description='Digest of the reviewed plan; 412 and no change if another plan is left to apply',
)


# What the database reports where two requests meet
RACES = (errors.DeadlockDetected, errors.SerializationFailure, errors.ForeignKeyViolation, errors.UniqueViolation)


class Conflict(APIException):
    status_code = 409


def conflict(error):
    """The answer to an error that another request caused at the same time; None for any other error."""
    if isinstance(error, (IntegrityError, OperationalError)) and isinstance(error.__cause__, RACES):
        return Conflict(_('Data was changed at the same time. Nothing was changed.'))
    return None


def agreed(request, digest=None):
    """The digest of the plan that was reviewed, from the body or else the If-Match header; None: any plan will do."""
    header = request.headers.get('If-Match', '').strip()
    return digest or (None if header in ('', '*') else header.removeprefix('W/').strip('"'))


@contextmanager
def state_change(request):
    """One transaction around a change of state; errors become answers of the REST API.

    Another plan than the one that was reviewed: 412 with If-Match, otherwise 409. Another step has to be taken
    first, or a conflict in the database: 409. Constraints of a permission that the object does not meet: 403.
    """
    try:
        with atomic(GatewayProfile):
            yield
    except Exception as e:
        # The queued events announce changes that were rolled back
        clear_events.send(sender=state_change)
        raise _answer(request, e) from None


def _answer(request, error):
    match error:
        case PlanChanged():
            text = _('Data has changed since the plan was computed. Nothing was changed.')
            return PreconditionFailed(text) if 'If-Match' in request.headers else Conflict(text)
        case StepRefused():
            return Conflict(str(error))
        case DjangoValidationError():
            return ValidationError(as_serializer_error(error))
        case ObjectDoesNotExist():
            return PermissionDenied()
    return conflict(error) or error


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
