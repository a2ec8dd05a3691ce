"""The tab "Firewall Requirements" of devices and virtual machines."""

from dcim.models import Device
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from netbox.ui.layout import Column, Layout, Row
from netbox.views import generic
from utilities.views import ViewTab, register_model_view
from virtualization.models import VirtualMachine

from ..choices import DirectionChoices, StandingChoices, ZoneChoices
from ..filtersets import RequiredFlowFilterSet
from ..models import RequiredFlow
from ..ui import requirements as panels
from ..ui.report import Report
from ..viewer import rule_count, visible_gateway

__all__ = ('DeviceRequirementsView', 'VirtualMachineRequirementsView')

# Filters for lines; all other parameters filter the flows before they are resolved
LINE_FILTERS = ('q', 'direction', 'zone', 'standing')


class RequirementsTab(generic.ObjectView):
    template_name = 'generic/object.html'
    additional_permissions = ('netbox_gwports.view_gateway',)
    actions = ()
    tab = ViewTab(
        label=_('Firewall Requirements'),
        visible=visible_gateway,
        badge=rule_count,
        permission='netbox_gwports.view_gateway',
        weight=1500,
    )
    # Not a SimpleLayout, which would add the panels of plugins for the main page, including our own
    layout = Layout(
        Row(Column(panels.PartialPanel(), panels.GatewaySummaryPanel())),
        Row(Column(panels.OpenItemsPanel())),
        Row(Column(panels.LinesPanel(), panels.FoldedPanel())),
    )

    def get(self, request, **kwargs):
        machine = self.get_object(**kwargs)
        if visible_gateway(machine) is None:
            # Do not reveal whether there is one that the user may not view
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
            # The request limits related objects in filters to what the user may view
            flows = RequiredFlowFilterSet(data, RequiredFlow.objects.all(), request=request).qs
        return {
            'gateway': gateway,
            'report': Report(gateway, request.user, filters, flows, return_url=request.get_full_path()),
            'filters': {
                'q': filters['q'],
                'active': bool(request.GET),
                # (parameter, label of the empty option, choices, selected value)
                'selects': (
                    ('direction', _('Any direction'), DirectionChoices, filters['direction']),
                    ('zone', _('Any zone'), ZoneChoices, filters['zone']),
                    ('standing', _('Any standing'), StandingChoices, filters['standing']),
                ),
            },
        }


@register_model_view(Device, 'gwports_requirements', path='firewall-requirements')
class DeviceRequirementsView(RequirementsTab):
    queryset = Device.objects.all()


@register_model_view(VirtualMachine, 'gwports_requirements', path='firewall-requirements')
class VirtualMachineRequirementsView(RequirementsTab):
    queryset = VirtualMachine.objects.all()
