from netbox.api.routers import NetBoxRouter

from .. import branching
from . import views

router = NetBoxRouter()
router.register('gateway-profiles', views.GatewayProfileViewSet)
router.register('profile-features', views.ProfileFeatureViewSet)
router.register('gateway-services', views.GatewayServiceViewSet)
router.register('remote-roles', views.RemoteRoleViewSet)
router.register('flow-templates', views.FlowTemplateViewSet)
router.register('gateway-groups', views.GatewayGroupViewSet)
router.register('gateways', views.GatewayViewSet)
router.register('gateway-addresses', views.GatewayAddressViewSet)
router.register('remote-endpoints', views.RemoteEndpointViewSet)
router.register('required-flows', views.RequiredFlowViewSet)
router.register('enforcement-points', views.EnforcementPointViewSet)
router.register('enforcement-zones', views.EnforcementZoneViewSet)
router.register('change-requests', views.ChangeRequestViewSet)
router.register('change-lines', views.ChangeLineViewSet)
router.register('sign-offs', views.SignOffViewSet)
# With basenames of their own, since they also use the Gateway model
router.register('requirements', views.RequirementsViewSet, basename='requirement')
router.register('standing', views.StandingViewSet, basename='standing')

router.register('export-formats', views.ExportFormatViewSet, basename='exportformat')

urlpatterns = router.urls
if branching.installed():
    from ..branching.api import urlpatterns as of_branches

    urlpatterns = [*urlpatterns, *of_branches]
