from rest_framework.decorators import action

from ... import filtersets, models
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
