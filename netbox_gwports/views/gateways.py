from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import (
    AddObject,
    BulkDelete,
    BulkEdit,
    BulkExport,
    BulkImport,
    CloneObject,
    DeleteObject,
    EditObject,
)
from netbox.ui.breadcrumbs import Breadcrumb
from netbox.ui.layout import SimpleLayout
from netbox.ui.panels import CommentsPanel, ObjectsTablePanel, OrganizationalObjectPanel, RelatedObjectsPanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import (
    EnforcementPoint,
    Gateway,
    GatewayAddress,
    GatewayGroup,
    ProfileFeature,
    RemoteEndpoint,
    RequiredFlow,
)
from ..models.enforcement import serving
from ..models.sites import SITE_PATHS
from ..object_actions import BulkExportRules, BulkReconcile, ExportRules, Reconcile, Upgrade
from ..reconcile import collected, with_parents
from ..ui import panels
from .common import ObjectListView, ObjectView, add_to_object

__all__ = ('GatewayAddressListView', 'GatewayGroupListView', 'GatewayListView')

#
# Groups
#


@register_model_view(GatewayGroup, 'list', path='', detail=False)
class GatewayGroupListView(ObjectListView):
    queryset = GatewayGroup.objects.all()
    filterset = filtersets.GatewayGroupFilterSet
    filterset_form = forms.GatewayGroupFilterForm
    table = tables.GatewayGroupTable
    import_form = forms.GatewayGroupImportForm


@register_model_view(GatewayGroup)
class GatewayGroupView(ObjectView):
    queryset = GatewayGroup.objects.all()
    related = (
        (RemoteEndpoint, 'groups', 'group_id'),
        (RequiredFlow, 'gateway__group', 'group_id'),
        (EnforcementPoint, 'groups', 'group_id'),
    )
    layout = SimpleLayout(
        left_panels=[OrganizationalObjectPanel(), CommentsPanel()],
        right_panels=[RelatedObjectsPanel(), CustomFieldsPanel(), TagsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_gwports.Gateway',
                filters={'group_id': lambda context: context['object'].pk},
                exclude_columns=['group'],
                actions=[add_to_object('netbox_gwports.Gateway', 'group')],
            ),
        ],
    )


@register_model_view(GatewayGroup, 'add', detail=False)
@register_model_view(GatewayGroup, 'edit')
class GatewayGroupEditView(generic.ObjectEditView):
    queryset = GatewayGroup.objects.all()
    form = forms.GatewayGroupForm


@register_model_view(GatewayGroup, 'delete')
class GatewayGroupDeleteView(generic.ObjectDeleteView):
    queryset = GatewayGroup.objects.all()


@register_model_view(GatewayGroup, 'bulk_import', path='import', detail=False)
class GatewayGroupBulkImportView(generic.BulkImportView):
    queryset = GatewayGroup.objects.all()
    model_form = forms.GatewayGroupImportForm


@register_model_view(GatewayGroup, 'bulk_edit', path='edit', detail=False)
class GatewayGroupBulkEditView(generic.BulkEditView):
    queryset = GatewayGroup.objects.all()
    filterset = filtersets.GatewayGroupFilterSet
    table = tables.GatewayGroupTable
    form = forms.GatewayGroupBulkEditForm


@register_model_view(GatewayGroup, 'bulk_rename', path='rename', detail=False)
class GatewayGroupBulkRenameView(generic.BulkRenameView):
    queryset = GatewayGroup.objects.all()
    filterset = filtersets.GatewayGroupFilterSet


@register_model_view(GatewayGroup, 'bulk_delete', path='delete', detail=False)
class GatewayGroupBulkDeleteView(generic.BulkDeleteView):
    queryset = GatewayGroup.objects.all()
    filterset = filtersets.GatewayGroupFilterSet
    table = tables.GatewayGroupTable


#
# Gateways
#


@register_model_view(Gateway, 'list', path='', detail=False)
class GatewayListView(ObjectListView):
    queryset = Gateway.objects.select_related(*SITE_PATHS)
    filterset = filtersets.GatewayFilterSet
    filterset_form = forms.GatewayFilterForm
    table = tables.GatewayTable
    import_form = forms.GatewayImportForm
    lists = ('features',)
    # No bulk rename: its name is that of its device, virtual machine or IP address
    actions = (AddObject, BulkImport, BulkExport, BulkExportRules, BulkReconcile, BulkEdit, BulkDelete)


@register_model_view(Gateway)
class GatewayView(ObjectView):
    queryset = Gateway.objects.all()
    related = ((RemoteEndpoint, 'gateways', 'gateway_id'), (EnforcementPoint, serving, 'gateway_id'))
    actions = (ExportRules, Reconcile, Upgrade, CloneObject, EditObject, DeleteObject)
    layout = SimpleLayout(
        left_panels=[panels.GatewayPanel(), CommentsPanel()],
        right_panels=[RelatedObjectsPanel(), CustomFieldsPanel(), TagsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_gwports.GatewayAddress',
                filters={'gateway_id': lambda context: context['object'].pk},
                exclude_columns=['gateway'],
                actions=[add_to_object('netbox_gwports.GatewayAddress', 'gateway')],
            ),
            ObjectsTablePanel(
                'netbox_gwports.RequiredFlow',
                filters={'gateway_id': lambda context: context['object'].pk},
                exclude_columns=['gateway'],
                actions=[add_to_object('netbox_gwports.RequiredFlow', 'gateway')],
            ),
        ],
        breadcrumbs=[Breadcrumb('group')],
    )


@register_model_view(Gateway, 'add', detail=False)
@register_model_view(Gateway, 'edit')
class GatewayEditView(generic.ObjectEditView):
    queryset = Gateway.objects.all()

    def form(self, **kwargs):
        # The form also writes addresses, which require permissions of their own
        return forms.GatewayForm(user=self.request.user, **kwargs)


@register_model_view(Gateway, 'delete')
class GatewayDeleteView(generic.ObjectDeleteView):
    queryset = Gateway.objects.all()


@register_model_view(Gateway, 'bulk_import', path='import', detail=False)
class GatewayBulkImportView(generic.BulkImportView):
    queryset = Gateway.objects.all()
    model_form = forms.GatewayImportForm


@register_model_view(Gateway, 'bulk_edit', path='edit', detail=False)
class GatewayBulkEditView(generic.BulkEditView):
    queryset = Gateway.objects.select_related('device', 'virtual_machine')
    filterset = filtersets.GatewayFilterSet
    table = tables.GatewayTable
    form = forms.GatewayBulkEditForm

    def _update_objects(self, form, request):
        # The profile and the features of a gateway are one change
        with collected():
            return super()._update_objects(form, request)

    def post_save_operations(self, form, obj):
        super().post_save_operations(form, obj)
        if added := form.cleaned_data['add_features']:
            obj.features.add(*with_parents(added))
        if removed := form.cleaned_data['remove_features']:
            obj.features.remove(*_with_children(removed))


def _with_children(features):
    """The features with all of their descendants."""
    found, below = {*features}, {*features}
    while below := {*ProfileFeature.objects.filter(parent__in=below)} - found:
        found |= below
    return found


@register_model_view(Gateway, 'bulk_delete', path='delete', detail=False)
class GatewayBulkDeleteView(generic.BulkDeleteView):
    queryset = Gateway.objects.select_related('device', 'virtual_machine')
    filterset = filtersets.GatewayFilterSet
    table = tables.GatewayTable


#
# Addresses
#


@register_model_view(GatewayAddress, 'list', path='', detail=False)
class GatewayAddressListView(ObjectListView):
    queryset = GatewayAddress.objects.select_related('gateway__device', 'gateway__virtual_machine')
    filterset = filtersets.GatewayAddressFilterSet
    filterset_form = forms.GatewayAddressFilterForm
    table = tables.GatewayAddressTable
    import_form = forms.GatewayAddressImportForm
    # No bulk rename: its name is that of its device, virtual machine or IP address
    actions = (AddObject, BulkImport, BulkExport, BulkEdit, BulkDelete)


@register_model_view(GatewayAddress)
class GatewayAddressView(ObjectView):
    queryset = GatewayAddress.objects.all()
    layout = SimpleLayout(
        left_panels=[panels.GatewayAddressPanel()],
        right_panels=[CustomFieldsPanel(), TagsPanel()],
        breadcrumbs=[Breadcrumb('gateway')],
    )


@register_model_view(GatewayAddress, 'add', detail=False)
@register_model_view(GatewayAddress, 'edit')
class GatewayAddressEditView(generic.ObjectEditView):
    queryset = GatewayAddress.objects.all()
    form = forms.GatewayAddressForm


@register_model_view(GatewayAddress, 'delete')
class GatewayAddressDeleteView(generic.ObjectDeleteView):
    queryset = GatewayAddress.objects.all()


@register_model_view(GatewayAddress, 'bulk_import', path='import', detail=False)
class GatewayAddressBulkImportView(generic.BulkImportView):
    queryset = GatewayAddress.objects.all()
    model_form = forms.GatewayAddressImportForm


@register_model_view(GatewayAddress, 'bulk_edit', path='edit', detail=False)
class GatewayAddressBulkEditView(generic.BulkEditView):
    queryset = GatewayAddress.objects.select_related('gateway__device', 'gateway__virtual_machine')
    filterset = filtersets.GatewayAddressFilterSet
    table = tables.GatewayAddressTable
    form = forms.GatewayAddressBulkEditForm


@register_model_view(GatewayAddress, 'bulk_delete', path='delete', detail=False)
class GatewayAddressBulkDeleteView(generic.BulkDeleteView):
    queryset = GatewayAddress.objects.select_related('gateway__device', 'gateway__virtual_machine')
    filterset = filtersets.GatewayAddressFilterSet
    table = tables.GatewayAddressTable
