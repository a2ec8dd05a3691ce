"""Pending changes of a gateway in the REST API."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from ..choices import DirectionChoices
from .serializers_.catalog import FlowTemplateSerializer
from .serializers_.flows import RequiredFlowSerializer

__all__ = ('AgreedSerializer', 'PlanSerializer')


@extend_schema_serializer(component_name='GwportsAgreed')
class AgreedSerializer(serializers.Serializer):
    digest = serializers.CharField(
        required=False, help_text=_('Of the plan that was seen: 409 and no change where another one is left to do')
    )


@extend_schema_serializer(component_name='GwportsFactChange')
class FactSerializer(serializers.Serializer):
    """A changed field of a flow; remote roles and features are given by name."""

    field = serializers.CharField()
    before = serializers.JSONField()
    after = serializers.JSONField()


@extend_schema_serializer(component_name='GwportsPlanStep')
class StepSerializer(serializers.Serializer):
    """A change to one flow. ``kept`` lists fields changed by the vendor that keep a local edit."""

    action = serializers.ChoiceField(choices=('create', 'update', 'withdraw', 'delete'))
    flow = RequiredFlowSerializer(nested=True, allow_null=True)
    template = FlowTemplateSerializer(nested=True, allow_null=True)
    name = serializers.CharField()
    purpose = serializers.CharField()
    direction = serializers.ChoiceField(choices=DirectionChoices)
    changes = FactSerializer(many=True)
    kept = serializers.ListField(child=serializers.CharField())


@extend_schema_serializer(component_name='GwportsPlanCounts')
class CountsSerializer(serializers.Serializer):
    create = serializers.IntegerField()
    update = serializers.IntegerField()
    withdraw = serializers.IntegerField()
    delete = serializers.IntegerField()
    keep = serializers.IntegerField()


@extend_schema_serializer(component_name='GwportsPlan')
class PlanSerializer(serializers.Serializer):
    """Pending or applied changes. ``hidden`` is the number of changes that the user may not view."""

    counts = CountsSerializer()
    hidden = serializers.IntegerField()
    digest = serializers.CharField(help_text=_('Names this plan, for the request that does it'))
    steps = serializers.SerializerMethodField()

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, plan):
        steps = [
            {
                'action': action,
                'flow': change.flow,
                'template': change.template,
                'name': change.name,
                'purpose': change.purpose,
                'direction': change.direction,
                'changes': [{'field': f, 'before': old, 'after': new} for f, old, new in change.facts],
                'kept': change.kept,
            }
            for action, change in plan.steps
        ]
        return StepSerializer(steps, many=True, context=self.context).data
