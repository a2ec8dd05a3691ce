"""The text of a file in any encoding."""

import codecs
import re

from .errors import WORDING, Reporter

__all__ = ('decode',)

MARKS = (
    (codecs.BOM_UTF8, 'utf-8-sig'),
    (codecs.BOM_UTF32_LE, 'utf-32'),
    (codecs.BOM_UTF32_BE, 'utf-32'),
    (codecs.BOM_UTF16_LE, 'utf-16'),
    (codecs.BOM_UTF16_BE, 'utf-16'),
)
DECLARED = re.compile(rb'<meta[^>]{0,200}charset=["\']?([\w-]{2,40})', re.IGNORECASE)


def decode(data: bytes, report: Reporter) -> str:
    """By its byte order mark, as UTF-8, as the page declares, or as Windows-1252, which is reported."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors='replace')
    # UTF-16 without a mark: every other byte of the headings is zero
    if data[1:40:2].count(0) > 15:
        return data.decode('utf-16-le', errors='replace')
    try:
        return data.decode('utf-8')
    except UnicodeDecodeError:
        pass
    if declared := DECLARED.search(data[:4096]):
        try:
            return data.decode(declared[1].decode('ascii'))
        except (LookupError, UnicodeDecodeError):
            pass
    report('notes', 'the encoding is not stated', 'read as Windows-1252', 'check words with accents', weight=WORDING)
    return data.decode('cp1252', errors='replace')
