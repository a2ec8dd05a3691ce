"""A profile as it is loaded -> its catalog, in one canonical form.

Loading what was written here and writing it again gives the same text, byte by byte: everything stands in an order of
its own, names no database key and says nothing that holds anyway.
"""

from collections import defaultdict
from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from ..models import FlowTemplate, GatewayProfile, RemoteRole
from .document import read
from .meaning import CASCADING
from .structure import schema
from .writing import Inline, InlineList, dump

__all__ = ('canonical',)


def canonical(profile: GatewayProfile, user=None) -> str:
    """The catalog of a profile as YAML: what is withdrawn is not in it, nor are tags, comments and custom fields.

    Raises CatalogError where the profile holds what no catalog can say: it was edited by hand, and says where. Raises
    PermissionDenied where the user may not view all of it, since a catalog with holes would look complete.
    """
    of_profile = FlowTemplate.objects.filter(service__profile=profile)
    if user is not None:
        _permit(
            user,
            of_profile,
            profile.services.all(),
            profile.features.all(),
            RemoteRole.objects.filter(flow_templates__in=of_profile),
        )
    templates = list(of_profile.select_related('service', 'remote_role', 'feature'))
    standing = sorted((t for t in templates if not t.withdrawn), key=_order)
    text = dump({
        'format': 1,
        'manufacturer': Inline(name=profile.manufacturer.name, slug=profile.manufacturer.slug),
        'name': profile.name,
        'version': profile.version,
        'slug': profile.slug,
        **_said({
            'source_url': profile.source_url,
            'published': profile.published.isoformat() if profile.published else '',
            'description': profile.description,
            'partial': profile.partial,
        }),
        'features': _features(profile, _only_withdrawn(templates, 'feature_id')),
        'roles': _roles(standing),
        'services': _services(profile, standing, _only_withdrawn(templates, 'service_id')),
        'rows': _rows(standing),
    })
    read(text, profile.slug)
    return text


def _permit(user, *querysets):
    for queryset in querysets:
        visible = queryset.model.objects.restrict(user, 'view').values('pk')
        if queryset.exclude(pk__in=visible).exists():
            raise PermissionDenied(_('Parts of this catalog are not visible to you.'))


def _order(template):
    """As in the vendor's table, what has no row last; nothing depends on keys of the database."""
    row, item = template.row, template.row and template.item
    return (
        row is None, row or 0, item is None, item or 0, template.service.name, template.purpose, template.direction,
        template.remote_role.slug, template.feature.slug if template.feature else '',
    )  # fmt: skip


def _said(values):
    return {key: value for key, value in values.items() if value not in ('', None, False, [])}


def _only_withdrawn(templates, name):
    """Keys of the services or features that only withdrawn templates refer to: they are kept for those."""
    standing = {getattr(t, name) for t in templates if not t.withdrawn}
    return {getattr(t, name) for t in templates} - standing - {None}


def _features(profile, withdrawn):
    features = sorted(profile.features.select_related('parent'), key=lambda f: (f.group, f.slug))
    # A feature stays for those that build on it
    needed = {f.parent_id for f in features if f.pk not in withdrawn}
    return [
        Inline(
            slug=f.slug,
            name=f.name,
            **_said({
                'group': f.group,
                'parent': f.parent.slug if f.parent else '',
                'enabled_by_default': f.enabled_by_default,
                'description': f.description,
            }),
        )
        for f in features
        if f.pk not in withdrawn or f.pk in needed
    ]


def _roles(templates):
    roles = {t.remote_role.slug: t.remote_role for t in templates}
    usual = schema()['$defs']['role']['properties']['kind']['default']
    return [
        Inline(
            slug=slug,
            name=role.name,
            zone=role.zone,
            **_said({'kind': '' if role.kind == usual else role.kind, 'description': role.description}),
        )
        for slug, role in sorted(roles.items())
    ]


def _services(profile, templates, withdrawn):
    first = {}
    for position, template in enumerate(templates):
        first.setdefault(template.service_id, position)
    services = sorted(profile.services.all(), key=lambda s: (first.get(s.pk, len(templates)), s.name))
    return [
        Inline(
            name=s.name,
            **_said({'application_protocol': s.application_protocol}),
            ports=InlineList(s.ports),
            **_said({'clear_text': s.clear_text, 'description': s.description}),
        )
        for s in services
        if s.pk not in withdrawn
    ]


def _rows(templates):
    """One entry for the templates of one row and service that follow each other, with its items and their flows."""
    rows, taken = [], defaultdict(set)
    for (number, service), group in groupby(templates, key=lambda t: (t.row, t.service.name)):
        items = []
        for printed, flows in groupby(group, key=lambda t: t.item):
            flows = list(flows)
            if number is None:
                items += [_lifted({}, 'flows', [_flow(t)]) for t in flows]
                continue
            # One item of a row is in one place of a document: what stands elsewhere too is counted on
            item = printed if printed and printed not in taken[number] else max(taken[number], default=0) + 1
            taken[number].add(item)
            counted = {} if item == len(items) + 1 else {'item': item}
            items.append(_lifted(counted, 'flows', [_flow(t) for t in flows]))
        head = {'row': number} if number else {}
        rows.append(_lifted({**head, 'service': service}, 'items', items))
    return rows


def _flow(template):
    return {
        'direction': template.direction,
        'role': template.remote_role.slug,
        **_said({
            'feature': template.feature.slug if template.feature else '',
            'dns_names': InlineList(template.dns_names),
            'replaceable': template.replaceable,
            'zone': template.zone,
            'direct': template.direct,
        }),
        'purpose': template.purpose,
        **_said({
            'notes': template.notes,
            'not_opened': template.not_opened,
            'printed': template.printed,
            'key': template.key,
        }),
    }


def _lifted(head, name, parts):
    """Parts under a head that says what all of them say; a single flow needs no list of flows."""
    shared = {
        key: parts[0][key] for key in CASCADING if all(key in part and part[key] == parts[0][key] for part in parts)
    }
    left = [{key: value for key, value in part.items() if key not in shared} for part in parts]
    if name == 'flows' and left == [{}]:
        return {**head, **shared}
    if name == 'items' and len(left) == 1:
        # A row of one item says nothing of its own: the purpose stands with the item
        return {**head, name: parts}
    return {**head, **shared, name: [Inline(part) if name == 'flows' else part for part in left]}
