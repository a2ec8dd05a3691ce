"""What recording rules as implemented does: which lines of approved requests it signs, and what it requests anew."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ..choices import ChangeActionChoices, ChangeRequestStatusChoices, StandingChoices
from ..history import rule_of
from ..models import ChangeLine, ChangeRequest, EnforcementPoint, Gateway
from ..requirements import SeenStanding
from ..requirements.upgrade import StepRefused
from ..rules.rule import Rule
from ..rules.stored import digest
from ..rules.subtract import permitted, uncovered
from .lines import change_lines, draft, lines_digest
from .progress import Progress, progress
from .sign import Signature, firewalls_of, implement, record, request_digest

__all__ = ('Recording', 'carriers', 'record_rules', 'recording')

ACTION, STATUS, S = ChangeActionChoices, ChangeRequestStatusChoices, StandingChoices


@dataclass(frozen=True, slots=True)
class Recording:
    """``approved``: change request -> its lines to be recorded; ``progress`` of these requests by pk.

    ``new`` are unsaved lines of rules that no approved request carries; ``keys`` names these rules for ``draft``.
    ``waiting`` are rules whose request is not approved yet, ``done`` those with nothing left to record.
    """

    approved: dict[ChangeRequest, list[ChangeLine]] = field(default_factory=dict)
    progress: dict[int, Progress] = field(default_factory=dict)
    new: list[ChangeLine] = field(default_factory=list)
    keys: dict[int, set[str]] = field(default_factory=dict)
    waiting: list[Rule] = field(default_factory=list)
    done: list[Rule] = field(default_factory=list)

    @property
    def lines(self) -> list[ChangeLine]:
        return [*(line for lines in self.approved.values() for line in lines), *self.new]

    @property
    def points(self) -> set[int | None]:
        """The enforcement points on which something can be recorded; None: where no firewall is recorded."""
        found = set(firewalls_of(self.new))
        for request, lines in self.approved.items():
            at = self.progress[request.pk]
            found |= {point for point in at.points if at.left(point) & {line.pk for line in lines}}
        return found

    @property
    def digest(self) -> str:
        """Identifies everything that is signed."""
        requests = [
            {'signed': request_digest(request, request.lines.order_by('pk')), 'lines': [line.pk for line in lines]}
            for request, lines in self.approved.items()
        ]
        return digest([*requests, {'new': lines_digest(self.new)}])


def carriers(rules: Iterable[Rule], user, statuses: Collection[str]) -> dict[ChangeRequest, list[ChangeLine]]:
    """The change requests with one of these statuses that open or close anything of these rules, with these lines.

    What is to be closed is looked for in what they close. Limited to requests and lines that the user may view.
    """
    rules = list(rules)
    lines = (
        ChangeLine.objects
        .restrict(user, 'view')
        .filter(
            gateway__in={rule.gateway.id for rule in rules},
            change_request__in=ChangeRequest.objects.restrict(user, 'view').filter(status__in=statuses),
        )
        .select_related('change_request')
        .order_by('pk')
    )
    wanted = defaultdict(list)
    for rule in rules:
        wanted[rule.gateway.id, _action(rule)].append(rule)
    found = defaultdict(list)
    for line in lines:
        if permitted(wanted[line.gateway_id, line.action], [rule_of(line)]):
            found[line.change_request].append(line)
    return dict(found)


def recording(
    gateways: Iterable[Gateway], standings: Iterable[SeenStanding], keys: Mapping[int, Collection[str]], user
) -> Recording:
    """What is recorded for the rules with these keys, as the user may view them."""
    rules = [
        rule
        for gateway, standing in zip(gateways, standings, strict=True)
        for rule in (*standing.resolution.effective_rules, *standing.to_close)
        if rule.key in keys[gateway.pk]
    ]
    found = Recording()
    carried = carriers(rules, user, (STATUS.APPROVED, STATUS.REQUESTED))
    for request, lines in carried.items():
        if request.status != STATUS.APPROVED and not request.emergency:
            continue
        every = list(request.lines.select_related('change_request').order_by('pk'))
        at = found.progress[request.pk] = progress(every, request.sign_offs.order_by('pk'))
        # What was done once may have been closed since: only what is left says that a rule is carried
        if left := [line for line in lines if any(line.pk in at.left(point) for point in at.points)]:
            found.approved[request] = left
    carrying = [(line.action, rule_of(line)) for lines in found.approved.values() for line in lines]
    for rule in rules:
        _sort(rule, [other for action, other in carrying if action == _action(rule)], found)
    if found.keys:
        found.new.extend(change_lines(gateways, user, found.keys))
    return found


def record_rules(
    found: Recording,
    gateways: Iterable[Gateway],
    signature: Signature,
    points: Iterable[EnforcementPoint | None],
    **fields,
) -> list[ChangeRequest]:
    """Sign all of it on these firewalls; ``fields`` are those of the change request that is made for what is new.

    The caller runs it in a transaction. Returns the change requests that were signed. Raises what the steps raise.
    """
    points = list(points)
    signed = []
    for request, lines in found.approved.items():
        for point in points:
            here = found.progress[request.pk].left(point and point.pk) & {line.pk for line in lines}
            if here:
                implement(request.pk, signature, point, here)
                signed.append(request)
    if found.new:
        concerned = firewalls_of(found.new)
        if here := [point for point in points if (point and point.pk) in concerned]:
            request = draft(gateways, signature.user, found.keys, agreed=lines_digest(found.new), **fields)
            record(request, signature, here)
            signed.append(request)
    if not signed:
        raise StepRefused(_('None of the selected rules concerns this firewall.'))
    return list(dict.fromkeys(signed))


def _sort(rule, carrying, found):
    """Whether a rule is recorded with the lines that carry it, is requested anew, or not at all."""
    if rule.standing == S.IN_PLACE:
        found.done.append(rule)
    elif uncovered([rule], carrying):
        if rule.standing == S.REQUESTED:
            found.waiting.append(rule)
        elif rule.standing == S.APPROVED:
            found.done.append(rule)
        else:
            found.keys.setdefault(rule.gateway.id, set()).add(rule.key)


def _action(rule):
    return ACTION.CLOSE if rule.standing == S.TO_CLOSE else ACTION.OPEN
