"""python3 -m demo COMMAND: finds a Python that NetBox supports, then continues in bootstrap.py.

Unlike the other files, it must also parse on a Python that is too old, so it uses no newer syntax.
"""

import os
import shutil
import signal
import subprocess
import sys

SUPPORTED = ((3, 12), (3, 13), (3, 14))
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def other_python():
    """A command that starts a supported Python, or None: one on the PATH, or one that uv finds or downloads."""
    if sys.version_info[0] == 2:
        return None
    # Run it to be sure: version managers leave shims for Pythons that are not installed
    probe = 'import sys; sys.exit(sys.version_info[:2] not in %r)' % (SUPPORTED,)
    for minor in (13, 12, 14):
        path = shutil.which('python3.%d' % minor)
        if path:
            process = subprocess.Popen([path, '-c', probe], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process.communicate()
            if process.returncode == 0:
                return [path]
    uv = os.environ.get('UV') or shutil.which('uv')
    # Not one from the PATH, where shims would make uv fail as well
    managed = ('--python-preference', 'only-managed', '--python', '>=3.12,<3.15')
    return uv and [uv, 'run', '--quiet', '--no-project'] + list(managed) + ['python']


def main():
    if sys.version_info[:2] in SUPPORTED:
        from demo.bootstrap import main as bootstrap

        # Also stops what it runs, such as uv
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            bootstrap(sys.argv[1:])
        except KeyboardInterrupt:
            sys.exit(130)
        return
    os.chdir(ROOT)
    # pyenv sets it in the processes it starts, where it would override our .python-version
    os.environ.pop('PYENV_VERSION', None)
    command = other_python()
    # If the Python chosen here turned out unsupported, it would restart us forever
    if not command or os.environ.get('DEMO_PYTHON_CHOSEN'):
        sys.exit(
            'error: Python 3.12, 3.13 or 3.14 is needed, this is %s (%s).\n'
            'Install one (with its venv module: Debian and Ubuntu have python3-venv), or uv; '
            'or name one: make %s PYTHON=/path/to/python3.13'
            % (sys.version.split()[0], sys.executable, sys.argv[1] if len(sys.argv) > 1 else 'demo')
        )
    os.environ['DEMO_PYTHON_CHOSEN'] = '1'
    os.execv(command[0], command + ['-m', 'demo'] + sys.argv[1:])


if __name__ == '__main__':
    main()
