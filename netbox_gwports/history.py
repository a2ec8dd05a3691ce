"""What was requested, approved and implemented for gateways, from change requests and their sign-offs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from django.utils import timezone

from .choices import ChangeActionChoices, ChangeRequestStatusChoices, SignOffKindChoices
from .models import ChangeLine, SignOff
from .rules.addresses import Ref
from .rules.rule import Rule
from .rules.standing import Change, History, approved, opened
from .rules.stored import restore

__all__ = ('flows_with_openings', 'has_openings', 'has_openings_at', 'load_histories', 'rule_of', 'visible_openings')

GATEWAY, FIREWALL = 'netbox_gwports.gateway', 'netbox_gwports.enforcementpoint'


def load_histories(gateways: Iterable[int], today=None) -> dict[int, History]:
    """Gateway pk -> its history. Two queries.

    An approval past its last day no longer holds; what it closed stays closed.
    """
    lines = defaultdict(lambda: defaultdict(list))
    for line in _lines(gateways):
        lines[line.gateway_id][line.change_request_id].append(line)
    requests = {request for found in lines.values() for request in found}
    decided, done = _sign_offs(requests, today or timezone.localdate())
    histories = {}
    for pk, of_request in lines.items():
        rules = {line.pk: (line.action, rule_of(line)) for found in of_request.values() for line in found}
        changes = defaultdict(list)
        for request, kind, holds in decided:
            if request in of_request:
                changes[kind].append(_change([rules[line.pk] for line in of_request[request]], holds))
        implemented = defaultdict(tuple)
        for firewall, pks in done:
            if found := [rules[line] for line in pks if line in rules]:
                implemented[firewall] += (_change(found),)
        histories[pk] = History(
            requested=tuple(changes[SignOffKindChoices.REQUESTED]),
            rejected=tuple(changes[SignOffKindChoices.REJECTED]),
            approved=tuple(changes[SignOffKindChoices.APPROVED]),
            implemented=dict(implemented),
        )
    return histories


def has_openings(gateway: int) -> bool:
    """Whether anything is open for a gateway on any firewall."""
    histories = load_histories([gateway])
    return any(opened(changes) for history in histories.values() for changes in history.implemented.values())


def has_openings_at(point: int) -> bool:
    """Whether anything is open on an enforcement point, for any gateway."""
    lines = {
        pk for found in SignOff.objects.filter(enforcement_point=point).values_list('lines', flat=True) for pk in found
    }
    gateways = ChangeLine.objects.filter(pk__in=lines).exclude(gateway=None).values_list('gateway', flat=True)
    return any(
        opened(changes)
        for history in load_histories(set(gateways)).values()
        for firewall, changes in history.implemented.items()
        if firewall and firewall.id == point
    )


def flows_with_openings(gateways: Iterable[int]) -> frozenset[int]:
    """The primary keys of the required flows of which anything is approved or open, as the reasons of lines say."""
    return frozenset(
        flow.id
        for history in load_histories(gateways).values()
        for rules in (approved(history.approved), *(opened(changes) for changes in history.implemented.values()))
        for rule in rules
        for flow in rule.flows
    )


def visible_openings(gateways: Iterable[int], user) -> list[Rule]:
    """What change requests that the user may view open for these gateways. One query."""
    lines = _lines(gateways).restrict(user, 'view').filter(action=ChangeActionChoices.OPEN)
    return [rule_of(line) for line in lines]


def rule_of(line: ChangeLine) -> Rule:
    """The rule of a line, with the ticket of its change request."""
    # The name is not part of what a rule is: two names of one gateway are the same gateway
    rule = restore(Ref(GATEWAY, line.gateway_id, line.gateway_name), line.content, line.reasons)
    ticket = line.change_request.ticket
    return replace(rule, tickets=(ticket,)) if ticket else rule


def _lines(gateways):
    lines = ChangeLine.objects.filter(gateway__in=gateways).exclude(
        change_request__status=ChangeRequestStatusChoices.DRAFT
    )
    return lines.select_related('change_request').order_by('pk')


def _change(lines, holds=True):
    return Change(
        opens=tuple(rule for action, rule in lines if action == ChangeActionChoices.OPEN),
        closes=tuple(rule for action, rule in lines if action == ChangeActionChoices.CLOSE),
        holds=holds,
    )


def _sign_offs(requests, today):
    """([(request, its last decision, whether it holds)] in the order of the decisions, [(firewall, lines)]).

    What was rolled back on a firewall is not among the lines that were implemented there before.
    """
    decided, done = {}, []
    for sign_off in (
        SignOff.objects
        .filter(change_request__in=requests)
        .select_related('enforcement_point__device', 'enforcement_point__virtual_machine')
        .order_by('pk')
    ):
        request = sign_off.change_request_id
        if sign_off.kind in SignOffKindChoices.DECISIONS:
            # The order is that of the last decision
            decided.pop(request, None)
            holds = sign_off.valid_until is None or sign_off.valid_until >= today
            decided[request] = (request, sign_off.kind, holds)
        elif (firewall := _firewall(sign_off)) is not False:
            lines = set(sign_off.lines)
            if sign_off.kind == SignOffKindChoices.ROLLED_BACK:
                done = [(at, pks if at != firewall else pks - lines) for at, pks in done]
            else:
                done.append((firewall, lines))
    return list(decided.values()), [(firewall, sorted(pks)) for firewall, pks in done if pks]


def _firewall(sign_off):
    """The firewall, None where none was recorded, False where it was deleted: nothing was open on it then."""
    if sign_off.enforcement_point_id:
        return Ref(FIREWALL, sign_off.enforcement_point_id, str(sign_off.enforcement_point))
    return False if sign_off.enforcement_point_name else None
