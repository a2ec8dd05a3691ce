from drf_spectacular.utils import extend_schema
from netbox.api.authentication import TokenPermissions
from netbox.api.viewsets import BaseViewSet, NetBoxModelViewSet
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.response import Response

from .. import filtersets, models
from ..reconcile import plans, reconcile, restrict
from ..requirements import requirements
from . import serializers

__all__ = (
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


class ReconcilePermissions(TokenPermissions):
    """POST has a permission of its own."""

    perms_map = {**TokenPermissions.perms_map, 'POST': ['%(app_label)s.reconcile_%(model_name)s']}


class GatewayProfileViewSet(NetBoxModelViewSet):
    queryset = models.GatewayProfile.objects.all()
    serializer_class = serializers.GatewayProfileSerializer
    filterset_class = filtersets.GatewayProfileFilterSet


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
        permission_classes=[ReconcilePermissions],
        filterset_class=None,
        pagination_class=None,
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
