"""The commands, run inside the virtual environment. See python3 -m demo --help."""

import contextlib
import os
import shutil
import signal
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from . import database, documentation, dump, prepare, wheel
from .paths import ROOT, STATE
from .processes import foreground
from .progress import fail, say, step
from .services import reset, services, write_private

PYTHON = sys.executable
# Each worker loads NetBox, about 400 MB
MOST_WORKERS = 4
PLUGINS = ('netbox_gwports',)
# It must be the last plugin
BRANCHING = (*PLUGINS, 'netbox_branching')
# Only these tests have it installed: the others run without it, as most sites do
BRANCHES = 'tests/branching'
# pytest's exit code
NONE_CHOSEN = 5


def demo():
    """Serve the demo until it is stopped."""
    port = os.environ.get('PORT') or '8000'
    url = f'http://127.0.0.1:{port}/'
    plugins = BRANCHING if os.environ.get('DEMO_BRANCHING') else PLUGINS
    with services('demo', plugins=plugins, alone=True) as run, contextlib.ExitStack() as stack:
        information = STATE / f'{run.state.name}.json'
        # Left by a run that was killed: the demo must not look ready before it is
        information.unlink(missing_ok=True)
        stack.callback(information.unlink, missing_ok=True)
        database.ensure(run.database)
        logs = [run.state / f'{name}.log' for name in ('web', 'worker')]
        with open(logs[0], 'wb') as log:
            web = run.processes.start([PYTHON, '-m', 'demo.serve', port], env=run.environment(), stderr=log, cwd=ROOT)
        _wait(web, f'{url}login/', logs[0])
        # Started after the first page: both load all of NetBox, and there may be only two cores
        with open(logs[1], 'wb') as log:
            command = [PYTHON, '-m', 'netbox', 'rqworker']
            worker = run.processes.start(command, env=run.environment(), stdout=log, stderr=log, cwd=ROOT)
        username, password = prepare.USERNAME, prepare.PASSWORD
        token = f'nbt_{run.settings["token_key"]}.{run.settings["token_secret"]}'
        write_private(
            information,
            {'url': url, 'username': username, 'password': password, 'token': token, 'pid': os.getpid()},
        )
        say(f'ready: {url}  user {username}, password {password}  (Ctrl-C stops it)')
        while web.poll() is None and worker.poll() is None:
            time.sleep(0.3)
        log = logs[0] if worker.poll() is None else logs[1]
        fail(f'a NetBox process has exited unexpectedly:\n{_end_of(log)}')


def _wait(web, url, log):
    """Wait for the first page, which comes after migrations and demo data."""
    # Ignore any proxy that the environment defines
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while web.poll() is None:
        try:
            opener.open(url, timeout=120).close()
            say('first page')
            return
        except urllib.error.HTTPError as error:
            fail(f'NetBox responded with HTTP status {error.code}. The end of {log}:\n{_end_of(log)}')
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    fail(f'NetBox did not start. "make demo-reset" starts over, without the data. The end of {log}:\n{_end_of(log)}')


def _end_of(log):
    return log.read_text(errors='replace').strip()[-3000:]


# pytest options that select tests: a selection runs in one process
CHOOSING = ('-k', '-m', '--lf', '--last-failed', '--pdb', '--trace', '--deselect', '--ignore')
# Not part of the test suite: they take long and kill the servers they run against
ATTACKS = ('tests/attack', 'tests/pure/catalog/test_mutants.py')
# Include the slow tests, which pytest's configuration deselects
SLOW = ('-m', '')
# Plain pytest: tests/pure show that rules, catalogs and exports need no Django
PURE = ('-p', 'no:django', '-o', 'testpaths=tests/pure', *SLOW)


def test(*arguments):
    """The tests that need no servers, then the others in several processes; a selection is passed to pytest as it is.

    The tests of branches run on a separate NetBox that has netbox-branching installed.
    """
    paths = [Path(argument.partition('::')[0]) for argument in arguments if not argument.startswith('-')]
    paths = [path.resolve() for path in paths if path.exists()]
    if paths and all(path.is_relative_to(ROOT / 'tests' / 'pure') for path in paths):
        sys.exit(foreground([PYTHON, '-m', 'pytest', *PURE, *arguments], dict(os.environ)))
    if paths and all(path.is_relative_to(ROOT / BRANCHES) for path in paths):
        sys.exit(_pytest(BRANCHING, *arguments))
    if paths:
        sys.exit(_pytest(PLUGINS, *arguments))
    workers = ()
    if not any(argument.startswith(CHOOSING) for argument in arguments):
        workers = _workers(arguments)
        _must([PYTHON, '-m', 'pytest', *PURE, *workers, *arguments])
        workers = ('--ignore=tests/pure', *workers)
    code = _pytest(PLUGINS, f'--ignore={BRANCHES}', *workers, *arguments)
    if code in (0, NONE_CHOSEN):
        more = _pytest(BRANCHING, BRANCHES, *arguments)
        # All selected tests may be in one of the two
        code = code if more == NONE_CHOSEN else more
    sys.exit(code)


def _pytest(plugins, *arguments):
    with services('test', plugins=plugins) as run:
        return foreground([PYTHON, '-m', 'pytest', *SLOW, *arguments], run.environment())


def _workers(arguments):
    """One process per core. A test file stays in one process, because the tests of a class share its setup."""
    count = min(os.cpu_count() or 1, MOST_WORKERS)
    if count < 2 or any(argument.startswith(('-n', '--numprocesses', '--dist')) for argument in arguments):
        return ()
    return '-n', str(count), '--dist', 'worksteal'


def attack(*arguments):
    """Attack a running NetBox with generated requests, hostile text and faults; read 2,000 mutated catalogs."""
    environment = {'ATTACK_MUTANTS': '2000', **os.environ}
    paths = () if any(not argument.startswith('-') for argument in arguments) else ATTACKS
    sys.exit(foreground([PYTHON, '-m', 'pytest', '-p', 'no:django', *SLOW, *paths, *arguments], environment))


def lint():
    for command in (
        [PYTHON, '-m', 'ruff', 'check'],
        [PYTHON, '-m', 'ruff', 'format', '--check'],
        [PYTHON, '-m', 'mypy'],
        [PYTHON, '-c', 'from importlinter.cli import lint_imports_command; lint_imports_command()'],
    ):
        say(' '.join(command[2:4]) if command[1] == '-m' else 'import contracts')
        _must(command)


def check():
    with services('test') as run:
        name = f'{run.database["NAME"]}_check'
        # Always a new one: an old one may have recorded migrations that were regenerated since
        database.recreate(run.database, name, database.template(run.database))
        env = run.environment(database=run.database | {'NAME': name})
        code = foreground([PYTHON, '-m', 'demo.verify', run.state / 'openapi.yaml'], env)
        database.drop(run.database, name)
    if code:
        fail('see above')


def build():
    folder = STATE / 'dist'
    shutil.rmtree(folder, ignore_errors=True)
    with step('building'):
        _must([PYTHON, '-m', 'build', '--no-isolation', '--outdir', folder, ROOT])
    _must([PYTHON, '-m', 'twine', 'check', '--strict', *folder.iterdir()])
    # The wheel is built from the source distribution, which checks both: templates and data are easily forgotten
    packed = set(zipfile.ZipFile(next(folder.glob('*.whl'))).namelist())
    files = (path.relative_to(ROOT) for path in (ROOT / 'netbox_gwports').rglob('*') if path.is_file())
    missing = sorted(str(path) for path in files if '__pycache__' not in path.parts and str(path) not in packed)
    if missing:
        fail(f'missing in the package: {", ".join(missing)}. See package-data in pyproject.toml and MANIFEST.in.')
    say(f'{", ".join(sorted(path.name for path in folder.iterdir()))}: whole')
    wheel.check(next(folder.glob('*.whl')))


def _must(command):
    if code := foreground(command):
        sys.exit(code)


def execute(*command):
    if not command:
        fail('exec needs a command, such as: python3 -m demo exec netbox nbshell')
    with services('dev') as run:
        database.ensure(run.database)
        code = foreground(command, run.environment())
    sys.exit(code)


def main():
    commands = {
        'demo': demo,
        'demo-reset': _reset,
        'test': test,
        'lint': lint,
        'check': check,
        'build': build,
        'attack': attack,
        'exec': execute,
        'docs': documentation.build,
        'dump': _dump(dump.make),
        'dump-check': _dump(dump.check),
    }

    def interrupted(number, frame):
        for each in signals:
            # Ignore further signals: stopping takes a moment
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt(number)

    # Handle SIGINT even if it is ignored, as it is in processes that a shell starts in the background
    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signals.append(signal.SIGHUP)
    for number in signals:
        signal.signal(number, interrupted)
    name, *arguments = sys.argv[1:]
    try:
        commands[name](*arguments)
    except KeyboardInterrupt as interrupt:
        say('stopped')
        # This is how a demo ends; any other command was interrupted
        sys.exit(0 if name == 'demo' else 128 + interrupt.args[0])


def _reset():
    reset('demo')
    say('all demo data has been deleted: "make demo" starts from scratch')


def _dump(action):
    def command(*arguments):
        with services('dump', plugins=()) as run:
            action(run, *arguments)

    return command


if __name__ == '__main__':
    main()
