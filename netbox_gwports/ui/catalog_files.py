"""Panels with two releases side by side: for the profiles, and for one gateway."""

from django.utils.translation import gettext_lazy as _
from netbox.ui.panels import Panel

from ..rules.compact import compact
from ..tables.catalog_files import DifferenceTable
from ..tables.plans import StepTable
from ..tables.requirements import LineTable

__all__ = ('DifferencePanel', 'UpgradePanel')


class DifferencePanel(Panel):
    """The needs of two releases, those that are the same last and folded away."""

    template_name = 'netbox_gwports/panels/difference.html'
    title = _('Compare releases')

    def get_context(self, context):
        found = context['difference']
        entries = found.entries if found else ()
        return {
            **super().get_context(context),
            'form': context['form'],
            'difference': found,
            'differing': DifferenceTable([e for e in entries if e.kind != 'same'], orderable=False),
            'same': DifferenceTable([e for e in entries if e.kind == 'same'], orderable=False, exclude=('facts',)),
        }


class UpgradePanel(Panel):
    """What an upgrade opens and closes at one gateway, with the buttons of its two steps."""

    template_name = 'netbox_gwports/panels/upgrade.html'
    title = _('Upgrade')

    def get_context(self, context):
        found = context['upgrade']
        opens, closes, steps = (found.opens, found.closes, found.plan.steps) if found else ((), (), ())
        return {
            **super().get_context(context),
            **{name: context[name] for name in ('form', 'upgrade', 'may_change')},
            'gateway': context['object'],
            'opens': _lines(opens),
            'closes': _lines(closes),
            'steps': StepTable([{'action': action, 'change': change} for action, change in steps], orderable=False),
        }


def _lines(rules):
    # State and ticket are those of today, and here everything is to be done
    return LineTable(compact(rules, twins=True), orderable=False, exclude=('state', 'ticket'))
