"""Rules in REST. Their shape is that of ``exports.shape``; it is only described here."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from ..choices import DirectionChoices, FlowStatusChoices, StandingChoices, ZoneChoices
from ..exports import shape

__all__ = (
    'ContentSerializer',
    'RefSerializer',
    'RuleFlowSerializer',
    'RuleSerializer',
    'ShapeSerializer',
    'UnresolvedSerializer',
)


class ShapeSerializer(serializers.Serializer):
    """Describes for the schema what ``shape`` makes of an instance. Nested serializers are never asked."""

    shape = None

    def to_representation(self, instance):
        return self.shape(instance)


class ShapeListField(serializers.ListField):
    child = serializers.CharField()


@extend_schema_serializer(component_name='GwportsRef')
class RefSerializer(ShapeSerializer):
    """A NetBox object."""

    shape = staticmethod(shape.ref_data)

    id = serializers.IntegerField()
    object_type = serializers.CharField()
    display = serializers.CharField()


@extend_schema_serializer(component_name='GwportsAddress')
class AddressSerializer(ShapeSerializer):
    """A host without mask, a prefix in CIDR notation or a range, with its VRF and the object that gave it."""

    shape = staticmethod(shape.address_data)

    address = serializers.CharField()
    vrf = RefSerializer(allow_null=True)
    object = RefSerializer(allow_null=True)


@extend_schema_serializer(component_name='GwportsSide')
class SideSerializer(ShapeSerializer):
    shape = staticmethod(shape.side_data)

    kind = serializers.CharField(help_text=_('any, addresses or dns_names'))
    any = serializers.BooleanField(help_text=_('Any address of the zone of the rule'))
    addresses = AddressSerializer(many=True)
    dns_names = ShapeListField()
    endpoints = RefSerializer(many=True)


@extend_schema_serializer(component_name='GwportsRuleFlow')
class RuleFlowSerializer(ShapeSerializer):
    shape = staticmethod(shape.flow_data)

    id = serializers.IntegerField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    feature = RefSerializer(allow_null=True)
    row = serializers.CharField(help_text=_("Row and item of the vendor's table"))
    status = serializers.ChoiceField(choices=FlowStatusChoices)


@extend_schema_serializer(component_name='GwportsRule')
class RuleSerializer(ShapeSerializer):
    shape = staticmethod(shape.rule_data)

    key = serializers.CharField()
    gateway = RefSerializer()
    direction = serializers.ChoiceField(choices=DirectionChoices)
    zone = serializers.ChoiceField(choices=ZoneChoices)
    family = serializers.IntegerField()
    protocol = serializers.CharField()
    ports = ShapeListField(help_text=_('Destination ports, such as 443, 5000-5010 or any'))
    source = SideSerializer()
    destination = SideSerializer()
    via_proxy_to = ShapeListField()
    flows = RuleFlowSerializer(many=True)
    standing = serializers.ChoiceField(choices=StandingChoices)
    tickets = serializers.ListField(child=serializers.CharField())
    clear_text = serializers.BooleanField()
    same_segment = serializers.BooleanField()
    covered_by = ShapeListField()


@extend_schema_serializer(component_name='GwportsUnresolved')
class UnresolvedSerializer(ShapeSerializer):
    shape = staticmethod(shape.unresolved_data)

    flow = RuleFlowSerializer()
    zone = serializers.CharField()
    reason = serializers.CharField()
    detail = serializers.CharField()


@extend_schema_serializer(component_name='GwportsRuleContent')
class ContentSerializer(RuleSerializer):
    """What a rule permits, without reasons and standing."""

    shape = staticmethod(shape.content_data)

    flows = None
    standing = None
    tickets = None
    same_segment = None
    covered_by = None
