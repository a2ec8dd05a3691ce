import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from netbox.tables import PrimaryModelTable, columns

from ..models import RemoteEndpoint
from .columns import ListColumn

__all__ = ('RemoteEndpointTable',)


class RemoteEndpointTable(PrimaryModelTable):
    name = tables.Column(linkify=True, verbose_name=_('Name'))
    role = tables.Column(linkify=True, verbose_name=_('Role'))
    ip_addresses = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('IP addresses'))
    prefixes = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Prefixes'))
    ip_ranges = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('IP ranges'))
    devices = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Devices'))
    virtual_machines = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Virtual machines'))
    dns_names = ListColumn(verbose_name=_('DNS names'))
    literals = ListColumn(verbose_name=_('Literal addresses'))
    vrf = tables.Column(linkify=True, verbose_name=_('VRF'))
    any_address = columns.BooleanColumn(verbose_name=_('Any address'), false_mark=None)
    port_map = ListColumn(verbose_name=_('Port mapping'))
    zone = columns.ChoiceFieldColumn(verbose_name=_('Zone'))
    scope = columns.ChoiceFieldColumn(verbose_name=_('Scope'))
    gateways = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Gateways'))
    groups = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Gateway groups'))
    sites = columns.ManyToManyColumn(linkify_item=True, verbose_name=_('Sites'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:remoteendpoint_list')

    class Meta(PrimaryModelTable.Meta):
        model = RemoteEndpoint
        fields = (
            'pk', 'id', 'name', 'role', 'ip_addresses', 'prefixes', 'ip_ranges', 'devices', 'virtual_machines',
            'dns_names', 'literals', 'vrf', 'any_address', 'justification', 'port_map', 'zone', 'scope', 'gateways',
            'groups', 'sites', 'description', 'comments', 'tags', 'created', 'last_updated',
        )  # fmt: skip
        default_columns = (
            'pk', 'name', 'role', 'ip_addresses', 'prefixes', 'devices', 'virtual_machines', 'dns_names', 'literals',
            'any_address', 'zone', 'scope',
        )  # fmt: skip
