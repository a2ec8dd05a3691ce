"""Catalogs in the REST API: parsing of uploaded documents, and results of imports and comparisons."""

from core.api.serializers_.jobs import JobSerializer
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from ..catalog.safeyaml import LONGEST
from ..loading.release_difference import KINDS
from ..requirements.upgrade import STEPS
from .plans import AgreedSerializer, CountsSerializer, FactSerializer, PlanSerializer
from .related import RelatedObjectField
from .rules import RuleSerializer, UnresolvedSerializer
from .serializers_.catalog import FlowTemplateSerializer, GatewayProfileSerializer, ProfileFeatureSerializer
from .serializers_.gateways import GatewaySerializer

__all__ = ('PARSERS', 'DiffSerializer', 'ImportOptions', 'LoadSerializer', 'StepSerializer', 'UpgradeSerializer')


class TextParser(BaseParser):
    """The document as plain text: it is recognized by its contents, not by the content type."""

    def parse(self, stream, media_type=None, parser_context=None):
        # UTF-8 takes up to four bytes per character; one more is enough to recognize a document that is too long
        data = stream.read(4 * LONGEST + 1)
        try:
            return data.decode('utf-8-sig')
        except UnicodeDecodeError:
            raise ParseError(_('The document is not UTF-8 text.')) from None


PARSERS = [
    type('Parser', (TextParser,), {'media_type': name})
    for name in ('application/yaml', 'application/json', 'application/x-yaml', 'text/yaml', 'text/x-yaml', 'text/plain')
]


class ImportOptions(serializers.Serializer):
    """Query parameters. Unknown ones are refused: a typo in ``dry_run`` must not import anything."""

    dry_run = serializers.BooleanField(default=False)
    update_gateways = serializers.BooleanField(default=False)
    digest = serializers.CharField(required=False)

    def to_internal_value(self, data):
        if unknown := sorted(set(data) - {*self.fields, 'format'}):
            raise serializers.ValidationError(
                dict.fromkeys(
                    unknown, [_('Unknown parameter. Available parameters: dry_run, update_gateways, digest.')]
                )
            )
        return super().to_internal_value(data)


@extend_schema_serializer(component_name='GwportsLoadStep')
class LoadStepSerializer(serializers.Serializer):
    """A change to one object; ``entry`` is its position in the document, ``why`` the reason if it is kept."""

    action = serializers.ChoiceField(choices=('create', 'update', 'withdraw', 'delete', 'keep'))
    kind = serializers.CharField()
    name = serializers.CharField()
    entry = serializers.CharField()
    changes = serializers.SerializerMethodField()
    why = serializers.CharField()

    @extend_schema_field(FactSerializer(many=True))
    def get_changes(self, step):
        return [{'field': field, 'before': old, 'after': new} for field, old, new in step.changes]


@extend_schema_serializer(component_name='GwportsBehind')
class BehindSerializer(serializers.Serializer):
    """A gateway whose required flows differ from the profile after the import, with its pending changes."""

    gateway = GatewaySerializer(nested=True)
    counts = CountsSerializer()
    hidden = serializers.IntegerField()


@extend_schema_serializer(component_name='GwportsLoad')
class LoadSerializer(serializers.Serializer):
    """The changes of a catalog import. ``job`` updates the gateways, if requested."""

    dry_run = serializers.BooleanField()
    profile = GatewayProfileSerializer(nested=True, allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    steps = LoadStepSerializer(many=True)
    gateways = BehindSerializer(many=True)
    other_gateways = serializers.BooleanField()
    digest = serializers.CharField()
    job = JobSerializer(nested=True, allow_null=True)


@extend_schema_serializer(component_name='GwportsDifferenceEntry')
class EntrySerializer(serializers.Serializer):
    """A flow template in two releases: ``old`` is null if it was added, ``new`` if it was removed."""

    kind = serializers.ChoiceField(choices=KINDS)
    old = FlowTemplateSerializer(nested=True, allow_null=True)
    new = FlowTemplateSerializer(nested=True, allow_null=True)
    changes = serializers.SerializerMethodField()

    @extend_schema_field(FactSerializer(many=True))
    def get_changes(self, entry):
        return [{'field': field, 'before': old, 'after': new} for field, old, new in entry.facts]


@extend_schema_serializer(component_name='GwportsDifference')
class DiffSerializer(serializers.Serializer):
    """Comparison of two releases. ``hidden`` is the number of flow templates that the user may not view."""

    old = GatewayProfileSerializer(nested=True)
    new = GatewayProfileSerializer(nested=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    entries = EntrySerializer(many=True)
    hidden = serializers.IntegerField()


@extend_schema_serializer(component_name='GwportsUpgrade')
class UpgradeSerializer(serializers.Serializer):
    """What another release opens and closes for one gateway. Incomplete for the user if ``hidden`` is above 0."""

    gateway = GatewaySerializer(nested=True)
    profile = GatewayProfileSerializer(source='gateway.profile', nested=True)
    next_profile = GatewayProfileSerializer(source='gateway.next_profile', nested=True, allow_null=True)
    to = GatewayProfileSerializer(source='profile', nested=True)
    opens = RuleSerializer(many=True)
    closes = RuleSerializer(many=True)
    open_items = UnresolvedSerializer(many=True)
    dropped_features = ProfileFeatureSerializer(source='dropped', nested=True, many=True)
    offered_features = ProfileFeatureSerializer(source='offered', nested=True, many=True)
    plan = PlanSerializer()
    hidden = serializers.IntegerField()
    digest = serializers.CharField(help_text=_('Digest of this upgrade, for the request that takes a step'))


@extend_schema_serializer(component_name='GwportsUpgradeStep')
class StepSerializer(AgreedSerializer):
    """A step of the upgrade to a profile. A step that was already taken changes nothing."""

    step = serializers.ChoiceField(choices=STEPS)
    profile = RelatedObjectField(GatewayProfileSerializer)
