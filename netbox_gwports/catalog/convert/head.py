"""Whose table it is: what stands at the top of the catalog and in no table."""

import re
from dataclasses import dataclass

from ..slugs import slugify
from .cells import clean
from .errors import ConversionError

__all__ = ('Head',)

LONGEST = {'manufacturer': 100, 'name': 100, 'version': 50, 'slug': 100}


@dataclass(frozen=True, slots=True)
class Head:
    """``manufacturer`` and ``name`` as the vendor writes them; ``slug`` is made of the rest if not given."""

    manufacturer: str
    name: str
    version: str
    slug: str = ''

    def checked(self) -> 'Head':
        """The same, ready to be written. Raises ConversionError for what no catalog may hold."""
        slug = self.slug or slugify(f'{self.manufacturer} {self.name} {self.version.replace(".", "-")}')[:100]
        head = Head(self.manufacturer, self.name, self.version, slug)
        for field, longest in LONGEST.items():
            value = getattr(head, field)
            if not value or clean(value) != value or len(value) > longest:
                raise ConversionError(
                    0,
                    f'{field} "{clean(value)[:100]}" cannot be written',
                    f'give 1 to {longest} printable characters on one line',
                )
        if not re.fullmatch(r'[-a-zA-Z0-9_]+', slug):
            raise ConversionError(0, f'slug "{slug}" cannot be written', 'letters, digits, hyphens and underscores')
        if not self.manufacturer_slug:
            raise ConversionError(0, f'manufacturer "{self.manufacturer}" gives no slug', 'write it in Latin letters')
        return head

    @property
    def manufacturer_slug(self) -> str:
        return slugify(self.manufacturer)[:100]
