from drf_spectacular.utils import extend_schema
from netbox.api.viewsets import BaseViewSet
from rest_framework import mixins

from ... import filtersets, models
from ...requirements.firewalls import stream_standings
from .. import serializers
from .base import KnownFiltersMixin

__all__ = ('StandingViewSet',)


class StandingViewSet(KnownFiltersMixin, mixins.ListModelMixin, BaseViewSet):
    """Where the rules of gateways stand: what is to be requested, opened and closed. One result for each gateway."""

    queryset = models.Gateway.objects.all()
    serializer_class = serializers.StandingSerializer
    filterset_class = filtersets.GatewayFilterSet
    # Computed results do not support field selection
    field_kwargs = {}
    ordering_fields = ('id',)

    def get_queryset(self):
        # BaseViewSet's implementation requires a model serializer
        return self.queryset.select_related('device', 'virtual_machine').order_by('pk')

    @extend_schema(responses=serializers.StandingSerializer(many=True))
    def list(self, request, *args, **kwargs):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        # Only what is answered is kept of each gateway
        results = [serializers.standing_data(found) for found in stream_standings(page, request.user)]
        return self.get_paginated_response(results)
