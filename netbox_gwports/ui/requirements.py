"""Panels of the requirements tab, and the one on the device's main page."""

from django.utils.translation import gettext_lazy as _
from netbox.ui.panels import Panel

from ..models import GatewayProfile
from ..object_actions import ExportRules
from ..requirements import needs_of
from ..tables.requirements import LineTable, NotOpenedTable
from .panels import PartialProfilePanel

__all__ = (
    'AnswersPanel',
    'FoldedPanel',
    'GatewaySummaryPanel',
    'HostGatewayPanel',
    'LinesPanel',
    'NeedsPanel',
    'PartialPanel',
)


class ReportPanel(Panel):
    """Shows a part of ``report`` (a ui.report.Report) of the page."""

    def get_context(self, context):
        return {**super().get_context(context), 'report': context['report'], 'gateway': context['gateway']}


class PartialPanel(PartialProfilePanel):
    """The notice for a gateway. That there is more to ask for is no secret; what it is, belongs to the profile."""

    def get_context(self, context):
        found = super().get_context(context)
        visible = GatewayProfile.objects.restrict(context['request'].user, 'view')
        if found['missing'] and not visible.filter(pk=found['profile'].pk).exists():
            found['missing'] = ''
        return found

    def get_profile(self, context):
        return context['gateway'].profile


class GatewaySummaryPanel(ReportPanel):
    """The gateway, the verdict in words and numbers, and the filters."""

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
            'filters': context['filter_form'],
        }


class AnswersPanel(ReportPanel):
    """What somebody has to decide, one line a role, each with the button that mends it."""

    template_name = 'netbox_gwports/panels/answers.html'
    title = _('Needs an answer')

    def should_render(self, context):
        report = context['report']
        return bool(report.answers or report.complete.hidden or report.plan)


class LinesPanel(ReportPanel):
    """The lines, a table a zone, inbound before outbound."""

    template_name = 'netbox_gwports/panels/lines.html'

    def get_context(self, context):
        report = context['report']
        zones = [(label, _table(LineTable, lines, context)) for _zone, label, lines in report.zones]
        return {**super().get_context(context), 'zones': zones}


class FoldedPanel(ReportPanel):
    """What is there and needs nobody: folded away, with its count."""

    template_name = 'netbox_gwports/panels/folded.html'

    def get_context(self, context):
        report = context['report']
        parts = [
            (_('Covered by a broader opening'), _table(LineTable, report.covered, context)),
            (_('Same segment: no firewall sees it'), _table(LineTable, report.same_segment, context)),
            (_('Listed by the vendor, not opened here'), _table(NotOpenedTable, report.not_opened, context)),
        ]
        return {**super().get_context(context), 'parts': [(label, table) for label, table in parts if len(table.rows)]}


class NeedsPanel(Panel):
    """On the page of an endpoint: the needs that it answers now, which its end would change."""

    template_name = 'netbox_gwports/panels/needs.html'
    title = _('Needs that it answers')

    def get_context(self, context):
        return {**super().get_context(context), 'needs': needs_of(context['object'], context['request'].user)}


class HostGatewayPanel(Panel):
    """On the main page of a device or virtual machine: the profile, how many openings, how many need an answer."""

    template_name = 'netbox_gwports/panels/machine.html'
    title = _('Firewall requirements')

    def get_context(self, context):
        return {
            **super().get_context(context),
            'gateway': context['gateway'],
            'report': context['report'],
            'tab_url': context['tab_url'],
        }


def _table(cls, rows, context):
    """Sorted as the page's ``sort`` says; short enough to need no pages."""
    request = context['request']
    table = cls(list(rows), orderable=True)
    if sort := request.GET.getlist('sort'):
        table.order_by = sort
    return table
