"""Buttons for actions beyond NetBox's own."""

from django.utils.translation import gettext_lazy as _
from netbox.object_actions import ObjectAction

from .export_formats import formats

__all__ = (
    'STEPS',
    'Approve',
    'BulkExportRules',
    'BulkReconcile',
    'ConvertTable',
    'ExportCatalog',
    'ExportRules',
    'Implement',
    'LoadCatalog',
    'Reconcile',
    'Reject',
    'RollBack',
    'Submit',
    'Upgrade',
    'Withdraw',
)


class LinkAction(ObjectAction):
    """A button that links to a page."""

    template_name = 'netbox_gwports/buttons/link.html'
    icon = ''
    style = 'primary'

    @classmethod
    def get_context(cls, context, obj):
        return {'icon': cls.icon, 'style': cls.style}


class Reconcile(LinkAction):
    name = 'reconcile'
    label = _('Update from Profile')
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
    """A dropdown menu of the export formats, with a link to the form for a custom export."""

    name = 'export'
    label = _('Export Rules')
    permissions_required = {'view'}
    url_kwargs = ['pk']
    template_name = 'netbox_gwports/buttons/export.html'

    @classmethod
    def get_context(cls, context, obj):
        return {'formats': [exporter for exporter in formats().values() if not exporter.unavailable()]}


class BulkLinkAction(LinkAction):
    """A button that submits the selected objects to a page."""

    multi = True
    template_name = 'netbox_gwports/buttons/bulk.html'


class BulkExportRules(BulkLinkAction):
    name = 'bulk_export_rules'
    label = _('Export Rules')
    permissions_required = {'view'}
    icon = 'download'
    style = 'purple'


class BulkReconcile(BulkLinkAction):
    name = 'bulk_reconcile'
    label = _('Update from Profile')
    permissions_required = {'reconcile'}
    icon = 'update'


class LoadCatalog(LinkAction):
    name = 'load'
    label = _('Import Catalog')
    permissions_required = {'import'}
    icon = 'book-arrow-down-outline'


class ConvertTable(LinkAction):
    name = 'convert'
    label = _('Convert Table')
    permissions_required = {'import'}
    icon = 'table-arrow-right'
    style = 'cyan'


class ExportCatalog(LinkAction):
    name = 'export'
    label = _('Export Catalog')
    permissions_required = {'view'}
    url_kwargs = ['pk']
    icon = 'book-arrow-up-outline'
    style = 'purple'


class Step(LinkAction):
    """The next step of a change request: a page to confirm it. ``permission`` is an action of its model."""

    permission = ''
    url_kwargs = ['pk']

    @classmethod
    def is_permitted(cls, user, instance):
        return user.has_perm(f'netbox_gwports.{cls.permission}_changerequest', instance)


class Submit(Step):
    name = 'submit'
    label = _('Submit')
    permission = 'request'
    icon = 'send'


class Approve(Step):
    name = 'approve'
    label = _('Approve')
    permission = 'approve'
    icon = 'check-decagram-outline'
    style = 'green'


class Reject(Step):
    name = 'reject'
    label = _('Reject')
    permission = 'approve'
    icon = 'close-octagon-outline'
    style = 'red'


class Withdraw(Step):
    name = 'withdraw'
    label = _('Withdraw')
    permission = 'request'
    icon = 'undo'
    style = 'secondary'


class Implement(Step):
    name = 'implement'
    label = _('Record as implemented')
    permission = 'implement'
    icon = 'wall-fire'
    style = 'teal'


class RollBack(Step):
    name = 'roll_back'
    label = _('Roll back')
    permission = 'implement'
    icon = 'backup-restore'
    style = 'orange'


STEPS = (Submit, Approve, Reject, Withdraw, Implement, RollBack)
