"""NetBox's web server. It prepares the database first: importing NetBox takes seconds, so one process does both."""

import os
import sys

import django

from .progress import step

if __name__ == '__main__':
    with step('loading NetBox'):
        django.setup()

    from django.core.management import call_command

    from .prepare import prepare

    prepare()
    # From here on what comes is the server's log, not our progress
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # --insecure: static files from where they lie, without collecting them
    call_command('runserver', f'127.0.0.1:{sys.argv[1]}', use_reloader=False, insecure_serving=True, skip_checks=True)
