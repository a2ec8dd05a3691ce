"""The panel with the pending changes of a gateway."""

from django.utils.translation import gettext_lazy as _
from netbox.ui.panels import Panel

from ..tables.plans import StepTable

__all__ = ('PlanPanel',)


class PlanPanel(Panel):
    """Pending changes to the required flows, with a button to apply them."""

    template_name = 'netbox_gwports/panels/plan.html'
    title = _('Update from Profile')

    def get_context(self, context):
        plan = context['plan']
        return {
            **super().get_context(context),
            **{name: context[name] for name in ('plan', 'digest', 'may_apply', 'return_url')},
            'gateway': context['object'],
            'table': StepTable([{'action': action, 'change': change} for action, change in plan.steps]),
        }
