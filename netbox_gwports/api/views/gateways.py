from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import OpenApiParameter, extend_schema
from netbox.api.viewsets import NetBoxModelViewSet
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error

from ... import filtersets, models
from ...db import atomic
from ...reconcile import plans, reconcile, restrict
from ...requirements.material import material
from ...requirements.upgrade import advance, upgrade
from .. import serializers
from ..actions import COMPUTED, posting, visible_profile
from ..exports import export_schema, exported, parse_options

__all__ = ('GatewayAddressViewSet', 'GatewayGroupViewSet', 'GatewayViewSet')


class GatewayGroupViewSet(NetBoxModelViewSet):
    queryset = models.GatewayGroup.objects.all()
    serializer_class = serializers.GatewayGroupSerializer
    filterset_class = filtersets.GatewayGroupFilterSet


class GatewayViewSet(NetBoxModelViewSet):
    # For "display", which is included even if these fields are not requested
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
        """Pending changes to the required flows of this gateway; POST applies them."""
        if request.method == 'POST':
            # For POST, NetBox has restricted the queryset by the "add" permission
            self.queryset = models.Gateway.objects.restrict(request.user, 'reconcile')
        gateway = self.get_object()
        if request.method == 'POST':
            plan = reconcile(gateway.pk, user=request.user)
        else:
            plan = restrict(plans([gateway]), request.user)[gateway.pk]
        return Response(serializers.PlanSerializer(plan, context=self.get_serializer_context()).data)

    @extend_schema(
        parameters=[OpenApiParameter('profile', int, description='ID of the release; defaults to the next profile')],
        request=None,
        responses=serializers.UpgradeSerializer,
    )
    @action(detail=True, methods=['get', 'post'], permission_classes=posting('change'), **COMPUTED)
    def upgrade(self, request, pk):
        """Preview what another release opens and closes for this gateway.

        POST sets it as the next profile, so that the flows of both releases are required. A second POST completes the
        upgrade and retires the flows that are no longer required.
        """
        if request.method == 'POST':
            # For POST, NetBox has restricted the queryset by the "add" permission
            self.queryset = models.Gateway.objects.restrict(request.user, 'change')
        gateway = self.get_object()
        if 'profile' in request.query_params or gateway.next_profile is None:
            profile = visible_profile(request, 'profile')
        else:
            profile = gateway.next_profile
        if profile.pk == gateway.profile_id:
            raise ValidationError({'profile': ['The gateway already runs this release.']})
        if request.method == 'POST':
            try:
                with atomic(models.Gateway):
                    advance(gateway, profile)
                    # The permission may have constraints on the result
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
        """Export the rules of this gateway as a document or firewall configuration."""
        gateway = self.get_object()
        name, options = parse_options(request)
        return exported(name, material([gateway], request.user), options, str(gateway))


class GatewayAddressViewSet(NetBoxModelViewSet):
    # For "display", which is included even if these fields are not requested
    queryset = models.GatewayAddress.objects.select_related('ip_address')
    serializer_class = serializers.GatewayAddressSerializer
    filterset_class = filtersets.GatewayAddressFilterSet
