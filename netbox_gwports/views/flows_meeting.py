"""The tab "Firewall requirements" of IP addresses, prefixes and IP ranges: the required flows that touch them.

There on every address, without a count: that no flow touches it is an answer too, and finding out takes more than a
page of something else may cost.
"""

from django.utils.translation import gettext_lazy as _
from ipam.models import IPAddress, IPRange, Prefix
from netbox.object_actions import BulkEdit
from netbox.views import generic
from utilities.views import ViewTab, register_model_view

from .. import filtersets, forms
from ..models import RequiredFlow
from ..requirements.flows_meeting import LOCAL, REMOTE, flows_meeting
from ..tables import TouchingFlowTable

__all__ = ('IPAddressFlowsView', 'IPRangeFlowsView', 'PrefixFlowsView')

WORDS = {
    frozenset({LOCAL}): _('address of the gateway'),
    frozenset({REMOTE}): _('the other end'),
    frozenset({LOCAL, REMOTE}): _('both ends'),
}


class TouchingFlowsView(generic.ObjectChildrenView):
    child_model = RequiredFlow
    table = TouchingFlowTable
    filterset = filtersets.RequiredFlowFilterSet
    filterset_form = forms.RequiredFlowFilterForm
    actions = (BulkEdit,)
    template_name = 'netbox_gwports/flows_meeting.html'
    additional_permissions = ('netbox_gwports.view_gateway', 'netbox_gwports.view_requiredflow')
    tab = ViewTab(label=_('Firewall requirements'), permission='netbox_gwports.view_requiredflow', weight=1500)

    def get_children(self, request, parent):
        self.met = flows_meeting(parent, request.user)
        return RequiredFlow.objects.restrict(request.user, 'view').filter(pk__in=self.met)

    def get_extra_context(self, request, instance):
        # A short list must not look like a whole one
        everything = self.met if request.user.is_superuser else flows_meeting(instance)
        return {'hidden': len(everything.keys() - self.met.keys())}

    def get_table(self, *args, **kwargs):
        table = super().get_table(*args, **kwargs)
        table.words = {pk: WORDS[frozenset(met)] for pk, met in self.met.items()}
        return table


@register_model_view(IPAddress, 'gwports_flows', path='firewall-requirements')
class IPAddressFlowsView(TouchingFlowsView):
    queryset = IPAddress.objects.all()


@register_model_view(Prefix, 'gwports_flows', path='firewall-requirements')
class PrefixFlowsView(TouchingFlowsView):
    queryset = Prefix.objects.all()


@register_model_view(IPRange, 'gwports_flows', path='firewall-requirements')
class IPRangeFlowsView(TouchingFlowsView):
    queryset = IPRange.objects.all()
