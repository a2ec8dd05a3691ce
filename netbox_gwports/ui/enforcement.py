"""Panels of the tab with the rules for a firewall."""

from django.utils.translation import gettext_lazy as _

from ..object_actions import ExportRules
from .rule_panels import RulesPanel

__all__ = ('EnforcementPanel',)


class EnforcementPanel(RulesPanel):
    """The firewall with its gateways and zones, the standing of its rules in numbers, and the filters."""

    template_name = 'netbox_gwports/panels/enforcement.html'
    title = _('Enforcement Point')

    def get_context(self, context):
        point, report, user = context['point'], context['report'], context['request'].user
        return {
            **super().get_context(context),
            'point': point,
            'zones': point.zones.restrict(user, 'view').filter(separated=True),
            'gateways': [resolution.gateway for resolution in report.resolutions],
            'open_items': [u for resolution in report.resolutions for u in resolution.unresolved if u.is_open_item],
            'export': ExportRules.render(context, point),
            'filters': context['filters'],
        }
