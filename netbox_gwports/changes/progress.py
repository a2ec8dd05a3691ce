"""How far a change request is: what is implemented on which firewall, and which steps can be taken next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..choices import ChangeRequestStatusChoices, SignOffKindChoices
from ..models import ChangeLine, ChangeRequest, SignOff
from .sign import ALLOWED, firewalls_of

__all__ = ('Progress', 'next_steps', 'progress')

KIND, STATUS = SignOffKindChoices, ChangeRequestStatusChoices
# Step -> the decision that it signs
DECISIONS = {
    'submit': KIND.REQUESTED,
    'approve': KIND.APPROVED,
    'reject': KIND.REJECTED,
    'withdraw': KIND.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """Enforcement point pk -> the lines (primary keys) that concern it, and those that are implemented there.

    None stands for *no firewall recorded*.
    """

    concerned: dict[int | None, frozenset[int]] = field(default_factory=dict)
    done: dict[int | None, frozenset[int]] = field(default_factory=dict)

    @property
    def points(self) -> list[int | None]:
        """All of these firewalls; the one that is none comes last."""
        found = {*self.concerned, *(point for point, lines in self.done.items() if lines)}
        return sorted(found, key=lambda pk: (pk is None, pk))

    def lines(self, point: int | None) -> frozenset[int]:
        """What concerns a firewall or is implemented there."""
        return self.concerned.get(point, frozenset()) | self.done.get(point, frozenset())

    def left(self, point: int | None) -> frozenset[int]:
        """What is still to be implemented on a firewall."""
        return self.concerned.get(point, frozenset()) - self.done.get(point, frozenset())


def progress(lines: Iterable[ChangeLine], sign_offs: Iterable[SignOff]) -> Progress:
    """The progress of one change request, from its lines and its sign-offs in the order in which they were made."""
    concerned = {point: frozenset(line.pk for line in found) for point, found in firewalls_of(lines).items()}
    done: dict[int | None, set[int]] = defaultdict(set)
    for sign_off in sign_offs:
        if sign_off.enforcement_point_id is None and sign_off.enforcement_point_name:
            # The firewall was deleted since
            continue
        if sign_off.kind == KIND.IMPLEMENTED:
            done[sign_off.enforcement_point_id] |= {*sign_off.lines}
        elif sign_off.kind == KIND.ROLLED_BACK:
            done[sign_off.enforcement_point_id] -= {*sign_off.lines}
    return Progress(concerned, {point: frozenset(found) for point, found in done.items()})


def next_steps(request: ChangeRequest, found: Progress) -> tuple[str, ...]:
    """The steps that its status and its progress allow, whoever takes them."""
    if not found.points:
        # No lines
        return ()
    steps = [step for step, kind in DECISIONS.items() if request.status in ALLOWED[kind]]
    may_implement = request.status == STATUS.APPROVED or (request.emergency and request.status == STATUS.REQUESTED)
    if may_implement and any(found.left(point) for point in found.points):
        steps.append('implement')
    if any(found.done.values()):
        steps.append('roll_back')
    return tuple(steps)
