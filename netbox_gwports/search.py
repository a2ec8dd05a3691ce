from netbox.search import SearchIndex, register_search

from . import models

__all__ = (
    'ChangeRequestIndex',
    'EnforcementPointIndex',
    'EnforcementZoneIndex',
    'FlowTemplateIndex',
    'GatewayGroupIndex',
    'GatewayIndex',
    'GatewayProfileIndex',
    'GatewayServiceIndex',
    'ProfileFeatureIndex',
    'RemoteEndpointIndex',
    'RemoteRoleIndex',
    'RequiredFlowIndex',
)


@register_search
class GatewayProfileIndex(SearchIndex):
    model = models.GatewayProfile
    fields = (('name', 100), ('slug', 110), ('version', 300), ('description', 500), ('comments', 5000))
    display_attrs = ('manufacturer', 'version', 'description')


@register_search
class ProfileFeatureIndex(SearchIndex):
    model = models.ProfileFeature
    fields = (('name', 100), ('slug', 110), ('description', 500), ('comments', 5000))
    display_attrs = ('profile', 'group', 'description')


@register_search
class GatewayServiceIndex(SearchIndex):
    model = models.GatewayService
    fields = (('name', 100), ('application_protocol', 300), ('description', 500), ('comments', 5000))
    display_attrs = ('profile', 'application_protocol', 'description')


@register_search
class FlowTemplateIndex(SearchIndex):
    model = models.FlowTemplate
    fields = (('purpose', 200), ('description', 500), ('notes', 1000), ('not_opened', 1000), ('comments', 5000))
    display_attrs = ('service', 'direction', 'remote_role')


@register_search
class RemoteRoleIndex(SearchIndex):
    model = models.RemoteRole
    fields = (('name', 100), ('slug', 110), ('description', 500), ('comments', 5000))
    display_attrs = ('zone', 'kind', 'description')


@register_search
class GatewayGroupIndex(SearchIndex):
    model = models.GatewayGroup
    fields = (('name', 100), ('slug', 110), ('description', 500), ('comments', 5000))
    display_attrs = ('description',)


@register_search
class GatewayIndex(SearchIndex):
    model = models.Gateway
    # Its name is that of its device or virtual machine, which is indexed already
    fields = (('description', 500), ('comments', 5000))
    display_attrs = ('profile', 'group', 'status', 'tenant', 'description')


@register_search
class RemoteEndpointIndex(SearchIndex):
    model = models.RemoteEndpoint
    fields = (
        ('name', 100),
        ('dns_names', 300),
        ('literals', 300),
        ('description', 500),
        ('justification', 1000),
        ('comments', 5000),
    )
    display_attrs = ('role', 'zone', 'scope', 'description')


@register_search
class EnforcementPointIndex(SearchIndex):
    model = models.EnforcementPoint
    # Its name is that of its device or virtual machine, which is indexed already
    fields = (('gateway_zone', 300), ('description', 500), ('format_name', 1000), ('comments', 5000))
    display_attrs = ('format_name', 'description')


@register_search
class EnforcementZoneIndex(SearchIndex):
    model = models.EnforcementZone
    fields = (('name', 100), ('interface', 300))
    display_attrs = ('enforcement_point', 'name', 'interface')


@register_search
class ChangeRequestIndex(SearchIndex):
    model = models.ChangeRequest
    fields = (
        ('ticket', 60),
        ('title', 100),
        ('description', 500),
        ('reason', 1000),
        ('comments', 5000),
    )
    display_attrs = ('status', 'ticket', 'valid_until', 'description')


@register_search
class RequiredFlowIndex(SearchIndex):
    model = models.RequiredFlow
    fields = (
        ('purpose', 200),
        ('name', 300),
        ('description', 500),
        ('justification', 1000),
        ('comments', 5000),
    )
    display_attrs = ('gateway', 'direction', 'remote_role', 'status')
