"""Text for files: what people wrote, made safe for machines, and the standing of a rule in words."""

import re
import unicodedata

from ..rules.constants import (
    APPROVED,
    IN_PLACE,
    NOT_REQUESTED,
    REJECTED,
    REQUESTED,
    TO_CLOSE,
    UNAPPROVED,
)

__all__ = ('cell', 'comment', 'latin', 'slug', 'standing_text')

ALLOWED = re.compile(r'[^A-Za-z0-9 _.,:()@*+=?-]+')
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


# Letters that do not decompose, and the Greek and Cyrillic alphabets
LETTERS = dict(
    zip(
        'ßæøœđðþłıΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩабвгдежзийклмнопрстуфхцчшщъыьэюяєії',
        'ss ae o oe d d th l i A V G D E Z I Th I K L M N X O P R S T Y F Ch Ps O a b v g d e zh z i i k l m n o p r s '
        't u f kh ts ch sh shch - y - e yu ya ye i yi'.split(' '),
        strict=True,
    )
)


def latin(text: str) -> str:
    """The text in ASCII, with letters of other alphabets transliterated; ``?`` stands for each other character."""
    parts = []
    for character in unicodedata.normalize('NFC', text):
        base = unicodedata.normalize('NFKD', character)
        base = ''.join(part for part in base if not unicodedata.combining(part)) or character
        for letter in base:
            if letter.isascii():
                parts.append(letter)
            elif found := LETTERS.get(letter) or LETTERS.get(letter.upper()):
                parts.append(found.lower() if letter.islower() else found)
            elif found := LETTERS.get(letter.lower()):
                parts.append(found.capitalize())
            else:
                parts.append('?' if letter.isalnum() else ' ')
    return ''.join(parts)


def comment(text: str, longest: int = 120) -> str:
    """For a comment in a configuration: nothing that ends it, in any syntax. Documents hold the full text."""
    text = latin(text.replace("'", '').replace('’', '').replace(';', ','))
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
