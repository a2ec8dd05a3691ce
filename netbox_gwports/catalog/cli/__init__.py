"""The command ``gwports-catalog``: validate, convert, canonicalize and compare catalogs, without NetBox.

Exit codes: 0 for success, 1 for a result that needs attention (errors in a catalog, a file that is not canonical, two
releases that differ, undecided rows), 2 if nothing could be done.
"""

import argparse
import sys
from collections.abc import Sequence

__all__ = ('main',)

REQUIRED = 'pip install PyYAML jsonschema idna'


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit code. Errors of usage raise SystemExit(2), as in argparse."""
    try:
        from . import checking, comparing, converting
    except ImportError as e:
        print(f'gwports-catalog: {e.name} is not installed: {REQUIRED}', file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(prog='gwports-catalog', description='Works on catalogs of required ports.')
    commands = parser.add_subparsers(required=True, metavar='COMMAND')
    for add in (checking.add_validate, converting.add_convert, checking.add_canonicalize, comparing.add_diff):
        add(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options, sys.stdout, sys.stderr))
    except BrokenPipeError:
        # The reader has seen enough: "gwports-catalog diff ... | head"
        sys.stderr.close()
        return 2
