"""State folder, servers and environment of one NetBox: for the demo, or for the tests."""

import contextlib
import dataclasses
import fcntl
import json
import os
import secrets
import shutil
import string
import tempfile
from pathlib import Path

from . import database, valkey
from .paths import STATE, state_name
from .postgres import Postgres, root_base
from .processes import Processes
from .progress import fail, say, step

__all__ = ('Services', 'reset', 'services', 'write_private')


@dataclasses.dataclass
class Services:
    """A running set of servers: state folder, Django's database settings, and what NetBox's configuration reads."""

    state: Path
    processes: Processes
    settings: dict

    @property
    def database(self) -> dict:
        return self.settings['database']

    def environment(self, **settings) -> dict:
        """The environment for NetBox's processes; ``settings`` override ours."""
        return os.environ | {
            'NETBOX_ROOT': str(self.state),
            'NETBOX_CONFIGURATION': 'demo.configuration',
            'DJANGO_SETTINGS_MODULE': 'netbox.settings',
            'NETBOX_DEMO': json.dumps(self.settings | settings),
        }


@contextlib.contextmanager
def services(name: str, plugins=('netbox_gwports',), alone=False):
    """Start the servers not given by DATABASE_URL and REDIS_URL, and stop them at the end.

    Unless ``alone``, the next free state is used if one is in use (test, test-2, ...).
    """
    with contextlib.ExitStack() as stack:
        state = _locked(state_name(name), stack, 1 if alone else 9)
        for folder in ('media', 'reports', 'scripts', 'static'):
            (state / folder).mkdir(exist_ok=True)
        processes = Processes(state / 'processes.json')
        processes.sweep()
        socket = _socket_folder(state, stack)
        stack.callback(processes.stop)
        settings = database.given()
        # The administrator's password may only be reset in a database of our own
        embedded = settings is None
        if embedded:
            with step('starting PostgreSQL'):
                settings = Postgres(state, socket).start(processes)
        if redis := os.environ.get('REDIS_URL'):
            valkey.check(redis)
        else:
            with step('starting Valkey'):
                redis = valkey.start(state, socket, processes)
        servers = {'database': settings, 'embedded': embedded, 'redis': redis}
        yield Services(state, processes, {**servers, 'plugins': list(plugins), 'state': str(state), **_secrets(state)})


def _locked(name, stack, tries) -> Path:
    for number in range(1, tries + 1):
        state = STATE / (name if number == 1 else f'{name}-{number}')
        state.mkdir(parents=True, exist_ok=True)
        lock = stack.enter_context(open(state / 'lock', 'a+'))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            say(f'{state.relative_to(STATE.parent)} is in use by process {holder}')
            continue
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        return state
    return fail(f'{name} is already running (process {holder}): stop it first, with Ctrl-C there or kill {holder}.')


def _socket_folder(state, stack) -> Path:
    """A short path, because the path of a socket is limited to about a hundred characters."""
    temporary = Path(tempfile.gettempdir())
    # Root's server runs as the user nobody, who may not access root's temporary folder
    if os.geteuid() == 0 or len(str(temporary)) > 60:
        temporary = Path('/tmp')
    record = state / 'sockets'
    if record.exists():
        # Left by a run that was killed
        left = Path(record.read_text())
        if left.name.startswith('gwports-') and left.parent == temporary:
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix='gwports-', dir=temporary))
    record.write_text(str(folder))
    stack.callback(record.unlink, missing_ok=True)
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _secrets(state):
    """Created once: API tokens are only valid with the same pepper."""
    path = state / 'secrets.json'
    if not path.exists():
        letters = string.ascii_letters + string.digits
        lengths = {'secret': 64, 'pepper': 64, 'token_key': 12, 'token_secret': 40}
        write_private(path, {k: ''.join(secrets.choice(letters) for _ in range(n)) for k, n in lengths.items()})
    return json.loads(path.read_text())


def write_private(path: Path, content: dict):
    """Write JSON that only the owner can read, atomically."""
    new = path.with_name(f'{path.name}.new')
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(json.dumps(content, indent=2) + '\n')
    new.replace(path)


def reset(name: str):
    """Delete the data of a state."""
    with contextlib.ExitStack() as stack:
        state = _locked(state_name(name), stack, 1)
        Processes(state / 'processes.json').sweep()
        if os.geteuid() == 0:
            shutil.rmtree(root_base(state), ignore_errors=True)
        shutil.rmtree(state)
        (STATE / f'{state.name}.json').unlink(missing_ok=True)
