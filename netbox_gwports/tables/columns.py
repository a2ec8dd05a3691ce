from django.utils.translation import gettext_lazy as _
from netbox.tables import columns

__all__ = ('ListColumn', 'ZonesColumn')


class ListColumn(columns.ArrayColumn):
    """An array; an empty one is shown as nothing, as elsewhere."""

    def __init__(self, **kwargs):
        kwargs.setdefault('empty_values', (None, []))
        super().__init__(**kwargs)


class ZonesColumn(columns.ArrayColumn):
    """The zones that an address faces, as people read them; naming none has a meaning."""

    def __init__(self, **kwargs):
        kwargs.setdefault('accessor', 'zone_labels')
        kwargs.setdefault('order_by', ('zones',))
        kwargs.setdefault('verbose_name', _('Faces'))
        super().__init__(empty_values=(None,), **kwargs)

    def render(self, value):
        return super().render(value) if value else str(_('every other zone'))
