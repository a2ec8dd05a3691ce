"""State folder, servers and environment of one NetBox: for the demo, or for the tests."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import string
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .postgres import Postgres, root_base
from .processes import say
from .valkey import Valkey

__all__ = ('ROOT', 'STATE', 'reset', 'services', 'state_folder')

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / '.netbox'


def state_folder(name: str) -> Path:
    """Each NetBox release that is asked for by name has a state of its own."""
    version = os.environ.get('NETBOX_VERSION')
    return STATE / (f'{name}-{version}' if version else name)


@contextlib.contextmanager
def services(name: str, plugins=('netbox_gwports',)):
    """Start what is not given by DATABASE_URL and REDIS_URL; yields the environment for NetBox's processes."""
    state = state_folder(name)
    state.mkdir(parents=True, exist_ok=True)
    for folder in ('media', 'reports', 'scripts', 'static'):
        (state / folder).mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        _lock(state, stack)
        _sweep(state)
        database = _database_url() or _started(Postgres(state), stack, 'PostgreSQL')
        redis = os.environ.get('REDIS_URL', '').rstrip('/') or _started(Valkey(state), stack, 'Valkey')
        settings = {
            'database': database,
            'redis': redis,
            'plugins': list(plugins),
            'state': str(state),
            **_secrets(state),
        }
        _remember(state, database, redis)
        yield os.environ | {
            'NETBOX_ROOT': str(state),
            'NETBOX_CONFIGURATION': 'demo.configuration',
            'DJANGO_SETTINGS_MODULE': 'netbox.settings',
            'NETBOX_DEMO': json.dumps(settings),
        }


def _started(server, stack, name):
    # Before start(): what was half started has to be stopped too
    stack.callback(server.stop)
    given = server.start()
    say(f'{name} is up')
    return given


def _lock(state, stack):
    lock = stack.enter_context(open(state / 'lock', 'a+'))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        sys.exit(f'error: {state.name} is running already (pid {lock.read().strip()}): stop it first.')
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()


def _remember(state, database, redis):
    folders = [database.get('HOST', ''), str(Path(redis.removeprefix('unix://')).parent)]
    (state / 'sockets.json').write_text(json.dumps(folders))


def _sweep(state):
    """Remove the socket folders of a run that was killed."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        for folder in json.loads((state / 'sockets.json').read_text()):
            if Path(folder).parent == Path(tempfile.gettempdir()) and Path(folder).name.startswith('gwports-'):
                shutil.rmtree(folder, ignore_errors=True)


def _database_url():
    if not (url := os.environ.get('DATABASE_URL')):
        return None
    parts = urlsplit(url)
    return {
        'HOST': unquote(parts.hostname or ''), 'PORT': str(parts.port or ''), 'USER': unquote(parts.username or ''),
        'PASSWORD': unquote(parts.password or ''), 'NAME': parts.path.strip('/') or 'netbox',
    }  # fmt: skip


def _secrets(state):
    """Made once: with another pepper every API token would die."""
    path = state / 'secrets.json'
    if not path.exists():
        letters = string.ascii_letters + string.digits
        lengths = {'secret': 64, 'pepper': 64, 'token_key': 12, 'token_secret': 40}
        path.touch(mode=0o600)
        path.write_text(json.dumps({k: ''.join(secrets.choice(letters) for _ in range(n)) for k, n in lengths.items()}))
    return json.loads(path.read_text())


def reset(name: str):
    """Delete the data of a state."""
    state = state_folder(name)
    if state.exists():
        with contextlib.ExitStack() as stack:
            _lock(state, stack)
            if os.geteuid() == 0:
                shutil.rmtree(root_base(state), ignore_errors=True)
            shutil.rmtree(state)
