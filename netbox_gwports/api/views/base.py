"""Shared by the view sets of all models."""

from difflib import get_close_matches
from functools import cached_property

from core.api.schema import NetBoxAutoSchema
from django.db import DataError
from django.db.models import ProtectedError, RestrictedError
from django.http import QueryDict
from django.utils.translation import gettext as _
from netbox.api.viewsets import NetBoxModelViewSet, NetBoxReadOnlyModelViewSet
from rest_framework.exceptions import ParseError, ValidationError

from ...visible import visible
from ..actions import Conflict, conflict
from ..encodable import refuse_surrogates
from ..related import OnlyVisibleMixin

__all__ = ('KnownFiltersMixin', 'ListCreateSchema', 'ModelViewSet', 'ReadOnlyModelViewSet')


# Query parameters of a list that are not filters
NO_FILTERS = {'brief', 'expand', 'export', 'fields', 'format', 'limit', 'offset', 'omit', 'ordering', 'start'}


class ListCreateSchema(NetBoxAutoSchema):
    """A POST of a list returns a list, which NetBox describes only for the request.

    And the answer to a list that was refused is also an object, as NetBox describes the answer to a single one.
    """

    def _get_response_bodies(self, direction='response'):
        bodies = super()._get_response_bodies(direction)
        if getattr(self.view, 'action', None) == 'create':
            for content in bodies.get('201', {}).get('content', {}).values():
                schema = content['schema']
                content['schema'] = {'oneOf': [schema, {'type': 'array', 'items': schema}]}
            for content in bodies.get('400', {}).get('content', {}).values():
                if 'oneOf' in content['schema']:
                    content['schema'] = {'anyOf': content['schema']['oneOf']}
        return bodies


class KnownFiltersMixin:
    """Refuses filters that there are not."""

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
    """What all lists of objects have in common, for reading and for writing."""

    def handle_exception(self, exc):
        if isinstance(exc, (ProtectedError, RestrictedError)):
            exc = self._in_use(exc)
        if isinstance(exc, DataError):
            # An invalid regular expression, or a character that no text may contain
            exc = ValidationError(_('One of the values is invalid.'))
        return super().handle_exception(conflict(exc) or exc)

    def _in_use(self, error):
        """NetBox's answer, which names all dependent objects, without the names of those that the user may not view."""
        found = [*(error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects)]
        seen = {(type(obj), obj.pk) for model in {*map(type, found)} for obj in self._seen(model, found)}
        names = sorted(f'{obj} ({obj.pk})' for obj in found if (type(obj), obj.pk) in seen)
        text = _('Unable to delete object. {n} dependent objects were found: {names}').format(
            n=len(found), names=', '.join(names + ['…'] * (len(names) < len(found)))
        )
        return Conflict(text)

    def _seen(self, model, objects):
        pks = [obj.pk for obj in objects if type(obj) is model]
        return visible(model, self.request.user).filter(pk__in=pks)

    @cached_property
    def ordering_fields(self):
        """For ``?ordering=``: a list of other objects would repeat rows, and sort them by hidden objects."""
        return [field.name for field in self.serializer_class.Meta.model._meta.concrete_fields]

    @cached_property
    def field_prefetches(self):
        """The lists that ``hidden_members`` counts, if they are not requested themselves."""
        declared = self.serializer_class._declared_fields
        lists = [name for name, field in declared.items() if isinstance(field, OnlyVisibleMixin)]
        return {('hidden_members',): lists} if lists else {}


class ModelViewSet(ListMixin, NetBoxModelViewSet):
    schema = ListCreateSchema()

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        try:
            refuse_surrogates(request.data)
        except RecursionError:
            raise ParseError(_('The data is nested too deeply.')) from None


class ReadOnlyModelViewSet(ListMixin, NetBoxReadOnlyModelViewSet):
    pass
