"""Conversion of a vendor's table in the REST API: the request, and the draft in the response."""

from base64 import b64decode

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from ..catalog.convert import (
    KINDS,
    LEFT_OUT,
    LONGEST,
    UNDECIDED,
    WEIGHTS,
    WRITTEN,
    Answers,
    ConversionError,
    Head,
    convert,
)
from ..choices import DirectionChoices, ZoneChoices

__all__ = ('DraftSerializer', 'TableSerializer')

STATES = (WRITTEN, UNDECIDED, LEFT_OUT)
# As on the page
MOST_BYTES = 1_500_000


@extend_schema_serializer(component_name='GwportsTable')
class TableSerializer(serializers.Serializer):
    """A vendor's table, and the product and release it documents."""

    manufacturer = serializers.CharField(max_length=100)
    name = serializers.CharField(max_length=100, help_text=_('The product'))
    release = serializers.CharField(max_length=50, help_text=_('Its version'))
    slug = serializers.SlugField(max_length=100, required=False, default='')
    kind = serializers.ChoiceField(choices=KINDS, required=False, allow_null=True, default=None)
    text = serializers.CharField(required=False, max_length=LONGEST, trim_whitespace=False, help_text=_('The table'))
    content = serializers.CharField(
        required=False,
        max_length=MOST_BYTES * 4 // 3 + 4,
        help_text=_('The table in Base64, such as an Excel workbook'),
    )
    answers = serializers.DictField(required=False, help_text=_('Answers to the questions of an earlier draft'))

    def validate(self, data):
        if ('text' in data) == ('content' in data):
            raise serializers.ValidationError(_('Specify either text or content.'))
        try:
            table = b64decode(data['content'], validate=True) if 'content' in data else data['text']
        except ValueError:
            raise serializers.ValidationError({'content': _('The file is not valid Base64.')}) from None
        head = Head(data['manufacturer'], data['name'], data['release'], data['slug'])
        try:
            answers = Answers.of(data.get('answers'))
            draft = convert(table, head=head, kind=data['kind'], answers=answers, zones=ZoneChoices.values())
        except ConversionError as e:
            raise serializers.ValidationError(str(e)) from None
        return {**data, 'draft': draft}


@extend_schema_serializer(component_name='GwportsDoubt')
class DoubtSerializer(serializers.Serializer):
    """Something that the table does not state explicitly. ``row`` is null for the whole table."""

    weight = serializers.ChoiceField(choices=WEIGHTS)
    line = serializers.IntegerField()
    row = serializers.IntegerField(allow_null=True)
    ports = serializers.ListField(child=serializers.CharField())
    field = serializers.CharField()
    unsure = serializers.CharField()
    wrote = serializers.CharField()
    check = serializers.CharField()


@extend_schema_serializer(component_name='GwportsTableRow')
class RowSerializer(serializers.Serializer):
    """A row of the table beside what was understood; ``why``: what is undecided, or why the row is left out."""

    number = serializers.IntegerField()
    line = serializers.IntegerField()
    state = serializers.ChoiceField(choices=STATES)
    printed = serializers.SerializerMethodField()
    ports = serializers.ListField(child=serializers.CharField())
    directions = serializers.ListField(child=serializers.ChoiceField(choices=DirectionChoices))
    remotes = serializers.ListField(child=serializers.CharField())
    application = serializers.CharField()
    purposes = serializers.ListField(child=serializers.CharField())
    dns_names = serializers.ListField(child=serializers.CharField())
    feature = serializers.CharField()
    why = serializers.ListField(child=serializers.CharField())

    @extend_schema_field(serializers.ListField(child=serializers.DictField(child=serializers.CharField())))
    def get_printed(self, row):
        return [{'heading': heading, 'text': text} for heading, text in row.printed]


@extend_schema_serializer(component_name='GwportsQuestion')
class QuestionSerializer(serializers.Serializer):
    """A question, and the key of its answer. ``about``: headings, marks, roles, texts or tables."""

    name = serializers.CharField()
    text = serializers.CharField()
    options = serializers.ListField(child=serializers.CharField())
    about = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.IntegerField())


@extend_schema_serializer(component_name='GwportsDraft')
class DraftSerializer(serializers.Serializer):
    """A draft. ``catalog`` is the document to import; it can only be imported if at least one row is decided."""

    catalog = serializers.CharField(source='text')
    decided = serializers.IntegerField(source='rows')
    undecided = serializers.SerializerMethodField()
    rows = RowSerializer(source='table', many=True)
    doubts = DoubtSerializer(many=True)
    questions = QuestionSerializer(many=True)
    answers = serializers.SerializerMethodField()

    def get_undecided(self, draft) -> int:
        return len(draft.undecided)

    def get_answers(self, draft) -> dict:
        return draft.answers.data()
