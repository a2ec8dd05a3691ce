"""Tables of computed rows: changes by a catalog import, errors in a catalog, open questions, and compared releases."""

import django_tables2 as tables
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from netbox.tables import BaseTable

from ..choices import DifferenceChoices, DirectionChoices, LoadActionChoices, WeightChoices
from ..models import FlowTemplate, GatewayProfile, GatewayService
from ..rules.facts import of_service
from .columns import BadgeColumn, ChangesColumn

__all__ = ('DifferenceTable', 'DoubtTable', 'LoadStepTable', 'ProblemTable')


def template_field_label(name):
    """Display name of a field of a flow template or of its service."""
    model = GatewayService if name in {fact.name for fact in of_service()} else FlowTemplate
    return capfirst(model._meta.get_field(name).verbose_name)


class LoadStepTable(BaseTable):
    """One object per row: loading.plan.Step."""

    action = BadgeColumn(LoadActionChoices, verbose_name=_('Action'))
    kind = tables.Column(verbose_name=_('Object type'))
    name = tables.Column(verbose_name=_('Name'))
    changes = ChangesColumn(label=capfirst, notes=lambda step: [step.why] if step.why else [])
    entry = tables.Column(verbose_name=_('Entry'))

    class Meta(BaseTable.Meta):
        # For the empty text; the rows are steps
        model = GatewayProfile
        fields = ('action', 'kind', 'name', 'changes', 'entry')
        default_columns = fields

    def render_kind(self, value):
        return capfirst(value)


class ProblemTable(BaseTable):
    """One error per row: catalog.errors.Problem."""

    entry = tables.Column(verbose_name=_('Entry'))
    field = tables.Column(verbose_name=_('Field'))
    message = tables.Column(verbose_name=_('Error'))

    class Meta(BaseTable.Meta):
        model = GatewayProfile
        fields = ('entry', 'field', 'message')
        default_columns = fields


class DoubtTable(BaseTable):
    """One doubt of the converter per row: catalog.convert.Doubt. Line 0 is the whole table."""

    weight = BadgeColumn(WeightChoices, verbose_name=_('Weight'))
    line = tables.Column(verbose_name=_('Line'))
    field = tables.Column(verbose_name=_('Field'))
    unsure = tables.Column(verbose_name=_('Doubt'))
    wrote = tables.Column(verbose_name=_('Value in the draft'))
    check = tables.Column(verbose_name=_('What to check'))

    class Meta(BaseTable.Meta):
        model = GatewayProfile
        fields = ('weight', 'line', 'field', 'unsure', 'wrote', 'check')
        default_columns = fields

    def render_line(self, value):
        return value or ''


class DifferenceTable(BaseTable):
    """One flow template per row: loading.release_difference.Entry."""

    kind = BadgeColumn(DifferenceChoices, verbose_name=_('Difference'))
    old_row = tables.Column(accessor='old__row_label', order_by=('old__row',), verbose_name=_('Old row'))
    new_row = tables.Column(accessor='new__row_label', order_by=('new__row',), verbose_name=_('New row'))
    service = tables.Column(accessor='template__service__name', verbose_name=_('Service'))
    ports = tables.Column(accessor='template__service__ports', orderable=False, verbose_name=_('Ports'))
    direction = BadgeColumn(DirectionChoices, accessor='template__direction', verbose_name=_('Direction'))
    remote = tables.Column(accessor='template__remote_role__name', verbose_name=_('Remote role'))
    purpose = tables.Column(accessor='template', linkify=True, orderable=False, verbose_name=_('Purpose'))
    facts = ChangesColumn(label=template_field_label)

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
