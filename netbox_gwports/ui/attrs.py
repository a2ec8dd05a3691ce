from django.utils.translation import gettext_lazy as _
from netbox.ui import attrs

__all__ = ('VisibleListAttr', 'ZonesAttr')


class VisibleListAttr(attrs.RelatedObjectListAttr):
    """Related objects that the user may view, and the number of those they may not. (NetBox's own shows them all.)"""

    def get_context(self, obj, attr, value, context):
        visible = value.restrict(context['perms'].user, 'view')
        listed = super().get_context(obj, attr, visible, context)
        if hidden := value.count() - len(listed['items']):
            listed['overflow_indicator'] = _('{count} not visible to you').format(count=hidden)
            # An empty list would be rendered as a placeholder
            listed['items'] = listed['items'] or [{'value': listed.pop('overflow_indicator'), 'group': None}]
        return listed


class ZonesAttr(attrs.ArrayAttr):
    """The zones an address faces; an empty list means all zones that no other address covers."""

    def get_value(self, obj):
        return super().get_value(obj) or _('All zones not covered by other addresses')
