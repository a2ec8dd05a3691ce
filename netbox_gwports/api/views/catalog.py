from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from netbox.api.features import SyncedDataMixin
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from ... import filtersets, models
from ...catalog.errors import CatalogError
from ...db import atomic, write_alias
from ...jobs import ReconcileJob
from ...loading.bound import follows, read_bound
from ...loading.download import catalog_response
from ...loading.export import catalog_text
from ...loading.loader import load, parse
from ...loading.release_difference import difference
from ...locks import lock_catalogs
from .. import serializers
from ..actions import COMPUTED, IF_MATCH, agreed, posting, state_change, visible_profile
from ..catalog_files import PARSERS
from .base import ModelViewSet

__all__ = (
    'FlowTemplateViewSet',
    'GatewayProfileViewSet',
    'GatewayServiceViewSet',
    'ProfileFeatureViewSet',
    'RemoteRoleViewSet',
)


class CatalogViewSet(ModelViewSet):
    """Takes the catalog lock before NetBox locks the row, which it does for a request with If-Match."""

    def perform_update(self, serializer):
        with atomic(self.queryset.model):
            lock_catalogs(write_alias(self.queryset.model))
            super().perform_update(serializer)

    def perform_destroy(self, instance):
        with atomic(self.queryset.model):
            lock_catalogs(write_alias(self.queryset.model))
            super().perform_destroy(instance)


class GatewayProfileViewSet(SyncedDataMixin, CatalogViewSet):
    queryset = models.GatewayProfile.objects.all()
    serializer_class = serializers.GatewayProfileSerializer
    filterset_class = filtersets.GatewayProfileFilterSet

    @extend_schema(
        parameters=[
            OpenApiParameter('dry_run', bool, description='Return the changes without applying them'),
            OpenApiParameter('update_gateways', bool, description='Update the affected gateways in a background job'),
            OpenApiParameter(
                'digest',
                str,
                description='Digest of the reviewed dry run; 409 and no change if the plan is another one',
            ),
            IF_MATCH,
        ],
        request={'application/yaml': str, 'application/json': OpenApiTypes.OBJECT},
        responses={200: serializers.LoadSerializer},
    )
    @action(
        detail=False,
        methods=['post'],
        url_path='import',
        url_name='import',
        parser_classes=PARSERS,
        permission_classes=posting('import'),
        **COMPUTED,
    )
    def load(self, request):
        """Import a catalog. The body is the document in YAML or JSON; the import is atomic.

        Importing the same catalog again makes no changes.
        """
        options = serializers.ImportOptions(data=request.query_params)
        options.is_valid(raise_exception=True)
        dry_run = options.validated_data['dry_run']
        try:
            with state_change(request):
                digest = agreed(request, options.validated_data.get('digest'))
                # Without a body, no parser is called
                text = request.data if isinstance(request.data, str) else ''
                catalog = parse(text, 'document')
                found = load(catalog, dry_run=dry_run, user=request.user, agreed=digest)
        except CatalogError as e:
            raise ValidationError({
                'detail': 'The catalog is invalid. Nothing was changed.',
                'errors': [{'entry': p.entry, 'field': p.field, 'message': p.message} for p in e.problems],
            }) from None
        job = None
        if options.validated_data['update_gateways'] and not dry_run and found.behind:
            job = ReconcileJob.start(request, [gateway.pk for gateway, _plan in found.behind])
        answer = {
            'dry_run': dry_run,
            # With dry_run, a new profile has been rolled back
            'profile': models.GatewayProfile.objects.filter(slug=found.catalog.slug).first(),
            'partial': found.catalog.partial,
            'counts': found.counts,
            'steps': found.steps,
            'gateways': [
                {'gateway': gateway, 'counts': plan.counts, 'hidden': plan.hidden} for gateway, plan in found.behind
            ],
            'other_gateways': found.others_behind,
            'digest': found.digest,
            'job': job,
        }
        return Response(serializers.LoadSerializer(answer, context=self.get_serializer_context()).data)

    @extend_schema(request=serializers.TableSerializer, responses={200: serializers.DraftSerializer})
    @action(detail=False, methods=['post'], permission_classes=posting('import'), **COMPUTED)
    def convert(self, request):
        """Convert a vendor's table to a draft of a catalog. Nothing is stored."""
        table = serializers.TableSerializer(data=request.data)
        table.is_valid(raise_exception=True)
        return Response(serializers.DraftSerializer(table.validated_data['draft']).data)

    @extend_schema(request=None, responses=serializers.GatewayProfileSerializer)
    @action(detail=True, methods=['post'], **COMPUTED)
    def sync(self, request, pk):
        """Update the profile from its data file. Repeating the request makes no further changes."""
        # For POST, NetBox has restricted the queryset by the "add" permission
        permitted = models.GatewayProfile.objects.restrict(request.user, 'sync')
        get_object_or_404(permitted, pk=pk)
        with state_change(request):
            lock_catalogs(write_alias(models.GatewayProfile))
            profile = permitted.select_for_update(no_key=True, of=('self',)).get(pk=pk)
            if profile.data_file and not follows(profile, read_bound(profile)):
                profile.snapshot()
                profile.sync(save=True)
        return Response(serializers.GatewayProfileSerializer(profile, context={'request': request}).data)

    @extend_schema(responses={(200, 'application/yaml'): OpenApiTypes.OBJECT})
    @action(detail=True, **COMPUTED)
    def export(self, request, pk):
        """Export the catalog of this profile as YAML in canonical form. Importing it again makes no changes."""
        profile = self.get_object()
        try:
            text = catalog_text(profile, request.user)
        except CatalogError as e:
            raise ValidationError([str(problem) for problem in e.problems]) from None
        return catalog_response(profile, text)

    @extend_schema(
        parameters=[OpenApiParameter('to', int, required=True, description='ID of the other release')],
        responses=serializers.DiffSerializer,
    )
    @action(detail=True, **COMPUTED)
    def diff(self, request, pk):
        """Compare this release with another: flow templates added, removed, moved, changed and reworded."""
        other = visible_profile(request, 'to')
        found = difference(self.get_object(), other, request.user)
        return Response(serializers.DiffSerializer(found, context=self.get_serializer_context()).data)


class ProfileFeatureViewSet(CatalogViewSet):
    queryset = models.ProfileFeature.objects.all()
    serializer_class = serializers.ProfileFeatureSerializer
    filterset_class = filtersets.ProfileFeatureFilterSet


class GatewayServiceViewSet(CatalogViewSet):
    queryset = models.GatewayService.objects.all()
    serializer_class = serializers.GatewayServiceSerializer
    filterset_class = filtersets.GatewayServiceFilterSet


class RemoteRoleViewSet(CatalogViewSet):
    queryset = models.RemoteRole.objects.all()
    serializer_class = serializers.RemoteRoleSerializer
    filterset_class = filtersets.RemoteRoleFilterSet


class FlowTemplateViewSet(CatalogViewSet):
    # For "display", which is included even if this field is not requested
    queryset = models.FlowTemplate.objects.select_related('service')
    serializer_class = serializers.FlowTemplateSerializer
    filterset_class = filtersets.FlowTemplateFilterSet
