"""The commands, inside the virtual environment: see ``demo/__main__.py``."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from . import database, dump
from .processes import say, start, stop
from .services import ROOT, STATE, reset, services, state_folder

NETBOX = (sys.executable, '-m', 'netbox')


def run(command, env=None):
    """Run a command to its end; returns its exit code."""
    return subprocess.run([str(part) for part in command], env=env, cwd=ROOT).returncode


def must(command, env=None):
    say(' '.join(str(part) for part in command if part != sys.executable))
    if code := run(command, env):
        sys.exit(code)


def prepare(env, *what):
    settings = json.loads(env['NETBOX_DEMO'])['database']
    if not database.exists(settings, settings['NAME']):
        if not database.dump_file().exists():
            say('no dump is shipped for this NetBox release: migrating for real takes several minutes')
        database.create(settings, settings['NAME'])
    elif database.is_empty(settings) and database.dump_file().exists():
        with database.connect(settings, settings['NAME']) as connection:
            database.load(connection, database.dump_file())
    if code := run([sys.executable, '-m', 'demo.prepare', *what], env):
        sys.exit(code)


def demo():
    port = os.environ.get('PORT', '8000')
    url = f'http://127.0.0.1:{port}/'
    information = STATE / 'demo.json'
    with services('demo') as env, contextlib.ExitStack() as stack:
        stack.callback(information.unlink, missing_ok=True)
        prepare(env, 'data')
        state = state_folder('demo')
        web = _netbox(stack, env, state / 'web.log', 'runserver', '--noreload', '--insecure', f'127.0.0.1:{port}')
        _wait(web, f'{url}login/', state / 'web.log')
        say('the first page is there')
        # After it: both load all of NetBox, and two cores are often all there is
        worker = _netbox(stack, env, state / 'worker.log', 'rqworker')
        secrets = json.loads(env['NETBOX_DEMO'])
        token = f'nbt_{secrets["token_key"]}.{secrets["token_secret"]}'
        information.touch(mode=0o600)
        information.write_text(json.dumps(
            {'url': url, 'username': 'admin', 'password': 'admin', 'token': token, 'pid': os.getpid()}, indent=2
        ))  # fmt: skip
        say(f'ready: {url}  user admin, password admin  (Ctrl-C stops)')
        while web.poll() is None and worker.poll() is None:
            time.sleep(0.3)
        sys.exit(f'error: a process of NetBox ended, see {state}/web.log and worker.log')


def _netbox(stack, env, log, *arguments):
    with open(log, 'wb') as file:
        process = start([*NETBOX, *arguments], env=env, stdout=file, stderr=file, cwd=ROOT)
    stack.callback(stop, process)
    return process


def _wait(web, url, log):
    while True:
        if web.poll() is not None:
            sys.exit(f'error: NetBox did not start:\n{log.read_text(errors="replace")[-2000:]}')
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            if urllib.request.urlopen(url, timeout=60).status == 200:
                return
        time.sleep(0.2)


def test(*arguments):
    with services('test') as env:
        say('pytest')
        sys.exit(run([sys.executable, '-m', 'pytest', *arguments], env))


def lint():
    must([sys.executable, '-m', 'ruff', 'check', '.'])
    must([sys.executable, '-m', 'ruff', 'format', '--check', '.'])
    must(['lint-imports'], os.environ | {'PYTHONPATH': str(ROOT)})


def check():
    with services('test') as env:
        prepare(env)
        must([*NETBOX, 'check'], env)
        must([*NETBOX, 'makemigrations', '--check', '--dry-run', 'netbox_gwports'], env)
        schema = state_folder('test') / 'openapi.yaml'
        must([*NETBOX, 'spectacular', '--validate', '--fail-on-warn', '--file', schema], env)


def build():
    must([sys.executable, '-m', 'build', '--outdir', STATE / 'dist', ROOT])
    must([sys.executable, '-m', 'twine', 'check', '--strict', *sorted((STATE / 'dist').glob('netbox_gwports-*'))])


def execute(*command):
    """Run a command with the servers of the tests: ``python3 -m demo exec netbox makemigrations``."""
    with services('test') as env:
        sys.exit(run(command, env))


def make_dump():
    with services('dump', plugins=()) as env:
        dump.make(env)


def check_dump():
    with services('dump', plugins=()) as env:
        dump.check(env)


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    # SIGINT too: a shell that starts us in the background has it ignored
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    commands = {
        'demo': demo, 'demo-reset': lambda: reset('demo'), 'test': test, 'lint': lint, 'check': check, 'build': build,
        'exec': execute, 'dump': make_dump, 'dump-check': check_dump,
    }  # fmt: skip
    try:
        commands[sys.argv[1]](*sys.argv[2:])
    except KeyboardInterrupt:
        say('stopped')


if __name__ == '__main__':
    main()
