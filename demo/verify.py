"""Runs inside NetBox with its own database: system checks, missing migrations, the REST schema."""

import sys

import django

from .progress import step

if __name__ == '__main__':
    with step('loading NetBox'):
        django.setup()

    from django.core.management import call_command

    from .prepare import migrate

    migrate()
    with step('system checks'):
        call_command('check')
    with step('makemigrations --check'):
        call_command('makemigrations', 'netbox_gwports', check_changes=True, dry_run=True)
    with step('REST schema, without a warning'):
        call_command('spectacular', validate=True, fail_on_warn=True, file=sys.argv[1])
