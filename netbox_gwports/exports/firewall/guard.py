"""The one call of aerleon.

It is not safe by itself: it keeps state in module globals, takes what is empty or misspelt for "any", and only warns
where it drops something. So: a lock, a list of known keys, nothing empty, and no warning passes.
"""

import logging
import threading

from ..rendering import ExportError

__all__ = ('generate',)

# aerleon.lib.policy keeps definitions in module globals: without it, addresses of one thread get into the other's file
_lock = threading.Lock()
KNOWN = {
    'name', 'action', 'comment', 'protocol', 'source-address', 'destination-address', 'destination-port',
    'source-fqdn', 'destination-fqdn', 'logging', 'option', 'source-interface', 'destination-interface',
}  # fmt: skip


class _Captured(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def generate(filters: list[dict], networks: dict, services: dict) -> str:
    """The text of one policy. Raises ExportError for whatever aerleon would have understood otherwise."""
    # Half a second, and only where somebody asks for a configuration
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
            found = api.Generate([{'filename': 'policy', 'filters': filters}], definitions)
        except Exception as e:
            raise ExportError(f'aerleon refuses the policy: {type(e).__name__}: {e}') from e
        finally:
            logger.removeHandler(captured)
            logger.propagate = propagates
    if captured.lines or len(found) != 1:
        raise ExportError(f'aerleon did not write all of it: {"; ".join(captured.lines) or "no output"}')
    return next(iter(found.values()))


def _check(term):
    if unknown := term.keys() - KNOWN:
        raise ExportError(f'{term["name"]}: {sorted(unknown)} are no keys of a term')
    if empty := [key for key, value in term.items() if value in (None, '', [], ())]:
        raise ExportError(f'{term["name"]}: {empty} are empty, which would mean any')
    if not isinstance(term.get('protocol'), str) and term.get('option') != 'established':
        raise ExportError(f'{term["name"]}: one protocol a term')
