"""Runs inside NetBox before it serves: migrations and, the first time, administrator, API token and demo objects."""

import io
import json
import os

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from .progress import fail, step

__all__ = ('USERNAME', 'migrate', 'prepare')

USERNAME = PASSWORD = 'admin'


def migrate():
    """Run missing migrations. Checking first saves the seconds that the command takes if there are none."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        with step(f'migrations ({len(plan)})'):
            call_command('migrate', interactive=False, verbosity=0)


def prepare():
    """Add the demo's objects to a new NetBox; leave one that is in use as it is."""
    from users.models import Token, User

    settings = json.loads(os.environ['NETBOX_DEMO'])
    migrate()
    admin = User.objects.filter(username=USERNAME).first()
    if admin is None and User.objects.exists():
        # The user's own NetBox: it must not get a known password or objects of the demo
        fail('DATABASE_URL names a NetBox that is in use: the demo needs a database of its own.')
    if admin is None:
        # Atomic: if it is interrupted, the next start begins anew
        with transaction.atomic():
            admin = User(username=USERNAME, is_superuser=True)
            admin.set_password(PASSWORD)
            admin.save()
            with step('demo data'):
                from . import data

                data.load(admin)
        with step('search index'):
            call_command('reindex', stdout=io.StringIO())
    elif not admin.check_password(PASSWORD):
        if not settings['embedded']:
            fail('DATABASE_URL: the user admin there has another password; the demo needs a database of its own.')
        admin.set_password(PASSWORD)
        admin.save()
    if 'netbox_branching' in settings['plugins']:
        from . import branch

        # After the transaction, because branches are copied on separate connections
        with step('a branch'):
            branch.load(admin)
    if not Token.objects.filter(key=settings['token_key']).exists():
        token = Token(
            user=admin, version=2, key=settings['token_key'], token=settings['token_secret'], description='Demo'
        )
        token.save()
