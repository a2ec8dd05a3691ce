"""Tables of computed rows: the lines on the requirements page, and the flows that are not opened."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from netbox.tables import BaseTable, columns

from ..choices import DirectionChoices, StandingChoices, ZoneChoices
from ..models import RequiredFlow
from .columns import BadgeColumn, ListColumn, SelectColumn

__all__ = ('GatewayLinesTable', 'LineTable', 'NotOpenedTable')


def side_key(side):
    return (side.kind, [a.sort_key for a in side.addresses], side.dns_names)


class LineTable(BaseTable):
    """Lines (ui.rules.ShownLine). Without ``actions`` there is nothing to select them for."""

    pk = SelectColumn()
    direction = BadgeColumn(DirectionChoices, verbose_name=_('Direction'))
    zone = BadgeColumn(ZoneChoices, verbose_name=_('Zone'))
    standing = BadgeColumn(StandingChoices, verbose_name=_('Standing'))
    source = tables.TemplateColumn(template_name='netbox_gwports/columns/side.html', verbose_name=_('Source'))
    destination = tables.TemplateColumn(template_name='netbox_gwports/columns/side.html', verbose_name=_('Destination'))
    services = tables.TemplateColumn(template_name='netbox_gwports/columns/services.html', verbose_name=_('Service'))
    flows = tables.TemplateColumn(
        template_name='netbox_gwports/columns/reasons.html',
        verbose_name=_('Reason'),
        orderable=False,
        attrs={'td': {'class': 'w-25'}},
    )
    firewalls = tables.TemplateColumn(
        template_name='netbox_gwports/columns/firewalls.html',
        verbose_name=_('Open on'),
        orderable=False,
        empty_values=((),),
    )
    tickets = ListColumn(verbose_name=_('Tickets'), orderable=False, empty_values=(None, ()))

    class Meta(BaseTable.Meta):
        # For the empty text; the rows are lines
        model = RequiredFlow
        fields = (
            'pk', 'direction', 'zone', 'standing', 'source', 'destination', 'services', 'flows', 'firewalls', 'tickets',
        )  # fmt: skip
        default_columns = fields

    def __init__(self, *args, actions=False, **kwargs):
        super().__init__(*args, **kwargs)
        if actions:
            self.columns.show('pk')

    def order_source(self, data, descending):
        data.data.sort(key=lambda line: side_key(line.source), reverse=descending)
        return data, True

    def order_destination(self, data, descending):
        data.data.sort(key=lambda line: side_key(line.destination), reverse=descending)
        return data, True


class GatewayLinesTable(LineTable):
    """Lines of several gateways."""

    gateways = tables.TemplateColumn(
        template_name='netbox_gwports/columns/gateways.html', verbose_name=_('Gateways'), orderable=False
    )
    # Each reason once, regardless of the number of gateways
    flows = tables.TemplateColumn(
        template_name='netbox_gwports/columns/reason_counts.html', verbose_name=_('Reason'), orderable=False
    )

    class Meta(LineTable.Meta):
        fields = ('pk', 'gateways', *LineTable.Meta.fields[1:])
        sequence = fields
        default_columns = fields


class NotOpenedTable(BaseTable):
    """Flows listed by the vendor that are waived or rejected."""

    name = tables.Column(verbose_name=_('Service'))
    ports = columns.ArrayColumn(verbose_name=_('Ports'))
    direction = columns.ChoiceFieldColumn(verbose_name=_('Direction'))
    purpose = tables.Column(linkify=True, verbose_name=_('Purpose'))
    row = tables.Column(accessor='template__row_label', verbose_name=_('Row'), order_by=('template__row',))
    status = columns.ChoiceFieldColumn(verbose_name=_('Status'))
    justification = tables.Column(verbose_name=_('Justification'))

    class Meta(BaseTable.Meta):
        model = RequiredFlow
        fields = ('name', 'ports', 'direction', 'purpose', 'row', 'status', 'justification')
        default_columns = fields
