"""The tab "Firewall requirements" of devices and virtual machines."""

from dcim.models import Device
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from netbox.ui.layout import Column, Layout, Row
from netbox.views import generic
from utilities.views import ViewTab, register_model_view
from virtualization.models import VirtualMachine

from ..choices import DirectionChoices, FlowStatusChoices, ZoneChoices
from ..filtersets import RequiredFlowFilterSet
from ..models import RequiredFlow
from ..ui import requirements as panels
from ..ui.report import Report
from ..viewer import needed_flows, visible_gateway

__all__ = ('DeviceRequirementsView', 'VirtualMachineRequirementsView')

# What is applied to the lines; every other parameter narrows the flows before they are resolved
LINE_FILTERS = ('q', 'direction', 'zone')


class RequirementsTab(generic.ObjectView):
    template_name = 'generic/object.html'
    additional_permissions = ('netbox_gwports.view_gateway',)
    actions = ()
    tab = ViewTab(
        label=_('Firewall requirements'),
        visible=visible_gateway,
        badge=needed_flows,
        permission='netbox_gwports.view_gateway',
        weight=1500,
    )
    # Not a SimpleLayout: that would add our own panel of the main page, and those of other plugins
    layout = Layout(
        Row(Column(panels.PartialPanel(), panels.GatewaySummaryPanel())),
        Row(Column(panels.AnswersPanel())),
        Row(Column(panels.LinesPanel(), panels.FoldedPanel())),
    )

    def get(self, request, **kwargs):
        machine = self.get_object(**kwargs)
        if visible_gateway(machine) is None:
            # None, or none that this user may see: the same answer
            return redirect(machine)
        return super().get(request, **kwargs)

    def get_extra_context(self, request, instance):
        gateway = visible_gateway(instance)
        filters = {name: request.GET.get(name, '').strip() for name in LINE_FILTERS}
        data = request.GET.copy()
        for name in (*LINE_FILTERS, 'sort'):
            data.pop(name, None)
        flows = None
        if any(data.values()):
            # With the request: what the filters look through is restricted to what the user may see
            flows = RequiredFlowFilterSet(data, RequiredFlow.objects.all(), request=request).qs
        return {
            'gateway': gateway,
            'report': Report(gateway, request.user, filters, flows, return_url=request.get_full_path()),
            'filter_form': {
                **filters,
                'status': request.GET.get('status', ''),
                'active': bool(request.GET),
                'directions': DirectionChoices,
                'zones': ZoneChoices,
                'statuses': [choice for choice in FlowStatusChoices if choice[0] in FlowStatusChoices.WANTED],
            },
        }


@register_model_view(Device, 'gwports_requirements', path='firewall-requirements')
class DeviceRequirementsView(RequirementsTab):
    queryset = Device.objects.all()


@register_model_view(VirtualMachine, 'gwports_requirements', path='firewall-requirements')
class VirtualMachineRequirementsView(RequirementsTab):
    queryset = VirtualMachine.objects.all()
