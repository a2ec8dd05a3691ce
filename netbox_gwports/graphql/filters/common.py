"""Filters that several models share.

strawberry_django collects filter methods only from the class that it decorates, so these are functions that make
one, not mixins.
"""

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry.scalars import ID
from strawberry.types import Info
from strawberry_django.filters import process_filters

from ...fields import ports_meet
from ...filtersets.common import protocol as canonical
from ...filtersets.remote import names_for
from ...visible import through, visible

__all__ = (
    'ENUMS',
    'LOOKUPS',
    'OURS',
    'dns_name_filter',
    'ports_filter',
    'prefixed',
    'related_filter',
    'related_id',
    'viewer',
)

# Needed to resolve the names in annotations
OURS = strawberry.lazy('netbox_gwports.graphql.filters')
ENUMS = strawberry.lazy('netbox_gwports.graphql.enums')
LOOKUPS = strawberry.lazy('netbox.graphql.filter_lookups')


@strawberry.input(
    name='GwportsPortLookup', description='Protocol and port of the same port spec; a range matches all of its ports'
)
class PortLookup:
    protocol: str | None = None
    port: int | None = None


def viewer(info):
    return info.context.request.user


def prefixed(prefix, model, condition):
    """The condition for objects of the model at the end of a path."""
    return Q(**{f'{prefix}pk__in': model.objects.filter(condition).values('pk')}) if prefix else condition


def related_filter(model, relation, of):
    """What an object that it refers to is like, by that object's own filter ``of``; only visible ones count.

    NetBox's plain fields join the tables instead, and so answer about objects that the caller may not view.
    """

    def resolve(self, info: Info, value, prefix) -> Q:
        user = viewer(info)
        queryset, condition = process_filters(value, visible(model._meta.get_field(relation).related_model, user), info)
        found = Q(pk__in=queryset.filter(condition).values('pk'))
        return prefixed(prefix, model, through(model, relation, found, user))

    resolve.__annotations__['value'] = of
    return strawberry_django.filter_field(resolve)


def related_id(model, relation):
    """An object that it refers to, if the caller may view that one."""

    def resolve(self, info: Info, value: ID, prefix) -> Q:
        return prefixed(prefix, model, through(model, relation, Q(pk=value), viewer(info)))

    return strawberry_django.filter_field(resolve)


def ports_filter(model, path=''):
    """``path`` is the relation through which the ports are reached."""

    def meets(self, info: Info, value: PortLookup, prefix) -> Q:
        protocol = canonical(value.protocol) if value.protocol else None
        condition = ports_meet(protocol, value.port)
        if path:
            condition = through(model, path, condition, viewer(info))
        return prefixed(prefix, model, condition)

    return strawberry_django.filter_field(meets, description='Has a port spec with this protocol and port')


def dns_name_filter(field):
    def dns_name(self, value: str, prefix) -> Q:
        return Q(**{f'{prefix}{field}__overlap': names_for(value)})

    return strawberry_django.filter_field(dns_name, description='This DNS name or a wildcard that matches it')
