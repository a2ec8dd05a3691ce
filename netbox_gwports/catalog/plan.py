"""What loading a catalogue changes: entry by entry, in the order in which it can be done."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from dcim.models import Manufacturer

from ..models import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole
from ..pairing import Need, pair
from .document import Catalog
from .errors import Problems

__all__ = ('Plan', 'Step', 'make_plan')


@dataclass(slots=True)
class Step:
    """One object to create, update, delete or withdraw, or to keep although the catalogue no longer has it.

    ``values`` are the attributes to set and ``before`` what they replace; ``entry`` is the place in the document.
    """

    action: str
    instance: object
    name: str
    values: dict = field(default_factory=dict)
    before: dict = field(default_factory=dict)
    entry: str = ''
    why: str = ''

    def __str__(self):
        kind = self.instance._meta.verbose_name
        changes = ', '.join(f'{name}: {_word(self.before[name])} -> {_word(new)}' for name, new in self.values.items()
                            if self.action == 'update')  # fmt: skip
        return f'{self.action} {kind} "{self.name}"' + (f' ({changes or self.why})' if changes or self.why else '')


def _word(value):
    if isinstance(value, list | tuple):
        return ', '.join(str(part) for part in value) or '-'
    return '-' if value in (None, '') else str(value)


@dataclass(frozen=True, slots=True)
class Plan:
    catalog: Catalog
    steps: tuple[Step, ...]

    @property
    def changes(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.action != 'keep')

    def __bool__(self):
        return bool(self.changes)


def make_plan(catalog: Catalog) -> Plan:
    """Compare a catalogue with what is loaded. Changes nothing; raises CatalogError for a role of another kind."""
    problems = Problems(catalog.file)
    steps: list[Step] = []
    manufacturer = _step(steps, Manufacturer, {'slug': catalog.manufacturer_slug},
                         {'name': catalog.manufacturer_name}, 'manufacturer', missing_only=True)  # fmt: skip
    profile = _profile(steps, catalog, manufacturer)
    roles = _roles(steps, catalog, problems)
    features = _features(steps, catalog, profile)
    services = _services(steps, catalog, profile)
    kept = _templates(steps, catalog, profile, roles, features, services)
    _vanished(steps, catalog, profile, kept)
    problems.stop()
    return Plan(catalog, tuple(steps))


def _step(steps, model, key, values, entry='', missing_only=False, found=None):
    """Find by key, and add the step that makes it equal to ``values``, if one is needed. Returns the instance."""
    instance = found
    if instance is None and all(getattr(v, 'pk', True) for v in key.values()):
        instance = model.objects.filter(**key).first()
    if instance is None:
        instance = model(**{name: value for name, value in key.items() if not hasattr(value, '_meta')})
        values = {**key, **values}
        steps.append(Step('create', instance, _name(instance, values), values, entry=entry))
    elif not missing_only and (changed := {n: v for n, v in values.items() if _stored(instance, n) != v}):
        before = {name: _stored(instance, name) for name in changed}
        steps.append(Step('update', instance, _name(instance, values), changed, before, entry))
    return instance


def _stored(instance, name):
    value = getattr(instance, name)
    return list(value) if isinstance(value, list | tuple) else value


def _name(instance, values):
    if isinstance(instance, FlowTemplate):
        return f'{values["service"]}: {values["purpose"]} ({values["direction"]}, {values["remote_role"]})'
    if isinstance(instance, GatewayProfile):
        return f'{values["name"]} {values["version"]}'
    return values.get('name') or str(instance)


def _profile(steps, catalog, manufacturer):
    release = {'name': catalog.name, 'version': catalog.version}
    found = GatewayProfile.objects.filter(slug=catalog.slug).first()
    if found is None and manufacturer.pk:
        found = GatewayProfile.objects.filter(manufacturer=manufacturer, **release).first()
    values = {
        'manufacturer': manufacturer, **release, 'slug': catalog.slug, 'source_url': catalog.source_url,
        'published': catalog.published, 'description': catalog.description,
    }  # fmt: skip
    return _step(steps, GatewayProfile, {'slug': catalog.slug}, values, found=found)


def _roles(steps, catalog, problems):
    """Roles belong to the site once they are there: missing ones are created, others only looked at."""
    found = {role.slug: role for role in RemoteRole.objects.all()}
    for index, role in enumerate(catalog.roles):
        if (known := found.get(role.slug)) is None:
            values = {'name': role.name, 'zone': role.zone, 'kind': role.kind, 'description': role.description}
            found[role.slug] = _step(steps, RemoteRole, {'slug': role.slug}, values, f'roles[{index}]')
        elif known.kind != role.kind:
            problems.add(
                f'roles[{index}]', 'kind',
                f'"{role.slug}" is of kind {known.kind} here, not {role.kind}: use another slug, or change the role',
            )  # fmt: skip
    return found


def _features(steps, catalog, profile):
    known = {f.slug: f for f in profile.features.all()} if profile.pk else {}
    features = {}
    for index, feature in enumerate(_parents_first(catalog.features)):
        values = {
            'name': feature.name, 'group': feature.group, 'enabled_by_default': feature.enabled_by_default,
            'description': feature.description, 'parent': features.get(feature.parent),
        }  # fmt: skip
        features[feature.slug] = _step(steps, ProfileFeature, {'profile': profile, 'slug': feature.slug}, values,
                                       f'features[{index}]', found=known.get(feature.slug))  # fmt: skip
    return features


def _parents_first(features):
    placed, left = [], list(features)
    while left:
        ready = [f for f in left if not f.parent or f.parent in {p.slug for p in placed}]
        placed += ready
        left = [f for f in left if f not in ready]
    return placed


def _services(steps, catalog, profile):
    known = {s.name: s for s in profile.services.all()} if profile.pk else {}
    services = {}
    for index, service in enumerate(catalog.services):
        values = {
            'application_protocol': service.application_protocol, 'ports': list(service.ports),
            'clear_text': service.clear_text, 'description': service.description,
        }  # fmt: skip
        services[service.name] = _step(steps, GatewayService, {'profile': profile, 'name': service.name}, values,
                                       f'services[{index}]', found=known.get(service.name))  # fmt: skip
    return services


def _templates(steps, catalog, profile, roles, features, services):
    """Pair what is loaded with what is read, so that a reworded purpose stays the same template.

    Returns the templates that the catalogue no longer has but that flows still refer to.
    """
    loaded = []
    if profile.pk:
        loaded = list(FlowTemplate.objects.filter(service__profile=profile).select_related(
            'service', 'remote_role', 'feature').prefetch_related('flows'))  # fmt: skip
    gone, kept, updates = [], [], []
    for old, new in pair(map(_loaded_need, loaded), map(_read_need, catalog.flows)):
        if new is None:
            template = old.of
            if not template.flows.all():
                gone.append(Step('delete', template, str(template)))
            else:
                kept.append(template)
                if not template.withdrawn:
                    updates.append(Step('withdraw', template, str(template), {'withdrawn': True},
                                        {'withdrawn': False}, why='flows refer to it'))  # fmt: skip
            continue
        flow = new.of
        values = {
            'service': services[flow.service], 'direction': flow.direction, 'remote_role': roles[flow.role],
            'feature': features.get(flow.feature), 'remote_hosts': list(flow.hosts),
            'hosts_replaceable': flow.hosts_replaceable, 'zone': flow.zone, 'purpose': flow.purpose,
            'direct': flow.direct, 'notes': flow.notes, 'not_opened': flow.not_opened, 'printed': flow.printed,
            'source_row': flow.row, 'source_item': flow.item, 'withdrawn': False,
        }  # fmt: skip
        if old:
            _step(updates, FlowTemplate, {}, values, flow.entry, found=old.of)
        else:
            template = FlowTemplate()
            updates.append(Step('create', template, _name(template, values), values, entry=flow.entry))
    # What goes makes room for what comes: a purpose may move from one template to another
    steps += [*gone, *updates]
    return kept


def _loaded_need(template):
    return Need(
        service=template.service.name,
        direction=template.direction,
        role=template.remote_role.slug,
        purpose=template.purpose,
        feature=template.feature.slug if template.feature else '',
        hosts=frozenset(template.remote_hosts),
        source=(template.source_row or 0, template.source_item or 0),
        of=template,
    )


def _read_need(flow):
    return Need(flow.service, flow.direction, flow.role, flow.purpose, flow.feature, frozenset(flow.hosts),
                (flow.row or 0, flow.item or 0), flow)  # fmt: skip


def _vanished(steps, catalog, profile, kept: Iterable[FlowTemplate]):
    """Features and services that the catalogue no longer has go, unless something here still needs them."""
    if not profile.pk:
        return
    services = {service.name for service in catalog.services}
    for service in profile.services.exclude(name__in=services):
        if any(template.service_id == service.pk for template in kept):
            steps.append(Step('keep', service, service.name, why='flows refer to it'))
        else:
            steps.append(Step('delete', service, service.name))
    slugs = {feature.slug for feature in catalog.features}
    gone = list(profile.features.exclude(slug__in=slugs).prefetch_related('gateways', 'flows', 'children'))
    # Children first: a parent cannot go before them
    for feature in sorted(gone, key=lambda f: f.parent_id is None):
        if feature.gateways.all() or feature.flows.all() or any(t.feature_id == feature.pk for t in kept):
            steps.append(Step('keep', feature, feature.name, why='gateways use it'))
        else:
            steps.append(Step('delete', feature, feature.name))
