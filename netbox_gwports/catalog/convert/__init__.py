"""A vendor's table of ports -> a draft of a catalog, and everything about it that is not sure.

    draft = convert(text, head=Head('Example', 'Mail Gateway', '2.1'))

The draft is a catalog that ``document.read`` accepts. What the table does not say in so many words is either left
out or a doubt in ``draft.doubts``. Needs no database. Described in ``docs/converting-a-table.md``.
"""

from .draft import Draft, convert
from .errors import ConversionError, Doubt
from .head import Head
from .tables import KINDS, LONGEST

__all__ = ('KINDS', 'LONGEST', 'ConversionError', 'Doubt', 'Draft', 'Head', 'convert')
