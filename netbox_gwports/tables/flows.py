import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from netbox.tables import PrimaryModelTable, columns

from ..models import RequiredFlow
from ..rules.facts import copied
from .columns import ListColumn

__all__ = ('RequiredFlowTable',)


class RequiredFlowTable(PrimaryModelTable):
    gateway = tables.Column(
        linkify=True,
        order_by=('gateway__device__name', 'gateway__virtual_machine__name'),
        verbose_name=_('Gateway'),
    )
    name = tables.Column(verbose_name=_('Service'))
    purpose = tables.Column(linkify=True, verbose_name=_('Purpose'))
    row = tables.Column(
        accessor='template__row_label', order_by=('template__row', 'template__item'), verbose_name=_('Row')
    )
    ports = ListColumn(verbose_name=_('Ports'))
    direction = columns.ChoiceFieldColumn(verbose_name=_('Direction'))
    remote_role = tables.Column(linkify=True, verbose_name=_('Remote role'))
    dns_names = ListColumn(verbose_name=_('DNS names'))
    replaceable = columns.BooleanColumn(verbose_name=_('Replaceable'), false_mark=None)
    endpoints = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Endpoints'))
    feature = tables.Column(linkify=True, verbose_name=_('Feature'))
    status = columns.ChoiceFieldColumn(verbose_name=_('Status'))
    clear_text = columns.BooleanColumn(verbose_name=_('Clear text'), false_mark=None)
    direct = columns.BooleanColumn(verbose_name=_('Bypass web proxy'), false_mark=None)
    zone = columns.ChoiceFieldColumn(verbose_name=_('Zone'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:requiredflow_list')

    class Meta(PrimaryModelTable.Meta):
        model = RequiredFlow
        fields = (
            'pk', 'id', 'gateway', 'row', *(fact.name for fact in copied()), 'endpoints', 'status', 'justification',
            'mitigation', 'valid_until', 'description', 'comments', 'tags', 'created', 'last_updated',
        )  # fmt: skip
        default_columns = (
            'pk', 'gateway', 'row', 'name', 'ports', 'direction', 'remote_role', 'purpose', 'status',
        )  # fmt: skip
