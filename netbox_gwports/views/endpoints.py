from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.ui.breadcrumbs import Breadcrumb
from netbox.ui.layout import SimpleLayout
from netbox.ui.panels import CommentsPanel, RelatedObjectsPanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import RemoteEndpoint, RequiredFlow
from ..requirements import flows_of_endpoint
from ..requirements.conflicts import zone_conflicts
from ..ui import panels
from ..ui.requirements import EndpointFlowsPanel
from .common import ObjectListView, ObjectView

__all__ = ('RemoteEndpointListView',)


@register_model_view(RemoteEndpoint, 'list', path='', detail=False)
class RemoteEndpointListView(ObjectListView):
    queryset = RemoteEndpoint.objects.all()
    filterset = filtersets.RemoteEndpointFilterSet
    filterset_form = forms.RemoteEndpointFilterForm
    table = tables.RemoteEndpointTable
    import_form = forms.RemoteEndpointImportForm
    lists = (*RemoteEndpoint.MEMBER_LISTS, *RemoteEndpoint.SCOPE_LISTS.values())


@register_model_view(RemoteEndpoint)
class RemoteEndpointView(ObjectView):
    queryset = RemoteEndpoint.objects.all()
    related = ((RequiredFlow, 'endpoints', 'endpoint_id'),)
    layout = SimpleLayout(
        left_panels=[panels.RemoteEndpointPanel(), panels.EndpointMembersPanel(), CommentsPanel()],
        right_panels=[EndpointFlowsPanel(), RelatedObjectsPanel(), CustomFieldsPanel(), TagsPanel()],
        breadcrumbs=[Breadcrumb('role')],
    )


@register_model_view(RemoteEndpoint, 'add', detail=False)
@register_model_view(RemoteEndpoint, 'edit')
class RemoteEndpointEditView(generic.ObjectEditView):
    queryset = RemoteEndpoint.objects.all()
    form = forms.RemoteEndpointForm

    def get_object(self, **kwargs):
        self.saved = super().get_object(**kwargs)
        return self.saved

    def post(self, request, *args, **kwargs):
        response = super().post(request, *args, **kwargs)
        if response.status_code == 302 and self.saved.pk:
            for conflict in zone_conflicts(self.saved, request.user):
                messages.warning(request, conflict)
        return response


@register_model_view(RemoteEndpoint, 'delete')
class RemoteEndpointDeleteView(generic.ObjectDeleteView):
    queryset = RemoteEndpoint.objects.all()

    def post(self, request, *args, **kwargs):
        endpoint = self.get_object(**kwargs)
        flows = flows_of_endpoint(endpoint, request.user)
        response = super().post(request, *args, **kwargs)
        if flows and not RemoteEndpoint.objects.filter(pk=endpoint.pk).exists():
            text = ngettext('{n} flow is affected: {flows}', '{n} flows are affected: {flows}', len(flows))
            listed = ', '.join(f'{gateway.name} {flow.name} ({flow.purpose})' for gateway, flow in flows[:10])
            more = _(' and more') if len(flows) > 10 else ''
            messages.warning(request, text.format(n=len(flows), flows=listed + more))
        return response


@register_model_view(RemoteEndpoint, 'bulk_import', path='import', detail=False)
class RemoteEndpointBulkImportView(generic.BulkImportView):
    queryset = RemoteEndpoint.objects.all()
    model_form = forms.RemoteEndpointImportForm


@register_model_view(RemoteEndpoint, 'bulk_edit', path='edit', detail=False)
class RemoteEndpointBulkEditView(generic.BulkEditView):
    queryset = RemoteEndpoint.objects.all()
    filterset = filtersets.RemoteEndpointFilterSet
    table = tables.RemoteEndpointTable
    form = forms.RemoteEndpointBulkEditForm


@register_model_view(RemoteEndpoint, 'bulk_rename', path='rename', detail=False)
class RemoteEndpointBulkRenameView(generic.BulkRenameView):
    queryset = RemoteEndpoint.objects.all()
    filterset = filtersets.RemoteEndpointFilterSet


@register_model_view(RemoteEndpoint, 'bulk_delete', path='delete', detail=False)
class RemoteEndpointBulkDeleteView(generic.BulkDeleteView):
    queryset = RemoteEndpoint.objects.all()
    filterset = filtersets.RemoteEndpointFilterSet
    table = tables.RemoteEndpointTable
