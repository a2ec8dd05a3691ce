"""Filters through relations, restricted to what the user may view.

Every filter of the plugin by a related object is made of these, whatever its lookup. An object that the user may not
view is refused or not found as if it did not exist.
"""

import django_filters
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django_filters.fields import ModelMultipleChoiceField
from utilities.filters import MultiValueCharFilter

from ..visible import through, visible, visible_text

__all__ = ('RelatedFilter', 'RelatedTextFilter', 'RelatedTreeFilter', 'RestrictedFilterSet', 'objects')


class RelatedField(ModelMultipleChoiceField):
    def clean(self, value):
        for text in value or ():
            if '\0' in str(text):
                # PostgreSQL does not accept it
                raise ValidationError(self.error_messages['invalid_choice'], 'invalid_choice', {'value': text})
        return super().clean(value)


class RelatedFilter(django_filters.ModelMultipleChoiceFilter):
    """Any of these objects; ``field_name`` is the path of relations to them."""

    field_class = RelatedField

    def get_queryset(self, request):
        return visible(self.queryset.model, request.user if request else None)

    def chosen(self, value):
        """A Q of the objects at the end of the path."""
        return Q(pk__in=[obj.pk for obj in value])

    def filter(self, qs, value):
        if not value:
            return qs
        null = settings.FILTERS_NULL_CHOICE_VALUE
        user = self.parent.user
        condition = through(qs.model, self.field_name, self.chosen([v for v in value if v != null]), user)
        if null in value:
            path, _, last = self.field_name.rpartition('__')
            empty = Q(**{f'{last}__isnull': True})
            condition |= through(qs.model, path, empty, user) if path else empty
        return self.get_method(qs)(condition)


class RelatedTreeFilter(RelatedFilter):
    """Any of these objects of a tree, or their descendants."""

    def chosen(self, value):
        found = Q(pk__in=[])
        for node in value:
            found |= Q(pk__in=node.get_descendants(include_self=True).values('pk'))
        return found


class RelatedTextFilter(MultiValueCharFilter):
    """A text of related objects, with all lookups of texts; ``field_name`` leads to the text."""

    def filter(self, qs, value):
        if not value:
            return qs
        path, _, attribute = self.field_name.rpartition('__')
        condition = Q()
        for text in value:
            condition |= Q(**{f'{attribute}__{self.lookup_expr}': text})
        return self.get_method(qs)(through(qs.model, path, condition, self.parent.user))


def objects(model, label, **kwargs):
    """Any of these objects."""
    return RelatedFilter(queryset=model.objects.all(), label=label, **kwargs)


class RestrictedFilterSet(django_filters.FilterSet):
    """Base class of all filter sets, before NetBox's own."""

    @property
    def qs(self):
        # NetBox leaves out an invalid filter, and so would select all objects
        return self.queryset.none() if self.is_bound and not self.is_valid() else super().qs

    @property
    def user(self):
        """The user of the request; None without a request: everything is visible."""
        return self.request.user if self.request else None

    @classmethod
    def get_additional_lookups(cls, existing_filter_name, existing_filter):
        lookups = super().get_additional_lookups(existing_filter_name, existing_filter)
        if isinstance(existing_filter, RelatedTextFilter):
            # "Empty" would be NetBox's own filter, and says nothing of the name of an object
            lookups = {name: found for name, found in lookups.items() if isinstance(found, RelatedTextFilter)}
        return lookups

    def names(self, value, *paths):
        """A Q for a search: one of these texts of related objects contains the value."""
        return visible_text(self._meta.model, value, self.user, *paths)
