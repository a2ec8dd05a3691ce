"""A running NetBox as its clients see it, and the switches of its processes."""

import contextlib
import os
import signal
import socket
import sys
import time
from pathlib import Path

import requests

from demo import database, postgres, valkey
from demo.paths import ROOT
from demo.prepare import PASSWORD, USERNAME

__all__ = ('NetBox',)

PYTHON = sys.executable
PATIENCE = 600


class NetBox:
    """Web server, worker, PostgreSQL and Valkey of one run of ``demo.services``."""

    def __init__(self, run):
        self.run = run
        self.port = _free_port()
        self.url = f'http://127.0.0.1:{self.port}'
        database.recreate(run.database, run.database['NAME'])
        self.logs = {name: run.state / f'{name}.log' for name in ('web', 'worker')}
        for log in self.logs.values():
            log.unlink(missing_ok=True)
        self.session = self.client(run.settings['token_key'], run.settings['token_secret'])

    def client(self, key, secret) -> requests.Session:
        """A session that sends this token. Proxies of the environment are left aside."""
        session = requests.Session()
        session.trust_env = False
        session.headers['Authorization'] = f'Bearer nbt_{key}.{secret}'
        return session

    def start(self):
        database.ensure(self.run.database)
        self.start_web()
        self.start_worker()

    def start_web(self):
        self.web = self._start('web', [PYTHON, '-m', 'demo.serve', self.port])
        self.wait()

    def start_worker(self):
        self.worker = self._start('worker', [PYTHON, '-m', 'netbox', 'rqworker'])

    def _start(self, name, command):
        with open(self.logs[name], 'ab') as log:
            return self.run.processes.start(command, env=self.run.environment(), stdout=log, stderr=log, cwd=ROOT)

    def wait(self):
        """Until a page is answered."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.web.poll() is not None:
                raise AssertionError(f'The web server has ended:\n{self.log("web")}')
            try:
                if self.session.get(f'{self.url}/api/status/', timeout=10).status_code == 200:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        raise AssertionError(f'No answer within {PATIENCE} s:\n{self.log("web")}')

    def kill(self, name):
        """kill -9 of the web server or the worker, with its children."""
        process = getattr(self, name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def log(self, name, last=3000):
        return self.logs[name].read_text(errors='replace')[-last:]

    def stop_server(self, name):
        """Stop PostgreSQL or Valkey, as an administrator does."""
        process, how = next(entry for entry in self.run.processes.started if name in ' '.join(map(str, entry[0].args)))
        process.send_signal(how)
        process.wait(60)
        self.run.processes.started.remove((process, how))

    def start_server(self, name):
        sockets = self.run.state / 'sockets'
        folder = Path(sockets.read_text())
        if name == 'postgres':
            postgres.Postgres(self.run.state, folder).start(self.run.processes)
        else:
            valkey.start(self.run.state, folder, self.run.processes)

    @contextlib.contextmanager
    def signed_in(self):
        """A session of the administrator in the pages, with the token that forms need."""
        with requests.Session() as session:
            session.trust_env = False
            session.get(f'{self.url}/login/', timeout=120)
            session.headers.update({'Referer': self.url, 'X-CSRFToken': session.cookies['csrftoken']})
            form = {'username': USERNAME, 'password': PASSWORD, 'next': '/'}
            session.post(f'{self.url}/login/', data=form, timeout=120).raise_for_status()
            session.headers['X-CSRFToken'] = session.cookies['csrftoken']
            yield session

    def api(self, method, path, **options):
        """An answer of our part of the REST API."""
        options.setdefault('timeout', 120)
        return self.session.request(method, f'{self.url}/api/plugins/gwports/{path}', **options)

    def get(self, path, **options):
        """The decoded answer of any REST path; fails on an error."""
        answer = self.session.get(f'{self.url}/api/{path}', timeout=120, **options)
        answer.raise_for_status()
        return answer.json()

    def query(self, statement, *parameters):
        """Rows straight from the database: what is stored, whatever pages say."""
        with database.connect(self.run.database, self.run.database['NAME']) as connection:
            return connection.execute(statement, parameters).fetchall()


def _free_port():
    with socket.socket() as server:
        server.bind(('127.0.0.1', 0))
        return server.getsockname()[1]
