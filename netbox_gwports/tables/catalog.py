import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from netbox.tables import OrganizationalModelTable, PrimaryModelTable, columns

from ..models import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole

__all__ = (
    'FlowTemplateTable',
    'GatewayProfileTable',
    'GatewayServiceTable',
    'ProfileFeatureTable',
    'RemoteRoleTable',
)


class GatewayProfileTable(PrimaryModelTable):
    name = tables.Column(linkify=True, verbose_name=_('Name'))
    manufacturer = tables.Column(linkify=True, verbose_name=_('Manufacturer'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:gatewayprofile_list')

    class Meta(PrimaryModelTable.Meta):
        model = GatewayProfile
        fields = (
            'pk', 'id', 'name', 'version', 'manufacturer', 'slug', 'source_url', 'published', 'description', 'comments',
            'tags', 'created', 'last_updated',
        )  # fmt: skip
        default_columns = ('pk', 'name', 'version', 'manufacturer', 'published', 'description')


class ProfileFeatureTable(PrimaryModelTable):
    name = tables.Column(linkify=True, verbose_name=_('Name'))
    profile = tables.Column(linkify=True, verbose_name=_('Profile'))
    parent = tables.Column(linkify=True, verbose_name=_('Parent'))
    enabled_by_default = columns.BooleanColumn(verbose_name=_('Default'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:profilefeature_list')

    class Meta(PrimaryModelTable.Meta):
        model = ProfileFeature
        fields = (
            'pk', 'id', 'name', 'slug', 'profile', 'group', 'parent', 'enabled_by_default', 'description', 'comments',
            'tags', 'created', 'last_updated',
        )  # fmt: skip
        default_columns = ('pk', 'name', 'profile', 'group', 'parent', 'enabled_by_default', 'description')


class GatewayServiceTable(PrimaryModelTable):
    name = tables.Column(linkify=True, verbose_name=_('Name'))
    profile = tables.Column(linkify=True, verbose_name=_('Profile'))
    ports = columns.ArrayColumn(verbose_name=_('Ports'))
    clear_text = columns.BooleanColumn(verbose_name=_('Clear text'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:gatewayservice_list')

    class Meta(PrimaryModelTable.Meta):
        model = GatewayService
        fields = (
            'pk', 'id', 'name', 'profile', 'application_protocol', 'ports', 'clear_text', 'description', 'comments',
            'tags', 'created', 'last_updated',
        )  # fmt: skip
        default_columns = ('pk', 'name', 'profile', 'application_protocol', 'ports', 'clear_text')


class RemoteRoleTable(OrganizationalModelTable):
    name = tables.Column(linkify=True, verbose_name=_('Name'))
    zone = columns.ChoiceFieldColumn(verbose_name=_('Zone'))
    kind = columns.ChoiceFieldColumn(verbose_name=_('Kind'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:remoterole_list')

    class Meta(OrganizationalModelTable.Meta):
        model = RemoteRole
        fields = (
            'pk', 'id', 'name', 'slug', 'zone', 'kind', 'description', 'comments', 'tags', 'created', 'last_updated',
        )  # fmt: skip
        default_columns = ('pk', 'name', 'zone', 'kind', 'description')


class FlowTemplateTable(PrimaryModelTable):
    """The vendor's table: row and item as in the source, beside what was made of it."""

    source = tables.Column(
        verbose_name=_('Row'), order_by=('source_row', 'source_item'), accessor='source', empty_values=()
    )
    service = tables.Column(linkify=True, verbose_name=_('Service'))
    profile = tables.Column(linkify=True, accessor='service__profile', verbose_name=_('Profile'))
    ports = columns.ArrayColumn(accessor='service__ports', verbose_name=_('Ports'), orderable=False)
    purpose = tables.Column(linkify=True, verbose_name=_('Purpose'))
    direction = columns.ChoiceFieldColumn(verbose_name=_('Direction'))
    remote_role = tables.Column(linkify=True, verbose_name=_('Remote'))
    remote_hosts = columns.ArrayColumn(verbose_name=_('Hosts'))
    feature = tables.Column(linkify=True, verbose_name=_('Feature'))
    zone = columns.ChoiceFieldColumn(verbose_name=_('Zone'))
    withdrawn = columns.BooleanColumn(verbose_name=_('Withdrawn'))
    direct = columns.BooleanColumn(verbose_name=_('Direct'))
    hosts_replaceable = columns.BooleanColumn(verbose_name=_('Hosts replaceable'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:flowtemplate_list')

    class Meta(PrimaryModelTable.Meta):
        model = FlowTemplate
        fields = (
            'pk', 'id', 'source', 'profile', 'service', 'ports', 'direction', 'purpose', 'remote_role', 'remote_hosts',
            'hosts_replaceable', 'zone', 'feature', 'direct', 'notes', 'not_opened', 'printed', 'withdrawn',
            'description', 'comments', 'tags', 'created', 'last_updated',
        )  # fmt: skip
        default_columns = (
            'source', 'service', 'ports', 'direction', 'purpose', 'remote_role', 'remote_hosts', 'feature',
            'not_opened', 'printed',
        )  # fmt: skip
