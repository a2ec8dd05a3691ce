"""Services and features that were removed from a catalog: deleted, unless something here still needs them."""

from collections.abc import Iterable

from ..catalog.document import Catalog
from ..models import FlowTemplate, Gateway, RequiredFlow
from .plan import Step

__all__ = ('compare_vanished',)

NAMED = 5


def compare_vanished(catalog: Catalog, profile, kept: Iterable[FlowTemplate], user=None):
    """(steps that come before all others, steps that come after them).

    ``kept`` are the templates removed from the catalog that flows still refer to.
    """
    if not profile.pk:
        return [], []
    services = _services(catalog, profile, {template.service_id for template in kept})
    renamed, features = _features(catalog, profile, {template.feature_id for template in kept}, user)
    return renamed, [*services, *features]


def _services(catalog, profile, needed):
    steps = []
    for service in profile.services.exclude(name__in=[s.name for s in catalog.services]).order_by('name'):
        if service.pk in needed:
            steps.append(Step('keep', service, service.name, why='gateways have flows from it'))
        else:
            steps.append(Step('delete', service, service.name))
    return steps


def _features(catalog, profile, needed, user):
    """A feature that gateways use is kept: deleting it would remove their flows."""
    gone = {f.pk: f for f in profile.features.exclude(slug__in=[f.slug for f in catalog.features]).order_by('slug')}
    names = {feature.name for feature in catalog.features}
    renamed, steps, reasons = [], [], {}
    # Children first: a feature that stays keeps its parents
    for feature in sorted(gone.values(), key=lambda f: -_depth(f, gone)):
        if why := _why(feature, feature.pk in needed, reasons, user):
            reasons[feature.pk] = why
        values = {}
        if why and feature.name in names:
            # Another feature has its name now
            values['name'] = f'{feature.name[:80]} ({feature.slug[:17]})'
        if why and feature.enabled_by_default:
            # New gateways must not use it
            values['enabled_by_default'] = False
        if values:
            before = {key: getattr(feature, key) for key in values}
            renamed.append(Step('update', feature, feature.name, values, before, why='no longer in the catalog'))
        steps.append(Step('keep' if why else 'delete', feature, feature.name, why=why))
    return renamed, steps


def _depth(feature, gone):
    depth = 0
    while feature.parent_id in gone and depth <= len(gone):
        feature, depth = gone[feature.parent_id], depth + 1
    return depth


def _why(feature, needed, reasons, user):
    """The reason why a feature stays, or ''."""
    children = [pk for pk in feature.children.values_list('pk', flat=True) if pk in reasons]
    if gateways := _names(Gateway.objects.filter(features=feature), user):
        return f'used by {gateways}'
    if needed or RequiredFlow.objects.filter(feature=feature).exists():
        return 'gateways have flows that depend on it'
    return 'a feature that stays depends on it' if children else ''


def _names(gateways, user):
    """Up to five gateways by name, as far as the user may view them; others without their number."""
    total = gateways.count()
    visible = gateways if user is None else gateways.restrict(user, 'view')
    shown = [str(gateway) for gateway in visible.select_related('device', 'virtual_machine')[:NAMED]]
    if total > len(shown):
        shown.append('other gateways' if shown else 'gateways')
    return ', '.join(shown)
