"""Panels of the requirements tab, and the one on the device's main page."""

from django.utils.translation import gettext_lazy as _
from netbox.ui.panels import Panel

from ..models import GatewayProfile
from ..object_actions import ExportRules
from ..requirements import flows_of_endpoint
from ..tables.requirements import LineTable, NotOpenedTable
from .panels import PartialProfilePanel
from .rule_panels import RulesPanel, line_table

__all__ = (
    'EndpointFlowsPanel',
    'FoldedPanel',
    'GatewaySummaryPanel',
    'MachineGatewayPanel',
    'OpenItemsPanel',
    'PartialPanel',
)

# Columns of lines that are neither selected nor open
UNUSED = ('pk', 'firewalls')


class ReportPanel(RulesPanel):
    """Shows a part of the ``report`` (ui.report.Report) of one gateway."""

    def get_context(self, context):
        return {**super().get_context(context), 'gateway': context['gateway']}


class PartialPanel(PartialProfilePanel):
    """The warning for a gateway. What is missing is only shown to users who may view the profile."""

    def get_context(self, context):
        found = super().get_context(context)
        visible = GatewayProfile.objects.restrict(context['request'].user, 'view')
        if found['missing'] and not visible.filter(pk=found['profile'].pk).exists():
            found['missing'] = ''
        return found

    def get_profile(self, context):
        return context['gateway'].profile


class GatewaySummaryPanel(ReportPanel):
    """The gateway, the summary and the filters."""

    template_name = 'netbox_gwports/panels/summary.html'
    title = _('Gateway')

    def get_context(self, context):
        addresses = context['gateway'].addresses.select_related('ip_address')
        request = context['request']
        return {
            **super().get_context(context),
            'addresses': addresses.restrict(request.user, 'view'),
            'export': ExportRules.render(context, context['gateway']),
            'features': context['gateway'].features.restrict(request.user, 'view'),
            'filters': context['filters'],
        }


class OpenItemsPanel(ReportPanel):
    """Open items, each with a link to the form that resolves it."""

    template_name = 'netbox_gwports/panels/open_items.html'
    title = _('Open Items')

    def should_render(self, context):
        report = context['report']
        return bool(report.open_items or report.plan or report.already_permitted)


class FoldedPanel(ReportPanel):
    """Rules and flows that need no action, collapsed, with their number."""

    template_name = 'netbox_gwports/panels/folded.html'

    def get_context(self, context):
        report = context['report']
        parts = [
            (_('Covered by a broader rule'), line_table(LineTable, report.covered, context, exclude=UNUSED)),
            (
                _('Same segment (not crossing a firewall)'),
                line_table(LineTable, report.same_segment, context, exclude=UNUSED),
            ),
            (_('Listed by the vendor but not opened'), line_table(NotOpenedTable, report.not_opened, context)),
        ]
        return {**super().get_context(context), 'parts': [(label, table) for label, table in parts if len(table.rows)]}


class EndpointFlowsPanel(Panel):
    """On the page of an endpoint: the required flows that resolve to it, which deleting it would change."""

    template_name = 'netbox_gwports/panels/endpoint_flows.html'
    title = _('Flows Using This Endpoint')

    def get_context(self, context):
        return {**super().get_context(context), 'flows': flows_of_endpoint(context['object'], context['request'].user)}


class MachineGatewayPanel(Panel):
    """On the main page of a device or virtual machine: the profile and the summary of its requirements."""

    template_name = 'netbox_gwports/panels/machine.html'
    title = _('Firewall Requirements')

    def get_context(self, context):
        return {
            **super().get_context(context),
            'gateway': context['gateway'],
            'report': context['report'],
            'tab_url': context['tab_url'],
        }
