"""Tables of computed rows: what gateways lack to follow their profiles."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from netbox.tables import BaseTable

from ..models import Gateway, RequiredFlow

__all__ = ('GatewayPlanTable', 'StepTable')


class StepTable(BaseTable):
    """One flow a row: ``action`` and ``change`` (reconcile.Change)."""

    action = tables.TemplateColumn(template_name='netbox_gwports/columns/action.html', verbose_name=_('To do'))
    name = tables.Column(accessor='change__name', verbose_name=_('Service'))
    direction = tables.TemplateColumn(
        template_name='netbox_gwports/columns/direction.html', accessor='change__direction', verbose_name=_('Direction')
    )
    purpose = tables.TemplateColumn(
        template_name='netbox_gwports/columns/purpose.html', accessor='change__purpose', verbose_name=_('Purpose')
    )
    facts = tables.TemplateColumn(
        template_name='netbox_gwports/columns/facts.html', accessor='change', verbose_name=_('Change'), orderable=False
    )

    class Meta(BaseTable.Meta):
        # For the empty text; the rows are steps
        model = RequiredFlow
        fields = ('action', 'name', 'direction', 'purpose', 'facts')
        default_columns = fields


class GatewayPlanTable(BaseTable):
    """One gateway a row: ``gateway`` and ``plan`` in numbers."""

    gateway = tables.TemplateColumn(template_name='netbox_gwports/columns/gateway_plan.html')
    profile = tables.Column(accessor='gateway__profile', linkify=True)
    create = tables.Column(accessor='plan__counts__create', verbose_name=_('To add'))
    update = tables.Column(accessor='plan__counts__update', verbose_name=_('To change'))
    retire = tables.Column(accessor='plan__counts__retire', verbose_name=_('To close'))
    delete = tables.Column(accessor='plan__counts__delete', verbose_name=_('To drop'))
    hidden = tables.Column(accessor='plan__hidden', verbose_name=_('Not visible to you'))

    class Meta(BaseTable.Meta):
        model = Gateway
        fields = ('gateway', 'profile', 'create', 'update', 'retire', 'delete', 'hidden')
        default_columns = fields
