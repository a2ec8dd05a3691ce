"""What a user may view, and conditions on related objects that are restricted to it."""

from django.db.models import Q

__all__ = ('through', 'visible', 'visible_text')


def visible(model, user=None):
    """A queryset of the objects that the user may view; without a user (a job, a script) all of them.

    Models without permissions of their own are visible to everybody.
    """
    queryset = model._default_manager.all()
    if user is None or not hasattr(queryset, 'restrict'):
        return queryset
    return queryset.restrict(user, 'view')


def through(model, path, condition, user=None):
    """A Q of ``model``: a visible object at the end of this path of relations meets the condition.

    Every object on the path must be visible too, so that nothing is learned about the relations of a hidden object.
    Subqueries are used, so that rows are never repeated.
    """
    steps = []
    for name in path.split('__'):
        field = model._meta.get_field(name)
        steps.append((model, field))
        model = field.related_model
    for owner, field in reversed(steps):
        found = visible(field.related_model, user).filter(condition).values('pk')
        condition = Q(**{f'{field.name}__in': found})
        if field.one_to_many or field.many_to_many:
            # Of all owners: their own visibility is checked by the step before
            condition = Q(pk__in=owner._base_manager.filter(condition).values('pk'))
    return condition


def visible_text(model, value, user, *paths):
    """A Q of ``model``: one of these texts of related objects (``gateway__device__name``) contains the value."""
    found = Q()
    for path in paths:
        relations, _, attribute = path.rpartition('__')
        found |= through(model, relations, Q(**{f'{attribute}__icontains': value}), user)
    return found
