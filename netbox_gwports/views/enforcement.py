from dcim.models import Device
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import AddObject, BulkDelete, BulkEdit, BulkExport, BulkImport
from netbox.ui.breadcrumbs import Breadcrumb
from netbox.ui.layout import Column, Layout, Row, SimpleLayout
from netbox.ui.panels import CommentsPanel, ObjectsTablePanel
from netbox.views import generic
from utilities.views import ViewTab, register_model_view
from virtualization.models import VirtualMachine

from .. import filtersets, forms, tables
from ..models import EnforcementPoint, EnforcementZone
from ..models.sites import SITE_PATHS
from ..object_actions import ExportRules
from ..requirements.material import enforced
from ..ui import panels
from ..ui.enforcement import EnforcementPanel
from ..ui.rules import RulesReport
from ..viewer import visible_point
from .common import ObjectListView, ObjectView, add_to_object
from .requirements import RULES, RulesMixin

__all__ = (
    'DeviceFirewallRulesView',
    'EnforcementPointListView',
    'EnforcementPointRulesView',
    'EnforcementZoneListView',
    'VirtualMachineFirewallRulesView',
)

#
# Points
#


@register_model_view(EnforcementPoint, 'list', path='', detail=False)
class EnforcementPointListView(ObjectListView):
    queryset = EnforcementPoint.objects.select_related(*SITE_PATHS)
    filterset = filtersets.EnforcementPointFilterSet
    filterset_form = forms.EnforcementPointFilterForm
    table = tables.EnforcementPointTable
    import_form = forms.EnforcementPointImportForm
    lists = ('groups', 'gateways')
    # No bulk rename: its name is that of its device or virtual machine
    actions = (AddObject, BulkImport, BulkExport, BulkEdit, BulkDelete)


@register_model_view(EnforcementPoint)
class EnforcementPointView(ObjectView):
    queryset = EnforcementPoint.objects.all()
    actions = (ExportRules, *ObjectView.actions)
    layout = SimpleLayout(
        left_panels=[panels.EnforcementPointPanel(), CommentsPanel()],
        right_panels=[CustomFieldsPanel(), TagsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_gwports.EnforcementZone',
                title=_('Zones'),
                filters={'enforcement_point_id': lambda context: context['object'].pk},
                exclude_columns=['enforcement_point'],
                actions=[add_to_object('netbox_gwports.EnforcementZone', 'enforcement_point')],
            ),
            ObjectsTablePanel(
                'netbox_gwports.Gateway',
                title=_('Gateways'),
                filters={'enforcement_point_id': lambda context: context['object'].pk},
            ),
        ],
    )


@register_model_view(EnforcementPoint, 'add', detail=False)
@register_model_view(EnforcementPoint, 'edit')
class EnforcementPointEditView(generic.ObjectEditView):
    queryset = EnforcementPoint.objects.all()
    form = forms.EnforcementPointForm


@register_model_view(EnforcementPoint, 'delete')
class EnforcementPointDeleteView(generic.ObjectDeleteView):
    queryset = EnforcementPoint.objects.all()


@register_model_view(EnforcementPoint, 'bulk_import', path='import', detail=False)
class EnforcementPointBulkImportView(generic.BulkImportView):
    queryset = EnforcementPoint.objects.all()
    model_form = forms.EnforcementPointImportForm


@register_model_view(EnforcementPoint, 'bulk_edit', path='edit', detail=False)
class EnforcementPointBulkEditView(generic.BulkEditView):
    queryset = EnforcementPoint.objects.select_related('device', 'virtual_machine')
    filterset = filtersets.EnforcementPointFilterSet
    table = tables.EnforcementPointTable
    form = forms.EnforcementPointBulkEditForm


@register_model_view(EnforcementPoint, 'bulk_delete', path='delete', detail=False)
class EnforcementPointBulkDeleteView(generic.BulkDeleteView):
    queryset = EnforcementPoint.objects.select_related('device', 'virtual_machine')
    filterset = filtersets.EnforcementPointFilterSet
    table = tables.EnforcementPointTable


#
# Zones
#


@register_model_view(EnforcementZone, 'list', path='', detail=False)
class EnforcementZoneListView(ObjectListView):
    queryset = EnforcementZone.objects.select_related('enforcement_point__device', 'enforcement_point__virtual_machine')
    filterset = filtersets.EnforcementZoneFilterSet
    filterset_form = forms.EnforcementZoneFilterForm
    table = tables.EnforcementZoneTable
    import_form = forms.EnforcementZoneImportForm
    lists = ('prefixes',)
    # No bulk rename: ``name`` is the name of the zone on the firewall
    actions = (AddObject, BulkImport, BulkExport, BulkEdit, BulkDelete)


@register_model_view(EnforcementZone)
class EnforcementZoneView(ObjectView):
    queryset = EnforcementZone.objects.all()
    layout = SimpleLayout(
        left_panels=[panels.EnforcementZonePanel()],
        right_panels=[CustomFieldsPanel(), TagsPanel()],
        breadcrumbs=[Breadcrumb('enforcement_point')],
    )


@register_model_view(EnforcementZone, 'add', detail=False)
@register_model_view(EnforcementZone, 'edit')
class EnforcementZoneEditView(generic.ObjectEditView):
    queryset = EnforcementZone.objects.all()
    form = forms.EnforcementZoneForm


@register_model_view(EnforcementZone, 'delete')
class EnforcementZoneDeleteView(generic.ObjectDeleteView):
    queryset = EnforcementZone.objects.all()


@register_model_view(EnforcementZone, 'bulk_import', path='import', detail=False)
class EnforcementZoneBulkImportView(generic.BulkImportView):
    queryset = EnforcementZone.objects.all()
    model_form = forms.EnforcementZoneImportForm


@register_model_view(EnforcementZone, 'bulk_edit', path='edit', detail=False)
class EnforcementZoneBulkEditView(generic.BulkEditView):
    queryset = EnforcementZone.objects.select_related('enforcement_point__device', 'enforcement_point__virtual_machine')
    filterset = filtersets.EnforcementZoneFilterSet
    table = tables.EnforcementZoneTable
    form = forms.EnforcementZoneBulkEditForm


@register_model_view(EnforcementZone, 'bulk_delete', path='delete', detail=False)
class EnforcementZoneBulkDeleteView(generic.BulkDeleteView):
    queryset = EnforcementZone.objects.select_related('enforcement_point__device', 'enforcement_point__virtual_machine')
    filterset = filtersets.EnforcementZoneFilterSet
    table = tables.EnforcementZoneTable


#
# Firewall rules tab
#


class FirewallRulesTab(RulesMixin, generic.ObjectView):
    """The tab of an enforcement point, or of its device or virtual machine."""

    layout = Layout(Row(Column(EnforcementPanel())), *RULES)

    def get_point(self, instance):
        return instance

    def get_rules(self, request, instance, filters):
        point = self.get_point(instance)
        standings, unseen_flows = enforced(point, request.user)
        return {'point': point, 'report': RulesReport(filters, standings, point.pk, unseen_flows)}


class MachineRulesTab(FirewallRulesTab):
    additional_permissions = ('netbox_gwports.view_enforcementpoint',)
    tab = ViewTab(
        label=_('Gateway Rules'),
        visible=visible_point,
        permission='netbox_gwports.view_enforcementpoint',
        weight=1510,
    )

    def get(self, request, **kwargs):
        machine = self.get_object(**kwargs)
        if visible_point(machine) is None:
            # Do not reveal whether there is one that the user may not view
            return redirect(machine)
        return super().get(request, **kwargs)

    def get_point(self, instance):
        return visible_point(instance)


@register_model_view(Device, 'gwports_rules_to_enforce', path='rules-to-enforce')
class DeviceFirewallRulesView(MachineRulesTab):
    queryset = Device.objects.all()


@register_model_view(VirtualMachine, 'gwports_rules_to_enforce', path='rules-to-enforce')
class VirtualMachineFirewallRulesView(MachineRulesTab):
    queryset = VirtualMachine.objects.all()


@register_model_view(EnforcementPoint, 'rules')
class EnforcementPointRulesView(FirewallRulesTab):
    queryset = EnforcementPoint.objects.all()
    tab = ViewTab(label=_('Gateway Rules'), weight=500)
