"""Text for files: what people wrote, made safe for machines, and the standing of a rule in words."""

import re

from ..rules.constants import (
    APPROVED,
    IN_PLACE,
    NOT_REQUESTED,
    REJECTED,
    REQUESTED,
    TO_CLOSE,
    UNAPPROVED,
)

__all__ = ('cell', 'comment', 'slug', 'standing_text')

ALLOWED = re.compile(r'[^A-Za-z0-9 _.,:()@*+=-]+')
FORMULA = ('=', '+', '-', '@', '\t', '\r', '\n')
CONTROL = re.compile(r'[\x00-\x08\x0b\x0c\x0e-\x1f]')
STANDING_TEXTS = {
    NOT_REQUESTED: 'not requested',
    REJECTED: 'rejected',
    REQUESTED: 'requested',
    UNAPPROVED: 'open without approval',
    APPROVED: 'approved (to open)',
    IN_PLACE: 'in place',
    TO_CLOSE: 'to close',
}


def comment(text: str, longest: int = 120) -> str:
    """For a comment in a configuration: nothing that ends it, in any syntax. Documents hold the full text."""
    text = text.replace("'", '').replace('’', '').replace(';', ',')
    return ' '.join(ALLOWED.sub(' ', text).split())[:longest].rstrip()


def cell(value: object) -> str:
    """For a cell of a table: what a spreadsheet would take for a formula becomes text."""
    text = CONTROL.sub(' ', str(value))
    return f"'{text}" if text.startswith(FORMULA) else text


def slug(text: str) -> str:
    """For a file name."""
    return re.sub(r'[^A-Za-z0-9._-]+', '-', text).strip('-.')[:80] or 'export'


def standing_text(standing: str) -> str:
    """In lower case, as within a sentence."""
    return STANDING_TEXTS[standing]
