"""Change requests and sign-offs."""

from django.db.models import Count, Q
from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import AddObject, BulkEdit, BulkExport, CloneObject, DeleteObject, EditObject
from netbox.ui.layout import SimpleLayout
from netbox.ui.panels import CommentsPanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..changes.progress import next_steps, progress
from ..models import ChangeLine, ChangeRequest, SignOff
from ..object_actions import STEPS
from ..ui import changes as panels

__all__ = ('ChangeRequestListView', 'SignOffListView', 'lines_of')

#
# Change requests
#


@register_model_view(ChangeRequest, 'list', path='', detail=False)
class ChangeRequestListView(generic.ObjectListView):
    queryset = ChangeRequest.objects.all()
    filterset = filtersets.ChangeRequestFilterSet
    filterset_form = forms.ChangeRequestFilterForm
    table = tables.ChangeRequestTable
    # Nothing to import: lines come from rules
    actions = (AddObject, BulkExport, BulkEdit)

    def get_queryset(self, request):
        visible = ChangeLine.objects.restrict(request.user, 'view')
        return super().get_queryset(request).annotate(line_count=Count('lines', filter=Q(lines__in=visible)))


def lines_of(change_request, user):
    """The lines that the user may view, in the order in which they were added, and the number of the others."""
    every = list(change_request.lines.select_related('change_request').order_by('pk'))
    visible = set(
        ChangeLine.objects.restrict(user, 'view').filter(change_request=change_request).values_list('pk', flat=True)
    )
    lines = [line for line in every if line.pk in visible]
    return lines, len(every) - len(lines)


@register_model_view(ChangeRequest)
class ChangeRequestView(generic.ObjectView):
    queryset = ChangeRequest.objects.all()
    template_name = 'generic/object.html'
    actions = (*STEPS, CloneObject, EditObject, DeleteObject)
    layout = SimpleLayout(
        left_panels=[panels.ChangeRequestPanel(), panels.ChangePlanPanel(), CommentsPanel()],
        right_panels=[panels.ProgressPanel(), panels.TimelinePanel(), CustomFieldsPanel(), TagsPanel()],
        bottom_panels=[panels.ChangeLinesPanel()],
    )

    def get_permitted_actions(self, user, model=None):
        """Only the steps that can be taken now, by this user."""
        steps = next_steps(model, self._progress(model)[2])
        return [
            action
            for action in super().get_permitted_actions(user, model)
            if action not in STEPS or (action.name in steps and action.is_permitted(user, model))
        ]

    def get_extra_context(self, request, instance):
        lines, sign_offs, found = self._progress(instance)
        shown, unseen = lines_of(instance, request.user)
        return {
            'lines': shown,
            'unseen_lines': unseen,
            'sign_offs': SignOff.objects.restrict(request.user, 'view').filter(change_request=instance),
            'progress': None if instance.is_draft else found,
        }

    def _progress(self, instance):
        """(lines, sign-offs, progress), each once for a request."""
        if not hasattr(instance, '_gwports_progress'):
            lines = list(instance.lines.select_related('change_request').order_by('pk'))
            sign_offs = list(instance.sign_offs.order_by('pk'))
            instance._gwports_progress = lines, sign_offs, progress(lines, sign_offs)
        return instance._gwports_progress


@register_model_view(ChangeRequest, 'add', detail=False)
@register_model_view(ChangeRequest, 'edit')
class ChangeRequestEditView(generic.ObjectEditView):
    queryset = ChangeRequest.objects.all()
    form = forms.ChangeRequestForm


@register_model_view(ChangeRequest, 'delete')
class ChangeRequestDeleteView(generic.ObjectDeleteView):
    queryset = ChangeRequest.objects.all()


@register_model_view(ChangeRequest, 'bulk_edit', path='edit', detail=False)
class ChangeRequestBulkEditView(generic.BulkEditView):
    queryset = ChangeRequest.objects.all()
    filterset = filtersets.ChangeRequestFilterSet
    table = tables.ChangeRequestTable
    form = forms.ChangeRequestBulkEditForm


#
# Sign-offs
#


@register_model_view(SignOff, 'list', path='', detail=False)
class SignOffListView(generic.ObjectListView):
    queryset = SignOff.objects.order_by('-pk')
    filterset = filtersets.SignOffFilterSet
    filterset_form = forms.SignOffFilterForm
    table = tables.SignOffTable
    actions = (BulkExport,)


@register_model_view(SignOff)
class SignOffView(generic.ObjectView):
    queryset = SignOff.objects.all()
    template_name = 'netbox_gwports/signoff.html'
    actions = ()
    layout = SimpleLayout(left_panels=[panels.SignOffPanel()], bottom_panels=[panels.ChangeLinesPanel()])

    def get_extra_context(self, request, instance):
        if instance.change_request is None:
            return {'lines': ()}
        lines, _unseen = lines_of(instance.change_request, request.user)
        # Those that were implemented or rolled back; a decision is about all of them
        chosen = [line for line in lines if not instance.lines or line.pk in instance.lines]
        return {'lines': chosen}
