"""A profile as it is loaded -> its catalog."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from ..catalog import document
from ..catalog.canonical import canonical
from ..choices import ZoneChoices
from ..models import FlowTemplate, GatewayProfile, RemoteRole
from ..rules.facts import of_service, of_template

__all__ = ('catalog_of', 'catalog_text')


def catalog_text(profile: GatewayProfile, user=None) -> str:
    """The catalog of a profile as YAML in canonical form, without withdrawn flow templates, tags and custom fields.

    Raises CatalogError for a profile that was edited by hand and cannot be written as a catalog, and PermissionDenied
    unless the user may view all of the profile: a catalog with parts missing would look complete.
    """
    if user is not None:
        _check_visible(user, profile)
    text = canonical(catalog_of(profile))
    document.read(text, profile.slug, zones=ZoneChoices.values())
    return text


def catalog_of(profile: GatewayProfile) -> document.Catalog:
    """The profile as a catalog, without what is withdrawn. Four queries."""
    templates = list(
        FlowTemplate.objects.filter(service__profile=profile).select_related('service', 'remote_role', 'feature')
    )
    standing = [template for template in templates if not template.withdrawn]
    return document.Catalog(
        file=profile.slug,
        manufacturer_name=profile.manufacturer.name,
        manufacturer_slug=profile.manufacturer.slug,
        name=profile.name,
        version=profile.version,
        slug=profile.slug,
        source_url=profile.source_url,
        published=profile.published,
        description=profile.description,
        partial=profile.partial,
        features=_features(profile, _only_withdrawn(templates, 'feature_id')),
        roles=_roles(standing),
        services=_services(profile, _only_withdrawn(templates, 'service_id')),
        flows=tuple(_flow(template) for template in standing),
    )


def _check_visible(user, profile):
    templates = FlowTemplate.objects.filter(service__profile=profile)
    roles = RemoteRole.objects.filter(flow_templates__in=templates)
    for queryset in (templates, profile.services.all(), profile.features.all(), roles):
        visible = queryset.model.objects.restrict(user, 'view').values('pk')
        if queryset.exclude(pk__in=visible).exists():
            raise PermissionDenied(_('You do not have permission to view all parts of this catalog.'))


def _only_withdrawn(templates, name):
    """Primary keys of the services or features that only withdrawn templates refer to: they are kept for those."""
    standing = {getattr(t, name) for t in templates if not t.withdrawn}
    return {getattr(t, name) for t in templates} - standing - {None}


def _features(profile, withdrawn):
    features = list(profile.features.select_related('parent'))
    # A feature is kept for the features that depend on it
    needed = {f.parent_id for f in features if f.pk not in withdrawn}
    return tuple(
        document.Feature(
            slug=f.slug,
            name=f.name,
            group=f.group,
            parent=f.parent.slug if f.parent else '',
            enabled_by_default=f.enabled_by_default,
            description=f.description,
        )
        for f in features
        if f.pk not in withdrawn or f.pk in needed
    )


def _roles(templates: Iterable[FlowTemplate]):
    roles = {t.remote_role.slug: t.remote_role for t in templates}
    return tuple(
        document.Role(slug=slug, name=role.name, zone=role.zone, kind=role.kind, description=role.description)
        for slug, role in roles.items()
    )


def _services(profile, withdrawn):
    return tuple(
        document.Service(
            description=service.description,
            **{fact.catalog_key: fact.stated(service) for fact in of_service()},
        )
        for service in profile.services.all()
        if service.pk not in withdrawn
    )


def _flow(template):
    return document.Flow(
        service=template.service.name,
        row=template.row,
        item=template.item,
        **{fact.catalog_key: fact.stated(template) for fact in of_template()},
    )
