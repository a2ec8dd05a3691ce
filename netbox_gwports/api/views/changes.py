from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from ... import changes, filtersets, models
from ...changes.sign import Signature
from .. import serializers
from ..actions import COMPUTED, IF_MATCH, agreed, posting, state_change
from ..change_document import document_schema, exported_change
from .base import ModelViewSet, ReadOnlyModelViewSet

__all__ = ('ChangeLineViewSet', 'ChangeRequestViewSet', 'SignOffViewSet')


def signature(request, body):
    """Who signs, from the validated body of a request."""
    return Signature(request.user, agreed=agreed(request, body.get('digest')), note=body['note'], origin=body['origin'])


def step(permission, body=serializers.SignatureSerializer):
    """An action that signs a change request."""

    def decorate(method):
        schema = extend_schema(parameters=[IF_MATCH], request=body, responses=serializers.SignOffSerializer)
        detail = action(
            detail=True,
            methods=['post'],
            url_path=method.__name__.replace('_', '-'),
            permission_classes=posting(permission),
            **COMPUTED,
        )
        return detail(schema(method))

    return decorate


class ChangeRequestViewSet(ModelViewSet):
    queryset = models.ChangeRequest.objects.all()
    serializer_class = serializers.ChangeRequestSerializer
    filterset_class = filtersets.ChangeRequestFilterSet
    field_prefetches = {('digest',): ['lines']}

    @extend_schema(request=serializers.RequestSerializer, responses=serializers.ChangeRequestSerializer)
    @action(detail=False, methods=['post'], url_path='request', permission_classes=posting('request'), **COMPUTED)
    def request_rules(self, request):
        """Request the rules of gateways that are still to be opened or closed, all or nothing.

        Extends the draft with the same ticket or title, or makes a change request, and submits it. Where nothing is
        left to request, the answer is the last change request for these gateways with this ticket or title.
        """
        body = serializers.RequestSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        with state_change(request):
            found, created = changes.request_rules(
                wanted['gateways'],
                signature(request, wanted),
                wanted.get('rules'),
                wanted.get('change_request'),
                wanted['draft'],
                **wanted['fields'],
            )
        answer = serializers.ChangeRequestSerializer(found, context=self.get_serializer_context())
        return Response(answer.data, status=201 if created else 200)

    @step('request')
    def submit(self, request, pk):
        """Submit a draft for approval. From then on its lines cannot be changed."""
        return self._sign(request, 'request', changes.submit)

    @step('request')
    def withdraw(self, request, pk):
        """Take back a request, or its approval."""
        return self._sign(request, 'request', changes.withdraw)

    @step('approve')
    def approve(self, request, pk):
        """Approve all lines of a change request."""
        return self._sign(request, 'approve', changes.approve)

    @step('approve')
    def reject(self, request, pk):
        """Reject a change request."""
        return self._sign(request, 'approve', changes.reject)

    @step('implement', serializers.FirewallStepSerializer)
    def implement(self, request, pk):
        """Record that lines were implemented on a firewall."""
        return self._sign(request, 'implement', changes.implement, serializers.FirewallStepSerializer)

    @step('implement', serializers.FirewallStepSerializer)
    def roll_back(self, request, pk):
        """Record that lines were undone on a firewall."""
        return self._sign(request, 'implement', changes.roll_back, serializers.FirewallStepSerializer)

    @document_schema()
    @action(detail=True, **COMPUTED)
    def document(self, request, pk):
        """The change request as a document: what is left to open and to close on each firewall."""
        return exported_change(self.get_object(), request)

    def _sign(self, request, permission, sign, body=serializers.SignatureSerializer):
        # For POST, NetBox has restricted the queryset by the "add" permission
        self.queryset = models.ChangeRequest.objects.restrict(request.user, permission)
        change_request = self.get_object()
        body = body(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        where = (wanted['enforcement_point'], wanted.get('lines')) if 'enforcement_point' in wanted else ()
        with state_change(request):
            sign_off = sign(change_request.pk, signature(request, wanted), *where)
        return Response(serializers.SignOffSerializer(sign_off, context=self.get_serializer_context()).data)


class ChangeLineViewSet(ReadOnlyModelViewSet):
    queryset = models.ChangeLine.objects.all()
    serializer_class = serializers.ChangeLineSerializer
    filterset_class = filtersets.ChangeLineFilterSet
    field_prefetches = {('rule',): ['change_request', 'gateway']}


class SignOffViewSet(ReadOnlyModelViewSet):
    queryset = models.SignOff.objects.all()
    serializer_class = serializers.SignOffSerializer
    filterset_class = filtersets.SignOffFilterSet
