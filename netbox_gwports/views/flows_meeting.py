"""The tab "Firewall Requirements" of IP addresses, prefixes and IP ranges: the required flows that use them.

The tab is always shown, without a count, since counting the flows is too expensive for every page of the object.
"""

from django.utils.translation import gettext_lazy as _
from ipam.models import IPAddress, IPRange, Prefix
from netbox.object_actions import BulkEdit
from netbox.views import generic
from utilities.views import ViewTab, register_model_view

from .. import filtersets, forms
from ..models import RequiredFlow
from ..requirements.flows_meeting import LOCAL, REMOTE, flows_meeting
from ..tables import AddressFlowTable

__all__ = ('IPAddressFlowsView', 'IPRangeFlowsView', 'PrefixFlowsView')

ROLES = {
    frozenset({LOCAL}): _('Gateway'),
    frozenset({REMOTE}): _('Remote'),
    frozenset({LOCAL, REMOTE}): _('Gateway and remote'),
}


class AddressFlowsView(generic.ObjectChildrenView):
    child_model = RequiredFlow
    table = AddressFlowTable
    filterset = filtersets.RequiredFlowFilterSet
    filterset_form = forms.RequiredFlowFilterForm
    actions = (BulkEdit,)
    template_name = 'netbox_gwports/flows_meeting.html'
    additional_permissions = ('netbox_gwports.view_gateway', 'netbox_gwports.view_requiredflow')
    tab = ViewTab(label=_('Firewall Requirements'), permission='netbox_gwports.view_requiredflow', weight=1500)

    def get_children(self, request, parent):
        self.met = flows_meeting(parent, request.user)
        return RequiredFlow.objects.restrict(request.user, 'view').filter(pk__in=self.met)

    def get_extra_context(self, request, instance):
        # The page states how many flows are hidden
        everything = self.met if request.user.is_superuser else flows_meeting(instance)
        return {'hidden': len(everything.keys() - self.met.keys())}

    def get_table(self, *args, **kwargs):
        table = super().get_table(*args, **kwargs)
        table.roles = {pk: ROLES[frozenset(met)] for pk, met in self.met.items()}
        return table


@register_model_view(IPAddress, 'gwports_flows', path='firewall-requirements')
class IPAddressFlowsView(AddressFlowsView):
    queryset = IPAddress.objects.all()


@register_model_view(Prefix, 'gwports_flows', path='firewall-requirements')
class PrefixFlowsView(AddressFlowsView):
    queryset = Prefix.objects.all()


@register_model_view(IPRange, 'gwports_flows', path='firewall-requirements')
class IPRangeFlowsView(AddressFlowsView):
    queryset = IPRange.objects.all()
