from netbox.search import SearchIndex, register_search

from . import models

__all__ = ('FlowTemplateIndex', 'GatewayGroupIndex', 'GatewayProfileIndex', 'RemoteEndpointIndex', 'RemoteRoleIndex',
           'RequiredFlowIndex')  # fmt: skip


@register_search
class GatewayProfileIndex(SearchIndex):
    model = models.GatewayProfile
    fields = (('name', 100), ('slug', 110), ('description', 500), ('comments', 5000))
    display_attrs = ('manufacturer', 'version', 'description')


@register_search
class FlowTemplateIndex(SearchIndex):
    model = models.FlowTemplate
    fields = (('purpose', 200), ('description', 500), ('notes', 1000), ('comments', 5000))
    display_attrs = ('service', 'direction', 'remote_role')


@register_search
class RemoteRoleIndex(SearchIndex):
    model = models.RemoteRole
    fields = (('name', 100), ('slug', 110), ('description', 500))
    display_attrs = ('zone', 'kind', 'description')


@register_search
class GatewayGroupIndex(SearchIndex):
    model = models.GatewayGroup
    fields = (('name', 100), ('slug', 110), ('description', 500))
    display_attrs = ('description',)


@register_search
class RemoteEndpointIndex(SearchIndex):
    model = models.RemoteEndpoint
    fields = (('name', 100), ('description', 500), ('comments', 5000))
    display_attrs = ('role', 'zone', 'description')


@register_search
class RequiredFlowIndex(SearchIndex):
    model = models.RequiredFlow
    fields = (('ticket', 100), ('purpose', 200), ('name', 300), ('justification', 1000))
    display_attrs = ('gateway', 'direction', 'status')
