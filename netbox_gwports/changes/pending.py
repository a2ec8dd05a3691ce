"""What submitted change requests close and is not closed yet."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from ..choices import ChangeActionChoices, ChangeRequestStatusChoices, SignOffKindChoices
from ..history import rule_of
from ..models import ChangeLine, SignOff
from ..rules.rule import Rule
from ..rules.standing import History, opened
from ..rules.subtract import permitted, uncovered

__all__ = ('PendingClosings',)

ACTION, STATUS, KIND = ChangeActionChoices, ChangeRequestStatusChoices, SignOffKindChoices


class PendingClosings:
    """What submitted change requests close, and what of it was done on which firewall."""

    def __init__(self, lines: Mapping[int, list[ChangeLine]], done: Mapping[tuple[int, Any], set[int]]):
        self.lines = lines
        self.done = done

    @classmethod
    def load(cls, gateways: Iterable[int]) -> 'PendingClosings':
        """Two queries."""
        lines, done = defaultdict(list), defaultdict(set)
        submitted = ChangeLine.objects.filter(
            gateway__in=gateways,
            action=ACTION.CLOSE,
            change_request__status__in=(STATUS.REQUESTED, STATUS.APPROVED),
        )
        for line in submitted.select_related('change_request').order_by('pk'):
            lines[line.gateway_id].append(line)
        requests = {line.change_request_id for found in lines.values() for line in found}
        kinds = (KIND.IMPLEMENTED, KIND.ROLLED_BACK)
        # Without those of firewalls that were deleted since: nothing is open there
        deleted = Q(enforcement_point=None) & ~Q(enforcement_point_name='')
        signed = SignOff.objects.filter(change_request__in=requests, kind__in=kinds).exclude(deleted)
        for sign_off in signed.order_by('pk'):
            at = done[sign_off.change_request_id, sign_off.enforcement_point_id]
            if sign_off.kind == KIND.IMPLEMENTED:
                at |= {*sign_off.lines}
            else:
                at -= {*sign_off.lines}
        return cls(lines, done)

    def is_requested(self, rule: Rule, history: History) -> bool:
        """Whether it is to be closed on every firewall on which it is open. What was closed once may be open again."""
        for firewall, changes in history.implemented.items():
            point = firewall.id if firewall else None
            closed = [
                rule_of(line)
                for line in self.lines.get(rule.gateway.id, ())
                if line.pk not in self.done.get((line.change_request_id, point), ())
            ]
            if uncovered(permitted([rule], opened(changes)), closed):
                return False
        return True
