"""Reviews: somebody looked at what is required and open, and signs it."""

from django.utils.translation import gettext as _

from ..choices import SignOffKindChoices
from ..db import atomic
from ..models import Gateway, SignOff
from ..reconcile import PlanChanged
from ..requirements import SeenStanding, standings
from ..requirements.upgrade import StepRefused
from ..rules.stored import content, digest
from .sign import Signature

__all__ = ('review', 'standing_digest')


def standing_digest(standing: SeenStanding) -> str:
    """Identifies what is required and open for a gateway, with the standing of each rule."""
    rules = (*standing.resolution.effective_rules, *standing.to_close)
    return digest(content(rule) | {'standing': rule.standing} for rule in rules)


def review(pk: int, signature: Signature) -> SignOff:
    """Record that what a gateway requires, and what is open for it, was reviewed.

    Raises PlanChanged if it is no longer what the user saw, and StepRefused if they may not view all of it.
    """
    with atomic(Gateway):
        gateway = Gateway.objects.select_for_update(no_key=True, of=('self',)).get(pk=pk)
        [standing] = standings([gateway], signature.user)
        if standing.resolution.hidden or standing.unseen:
            raise StepRefused(_('You may not view all flows of this gateway.'))
        seen = standing_digest(standing)
        if signature.agreed is not None and signature.agreed != seen:
            raise PlanChanged
        sign_off = SignOff(
            kind=SignOffKindChoices.REVIEWED,
            gateway=gateway,
            gateway_name=str(gateway),
            digest=seen,
            user=signature.user,
            user_name=signature.user.get_username(),
            note=signature.note,
            origin=signature.origin,
        )
        sign_off.full_clean()
        sign_off.save()
    return sign_off
