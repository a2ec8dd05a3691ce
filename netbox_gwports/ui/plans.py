"""The plan of a gateway on its page."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from netbox.ui.panels import Panel

from ..reconcile import Plan
from ..tables.plans import StepTable

__all__ = ('PlanPanel', 'described')


def described(plan: Plan) -> str:
    """A plan in words and numbers: "3 needs to add, 1 to drop"."""
    counts = plan.counts
    parts = [
        (counts['create'], ngettext('{n} need to add', '{n} needs to add', counts['create'])),
        (counts['update'], _('{n} to change')),
        (counts['retire'], _('{n} to close')),
        (counts['delete'], _('{n} to drop')),
        (plan.hidden, _('{n} not visible to you')),
    ]
    return ', '.join(text.format(n=n) for n, text in parts if n) or _('nothing to do')


class PlanPanel(Panel):
    """What is to be done, flow by flow, with the button that does it."""

    template_name = 'netbox_gwports/panels/plan.html'
    title = gettext_lazy('Update from profile')

    def get_context(self, context):
        plan = context['plan']
        return {
            **super().get_context(context),
            **{name: context[name] for name in ('plan', 'digest', 'may_apply', 'return_url')},
            'gateway': context['object'],
            'described': described(plan),
            'table': StepTable([{'action': action, 'change': change} for action, change in plan.steps]),
        }
