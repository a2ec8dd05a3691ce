"""Attribute panels of the detail pages."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from netbox.ui import actions, attrs, panels

from .attrs import VisibleListAttr, ZonesAttr

__all__ = (
    'EndpointMembersPanel',
    'EnforcementPointPanel',
    'EnforcementZonePanel',
    'FlowDecisionPanel',
    'FlowPanel',
    'FlowTemplatePanel',
    'GatewayAddressPanel',
    'GatewayPanel',
    'GatewayProfilePanel',
    'GatewayServicePanel',
    'PartialProfilePanel',
    'ProfileFeaturePanel',
    'RemoteEndpointPanel',
    'RemoteRolePanel',
    'RequirementsLink',
)


class GatewayProfilePanel(panels.ObjectAttributesPanel):
    manufacturer = attrs.RelatedObjectAttr('manufacturer', linkify=True)
    name = attrs.TextAttr('name')
    version = attrs.TextAttr('version')
    slug = attrs.TextAttr('slug', style='font-monospace')
    source_url = attrs.TemplatedAttr(
        'source_url', template_name='netbox_gwports/attrs/link.html', label=_('Source URL')
    )
    published = attrs.DateTimeAttr('published', spec='date')
    partial = attrs.TextAttr('partial')
    description = attrs.TextAttr('description')
    data_source = attrs.RelatedObjectAttr('data_source', linkify=True)
    data_file = attrs.TextAttr('data_path', label=_('Data file'))
    data_synced = attrs.DateTimeAttr('data_synced')
    auto_sync_enabled = attrs.BooleanAttr('auto_sync_enabled', display_false=False)


class PartialProfilePanel(panels.Panel):
    """A warning that the catalog is incomplete, which cannot be seen from its contents."""

    template_name = 'netbox_gwports/inc/partial.html'

    def get_context(self, context):
        profile = self.get_profile(context)
        return {**super().get_context(context), 'profile': profile, 'missing': profile.partial}

    def get_profile(self, context):
        return context['object']

    def should_render(self, context):
        return bool(context['profile'].partial)


class ProfileFeaturePanel(panels.ObjectAttributesPanel):
    profile = attrs.RelatedObjectAttr('profile', linkify=True)
    name = attrs.TextAttr('name')
    slug = attrs.TextAttr('slug', style='font-monospace')
    group = attrs.TextAttr('group')
    parent = attrs.RelatedObjectAttr('parent', linkify=True)
    enabled_by_default = attrs.BooleanAttr('enabled_by_default', display_false=False)
    description = attrs.TextAttr('description')


class GatewayServicePanel(panels.ObjectAttributesPanel):
    profile = attrs.RelatedObjectAttr('profile', linkify=True)
    name = attrs.TextAttr('name')
    application_protocol = attrs.TextAttr('application_protocol')
    ports = attrs.ArrayAttr('ports')
    clear_text = attrs.BooleanAttr('clear_text', display_false=False)
    description = attrs.TextAttr('description')


class RemoteRolePanel(panels.ObjectAttributesPanel):
    name = attrs.TextAttr('name')
    slug = attrs.TextAttr('slug', style='font-monospace')
    zone = attrs.ChoiceAttr('zone')
    kind = attrs.ChoiceAttr('kind')
    description = attrs.TextAttr('description')


class FlowTemplatePanel(panels.ObjectAttributesPanel):
    profile = attrs.RelatedObjectAttr('service.profile', linkify=True, label=_('Profile'))
    row = attrs.TextAttr('row_label', label=_("Row of the vendor's table"))
    service = attrs.RelatedObjectAttr('service', linkify=True)
    purpose = attrs.TextAttr('purpose')
    direction = attrs.ChoiceAttr('direction')
    remote_role = attrs.RelatedObjectAttr('remote_role', linkify=True)
    dns_names = attrs.ArrayAttr('dns_names', label=_('DNS names'))
    replaceable = attrs.BooleanAttr('replaceable', display_false=False)
    zone = attrs.ChoiceAttr('zone')
    feature = attrs.RelatedObjectAttr('feature', linkify=True)
    direct = attrs.BooleanAttr('direct', label=_('Bypass web proxy'), display_false=False)
    notes = attrs.TextAttr('notes')
    not_opened = attrs.TextAttr('not_opened')
    printed = attrs.TextAttr('printed')
    key = attrs.TextAttr('key', style='font-monospace')
    withdrawn = attrs.BooleanAttr('withdrawn', display_false=False)


class RequirementsLink(actions.LinkAction):
    """Link to the requirements tab of the gateway's device or virtual machine."""

    def __init__(self):
        super().__init__(view_name=None, label=_('Firewall Requirements'), button_icon='wall-fire')

    def get_url(self, context):
        machine = context['object'].machine
        name = f'{machine._meta.app_label}:{machine._meta.model_name}_gwports_requirements'
        return reverse(name, kwargs={'pk': machine.pk})


class GatewayPanel(panels.ObjectAttributesPanel):
    actions = (RequirementsLink(),)

    device = attrs.RelatedObjectAttr('device', linkify=True)
    virtual_machine = attrs.RelatedObjectAttr('virtual_machine', linkify=True)
    site = attrs.RelatedObjectAttr('site', linkify=True)
    profile = attrs.RelatedObjectAttr('profile', linkify=True)
    next_profile = attrs.RelatedObjectAttr('next_profile', linkify=True)
    features = VisibleListAttr('features', linkify=True)
    group = attrs.RelatedObjectAttr('group', linkify=True)
    status = attrs.ChoiceAttr('status')
    tenant = attrs.RelatedObjectAttr('tenant', linkify=True)
    description = attrs.TextAttr('description')


class GatewayAddressPanel(panels.ObjectAttributesPanel):
    gateway = attrs.RelatedObjectAttr('gateway', linkify=True)
    ip_address = attrs.RelatedObjectAttr('ip_address', linkify=True, label=_('IP address'))
    vrf = attrs.RelatedObjectAttr('ip_address.vrf', linkify=True, label=_('VRF'))
    zones = ZonesAttr('zone_labels', label=_('Facing'))
    use = attrs.ChoiceAttr('use')


class RemoteEndpointPanel(panels.ObjectAttributesPanel):
    name = attrs.TextAttr('name')
    role = attrs.RelatedObjectAttr('role', linkify=True)
    role_zone = attrs.ChoiceAttr('role.zone', label=_("Role's zone"))
    zone = attrs.ChoiceAttr('zone', label=_('Zone override'))
    port_map = attrs.ArrayAttr('port_map', label=_('Port mapping'))
    scope = attrs.ChoiceAttr('scope')
    gateways = VisibleListAttr('gateways', linkify=True)
    groups = VisibleListAttr('groups', linkify=True, label=_('Gateway groups'))
    sites = VisibleListAttr('sites', linkify=True)
    description = attrs.TextAttr('description')


class EndpointMembersPanel(panels.ObjectAttributesPanel):
    title = _('Members')
    ip_addresses = VisibleListAttr('ip_addresses', linkify=True, label=_('IP addresses'))
    prefixes = VisibleListAttr('prefixes', linkify=True)
    ip_ranges = VisibleListAttr('ip_ranges', linkify=True, label=_('IP ranges'))
    devices = VisibleListAttr('devices', linkify=True)
    virtual_machines = VisibleListAttr('virtual_machines', linkify=True)
    dns_names = attrs.ArrayAttr('dns_names', label=_('DNS names'))
    literals = attrs.ArrayAttr('literals', label=_('Literal addresses'))
    vrf = attrs.RelatedObjectAttr('vrf', linkify=True)
    any_address = attrs.BooleanAttr('any_address', display_false=False)
    justification = attrs.TextAttr('justification')


class EnforcementPointPanel(panels.ObjectAttributesPanel):
    device = attrs.RelatedObjectAttr('device', linkify=True)
    virtual_machine = attrs.RelatedObjectAttr('virtual_machine', linkify=True)
    site = attrs.RelatedObjectAttr('site', linkify=True)
    groups = VisibleListAttr('groups', linkify=True, label=_('Gateway groups'))
    gateways = VisibleListAttr('gateways', linkify=True)
    format_name = attrs.TextAttr('format_name', label=_('Format'))
    gateway_zone = attrs.TextAttr('gateway_zone', style='font-monospace')
    gateway_interface = attrs.TextAttr('gateway_interface', style='font-monospace')
    description = attrs.TextAttr('description')


class EnforcementZonePanel(panels.ObjectAttributesPanel):
    enforcement_point = attrs.RelatedObjectAttr('enforcement_point', linkify=True)
    zone = attrs.ChoiceAttr('zone')
    separated = attrs.BooleanAttr('separated')
    name = attrs.TextAttr('name', style='font-monospace')
    interface = attrs.TextAttr('interface', style='font-monospace')
    gateway_zone = attrs.TextAttr('gateway_zone', style='font-monospace')
    gateway_interface = attrs.TextAttr('gateway_interface', style='font-monospace')
    prefixes = VisibleListAttr('prefixes', linkify=True)


class FlowPanel(panels.ObjectAttributesPanel):
    gateway = attrs.RelatedObjectAttr('gateway', linkify=True)
    name = attrs.TextAttr('name', label=_('Service'))
    purpose = attrs.TextAttr('purpose')
    row = attrs.TextAttr('template.row_label', label=_("Row of the vendor's table"))
    application_protocol = attrs.TextAttr('application_protocol')
    ports = attrs.ArrayAttr('ports')
    direction = attrs.ChoiceAttr('direction')
    remote_role = attrs.RelatedObjectAttr('remote_role', linkify=True)
    dns_names = attrs.ArrayAttr('dns_names', label=_('DNS names'))
    replaceable = attrs.BooleanAttr('replaceable', display_false=False)
    zone = attrs.ChoiceAttr('zone')
    feature = attrs.RelatedObjectAttr('feature', linkify=True)
    direct = attrs.BooleanAttr('direct', label=_('Bypass web proxy'), display_false=False)
    clear_text = attrs.BooleanAttr('clear_text', display_false=False)
    description = attrs.TextAttr('description')


class FlowDecisionPanel(panels.ObjectAttributesPanel):
    title = _('Decision')
    status = attrs.ChoiceAttr('status')
    justification = attrs.TextAttr('justification')
    mitigation = attrs.TextAttr('mitigation')
    valid_until = attrs.DateTimeAttr('valid_until', spec='date')
    endpoints = VisibleListAttr('endpoints', linkify=True)
    notes = attrs.TextAttr('template.notes', label=_("Vendor's notes"))
