from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _
from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.ui.breadcrumbs import Breadcrumb
from netbox.ui.layout import SimpleLayout
from netbox.ui.panels import CommentsPanel, ObjectsTablePanel, RelatedObjectsPanel
from netbox.views import generic
from utilities.views import ViewTab, register_model_view

from .. import filtersets, forms, tables
from ..models import FlowTemplate, Gateway, GatewayProfile, GatewayService, ProfileFeature, RequiredFlow
from ..object_actions import ConvertTable, ExportCatalog, LoadCatalog
from ..ui import panels
from .common import ObjectListView, ObjectView

# NetBox's table tests look up list views by name; all other views are only registered
__all__ = ('GatewayProfileListView', 'GatewayServiceListView', 'ProfileFeatureListView')

#
# Profiles
#


@register_model_view(GatewayProfile, 'list', path='', detail=False)
class GatewayProfileListView(ObjectListView):
    queryset = GatewayProfile.objects.all()
    filterset = filtersets.GatewayProfileFilterSet
    filterset_form = forms.GatewayProfileFilterForm
    table = tables.GatewayProfileTable
    import_form = forms.GatewayProfileImportForm
    actions = (LoadCatalog, ConvertTable, *ObjectListView.actions)


@register_model_view(GatewayProfile)
class GatewayProfileView(ObjectView):
    queryset = GatewayProfile.objects.all()
    actions = (ExportCatalog, *ObjectView.actions)
    related = (
        (ProfileFeature, 'profile', 'profile_id'),
        (GatewayService, 'profile', 'profile_id'),
        (FlowTemplate, 'service__profile', 'profile_id'),
        (Gateway, 'profile', 'profile_id'),
        (RequiredFlow, 'gateway__profile', 'profile_id'),
    )
    layout = SimpleLayout(
        left_panels=[panels.PartialProfilePanel(), panels.GatewayProfilePanel(), CommentsPanel()],
        right_panels=[RelatedObjectsPanel(), CustomFieldsPanel(), TagsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_gwports.FlowTemplate',
                filters={'profile_id': lambda context: context['object'].pk},
                exclude_columns=['profile'],
            ),
            ObjectsTablePanel(
                'netbox_gwports.ProfileFeature',
                filters={'profile_id': lambda context: context['object'].pk},
                exclude_columns=['profile'],
            ),
        ],
    )


@register_model_view(GatewayProfile, 'vendor_table', path='vendor-table')
class GatewayProfileVendorTableView(generic.ObjectChildrenView):
    """The vendor's table in its original order, with the flow templates created from it."""

    queryset = GatewayProfile.objects.all()
    child_model = FlowTemplate
    table = tables.VendorTable
    filterset = filtersets.FlowTemplateFilterSet
    filterset_form = forms.FlowTemplateFilterForm
    actions = ()
    tab = ViewTab(
        label=_("Vendor's Table"),
        permission='netbox_gwports.view_flowtemplate',
        weight=500,
    )

    def get_children(self, request, parent):
        # A row with both directions has one template for each
        same_item = FlowTemplate.objects.filter(service__profile=parent, row=OuterRef('row'), item=OuterRef('item'))
        return (
            FlowTemplate.objects
            .restrict(request.user, 'view')
            .filter(service__profile=parent)
            .annotate(directions=ArraySubquery(same_item.order_by('direction').values('direction').distinct()))
            .order_by('row', 'item', 'pk')
        )


@register_model_view(GatewayProfile, 'add', detail=False)
@register_model_view(GatewayProfile, 'edit')
class GatewayProfileEditView(generic.ObjectEditView):
    queryset = GatewayProfile.objects.all()
    form = forms.GatewayProfileForm


@register_model_view(GatewayProfile, 'delete')
class GatewayProfileDeleteView(generic.ObjectDeleteView):
    queryset = GatewayProfile.objects.all()


@register_model_view(GatewayProfile, 'bulk_import', path='import', detail=False)
class GatewayProfileBulkImportView(generic.BulkImportView):
    queryset = GatewayProfile.objects.all()
    model_form = forms.GatewayProfileImportForm


@register_model_view(GatewayProfile, 'bulk_edit', path='edit', detail=False)
class GatewayProfileBulkEditView(generic.BulkEditView):
    queryset = GatewayProfile.objects.all()
    filterset = filtersets.GatewayProfileFilterSet
    table = tables.GatewayProfileTable
    form = forms.GatewayProfileBulkEditForm


@register_model_view(GatewayProfile, 'bulk_rename', path='rename', detail=False)
class GatewayProfileBulkRenameView(generic.BulkRenameView):
    queryset = GatewayProfile.objects.all()
    filterset = filtersets.GatewayProfileFilterSet


@register_model_view(GatewayProfile, 'bulk_delete', path='delete', detail=False)
class GatewayProfileBulkDeleteView(generic.BulkDeleteView):
    queryset = GatewayProfile.objects.all()
    filterset = filtersets.GatewayProfileFilterSet
    table = tables.GatewayProfileTable


#
# Features
#


@register_model_view(ProfileFeature, 'list', path='', detail=False)
class ProfileFeatureListView(ObjectListView):
    queryset = ProfileFeature.objects.all()
    filterset = filtersets.ProfileFeatureFilterSet
    filterset_form = forms.ProfileFeatureFilterForm
    table = tables.ProfileFeatureTable
    import_form = forms.ProfileFeatureImportForm


@register_model_view(ProfileFeature)
class ProfileFeatureView(ObjectView):
    queryset = ProfileFeature.objects.all()
    related = (
        (FlowTemplate, 'feature', 'feature_id'),
        (Gateway, 'features', 'feature_id'),
        (RequiredFlow, 'feature', 'feature_id'),
    )
    layout = SimpleLayout(
        left_panels=[panels.ProfileFeaturePanel(), CommentsPanel()],
        right_panels=[RelatedObjectsPanel(), CustomFieldsPanel(), TagsPanel()],
        breadcrumbs=[Breadcrumb('profile')],
    )


@register_model_view(ProfileFeature, 'add', detail=False)
@register_model_view(ProfileFeature, 'edit')
class ProfileFeatureEditView(generic.ObjectEditView):
    queryset = ProfileFeature.objects.all()
    form = forms.ProfileFeatureForm


@register_model_view(ProfileFeature, 'delete')
class ProfileFeatureDeleteView(generic.ObjectDeleteView):
    queryset = ProfileFeature.objects.all()


@register_model_view(ProfileFeature, 'bulk_import', path='import', detail=False)
class ProfileFeatureBulkImportView(generic.BulkImportView):
    queryset = ProfileFeature.objects.all()
    model_form = forms.ProfileFeatureImportForm


@register_model_view(ProfileFeature, 'bulk_edit', path='edit', detail=False)
class ProfileFeatureBulkEditView(generic.BulkEditView):
    queryset = ProfileFeature.objects.all()
    filterset = filtersets.ProfileFeatureFilterSet
    table = tables.ProfileFeatureTable
    form = forms.ProfileFeatureBulkEditForm


@register_model_view(ProfileFeature, 'bulk_rename', path='rename', detail=False)
class ProfileFeatureBulkRenameView(generic.BulkRenameView):
    queryset = ProfileFeature.objects.all()
    filterset = filtersets.ProfileFeatureFilterSet


@register_model_view(ProfileFeature, 'bulk_delete', path='delete', detail=False)
class ProfileFeatureBulkDeleteView(generic.BulkDeleteView):
    queryset = ProfileFeature.objects.all()
    filterset = filtersets.ProfileFeatureFilterSet
    table = tables.ProfileFeatureTable


#
# Services
#


@register_model_view(GatewayService, 'list', path='', detail=False)
class GatewayServiceListView(ObjectListView):
    queryset = GatewayService.objects.all()
    filterset = filtersets.GatewayServiceFilterSet
    filterset_form = forms.GatewayServiceFilterForm
    table = tables.GatewayServiceTable
    import_form = forms.GatewayServiceImportForm


@register_model_view(GatewayService)
class GatewayServiceView(ObjectView):
    queryset = GatewayService.objects.all()
    related = ((FlowTemplate, 'service', 'service_id'),)
    layout = SimpleLayout(
        left_panels=[panels.GatewayServicePanel(), CommentsPanel()],
        right_panels=[RelatedObjectsPanel(), CustomFieldsPanel(), TagsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_gwports.FlowTemplate',
                filters={'service_id': lambda context: context['object'].pk},
                exclude_columns=['profile', 'service', 'ports'],
            ),
        ],
        breadcrumbs=[Breadcrumb('profile')],
    )


@register_model_view(GatewayService, 'add', detail=False)
@register_model_view(GatewayService, 'edit')
class GatewayServiceEditView(generic.ObjectEditView):
    queryset = GatewayService.objects.all()
    form = forms.GatewayServiceForm


@register_model_view(GatewayService, 'delete')
class GatewayServiceDeleteView(generic.ObjectDeleteView):
    queryset = GatewayService.objects.all()


@register_model_view(GatewayService, 'bulk_import', path='import', detail=False)
class GatewayServiceBulkImportView(generic.BulkImportView):
    queryset = GatewayService.objects.all()
    model_form = forms.GatewayServiceImportForm


@register_model_view(GatewayService, 'bulk_edit', path='edit', detail=False)
class GatewayServiceBulkEditView(generic.BulkEditView):
    queryset = GatewayService.objects.all()
    filterset = filtersets.GatewayServiceFilterSet
    table = tables.GatewayServiceTable
    form = forms.GatewayServiceBulkEditForm


@register_model_view(GatewayService, 'bulk_rename', path='rename', detail=False)
class GatewayServiceBulkRenameView(generic.BulkRenameView):
    queryset = GatewayService.objects.all()
    filterset = filtersets.GatewayServiceFilterSet


@register_model_view(GatewayService, 'bulk_delete', path='delete', detail=False)
class GatewayServiceBulkDeleteView(generic.BulkDeleteView):
    queryset = GatewayService.objects.all()
    filterset = filtersets.GatewayServiceFilterSet
    table = tables.GatewayServiceTable
