"""Slugs, made as Django makes them."""

import re
import unicodedata

__all__ = ('slugify',)


def slugify(text: str) -> str:
    """Lower-case ASCII letters, digits, hyphens and underscores; '' where the text has no Latin letters or digits."""
    plain = unicodedata.normalize('NFKD', text).encode('ascii', 'ignore').decode().lower()
    return re.sub(r'[-\s]+', '-', re.sub(r'[^\w\s-]', '', plain)).strip('-_')
