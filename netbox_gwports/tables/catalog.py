import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from netbox.tables import OrganizationalModelTable, PrimaryModelTable, columns

from ..choices import DirectionChoices
from ..models import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole
from ..rules.facts import of_template
from .columns import ListColumn

__all__ = (
    'FlowTemplateTable',
    'GatewayProfileTable',
    'GatewayServiceTable',
    'ProfileFeatureTable',
    'RemoteRoleTable',
    'VendorTable',
)


class GatewayProfileTable(PrimaryModelTable):
    name = tables.Column(linkify=True, verbose_name=_('Name'))
    manufacturer = tables.Column(linkify=True, verbose_name=_('Manufacturer'))
    data_source = tables.Column(linkify=True, verbose_name=_('Data source'))
    data_file = tables.Column(linkify=True, verbose_name=_('Data file'))
    is_synced = columns.BooleanColumn(orderable=False, verbose_name=_('Synced'))
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:gatewayprofile_list')

    class Meta(PrimaryModelTable.Meta):
        model = GatewayProfile
        fields = (
            'pk', 'id', 'name', 'version', 'manufacturer', 'slug', 'source_url', 'published', 'partial', 'description',
            'data_source', 'data_file', 'data_synced', 'is_synced', 'auto_sync_enabled', 'comments', 'tags', 'created',
            'last_updated',
        )  # fmt: skip
        default_columns = ('pk', 'name', 'version', 'manufacturer', 'published', 'partial', 'description')


class ProfileFeatureTable(PrimaryModelTable):
    name = tables.Column(linkify=True, verbose_name=_('Name'))
    profile = tables.Column(linkify=True, verbose_name=_('Profile'))
    parent = tables.Column(linkify=True, verbose_name=_('Parent'))
    enabled_by_default = columns.BooleanColumn(verbose_name=_('Enabled by default'), false_mark=None)
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
    ports = ListColumn(verbose_name=_('Ports'))
    clear_text = columns.BooleanColumn(verbose_name=_('Clear text'), false_mark=None)
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
    """Flow templates with row and item of the vendor's table."""

    row = tables.Column(verbose_name=_('Row'), order_by=('row', 'item'), accessor='row_label', empty_values=())
    service = tables.Column(linkify=True, verbose_name=_('Service'))
    profile = tables.Column(linkify=True, accessor='service__profile', verbose_name=_('Profile'))
    ports = ListColumn(accessor='service__ports', verbose_name=_('Ports'), orderable=False)
    purpose = tables.Column(linkify=True, verbose_name=_('Purpose'))
    direction = columns.ChoiceFieldColumn(verbose_name=_('Direction'))
    remote_role = tables.Column(linkify=True, verbose_name=_('Remote role'))
    dns_names = ListColumn(verbose_name=_('DNS names'))
    feature = tables.Column(linkify=True, verbose_name=_('Feature'))
    zone = columns.ChoiceFieldColumn(verbose_name=_('Zone'))
    withdrawn = columns.BooleanColumn(verbose_name=_('Withdrawn'), false_mark=None)
    direct = columns.BooleanColumn(verbose_name=_('Bypass web proxy'), false_mark=None)
    replaceable = columns.BooleanColumn(verbose_name=_('Replaceable'), false_mark=None)
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:flowtemplate_list')

    class Meta(PrimaryModelTable.Meta):
        model = FlowTemplate
        fields = (
            'pk', 'id', 'row', 'profile', 'service', 'ports', *(fact.name for fact in of_template()), 'withdrawn',
            'description', 'comments', 'tags', 'created', 'last_updated',
        )  # fmt: skip
        default_columns = (
            'pk', 'row', 'profile', 'service', 'ports', 'direction', 'purpose', 'remote_role', 'dns_names',
            'feature', 'not_opened',
        )  # fmt: skip


class VendorTable(FlowTemplateTable):
    """The vendor's table in its original order, with the flow templates created from each row.

    Requires a queryset annotated with ``directions``: those of all templates with the same row and item.
    """

    directions = tables.Column(empty_values=(), orderable=False, verbose_name=_('Direction in table'))
    direction = columns.ChoiceFieldColumn(verbose_name=_('Direction'))
    not_opened = tables.Column(verbose_name=_('Not opened'), attrs={'td': {'style': 'min-width: 16rem'}})
    printed = tables.Column(verbose_name=_('Contradictory text'))

    class Meta(FlowTemplateTable.Meta):
        fields = (
            'pk', 'id', 'row', 'service', 'ports', 'directions', 'purpose', 'direction', 'remote_role',
            'dns_names', 'feature', 'not_opened', 'printed', 'notes', 'replaceable', 'zone', 'direct', 'key',
            'withdrawn', 'description',
        )  # fmt: skip
        default_columns = (
            'row', 'service', 'ports', 'directions', 'purpose', 'direction', 'remote_role', 'dns_names',
            'feature', 'not_opened', 'printed',
        )  # fmt: skip

    def render_directions(self, record):
        labels = dict(DirectionChoices)
        return ', '.join(str(labels[direction]) for direction in sorted(getattr(record, 'directions', ())))
