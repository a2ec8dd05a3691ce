from ... import filtersets, models
from .. import serializers
from .base import ModelViewSet

__all__ = ('RemoteEndpointViewSet', 'RequiredFlowViewSet')


class RemoteEndpointViewSet(ModelViewSet):
    queryset = models.RemoteEndpoint.objects.all()
    serializer_class = serializers.RemoteEndpointSerializer
    filterset_class = filtersets.RemoteEndpointFilterSet


class RequiredFlowViewSet(ModelViewSet):
    queryset = models.RequiredFlow.objects.all()
    serializer_class = serializers.RequiredFlowSerializer
    filterset_class = filtersets.RequiredFlowFilterSet
