"""The head of a catalog: product and release, which a table does not state."""

import re
from dataclasses import dataclass

from ..slugs import slugify
from .cells import clean
from .errors import ConversionError

__all__ = ('Head',)

LONGEST = {'manufacturer': 100, 'name': 100, 'version': 50, 'slug': 100}


@dataclass(frozen=True, slots=True)
class Head:
    """``manufacturer`` and ``name`` as the vendor writes them; without a ``slug``, one is generated."""

    manufacturer: str
    name: str
    version: str
    slug: str = ''

    def checked(self) -> 'Head':
        """The head with its slug. Raises ConversionError for values that a catalog may not have."""
        slug = self.slug or slugify(f'{self.manufacturer} {self.name} {self.version.replace(".", "-")}')[:100]
        head = Head(self.manufacturer, self.name, self.version, slug)
        for field, longest in LONGEST.items():
            value = getattr(head, field)
            if not value or clean(value) != value or len(value) > longest:
                raise ConversionError(
                    0,
                    f'{field} "{clean(value)[:100]}" is not valid',
                    f'enter 1 to {longest} printable characters on one line',
                )
        if not re.fullmatch(r'[-a-zA-Z0-9_]+', slug):
            raise ConversionError(0, f'slug "{slug}" is not valid', 'use only letters, digits, hyphens and underscores')
        if not self.manufacturer_slug:
            raise ConversionError(
                0, f'manufacturer "{self.manufacturer}" cannot be converted to a slug', 'use Latin letters'
            )
        return head

    @property
    def manufacturer_slug(self) -> str:
        return slugify(self.manufacturer)[:100]
