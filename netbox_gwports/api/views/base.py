"""Shared by the view sets of all models."""

from difflib import get_close_matches
from functools import cached_property

from core.api.schema import NetBoxAutoSchema
from django.db import DataError
from django.http import QueryDict
from django.utils.translation import gettext as _
from netbox.api.viewsets import NetBoxModelViewSet, NetBoxReadOnlyModelViewSet
from rest_framework.exceptions import ValidationError

from ..related import OnlyVisibleMixin

__all__ = ('KnownFiltersMixin', 'ListCreateSchema', 'ModelViewSet', 'ReadOnlyModelViewSet')


# Query parameters of a list that are not filters
NO_FILTERS = {'brief', 'expand', 'export', 'fields', 'format', 'limit', 'offset', 'omit', 'ordering', 'start'}


class ListCreateSchema(NetBoxAutoSchema):
    """A POST of a list returns a list. NetBox describes only the request that way."""

    def _get_response_bodies(self, direction='response'):
        bodies = super()._get_response_bodies(direction)
        if getattr(self.view, 'action', None) == 'create':
            for content in bodies.get('201', {}).get('content', {}).values():
                schema = content['schema']
                content['schema'] = {'oneOf': [schema, {'type': 'array', 'items': schema}]}
        return bodies


class KnownFiltersMixin:
    def filter_queryset(self, queryset):
        if self.action == 'list':
            self._refuse_unknown_filters()
        return super().filter_queryset(queryset)

    def _refuse_unknown_filters(self):
        """NetBox ignores unknown filters, and returns all objects.

        Rules are opened according to these lists: a misspelled filter must not return all flows.
        """
        asked = {*self.request.query_params} - NO_FILTERS - {'filter', 'filter_id'}
        if not (unknown := asked - self.filterset_class.base_filters.keys()):
            return
        # Includes the filters for custom fields, which only an instance has
        known = self.filterset_class(QueryDict(), self.queryset.none(), request=self.request).filters
        if unknown := sorted(unknown - known.keys()):
            raise ValidationError({name: [self._unknown(name, known)] for name in unknown})

    def _unknown(self, name, known):
        near = get_close_matches(name, known, n=1)
        return f'Unknown filter. Did you mean {near[0]}?' if near else 'Unknown filter.'


class ListMixin(KnownFiltersMixin):
    def handle_exception(self, exc):
        if isinstance(exc, DataError):
            # An invalid regular expression, or a character that no text may contain
            exc = ValidationError(_('One of the values is invalid.'))
        return super().handle_exception(exc)

    @cached_property
    def ordering_fields(self):
        """For ``?ordering=``: a list of other objects would repeat rows, and sort them by hidden objects."""
        return [field.name for field in self.serializer_class.Meta.model._meta.concrete_fields]

    @cached_property
    def field_prefetches(self):
        """The lists that ``hidden_members`` counts, if they are not requested themselves."""
        declared = self.serializer_class._declared_fields
        lists = [name for name, field in declared.items() if isinstance(field, OnlyVisibleMixin)]
        return {'hidden_members': lists} if lists else {}


class ModelViewSet(ListMixin, NetBoxModelViewSet):
    schema = ListCreateSchema()


class ReadOnlyModelViewSet(ListMixin, NetBoxReadOnlyModelViewSet):
    pass
