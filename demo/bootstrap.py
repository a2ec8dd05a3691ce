"""Creates the virtual environment with NetBox and the tools and continues inside it. Standard library only."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from .paths import REQUIREMENTS, ROOT, STATE, netbox_version, state_name, supported_versions
from .progress import fail, say, step

__all__ = ('COMMANDS', 'main')

COMMANDS = {
    'demo': 'NetBox with the plugin and demo data on http://127.0.0.1:8000/ (PORT=8001: another port)',
    'demo-reset': 'delete the data of the demo',
    'test': 'the test suite; arguments go to pytest',
    'test-fast': 'the quick tests that need neither NetBox nor servers; arguments go to pytest',
    'mutants': 'mutation testing of the rules; arguments are modules (five minutes for all of them)',
    'lint': 'ruff, mypy and the import contracts',
    'check': "Django's system checks, missing migrations, the REST schema",
    'build': 'the package, and whether it is whole and works where it is installed',
    'docs': 'the documentation, strictly, into .netbox/site',
    'attack': 'generated requests, hostile text and faults against a running NetBox (half an hour)',
    'exec': 'run a command with servers and configuration: exec netbox nbshell',
    'dump': "make demo/schema's dump of a bare NetBox of this release (minutes)",
    'dump-check': 'compare it with a real migrate (minutes)',
}
# Commands that need no NetBox; they have a virtual environment of their own
FAST = {
    'test-fast': ('-m', 'pytest', '-o', 'testpaths=tests/pure'),
    'mutants': ('tests/mutants.py',),
}
# Variables of the user's shell that would point NetBox, PostgreSQL or Python elsewhere
FOREIGN = ('DJANGO_SETTINGS_MODULE', 'NETBOX_CONFIGURATION', 'NETBOX_ROOT', 'VIRTUAL_ENV', 'PYTHONPATH', 'PYTHONHOME')


def usage() -> str:
    lines = ['python3 -m demo COMMAND', '', *(f'  {name:<11} {text}' for name, text in COMMANDS.items()), '']
    lines.append(f'NETBOX_VERSION chooses the NetBox release: {", ".join(supported_versions())}.')
    lines.append('DATABASE_URL and REDIS_URL name servers to use instead of embedded ones.')
    lines.append('DEMO_BRANCHING=1 starts the demo with netbox-branching and a branch to look at.')
    return '\n'.join(lines)


def main(arguments):
    command = arguments[0] if arguments else ''
    if command in ('-h', '--help', 'help'):
        print(usage())
        return
    if command not in COMMANDS:
        sys.exit(usage())
    for name in [name for name in os.environ if name in FOREIGN or name.startswith('PG')]:
        del os.environ[name]
    check_place()
    if command == 'demo':
        check_port()
    python = environment(fast=command in FAST)
    os.environ |= {
        'PYTHONUNBUFFERED': '1',
        'PATH': f'{python.parent}{os.pathsep}{os.environ.get("PATH", os.defpath)}',
    }
    os.chdir(ROOT)
    options = FAST.get(command, ('-m', 'demo.commands', command))
    if command == 'test-fast' and not arguments[1:] and (os.cpu_count() or 1) > 1:
        # The whole folder runs faster in two processes, although each of them collects the tests
        options += ('-n', '2')
    os.execv(python, [str(python), *options, *arguments[1:]])


def check_place():
    version = netbox_version()
    if version not in supported_versions():
        fail(f'NetBox {version} is not supported. NETBOX_VERSION can be {", ".join(supported_versions())}.')
    if os.pathsep in str(ROOT):
        fail(f'{ROOT}: a virtual environment cannot be created in a path that contains "{os.pathsep}".')
    for folder in (STATE, *STATE.glob('*/')) if STATE.exists() else (ROOT,):
        if not os.access(folder, os.W_OK):
            mend = '' if folder == ROOT else f', or delete {STATE}, which somebody else has made'
            fail(f'{folder} is not writable for this user: use your own clone{mend}.')
    STATE.mkdir(exist_ok=True)


def check_port():
    """Before anything is downloaded."""
    port = os.environ.get('PORT') or '8000'
    if not port.isdecimal() or not 0 < int(port) < 65536:
        fail(f'PORT={port} is not a port number.')
    with socket.socket() as client, socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            # Check both: a server bound to all addresses does not always prevent binding one of them
            used = client.connect_ex(('127.0.0.1', int(port))) == 0
            server.bind(('127.0.0.1', int(port)))
        except PermissionError:
            fail(f'port {port} is not permitted for this user: choose another, for example PORT=8001 make demo')
        except OSError:
            used = True
    if used:
        with contextlib.suppress(OSError, ValueError, KeyError):
            running = json.loads((STATE / f'{state_name("demo")}.json').read_text())
            if running['url'].endswith(f':{port}/'):
                try:
                    os.kill(running['pid'], 0)
                except ProcessLookupError:
                    # After kill -9 its children keep running (except on Linux): they are stopped when the demo starts
                    return
                fail(f'the demo is already running: {running["url"]} (pid {running["pid"]}; Ctrl-C there stops it).')
        fail(
            f'port {port} is in use: stop the program that uses it, or choose another, for example PORT=8001 make demo'
        )


def environment(fast: bool = False) -> Path:
    """The Python of a virtual environment with exactly the pinned packages. Locked against concurrent commands.

    ``fast``: without NetBox, for the tests that do not need it.
    """
    name = 'fast' if fast else netbox_version()
    content = 'the tools of the fast tests' if fast else f'NetBox {name} and the tools'
    requirements = REQUIREMENTS / f'{name}.txt'
    # One per Python version, so that trying another one does not affect a running demo
    venv = STATE / f'venv-{name}-py{sys.version_info.major}.{sys.version_info.minor}'
    python, stamp = venv / 'bin' / 'python', venv / 'synced'
    identity = requirements.read_bytes() + f'{sys.version} {sys.base_prefix} {ROOT}'.encode()
    wanted = hashlib.sha256(identity).hexdigest()
    with open(STATE / 'lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (python.exists() and stamp.exists() and stamp.read_text() == wanted):
            uv = find_uv()
            with step(f'installing {content} for Python {sys.version.split()[0]}'):
                stamp.unlink(missing_ok=True)
                # --python, because uv would use the first line of .python-version
                run_uv(uv, 'venv', '--clear', '--python', os.path.realpath(sys.executable), venv)
                run_uv(uv, 'pip', 'sync', '--python', python, requirements)
                # Like an editable install, without a build: plugin, demo and tests are imported from this clone
                site = next(venv.glob('lib/python*/site-packages'))
                (site / 'netbox_gwports.pth').write_text(f'{ROOT}\n')
                stamp.write_text(wanted)
    say(f'environment is ready: {content}, Python {sys.version.split()[0]}')
    return python


def run_uv(uv, *command):
    defaults = {'UV_PYTHON_DOWNLOADS': 'never', **index()}
    if not os.access(os.path.expanduser('~'), os.W_OK):
        defaults['UV_CACHE_DIR'] = str(STATE / 'cache')
    process = subprocess.run([uv, '--quiet', *command], env=defaults | os.environ, cwd=ROOT)
    if process.returncode:
        fail('the virtual environment could not be created, see above. Is the package index reachable?')


def index() -> dict:
    """pip's package index for uv, which does not read pip's configuration."""
    own = [Path(os.path.expanduser('~/.config/uv/uv.toml')), Path('/etc/uv/uv.toml')]
    if any(name.startswith(('UV_INDEX', 'UV_DEFAULT_INDEX', 'UV_CONFIG')) for name in os.environ) or any(
        path.exists() for path in own
    ):
        return {}
    command = [sys.executable, '-m', 'pip', 'config', 'get', 'global.index-url']
    url = os.environ.get('PIP_INDEX_URL') or subprocess.run(command, capture_output=True, text=True).stdout.strip()
    return {'UV_DEFAULT_INDEX': url} if url else {}


def find_uv() -> str:
    """uv from $UV or the PATH; otherwise it is installed into a virtual environment of its own.

    The pip of a virtual environment is never "externally managed".
    """
    if found := shutil.which(os.environ.get('UV') or 'uv'):
        return found
    tools = STATE / 'tools'
    binary = tools / 'bin' / 'uv'
    if binary.exists() and subprocess.run([binary, '--version'], capture_output=True).returncode == 0:
        return str(binary)
    with step('installing uv'):
        made = subprocess.run([sys.executable, '-m', 'venv', '--clear', tools], capture_output=True, text=True)
        if made.returncode:
            shutil.rmtree(tools, ignore_errors=True)
            fail(
                f'{made.stdout.strip() or made.stderr.strip()}\n'
                'This Python has no venv module: install it (Debian, Ubuntu: apt install python3-venv), or install uv.'
            )
        pip = [tools / 'bin' / 'python', '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'uv']
        if subprocess.run(pip).returncode:
            fail('uv could not be installed, see above. Is the package index reachable?')
    return str(binary)
