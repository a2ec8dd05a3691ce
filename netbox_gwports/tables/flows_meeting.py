"""Required flows that use an IP address, with the role of the address in each."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from .flows import RequiredFlowTable

__all__ = ('AddressFlowTable',)


class AddressFlowTable(RequiredFlowTable):
    """The view sets ``roles``: flow pk -> role of the address."""

    address_role = tables.Column(verbose_name=_('Role'), empty_values=(), orderable=False)

    class Meta(RequiredFlowTable.Meta):
        fields = ('address_role', *RequiredFlowTable.Meta.fields)
        default_columns = ('address_role', *RequiredFlowTable.Meta.default_columns[1:])

    def render_address_role(self, record):
        return self.roles[record.pk]
