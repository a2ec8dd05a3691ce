"""Panels of the pages that show rules with their standing: of a gateway, a group, a site or a firewall."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from netbox.ui.panels import Panel

from ..choices import StandingChoices
from ..tables.columns import FORM
from ..tables.requirements import GatewayLinesTable, LineTable

__all__ = ('LinesPanel', 'RuleActionsPanel', 'RulesPanel', 'RulesSummaryPanel', 'ToClosePanel', 'UnapprovedPanel')

S = StandingChoices
CHANGE = 'netbox_gwports.{}_changerequest'
# Name of the view, label, icon, color, permissions of which one is needed, standings that it can be taken for
ACTIONS = (
    (
        'changerequest_request_rules',
        _('Request'),
        'file-document-plus-outline',
        'primary',
        (CHANGE.format('add'), CHANGE.format('change')),
        (S.NOT_REQUESTED, S.REJECTED, S.UNAPPROVED, S.TO_CLOSE),
    ),
    (
        'changerequest_approve_rules',
        _('Approve'),
        'check-decagram-outline',
        'green',
        (CHANGE.format('approve'),),
        (S.REQUESTED, S.UNAPPROVED, S.TO_CLOSE),
    ),
    (
        'changerequest_record_rules',
        _('Record as implemented'),
        'wall-fire',
        'teal',
        (CHANGE.format('implement'),),
        tuple(standing for standing in S.values() if standing != S.IN_PLACE),
    ),
    (
        'gateway_review_rules',
        _('Review'),
        'eye-check-outline',
        'cyan',
        ('netbox_gwports.review_gateway',),
        S.values(),
    ),
)


def rule_actions(user, counts):
    """(URL, label, icon, color) of what the user may do with rules of these standings."""
    return [
        (reverse(f'plugins:netbox_gwports:{name}'), label, icon, style)
        for name, label, icon, style, permissions, standings in ACTIONS
        if any(counts[standing] for standing in standings) and any(user.has_perm(name) for name in permissions)
    ]


def line_table(cls, rows, context, **kwargs):
    """Sorted by the ``sort`` parameter of the request; not paginated, since these tables are short."""
    table = cls(list(rows), orderable=True, **kwargs)
    if sort := context['request'].GET.getlist('sort'):
        table.order_by = sort
    return table


class RulesPanel(Panel):
    """Shows a part of the page's ``report`` (ui.rules.RulesReport)."""

    def get_context(self, context):
        return {**super().get_context(context), 'report': context['report']}

    def actions_of(self, context):
        report = context['report']
        return rule_actions(context['request'].user, report.counts)


class RulesSummaryPanel(RulesPanel):
    """The gateways, the numbers and the filters."""

    template_name = 'netbox_gwports/panels/rules_summary.html'
    title = _('Gateways')

    def get_context(self, context):
        found = super().get_context(context)
        gateways = [resolution.gateway for resolution in found['report'].resolutions]
        return {**found, 'gateways': gateways, 'filters': context['filters'], 'omitted': context['omitted']}


class RuleActionsPanel(RulesPanel):
    """Buttons for the selected lines of all tables."""

    template_name = 'netbox_gwports/panels/rule_actions.html'

    def get_context(self, context):
        return {
            **super().get_context(context),
            'buttons': self.actions_of(context),
            'form': FORM,
            'gateways': [resolution.gateway.id for resolution in context['report'].resolutions],
            'return_url': context['request'].get_full_path(),
        }

    def should_render(self, context):
        return bool(context['buttons'])


class LinesPanel(RulesPanel):
    """One table of lines per zone, inbound before outbound."""

    template_name = 'netbox_gwports/panels/lines.html'
    exclude = ('zone', 'firewalls')
    empty = _('No rules found')

    def get_context(self, context):
        report = context['report']
        cls = LineTable if len(report.standings) == 1 else GatewayLinesTable
        selectable = bool(self.actions_of(context))
        return {
            **super().get_context(context),
            'parts': [
                (
                    label,
                    sum(len(line.rules) for line in lines),
                    line_table(cls, lines, context, actions=selectable, exclude=self.exclude),
                )
                for label, lines in self.parts(report)
            ],
            'empty': self.empty,
        }

    def parts(self, report):
        """(label, lines) of each table."""
        return [(label, lines) for _zone, label, lines in report.zones]


class ToClosePanel(LinesPanel):
    """What is open although no flow requires it."""

    exclude = ()
    empty = ''

    def parts(self, report):
        return [(_('To Close'), report.to_close)] if report.to_close else []


class UnapprovedPanel(LinesPanel):
    """What is required and open, but not approved."""

    exclude = ()
    empty = ''

    def parts(self, report):
        return [(_('Open Without Approval'), report.unapproved)] if report.unapproved else []
