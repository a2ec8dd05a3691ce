import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from netbox.tables import NetBoxTable, OrganizationalModelTable, PrimaryModelTable, columns
from tenancy.tables import ContactsColumnMixin, TenancyColumnsMixin

from ..models import Gateway, GatewayAddress, GatewayGroup
from .columns import ZonesColumn

__all__ = ('GatewayAddressTable', 'GatewayGroupTable', 'GatewayTable')


class GatewayGroupTable(OrganizationalModelTable):
    name = tables.Column(linkify=True, verbose_name=_('Name'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:gatewaygroup_list')

    class Meta(OrganizationalModelTable.Meta):
        model = GatewayGroup
        fields = ('pk', 'id', 'name', 'slug', 'description', 'comments', 'tags', 'created', 'last_updated')
        default_columns = ('pk', 'name', 'description')


class GatewayTable(TenancyColumnsMixin, ContactsColumnMixin, PrimaryModelTable):
    name = tables.Column(
        accessor='machine',
        linkify=('plugins:netbox_gwports:gateway', [tables.A('pk')]),
        order_by=('device__name', 'virtual_machine__name'),
        verbose_name=_('Gateway'),
    )
    device = tables.Column(linkify=True, verbose_name=_('Device'))
    virtual_machine = tables.Column(linkify=True, verbose_name=_('Virtual machine'))
    site = tables.Column(linkify=True, order_by=('device__site', 'virtual_machine__site'), verbose_name=_('Site'))
    profile = tables.Column(linkify=True, verbose_name=_('Profile'))
    next_profile = tables.Column(linkify=True, verbose_name=_('Next profile'))
    group = tables.Column(linkify=True, verbose_name=_('Group'))
    status = columns.ChoiceFieldColumn(verbose_name=_('Status'))
    features = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Features'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:gateway_list')

    class Meta(PrimaryModelTable.Meta):
        model = Gateway
        fields = (
            'pk', 'id', 'name', 'device', 'virtual_machine', 'site', 'profile', 'next_profile', 'features', 'group',
            'status', 'tenant', 'tenant_group', 'contacts', 'description', 'comments', 'tags', 'created',
            'last_updated',
        )  # fmt: skip
        default_columns = ('pk', 'name', 'status', 'profile', 'group', 'site', 'tenant', 'description')


class GatewayAddressTable(NetBoxTable):
    gateway = tables.Column(
        linkify=True,
        order_by=('gateway__device__name', 'gateway__virtual_machine__name'),
        verbose_name=_('Gateway'),
    )
    address = tables.Column(
        accessor='ip_address',
        linkify=('plugins:netbox_gwports:gatewayaddress', [tables.A('pk')]),
        verbose_name=_('Address'),
    )
    ip_address = tables.Column(linkify=True, verbose_name=_('IP address'))
    vrf = tables.Column(accessor='ip_address__vrf', linkify=True, verbose_name=_('VRF'))
    zones = ZonesColumn()
    use = columns.ChoiceFieldColumn(verbose_name=_('Use'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:gatewayaddress_list')

    class Meta(NetBoxTable.Meta):
        model = GatewayAddress
        fields = (
            'pk', 'id', 'address', 'gateway', 'ip_address', 'vrf', 'zones', 'use', 'tags', 'created', 'last_updated',
        )  # fmt: skip
        default_columns = ('pk', 'address', 'gateway', 'zones', 'use')
