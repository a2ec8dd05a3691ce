from dcim.models import Device, Site
from django.utils.translation import gettext_lazy as _
from tenancy.models import Tenant
from utilities.filters import MultiValueNumberFilter
from virtualization.models import VirtualMachine

from ..choices import DirectionChoices, ZoneChoices
from ..models import Gateway
from .common import at_sites, choices
from .related import RestrictedFilterSet, objects

__all__ = ('RequirementsFilterSet',)


class RequirementsFilterSet(RestrictedFilterSet):
    """Selects gateways. ``zone`` and ``direction`` apply to the rules of each gateway; here they are only validated."""

    gateway_id = MultiValueNumberFilter(field_name='id', label=_('Gateway (ID)'))
    device_id = objects(Device, _('Device (ID)'), field_name='device')
    device = objects(Device, _('Device (name)'), field_name='device', to_field_name='name')
    virtual_machine_id = objects(VirtualMachine, _('Virtual machine (ID)'), field_name='virtual_machine')
    virtual_machine = objects(
        VirtualMachine, _('Virtual machine (name)'), field_name='virtual_machine', to_field_name='name'
    )
    site = objects(Site, _('Site (slug)'), method='filter_site', to_field_name='slug')
    tenant = objects(Tenant, _('Tenant (slug)'), field_name='tenant', to_field_name='slug')
    zone = choices(ZoneChoices, _('Zone of the rules'), method='filter_rules')
    direction = choices(DirectionChoices, _('Direction of the rules'), method='filter_rules')

    class Meta:
        model = Gateway
        fields = ()

    def filter_site(self, queryset, name, value: list[str]):
        return queryset.filter(at_sites(Gateway, value, self.user)) if value else queryset

    def filter_rules(self, queryset, name, value: list[str]):
        return queryset
