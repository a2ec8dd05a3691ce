"""What merging a branch opens and closes: the rules in the branch less those in main, and the other way round."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from netbox_branching.models import Branch
from netbox_branching.utilities import activate_branch

from ..history import load_histories
from ..models import EnforcementPoint, EnforcementZone, Gateway, GatewayGroup
from ..requirements import load, requirements
from ..requirements.refs import ref
from ..rules.addresses import Ref
from ..rules.build import resolve
from ..rules.needs import GatewayNeeds
from ..rules.rule import Resolution, Rule, Unresolved
from ..rules.standing import History, stand
from ..rules.subtract import uncovered

__all__ = ('Changes', 'ObjectChanges', 'changes_of')

# Objects of these apps decide what is required of firewalls
APPS = ('dcim', 'ipam', 'netbox_gwports', 'virtualization')


@dataclass(frozen=True, slots=True)
class ObjectChanges:
    """What opens and closes for one gateway, or on one enforcement point.

    ``open_items`` are those that the branch adds to a gateway; ``hidden`` counts rules that open or close and that the
    reader may not see.
    """

    ref: Ref
    opens: tuple[Rule, ...] = ()
    closes: tuple[Rule, ...] = ()
    open_items: tuple[Unresolved, ...] = ()
    hidden: int = 0

    def __bool__(self):
        return bool(self.opens or self.closes or self.open_items or self.hidden)


@dataclass(frozen=True, slots=True)
class Changes:
    """What merging a branch opens and closes, per gateway and per enforcement point, both in the order of their names.

    ``hidden_gateways`` and ``hidden_points`` count those with changes that the reader may not see. ``behind`` counts
    changes in main that the branch lacks and that may bear on rules: while there are any, rules that main has opened
    or closed meanwhile show up here the wrong way round.
    """

    gateways: tuple[ObjectChanges, ...] = ()
    points: tuple[ObjectChanges, ...] = ()
    hidden_gateways: int = 0
    hidden_points: int = 0
    behind: int = 0

    @property
    def opens(self) -> tuple[Rule, ...]:
        return tuple(rule for gateway in self.gateways for rule in gateway.opens)

    @property
    def closes(self) -> tuple[Rule, ...]:
        return tuple(rule for gateway in self.gateways for rule in gateway.closes)

    @property
    def hidden(self) -> int:
        """Rules of gateways that the reader may see which hold something that the reader may not."""
        return sum(gateway.hidden for gateway in self.gateways)


@dataclass(slots=True)
class _Side:
    """Main or the branch. ``points`` and ``shown_points`` are gateway pk -> point pk -> zones it separates there."""

    branch: Branch | None
    needs: dict[int, GatewayNeeds]
    points: dict[int, dict[int, set[str]]]
    shown_points: dict[int, dict[int, set[str]]]
    point_refs: dict[int, Ref]
    visible_points: set[int]
    shown_gateways: set[int]
    resolutions: dict[int, Resolution]
    shown: dict[int, Resolution]

    def rules(self, pk, shown=False) -> tuple[Rule, ...]:
        found = (self.shown if shown else self.resolutions).get(pk)
        return found.effective_rules if found else ()

    def rules_at(self, pk, point, shown=False) -> tuple[Rule, ...]:
        """Those that cross this enforcement point."""
        zones = (self.shown_points if shown else self.points).get(pk, {}).get(point, ())
        return tuple(rule for rule in self.rules(pk, shown) if rule.zone in zones)


def changes_of(branch: Branch, user=None) -> Changes:
    """Compare a branch that is ready with main. A fixed number of queries, whatever the number of gateways.

    Everything is compared, and then what ``user`` may not see is only counted: else a rule whose reason in main is
    hidden would seem to open. None sees everything.
    """
    main, there = _load(None, user), _load(branch, user)
    pks = sorted(
        pk
        for pk in main.needs.keys() | there.needs.keys()
        if main.needs.get(pk) != there.needs.get(pk) or main.points.get(pk) != there.points.get(pk)
    )
    for side in (main, there):
        _resolve(side, pks, user)
    gateways = [_gateway(pk, main, there) for pk in pks]
    # To be seen it has to be visible on every side where it is
    hidden = {pk for pk in pks for side in (main, there) if pk in side.needs and pk not in side.shown_gateways}
    points, hidden_points = _points(pks, main, there, hidden)
    return Changes(
        gateways=_sorted(gateway for gateway in gateways if gateway and gateway.ref.id not in hidden),
        points=points,
        hidden_gateways=sum(bool(gateway) for gateway in gateways if gateway.ref.id in hidden),
        hidden_points=hidden_points,
        behind=branch.get_unsynced_changes().filter(changed_object_type__app_label__in=APPS).count(),
    )


def _load(branch, user):
    with activate_branch(branch):
        gateways = list(Gateway.objects.order_by('pk'))
        shown = Gateway.objects.all() if user is None else Gateway.objects.restrict(user, 'view')
        points, shown_points, refs, visible = _load_points(gateways, user)
        return _Side(
            branch=branch,
            needs=load(gateways),
            points=points,
            shown_points=shown_points,
            point_refs=refs,
            visible_points=visible,
            shown_gateways=set(shown.values_list('pk', flat=True)),
            resolutions={},
            shown={},
        )


def _load_points(gateways, user):
    """Gateway pk -> point pk -> its zones; the same as far as the user sees points, zones and groups; point pk -> ref;
    the pks of the points that the user sees."""
    points = EnforcementPoint.objects.select_related('device', 'virtual_machine')
    refs = {point.pk: ref(point) for point in points}
    zones = EnforcementZone.objects.filter(separated=True)
    found = _served(gateways, zones)
    if user is None:
        return found, found, refs, {*refs}
    visible = EnforcementPoint.objects.restrict(user, 'view')
    zones = zones.restrict(user, 'view').filter(enforcement_point__in=visible)
    shown = _served(gateways, zones, GatewayGroup.objects.restrict(user, 'view'))
    return found, shown, refs, {*visible.values_list('pk', flat=True)}


def _served(gateways, zones, groups=None):
    """``groups`` are those that count; None: all."""
    through_groups = EnforcementPoint.groups.through.objects.all()
    if groups is not None:
        through_groups = through_groups.filter(gatewaygroup__in=groups)
    zones_of = defaultdict(set)
    for point, zone in zones.values_list('enforcement_point', 'zone'):
        zones_of[point].add(zone)
    in_group = defaultdict(set)
    for gateway in gateways:
        in_group[gateway.group_id].add(gateway.pk)
    served = defaultdict(dict)
    for point, pk in EnforcementPoint.gateways.through.objects.values_list('enforcementpoint', 'gateway'):
        served[pk][point] = zones_of[point]
    for point, group in through_groups.values_list('enforcementpoint', 'gatewaygroup'):
        for pk in in_group[group]:
            served[pk][point] = zones_of[point]
    return dict(served)


def _resolve(side, pks, user):
    # Of main, as change requests are
    histories = load_histories(pks)
    for pk in pks:
        if needs := side.needs.get(pk):
            standing = stand(resolve(needs), histories.get(pk, History()), dict(needs.crossing))
            side.resolutions[pk] = standing.resolution
    if user is None:
        side.shown = side.resolutions
        return
    with activate_branch(side.branch):
        gateways = Gateway.objects.filter(pk__in=side.resolutions.keys() & side.shown_gateways).order_by('pk')
        side.shown = {resolution.gateway.id: resolution for resolution in requirements(gateways, user)}


def _gateway(pk, main, there):
    opens, hidden = _difference(there.rules(pk), main.rules(pk), there.rules(pk, shown=True))
    closes, more = _difference(main.rules(pk), there.rules(pk), main.rules(pk, shown=True))
    known = {_item(entry) for entry in _open_items(main, pk)}
    return ObjectChanges(
        ref=(there.needs.get(pk) or main.needs[pk]).ref,
        opens=opens,
        closes=closes,
        open_items=tuple(entry for entry in _open_items(there, pk) if _item(entry) not in known),
        hidden=hidden + more,
    )


def _difference(rules, by, shown):
    """(what of ``shown`` nothing in ``by`` permits, how many rules beside that do the same for all of ``rules``)."""
    found = uncovered(shown, by)
    return found, len(uncovered(uncovered(rules, by), found))


def _open_items(side, pk):
    resolution = side.shown.get(pk)
    return [entry for entry in resolution.unresolved if entry.is_open_item] if resolution else []


def _item(entry):
    return entry.flow.id, entry.reason, entry.detail


def _points(pks, main, there, hidden_gateways):
    """(enforcement points with changes, how many more the reader may not see)."""
    shown, hidden = [], 0
    for point in main.point_refs.keys() | there.point_refs.keys():
        opens, closes, unseen = [], [], 0
        # As for gateways: its name may differ between the sides
        visible = all(point in side.visible_points for side in (main, there) if point in side.point_refs)
        for pk in pks:
            for side, other, into in ((there, main, opens), (main, there, closes)):
                seen = () if pk in hidden_gateways or not visible else side.rules_at(pk, point, shown=True)
                rules, more = _difference(side.rules_at(pk, point), other.rules_at(pk, point), seen)
                into += rules
                unseen += more
        if opens or closes:
            ref = there.point_refs.get(point) or main.point_refs[point]
            shown.append(ObjectChanges(ref, tuple(opens), tuple(closes), hidden=unseen))
        elif unseen:
            hidden += 1
    return _sorted(shown), hidden


def _sorted(found: Iterable[ObjectChanges]) -> tuple[ObjectChanges, ...]:
    return tuple(sorted(found, key=lambda changes: (changes.ref.name, changes.ref.id)))
