"""Filters that several models share."""

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from utilities.filters import MultiValueCharFilter, MultiValueNumberFilter
from virtualization.models import VirtualMachine

from ..choices import DirectionChoices
from ..fields import ports_meet
from ..models import Gateway
from ..rules.ports import HIGHEST, WITH_PORTS, parse
from ..visible import through

__all__ = ('DirectionFilters', 'PortFilters', 'at_sites', 'choices')


def choices(choiceset, label=None, **kwargs):
    """Any of these choices."""
    return django_filters.MultipleChoiceFilter(choices=choiceset, label=label, distinct=False, **kwargs)


def at_sites(sites, user=None, owner=None, path=''):
    """A Q: the gateway (or another with a machine) at the end of this path is at one of these sites.

    As its ``site`` says it, and through what the user may view only. ``owner`` is the model that the path starts at.
    """
    of_cluster = Q(site=None) & through(VirtualMachine, 'cluster', Q(_site__in=sites), user)
    condition = through(Gateway, 'device', Q(site__in=sites), user) | through(
        Gateway, 'virtual_machine', Q(site__in=sites) | of_cluster, user
    )
    return through(owner, path, condition, user) if path else condition


def protocol(value):
    """Canonical name of a protocol as people write it: TCP, ip/6, icmp."""
    name = ''.join(value.split()).lower()
    # A spec of these needs ports, a filter does not
    for known, n in WITH_PORTS.items():
        if name in (known, f'ip/{n}'):
            return known
    try:
        return parse(name).protocol
    except ValueError as e:
        raise ValidationError(str(e)) from None


class DirectionFilters(django_filters.FilterSet):
    direction = choices(DirectionChoices, _('Direction'))


class PortFilters(django_filters.FilterSet):
    """``protocol`` and ``port`` must be met by one and the same port spec; a range meets every port in it.

    Both filters do nothing when each is applied by itself: filter_queryset() applies them together, as
    ipam.ServiceFilterSet does.
    """

    # Relation through which the ports are reached
    port_path = ''

    protocol = MultiValueCharFilter(method='filter_noop', validators=[protocol], label=_('Protocol'))
    port = MultiValueNumberFilter(
        method='filter_port_noop', min_value=1, max_value=HIGHEST, label=_('Port (finds ranges around it)')
    )

    def filter_noop(self, queryset, name, value: list[str]):
        return queryset

    def filter_port_noop(self, queryset, name, value: list[int]):
        return queryset

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        protocols = self.form.cleaned_data.get('protocol') or []
        ports = self.form.cleaned_data.get('port') or []
        if not protocols and not ports:
            return queryset
        condition = Q()
        for name in protocols or [None]:
            for port in ports or [None]:
                condition |= ports_meet(protocol(name) if name else None, port)
        if self.port_path:
            condition = through(queryset.model, self.port_path, condition, self.user)
        return queryset.filter(condition)
