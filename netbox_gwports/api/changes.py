"""The bodies of the steps of change control."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from ..choices import SignOffOriginChoices
from ..models import ChangeRequest
from .plans import AgreedSerializer
from .related import RelatedObjectField
from .serializers_.changes import ChangeRequestSerializer
from .serializers_.enforcement import EnforcementPointSerializer
from .serializers_.gateways import GatewaySerializer

__all__ = ('FirewallStepSerializer', 'RequestSerializer', 'SignatureSerializer')


class SignedSerializer(serializers.Serializer):
    note = serializers.CharField(required=False, allow_blank=True, default='')
    origin = serializers.ChoiceField(
        choices=SignOffOriginChoices, default=SignOffOriginChoices.AUTOMATION, help_text=_('Who vouches for it')
    )


@extend_schema_serializer(component_name='GwportsSignature')
class SignatureSerializer(SignedSerializer, AgreedSerializer):
    """A step that was already taken changes nothing."""


@extend_schema_serializer(component_name='GwportsFirewallStep')
class FirewallStepSerializer(SignatureSerializer):
    """A step on one firewall. A step that was already taken changes nothing."""

    # Required, so that a firewall that was forgotten is not taken for none
    enforcement_point = RelatedObjectField(
        EnforcementPointSerializer, allow_null=True, help_text=_('Null where no firewall is recorded')
    )
    lines = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        required=False,
        allow_empty=False,
        help_text=_('IDs of change lines; by default all that concern the firewall'),
    )


def _field(name, **kwargs):
    """A field like that of the model, of which nothing is required."""
    field = ChangeRequest._meta.get_field(name)
    kwargs = {'required': False, 'help_text': field.help_text, **kwargs}
    if field.max_length:
        kwargs['max_length'] = field.max_length
    return kwargs


@extend_schema_serializer(component_name='GwportsRequestRules')
class RequestSerializer(SignedSerializer):
    """What is to be requested. The same request again changes nothing."""

    gateways = serializers.ListField(child=RelatedObjectField(GatewaySerializer), allow_empty=False)
    rules = serializers.ListField(
        child=serializers.CharField(max_length=16),
        required=False,
        allow_empty=False,
        help_text=_('Keys of the rules to open or to close; by default all, except those that were rejected'),
    )
    change_request = RelatedObjectField(
        ChangeRequestSerializer, required=False, allow_null=True, help_text=_('Draft to extend')
    )
    draft = serializers.BooleanField(default=False, help_text=_('Do not submit it yet'))
    ticket = serializers.CharField(**_field('ticket', allow_blank=True))
    title = serializers.CharField(**_field('title'))
    emergency = serializers.BooleanField(**_field('emergency'))
    valid_until = serializers.DateField(**_field('valid_until', allow_null=True))
    reason = serializers.CharField(**_field('reason', allow_blank=True))
    risk = serializers.CharField(**_field('risk', allow_blank=True))
    test_plan = serializers.CharField(**_field('test_plan', allow_blank=True))
    back_out = serializers.CharField(**_field('back_out', allow_blank=True))

    # What is said about the change request itself
    OF_REQUEST = ('ticket', 'title', *ChangeRequest.SIGNED)

    def validate(self, data):
        data['fields'] = {name: data[name] for name in self.OF_REQUEST if name in data}
        if data.get('change_request') is None:
            if not data.get('title') and not data.get('ticket'):
                raise serializers.ValidationError({'title': [_('Enter a title or a ticket.')]})
            data['fields'].setdefault('title', data.get('ticket'))
        return data
