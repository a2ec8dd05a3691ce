"""Required flows that meet an address, with how they meet it."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from .flows import RequiredFlowTable

__all__ = ('TouchingFlowTable',)


class TouchingFlowTable(RequiredFlowTable):
    """``touches`` is set by the view: the words for each flow."""

    touches = tables.Column(verbose_name=_('It is'), empty_values=(), orderable=False)

    class Meta(RequiredFlowTable.Meta):
        fields = ('touches', *RequiredFlowTable.Meta.fields)
        default_columns = ('touches', *RequiredFlowTable.Meta.default_columns[1:])

    def render_touches(self, record):
        return self.words[record.pk]
