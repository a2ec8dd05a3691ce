"""Compares a catalog with what is loaded and returns a plan. Changes nothing."""

from dcim.models import Manufacturer

from ..catalog.document import Catalog
from ..catalog.errors import Problems
from ..models import GatewayProfile, GatewayService, ProfileFeature, RemoteRole
from ..rules.facts import of_service
from .flow_templates import compare_templates
from .plan import Plan, Step
from .steps import create, stated_values, update
from .vanished import compare_vanished

__all__ = ('compare',)


def compare(catalog: Catalog, user=None, bound=None) -> Plan:
    """The changes that make the profile equal to the catalog.

    With a user, reasons name only objects that this user may view. ``bound`` is the profile whose data file this is.
    Raises CatalogError with all conflicts: a role of another kind, a slug that belongs to another release.
    """
    problems = Problems(catalog.file)
    head, parts, templates = [], [], []
    profile = _profile(head, catalog, _manufacturer(head, catalog, problems), bound, problems)
    roles = _roles(head, catalog, problems)
    problems.stop()
    features = _features(parts, catalog, profile)
    services = _services(parts, catalog, profile)
    kept = compare_templates(templates, catalog, profile, roles, features, services)
    renamed, gone = compare_vanished(catalog, profile, kept, user)
    # A removed feature is renamed before another one takes its name, and deleted once no template refers to it
    return Plan(catalog, (*head, *renamed, *parts, *templates, *gone), user, bound)


def _manufacturer(steps, catalog, problems):
    slug, name = catalog.manufacturer_slug, catalog.manufacturer_name
    if found := Manufacturer.objects.filter(slug=slug).first():
        return found
    if other := Manufacturer.objects.filter(name=name).first():
        problems.add('manufacturer', 'slug', f'"{name}" has the slug "{other.slug}" in this NetBox: use that slug')
    manufacturer = Manufacturer(slug=slug, name=name)
    steps.append(Step('create', manufacturer, name, entry='manufacturer'))
    return manufacturer


def _profile(steps, catalog, manufacturer, bound, problems):
    """The profile with the catalog's slug. Another release with this slug is an error, never an update."""
    release = {'manufacturer': manufacturer, 'name': catalog.name, 'version': catalog.version}
    values = {
        'source_url': catalog.source_url,
        'published': catalog.published,
        'description': catalog.description,
        'partial': catalog.partial,
    }
    name = f'{catalog.name} {catalog.version}'
    if found := GatewayProfile.objects.filter(slug=catalog.slug).select_related('manufacturer').first():
        if any(getattr(found, key) != value for key, value in release.items()):
            problems.add(
                '',
                'slug',
                f'"{catalog.slug}" is the slug of {found.manufacturer} {found} in this NetBox: use another '
                'slug, or correct manufacturer, name and version of that profile first',
            )
        if found.data_file_id and found != bound:
            problems.add(
                '',
                'slug',
                f'"{catalog.slug}" is synchronized from the data file {found.data_path}: change that file, or '
                'unbind the profile from it first',
            )
        update(steps, found, name, values)
        return found
    if manufacturer.pk and (other := GatewayProfile.objects.filter(**release).first()):
        problems.add('', 'slug', f'this release has the slug "{other.slug}" in this NetBox: use that slug')
    return create(steps, GatewayProfile, name, {'slug': catalog.slug, **release, **values})


def _roles(steps, catalog, problems):
    """Existing roles belong to the site and are not changed: only missing ones are created."""
    found = {role.slug: role for role in RemoteRole.objects.all()}
    slug_of = {role.name: role.slug for role in found.values()}
    for index, role in enumerate(catalog.roles):
        entry, known = f'roles[{index}]', found.get(role.slug)
        if known is None:
            if role.name in slug_of:
                problems.add(
                    entry,
                    'name',
                    f'"{role.name}" is the name of the role "{slug_of[role.name]}" in this NetBox: '
                    'use that slug, or another name',
                )
            values = {
                'slug': role.slug,
                'name': role.name,
                'zone': role.zone,
                'kind': role.kind,
                'description': role.description,
            }
            found[role.slug] = create(steps, RemoteRole, role.name, values, entry)
        elif known.kind != role.kind:
            problems.add(
                entry,
                'kind',
                f'"{role.slug}" is of kind {known.kind} in this NetBox, not {role.kind}: use another '
                'slug, or change the role in NetBox first',
            )
        elif known.zone != role.zone:
            steps.append(
                Step(
                    'keep',
                    known,
                    known.name,
                    entry=entry,
                    why=f'in zone {known.zone} here, {role.zone} in the catalog',
                )
            )
    for flow in catalog.flows:
        if flow.role not in found:
            problems.add(flow.entry, 'role', f'"{flow.role}" is no longer in this NetBox: add it to roles')
    return found


def _features(steps, catalog, profile):
    """Slug -> feature, parents first."""
    known = {f.slug: f for f in profile.features.all()} if profile.pk else {}
    by_pk = {f.pk: f for f in known.values()}
    for feature in known.values():
        # One instance each: validation follows the parents, and must see their changes
        feature.parent = by_pk.get(feature.parent_id)
    indexes = {feature.slug: index for index, feature in enumerate(catalog.features)}
    features, left = {}, list(catalog.features)
    while left:
        feature = next(f for f in left if not f.parent or f.parent in features)
        left.remove(feature)
        values = {
            'name': feature.name,
            'group': feature.group,
            'parent': features.get(feature.parent),
            'enabled_by_default': feature.enabled_by_default,
            'description': feature.description,
        }
        entry = f'features[{indexes[feature.slug]}]'
        if found := known.get(feature.slug):
            update(steps, found, feature.name, values, entry)
        else:
            found = create(
                steps, ProfileFeature, feature.name, {'profile': profile, 'slug': feature.slug, **values}, entry
            )
        features[feature.slug] = found
    return features


def _services(steps, catalog, profile):
    """Name -> service."""
    known = {s.name: s for s in profile.services.all()} if profile.pk else {}
    services = {}
    for index, service in enumerate(catalog.services):
        values = {**stated_values(service, of_service()), 'description': service.description}
        entry = f'services[{index}]'
        if found := known.get(service.name):
            update(steps, found, service.name, values, entry)
        else:
            found = create(steps, GatewayService, service.name, {'profile': profile, **values}, entry)
        services[service.name] = found
    return services
