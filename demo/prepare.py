"""Inside NetBox, once before it serves: migrations, the administrator, an API token, the demo's objects."""

import json
import os
import sys

import django

django.setup()

from django.core.management import call_command
from django.db import transaction
from users.models import Token, User

from demo.processes import say


def main(with_data):
    settings = json.loads(os.environ['NETBOX_DEMO'])
    call_command('migrate', interactive=False, verbosity=0)
    say('database is up to date')
    admin, created = User.objects.get_or_create(username='admin', defaults={'is_superuser': True})
    if created:
        admin.set_password('admin')
        admin.save()
    if not Token.objects.filter(key=settings['token_key']).exists():
        Token(user=admin, version=2, key=settings['token_key'], token=settings['token_secret'],
              description='Demo').save()  # fmt: skip
    if with_data and created:
        from demo import data

        with transaction.atomic():
            data.load(admin)
        say('demo data is in place')


if __name__ == '__main__':
    main('data' in sys.argv[1:])
