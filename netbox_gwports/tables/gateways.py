import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from netbox.tables import NetBoxTable, OrganizationalModelTable, PrimaryModelTable, columns
from tenancy.tables import ContactsColumnMixin, TenancyColumnsMixin

from ..models import Gateway, GatewayAddress, GatewayGroup, RemoteEndpoint, RequiredFlow

__all__ = (
    'GatewayAddressTable',
    'GatewayGroupTable',
    'GatewayTable',
    'RemoteEndpointTable',
    'RequiredFlowTable',
)


class GatewayGroupTable(OrganizationalModelTable):
    name = tables.Column(linkify=True, verbose_name=_('Name'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:gatewaygroup_list')

    class Meta(OrganizationalModelTable.Meta):
        model = GatewayGroup
        fields = ('pk', 'id', 'name', 'slug', 'description', 'comments', 'tags', 'created', 'last_updated')
        default_columns = ('pk', 'name', 'description')


class GatewayTable(TenancyColumnsMixin, ContactsColumnMixin, PrimaryModelTable):
    id = tables.Column(linkify=True, verbose_name=_('ID'))
    device = tables.Column(linkify=True, verbose_name=_('Device'))
    virtual_machine = tables.Column(linkify=True, verbose_name=_('Virtual machine'))
    profile = tables.Column(linkify=True, verbose_name=_('Profile'))
    group = tables.Column(linkify=True, verbose_name=_('Group'))
    status = columns.ChoiceFieldColumn(verbose_name=_('Status'))
    features = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Features'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:gateway_list')

    class Meta(PrimaryModelTable.Meta):
        model = Gateway
        fields = (
            'pk', 'id', 'device', 'virtual_machine', 'profile', 'features', 'group', 'status', 'tenant', 'tenant_group',
            'contacts', 'description', 'comments', 'tags', 'created', 'last_updated',
        )  # fmt: skip
        default_columns = ('pk', 'id', 'device', 'virtual_machine', 'profile', 'group', 'status', 'tenant')


class GatewayAddressTable(NetBoxTable):
    gateway = tables.Column(linkify=True, order_by=('gateway_id',), verbose_name=_('Gateway'))
    ip_address = tables.Column(linkify=True, verbose_name=_('IP address'))
    zones = columns.ArrayColumn(verbose_name=_('Faces'))
    use = columns.ChoiceFieldColumn(verbose_name=_('Use'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:gatewayaddress_list')

    class Meta(NetBoxTable.Meta):
        model = GatewayAddress
        fields = ('pk', 'id', 'gateway', 'ip_address', 'zones', 'use', 'tags', 'created', 'last_updated')
        default_columns = ('pk', 'ip_address', 'gateway', 'zones', 'use')


class RemoteEndpointTable(PrimaryModelTable):
    name = tables.Column(linkify=True, verbose_name=_('Name'))
    role = tables.Column(linkify=True, verbose_name=_('Role'))
    ip_addresses = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('IP addresses'))
    prefixes = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Prefixes'))
    ip_ranges = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('IP ranges'))
    devices = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Devices'))
    virtual_machines = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Virtual machines'))
    hosts = columns.ArrayColumn(verbose_name=_('Hosts'))
    literals = columns.ArrayColumn(verbose_name=_('Literal addresses'))
    any_address = columns.BooleanColumn(verbose_name=_('Any address'))
    ports = columns.ArrayColumn(verbose_name=_('Ports'))
    zone = columns.ChoiceFieldColumn(verbose_name=_('Zone'))
    scope = columns.ChoiceFieldColumn(verbose_name=_('Scope'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:remoteendpoint_list')

    class Meta(PrimaryModelTable.Meta):
        model = RemoteEndpoint
        fields = (
            'pk', 'id', 'name', 'role', 'ip_addresses', 'prefixes', 'ip_ranges', 'devices', 'virtual_machines', 'hosts',
            'literals', 'any_address', 'justification', 'ports', 'zone', 'scope', 'description', 'comments', 'tags',
            'created', 'last_updated',
        )  # fmt: skip
        default_columns = ('pk', 'name', 'role', 'ip_addresses', 'prefixes', 'devices', 'hosts', 'zone', 'scope')


class RequiredFlowTable(PrimaryModelTable):
    gateway = tables.Column(linkify=True, order_by=('gateway_id',), verbose_name=_('Gateway'))
    name = tables.Column(verbose_name=_('Service'))
    purpose = tables.Column(linkify=True, verbose_name=_('Purpose'))
    row = tables.Column(
        accessor='template__source', order_by=('template__source_row', 'template__source_item'), verbose_name=_('Row')
    )
    ports = columns.ArrayColumn(verbose_name=_('Ports'))
    direction = columns.ChoiceFieldColumn(verbose_name=_('Direction'))
    remote_role = tables.Column(linkify=True, verbose_name=_('Remote'))
    remote_hosts = columns.ArrayColumn(verbose_name=_('Hosts'))
    endpoints = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Endpoints'))
    feature = tables.Column(linkify=True, verbose_name=_('Feature'))
    status = columns.ChoiceFieldColumn(verbose_name=_('Status'))
    clear_text = columns.BooleanColumn(verbose_name=_('Clear text'))
    zone = columns.ChoiceFieldColumn(verbose_name=_('Zone'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:requiredflow_list')

    class Meta(PrimaryModelTable.Meta):
        model = RequiredFlow
        fields = (
            'pk', 'id', 'gateway', 'row', 'name', 'application_protocol', 'ports', 'direction', 'remote_role',
            'remote_hosts', 'endpoints', 'zone', 'purpose', 'feature', 'clear_text', 'status', 'justification',
            'ticket', 'mitigation', 'valid_until', 'description', 'comments', 'tags', 'created', 'last_updated',
        )  # fmt: skip
        default_columns = (
            'pk', 'gateway', 'row', 'name', 'ports', 'direction', 'remote_role', 'purpose', 'status', 'ticket',
        )  # fmt: skip
