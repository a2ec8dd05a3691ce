"""What stands on one firewall, over all of its gateways."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched

from ..history import load_histories
from ..models import ChangeLine, EnforcementPoint, EnforcementZone, Gateway, RequiredFlow, SignOff
from ..rules.rule import Rule
from ..rules.standing import Firewall, opened
from .load import CHUNK
from .standing import SeenStanding, standings

__all__ = ('FirewallStanding', 'firewall_standing', 'stream_standings')


@dataclass(frozen=True, slots=True)
class FirewallStanding:
    """``hidden`` counts required flows, and ``unseen`` open rules, that the user may not view."""

    to_open: list[Rule] = field(default_factory=list)
    in_place: list[Rule] = field(default_factory=list)
    to_close: list[Rule] = field(default_factory=list)
    unapproved: list[Rule] = field(default_factory=list)
    hidden: int = 0
    unseen: int = 0


def stream_standings(gateways: Iterable[Gateway], user=None) -> Iterator[SeenStanding]:
    """The standing of these gateways one by one, in chunks. The caller must have restricted them."""
    for chunk in batched(gateways, CHUNK):
        yield from standings(chunk, user)


def firewall_standing(point: EnforcementPoint, user=None) -> FirewallStanding:
    """The standing of the gateways behind a firewall, and of those with anything still open there.

    Rules of zones that the user may not view are counted as hidden.
    """
    served = point.served()
    concerned = Gateway.objects.filter(pk__in={*served.values_list('pk', flat=True), *_with_lines(point)})
    shown = concerned if user is None else concerned.restrict(user, 'view')
    zones = EnforcementZone.objects.filter(enforcement_point=point)
    seen = zones if user is None else zones.restrict(user, 'view')
    hidden_zones = set(zones.values_list('zone', flat=True)) - set(seen.values_list('zone', flat=True))
    found, hidden, unseen, flows = FirewallStanding(), 0, 0, set()
    for standing in stream_standings(shown.select_related('device', 'virtual_machine').order_by('pk'), user):
        hidden += standing.resolution.hidden
        unseen += standing.unseen
        here = [each for each in standing.firewalls if each.ref and each.ref.id == point.pk] or [Firewall(None)]
        for name in ('to_open', 'in_place', 'to_close', 'unapproved'):
            for rule in getattr(here[0], name):
                if rule.zone not in hidden_zones:
                    getattr(found, name).append(rule)
                elif name in ('to_open', 'in_place'):
                    flows |= {flow.id for flow in rule.flows}
                else:
                    unseen += 1
    others = concerned.exclude(pk__in=shown.order_by().values('pk'))
    hidden += RequiredFlow.objects.needed().filter(gateway__in=others & served).count() + len(flows)
    unseen += _open_at(point, others)
    return FirewallStanding(
        found.to_open, found.in_place, found.to_close, found.unapproved, hidden=hidden, unseen=unseen
    )


def _with_lines(point):
    """The primary keys of the gateways of which anything was implemented on a firewall."""
    done = SignOff.objects.filter(enforcement_point=point).values_list('lines', flat=True)
    lines = {pk for pks in done for pk in pks}
    return ChangeLine.objects.filter(pk__in=lines).exclude(gateway=None).values_list('gateway', flat=True).distinct()


def _open_at(point, gateways):
    """The number of rules of these gateways that are open on a firewall."""
    histories = load_histories(list(gateways.values_list('pk', flat=True)))
    return sum(
        len(opened(changes))
        for history in histories.values()
        for ref, changes in history.implemented.items()
        if ref and ref.id == point.pk
    )
