"""The only call of aerleon.

aerleon is not safe by itself: it keeps state in module globals, takes what is empty or misspelt for "any", and only
warns where it drops something. Hence a lock, a list of known keys, nothing empty, and no warning tolerated.
"""

import logging
import threading
from collections.abc import Mapping
from typing import Any

from ..rendering import ExportError

__all__ = ('Filter', 'generate')

# A header and terms, as aerleon's own policies have them
type Filter = dict[str, Any]

# aerleon.lib.policy keeps definitions in module globals: without it, addresses of one thread get into the other's file
_lock = threading.Lock()
KNOWN = {
    'name',
    'action',
    'comment',
    'protocol',
    'source-address',
    'destination-address',
    'destination-port',
    'source-fqdn',
    'destination-fqdn',
    'logging',
    'option',
    'source-interface',
    'destination-interface',
}


class _Captured(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def generate(filters: list[Filter], networks: Mapping[str, Any], services: Mapping[str, Any]) -> str:
    """The text of one policy. Raises ExportError for everything that aerleon would misunderstand."""
    # Importing it takes half a second: only where somebody asks for a configuration
    from absl import logging as absl_logging
    from aerleon import api
    from aerleon.lib import naming

    for term in (term for entry in filters for term in entry['terms']):
        _check(term)
    logger, captured = absl_logging.get_absl_logger(), _Captured()
    with _lock:
        propagates, logger.propagate = logger.propagate, False
        logger.addHandler(captured)
        try:
            definitions = naming.Naming()
            definitions.ParseDefinitionsObject({'networks': networks, 'services': services}, '')
            # Its types describe terms with fixed keys, which is what _check() makes sure of
            policies: list[Any] = [{'filename': 'policy', 'filters': filters}]
            files = api.Generate(policies, definitions) or {}
        except Exception as e:
            raise ExportError(f'aerleon refuses the policy: {type(e).__name__}: {e}') from e
        finally:
            logger.removeHandler(captured)
            logger.propagate = propagates
    if captured.lines or len(files) != 1:
        raise ExportError(f'aerleon did not write all of it: {"; ".join(captured.lines) or "no output"}')
    return next(iter(files.values()))


def _check(term: Mapping[str, Any]) -> None:
    if unknown := term.keys() - KNOWN:
        raise ExportError(f'{term["name"]}: {sorted(unknown)} are not keys of a term')
    if empty := [key for key, value in term.items() if value in (None, '', [], ())]:
        raise ExportError(f'{term["name"]}: {empty} are empty, which would mean any')
    if not isinstance(term.get('protocol'), str) and term.get('option') != 'established':
        raise ExportError(f'{term["name"]}: a term has exactly one protocol')
