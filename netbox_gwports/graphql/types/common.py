import strawberry
import strawberry_django
from django.db.models.functions import Coalesce

__all__ = ('OURS', 'display', 'machine_display')

# Needed to resolve the names in annotations
OURS = strawberry.lazy('netbox_gwports.graphql.types')


def display(*columns):
    """The field ``display`` of a type, for an object whose name is made of these columns.

    NetBox's own names none, so that each object would ask the database for its columns by itself.
    """

    def resolve(self) -> str:
        return str(self)

    return strawberry_django.field(resolve, only=list(columns))


def machine_display():
    """The field ``display`` of a type whose objects are named by their device or virtual machine.

    An annotation, since loading the device for its name would also show it as "device" to whom may not see it.
    """

    def resolve(self) -> str:
        return getattr(self, 'machine_name', None) or str(self)

    return strawberry_django.field(
        resolve,
        only=['device', 'virtual_machine'],
        annotate={'machine_name': Coalesce('device__name', 'virtual_machine__name')},
    )
