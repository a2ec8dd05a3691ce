from utilities.exceptions import AbortRequest

from ... import filtersets, models
from ...models.flows import ONE_AT_A_TIME
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

    def perform_update(self, serializer):
        # A list of one is one at a time
        together = isinstance(self.request.data, list) and len(self.request.data) > 1
        if together and serializer.instance.is_overruled:
            raise AbortRequest(ONE_AT_A_TIME)
        super().perform_update(serializer)
