"""Tables of computed rows: what loading a catalog changes, what is wrong with one, two releases side by side."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from netbox.tables import BaseTable

from ..models import FlowTemplate, GatewayProfile

__all__ = ('DifferenceTable', 'DoubtTable', 'LoadStepTable', 'ProblemTable')


class LoadStepTable(BaseTable):
    """One object a row: loading.plan.Step."""

    action = tables.TemplateColumn(template_name='netbox_gwports/columns/load_action.html', verbose_name=_('To do'))
    kind = tables.Column(verbose_name=_('What'))
    name = tables.Column(verbose_name=_('Name'))
    changes = tables.TemplateColumn(
        template_name='netbox_gwports/columns/load_changes.html', orderable=False, verbose_name=_('Change')
    )
    entry = tables.Column(verbose_name=_('Entry'))

    class Meta(BaseTable.Meta):
        # For the empty text; the rows are steps
        model = GatewayProfile
        fields = ('action', 'kind', 'name', 'changes', 'entry')
        default_columns = fields


class ProblemTable(BaseTable):
    """One thing that is wrong a row: catalog.errors.Problem."""

    entry = tables.Column(verbose_name=_('Entry'))
    field = tables.Column(verbose_name=_('Field'))
    message = tables.Column(verbose_name=_('What is wrong, and the mend'))

    class Meta(BaseTable.Meta):
        model = GatewayProfile
        fields = ('entry', 'field', 'message')
        default_columns = fields


class DoubtTable(BaseTable):
    """One doubt of the converter a row: catalog.convert.Doubt."""

    line = tables.Column(verbose_name=_('Line'))
    row = tables.Column(verbose_name=_('Row'))
    field = tables.Column(verbose_name=_('Field'))
    unsure = tables.Column(verbose_name=_('Not sure'))
    wrote = tables.Column(verbose_name=_('The draft says'))
    check = tables.Column(verbose_name=_('To check'))

    class Meta(BaseTable.Meta):
        model = GatewayProfile
        fields = ('line', 'row', 'field', 'unsure', 'wrote', 'check')
        default_columns = fields


class DifferenceTable(BaseTable):
    """One need a row: loading.release_difference.Entry."""

    kind = tables.TemplateColumn(template_name='netbox_gwports/columns/difference.html', verbose_name=_('Difference'))
    old_row = tables.Column(accessor='old__source', order_by=('old__row',), verbose_name=_('Old row'))
    new_row = tables.Column(accessor='new__source', order_by=('new__row',), verbose_name=_('New row'))
    service = tables.Column(accessor='template__service__name', verbose_name=_('Service'))
    ports = tables.Column(accessor='template__service__ports', orderable=False, verbose_name=_('Ports'))
    direction = tables.TemplateColumn(
        template_name='netbox_gwports/columns/direction.html',
        accessor='template__direction',
        verbose_name=_('Direction'),
    )
    remote = tables.Column(accessor='template__remote_role__name', verbose_name=_('Remote'))
    purpose = tables.Column(accessor='template', linkify=True, orderable=False, verbose_name=_('Purpose'))
    facts = tables.TemplateColumn(
        template_name='netbox_gwports/columns/difference_facts.html', orderable=False, verbose_name=_('Change')
    )

    class Meta(BaseTable.Meta):
        model = FlowTemplate
        fields = (
            'kind', 'old_row', 'new_row', 'service', 'ports', 'direction', 'remote', 'purpose', 'facts',
        )  # fmt: skip
        default_columns = fields

    def render_ports(self, value):
        return ', '.join(value)

    def render_purpose(self, value):
        return value.purpose
