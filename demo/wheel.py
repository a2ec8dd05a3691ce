"""Installs the built wheel beside NetBox, away from this clone, and looks at what an administrator gets."""

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
    """Ends the program with what is wrong. ``wheel``: the file that was built."""
    shutil.rmtree(PLACE, ignore_errors=True)
    venv, run = PLACE / 'venv', PLACE / 'run'
    python = venv / 'bin' / 'python'
    with step('installing the wheel'):
        uv = bootstrap.find_uv()
        bootstrap.run_uv(uv, 'venv', '--python', os.path.realpath(sys.executable), venv)
        bootstrap.run_uv(uv, 'pip', 'install', '--python', python, '--no-deps', '--offline', wheel)
        # NetBox and its requirements come from our own environment. A .pth in a folder that a .pth names is not read,
        # so this clone, which our environment names in one, is out of sight.
        netbox = sysconfig.get_path('purelib')
        (next(venv.glob('lib/python*/site-packages')) / 'netbox.pth').write_text(f'{netbox}\n')
        run.mkdir()
        (run / 'demo').symlink_to(ROOT / 'demo')
    with services('test') as servers:
        name = f'{servers.database["NAME"]}_wheel'
        database.recreate(servers.database, name, database.template(servers.database))
        environment = servers.environment(database=servers.database | {'NAME': name})
        environment['PYTHONPATH'] = str(run)
        # -P: without the current folder, which is this clone
        code = foreground([python, '-P', '-m', 'demo.verify_wheel', ROOT], environment)
        database.drop(servers.database, name)
    if code:
        fail(f'{wheel.name} does not work where it is installed, see above')
    say(f'{wheel.name}: works where it is installed')
