import strawberry
import strawberry_django

from . import types

__all__ = ('GatewayPortsQuery',)


@strawberry.type(name='Query')
class GatewayPortsQuery:
    """The root type is shared by NetBox and all plugins, so all names have our prefix."""

    gwports_gateway_profile: types.GatewayProfileType = strawberry_django.field()
    gwports_gateway_profile_list: list[types.GatewayProfileType] = strawberry_django.field()

    gwports_profile_feature: types.ProfileFeatureType = strawberry_django.field()
    gwports_profile_feature_list: list[types.ProfileFeatureType] = strawberry_django.field()

    gwports_gateway_service: types.GatewayServiceType = strawberry_django.field()
    gwports_gateway_service_list: list[types.GatewayServiceType] = strawberry_django.field()

    gwports_remote_role: types.RemoteRoleType = strawberry_django.field()
    gwports_remote_role_list: list[types.RemoteRoleType] = strawberry_django.field()

    gwports_flow_template: types.FlowTemplateType = strawberry_django.field()
    gwports_flow_template_list: list[types.FlowTemplateType] = strawberry_django.field()

    gwports_gateway_group: types.GatewayGroupType = strawberry_django.field()
    gwports_gateway_group_list: list[types.GatewayGroupType] = strawberry_django.field()

    gwports_gateway: types.GatewayType = strawberry_django.field()
    gwports_gateway_list: list[types.GatewayType] = strawberry_django.field()

    gwports_gateway_address: types.GatewayAddressType = strawberry_django.field()
    gwports_gateway_address_list: list[types.GatewayAddressType] = strawberry_django.field()

    gwports_remote_endpoint: types.RemoteEndpointType = strawberry_django.field()
    gwports_remote_endpoint_list: list[types.RemoteEndpointType] = strawberry_django.field()

    gwports_required_flow: types.RequiredFlowType = strawberry_django.field()
    gwports_required_flow_list: list[types.RequiredFlowType] = strawberry_django.field()

    gwports_enforcement_point: types.EnforcementPointType = strawberry_django.field()
    gwports_enforcement_point_list: list[types.EnforcementPointType] = strawberry_django.field()

    gwports_enforcement_zone: types.EnforcementZoneType = strawberry_django.field()
    gwports_enforcement_zone_list: list[types.EnforcementZoneType] = strawberry_django.field()

    gwports_change_request: types.ChangeRequestType = strawberry_django.field()
    gwports_change_request_list: list[types.ChangeRequestType] = strawberry_django.field()

    gwports_change_line: types.ChangeLineType = strawberry_django.field()
    gwports_change_line_list: list[types.ChangeLineType] = strawberry_django.field()

    gwports_sign_off: types.SignOffType = strawberry_django.field()
    gwports_sign_off_list: list[types.SignOffType] = strawberry_django.field()
