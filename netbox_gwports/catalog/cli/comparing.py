"""``gwports-catalog diff``."""

import argparse
import json
from dataclasses import asdict
from typing import TextIO

from ..releases import compare
from .files import FileError, read_catalog

__all__ = ('add_diff',)


def add_diff(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    parser = commands.add_parser('diff', help='Compare two releases')
    parser.add_argument('old', metavar='OLD')
    parser.add_argument('new', metavar='NEW')
    parser.add_argument('--all', action='store_true', help='Show the flows that are the same, too')
    parser.add_argument('--ignore-words', action='store_true', help='Take flows that were only reworded for the same')
    parser.add_argument('--json', action='store_true', help='Write JSON')
    parser.set_defaults(run=_diff)


def _diff(options: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    try:
        entries = compare(read_catalog(options.old), read_catalog(options.new))
    except FileError as e:
        err.write(f'{e}\n')
        return 2
    same = {'same', 'reworded'} if options.ignore_words else {'same'}
    shown = [entry for entry in entries if options.all or entry.kind not in same]
    if options.json:
        json.dump([asdict(entry) for entry in shown], out, indent=2)
        out.write('\n')
    else:
        out.writelines(f'{entry}\n' for entry in shown)
    return int(any(entry.kind not in same for entry in entries))
