"""Related objects in the REST API: one field for a related object, and for lists of them.

When reading, the related object of a single relation is shown in brief, as in NetBox; lists show the members that the
user may view, and ``hidden_members`` counts the others. When writing, only objects that the user may view can be
assigned, by ID or by attributes; hidden members are kept. Hidden objects are refused as if they did not exist.
"""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError
from django.db.models import GeneratedField, JSONField, Manager, Model, Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import build_basic_type, build_object_type
from drf_spectacular.types import OpenApiTypes
from netbox.api.fields import SerializedPKRelatedField
from rest_framework import serializers
from rest_framework.relations import ManyRelatedField
from utilities.api import get_related_object_by_attrs

from ..db import atomic
from ..visible import through, visible

__all__ = (
    'KeepHiddenMembersMixin',
    'MemberList',
    'OnlyVisibleMixin',
    'RelatedObjectField',
    'RelatedObjectSchema',
    'related',
)


# Fields that do not identify an object, and cannot be compared with a plain value
NOT_COMPARED = (ArrayField, GeneratedField, JSONField)


def related(serializer, **kwargs):
    """A list of objects in the brief form of ``serializer``."""
    return RelatedObjectField(serializer, required=False, many=True, **kwargs)


def _user(field):
    """The user of the request; None without a request: events and jobs see everything."""
    request = field.context.get('request')
    return request.user if request else None


class OnlyVisibleMixin:
    """For the field of a list: only the members that the user may view."""

    def get_attribute(self, instance):
        if not instance.pk:
            return []
        members = super().get_attribute(instance)
        return self.shown(instance, list(members.all() if isinstance(members, Manager) else members))

    def shown(self, instance, members):
        pks = self._visible(instance, members)
        return members if pks is None else [member for member in members if member.pk in pks]

    def _visible(self, instance, members):
        """Primary keys of the visible members; None: all of them. One query for all objects of an answer."""
        user = _user(self)
        if user is None or not members:
            return None
        queryset = visible(type(members[0]), user)
        if queryset.query.is_empty():
            return set()
        if not queryset.query.where:
            return None
        asked, found = self.parent.__dict__.setdefault('_members_asked', {}).setdefault(self.source, (set(), set()))
        if instance.pk not in asked:
            together = {instance.pk: instance, **{peer.pk: peer for peer in self._answered(type(instance))}}
            pks = {m.pk for peer in together.values() for m in getattr(peer, self.source).all()}
            asked |= together.keys()
            found |= set(queryset.filter(pk__in=pks).values_list('pk', flat=True))
        return found

    def _answered(self, model):
        instances = getattr(self.root, 'instance', None)
        if isinstance(instances, (list, tuple)):
            return [obj for obj in instances if isinstance(obj, model)]
        return []


class RelatedListField(OnlyVisibleMixin, ManyRelatedField):
    pass


class MemberList(OnlyVisibleMixin, serializers.ListSerializer):
    """A list of objects that are written within another: ``Meta.list_serializer_class``."""


class RelatedObjectField(SerializedPKRelatedField):
    """An object by its ID or by attributes that identify it; with ``many`` a list of them."""

    def __init__(self, serializer, **kwargs):
        kwargs.setdefault('nested', True)
        kwargs.setdefault('queryset', serializer.Meta.model.objects.all())
        super().__init__(serializer, **kwargs)

    @classmethod
    def many_init(cls, serializer, **kwargs):
        of_list = {name: kwargs[name] for name in ('required', 'help_text', 'default') if name in kwargs}
        return RelatedListField(child_relation=cls(serializer, **kwargs), **of_list)

    def use_pk_only_optimization(self):
        return False

    def get_queryset(self):
        return visible(self.serializer.Meta.model, _user(self))

    def to_internal_value(self, data):
        if isinstance(data, dict) and list(data) != ['id']:
            return _by_attributes(self.serializer.Meta.model, data, _user(self))
        if data is None:
            # Within a list
            self.fail('null')
        if isinstance(data, (bool, float)):
            # int() would take them
            data = str(data)
        try:
            return get_related_object_by_attrs(self.get_queryset(), data)
        except DjangoValidationError:
            # Assigning the current object again changes nothing, and the user was shown it
            for obj in self.assigned():
                if str(obj.pk) == str(data.get('id') if isinstance(data, dict) else data):
                    return obj
            raise
        except (TypeError, ValueError, OverflowError):
            raise not_found(data) from None

    def assigned(self):
        """The objects that are assigned now."""
        instance = getattr(self.parent, 'instance', None)
        obj = getattr(instance, self.source, None) if isinstance(instance, Model) else None
        return [obj] if obj else []


def not_found(attrs):
    return DjangoValidationError(
        _('Related object not found using the provided attributes: {params}').format(params=attrs)
    )


def _by_attributes(model, attrs, user):
    """The one visible object with these attributes; attributes of its related objects are a dictionary in turn."""
    if not attrs:
        # Would be any object, where there is only one
        raise not_found(attrs)
    condition = _condition(model, attrs, user)
    try:
        # A savepoint, since the database may refuse a value
        with atomic(model):
            found = list(visible(model, user).filter(condition)[:2])
    except (DataError, TypeError, ValueError, OverflowError):
        found = []
    if not found:
        raise not_found(attrs)
    if len(found) > 1:
        raise DjangoValidationError(_('Multiple objects match the provided attributes: {params}').format(params=attrs))
    return found[0]


def _condition(model, attrs, user):
    condition = Q()
    for name, value in attrs.items():
        try:
            field = model._meta.get_field(name)
            if isinstance(value, (dict, list)) and not field.is_relation or isinstance(field, NOT_COMPARED):
                raise not_found(attrs)
            if field.is_relation:
                related_model = field.related_model
                value = _condition(related_model, value if isinstance(value, dict) else {'id': value}, user)
                condition &= through(model, name, value, user)
            elif value is None:
                condition &= Q(**{f'{name}__isnull': True})
            else:
                condition &= Q(**{name: field.to_python(value)})
        except FieldDoesNotExist:
            raise DjangoValidationError(
                _('"{name}" is not an attribute of {model}.').format(name=name, model=model._meta.verbose_name_plural)
            ) from None
        except (AttributeError, TypeError, ValueError, OverflowError, DjangoValidationError):
            raise not_found(attrs) from None
    return condition


class HiddenMembersField(serializers.Field):
    """Name of a list -> number of its members that the user may not view."""

    def __init__(self, **kwargs):
        super().__init__(
            source='*', read_only=True, help_text=_('Number of members of each list that you may not view'), **kwargs
        )

    def to_representation(self, instance):
        counts = {}
        for name, field in self.parent.list_fields().items():
            members = list(getattr(instance, field.source).all())
            counts[name] = len(members) - len(field.shown(instance, members))
        return counts


class KeepHiddenMembersMixin(serializers.Serializer):
    """For a model with lists: members that the user may not view are counted, and kept when a list is written."""

    hidden_members = HiddenMembersField()

    def list_fields(self):
        """Name -> field of every list, including those that were not requested."""
        if not hasattr(self, '_list_fields'):
            self._list_fields = {name: f for name, f in self.get_fields().items() if isinstance(f, OnlyVisibleMixin)}
            for name, field in self._list_fields.items():
                field.bind(name, self)
        return self._list_fields

    def to_internal_value(self, data):
        values = super().to_internal_value(data)
        # Before any validation of the lists, so that what is validated is what will be stored
        if self.instance and not self.nested:
            for name, field in self.list_fields().items():
                if name in values and isinstance(field, RelatedListField):
                    self.keep_hidden(name, values)
        return values

    def keep_hidden(self, name, values):
        """Add the current members that the user may not view to the list."""
        members = getattr(self.instance, name)
        hidden = members.exclude(pk__in=visible(members.model, _user(self)).values('pk'))
        values[name] = [*values[name], *hidden]


class RelatedObjectSchema(OpenApiSerializerFieldExtension):
    target_class = RelatedObjectField
    match_subclasses = True
    # Before NetBox's own, for the class that ours derives from
    priority = 1

    def map_serializer_field(self, auto_schema, direction):
        serializer = self.target.serializer(nested=self.target.nested)
        component = auto_schema.resolve_serializer(serializer, direction)
        if direction == 'response':
            return component.ref
        # There is no component if nothing of the brief form can be written
        return {'oneOf': [build_basic_type(OpenApiTypes.INT), *([component.ref] if component else [])]}


class HiddenMembersSchema(OpenApiSerializerFieldExtension):
    target_class = HiddenMembersField

    def map_serializer_field(self, auto_schema, direction):
        return build_object_type(additionalProperties=build_basic_type(OpenApiTypes.INT))
