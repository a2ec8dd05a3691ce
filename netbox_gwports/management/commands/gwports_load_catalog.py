import uuid
from contextlib import nullcontext
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from netbox.context_managers import event_tracking
from users.models import User
from utilities.request import NetBoxFakeRequest

from netbox_gwports.catalog.errors import CatalogError
from netbox_gwports.catalog.files import bundled
from netbox_gwports.catalog.safeyaml import LONGEST
from netbox_gwports.jobs import ReconcileJob
from netbox_gwports.loading.loader import load, parse


class Command(BaseCommand):
    help = 'Load a catalog: a bundled one by its name, or a file.'

    def add_arguments(self, parser):
        parser.add_argument('catalog', nargs='?', metavar='NAME_OR_FILE', help='A bundled catalog, or a YAML file')
        parser.add_argument('--dry-run', action='store_true', help='Print the changes without applying them')
        parser.add_argument(
            '--update-gateways',
            action='store_true',
            help='Update the gateways that are then out of date, in a background job',
        )
        parser.add_argument('--list', action='store_true', help='List the bundled catalogs')
        parser.add_argument('--user', help='The user for the change log; default: the first superuser')

    def handle(self, *args, catalog=None, dry_run=False, **options):
        if options['list']:
            self.stdout.write('\n'.join(bundled()))
            return
        if not catalog:
            raise CommandError(f'Specify a YAML file, or a bundled catalog: {", ".join(bundled())}.')
        text, name = _read(catalog)
        request = _request(options['user'])
        if options['update_gateways'] and request is None:
            raise CommandError('--update-gateways needs a user: specify one with --user.')
        try:
            # NetBox writes change log and events only within a request
            with event_tracking(request) if request else nullcontext():
                plan = load(parse(text, name), dry_run=dry_run)
        except CatalogError as e:
            raise CommandError(str(e)) from None
        for step in plan.steps:
            self.stdout.write(str(step))
        if plan.catalog.partial:
            self.stdout.write(self.style.WARNING(f'This catalog is partial: {plan.catalog.partial}'))
        for gateway, lacks in plan.behind:
            self.stdout.write(f'gateway {gateway}: {lacks}')
        counts = ', '.join(f'{number} to {action}' for action, number in plan.counts.items())
        if dry_run:
            self.stdout.write(f'{plan.catalog.slug}: {counts or "nothing to do"} (nothing was changed)')
        else:
            self.stdout.write(self.style.SUCCESS(f'{plan.catalog.slug}: {len(plan.changes)} changes'))
            if options['update_gateways'] and plan.behind:
                job = ReconcileJob.start(request, [gateway.pk for gateway, _plan in plan.behind])
                self.stdout.write(f'{len(plan.behind)} gateways are updated in job {job.pk}')


def _read(name):
    """(text, name for messages) of a bundled catalog or a file."""
    path = bundled().get(name) or Path(name)
    try:
        with path.open(encoding='utf-8-sig') as file:
            # One character more than allowed is enough to refuse the file
            return file.read(LONGEST + 1), path.name if name in bundled() else name
    except (OSError, UnicodeDecodeError) as e:
        reason = e.strerror if isinstance(e, OSError) else 'not UTF-8 text'
        raise CommandError(
            f'{name}: {reason}. Specify a YAML file, or a bundled catalog: {", ".join(bundled())}.'
        ) from None


def _request(username):
    """A stand-in for a request, as in NetBox's runscript; None if there is no user."""
    if username:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f'There is no user "{username}".')
    else:
        user = User.objects.filter(is_superuser=True).order_by('pk').first()
    if user is None:
        return None
    return NetBoxFakeRequest({
        'META': {},
        'COOKIES': {},
        'POST': {},
        'GET': {},
        'FILES': {},
        'user': user,
        'method': 'POST',
        'path': '',
        'path_info': '',
        'id': uuid.uuid4(),
    })
