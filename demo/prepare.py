"""Inside NetBox, before it serves: migrations, and once the administrator, an API token and the demo's objects."""

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
    """Run the migrations that are missing. Looking first saves the seconds that the command takes for nothing."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        with step(f'migrations ({len(plan)})'):
            call_command('migrate', interactive=False, verbosity=0)


def prepare():
    """Make a NetBox that has just been created into the demo; leave one that is in use as it is."""
    from users.models import Token, User

    settings = json.loads(os.environ['NETBOX_DEMO'])
    migrate()
    admin = User.objects.filter(username=USERNAME).first()
    if admin is None and User.objects.exists():
        # Somebody's own NetBox: neither a known password nor objects of ours belong there
        fail('DATABASE_URL names a NetBox that is in use: the demo needs a database of its own.')
    if admin is None:
        # All or nothing: a start that was interrupted here begins anew
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

        # After the transaction: a branch is copied on connections of its own
        with step('a branch'):
            branch.load(admin)
    if not Token.objects.filter(key=settings['token_key']).exists():
        token = Token(
            user=admin, version=2, key=settings['token_key'], token=settings['token_secret'], description='Demo'
        )
        token.save()
