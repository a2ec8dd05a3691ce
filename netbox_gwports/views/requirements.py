"""The tabs "Firewall Requirements": rules with their standing, for a gateway and its machine, a group and a site."""

from dcim.models import Device, Site
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from netbox.ui.layout import Column, Layout, Row
from netbox.views import generic
from utilities.views import ViewTab, register_model_view
from virtualization.models import VirtualMachine

from ..choices import DirectionChoices, StandingChoices, ZoneChoices
from ..filtersets import RequiredFlowFilterSet
from ..models import Gateway, GatewayGroup, RequiredFlow
from ..models.sites import at_sites
from ..requirements import standings
from ..requirements.material import MOST_TOGETHER
from ..ui import requirements as panels
from ..ui.report import Report
from ..ui.rule_panels import LinesPanel, RuleActionsPanel, RulesSummaryPanel, ToClosePanel, UnapprovedPanel
from ..ui.rules import RulesReport
from ..viewer import gateways_at, gateways_in, required_flow_count, visible_gateway

__all__ = (
    'DeviceRequirementsView',
    'GatewayGroupRequirementsView',
    'GatewayRequirementsView',
    'RulesMixin',
    'SiteRequirementsView',
    'VirtualMachineRequirementsView',
)

# Filters for lines; on the page of a gateway, all other parameters filter the flows before they are resolved
LINE_FILTERS = ('q', 'direction', 'zone', 'standing')
RULES = (Row(Column(RuleActionsPanel(), UnapprovedPanel(), ToClosePanel(), LinesPanel())),)


class RulesMixin:
    """A tab with rules and their standing; ``get_rules`` gives the report (ui.rules.RulesReport) and its context."""

    template_name = 'generic/object.html'
    actions = ()

    def get_rules(self, request, instance, filters):
        raise NotImplementedError

    def get_extra_context(self, request, instance):
        filters = {name: request.GET.get(name, '').strip() for name in LINE_FILTERS}
        return {
            **self.get_rules(request, instance, filters),
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


class RequirementsTab(RulesMixin, generic.ObjectView):
    """The tab of one gateway, or of its device or virtual machine."""

    # Not a SimpleLayout, which would add the panels of plugins for the main page, including our own
    layout = Layout(
        Row(Column(panels.PartialPanel(), panels.GatewaySummaryPanel())),
        Row(Column(panels.OpenItemsPanel())),
        *RULES,
        Row(Column(panels.FoldedPanel())),
    )

    def get_gateway(self, instance):
        return instance

    def get_rules(self, request, instance, filters):
        gateway = self.get_gateway(instance)
        data = request.GET.copy()
        for name in (*LINE_FILTERS, 'sort'):
            data.pop(name, None)
        flows = None
        if any(data.values()):
            # The request limits related objects in filters to what the user may view
            flows = RequiredFlowFilterSet(data, RequiredFlow.objects.all(), request=request).qs
        report = Report(gateway, request.user, filters, flows, return_url=request.get_full_path())
        return {'gateway': gateway, 'report': report}


class MachineTab(RequirementsTab):
    additional_permissions = ('netbox_gwports.view_gateway',)
    tab = ViewTab(
        label=_('Firewall Requirements'),
        visible=visible_gateway,
        badge=required_flow_count,
        permission='netbox_gwports.view_gateway',
        weight=1500,
    )

    def get(self, request, **kwargs):
        machine = self.get_object(**kwargs)
        if visible_gateway(machine) is None:
            # Do not reveal whether there is one that the user may not view
            return redirect(machine)
        return super().get(request, **kwargs)

    def get_gateway(self, instance):
        return visible_gateway(instance)


@register_model_view(Device, 'gwports_requirements', path='firewall-requirements')
class DeviceRequirementsView(MachineTab):
    queryset = Device.objects.all()


@register_model_view(VirtualMachine, 'gwports_requirements', path='firewall-requirements')
class VirtualMachineRequirementsView(MachineTab):
    queryset = VirtualMachine.objects.all()


@register_model_view(Gateway, 'requirements')
class GatewayRequirementsView(RequirementsTab):
    queryset = Gateway.objects.all()
    tab = ViewTab(label=_('Firewall Requirements'), weight=500)


class SeveralTab(RulesMixin, generic.ObjectView):
    """The tab of an object with several gateways; ``get_gateways`` gives an unrestricted queryset of them."""

    additional_permissions = ('netbox_gwports.view_gateway',)
    layout = Layout(Row(Column(RulesSummaryPanel())), *RULES)

    def get_rules(self, request, instance, filters):
        every = self.get_gateways(request, instance)
        seen = every.restrict(request.user, 'view').order_by('pk')
        gateways = list(seen.select_related('device', 'virtual_machine')[:MOST_TOGETHER])
        unseen = RequiredFlow.objects.needed().filter(gateway__in=every.exclude(pk__in=seen.order_by().values('pk')))
        report = RulesReport(filters, standings(gateways, request.user), unseen_flows=unseen.count())
        omitted = seen.count() - len(gateways) if len(gateways) == MOST_TOGETHER else 0
        return {'report': report, 'omitted': omitted}


@register_model_view(GatewayGroup, 'requirements')
class GatewayGroupRequirementsView(SeveralTab):
    queryset = GatewayGroup.objects.all()
    tab = ViewTab(
        label=_('Firewall Requirements'),
        badge=gateways_in,
        permission='netbox_gwports.view_gateway',
        weight=500,
        hide_if_empty=True,
    )

    def get_gateways(self, request, instance):
        return Gateway.objects.filter(group=instance)


@register_model_view(Site, 'gwports_requirements', path='firewall-requirements')
class SiteRequirementsView(SeveralTab):
    queryset = Site.objects.all()
    tab = ViewTab(
        label=_('Firewall Requirements'),
        badge=gateways_at,
        permission='netbox_gwports.view_gateway',
        weight=1500,
        hide_if_empty=True,
    )

    def get_gateways(self, request, instance):
        return Gateway.objects.filter(at_sites(Gateway, [instance.pk]))
