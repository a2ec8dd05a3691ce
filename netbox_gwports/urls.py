from django.urls import include, path
from utilities.urls import get_model_urls

# Imported for the views that it registers
from . import views

MODELS = {
    'gateway-profiles': 'gatewayprofile',
    'profile-features': 'profilefeature',
    'gateway-services': 'gatewayservice',
    'remote-roles': 'remoterole',
    'flow-templates': 'flowtemplate',
    'gateway-groups': 'gatewaygroup',
    'gateways': 'gateway',
    'gateway-addresses': 'gatewayaddress',
    'remote-endpoints': 'remoteendpoint',
    'required-flows': 'requiredflow',
    'enforcement-points': 'enforcementpoint',
    'enforcement-zones': 'enforcementzone',
    'change-requests': 'changerequest',
    'sign-offs': 'signoff',
}

urlpatterns = [
    path('exports/<int:pk>/', views.ExportResultView.as_view(), name='export_result'),
    path('help/<slug:model>/', views.HelpView.as_view(), name='help'),
    # Before that which NetBox registers for every model with a data file
    path('gateway-profiles/<int:pk>/sync/', views.GatewayProfileSyncView.as_view(), name='gatewayprofile_sync'),
    *(
        route
        for prefix, model in MODELS.items()
        for route in (
            path(f'{prefix}/', include(get_model_urls('netbox_gwports', model, detail=False))),
            path(f'{prefix}/<int:pk>/', include(get_model_urls('netbox_gwports', model))),
        )
    ),
]
