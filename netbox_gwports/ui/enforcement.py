"""Panels of the firewall rules tab."""

from django.utils.translation import gettext_lazy as _
from netbox.ui.panels import Panel

from ..choices import ZoneChoices
from ..object_actions import ExportRules
from ..rules.compact import compact
from ..tables.requirements import FirewallLinesTable
from .headline import headline, standing_counts

__all__ = ('EnforcementPanel', 'FirewallLinesPanel')


class EnforcementPanel(Panel):
    """The firewall with its gateways and zones, and the standing of its rules in numbers."""

    template_name = 'netbox_gwports/panels/enforcement.html'
    title = _('Enforcement Point')

    def get_context(self, context):
        point, material, user = context['point'], context['material'], context['request'].user
        rules = [rule for resolution in material.resolutions for rule in resolution.effective_rules]
        return {
            **super().get_context(context),
            'point': point,
            'zones': point.zones.restrict(user, 'view').filter(separated=True),
            'gateways': [resolution.gateway for resolution in material.resolutions],
            'summary': headline(standing_counts(rules)),
            'open_items': [u for resolution in material.resolutions for u in resolution.unresolved if u.is_open_item],
            'hidden': material.hidden,
            'export': ExportRules.render(context, point),
        }


class FirewallLinesPanel(Panel):
    """One table of lines per zone, each line with its gateways."""

    template_name = 'netbox_gwports/panels/lines.html'

    def get_context(self, context):
        rules = [rule for resolution in context['material'].resolutions for rule in resolution.effective_rules]
        lines = compact(rules, separate_by=lambda rule: rule.standing, twins=True)
        zones = [(label, [line for line in lines if line.zone == zone]) for zone, label in ZoneChoices]
        return {
            **super().get_context(context),
            'zones': [(label, FirewallLinesTable(found, orderable=False)) for label, found in zones if found],
        }
