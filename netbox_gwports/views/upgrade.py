"""Upgrade of a gateway to another release: preview, preparation and completion."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from netbox.ui.breadcrumbs import Breadcrumb
from netbox.ui.layout import Column, Layout, Row
from netbox.views import generic
from utilities.exceptions import AbortRequest
from utilities.views import register_model_view

from ..db import atomic
from ..forms import ReleaseForm
from ..models import Gateway
from ..reconcile import PlanChanged
from ..requirements.upgrade import STEPS, StepRefused, take_step, upgrade
from ..ui.catalog_files import UpgradePanel

__all__ = ('GatewayUpgradeView',)


@register_model_view(Gateway, 'upgrade')
class GatewayUpgradeView(generic.ObjectView):
    """GET shows what the upgrade opens and closes; POST prepares, completes or cancels it."""

    queryset = Gateway.objects.select_related('profile', 'next_profile')
    template_name = 'generic/object.html'
    actions = ()
    layout = Layout(Row(Column(UpgradePanel())), breadcrumbs=[Breadcrumb('group')])

    def get_extra_context(self, request, instance):
        data = request.GET.copy()
        if instance.next_profile_id:
            data.setdefault('profile', str(instance.next_profile_id))
        form = ReleaseForm(data or None, parameter='profile', profile=instance.profile, user=request.user)
        found = upgrade(instance, form.cleaned_data['profile'], request.user) if form.is_valid() else None
        return {
            'form': form,
            'upgrade': found,
            'may_change': request.user.has_perm('netbox_gwports.change_gateway', instance),
        }

    def post(self, request, pk):
        gateway = self.get_object(pk=pk)
        if not request.user.has_perm('netbox_gwports.change_gateway', gateway):
            raise PermissionDenied
        form = ReleaseForm(request.POST, parameter='profile', profile=gateway.profile, user=request.user)
        step = request.POST.get('step')
        if step not in STEPS or not form.is_valid():
            messages.warning(request, _('Data has changed since this page was loaded. Please review it again.'))
            return redirect(request.get_full_path())
        profile = form.cleaned_data['profile']
        try:
            with atomic(Gateway):
                take_step(gateway.pk, step, profile, agreed=request.POST.get('digest', ''))
                Gateway.objects.restrict(request.user, 'change').get(pk=gateway.pk)
        except ObjectDoesNotExist:
            raise PermissionDenied from None
        except PlanChanged:
            messages.warning(request, _('Data has changed since this page was loaded. Please review it again.'))
            return redirect(request.get_full_path())
        except (AbortRequest, StepRefused, ValidationError) as e:
            messages.error(request, ' '.join(e.messages) if isinstance(e, ValidationError) else str(e))
            return redirect(request.get_full_path())
        messages.success(request, self._done(step).format(gateway=gateway, profile=profile))
        return redirect(gateway.machine.get_absolute_url() + 'firewall-requirements/')

    def _done(self, step):
        return {
            'prepare': _(
                'Prepared the upgrade of {gateway} to {profile}. The flows of both releases are now required.'
            ),
            'complete': _(
                'Completed the upgrade of {gateway} to {profile}. Close the rules that are no longer required.'
            ),
            'cancel': _('Canceled the upgrade of {gateway} to {profile}.'),
        }[step]
