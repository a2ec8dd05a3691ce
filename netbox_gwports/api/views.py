from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import transaction
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from netbox.api.authentication import IsAuthenticatedOrLoginNotRequired, TokenPermissions
from netbox.api.features import SyncedDataMixin
from netbox.api.viewsets import BaseViewSet, NetBoxModelViewSet
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.viewsets import ViewSet

from .. import filtersets, models
from ..catalog.canonical import canonical
from ..catalog.difference import difference
from ..catalog.errors import CatalogError
from ..catalog.files import catalogue_file
from ..catalog.loader import load, parse
from ..exporting import enforced, known_here, material
from ..exports import formats
from ..jobs import ReconcileJob
from ..reconcile import plans, reconcile, restrict
from ..requirements import requirements
from ..requirements.upgrade import advance, upgrade
from . import serializers
from .catalogues import PARSERS
from .exports import export_schema, exported, exported_many, said_options

__all__ = (
    'EnforcementPointViewSet',
    'EnforcementZoneViewSet',
    'ExportFormatViewSet',
    'FlowTemplateViewSet',
    'GatewayAddressViewSet',
    'GatewayGroupViewSet',
    'GatewayProfileViewSet',
    'GatewayServiceViewSet',
    'GatewayViewSet',
    'ProfileFeatureViewSet',
    'RemoteEndpointViewSet',
    'RemoteRoleViewSet',
    'RequiredFlowViewSet',
    'RequirementsViewSet',
)


def posting(permission):
    """Permissions of an action whose POST needs ``permission`` instead of the one to add."""
    perms_map = {**TokenPermissions.perms_map, 'POST': [f'%(app_label)s.{permission}_%(model_name)s']}
    return [type('PostingPermissions', (TokenPermissions,), {'perms_map': perms_map})]


def boolean(name, description):
    return OpenApiParameter(name, bool, description=description)


# A computed answer is neither filtered nor paged
COMPUTED = {'filterset_class': None, 'pagination_class': None}


class GatewayProfileViewSet(SyncedDataMixin, NetBoxModelViewSet):
    queryset = models.GatewayProfile.objects.all()
    serializer_class = serializers.GatewayProfileSerializer
    filterset_class = filtersets.GatewayProfileFilterSet

    @extend_schema(
        parameters=[
            boolean('dry_run', 'Say what would change, and change nothing'),
            boolean('update_gateways', 'Let the gateways that are behind then follow, in a background job'),
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
        """Load a catalogue: the body is the document, in YAML or JSON. All of it, or nothing."""
        options = serializers.ImportOptions(data=request.query_params)
        options.is_valid(raise_exception=True)
        dry_run = options.validated_data['dry_run']
        try:
            found = load(parse(request.data, 'document'), dry_run=dry_run, user=request.user)
        except CatalogError as e:
            raise ValidationError({
                'detail': 'The catalogue was refused, and nothing was changed.',
                'errors': [{'entry': p.entry, 'field': p.field, 'message': p.message} for p in e.problems],
            }) from None
        job = None
        if options.validated_data['update_gateways'] and not dry_run and found.behind:
            job = ReconcileJob.start(request, [gateway.pk for gateway, _plan in found.behind])
        answer = {
            'dry_run': dry_run,
            # Made for a moment only, where it was new
            'profile': models.GatewayProfile.objects.filter(slug=found.catalog.slug).first(),
            'counts': found.counts,
            'steps': found.steps,
            'gateways': [
                {'gateway': gateway, 'counts': plan.counts, 'hidden': plan.hidden} for gateway, plan in found.behind
            ],
            'other_gateways': found.others_behind,
            'job': job,
        }
        return Response(serializers.LoadSerializer(answer, context=self.get_serializer_context()).data)

    @extend_schema(responses={(200, 'application/yaml'): str})
    @action(detail=True, **COMPUTED)
    def export(self, request, pk):
        """The catalogue of this profile in canonical form, as YAML: importing it again changes nothing."""
        profile = self.get_object()
        try:
            text = canonical(profile, request.user)
        except CatalogError as e:
            raise ValidationError([str(problem) for problem in e.problems]) from None
        return catalogue_file(profile, text)

    @extend_schema(
        parameters=[OpenApiParameter('to', int, required=True, description='ID of the other release')],
        responses=serializers.DiffSerializer,
    )
    @action(detail=True, **COMPUTED)
    def diff(self, request, pk):
        """This release beside another: needs added, removed, moved, changed and reworded."""
        other = visible_profile(request, 'to')
        found = difference(self.get_object(), other, request.user)
        return Response(serializers.DiffSerializer(found, context=self.get_serializer_context()).data)


def visible_profile(request, name):
    """The profile whose ID a parameter of the query names."""
    value = request.query_params.get(name, '')
    visible = models.GatewayProfile.objects.restrict(request.user, 'view')
    found = visible.filter(pk=value).first() if value.isdecimal() and len(value) < 10 else None
    if found is None:
        raise ValidationError({name: [f'Name the ID of a gateway profile: ?{name}=1.']})
    return found


class ProfileFeatureViewSet(NetBoxModelViewSet):
    queryset = models.ProfileFeature.objects.all()
    serializer_class = serializers.ProfileFeatureSerializer
    filterset_class = filtersets.ProfileFeatureFilterSet


class GatewayServiceViewSet(NetBoxModelViewSet):
    queryset = models.GatewayService.objects.all()
    serializer_class = serializers.GatewayServiceSerializer
    filterset_class = filtersets.GatewayServiceFilterSet


class RemoteRoleViewSet(NetBoxModelViewSet):
    queryset = models.RemoteRole.objects.all()
    serializer_class = serializers.RemoteRoleSerializer
    filterset_class = filtersets.RemoteRoleFilterSet


class FlowTemplateViewSet(NetBoxModelViewSet):
    # For "display", which is also given without the field that it names
    queryset = models.FlowTemplate.objects.select_related('service')
    serializer_class = serializers.FlowTemplateSerializer
    filterset_class = filtersets.FlowTemplateFilterSet


class GatewayGroupViewSet(NetBoxModelViewSet):
    queryset = models.GatewayGroup.objects.all()
    serializer_class = serializers.GatewayGroupSerializer
    filterset_class = filtersets.GatewayGroupFilterSet


class GatewayViewSet(NetBoxModelViewSet):
    # For "display", which is also given without the field that it names
    queryset = models.Gateway.objects.select_related('device', 'virtual_machine')
    serializer_class = serializers.GatewaySerializer
    filterset_class = filtersets.GatewayFilterSet

    @extend_schema(methods=['get'], responses=serializers.PlanSerializer)
    @extend_schema(methods=['post'], request=None, responses=serializers.PlanSerializer)
    @action(
        detail=True,
        methods=['get', 'post'],
        permission_classes=posting('reconcile'),
        **COMPUTED,
    )
    def reconcile(self, request, pk):
        """What the flows of this gateway lack to follow its profile and features; POST does it."""
        if request.method == 'POST':
            # Because of the method, it was restricted to those that may be added
            self.queryset = models.Gateway.objects.restrict(request.user, 'reconcile')
        gateway = self.get_object()
        if request.method == 'POST':
            plan = reconcile(gateway.pk, user=request.user)
        else:
            plan = restrict(plans([gateway]), request.user)[gateway.pk]
        return Response(serializers.PlanSerializer(plan, context=self.get_serializer_context()).data)

    @extend_schema(
        parameters=[OpenApiParameter('profile', int, description='ID of the release; not said: the next profile')],
        request=None,
        responses=serializers.UpgradeSerializer,
    )
    @action(detail=True, methods=['get', 'post'], permission_classes=posting('change'), **COMPUTED)
    def upgrade(self, request, pk):
        """What another release opens and closes for this gateway.

        POST makes it the next profile: what both releases need is wanted from then on. A second POST takes it over, and
        retires what is no longer needed.
        """
        if request.method == 'POST':
            # Because of the method, it was restricted to those that may be added
            self.queryset = models.Gateway.objects.restrict(request.user, 'change')
        gateway = self.get_object()
        if 'profile' in request.query_params or gateway.next_profile is None:
            profile = visible_profile(request, 'profile')
        else:
            profile = gateway.next_profile
        if profile.pk == gateway.profile_id:
            raise ValidationError({'profile': ['The gateway runs this release already.']})
        if request.method == 'POST':
            try:
                with transaction.atomic():
                    advance(gateway, profile)
                    # A permission may say what a gateway has to be
                    self._validate_objects(gateway)
            except DjangoValidationError as e:
                raise ValidationError(as_serializer_error(e)) from None
            except ObjectDoesNotExist:
                raise PermissionDenied from None
        found = upgrade(gateway, profile, request.user)
        return Response(serializers.UpgradeSerializer(found, context=self.get_serializer_context()).data)

    @export_schema()
    @action(detail=True, **COMPUTED)
    def export(self, request, pk):
        """The rules of this gateway as a document or as firewall configuration."""
        gateway = self.get_object()
        name, options = said_options(request)
        return exported(name, material([gateway], request.user), options, str(gateway))


class GatewayAddressViewSet(NetBoxModelViewSet):
    # For "display", which is also given without the field that it names
    queryset = models.GatewayAddress.objects.select_related('ip_address')
    serializer_class = serializers.GatewayAddressSerializer
    filterset_class = filtersets.GatewayAddressFilterSet


class RemoteEndpointViewSet(NetBoxModelViewSet):
    queryset = models.RemoteEndpoint.objects.all()
    serializer_class = serializers.RemoteEndpointSerializer
    filterset_class = filtersets.RemoteEndpointFilterSet


class RequiredFlowViewSet(NetBoxModelViewSet):
    queryset = models.RequiredFlow.objects.all()
    serializer_class = serializers.RequiredFlowSerializer
    filterset_class = filtersets.RequiredFlowFilterSet


class EnforcementPointViewSet(NetBoxModelViewSet):
    # For "display", which is also given without the field that it names
    queryset = models.EnforcementPoint.objects.select_related('device', 'virtual_machine')
    serializer_class = serializers.EnforcementPointSerializer
    filterset_class = filtersets.EnforcementPointFilterSet

    @export_schema()
    @action(detail=True, **COMPUTED)
    def export(self, request, pk):
        """The rules that this firewall has to enforce: in its own format, unless another is named."""
        point = self.get_object()
        name, options = said_options(request, format_name=point.format_name, **known_here(point, request.user))
        return exported(name, enforced(point, request.user), options, str(point))


class EnforcementZoneViewSet(NetBoxModelViewSet):
    queryset = models.EnforcementZone.objects.all()
    serializer_class = serializers.EnforcementZoneSerializer
    filterset_class = filtersets.EnforcementZoneFilterSet


class RequirementsViewSet(mixins.ListModelMixin, BaseViewSet):
    """What the firewalls must permit, gateway by gateway. ``zone`` and ``direction`` select rules within them."""

    queryset = models.Gateway.objects.all()
    serializer_class = serializers.RequirementsSerializer
    filterset_class = filtersets.RequirementsFilterSet
    # A computed answer has no fields to choose from
    field_kwargs = {}

    def get_queryset(self):
        # BaseViewSet's own looks for a model in the serializer
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
                    rule for rule in resolution.rules
                    if (not zones or rule.zone in zones) and (not directions or rule.direction in directions)
                ],
                'unresolved': [
                    entry for entry in resolution.unresolved
                    if (not zones or entry.zone in zones)
                    and (not directions or entry.flow.direction in directions)
                ],
                'not_applicable': resolution.not_applicable,
                'hidden': resolution.hidden,
                'partial': bool(gateway.profile.partial),
            })  # fmt: skip
        return self.get_paginated_response(self.get_serializer(results, many=True).data)

    @export_schema(filters=True)
    @action(detail=False, pagination_class=None)
    def export(self, request):
        """The rules of many gateways in one file, or with apart=true an archive with one for each."""
        name, options = said_options(request, others=('apart', *self.filterset_class.base_filters))
        return exported_many(request, self.filter_queryset(self.get_queryset()), name, options)


class ExportFormatViewSet(ViewSet):
    """The formats of exports, with the options that each heeds and why one cannot be used here."""

    permission_classes = (IsAuthenticatedOrLoginNotRequired,)

    @extend_schema(responses=serializers.FormatSerializer(many=True))
    def list(self, request):
        return Response(serializers.FormatSerializer(formats().values(), many=True).data)
