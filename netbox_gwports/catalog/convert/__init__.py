"""Converts a vendor's table of ports to a draft catalog and a list of doubts to check.

    draft = convert(text, head=Head('Example', 'Mail Gateway', '2.1'))

``document.read`` accepts the draft. Anything the table does not state explicitly is either omitted or listed in
``draft.doubts``. Needs no database. See ``docs/converting-a-table.md``.
"""

from .draft import Draft, convert
from .errors import ConversionError, Doubt
from .head import Head
from .tables import KINDS, LONGEST

__all__ = ('KINDS', 'LONGEST', 'ConversionError', 'Doubt', 'Draft', 'Head', 'convert')
