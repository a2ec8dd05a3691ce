from django.utils.translation import gettext_lazy as _
from netbox.ui import attrs

__all__ = ('VisibleListAttr', 'ZonesAttr')


class VisibleListAttr(attrs.RelatedObjectListAttr):
    """Related objects that the reader may see, and how many more there are. (Core's own shows them all.)"""

    def get_context(self, obj, attr, value, context):
        visible = value.restrict(context['perms'].user, 'view')
        listed = super().get_context(obj, attr, visible, context)
        if hidden := value.count() - len(listed['items']):
            listed['overflow_indicator'] = _('{count} not visible to you').format(count=hidden)
            # Rendered as an empty list otherwise
            listed['items'] = listed['items'] or [{'value': listed.pop('overflow_indicator'), 'group': None}]
        return listed


class ZonesAttr(attrs.ArrayAttr):
    """The zones that an address faces; naming none has a meaning."""

    def get_value(self, obj):
        return super().get_value(obj) or _('every zone that no other address of the gateway faces')
