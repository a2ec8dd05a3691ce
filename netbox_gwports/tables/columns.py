from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _
from django_tables2.columns import library
from netbox.tables import columns

__all__ = ('ListColumn', 'ZonesColumn')


@library.register
class ListColumn(columns.ArrayColumn):
    """An array; an empty one is shown as nothing, as elsewhere. It is the column of every array in ``Meta.fields``."""

    def __init__(self, **kwargs):
        kwargs.setdefault('empty_values', (None, []))
        super().__init__(**kwargs)

    @classmethod
    def from_field(cls, field, **kwargs):
        return cls(**kwargs) if isinstance(field, ArrayField) else None


class ZonesColumn(columns.ArrayColumn):
    """The zones that an address faces, as people read them; naming none has a meaning."""

    def __init__(self, **kwargs):
        kwargs.setdefault('accessor', 'zone_labels')
        kwargs.setdefault('order_by', ('zones',))
        kwargs.setdefault('verbose_name', _('Faces'))
        super().__init__(empty_values=(None,), **kwargs)

    def render(self, value):
        return super().render(value) if value else str(_('every other zone'))
