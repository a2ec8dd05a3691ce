"""Files of the command: reading and writing them, with errors in one line."""

import sys
from pathlib import Path

from ..document import Catalog, read
from ..errors import CatalogError
from ..safeyaml import LONGEST

__all__ = ('FileError', 'read_bytes', 'read_catalog', 'read_text', 'write')


class FileError(Exception):
    """A file cannot be read or written; as text, the file and why."""


def read_bytes(name: str, most: int) -> bytes:
    """At most ``most`` bytes; ``-`` is the standard input."""
    try:
        if name == '-':
            return sys.stdin.buffer.read(most)
        with open(name, 'rb') as file:
            return file.read(most)
    except OSError as e:
        raise FileError(f'{name}: {e.strerror}') from None


def read_text(name: str) -> str:
    """UTF-8 text; one character more than a catalog may have is enough to refuse it."""
    try:
        return read_bytes(name, 4 * LONGEST + 1).decode('utf-8-sig')
    except UnicodeDecodeError:
        raise FileError(f'{name}: is not UTF-8 text') from None


def read_catalog(name: str) -> Catalog:
    """Raises FileError for a file that cannot be read, with all errors of one that is no catalog."""
    try:
        return read(read_text(name), name)
    except CatalogError as e:
        raise FileError(str(e)) from None


def write(name: Path, text: str, *, force: bool) -> None:
    if name.exists() and not force:
        raise FileError(f'{name}: already exists: use another file name, or --force')
    try:
        name.write_text(text, encoding='utf-8')
    except OSError as e:
        raise FileError(f'{name}: {e.strerror}') from None
