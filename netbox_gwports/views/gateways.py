from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import AddObject, BulkDelete, BulkExport, CloneObject, DeleteObject, EditObject
from netbox.ui.layout import SimpleLayout
from netbox.ui.panels import CommentsPanel, ObjectsTablePanel, OrganizationalObjectPanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import Gateway, GatewayAddress, GatewayGroup
from ..ui import panels

__all__ = (
    'GatewayAddressBulkDeleteView',
    'GatewayAddressDeleteView',
    'GatewayAddressEditView',
    'GatewayAddressListView',
    'GatewayAddressView',
    'GatewayBulkDeleteView',
    'GatewayDeleteView',
    'GatewayEditView',
    'GatewayGroupBulkDeleteView',
    'GatewayGroupDeleteView',
    'GatewayGroupEditView',
    'GatewayGroupListView',
    'GatewayGroupView',
    'GatewayListView',
    'GatewayView',
)

LIST_ACTIONS = (AddObject, BulkExport, BulkDelete)
DETAIL_ACTIONS = (CloneObject, EditObject, DeleteObject)


@register_model_view(GatewayGroup, 'list', path='', detail=False)
class GatewayGroupListView(generic.ObjectListView):
    queryset = GatewayGroup.objects.all()
    filterset = filtersets.GatewayGroupFilterSet
    filterset_form = forms.GatewayGroupFilterForm
    table = tables.GatewayGroupTable
    actions = LIST_ACTIONS


@register_model_view(GatewayGroup)
class GatewayGroupView(generic.ObjectView):
    queryset = GatewayGroup.objects.all()
    template_name = 'generic/object.html'
    actions = DETAIL_ACTIONS
    layout = SimpleLayout(
        left_panels=[OrganizationalObjectPanel(), CommentsPanel()],
        right_panels=[CustomFieldsPanel(), TagsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_gwports.Gateway',
                filters={'group_id': lambda context: context['object'].pk},
                exclude_columns=['group'],
            ),
        ],  # fmt: skip
    )


@register_model_view(GatewayGroup, 'add', detail=False)
@register_model_view(GatewayGroup, 'edit')
class GatewayGroupEditView(generic.ObjectEditView):
    queryset = GatewayGroup.objects.all()
    form = forms.GatewayGroupForm


@register_model_view(GatewayGroup, 'delete')
class GatewayGroupDeleteView(generic.ObjectDeleteView):
    queryset = GatewayGroup.objects.all()


@register_model_view(GatewayGroup, 'bulk_delete', path='delete', detail=False)
class GatewayGroupBulkDeleteView(generic.BulkDeleteView):
    queryset = GatewayGroup.objects.all()
    filterset = filtersets.GatewayGroupFilterSet
    table = tables.GatewayGroupTable


@register_model_view(Gateway, 'list', path='', detail=False)
class GatewayListView(generic.ObjectListView):
    queryset = Gateway.objects.all()
    filterset = filtersets.GatewayFilterSet
    filterset_form = forms.GatewayFilterForm
    table = tables.GatewayTable
    actions = LIST_ACTIONS


@register_model_view(Gateway)
class GatewayView(generic.ObjectView):
    queryset = Gateway.objects.all()
    template_name = 'generic/object.html'
    actions = DETAIL_ACTIONS
    layout = SimpleLayout(
        left_panels=[panels.GatewayPanel(), CommentsPanel()],
        right_panels=[CustomFieldsPanel(), TagsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_gwports.GatewayAddress',
                filters={'gateway_id': lambda context: context['object'].pk},
                exclude_columns=['gateway'],
            ),
            ObjectsTablePanel(
                'netbox_gwports.RequiredFlow',
                filters={'gateway_id': lambda context: context['object'].pk},
                exclude_columns=['gateway'],
            ),
        ],  # fmt: skip
    )


@register_model_view(Gateway, 'add', detail=False)
@register_model_view(Gateway, 'edit')
class GatewayEditView(generic.ObjectEditView):
    queryset = Gateway.objects.all()
    form = forms.GatewayForm


@register_model_view(Gateway, 'delete')
class GatewayDeleteView(generic.ObjectDeleteView):
    queryset = Gateway.objects.all()


@register_model_view(Gateway, 'bulk_delete', path='delete', detail=False)
class GatewayBulkDeleteView(generic.BulkDeleteView):
    queryset = Gateway.objects.all()
    filterset = filtersets.GatewayFilterSet
    table = tables.GatewayTable


@register_model_view(GatewayAddress, 'list', path='', detail=False)
class GatewayAddressListView(generic.ObjectListView):
    queryset = GatewayAddress.objects.all()
    filterset = filtersets.GatewayAddressFilterSet
    filterset_form = forms.GatewayAddressFilterForm
    table = tables.GatewayAddressTable
    actions = LIST_ACTIONS


@register_model_view(GatewayAddress)
class GatewayAddressView(generic.ObjectView):
    queryset = GatewayAddress.objects.all()
    template_name = 'generic/object.html'
    actions = DETAIL_ACTIONS
    layout = SimpleLayout(
        left_panels=[panels.GatewayAddressPanel()],
        right_panels=[CustomFieldsPanel(), TagsPanel()],
    )


@register_model_view(GatewayAddress, 'add', detail=False)
@register_model_view(GatewayAddress, 'edit')
class GatewayAddressEditView(generic.ObjectEditView):
    queryset = GatewayAddress.objects.all()
    form = forms.GatewayAddressForm


@register_model_view(GatewayAddress, 'delete')
class GatewayAddressDeleteView(generic.ObjectDeleteView):
    queryset = GatewayAddress.objects.all()


@register_model_view(GatewayAddress, 'bulk_delete', path='delete', detail=False)
class GatewayAddressBulkDeleteView(generic.BulkDeleteView):
    queryset = GatewayAddress.objects.all()
    filterset = filtersets.GatewayAddressFilterSet
    table = tables.GatewayAddressTable
