"""The requirements of gateways with the standing of each rule."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import batched

from ..models import Gateway
from ..rules.build import resolve
from ..rules.rule import Rule
from ..rules.standing import Firewall, History, Standing, stand
from ..rules.subtract import RuleSet, permitted
from . import CHUNK, load
from .flows import hidden_counts
from .history import load_histories, visible_openings

__all__ = ('SeenStanding', 'standings', 'stream_standings')


@dataclass(frozen=True, slots=True)
class SeenStanding(Standing):
    """A standing as far as a user may view it.

    ``unseen`` counts rules that are open and are not shown. ``required`` are all effective rules, whatever the user may
    view: for computing, never to be shown.
    """

    unseen: int = 0
    required: tuple[Rule, ...] = ()


def standings(gateways: Iterable[Gateway], user=None) -> list[SeenStanding]:
    """The standing of these gateways, in the same order. The caller must have restricted the gateways.

    The standing of a rule does not depend on the user. With a ``user``, only flows and remotes that they may view are
    resolved, and what is open beside them is shown if they may view the change request that opened it.
    """
    gateways = list(gateways)
    pks = [gateway.pk for gateway in gateways]
    histories = load_histories(pks)
    needs = load(gateways, user)
    hidden = hidden_counts(needs, user)
    openings = RuleSet(() if user is None or user.is_superuser else visible_openings(pks, user))
    resolved = {pk: resolve(needs[pk]) for pk in pks}
    resolved = {pk: replace(r, hidden=r.hidden + hidden.get(pk, 0)) for pk, r in resolved.items()}
    # What hidden flows need is not to be closed: where there are any, all flows are resolved once more
    partly = [gateway for gateway in gateways if resolved[gateway.pk].hidden]
    whole = {pk: resolve(of) for pk, of in load(partly).items()} if partly else {}
    found = []
    for pk in pks:
        history, crossing = histories.get(pk, History()), dict(needs[pk].crossing)
        standing = stand(resolved[pk], history, crossing)
        beside = stand(whole[pk], history, crossing) if pk in whole else standing
        found.append(_seen(standing, beside, None if user is None or user.is_superuser else openings))
    return found


def stream_standings(gateways, user=None) -> Iterator[SeenStanding]:
    """The standing of a queryset of gateways, one by one, in constant memory."""
    for chunk in batched(gateways.values_list('pk', flat=True).iterator(), CHUNK):
        yield from standings(Gateway.objects.filter(pk__in=chunk).order_by('pk'), user)


def _seen(standing: Standing, beside: Standing, openings: RuleSet | None) -> SeenStanding:
    def shown(rules: Iterable[Rule]) -> tuple[Rule, ...]:
        return tuple(rules) if openings is None else permitted(rules, openings)

    firewalls = {firewall.ref: firewall for firewall in standing.firewalls}
    return SeenStanding(
        resolution=standing.resolution,
        to_close=shown(beside.to_close),
        firewalls=tuple(
            replace(
                firewalls.get(other.ref, Firewall(other.ref)),
                to_close=shown(other.to_close),
                unapproved=shown(other.unapproved),
            )
            for other in beside.firewalls
        ),
        unseen=len(beside.to_close) - len(shown(beside.to_close)),
        required=beside.resolution.effective_rules,
    )
