from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from ... import filtersets, models
from ...requirements.firewalls import firewall_standing
from ...requirements.material import firewall_defaults, firewall_material
from .. import serializers
from ..actions import COMPUTED
from ..exports import export_schema, exported, parse_options
from .base import ModelViewSet

__all__ = ('EnforcementPointViewSet', 'EnforcementZoneViewSet')


class EnforcementPointViewSet(ModelViewSet):
    # For "display", which is included even if these fields are not requested
    queryset = models.EnforcementPoint.objects.select_related('device', 'virtual_machine')
    serializer_class = serializers.EnforcementPointSerializer
    filterset_class = filtersets.EnforcementPointFilterSet

    @extend_schema(responses=serializers.FirewallStandingSerializer)
    @action(detail=True, **COMPUTED)
    def standing(self, request, pk):
        """What is to be opened and closed on this firewall, what is in place, and what is open without approval."""
        point = self.get_object()
        return Response(serializers.firewall_data(point, firewall_standing(point, request.user)))

    @export_schema()
    @action(detail=True, **COMPUTED)
    def export(self, request, pk):
        """Export the rules for this firewall, by default in its configured format."""
        point = self.get_object()
        name, options = parse_options(request, format_name=point.format_name, **firewall_defaults(point, request.user))
        return exported(name, firewall_material(point, request.user), options, str(point))


class EnforcementZoneViewSet(ModelViewSet):
    queryset = models.EnforcementZone.objects.all()
    serializer_class = serializers.EnforcementZoneSerializer
    filterset_class = filtersets.EnforcementZoneFilterSet
