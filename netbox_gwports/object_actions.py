"""Buttons for what gateways can do beside what every object can."""

from django.utils.translation import gettext_lazy as _
from netbox.object_actions import ObjectAction

__all__ = ('BulkReconcile', 'Reconcile')


class Reconcile(ObjectAction):
    name = 'reconcile'
    label = _('Update from profile')
    permissions_required = {'reconcile'}
    url_kwargs = ['pk']
    template_name = 'netbox_gwports/buttons/reconcile.html'


class BulkReconcile(ObjectAction):
    name = 'bulk_reconcile'
    label = _('Update from profile')
    multi = True
    permissions_required = {'reconcile'}
    template_name = 'netbox_gwports/buttons/bulk_reconcile.html'
