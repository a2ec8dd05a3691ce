import strawberry
import strawberry_django

__all__ = ('OURS', 'display')

# Where the names in annotations are found
OURS = strawberry.lazy('netbox_gwports.graphql.types')


def display(*columns):
    """The field ``display`` of a type, for an object whose name is made of these columns.

    NetBox's own names none, so that each object would ask the database for its columns by itself.
    """

    def resolve(self) -> str:
        return str(self)

    return strawberry_django.field(resolve, only=list(columns))
