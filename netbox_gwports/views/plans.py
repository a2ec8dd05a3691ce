"""Updates of required flows from the profiles of gateways: preview and execution."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from netbox.ui.breadcrumbs import Breadcrumb
from netbox.ui.layout import Column, Layout, Row
from netbox.views import generic
from netbox.views.generic.base import BaseMultiObjectView
from utilities.exceptions import AbortRequest
from utilities.views import GetReturnURLMixin, register_model_view

from ..jobs import ReconcileJob
from ..models import Gateway
from ..reconcile import PlanChanged, plans, reconcile, restrict
from ..tables import GatewayPlanTable
from ..ui.plans import PlanPanel
from .common import notify_job_started, selected

__all__ = ('GatewayBulkReconcileView', 'GatewayReconcileView')


@register_model_view(Gateway, 'reconcile')
class GatewayReconcileView(GetReturnURLMixin, generic.ObjectView):
    """The pending changes of one gateway; POST applies them, provided they have not changed since the preview."""

    queryset = Gateway.objects.all()
    template_name = 'generic/object.html'
    actions = ()
    layout = Layout(Row(Column(PlanPanel())), breadcrumbs=[Breadcrumb('group')])

    def get_extra_context(self, request, instance):
        plan = plans([instance])[instance.pk]
        return {
            'plan': restrict({instance.pk: plan}, request.user)[instance.pk],
            'digest': plan.digest,
            'may_apply': request.user.has_perm('netbox_gwports.reconcile_gateway', instance),
            'return_url': self.get_return_url(request, instance),
        }

    def post(self, request, pk):
        gateway = self.get_object(pk=pk)
        if not request.user.has_perm('netbox_gwports.reconcile_gateway', gateway):
            raise PermissionDenied
        try:
            reconcile(gateway.pk, agreed=request.POST.get('digest', ''), user=request.user)
        except PlanChanged:
            messages.warning(request, _('Data has changed since the preview. Please review the updated changes.'))
            return redirect(request.get_full_path())
        except AbortRequest as e:
            messages.error(request, str(e))
            return redirect(request.get_full_path())
        messages.success(request, _('Updated required flows of {gateway}.').format(gateway=gateway))
        return redirect(self.get_return_url(request, gateway))


@register_model_view(Gateway, 'bulk_reconcile', path='reconcile', detail=False)
class GatewayBulkReconcileView(GetReturnURLMixin, BaseMultiObjectView):
    """The number of pending changes of several gateways; a background job applies them on confirmation."""

    queryset = Gateway.objects.select_related('device', 'virtual_machine', 'profile')
    template_name = 'netbox_gwports/gateway_bulk_reconcile.html'

    def get_required_permission(self):
        return 'netbox_gwports.reconcile_gateway'

    def get(self, request):
        return redirect(self.get_return_url(request))

    def post(self, request):
        return_url = self.get_return_url(request)
        gateways = list(selected(request, self.queryset).order_by('pk'))
        if not gateways:
            messages.warning(request, _('No gateways were selected.'))
            return redirect(return_url)
        if '_confirm' in request.POST:
            self._enqueue(request, gateways)
            return redirect(return_url)
        found = restrict(plans(gateways), request.user)
        table = GatewayPlanTable([{'gateway': g, 'plan': found[g.pk]} for g in gateways], orderable=False)
        return render(
            request,
            self.template_name,
            {
                'model': Gateway,
                'table': table,
                'pks': [gateway.pk for gateway in gateways],
                'behind': sum(bool(plan) for plan in found.values()),
                'return_url': return_url,
            },
        )

    def _enqueue(self, request, gateways):
        notify_job_started(request, ReconcileJob.start(request, [gateway.pk for gateway in gateways]), len(gateways))
