from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.ui.breadcrumbs import Breadcrumb
from netbox.ui.layout import SimpleLayout
from netbox.ui.panels import CommentsPanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import RequiredFlow
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


@register_model_view(RequiredFlow, 'bulk_edit', path='edit', detail=False)
class RequiredFlowBulkEditView(generic.BulkEditView):
    queryset = RequiredFlow.objects.select_related('gateway__device', 'gateway__virtual_machine')
    filterset = filtersets.RequiredFlowFilterSet
    table = tables.RequiredFlowTable
    form = forms.RequiredFlowBulkEditForm


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
