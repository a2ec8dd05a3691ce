"""``gwports-catalog validate`` and ``canonicalize``."""

import argparse
from pathlib import Path
from typing import TextIO

from ..canonical import canonical
from ..document import read
from ..errors import CatalogError
from .files import FileError, read_catalog, read_text, write

__all__ = ('add_canonicalize', 'add_validate')


def add_validate(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    parser = commands.add_parser('validate', help='Check catalogs, and report all errors')
    parser.add_argument('files', nargs='+', metavar='FILE')
    parser.add_argument('--complete', action='store_true', help='Refuse partial catalogs, too')
    parser.set_defaults(run=_validate)


def _validate(options: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    code = 0
    for name in options.files:
        try:
            catalog = read(read_text(name), name)
        except FileError as e:
            err.write(f'{e}\n')
            code = 2
            continue
        except CatalogError as e:
            err.write(f'{e}\n')
            code = max(code, 1)
            continue
        about = f'{catalog.manufacturer_name} {catalog.name} {catalog.version}: {len(catalog.flows)} flows'
        out.write(f'{name}: {about}\n')
        if catalog.partial:
            (err if options.complete else out).write(f'{name}: partial: {catalog.partial}\n')
            code = max(code, int(options.complete))
    return code


def add_canonicalize(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    parser = commands.add_parser('canonicalize', aliases=['canonicalise'], help='Write a catalog in canonical form')
    parser.add_argument('files', nargs='+', metavar='FILE')
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument('--check', action='store_true', help='Only report the files that are not in canonical form')
    kind.add_argument('--write', action='store_true', help='Rewrite the files')
    parser.set_defaults(run=_canonicalize)


def _canonicalize(options: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    code = 0
    for name in options.files:
        try:
            before, after = read_text(name), canonical(read_catalog(name))
            if options.write and before != after:
                write(Path(name), after, force=True)
        except FileError as e:
            err.write(f'{e}\n')
            code = 2
            continue
        if options.check and before != after:
            err.write(f'{name}: is not in canonical form\n')
            code = max(code, 1)
        elif not options.check and not options.write:
            out.write(after)
    return code
