from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import AddObject, BulkDelete, BulkExport, CloneObject, DeleteObject, EditObject
from netbox.ui.layout import SimpleLayout
from netbox.ui.panels import CommentsPanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import RemoteEndpoint
from ..ui import panels

__all__ = (
    'RemoteEndpointBulkDeleteView',
    'RemoteEndpointDeleteView',
    'RemoteEndpointEditView',
    'RemoteEndpointListView',
    'RemoteEndpointView',
)

LIST_ACTIONS = (AddObject, BulkExport, BulkDelete)
DETAIL_ACTIONS = (CloneObject, EditObject, DeleteObject)


@register_model_view(RemoteEndpoint, 'list', path='', detail=False)
class RemoteEndpointListView(generic.ObjectListView):
    queryset = RemoteEndpoint.objects.all()
    filterset = filtersets.RemoteEndpointFilterSet
    filterset_form = forms.RemoteEndpointFilterForm
    table = tables.RemoteEndpointTable
    actions = LIST_ACTIONS


@register_model_view(RemoteEndpoint)
class RemoteEndpointView(generic.ObjectView):
    queryset = RemoteEndpoint.objects.all()
    template_name = 'generic/object.html'
    actions = DETAIL_ACTIONS
    layout = SimpleLayout(
        left_panels=[panels.RemoteEndpointPanel(), panels.EndpointMembersPanel(), CommentsPanel()],
        right_panels=[CustomFieldsPanel(), TagsPanel()],
    )


@register_model_view(RemoteEndpoint, 'add', detail=False)
@register_model_view(RemoteEndpoint, 'edit')
class RemoteEndpointEditView(generic.ObjectEditView):
    queryset = RemoteEndpoint.objects.all()
    form = forms.RemoteEndpointForm


@register_model_view(RemoteEndpoint, 'delete')
class RemoteEndpointDeleteView(generic.ObjectDeleteView):
    queryset = RemoteEndpoint.objects.all()


@register_model_view(RemoteEndpoint, 'bulk_delete', path='delete', detail=False)
class RemoteEndpointBulkDeleteView(generic.BulkDeleteView):
    queryset = RemoteEndpoint.objects.all()
    filterset = filtersets.RemoteEndpointFilterSet
    table = tables.RemoteEndpointTable
