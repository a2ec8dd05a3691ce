"""The tab "Rules to enforce" of firewalls: all rules of all gateways behind one, and its configuration."""

from dcim.models import Device
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from netbox.ui.layout import Column, Layout, Row
from netbox.views import generic
from utilities.views import ViewTab, register_model_view
from virtualization.models import VirtualMachine

from ..exporting import enforced
from ..hosts import visible_point
from ..ui.enforced import EnforcedLinesPanel, EnforcementPanel

__all__ = ('DeviceEnforcedView', 'VirtualMachineEnforcedView')


class EnforcedTab(generic.ObjectView):
    template_name = 'generic/object.html'
    additional_permissions = ('netbox_gwports.view_enforcementpoint',)
    actions = ()
    tab = ViewTab(
        label=_('Rules to enforce'),
        visible=visible_point,
        permission='netbox_gwports.view_enforcementpoint',
        weight=1510,
    )
    layout = Layout(Row(Column(EnforcementPanel())), Row(Column(EnforcedLinesPanel())))

    def get(self, request, **kwargs):
        host = self.get_object(**kwargs)
        if visible_point(host) is None:
            # None, or none that this user may see: the same answer
            return redirect(host)
        return super().get(request, **kwargs)

    def get_extra_context(self, request, instance):
        point = visible_point(instance)
        return {'point': point, 'material': enforced(point, request.user)}


@register_model_view(Device, 'gwports_enforced', path='rules-to-enforce')
class DeviceEnforcedView(EnforcedTab):
    queryset = Device.objects.all()


@register_model_view(VirtualMachine, 'gwports_enforced', path='rules-to-enforce')
class VirtualMachineEnforcedView(EnforcedTab):
    queryset = VirtualMachine.objects.all()
