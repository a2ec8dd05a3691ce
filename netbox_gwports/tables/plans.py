"""Tables of computed rows: pending changes to the required flows of gateways."""

import django_tables2 as tables
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from netbox.tables import BaseTable

from ..choices import DirectionChoices, PlanActionChoices
from ..models import Gateway, RequiredFlow
from .columns import BadgeColumn, ChangesColumn

__all__ = ('GatewayPlanTable', 'StepTable')


def field_label(name):
    return capfirst(RequiredFlow._meta.get_field(name).verbose_name)


def step_notes(record):
    change = record['change']
    if change.kept:
        yield _('Edited locally and kept: {fields}').format(fields=', '.join(map(field_label, change.kept)))
    if change.flow is None and change.template.not_opened:
        yield _('Not opened: {reason}').format(reason=change.template.not_opened)


class StepTable(BaseTable):
    """One flow per row: ``action`` and ``change`` (reconcile.Change)."""

    action = BadgeColumn(PlanActionChoices, verbose_name=gettext_lazy('Action'))
    name = tables.Column(accessor='change__name', verbose_name=gettext_lazy('Service'))
    direction = BadgeColumn(DirectionChoices, accessor='change__direction', verbose_name=gettext_lazy('Direction'))
    purpose = tables.TemplateColumn(
        template_name='netbox_gwports/columns/purpose.html',
        accessor='change__purpose',
        verbose_name=gettext_lazy('Purpose'),
    )
    facts = ChangesColumn(accessor='change__facts', label=field_label, notes=step_notes)

    class Meta(BaseTable.Meta):
        # For the empty text; the rows are steps
        model = RequiredFlow
        fields = ('action', 'name', 'direction', 'purpose', 'facts')
        default_columns = fields


class GatewayPlanTable(BaseTable):
    """One gateway per row: ``gateway`` and the number of changes in its ``plan``."""

    gateway = tables.Column(
        linkify=('plugins:netbox_gwports:gateway_reconcile', [tables.A('gateway__pk')]),
        verbose_name=gettext_lazy('Gateway'),
    )
    profile = tables.Column(accessor='gateway__profile', linkify=True, verbose_name=gettext_lazy('Profile'))
    create = tables.Column(accessor='plan__counts__create', verbose_name=gettext_lazy('Add'))
    update = tables.Column(accessor='plan__counts__update', verbose_name=gettext_lazy('Change'))
    withdraw = tables.Column(accessor='plan__counts__withdraw', verbose_name=gettext_lazy('Withdraw'))
    delete = tables.Column(accessor='plan__counts__delete', verbose_name=gettext_lazy('Delete'))
    hidden = tables.Column(accessor='plan__hidden', verbose_name=gettext_lazy('Not visible to you'))

    class Meta(BaseTable.Meta):
        model = Gateway
        fields = ('gateway', 'profile', 'create', 'update', 'withdraw', 'delete', 'hidden')
        default_columns = fields
