"""NetBox's web server. It also prepares the database, because importing NetBox takes seconds."""

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
    # From here on the output is the server's log
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # --insecure: serve static files without collecting them
    call_command('runserver', f'127.0.0.1:{sys.argv[1]}', use_reloader=False, insecure_serving=True, skip_checks=True)
