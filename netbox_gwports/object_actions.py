"""Buttons for what can be done beside what every object can."""

from django.utils.translation import gettext_lazy as _
from netbox.object_actions import ObjectAction

from .export_formats import formats

__all__ = (
    'BulkExportRules',
    'BulkReconcile',
    'ConvertTable',
    'ExportCatalog',
    'ExportRules',
    'LoadCatalog',
    'Reconcile',
    'Upgrade',
)


class LinkAction(ObjectAction):
    """A button that leads to a page."""

    template_name = 'netbox_gwports/buttons/link.html'
    icon = ''
    style = 'primary'

    @classmethod
    def get_context(cls, context, obj):
        return {'icon': cls.icon, 'style': cls.style}


class Reconcile(LinkAction):
    name = 'reconcile'
    label = _('Update from profile')
    permissions_required = {'reconcile'}
    url_kwargs = ['pk']
    icon = 'update'


class Upgrade(LinkAction):
    name = 'upgrade'
    label = _('Upgrade')
    permissions_required = {'view'}
    url_kwargs = ['pk']
    icon = 'arrow-up-bold-circle-outline'
    style = 'cyan'


class ExportRules(ObjectAction):
    """A menu of the formats, with the page of all options at its end."""

    name = 'export'
    label = _('Export rules')
    permissions_required = {'view'}
    url_kwargs = ['pk']
    template_name = 'netbox_gwports/buttons/export.html'

    @classmethod
    def get_context(cls, context, obj):
        return {'formats': [exporter for exporter in formats().values() if not exporter.unavailable()]}


class BulkExportRules(ObjectAction):
    name = 'bulk_export_rules'
    label = _('Export rules')
    multi = True
    permissions_required = {'view'}
    template_name = 'netbox_gwports/buttons/bulk_export_rules.html'


class BulkReconcile(ObjectAction):
    name = 'bulk_reconcile'
    label = _('Update from profile')
    multi = True
    permissions_required = {'reconcile'}
    template_name = 'netbox_gwports/buttons/bulk_reconcile.html'


class LoadCatalog(LinkAction):
    name = 'load'
    label = _('Load catalog')
    permissions_required = {'import'}
    icon = 'book-arrow-down-outline'


class ConvertTable(LinkAction):
    name = 'convert'
    label = _('Convert a table')
    permissions_required = {'import'}
    icon = 'table-arrow-right'
    style = 'cyan'


class ExportCatalog(LinkAction):
    name = 'export'
    label = _('Export catalog')
    permissions_required = {'view'}
    url_kwargs = ['pk']
    icon = 'book-arrow-up-outline'
    style = 'purple'
