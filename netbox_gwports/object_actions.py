"""Buttons for what can be done beside what every object can."""

from django.utils.translation import gettext_lazy as _
from netbox.object_actions import ObjectAction

__all__ = ('BulkReconcile', 'ConvertTable', 'ExportCatalogue', 'LoadCatalogue', 'Reconcile', 'Upgrade')


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


class BulkReconcile(ObjectAction):
    name = 'bulk_reconcile'
    label = _('Update from profile')
    multi = True
    permissions_required = {'reconcile'}
    template_name = 'netbox_gwports/buttons/bulk_reconcile.html'


class LoadCatalogue(LinkAction):
    name = 'load'
    label = _('Load catalogue')
    permissions_required = {'import'}
    icon = 'book-arrow-down-outline'


class ConvertTable(LinkAction):
    name = 'convert'
    label = _('Convert a table')
    permissions_required = {'import'}
    icon = 'table-arrow-right'
    style = 'cyan'


class ExportCatalogue(LinkAction):
    name = 'export'
    label = _('Export catalogue')
    permissions_required = {'view'}
    url_kwargs = ['pk']
    icon = 'book-arrow-up-outline'
    style = 'purple'
