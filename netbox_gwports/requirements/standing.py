"""The requirements of gateways with the standing of each rule."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import batched

from ..history import load_histories, visible_openings
from ..models import EnforcementPoint, Gateway
from ..rules.addresses import Ref
from ..rules.build import resolve
from ..rules.rule import Resolution, Rule
from ..rules.standing import Firewall, History, Standing, stand
from ..rules.subtract import RuleSet, permitted, uncovered
from .flows import hidden_counts
from .load import CHUNK, load

__all__ = ('SeenStanding', 'requirements', 'standings', 'stream')


@dataclass(frozen=True, slots=True)
class SeenStanding(Standing):
    """A standing as far as a user may view it. Firewalls that they may not view have no name.

    ``unseen`` counts rules that are open and of which not all is shown. ``required`` are all effective rules, whatever
    the user may view: for computing, never to be shown.
    """

    unseen: int = 0
    required: tuple[Rule, ...] = ()


def requirements(gateways: Iterable[Gateway], user=None, flows=None) -> list[Resolution]:
    """The requirements of these gateways, in the same order, with the standing of each rule.

    The caller must have restricted the gateways. With a ``user``, only flows and remotes that they may view are
    resolved and the others are counted as hidden. ``flows`` (a RequiredFlow queryset) limits the flows that are
    resolved.
    """
    return [standing.resolution for standing, _history, _crossing in _stood(gateways, user, flows)]


def standings(gateways: Iterable[Gateway], user=None) -> list[SeenStanding]:
    """The standing of these gateways, in the same order. The caller must have restricted the gateways.

    The standing of a rule does not depend on the user. With a ``user``, the requirements are limited to what they may
    view, and what is open beside them is shown if they may view the change lines that opened it.
    """
    gateways = list(gateways)
    stood = _stood(gateways, user)
    # What hidden flows need is not to be closed: where there are any, all flows are resolved once more
    partly = [g for g, (standing, _h, _c) in zip(gateways, stood, strict=True) if standing.resolution.hidden]
    whole = {pk: resolve(needs) for pk, needs in load(partly).items()} if partly else {}
    everything = user is None or user.is_superuser
    openings = None if everything else RuleSet(visible_openings([g.pk for g in gateways], user))
    firewalls = None if everything else _visible_firewalls(stood, user)
    found = []
    for gateway, (standing, history, crossing) in zip(gateways, stood, strict=True):
        beside = stand(whole[gateway.pk], history, crossing) if gateway.pk in whole else standing
        found.append(_seen(standing, beside, openings, firewalls))
    return found


def _stood(gateways, user=None, flows=None) -> list[tuple[Standing, History, dict]]:
    """(standing, history, zone -> firewalls) of each gateway."""
    pks = [gateway.pk for gateway in gateways]
    needs = load(gateways, user, flows)
    hidden = hidden_counts(needs, user)
    histories = load_histories(pks)
    found = []
    for pk in pks:
        resolution = resolve(needs[pk])
        resolution = replace(resolution, hidden=resolution.hidden + hidden.get(pk, 0))
        history, crossing = histories.get(pk, History()), dict(needs[pk].crossing)
        found.append((stand(resolution, history, crossing), history, crossing))
    return found


def _visible_firewalls(stood, user) -> set[int]:
    pks = {firewall.ref.id for standing, _h, _c in stood for firewall in standing.firewalls if firewall.ref}
    return set(EnforcementPoint.objects.restrict(user, 'view').filter(pk__in=pks).values_list('pk', flat=True))


def stream(gateways, user=None, flows=None) -> Iterator[Resolution]:
    """The requirements of a queryset of gateways, one by one, in constant memory."""
    for chunk in batched(gateways.values_list('pk', flat=True).iterator(), CHUNK):
        yield from requirements(Gateway.objects.filter(pk__in=chunk).order_by('pk'), user, flows)


def _seen(standing: Standing, beside: Standing, openings: RuleSet | None, visible: set[int] | None) -> SeenStanding:
    def shown(rules: Iterable[Rule]) -> tuple[Rule, ...]:
        return tuple(rules) if openings is None else permitted(rules, openings)

    def named(ref: Ref | None) -> Ref | None:
        return ref if ref is None or visible is None or ref.id in visible else replace(ref, name='')

    firewalls = {firewall.ref: firewall for firewall in standing.firewalls}
    return SeenStanding(
        resolution=standing.resolution,
        to_close=shown(beside.to_close),
        firewalls=tuple(
            replace(
                firewalls.get(other.ref, Firewall(other.ref)),
                ref=named(other.ref),
                to_close=shown(other.to_close),
                unapproved=shown(other.unapproved),
            )
            for other in beside.firewalls
        ),
        unseen=0 if openings is None else sum(bool(uncovered([rule], openings)) for rule in beside.to_close),
        required=beside.resolution.effective_rules,
    )
