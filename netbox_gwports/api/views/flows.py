from netbox.api.viewsets import NetBoxModelViewSet

from ... import filtersets, models
from .. import serializers

__all__ = ('RemoteEndpointViewSet', 'RequiredFlowViewSet')


class RemoteEndpointViewSet(NetBoxModelViewSet):
    queryset = models.RemoteEndpoint.objects.all()
    serializer_class = serializers.RemoteEndpointSerializer
    filterset_class = filtersets.RemoteEndpointFilterSet


class RequiredFlowViewSet(NetBoxModelViewSet):
    queryset = models.RequiredFlow.objects.all()
    serializer_class = serializers.RequiredFlowSerializer
    filterset_class = filtersets.RequiredFlowFilterSet
