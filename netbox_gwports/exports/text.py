"""Text of people as it may stand in files that machines read."""

import re

__all__ = ('cell', 'comment', 'slug')

ALLOWED = re.compile(r'[^A-Za-z0-9 _.,:()@*+=-]+')
FORMULA = ('=', '+', '-', '@', '\t', '\r', '\n')
CONTROL = re.compile(r'[\x00-\x08\x0b\x0c\x0e-\x1f]')


def comment(text: str, longest: int = 120) -> str:
    """For a comment in a configuration: nothing that ends it, in any syntax. The full text stands in documents."""
    text = text.replace("'", '').replace('’', '').replace(';', ',')
    return ' '.join(ALLOWED.sub(' ', text).split())[:longest].rstrip()


def cell(text) -> str:
    """For a cell of a table: what a spreadsheet would take for a formula is text."""
    text = CONTROL.sub(' ', str(text))
    return f"'{text}" if text.startswith(FORMULA) else text


def slug(text: str) -> str:
    """For a file name."""
    return re.sub(r'[^A-Za-z0-9._-]+', '-', text).strip('-.')[:80] or 'export'
