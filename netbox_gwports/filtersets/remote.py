"""Filters by address or DNS name of the remote."""

from ipaddress import ip_address

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, Q, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from utilities.filters import MultiValueCharFilter

from ..models import RemoteEndpoint
from ..rules.dns_names import normalize, patterns
from ..validators import clean_dns_names
from ..visible import through

__all__ = ('RemoteFilters', 'endpoints_with_address', 'endpoints_with_dns_name', 'names_for')


class AnyLiteral(Func):
    """Whether one of an endpoint's literal addresses, prefixes or ranges contains an address."""

    output_field = BooleanField()
    arity = 2
    template = (
        'EXISTS (SELECT 1 FROM unnest(%(field)s) AS literal WHERE CASE'
        " WHEN literal LIKE '%%%%-%%%%' THEN %(address)s"
        " BETWEEN split_part(literal, '-', 1)::inet AND split_part(literal, '-', 2)::inet"
        ' ELSE literal::inet >>= %(address)s END)'
    )

    def as_sql(self, compiler, connection, **extra):
        field, field_params = compiler.compile(self.source_expressions[0])
        address, address_params = compiler.compile(self.source_expressions[1])
        sql = self.template % {'field': field, 'address': f'{address}::inet'}
        return sql, [*field_params, *address_params, *address_params]


def endpoints_with_address(address, user=None):
    """A Q of RemoteEndpoint: a member or literal is or contains this address, in any VRF.

    IP addresses are compared without their mask; for devices and virtual machines, their primary addresses are used;
    "any address" does not match. Only members that the user may view count.
    """
    members = {
        'ip_addresses': Q(address__net_host=address),
        'prefixes': Q(prefix__net_contains_or_equals=address),
        'ip_ranges': Q(start_address__host__inet__lte=address, end_address__host__inet__gte=address),
    }
    condition = Q(AnyLiteral(F('literals'), Value(address)))
    for name, member in members.items():
        condition |= through(RemoteEndpoint, name, member, user)
    for name in ('devices', 'virtual_machines'):
        for primary in ('primary_ip4', 'primary_ip6'):
            condition |= through(RemoteEndpoint, f'{name}__{primary}', members['ip_addresses'], user)
    return condition


def endpoints_with_dns_name(dns_name, user=None):
    return Q(dns_names__overlap=names_for(dns_name))


def names_for(dns_name):
    """The DNS name and all wildcards that match it: ``a.b.c``, ``*.b.c``, ``*.c``."""
    return patterns(normalize(dns_name))


def is_address(value):
    try:
        ip_address(value.strip())
    except ValueError:
        raise ValidationError(_('"{value}" is not an IP address.').format(value=value)) from None


def is_dns_name(value):
    clean_dns_names([value])


class RemoteFilters(django_filters.FilterSet):
    """``remote_ip`` and ``dns_name``. The filter set implements ``with_endpoints()``: a condition on RemoteEndpoint
    as a condition on its own model."""

    remote_ip = MultiValueCharFilter(
        method='filter_remote_ip', validators=[is_address], label=gettext_lazy('Remote address')
    )
    dns_name = MultiValueCharFilter(
        method='filter_dns_name',
        validators=[is_dns_name],
        label=gettext_lazy('DNS name of the remote (including matching wildcards)'),
    )

    def filter_remote_ip(self, queryset, name, value: list[str]):
        return queryset.filter(self.with_endpoints(_any(endpoints_with_address, [v.strip() for v in value], self.user)))

    def filter_dns_name(self, queryset, name, value: list[str]):
        return queryset.filter(self.with_endpoints(_any(endpoints_with_dns_name, value, self.user)))


def _any(condition, values, user):
    q = Q()
    for value in values:
        q |= condition(value, user)
    return q
