"""What the view sets of all models share."""

from difflib import get_close_matches
from functools import cached_property

from django.db import DataError
from django.http import QueryDict
from django.utils.translation import gettext as _
from netbox.api.viewsets import NetBoxModelViewSet
from rest_framework.exceptions import ValidationError

from ..related import OnlyVisibleMixin

__all__ = ('ModelViewSet',)


# What NetBox takes from the query of a list beside filters
NO_FILTERS = {'brief', 'expand', 'export', 'fields', 'format', 'limit', 'offset', 'omit', 'ordering', 'start'}


class ModelViewSet(NetBoxModelViewSet):
    def handle_exception(self, exc):
        if isinstance(exc, DataError):
            # A regular expression that is none, a character that no text may have
            exc = ValidationError(_('The database does not take one of these values.'))
        return super().handle_exception(exc)

    def filter_queryset(self, queryset):
        if self.action == 'list':
            self._refuse_unknown_filters()
        return super().filter_queryset(queryset)

    def _refuse_unknown_filters(self):
        """NetBox leaves out a filter that it does not know, and so answers with everything.

        Here somebody may act on the answer: what was misspelt must not pass for "all flows".
        """
        asked = {*self.request.query_params} - NO_FILTERS - {'filter', 'filter_id'}
        if not (unknown := asked - self.filterset_class.base_filters.keys()):
            return
        # With those of custom fields, which only an instance knows
        known = self.filterset_class(QueryDict(), self.queryset.none(), request=self.request).filters
        if unknown := sorted(unknown - known.keys()):
            raise ValidationError({name: [self._unknown(name, known)] for name in unknown})

    def _unknown(self, name, known):
        near = get_close_matches(name, known, n=1)
        return f'Unknown filter. Did you mean {near[0]}?' if near else 'Unknown filter.'

    @cached_property
    def ordering_fields(self):
        """For ``?ordering=``: a list of other objects would repeat rows, and sort them by what is hidden."""
        return [field.name for field in self.serializer_class.Meta.model._meta.concrete_fields]

    @cached_property
    def field_prefetches(self):
        """The lists that ``hidden_members`` counts, where they are not read themselves."""
        declared = self.serializer_class._declared_fields
        lists = [name for name, field in declared.items() if isinstance(field, OnlyVisibleMixin)]
        return {'hidden_members': lists} if lists else {}
