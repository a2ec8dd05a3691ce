"""Filters shared by several models."""

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from utilities.filters import MultiValueCharFilter, MultiValueNumberFilter

from ..choices import DirectionChoices
from ..fields import ports_meet
from ..models.sites import at_sites
from ..rules.ports import HIGHEST, WITH_PORTS, parse
from ..visible import through

__all__ = ('DirectionFilters', 'PortFilters', 'at_sites', 'choices')


def choices(choiceset, label=None, **kwargs):
    """Any of the selected choices."""
    return django_filters.MultipleChoiceFilter(choices=choiceset, label=label, distinct=False, **kwargs)


def protocol(value):
    """Canonical name of a protocol from user input such as TCP, ip/6 or icmp."""
    name = ''.join(value.split()).lower()
    # Unlike port specs, the filter accepts these protocols without ports
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
    """``protocol`` and ``port`` must match the same port spec; a range matches all of its ports.

    The individual filters are no-ops: filter_queryset() applies both together, like ipam.ServiceFilterSet.
    """

    # Relation through which the ports are reached
    port_path = ''

    protocol = MultiValueCharFilter(method='filter_noop', validators=[protocol], label=_('Protocol'))
    port = MultiValueNumberFilter(
        method='filter_port_noop', min_value=1, max_value=HIGHEST, label=_('Port (including ranges that contain it)')
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
