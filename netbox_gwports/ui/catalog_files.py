"""Panels that compare two releases: of a profile, and for one gateway."""

from django.utils.translation import gettext_lazy as _
from netbox.ui.panels import Panel

from ..choices import DifferenceChoices
from ..rules.compact import compact
from ..tables.catalog_files import DifferenceTable
from ..tables.plans import StepTable
from ..tables.requirements import LineTable

__all__ = ('DifferencePanel', 'UpgradePanel')


class DifferencePanel(Panel):
    """The flow templates of two releases; unchanged ones are collapsed."""

    template_name = 'netbox_gwports/panels/difference.html'
    title = _('Compare Releases')

    def get_context(self, context):
        found = context['difference']
        entries = found.entries if found else ()
        return {
            **super().get_context(context),
            'form': context['form'],
            'difference': found,
            'counts': _counts(found) if found else '',
            'differing': DifferenceTable([e for e in entries if e.kind != 'same'], orderable=False),
            'same': DifferenceTable([e for e in entries if e.kind == 'same'], orderable=False, exclude=('facts',)),
        }


class UpgradePanel(Panel):
    """What an upgrade opens and closes for one gateway, with buttons to prepare, complete or cancel it."""

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


def _counts(difference):
    """Number of templates for each kind of difference: "2 added, 1 removed"."""
    return ', '.join(
        f'{difference.counts[kind]} {str(label).lower()}'
        for kind, label in DifferenceChoices
        if difference.counts.get(kind)
    )


def _lines(rules):
    # Standing and tickets apply to the current rules, not to those that are opened or closed
    return LineTable(compact(rules, twins=True), orderable=False, exclude=('standing', 'tickets'))
