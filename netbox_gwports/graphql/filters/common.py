"""Filters that several models share.

strawberry_django collects filter methods only from the class that it decorates, so these are functions that make
one, not mixins.
"""

import strawberry
import strawberry_django
from django.db.models import Q

from ...fields import ports_meet
from ...filtersets.common import protocol as canonical
from ...filtersets.remote import names_for

__all__ = ('ENUMS', 'LOOKUPS', 'OURS', 'dns_name_filter', 'ports_filter')

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


def ports_filter(field='port_ranges'):
    def meets(self, value: PortLookup, prefix) -> Q:
        protocol = canonical(value.protocol) if value.protocol else None
        return ports_meet(protocol, value.port, field=f'{prefix}{field}')

    return strawberry_django.filter_field(meets, description='Has a port spec with this protocol and port')


def dns_name_filter(field):
    def dns_name(self, value: str, prefix) -> Q:
        return Q(**{f'{prefix}{field}__overlap': names_for(value)})

    return strawberry_django.filter_field(dns_name, description='This DNS name or a wildcard that matches it')
