"""Installs the built wheel beside NetBox, outside this clone, and checks what an administrator gets."""

import os
import shutil
import sys
import sysconfig
from pathlib import Path

from . import bootstrap, database
from .paths import ROOT, STATE
from .processes import foreground
from .progress import fail, say, step
from .services import services

__all__ = ('check',)

PLACE = STATE / 'wheel'


def check(wheel: Path):
    """Exits with an error if something is wrong. ``wheel`` is the file that was built."""
    shutil.rmtree(PLACE, ignore_errors=True)
    venv, run = PLACE / 'venv', PLACE / 'run'
    python = venv / 'bin' / 'python'
    with step('installing the wheel'):
        uv = bootstrap.find_uv()
        bootstrap.run_uv(uv, 'venv', '--python', os.path.realpath(sys.executable), venv)
        bootstrap.run_uv(uv, 'pip', 'install', '--python', python, '--no-deps', '--offline', wheel)
        # NetBox and its requirements come from our own environment. A .pth in a folder added by a .pth is not read,
        # so this clone, which our environment adds with one, is not importable.
        netbox = sysconfig.get_path('purelib')
        (next(venv.glob('lib/python*/site-packages')) / 'netbox.pth').write_text(f'{netbox}\n')
        run.mkdir()
        (run / 'demo').symlink_to(ROOT / 'demo')
    with services('test') as servers:
        name = f'{servers.database["NAME"]}_wheel'
        database.recreate(servers.database, name, database.template(servers.database))
        environment = servers.environment(database=servers.database | {'NAME': name})
        environment['PYTHONPATH'] = str(run)
        # -P: do not add the current folder, which is this clone, to the path
        code = foreground([python, '-P', '-m', 'demo.verify_wheel', ROOT], environment)
        database.drop(servers.database, name)
    if code:
        fail(f'{wheel.name} does not work where it is installed, see above')
    say(f'{wheel.name}: works where it is installed')
