from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext
from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.ui.breadcrumbs import Breadcrumb
from netbox.ui.layout import SimpleLayout
from netbox.ui.panels import CommentsPanel
from netbox.views import generic
from utilities.jobs import is_background_request
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import RequiredFlow
from ..models.flows import ONE_AT_A_TIME
from ..ui import panels
from .common import ObjectListView, ObjectView

__all__ = ('RequiredFlowListView',)


@register_model_view(RequiredFlow, 'list', path='', detail=False)
class RequiredFlowListView(ObjectListView):
    queryset = RequiredFlow.objects.select_related('gateway__device', 'gateway__virtual_machine')
    filterset = filtersets.RequiredFlowFilterSet
    filterset_form = forms.RequiredFlowFilterForm
    table = tables.RequiredFlowTable
    import_form = forms.RequiredFlowImportForm
    lists = ('endpoints',)


@register_model_view(RequiredFlow)
class RequiredFlowView(ObjectView):
    queryset = RequiredFlow.objects.all()
    layout = SimpleLayout(
        left_panels=[panels.FlowPanel(), CommentsPanel()],
        right_panels=[panels.FlowDecisionPanel(), CustomFieldsPanel(), TagsPanel()],
        breadcrumbs=[Breadcrumb('gateway')],
    )


@register_model_view(RequiredFlow, 'add', detail=False)
@register_model_view(RequiredFlow, 'edit')
class RequiredFlowEditView(generic.ObjectEditView):
    queryset = RequiredFlow.objects.all()
    form = forms.RequiredFlowForm


@register_model_view(RequiredFlow, 'delete')
class RequiredFlowDeleteView(generic.ObjectDeleteView):
    queryset = RequiredFlow.objects.all()


@register_model_view(RequiredFlow, 'bulk_import', path='import', detail=False)
class RequiredFlowBulkImportView(generic.BulkImportView):
    queryset = RequiredFlow.objects.all()
    model_form = forms.RequiredFlowImportForm

    def create_and_update_objects(self, form, request):
        saved = super().create_and_update_objects(form, request)
        if sum(flow.is_overruled for flow in saved) > 1:
            raise ValidationError(ONE_AT_A_TIME)
        return saved


@register_model_view(RequiredFlow, 'bulk_edit', path='edit', detail=False)
class RequiredFlowBulkEditView(generic.BulkEditView):
    queryset = RequiredFlow.objects.select_related('gateway__device', 'gateway__virtual_machine')
    filterset = filtersets.RequiredFlowFilterSet
    table = tables.RequiredFlowTable
    form = forms.RequiredFlowBulkEditForm

    def _update_objects(self, form, request):
        chosen, status = form.cleaned_data['pk'], form.cleaned_data['status']
        skipped = [flow.pk for flow in chosen if status and flow.is_kept_from(status)]
        form.cleaned_data['pk'] = [flow.pk for flow in chosen if flow.pk not in skipped]
        updated = super()._update_objects(form, request)
        if skipped:
            self._tell_skipped(request, len(skipped))
        return updated

    def _tell_skipped(self, request, n):
        text = ngettext(
            'Skipped {n} flow that is waived or rejected. Change its status by editing it, with a new justification.',
            'Skipped {n} flows that are waived or rejected. Change their status by editing each of them, with a new '
            'justification.',
            n,
        ).format(n=n)
        if is_background_request(request):
            request.job.logger.warning(text)
        else:
            messages.warning(request, text)


@register_model_view(RequiredFlow, 'bulk_rename', path='rename', detail=False)
class RequiredFlowBulkRenameView(generic.BulkRenameView):
    queryset = RequiredFlow.objects.all()
    filterset = filtersets.RequiredFlowFilterSet
    rename_fields = ('name', 'purpose')


@register_model_view(RequiredFlow, 'bulk_delete', path='delete', detail=False)
class RequiredFlowBulkDeleteView(generic.BulkDeleteView):
    queryset = RequiredFlow.objects.select_related('gateway__device', 'gateway__virtual_machine')
    filterset = filtersets.RequiredFlowFilterSet
    table = tables.RequiredFlowTable
