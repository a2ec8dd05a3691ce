"""Choices as GraphQL enums. Their names have a prefix, since all plugins share one schema with NetBox."""

import strawberry

from ..choices import (
    AddressUseChoices,
    DirectionChoices,
    EndpointScopeChoices,
    FlowStatusChoices,
    GatewayStatusChoices,
    RemoteRoleKindChoices,
    ZoneChoices,
)

__all__ = (
    'AddressUseEnum',
    'DirectionEnum',
    'EndpointScopeEnum',
    'FlowStatusEnum',
    'GatewayStatusEnum',
    'RemoteRoleKindEnum',
    'ZoneEnum',
)


def enum(choices, prefix):
    name = choices.__name__.replace('Choices', 'Enum')
    return strawberry.enum(choices.as_enum(name=f'Gwports{name}', prefix=prefix))


AddressUseEnum = enum(AddressUseChoices, 'use')
DirectionEnum = enum(DirectionChoices, 'direction')
EndpointScopeEnum = enum(EndpointScopeChoices, 'scope')
FlowStatusEnum = enum(FlowStatusChoices, 'status')
GatewayStatusEnum = enum(GatewayStatusChoices, 'status')
RemoteRoleKindEnum = enum(RemoteRoleKindChoices, 'kind')
ZoneEnum = enum(ZoneChoices, 'zone')
