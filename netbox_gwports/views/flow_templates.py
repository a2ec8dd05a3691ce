from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.ui.breadcrumbs import Breadcrumb
from netbox.ui.layout import SimpleLayout
from netbox.ui.panels import CommentsPanel, ObjectsTablePanel, RelatedObjectsPanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import FlowTemplate, RemoteRole, RequiredFlow
from ..ui import panels
from .common import ObjectListView, ObjectView, add_to_object

__all__ = ('FlowTemplateListView', 'RemoteRoleListView')

#
# Remote roles
#


@register_model_view(RemoteRole, 'list', path='', detail=False)
class RemoteRoleListView(ObjectListView):
    queryset = RemoteRole.objects.all()
    filterset = filtersets.RemoteRoleFilterSet
    filterset_form = forms.RemoteRoleFilterForm
    table = tables.RemoteRoleTable
    import_form = forms.RemoteRoleImportForm


@register_model_view(RemoteRole)
class RemoteRoleView(ObjectView):
    queryset = RemoteRole.objects.all()
    related = (
        (FlowTemplate, 'remote_role', 'role_id'),
        (RequiredFlow, 'remote_role', 'role_id'),
    )
    layout = SimpleLayout(
        left_panels=[panels.RemoteRolePanel(), CommentsPanel()],
        right_panels=[RelatedObjectsPanel(), CustomFieldsPanel(), TagsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_gwports.RemoteEndpoint',
                filters={'role_id': lambda context: context['object'].pk},
                exclude_columns=['role'],
                actions=[add_to_object('netbox_gwports.RemoteEndpoint', 'role')],
            ),
        ],
    )


@register_model_view(RemoteRole, 'add', detail=False)
@register_model_view(RemoteRole, 'edit')
class RemoteRoleEditView(generic.ObjectEditView):
    queryset = RemoteRole.objects.all()
    form = forms.RemoteRoleForm


@register_model_view(RemoteRole, 'delete')
class RemoteRoleDeleteView(generic.ObjectDeleteView):
    queryset = RemoteRole.objects.all()


@register_model_view(RemoteRole, 'bulk_import', path='import', detail=False)
class RemoteRoleBulkImportView(generic.BulkImportView):
    queryset = RemoteRole.objects.all()
    model_form = forms.RemoteRoleImportForm


@register_model_view(RemoteRole, 'bulk_edit', path='edit', detail=False)
class RemoteRoleBulkEditView(generic.BulkEditView):
    queryset = RemoteRole.objects.all()
    filterset = filtersets.RemoteRoleFilterSet
    table = tables.RemoteRoleTable
    form = forms.RemoteRoleBulkEditForm


@register_model_view(RemoteRole, 'bulk_rename', path='rename', detail=False)
class RemoteRoleBulkRenameView(generic.BulkRenameView):
    queryset = RemoteRole.objects.all()
    filterset = filtersets.RemoteRoleFilterSet


@register_model_view(RemoteRole, 'bulk_delete', path='delete', detail=False)
class RemoteRoleBulkDeleteView(generic.BulkDeleteView):
    queryset = RemoteRole.objects.all()
    filterset = filtersets.RemoteRoleFilterSet
    table = tables.RemoteRoleTable


#
# Flow templates
#


@register_model_view(FlowTemplate, 'list', path='', detail=False)
class FlowTemplateListView(ObjectListView):
    queryset = FlowTemplate.objects.all()
    filterset = filtersets.FlowTemplateFilterSet
    filterset_form = forms.FlowTemplateFilterForm
    table = tables.FlowTemplateTable
    import_form = forms.FlowTemplateImportForm


@register_model_view(FlowTemplate)
class FlowTemplateView(ObjectView):
    queryset = FlowTemplate.objects.all()
    related = ((RequiredFlow, 'template', 'template_id'),)
    layout = SimpleLayout(
        left_panels=[panels.FlowTemplatePanel(), CommentsPanel()],
        right_panels=[RelatedObjectsPanel(), CustomFieldsPanel(), TagsPanel()],
        breadcrumbs=[Breadcrumb('service.profile'), Breadcrumb('service')],
    )


@register_model_view(FlowTemplate, 'add', detail=False)
@register_model_view(FlowTemplate, 'edit')
class FlowTemplateEditView(generic.ObjectEditView):
    queryset = FlowTemplate.objects.all()
    form = forms.FlowTemplateForm


@register_model_view(FlowTemplate, 'delete')
class FlowTemplateDeleteView(generic.ObjectDeleteView):
    queryset = FlowTemplate.objects.all()


@register_model_view(FlowTemplate, 'bulk_import', path='import', detail=False)
class FlowTemplateBulkImportView(generic.BulkImportView):
    queryset = FlowTemplate.objects.all()
    model_form = forms.FlowTemplateImportForm


@register_model_view(FlowTemplate, 'bulk_edit', path='edit', detail=False)
class FlowTemplateBulkEditView(generic.BulkEditView):
    queryset = FlowTemplate.objects.all()
    filterset = filtersets.FlowTemplateFilterSet
    table = tables.FlowTemplateTable
    form = forms.FlowTemplateBulkEditForm


@register_model_view(FlowTemplate, 'bulk_rename', path='rename', detail=False)
class FlowTemplateBulkRenameView(generic.BulkRenameView):
    queryset = FlowTemplate.objects.all()
    filterset = filtersets.FlowTemplateFilterSet
    field_name = 'purpose'


@register_model_view(FlowTemplate, 'bulk_delete', path='delete', detail=False)
class FlowTemplateBulkDeleteView(generic.BulkDeleteView):
    queryset = FlowTemplate.objects.all()
    filterset = filtersets.FlowTemplateFilterSet
    table = tables.FlowTemplateTable
