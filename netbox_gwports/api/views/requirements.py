from drf_spectacular.utils import OpenApiParameter, extend_schema
from netbox.api.authentication import IsAuthenticatedOrLoginNotRequired
from netbox.api.viewsets import BaseViewSet
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from ... import filtersets, models
from ...export_formats import formats
from ...requirements import requirements
from .. import serializers
from ..exports import export_schema, exported_many, parse_options
from .base import KnownFiltersMixin

__all__ = ('ExportFormatViewSet', 'RequirementsViewSet')


class RequirementsViewSet(KnownFiltersMixin, mixins.ListModelMixin, BaseViewSet):
    """The rules that firewalls must permit, by gateway. ``zone`` and ``direction`` filter the rules of each."""

    queryset = models.Gateway.objects.all()
    serializer_class = serializers.RequirementsSerializer
    filterset_class = filtersets.RequirementsFilterSet
    # Computed results do not support field selection
    field_kwargs = {}

    def get_queryset(self):
        # BaseViewSet's implementation requires a model serializer
        return self.queryset.select_related('device', 'virtual_machine', 'profile').order_by('pk')

    @extend_schema(responses=serializers.RequirementsSerializer(many=True))
    def list(self, request, *args, **kwargs):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        zones, directions = request.query_params.getlist('zone'), request.query_params.getlist('direction')
        results = []
        for gateway, resolution in zip(page, requirements(page, request.user), strict=True):
            results.append({
                'gateway': gateway,
                'device': gateway.device,
                'virtual_machine': gateway.virtual_machine,
                'rules': [
                    rule
                    for rule in resolution.rules
                    if (not zones or rule.zone in zones) and (not directions or rule.direction in directions)
                ],
                'unresolved': [
                    entry
                    for entry in resolution.unresolved
                    if (not zones or entry.zone in zones) and (not directions or entry.flow.direction in directions)
                ],
                'not_applicable': resolution.not_applicable,
                'notes': [note for note in resolution.notes if not zones or note.zone in zones],
                'hidden': resolution.hidden,
                'partial': bool(gateway.profile.partial),
            })
        return self.get_paginated_response(self.get_serializer(results, many=True).data)

    @export_schema(
        OpenApiParameter('apart', bool, description='Return an archive with one file per gateway'), filters=True
    )
    @action(detail=False, pagination_class=None)
    def export(self, request):
        """Export the rules of several gateways to one file or, with apart=true, to an archive with one file each."""
        name, options = parse_options(request, others=('apart', *self.filterset_class.base_filters))
        return exported_many(request, self.filter_queryset(self.get_queryset()), name, options)


class ExportFormatViewSet(ViewSet):
    """The export formats with the options they support and, if unavailable, the reason."""

    permission_classes = (IsAuthenticatedOrLoginNotRequired,)

    @extend_schema(responses=serializers.FormatSerializer(many=True))
    def list(self, request):
        return Response(serializers.FormatSerializer(formats().values(), many=True).data)
