from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import AddObject, BulkDelete, BulkExport, CloneObject, DeleteObject, EditObject
from netbox.ui.layout import SimpleLayout
from netbox.ui.panels import CommentsPanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import RequiredFlow
from ..ui import panels

__all__ = (
    'RequiredFlowBulkDeleteView',
    'RequiredFlowDeleteView',
    'RequiredFlowEditView',
    'RequiredFlowListView',
    'RequiredFlowView',
)

LIST_ACTIONS = (AddObject, BulkExport, BulkDelete)
DETAIL_ACTIONS = (CloneObject, EditObject, DeleteObject)


@register_model_view(RequiredFlow, 'list', path='', detail=False)
class RequiredFlowListView(generic.ObjectListView):
    queryset = RequiredFlow.objects.all()
    filterset = filtersets.RequiredFlowFilterSet
    filterset_form = forms.RequiredFlowFilterForm
    table = tables.RequiredFlowTable
    actions = LIST_ACTIONS


@register_model_view(RequiredFlow)
class RequiredFlowView(generic.ObjectView):
    queryset = RequiredFlow.objects.all()
    template_name = 'generic/object.html'
    actions = DETAIL_ACTIONS
    layout = SimpleLayout(
        left_panels=[panels.FlowPanel(), CommentsPanel()],
        right_panels=[panels.FlowDecisionPanel(), CustomFieldsPanel(), TagsPanel()],
    )


@register_model_view(RequiredFlow, 'add', detail=False)
@register_model_view(RequiredFlow, 'edit')
class RequiredFlowEditView(generic.ObjectEditView):
    queryset = RequiredFlow.objects.all()
    form = forms.RequiredFlowForm


@register_model_view(RequiredFlow, 'delete')
class RequiredFlowDeleteView(generic.ObjectDeleteView):
    queryset = RequiredFlow.objects.all()


@register_model_view(RequiredFlow, 'bulk_delete', path='delete', detail=False)
class RequiredFlowBulkDeleteView(generic.BulkDeleteView):
    queryset = RequiredFlow.objects.all()
    filterset = filtersets.RequiredFlowFilterSet
    table = tables.RequiredFlowTable
