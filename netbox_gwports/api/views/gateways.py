from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from ... import filtersets, models
from ...changes import review
from ...reconcile import plans, reconcile, restrict
from ...requirements import standings
from ...requirements.material import material
from ...requirements.upgrade import take_step, upgrade
from .. import serializers
from ..actions import COMPUTED, IF_MATCH, agreed, posting, state_change, visible_profile
from ..exports import export_schema, exported, parse_options
from .base import ModelViewSet
from .changes import signature

__all__ = ('GatewayAddressViewSet', 'GatewayGroupViewSet', 'GatewayViewSet')


class GatewayGroupViewSet(ModelViewSet):
    queryset = models.GatewayGroup.objects.all()
    serializer_class = serializers.GatewayGroupSerializer
    filterset_class = filtersets.GatewayGroupFilterSet


class GatewayViewSet(ModelViewSet):
    # For "display", which is included even if these fields are not requested
    queryset = models.Gateway.objects.select_related('device', 'virtual_machine')
    serializer_class = serializers.GatewaySerializer
    filterset_class = filtersets.GatewayFilterSet

    @extend_schema(methods=['get'], responses=serializers.PlanSerializer)
    @extend_schema(
        methods=['post'],
        parameters=[IF_MATCH],
        request=serializers.AgreedSerializer,
        responses=serializers.PlanSerializer,
    )
    @action(
        detail=True,
        methods=['get', 'post'],
        permission_classes=posting('reconcile'),
        **COMPUTED,
    )
    def reconcile(self, request, pk):
        """Pending changes to the required flows of this gateway; POST applies them.

        Repeating the request makes no further changes.
        """
        if request.method == 'POST':
            # For POST, NetBox has restricted the queryset by the "add" permission
            self.queryset = models.Gateway.objects.restrict(request.user, 'reconcile')
        gateway = self.get_object()
        if request.method == 'POST':
            body = serializers.AgreedSerializer(data=request.data)
            body.is_valid(raise_exception=True)
            with state_change(request):
                digest = agreed(request, body.validated_data.get('digest'))
                plan = reconcile(gateway.pk, agreed=digest, user=request.user)
        else:
            plan = restrict(plans([gateway]), request.user)[gateway.pk]
        return Response(serializers.PlanSerializer(plan, context=self.get_serializer_context()).data)

    @extend_schema(
        methods=['get'],
        parameters=[OpenApiParameter('profile', int, description='ID of the release; defaults to the next profile')],
        responses=serializers.UpgradeSerializer,
    )
    @extend_schema(
        methods=['post'],
        parameters=[IF_MATCH],
        request=serializers.StepSerializer,
        responses=serializers.UpgradeSerializer,
    )
    @action(detail=True, methods=['get', 'post'], permission_classes=posting('change'), **COMPUTED)
    def upgrade(self, request, pk):
        """Preview what another release opens and closes for this gateway.

        POST takes one step. *prepare* sets it as the next profile, so that the flows of both releases are required;
        *complete* makes it the profile and withdraws or deletes the flows that are no longer required; *cancel* keeps
        the current release. Repeating a step that was already taken makes no changes.
        """
        if request.method == 'POST':
            return self._step(request)
        gateway = self.get_object()
        if 'profile' in request.query_params or gateway.next_profile is None:
            profile = visible_profile(request, 'profile')
        else:
            profile = gateway.next_profile
        if profile.pk == gateway.profile_id:
            raise ValidationError({'profile': ['The gateway already runs this release.']})
        return self._upgrade(gateway, profile)

    def _step(self, request):
        # For POST, NetBox has restricted the queryset by the "add" permission
        self.queryset = models.Gateway.objects.restrict(request.user, 'change')
        gateway = self.get_object()
        body = serializers.StepSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        with state_change(request):
            digest = agreed(request, wanted.get('digest'))
            gateway = take_step(gateway.pk, wanted['step'], wanted['profile'], agreed=digest)
            # The permission may have constraints on the result
            self._validate_objects(gateway)
        return self._upgrade(gateway, wanted['profile'])

    def _upgrade(self, gateway, profile):
        found = upgrade(gateway, profile, self.request.user)
        answer = Response(serializers.UpgradeSerializer(found, context=self.get_serializer_context()).data)
        answer['ETag'] = f'"{found.digest}"'
        return answer

    @extend_schema(responses=serializers.StandingSerializer)
    @action(detail=True, **COMPUTED)
    def standing(self, request, pk):
        """Where the rules of this gateway stand: what is to be requested, opened and closed."""
        [found] = standings([self.get_object()], request.user)
        return Response(serializers.standing_data(found))

    @extend_schema(
        parameters=[IF_MATCH], request=serializers.SignatureSerializer, responses=serializers.SignOffSerializer
    )
    @action(detail=True, methods=['post'], permission_classes=posting('review'), **COMPUTED)
    def review(self, request, pk):
        """Record that what this gateway requires, and what is open for it, was reviewed."""
        # For POST, NetBox has restricted the queryset by the "add" permission
        self.queryset = models.Gateway.objects.restrict(request.user, 'review')
        gateway = self.get_object()
        body = serializers.SignatureSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        with state_change(request):
            sign_off = review(gateway.pk, signature(request, body.validated_data))
        return Response(serializers.SignOffSerializer(sign_off, context=self.get_serializer_context()).data)

    @export_schema()
    @action(detail=True, **COMPUTED)
    def export(self, request, pk):
        """Export the rules of this gateway as a document or firewall configuration."""
        gateway = self.get_object()
        name, options = parse_options(request)
        return exported(name, material([gateway], request.user), options, str(gateway))


class GatewayAddressViewSet(ModelViewSet):
    # For "display", which is included even if these fields are not requested
    queryset = models.GatewayAddress.objects.select_related('ip_address')
    serializer_class = serializers.GatewayAddressSerializer
    filterset_class = filtersets.GatewayAddressFilterSet
