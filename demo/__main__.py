"""python3 -m demo <command>: make the virtual environment, then go on inside it. Standard library only.

Commands: demo, demo-reset, test [pytest arguments], lint, check, build, exec COMMAND, dump, dump-check.
NETBOX_VERSION=4.7.0 runs any of them on another supported NetBox release, with an environment of its own.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / '.netbox'
REQUIREMENTS = Path(__file__).resolve().parent / 'requirements'
OLDEST = (3, 12)
COMMANDS = ('demo', 'demo-reset', 'test', 'lint', 'check', 'build', 'exec', 'dump', 'dump-check')
# What a user's shell may hold that would lead NetBox, PostgreSQL or Python elsewhere
FOREIGN = ('DJANGO_SETTINGS_MODULE', 'NETBOX_CONFIGURATION', 'NETBOX_ROOT', 'VIRTUAL_ENV', 'PYTHONPATH', 'PYTHONHOME')


def fail(message):
    sys.exit(f'error: {message}')


def newest():
    """The newest NetBox release that has pinned requirements."""
    return max((path.stem for path in REQUIREMENTS.glob('*.txt')), key=lambda v: [int(n) for n in v.split('.')])


def check_python():
    """Go on in a newer Python where this one is too old and a newer one is at hand."""
    if sys.version_info >= OLDEST:
        return
    for name in ('python3.14', 'python3.13', 'python3.12'):
        path = shutil.which(name)
        # Running it is the only proof: version managers leave shims of Pythons that are not there
        if path and subprocess.run([path, '-c', ''], capture_output=True).returncode == 0:
            os.chdir(ROOT)
            os.execv(path, [path, '-m', 'demo', *sys.argv[1:]])
    fail(
        f'Python 3.12 or newer is needed, this is {sys.version.split()[0]} ({sys.executable}). '
        f'Name one: make {" ".join(sys.argv[1:2])} PYTHON=/path/to/python3.13'
    )


def check_place(command):
    if not os.access(ROOT, os.W_OK) or (STATE.exists() and not os.access(STATE, os.W_OK)):
        fail(f'{ROOT} is not writable for this user: work in a clone of your own.')
    if command == 'demo':
        port = os.environ.get('PORT', '8000')
        if not port.isdigit() or not 0 < int(port) < 65536:
            fail(f'PORT={port} is not a port number.')
        with socket.socket() as probe:
            if probe.connect_ex(('127.0.0.1', int(port))) == 0:
                fail(f'port {port} is in use: stop what uses it, or choose another: PORT=8001 make demo')


def find_uv():
    """uv from $UV or the PATH, else installed into a virtual environment of its own.

    The pip of a virtual environment is never "externally managed".
    """
    if found := os.environ.get('UV') or shutil.which('uv'):
        return found
    tools = STATE / 'tools'
    binary = tools / 'bin' / 'uv'
    if not binary.exists():
        made = subprocess.run([sys.executable, '-m', 'venv', str(tools)], capture_output=True, text=True)
        if made.returncode:
            shutil.rmtree(tools, ignore_errors=True)
            fail(
                f'{made.stdout.strip() or made.stderr.strip()}\n'
                'Install the venv module (Debian, Ubuntu: apt install python3-venv) or uv, and start again.'
            )
        pip = [str(tools / 'bin' / 'python'), '-m', 'pip', 'install', '-q', '--disable-pip-version-check', 'uv']
        if subprocess.run(pip).returncode:
            fail('uv could not be installed, see above. Is the package index reachable?')
    return str(binary)


def environment(version):
    """The virtual environment with NetBox and the tools, exactly as pinned; returns its Python."""
    requirements = REQUIREMENTS / f'{version}.txt'
    if not requirements.exists():
        supported = ', '.join(sorted(path.stem for path in REQUIREMENTS.glob('*.txt')))
        fail(f'NetBox {version} is not supported. Supported: {supported}')
    venv = STATE / f'venv-{version}'
    python = venv / 'bin' / 'python'
    stamp = venv / 'synced'
    want = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == want and python.exists():
        return python
    # --python: uv would take the first line of .python-version, and download it where only a newer one is
    env = {k: v for k, v in os.environ.items() if k not in FOREIGN} | {'UV_PYTHON_DOWNLOADS': 'never'}
    uv = find_uv()
    for command in (
        ['venv', '--quiet', '--clear', '--python', sys.executable, str(venv)],
        ['pip', 'sync', '--quiet', '--python', str(python), str(requirements)],
    ):
        if subprocess.run([uv, *command], env=env, cwd=ROOT).returncode:
            fail('the virtual environment could not be made, see above. Is the package index reachable?')
    stamp.write_text(want)
    return python


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else ''
    if command not in COMMANDS:
        fail(f'"{command}" is no command. {__doc__.strip()}')
    check_python()
    check_place(command)
    started = time.time()
    version = os.environ.get('NETBOX_VERSION') or newest()
    STATE.mkdir(exist_ok=True)
    python = environment(version)
    env = {k: v for k, v in os.environ.items() if k not in FOREIGN and not k.startswith('PG')}
    env |= {
        'PYTHONPATH': str(ROOT), 'PYTHONUNBUFFERED': '1', 'DEMO_STARTED': str(started),
        'PATH': f'{python.parent}{os.pathsep}{os.environ.get("PATH", "")}',
    }  # fmt: skip
    print(
        f'[{time.time() - started:5.1f}s] environment ready: NetBox {version}, Python {sys.version.split()[0]}',
        flush=True,
    )
    os.chdir(ROOT)
    os.execve(python, [str(python), '-m', 'demo.commands', *sys.argv[1:]], env)


if __name__ == '__main__':
    main()
