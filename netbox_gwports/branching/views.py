"""The tab of a branch: what merging it opens and closes."""

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from netbox.ui.layout import Column, Layout, Row
from netbox.ui.panels import Panel
from netbox.views import generic
from netbox_branching.models import Branch
from utilities.views import ViewTab, register_model_view

from .changes import changes_of
from .text import notices, rows

__all__ = ('BranchFirewallChangesView',)


class ChangesSummaryPanel(Panel):
    """How much opens and closes, and what is not shown."""

    template_name = 'netbox_gwports/panels/branch_summary.html'
    title = _('Firewall Changes')

    def get_context(self, context):
        changes = context['changes']
        return {
            **super().get_context(context),
            'changes': changes,
            'notices': notices(changes),
            'branch': context['object'],
        }


class ChangesPanel(Panel):
    """A table for each gateway or enforcement point; ``kind`` is the attribute of Changes."""

    template_name = 'netbox_gwports/panels/branch_changes.html'

    def __init__(self, kind, **kwargs):
        super().__init__(**kwargs)
        self.kind = kind

    def get_context(self, context):
        found = getattr(context['changes'], self.kind)
        return {
            **super().get_context(context),
            'entries': [(changes, rows(changes)) for changes in found],
            'with_gateways': self.kind == 'points',
        }

    def should_render(self, context):
        return bool(context['entries'])


@register_model_view(Branch, 'gwports_changes', path='firewall-changes')
class BranchFirewallChangesView(generic.ObjectView):
    queryset = Branch.objects.all()
    template_name = 'generic/object.html'
    additional_permissions = ('netbox_gwports.view_gateway',)
    actions = ()
    tab = ViewTab(
        label=_('Firewall Changes'),
        # Before it is ready a branch has no rules, and after the merge main has the same
        visible=lambda branch: branch.ready,
        permission='netbox_gwports.view_gateway',
        weight=1500,
    )
    layout = Layout(
        Row(Column(ChangesSummaryPanel())),
        Row(Column(ChangesPanel('gateways', title=_('By Gateway')))),
        Row(Column(ChangesPanel('points', title=_('By Enforcement Point')))),
    )

    def get(self, request, **kwargs):
        branch = self.get_object(**kwargs)
        if not branch.ready:
            return redirect(branch)
        return super().get(request, **kwargs)

    def get_extra_context(self, request, instance):
        return {'changes': changes_of(instance, request.user)}
