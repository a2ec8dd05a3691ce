from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from netbox.api.fields import ChoiceField
from netbox.api.serializers import BaseModelSerializer, PrimaryModelSerializer
from rest_framework import serializers
from users.api.serializers import UserSerializer

from ...changes import request_digest
from ...choices import (
    ChangeActionChoices,
    ChangeRequestStatusChoices,
    DirectionChoices,
    SignOffKindChoices,
    SignOffOriginChoices,
    ZoneChoices,
)
from ...exports.shape import content_data
from ...history import rule_of
from ...models import ChangeLine, ChangeRequest, SignOff
from ..rules import ContentSerializer
from .catalog import COMMON
from .enforcement import EnforcementPointSerializer
from .gateways import GatewaySerializer

__all__ = ('ChangeLineSerializer', 'ChangeRequestSerializer', 'SignOffSerializer')


class ChangeRequestSerializer(PrimaryModelSerializer):
    """A change request. What was signed cannot be changed after it was submitted."""

    status = ChoiceField(choices=ChangeRequestStatusChoices, read_only=True)
    digest = serializers.SerializerMethodField(help_text=_('Identifies what is signed, for the request that does it'))

    class Meta:
        model = ChangeRequest
        fields = [
            'id', 'url', 'display_url', 'display', 'ticket', 'title', 'status', 'emergency', 'valid_until', 'reason',
            'risk', 'test_plan', 'back_out', 'digest', *COMMON,
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'ticket', 'title', 'status', 'description')

    def get_digest(self, request) -> str:
        lines = request.lines.all() if request.pk else ()
        return request_digest(request, sorted(lines, key=lambda line: line.pk))


class ChangeLineSerializer(BaseModelSerializer):
    """A rule that a change request opens or closes, with the reasons it had then."""

    change_request = ChangeRequestSerializer(nested=True)
    gateway = GatewaySerializer(nested=True, allow_null=True)
    action = ChoiceField(choices=ChangeActionChoices)
    direction = ChoiceField(choices=DirectionChoices)
    zone = ChoiceField(choices=ZoneChoices)
    rule = serializers.SerializerMethodField()

    class Meta:
        model = ChangeLine
        # It has no page of its own
        fields = [
            'id', 'url', 'display', 'change_request', 'gateway', 'gateway_name', 'action', 'direction', 'zone',
            'rule_key', 'rule', 'reasons',
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'gateway_name', 'action', 'rule_key')

    @extend_schema_field(ContentSerializer)
    def get_rule(self, line):
        return content_data(rule_of(line))


class SignOffSerializer(BaseModelSerializer):
    """A decision or an action that a user vouched for."""

    kind = ChoiceField(choices=SignOffKindChoices)
    change_request = ChangeRequestSerializer(nested=True, allow_null=True)
    gateway = GatewaySerializer(nested=True, allow_null=True)
    enforcement_point = EnforcementPointSerializer(nested=True, allow_null=True)
    user = UserSerializer(nested=True, allow_null=True)
    origin = ChoiceField(choices=SignOffOriginChoices)

    class Meta:
        model = SignOff
        fields = [
            'id', 'url', 'display_url', 'display', 'kind', 'change_request', 'gateway', 'gateway_name',
            'enforcement_point', 'enforcement_point_name', 'lines', 'digest', 'valid_until', 'user', 'user_name',
            'origin', 'note', 'time',
        ]  # fmt: skip
        brief_fields = ('id', 'url', 'display', 'kind', 'user_name', 'time')
