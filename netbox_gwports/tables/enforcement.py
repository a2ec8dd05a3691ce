import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from netbox.tables import NetBoxTable, PrimaryModelTable, columns

from ..models import EnforcementPoint, EnforcementZone

__all__ = ('EnforcementPointTable', 'EnforcementZoneTable')


class EnforcementPointTable(PrimaryModelTable):
    name = tables.Column(
        accessor='machine',
        linkify=('plugins:netbox_gwports:enforcementpoint', [tables.A('pk')]),
        order_by=('device__name', 'virtual_machine__name'),
        verbose_name=_('Enforcement point'),
    )
    device = tables.Column(linkify=True, verbose_name=_('Device'))
    virtual_machine = tables.Column(linkify=True, verbose_name=_('Virtual machine'))
    site = tables.Column(linkify=True, order_by=('device__site', 'virtual_machine__site'), verbose_name=_('Site'))
    groups = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Gateway groups'))
    gateways = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Gateways'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:enforcementpoint_list')

    class Meta(PrimaryModelTable.Meta):
        model = EnforcementPoint
        fields = (
            'pk', 'id', 'name', 'device', 'virtual_machine', 'site', 'groups', 'gateways', 'format_name',
            'gateway_zone', 'gateway_interface', 'description', 'comments', 'tags', 'created', 'last_updated',
        )  # fmt: skip
        default_columns = ('pk', 'name', 'groups', 'gateways', 'format_name', 'site', 'description')


class EnforcementZoneTable(NetBoxTable):
    enforcement_point = tables.Column(
        linkify=True,
        order_by=('enforcement_point__device__name', 'enforcement_point__virtual_machine__name'),
        verbose_name=_('Enforcement point'),
    )
    zone = columns.ChoiceFieldColumn(
        linkify=('plugins:netbox_gwports:enforcementzone', [tables.A('pk')]), verbose_name=_('Zone')
    )
    separated = columns.BooleanColumn(verbose_name=_('Separated'))
    prefixes = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Prefixes'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:enforcementzone_list')

    class Meta(NetBoxTable.Meta):
        model = EnforcementZone
        fields = (
            'pk', 'id', 'enforcement_point', 'zone', 'separated', 'name', 'interface', 'gateway_zone',
            'gateway_interface', 'prefixes', 'tags', 'created', 'last_updated',
        )  # fmt: skip
        default_columns = ('pk', 'enforcement_point', 'zone', 'separated', 'name', 'interface', 'prefixes')
