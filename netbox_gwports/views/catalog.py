from django.utils.translation import gettext_lazy as _
from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import AddObject, BulkDelete, BulkExport, CloneObject, DeleteObject, EditObject
from netbox.ui.layout import SimpleLayout
from netbox.ui.panels import CommentsPanel, ObjectsTablePanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole
from ..ui import panels

__all__ = (
    'FlowTemplateBulkDeleteView',
    'FlowTemplateDeleteView',
    'FlowTemplateEditView',
    'FlowTemplateListView',
    'FlowTemplateView',
    'GatewayProfileBulkDeleteView',
    'GatewayProfileDeleteView',
    'GatewayProfileEditView',
    'GatewayProfileListView',
    'GatewayProfileView',
    'GatewayServiceBulkDeleteView',
    'GatewayServiceDeleteView',
    'GatewayServiceEditView',
    'GatewayServiceListView',
    'GatewayServiceView',
    'ProfileFeatureBulkDeleteView',
    'ProfileFeatureDeleteView',
    'ProfileFeatureEditView',
    'ProfileFeatureListView',
    'ProfileFeatureView',
    'RemoteRoleBulkDeleteView',
    'RemoteRoleDeleteView',
    'RemoteRoleEditView',
    'RemoteRoleListView',
    'RemoteRoleView',
)

LIST_ACTIONS = (AddObject, BulkExport, BulkDelete)
DETAIL_ACTIONS = (CloneObject, EditObject, DeleteObject)


@register_model_view(GatewayProfile, 'list', path='', detail=False)
class GatewayProfileListView(generic.ObjectListView):
    queryset = GatewayProfile.objects.all()
    filterset = filtersets.GatewayProfileFilterSet
    filterset_form = forms.GatewayProfileFilterForm
    table = tables.GatewayProfileTable
    actions = LIST_ACTIONS


@register_model_view(GatewayProfile)
class GatewayProfileView(generic.ObjectView):
    queryset = GatewayProfile.objects.all()
    template_name = 'generic/object.html'
    actions = DETAIL_ACTIONS
    layout = SimpleLayout(
        left_panels=[panels.GatewayProfilePanel(), CommentsPanel()],
        right_panels=[CustomFieldsPanel(), TagsPanel()],
        bottom_panels=[
            # The vendor's table, in the vendor's order, beside what was made of it
            ObjectsTablePanel(
                'netbox_gwports.FlowTemplate',
                filters={'profile_id': lambda context: context['object'].pk},
                title=_("Vendor's table"),
                exclude_columns=['profile'],
            ),
        ],  # fmt: skip
    )


@register_model_view(GatewayProfile, 'add', detail=False)
@register_model_view(GatewayProfile, 'edit')
class GatewayProfileEditView(generic.ObjectEditView):
    queryset = GatewayProfile.objects.all()
    form = forms.GatewayProfileForm


@register_model_view(GatewayProfile, 'delete')
class GatewayProfileDeleteView(generic.ObjectDeleteView):
    queryset = GatewayProfile.objects.all()


@register_model_view(GatewayProfile, 'bulk_delete', path='delete', detail=False)
class GatewayProfileBulkDeleteView(generic.BulkDeleteView):
    queryset = GatewayProfile.objects.all()
    filterset = filtersets.GatewayProfileFilterSet
    table = tables.GatewayProfileTable


@register_model_view(ProfileFeature, 'list', path='', detail=False)
class ProfileFeatureListView(generic.ObjectListView):
    queryset = ProfileFeature.objects.all()
    filterset = filtersets.ProfileFeatureFilterSet
    filterset_form = forms.ProfileFeatureFilterForm
    table = tables.ProfileFeatureTable
    actions = LIST_ACTIONS


@register_model_view(ProfileFeature)
class ProfileFeatureView(generic.ObjectView):
    queryset = ProfileFeature.objects.all()
    template_name = 'generic/object.html'
    actions = DETAIL_ACTIONS
    layout = SimpleLayout(
        left_panels=[panels.ProfileFeaturePanel(), CommentsPanel()],
        right_panels=[CustomFieldsPanel(), TagsPanel()],
    )


@register_model_view(ProfileFeature, 'add', detail=False)
@register_model_view(ProfileFeature, 'edit')
class ProfileFeatureEditView(generic.ObjectEditView):
    queryset = ProfileFeature.objects.all()
    form = forms.ProfileFeatureForm


@register_model_view(ProfileFeature, 'delete')
class ProfileFeatureDeleteView(generic.ObjectDeleteView):
    queryset = ProfileFeature.objects.all()


@register_model_view(ProfileFeature, 'bulk_delete', path='delete', detail=False)
class ProfileFeatureBulkDeleteView(generic.BulkDeleteView):
    queryset = ProfileFeature.objects.all()
    filterset = filtersets.ProfileFeatureFilterSet
    table = tables.ProfileFeatureTable


@register_model_view(GatewayService, 'list', path='', detail=False)
class GatewayServiceListView(generic.ObjectListView):
    queryset = GatewayService.objects.all()
    filterset = filtersets.GatewayServiceFilterSet
    filterset_form = forms.GatewayServiceFilterForm
    table = tables.GatewayServiceTable
    actions = LIST_ACTIONS


@register_model_view(GatewayService)
class GatewayServiceView(generic.ObjectView):
    queryset = GatewayService.objects.all()
    template_name = 'generic/object.html'
    actions = DETAIL_ACTIONS
    layout = SimpleLayout(
        left_panels=[panels.GatewayServicePanel(), CommentsPanel()],
        right_panels=[CustomFieldsPanel(), TagsPanel()],
    )


@register_model_view(GatewayService, 'add', detail=False)
@register_model_view(GatewayService, 'edit')
class GatewayServiceEditView(generic.ObjectEditView):
    queryset = GatewayService.objects.all()
    form = forms.GatewayServiceForm


@register_model_view(GatewayService, 'delete')
class GatewayServiceDeleteView(generic.ObjectDeleteView):
    queryset = GatewayService.objects.all()


@register_model_view(GatewayService, 'bulk_delete', path='delete', detail=False)
class GatewayServiceBulkDeleteView(generic.BulkDeleteView):
    queryset = GatewayService.objects.all()
    filterset = filtersets.GatewayServiceFilterSet
    table = tables.GatewayServiceTable


@register_model_view(RemoteRole, 'list', path='', detail=False)
class RemoteRoleListView(generic.ObjectListView):
    queryset = RemoteRole.objects.all()
    filterset = filtersets.RemoteRoleFilterSet
    filterset_form = forms.RemoteRoleFilterForm
    table = tables.RemoteRoleTable
    actions = LIST_ACTIONS


@register_model_view(RemoteRole)
class RemoteRoleView(generic.ObjectView):
    queryset = RemoteRole.objects.all()
    template_name = 'generic/object.html'
    actions = DETAIL_ACTIONS
    layout = SimpleLayout(
        left_panels=[panels.RemoteRolePanel(), CommentsPanel()],
        right_panels=[CustomFieldsPanel(), TagsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_gwports.RemoteEndpoint',
                filters={'role_id': lambda context: context['object'].pk},
                exclude_columns=['role'],
            ),
        ],  # fmt: skip
    )


@register_model_view(RemoteRole, 'add', detail=False)
@register_model_view(RemoteRole, 'edit')
class RemoteRoleEditView(generic.ObjectEditView):
    queryset = RemoteRole.objects.all()
    form = forms.RemoteRoleForm


@register_model_view(RemoteRole, 'delete')
class RemoteRoleDeleteView(generic.ObjectDeleteView):
    queryset = RemoteRole.objects.all()


@register_model_view(RemoteRole, 'bulk_delete', path='delete', detail=False)
class RemoteRoleBulkDeleteView(generic.BulkDeleteView):
    queryset = RemoteRole.objects.all()
    filterset = filtersets.RemoteRoleFilterSet
    table = tables.RemoteRoleTable


@register_model_view(FlowTemplate, 'list', path='', detail=False)
class FlowTemplateListView(generic.ObjectListView):
    queryset = FlowTemplate.objects.all()
    filterset = filtersets.FlowTemplateFilterSet
    filterset_form = forms.FlowTemplateFilterForm
    table = tables.FlowTemplateTable
    actions = LIST_ACTIONS


@register_model_view(FlowTemplate)
class FlowTemplateView(generic.ObjectView):
    queryset = FlowTemplate.objects.all()
    template_name = 'generic/object.html'
    actions = DETAIL_ACTIONS
    layout = SimpleLayout(
        left_panels=[panels.FlowTemplatePanel(), CommentsPanel()],
        right_panels=[CustomFieldsPanel(), TagsPanel()],
    )


@register_model_view(FlowTemplate, 'add', detail=False)
@register_model_view(FlowTemplate, 'edit')
class FlowTemplateEditView(generic.ObjectEditView):
    queryset = FlowTemplate.objects.all()
    form = forms.FlowTemplateForm


@register_model_view(FlowTemplate, 'delete')
class FlowTemplateDeleteView(generic.ObjectDeleteView):
    queryset = FlowTemplate.objects.all()


@register_model_view(FlowTemplate, 'bulk_delete', path='delete', detail=False)
class FlowTemplateBulkDeleteView(generic.BulkDeleteView):
    queryset = FlowTemplate.objects.all()
    filterset = filtersets.FlowTemplateFilterSet
    table = tables.FlowTemplateTable
