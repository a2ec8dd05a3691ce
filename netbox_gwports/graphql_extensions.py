"""Adds the gateway to NetBox's own device and virtual machine types."""

from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django

if TYPE_CHECKING:
    from .graphql.types import GatewayType

__all__ = ('type_extensions',)


@strawberry.type
class MachineExtension:
    models = ['dcim.device', 'virtualization.virtualmachine']

    # No resolver, so that the optimizer loads and restricts the gateways of all machines at once
    gateway: Annotated['GatewayType', strawberry.lazy('netbox_gwports.graphql.types')] | None = strawberry_django.field(
        field_name='gwports_gateway'
    )


type_extensions = [MachineExtension]
