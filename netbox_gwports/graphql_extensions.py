"""The gateway on NetBox's own device and virtual machine types."""

from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django

if TYPE_CHECKING:
    from .graphql.types import GatewayType

__all__ = ('type_extensions',)


@strawberry.type
class HostExtension:
    models = ['dcim.device', 'virtualization.virtualmachine']

    # Without a resolver: so the optimizer loads the gateways of all hosts at once, and restricts them
    gateway: Annotated['GatewayType', strawberry.lazy('netbox_gwports.graphql.types')] | None = strawberry_django.field(
        field_name='gwports_gateway'
    )


type_extensions = [HostExtension]
