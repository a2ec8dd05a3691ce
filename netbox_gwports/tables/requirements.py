"""Tables of computed rows: the lines of the requirements page, and what is not opened."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from netbox.tables import BaseTable, columns

from ..models import RequiredFlow

__all__ = ('FirewallLinesTable', 'LineTable', 'NotOpenedTable')


def side_key(side):
    return (side.kind, [a.sort_key for a in side.addresses], side.dns_names)


class LineTable(BaseTable):
    """Lines of one zone."""

    direction = tables.TemplateColumn(
        template_name='netbox_gwports/columns/direction.html', verbose_name=_('Direction')
    )
    state = tables.TemplateColumn(template_name='netbox_gwports/columns/state.html', verbose_name=_('State'))
    source = tables.TemplateColumn(
        template_name='netbox_gwports/columns/side.html', verbose_name=_('From'), orderable=True
    )
    destination = tables.TemplateColumn(
        template_name='netbox_gwports/columns/side.html', verbose_name=_('To'), orderable=True
    )
    services = tables.TemplateColumn(template_name='netbox_gwports/columns/services.html', verbose_name=_('Service'))
    flows = tables.TemplateColumn(
        template_name='netbox_gwports/columns/why.html', verbose_name=_('Why'), orderable=False
    )
    ticket = tables.TemplateColumn(
        template_name='netbox_gwports/columns/tickets.html', verbose_name=_('Ticket'), accessor='flows', orderable=False
    )

    class Meta(BaseTable.Meta):
        # For the empty text; the rows are lines
        model = RequiredFlow
        fields = ('direction', 'state', 'source', 'destination', 'services', 'flows', 'ticket')
        default_columns = fields

    def order_source(self, data, descending):
        data.data.sort(key=lambda line: side_key(line.source), reverse=descending)
        return data, True

    def order_destination(self, data, descending):
        data.data.sort(key=lambda line: side_key(line.destination), reverse=descending)
        return data, True


class FirewallLinesTable(LineTable):
    """Lines of one zone that a firewall enforces, for several gateways."""

    gateways = tables.TemplateColumn(
        template_name='netbox_gwports/columns/gateways.html', verbose_name=_('Gateways'), orderable=False
    )
    # Each reason once, whatever the number of gateways
    flows = tables.TemplateColumn(
        template_name='netbox_gwports/columns/reasons.html', verbose_name=_('Why'), orderable=False
    )

    class Meta(LineTable.Meta):
        fields = ('gateways', *LineTable.Meta.fields)
        sequence = fields
        default_columns = fields


class NotOpenedTable(BaseTable):
    """Flows that the vendor lists and this site does without."""

    name = tables.Column(verbose_name=_('Service'))
    ports = columns.ArrayColumn(verbose_name=_('Ports'))
    direction = columns.ChoiceFieldColumn(verbose_name=_('Direction'))
    purpose = tables.Column(linkify=True, verbose_name=_('Purpose'))
    row = tables.Column(accessor='template__source', verbose_name=_('Row'), order_by=('template__row',))
    status = columns.ChoiceFieldColumn(verbose_name=_('Status'))
    justification = tables.Column(verbose_name=_('Reason'))

    class Meta(BaseTable.Meta):
        model = RequiredFlow
        fields = ('name', 'ports', 'direction', 'purpose', 'row', 'status', 'justification')
        default_columns = fields
