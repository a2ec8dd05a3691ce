"""Choices as GraphQL enums. Their names have a prefix, since all plugins share one schema with NetBox."""

import strawberry

from ..choices import (
    AddressUseChoices,
    ChangeActionChoices,
    ChangeRequestStatusChoices,
    DirectionChoices,
    EndpointScopeChoices,
    FlowStatusChoices,
    GatewayStatusChoices,
    RemoteRoleKindChoices,
    SignOffKindChoices,
    SignOffOriginChoices,
    ZoneChoices,
)

__all__ = (
    'AddressUseEnum',
    'ChangeActionEnum',
    'ChangeRequestStatusEnum',
    'DirectionEnum',
    'EndpointScopeEnum',
    'FlowStatusEnum',
    'GatewayStatusEnum',
    'RemoteRoleKindEnum',
    'SignOffKindEnum',
    'SignOffOriginEnum',
    'ZoneEnum',
)


def enum(choices, prefix):
    name = choices.__name__.replace('Choices', 'Enum')
    return strawberry.enum(choices.as_enum(name=f'Gwports{name}', prefix=prefix))


AddressUseEnum = enum(AddressUseChoices, 'use')
ChangeActionEnum = enum(ChangeActionChoices, 'action')
ChangeRequestStatusEnum = enum(ChangeRequestStatusChoices, 'status')
DirectionEnum = enum(DirectionChoices, 'direction')
EndpointScopeEnum = enum(EndpointScopeChoices, 'scope')
FlowStatusEnum = enum(FlowStatusChoices, 'status')
GatewayStatusEnum = enum(GatewayStatusChoices, 'status')
RemoteRoleKindEnum = enum(RemoteRoleKindChoices, 'kind')
SignOffKindEnum = enum(SignOffKindChoices, 'kind')
SignOffOriginEnum = enum(SignOffOriginChoices, 'origin')
ZoneEnum = enum(ZoneChoices, 'zone')
