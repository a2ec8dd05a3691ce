"""The changes of a branch by REST, as JSON for a merge check and as Markdown for a comment."""

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from netbox.api.authentication import IsAuthenticatedOrLoginNotRequired
from netbox_branching.models import Branch
from rest_framework import serializers
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from ..api.rules import RefSerializer, RuleSerializer, UnresolvedSerializer
from .changes import changes_of
from .checks import unapproved
from .text import markdown

__all__ = ('BranchChangesView', 'urlpatterns')


class NotReady(APIException):
    status_code = 409
    default_detail = 'Only a branch that is ready can be compared with main.'


class MarkdownRenderer(BaseRenderer):
    media_type = 'text/markdown'
    format = 'md'

    def render(self, data, accepted_media_type=None, renderer_context=None):
        # What is no text is the answer to a request that failed
        return data if isinstance(data, str) else str(data.get('detail', data))


@extend_schema_serializer(component_name='GwportsObjectChanges')
class ObjectChangesSerializer(serializers.Serializer):
    """What opens and closes for one gateway, or on one enforcement point."""

    object = RefSerializer(source='ref')
    opens = RuleSerializer(many=True)
    closes = RuleSerializer(many=True)
    open_items = UnresolvedSerializer(many=True)
    hidden = serializers.IntegerField(help_text='Rules that open or close and are not visible to you')


@extend_schema_serializer(component_name='GwportsBranchChanges')
class BranchChangesSerializer(serializers.Serializer):
    """What merging the branch opens and closes."""

    opens = serializers.IntegerField()
    closes = serializers.IntegerField()
    unapproved = serializers.IntegerField(help_text='Rules that open without an approved or implemented flow')
    behind = serializers.IntegerField(help_text='Changes in main that the branch lacks and that may affect rules')
    hidden = serializers.IntegerField(help_text='Rules that open or close and are not visible to you')
    hidden_gateways = serializers.IntegerField()
    hidden_enforcement_points = serializers.IntegerField(source='hidden_points')
    gateways = ObjectChangesSerializer(many=True)
    enforcement_points = ObjectChangesSerializer(many=True, source='points')

    def to_representation(self, changes):
        counts = {name: len(getattr(changes, name)) for name in ('opens', 'closes')}
        counts['unapproved'] = len(unapproved(changes))
        fields = {name: field for name, field in self.fields.items() if name not in counts}
        return counts | {name: field.to_representation(field.get_attribute(changes)) for name, field in fields.items()}


class BranchChangesView(APIView):
    """What merging this branch opens and closes, per gateway and enforcement point, as far as you may see it."""

    permission_classes = (IsAuthenticatedOrLoginNotRequired,)
    renderer_classes = (*api_settings.DEFAULT_RENDERER_CLASSES, MarkdownRenderer)

    @extend_schema(operation_id='gwports_branch_changes', responses=BranchChangesSerializer)
    def get(self, request, pk):
        if not request.user.has_perm('netbox_gwports.view_gateway'):
            raise PermissionDenied
        branch = get_object_or_404(Branch.objects.restrict(request.user, 'view'), pk=pk)
        if not branch.ready:
            raise NotReady
        changes = changes_of(branch, request.user)
        if request.accepted_renderer.format == MarkdownRenderer.format:
            return Response(markdown(changes, branch.name))
        return Response(BranchChangesSerializer(changes, context={'request': request}).data)


urlpatterns = [path('branches/<int:pk>/changes/', BranchChangesView.as_view(), name='branch-changes')]
